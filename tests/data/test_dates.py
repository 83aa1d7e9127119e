"""Dates that say too little by themselves are read by what their column shows, and it is said how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import load
from zhinan.data.kinds import convert, explicit, infer
from zhinan.data.moments import said_of_dates
from zhinan.package.inputs import columns
from zhinan.steps.values.times import day_month_order, in_full, read_time

DAYS = [date(2023, 6, 1) + timedelta(days=i) for i in range(400)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024Q3", datetime(2024, 7, 1)),
        ("Q1 2024", datetime(2024, 1, 1)),
        ("4Q2024", datetime(2024, 10, 1)),
        ("2024年第三季度", datetime(2024, 7, 1)),
        ("2024年Q2", datetime(2024, 4, 1)),
        ("2024-W05", datetime(2024, 1, 29)),
        ("2024W05", datetime(2024, 1, 29)),
        ("2024-W05-3", datetime(2024, 1, 31)),
        ("2024年第5周", datetime(2024, 1, 29)),
        ("2024-03", datetime(2024, 3, 1)),
        ("2024M03", datetime(2024, 3, 1)),
        ("03/2024", datetime(2024, 3, 1)),
        ("March 2024", datetime(2024, 3, 1)),
        ("Sept. 2024", datetime(2024, 9, 1)),
        ("Mar-24", datetime(2024, 3, 1)),
        ("2024年3月", datetime(2024, 3, 1)),
        ("二〇二四年三月", datetime(2024, 3, 1)),
        ("民國113年5月1日", datetime(2024, 5, 1)),
        ("中華民國113年5月1日 下午3點", datetime(2024, 5, 1, 15)),
        ("民國一百一十三年五月十日", datetime(2024, 5, 10)),
        ("民国113/05/01", datetime(2024, 5, 1)),
        ("民國元年1月1日", datetime(1912, 1, 1)),
        ("民國113年第2季", datetime(2024, 4, 1)),
        ("令和6年5月1日", datetime(2024, 5, 1)),
        ("平成元年", None),
        ("昭和64年1月7日", datetime(1989, 1, 7)),
        ("2024Q5", None),
        ("2024-W54", None),
        ("13/2024", None),
        ("Marketing 2024", None),
        ("民國113年13月1日", None),
        ("12.08.24", None),
        ("113/05/01", None),
    ],
)
def test_periods_and_years_of_the_republic_are_read(text: str, moment: datetime | None) -> None:
    assert read_time(text) == moment
    assert not in_full(text)


@pytest.mark.parametrize(
    ("form", "order"),
    [
        ("%d.%m.%y", "day-month-yy"),
        ("%d/%m/%y", "day-month-yy"),
        ("%m/%d/%y", "month-day-yy"),
        ("%y-%m-%d", "yy-month-day"),
    ],
)
def test_a_column_shows_where_its_two_digit_years_stand(form: str, order: str) -> None:
    texts = [day.strftime(form) for day in DAYS]
    (column,) = infer(pl.DataFrame({"made": texts}))
    assert (column.kind, column.notation, column.why.en) == (
        "time",
        {"order": order},
        f"every value is a date, {order}",
    )
    typed, unfit = convert(pl.Series("made", texts), column)
    assert (typed.dt.date().to_list(), unfit.any()) == (DAYS, False)
    assert columns({"made": "time"}, [{"made": texts[70]}], {"made": column.notation})[0]["made"] == [typed[70]]


@pytest.mark.parametrize(
    "text",
    ["1. März 2024", "1 mars 2024", "1er mars 2024", "1 de marzo de 2024", "1 de março de 2024", "1 maart 2024 00:00",
     "1 marca 2024", "1 March 2024"],
)  # fmt: skip
def test_months_in_other_languages_are_read(text: str) -> None:
    assert read_time(text) == datetime(2024, 3, 1)
    assert [read_time(f"1 {name} 2024") for name in ("Dezember", "août", "Mittwoch")] == [
        datetime(2024, 12, 1), datetime(2024, 8, 1), None,
    ]  # fmt: skip


def test_where_nothing_shows_it_the_contract_says_it_or_nobody() -> None:
    texts = ["01.02.03", "04.05.06"]
    for dates, order, first in (
        ("day-month", "day-month-yy", datetime(2003, 2, 1)),
        ("month-day", "month-day-yy", datetime(2003, 1, 2)),
        ("year-month", "yy-month-day", datetime(2001, 2, 3)),
    ):
        assert explicit(pl.Series("at", texts), "time", "", dates=dates).notation == {"order": order}
        assert read_time(texts[0], order) == first
    with pytest.raises(UserError, match="E113") as caught:
        explicit(pl.Series("at", texts), "time", "")
    assert "year-month" in caught.value.fix()
    assert infer(pl.DataFrame({"at": texts}))[0].kind != "time"


@pytest.mark.parametrize(
    "texts",
    [
        [f"{1 + i % 3}.{i % 12}.{i % 29}" for i in range(120)],
        [f"3.{10 + i % 3}.{10 + i % 5}" for i in range(120)],
        [f"24.{1 + i % 11}.{1 + i % 8}" for i in range(120)],
        [f"{10 + i % 21}-{10 + i % 3}-{10 + i % 89}" for i in range(120)],
        [f"{(10, 8, 6)[i % 3]}/{(12, 10)[i % 2]}/{(24, 20, 16)[i % 3]}" for i in range(120)],
    ],
    ids=["versions", "versions of two digits", "versions by the year", "parts", "sizes"],
)
def test_what_is_written_alike_is_no_date_unless_it_is_called_so(texts: list[str]) -> None:
    (column,) = infer(pl.DataFrame({"product": texts}))
    assert (column.kind == "time", "date" in column.why.en) == (False, False)


def test_dates_of_birth_need_no_close_years() -> None:
    births = [day.replace(year=1940 + i % 50) for i, day in enumerate(DAYS) if day.day < 29]
    (column,) = infer(pl.DataFrame({"birthday": [f"{day:%d.%m.%y}" for day in births]}))
    assert (column.kind, column.notation) == ("time", {"order": "day-month-yy"})


def test_a_birth_or_a_month_that_is_no_day_decides() -> None:
    assert day_month_order(["12.08.64", "01.02.03"], "day-month") == "day-month-yy"
    assert day_month_order(["64-08-12"]) == "yy-month-day"
    assert day_month_order(["1/2/24", "1/13/2024"]) == "month-day-yy"
    assert [read_time(f"1.1.{yy}", "day-month-yy") for yy in ("68", "69")] == [
        datetime(2068, 1, 1),
        datetime(1969, 1, 1),
    ]
    assert read_time("12/08/24", "day-month") is None  # training had years of four digits


def test_monthly_days_and_two_digit_years_that_may_be_either_are_not_guessed() -> None:
    first = [f"01.{month:02d}.{year:02d}" for year in range(4, 25) for month in (1, 7)]
    with pytest.raises(ValueError, match="01"):
        day_month_order(first)


def test_years_of_the_republic_are_taken_in_columns_that_say_they_are_dates() -> None:
    texts = [f"{day.year - 1911}/{day.month:02d}/{day.day:02d}" for day in DAYS]
    dated, other = infer(pl.DataFrame({"交易日期": texts, "place": texts}))
    assert (dated.kind, dated.notation) == ("time", {"order": "minguo"})
    assert other.kind != "time"
    said = explicit(other_column := pl.Series("place", [*texts, "99/1/2"]), "time", "the contract says so")
    assert convert(other_column, said)[0].dt.date().to_list() == [*DAYS, date(2010, 1, 2)]
    assert convert(pl.Series(["1130501"]), explicit(pl.Series("d", ["1130501"]), "time", ""))[0][0] == datetime(
        2024, 5, 1
    )


def test_what_a_contract_calls_a_time_may_be_months_as_numbers_epochs_of_floats_and_a_count() -> None:
    for texts, numbers, first in (
        (["202403", "202404"], "epoch", datetime(2024, 3, 1)),
        (["1700000000000.0", "1700000000001.0"], "epoch", datetime(2023, 11, 14, 22, 13, 20)),
        (["1700000000.5", "NA"], "epoch", datetime(2023, 11, 14, 22, 13, 20, 500_000)),
        (["1", "2", "743"], "count", datetime(1970, 1, 2)),
        ([f"{day:%y%m%d}" for day in DAYS], "yymmdd", datetime(2023, 6, 1)),
    ):
        column = explicit(pl.Series("at", texts), "time", "")
        typed, unfit = convert(pl.Series("at", texts), column)
        assert (column.notation, typed[0], unfit.any()) == ({"numbers": numbers}, first, False)
    assert explicit(pl.Series("at", ["240101", "999999"]), "time", "").notation == {"numbers": "epoch"}
    mixed = explicit(pl.Series("at", ["2024-01-01", "2024-01-02", "2024-01-03", "17"]), "time", "")
    assert convert(pl.Series("at", ["17"]), mixed)[1].all()


def test_how_such_dates_were_read_is_shown(product: Callable[..., Contract]) -> None:
    rows = "".join(f"{day:%d.%m.%y},2024Q{1 + i % 4},{day},text {i},{'ab'[i % 2]}\n" for i, day in enumerate(DAYS))
    loaded = load(product({"rows.csv": "at,quarter,made,text,label\n" + rows}, target="label", time="at"))
    (found,) = (found for found in loaded.findings if found.code == "dates_read")
    assert (found.count, found.examples) == (2, ("quarter: 2024Q1 = 2024-01-01", "at: 01.01.24 = 2024-01-01"))
    frame = pl.DataFrame({"made": [str(day) for day in DAYS]})
    assert said_of_dates(frame, infer(frame)) == []
