"""Numbers that a program or a country writes in its own way are what they are there, or that is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.data import load
from zhinan.data.frames import raw_of
from zhinan.data.kinds import convert, infer
from zhinan.package.inputs import columns
from zhinan.steps.values.numbers import Amount, read_number

Product = Callable[..., Contract]


def test_points_that_could_be_either_follow_the_other_columns_and_that_is_said(product: Product) -> None:
    def read(other: list[str], third: str = "7") -> tuple[object, tuple[str, ...]]:
        rows = "".join(f"1.23{i % 8};{other[i % 2]};{third};{'ab'[i % 2]}\n" for i in range(30))
        loaded = load(product({"rows.csv": "amount;price;more;label\n" + rows}, target="label"))
        said = next((one.examples for one in loaded.findings if one.code == "grouped_points"), ())
        return loaded.dataset.frame["amount"][0], said

    assert read(["2,50", "12.345,67"]) == (1230.0, ("amount:  1.230",))
    assert read(["2,50", "12.345,67"], "3.5") == (1.23, ())  # this file writes both
    assert read(["2.50", "12345.67"]) == (1.23, ())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT1M30S", 90.0), ("-PT0.5S", -0.5), ("P1DT1H", 90000.0), ("P1W", 604800.0),
        ("1 days 00:01:30.5", 86490.5), ("-1 days +23:59:00", -60.0), ("01:30:00", 5400.0), ("26:10:00", 94200.0),
        ("1:30", None), ("P1Y", None), ("P1M", None), ("PT", None), ("P", None), ("01:60:00", None),
    ],
)  # fmt: skip
def test_a_duration_is_a_number_of_seconds(text: str, seconds: float | None) -> None:
    assert read_number(text) == (None if seconds is None else Amount(seconds, "s"))
    if seconds is not None:
        column = infer(pl.DataFrame({"lasted": [text, "PT2S", None]}))[0]
        assert convert(pl.Series([text, "PT2S", None]), column)[0].to_list() == [seconds, 2.0, None]


def test_a_number_in_several_scales_is_their_sum() -> None:
    for text, value in (("7万9千", 79e3), ("1亿2千万", 1.2e8), ("3万5千元", 35e3), ("12千", 12e3)):
        read = read_number(text)
        assert (read and read.value) == value
    for text in ("9千7万", "7万9千5", "1万20千", "7万9千岁月"):
        assert read_number(text) is None


def test_durations_of_frames_are_seconds_in_training_and_in_serving() -> None:
    lasted = [timedelta(seconds=90.25), timedelta(days=1), None, timedelta(seconds=-5)]
    for frame in (pl.DataFrame({"lasted": lasted}), [{"lasted": one} for one in lasted]):
        texts = raw_of(frame).frame["lasted"]
        column = infer(texts.to_frame())[0]
        assert (column.kind, column.notation) == ("number", {"unit": "s"})
        assert convert(texts, column)[0].to_list() == [90.25, 86400.0, None, -5.0]
    assert columns({"lasted": "number"}, {"lasted": lasted}, {"lasted": {"unit": "s"}})[0]["lasted"] == [
        90.25, 86400.0, None, -5.0,
    ]  # fmt: skip


def test_the_shortest_durations_of_python_are_read() -> None:
    texts = raw_of([{"lasted": timedelta(microseconds=n)} for n in (10, -250, 3_000_001)]).frame["lasted"]
    column = infer(texts.to_frame())[0]
    assert convert(texts, column)[0].to_list() == [0.00001, -0.00025, 3.000001]


def test_whole_days_among_durations_are_seconds_in_training_and_in_serving() -> None:
    texts = ["1 days", "1 days 00:00:30", "-2 days", "PT5S", "7 s"]
    seconds = [86400.0, 86430.0, -172800.0, 5.0, 7.0]
    column = infer(pl.DataFrame({"lasted": texts}))[0]
    assert (column.kind, column.notation) == ("number", {"unit": "s"})
    assert convert(pl.Series(texts), column)[0].to_list() == seconds
    assert columns({"lasted": "number"}, {"lasted": texts}, {"lasted": {"unit": "s"}})[0]["lasted"] == seconds
    assert infer(pl.DataFrame({"lasted": ["1 days", "2 days", "3 d"]}))[0].notation == {"unit": "d"}
    assert infer(pl.DataFrame({"lasted": ["1 days 00:00:30", "3 kg", "2 days"]}))[0].kind != "number"


PLAIN = [str(20 + i % 60) for i in range(400)]


@pytest.mark.parametrize(
    ("odd", "kind", "notation", "last"),
    [
        (["¥13.00"], "number", {"unit": "CNY"}, 13.0),
        (["5 kg"], "number", {"unit": "kg"}, 5.0),
        (["0.5%"], "number", {"unit": "%"}, 0.5),
        (["3,5"], "number", {"decimal": ","}, 3.5),
        (["1.234,5"], "number", {"decimal": ","}, 1234.5),
        (["3,5", "3,125"], "number", {"decimal": ","}, 3.125),
        (["1,250.00"], "number", {}, 1250.0),
        (["x", "¥13.00"], "number", {"unit": "CNY"}, 13.0),
        (["E11", "5 kg"], "number", {"unit": "kg"}, 5.0),
        (["E11", "V58"], "category", {}, "V58"),
        (["V58", "E11"], "category", {}, "E11"),
        (["much"], "number", {}, None),
        (["12a", "7b"], "category", {}, "7b"),
        (["K1A 0B1", "H0H 0H0"], "category", {}, "H0H 0H0"),
    ],
)
def test_a_few_other_ways_to_write_a_number_are_no_slips(
    odd: list[str], kind: str, notation: dict[str, str], last: object
) -> None:
    values = pl.Series("amount", PLAIN + odd)
    column = infer(values.to_frame())[0]
    typed, unfit = convert(values, column)
    assert (column.kind, column.notation, typed[-1]) == (kind, notation, last)
    slips = int(unfit.sum())
    assert slips == len({"x", "much", "E11"} & {*odd}) * (kind == "number")
    assert kind == "category" or column.why.en.startswith(f"every value but {slips}" if slips else "every value is")


def test_slips_of_many_columns_that_cost_many_rows_together_are_none() -> None:
    def kinds(count: int) -> set[str]:
        slipped = {f"c{i}": [*PLAIN[:i], "x", *PLAIN[i:399], "y"] for i in range(count)}
        return {column.kind for column in infer(pl.DataFrame(slipped))}

    assert kinds(4) == {"number"}
    assert kinds(10) == {"category"}
