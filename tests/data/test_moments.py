"""Moments: what keeps a column from being one of them is said, and how a column writes them is kept."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from zhinan.data.kinds import convert, explicit, infer


def why(values: list[str]) -> str:
    return infer(pl.DataFrame({"seen": values}))[0].why


def test_a_column_of_words_that_nearly_is_one_of_dates_says_so_and_shows_no_value() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 31)]
    assert why([*days, "soon"]).startswith("30 of 31 different values are dates; ")
    assert why([*days, "N/A"]).startswith("30 of 30 different values are dates; ")
    unclear = why([f"{1 + i % 12}/{1 + i % 7}/1980" for i in range(40)])
    assert unclear.startswith("dates whose day and month cannot be told apart; ")
    assert "date" not in why([*days[:9], "soon", "late"])
    assert "date" not in why(["1.2.3", "1.2.4", "2.0.0"] * 9)


def test_a_column_said_to_be_a_time_is_read_from_the_days_that_spreadsheets_count() -> None:
    for texts in (["45356", "45356.75", "36526"], ["45356", "45356.75", "36526", "2024-03-05", "NA"]):
        column = explicit(pl.Series("sent", texts), "time", "the contract says so")
        typed, unfit = convert(pl.Series("sent", texts), column)
        assert typed[:3].to_list() == [datetime(2024, 3, 5), datetime(2024, 3, 5, 18), datetime(2000, 1, 1)]
        assert not unfit.any()
    assert explicit(pl.Series("sent", ["1700000000", "45356"]), "time", "").notation == {"numbers": "epoch"}
    assert explicit(pl.Series("sent", ["1994", "1996"]), "time", "").notation == {"numbers": "year"}
    assert explicit(pl.Series("sent", ["1994", "1700000000"]), "time", "").notation == {"numbers": "epoch"}
