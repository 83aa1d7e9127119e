"""Each column's kind is inferred with a reason, and no value that does not fit disappears silently."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.data.kinds import convert, infer
from zhinan.data.times import AmbiguousDateError, read_times


def kind(name: str, values: list[str | None], masks: tuple[str, ...] = ()) -> str:
    column = infer(pl.DataFrame([pl.Series(name, values, pl.String)]), masks)[0]
    assert column.why
    return column.kind


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("age", ["31", "28", None, "5.5", "-1e3", ".5"], "number"),
        ("income", ["100", "NA", "250", "300", "10", "-"][:5] * 3, "number"),
        ("income", ["100", "much", "250", "300", "10"] * 3, "category"),
        ("zip", ["01234", "98765", "22222"] * 9, "category"),
        ("sure", ["Yes", "no", "NO", None], "flag"),
        ("bought", ["0", "1", "1"], "flag"),
        ("付款", ["是", "否"], "flag"),
        ("sex", ["1", "2", "2"], "number"),
        ("channel", ["web", "app", "phone"] * 5, "category"),
        ("渠道", ["网页", "电话"] * 5, "category"),
        ("message", [f"my card number {i} is gone" for i in range(30)], "text"),
        ("消息", [f"我的第{i}张卡丢了怎么办" for i in range(30)], "text"),
        ("long", ["the very same long sentence, said twice and more than fifty characters"] * 20, "text"),
        ("created_at", ["2024-01-31 10:00:00", "2024-02-01 11:30:00"], "time"),
        ("date", ["31-Jul-18", "30-Jul-18"], "time"),
        ("日期", ["2024年1月31日", "2024年2月1日 12:30"], "time"),
        ("when", ["31/01/2024", "01/02/2024"], "time"),
        ("timestamp", ["1700000000", "1700003600"] * 9, "time"),
        ("amount", ["1700000000", "1700003600"] * 9, "number"),
        ("user_id", ["17", "17", "23"] * 9, "id"),
        ("userId", ["anna", "bob", "anna"] * 9, "id"),
        ("编号", ["A-1", "A-2"] * 9, "id"),
        ("policy", [str(i) for i in range(100, 200)], "id"),
        ("height", [str(i * 37) for i in range(100)], "number"),
        ("ref", ["3f2504e0-4f89-11d3-9a0c-0305e82c33" + f"{i:02d}" for i in range(30)], "id"),
        ("image", ["a/1.jpg", "a/2.PNG"] * 9, "id"),
        ("nothing", [None, None], "category"),
    ],
)
def test_a_kind_is_seen_in_the_values(name: str, values: list[str | None], wanted: str) -> None:
    assert kind(name, values) == wanted


def test_telephone_numbers_are_numbers_only_while_nobody_masks_them() -> None:
    values = [f"138{i:08d}" for i in range(0, 90_000_000, 1_234_567)]
    assert kind("contact", values) == "number"
    assert kind("contact", values, ("phone",)) == "id"


@pytest.mark.parametrize(
    ("of", "good", "bad"),
    [
        ("number", ["1", "-2.5", "1e3", "NA", None, "?"], ["1,5", "12 apples", "1e999", "inf", "0x1f", "１２"]),
        ("flag", ["yes", "NO", "1", "false", "是", None, "n/a"], ["2", "perhaps", "yes!"]),
        ("time", ["2024-01-31", "2024/1/31 10:30", "1700000000", "20240131", None, "无"], ["2024-02-30", "soon", "12"]),
        ("text", ["anything", "NA", None], []),
        ("category", ["anything", "-"], []),
        ("id", ["007"], []),
    ],
)
def test_a_value_that_does_not_fit_an_explicit_kind_is_said_and_missing_ones_fit(
    of: str, good: list[str | None], bad: list[str]
) -> None:
    typed, unfit = convert(pl.Series("x", [*good, *bad], pl.String), of)  # type: ignore[arg-type]
    assert unfit.to_list() == [False] * len(good) + [True] * len(bad)
    assert typed[len(good) :].null_count() == len(bad)


def test_words_for_missing_stay_words_in_text_and_become_null_in_numbers() -> None:
    values = pl.Series("x", ["None", "NA", "1"], pl.String)
    assert convert(values, "text")[0].to_list() == ["None", "NA", "1"]
    assert convert(values, "number")[0].to_list() == [None, None, 1.0]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none()))
def test_numbers_come_back_exactly(numbers: list[float | None]) -> None:
    texts = pl.Series("x", [None if n is None else repr(n) for n in numbers], pl.String)
    typed, unfit = convert(texts, "number")
    assert typed.to_list() == numbers
    assert not unfit.any()


def test_a_kind_that_is_no_table_column_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        convert(pl.Series("photo", ["a.jpg"]), "image", "product.yaml:4:12")
    assert (caught.value.code, caught.value.where) == ("E112", "product.yaml:4:12")


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_iso_moments_are_read_exactly(moment: datetime) -> None:
    for text in (moment.isoformat(), moment.isoformat(" ") + "Z"):
        assert read_times([text])[text] == moment


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-01-31T10:30:00+08:00", datetime(2024, 1, 31, 2, 30)),
        ("2024-01-31 10:30:00.123456789", datetime(2024, 1, 31, 10, 30, 0, 123456)),
        ("31.01.2024 10:30", datetime(2024, 1, 31, 10, 30)),
        ("Jan 31, 2024", datetime(2024, 1, 31)),
        ("31 January 2024", datetime(2024, 1, 31)),
        ("31-Jul-69", datetime(2069, 7, 31)),
        ("01-Jan-1995", datetime(1995, 1, 1)),
        ("2024年1月31日 10时30分", None),
        ("2024-13-01", None), ("2024-02-30", None), ("9999-12-31 24:00", None), ("0001-01-01T00:00+14:00", None),
        ("tomorrow", None), ("12:30", None), ("1700000000", None), ("2024-01/31", None),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(text: str, wanted: datetime | None) -> None:
    assert read_times([text]) == {text: wanted}


def test_day_and_month_follow_from_the_column_or_are_asked_for() -> None:
    assert read_times(["03/04/2024", "31/01/2024"])["03/04/2024"] == datetime(2024, 4, 3)
    assert read_times(["03/04/2024", "01/31/2024"])["03/04/2024"] == datetime(2024, 3, 4)
    assert read_times(["03/03/2024"])["03/03/2024"] == datetime(2024, 3, 3)
    with pytest.raises(AmbiguousDateError):
        read_times(["03/04/2024", "05/06/2024"])
    with pytest.raises(UserError, match="YYYY-MM-DD") as caught:
        convert(pl.Series("day", ["03/04/2024"]), "time")
    assert caught.value.code == "E113"


def test_an_ambiguous_date_is_not_inferred_to_be_a_time() -> None:
    assert kind("day", ["03/04/2024", "05/06/2024"] * 10) == "category"
