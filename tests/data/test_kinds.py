"""Each column's kind is inferred with a reason, and no value that does not fit disappears silently."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import Column, UserError
from zhinan.data.kinds import convert, explicit, infer
from zhinan.data.masking import masked
from zhinan.package.inputs import columns
from zhinan.steps.mask import armed, hide
from zhinan.steps.tidying import tidy


def inferred(name: str, values: list[str | None], masks: tuple[str, ...] = ()) -> Column:
    column = infer(pl.DataFrame([pl.Series(name, values, pl.String)]), masks)[0]
    assert column.why.en
    assert column.why.zh
    return column


def typed(values: list[str | None], column: Column) -> list[Any]:
    """The column as training reads it; serving reads every value the same."""
    done, unfit = convert(pl.Series(column.name, values, pl.String), column)
    known = [value for value, bad in zip(values, unfit, strict=True) if not bad]
    served = columns({column.name: column.kind}, {column.name: known}, {column.name: column.notation})[0][column.name]
    assert served == [value for value, bad in zip(done.to_list(), unfit, strict=True) if not bad]
    for value, bad in zip(values, unfit, strict=True):
        if bad:
            with pytest.raises(UserError, match="E371"):
                columns({column.name: column.kind}, {column.name: [value]}, {column.name: column.notation})
    return done.to_list()


CITIES = ["北京", "上海", "广州", "深圳"]


@pytest.mark.parametrize(
    ("name", "values", "wanted"),
    [
        ("age", ["31", "28", None, "5.5", "-1e3", ".5"], "number"),
        ("income", ["100", "NA", "250", "300", "10"] * 3, "number"),
        ("income", ["100", "much", "250", "300", "10"] * 3, "category"),
        ("zip", ["01234", "98765", "22222"] * 9, "category"),
        ("sure", ["Yes", "no", "NO", None], "flag"),
        ("bought", ["0", "1", "1"], "flag"),
        ("付款", ["是", "否"], "flag"),
        ("sex", ["1", "2", "2"], "number"),
        ("sex", ["M", "F", "F"] * 3, "category"),
        ("channel", ["web", "app", "phone"] * 5, "category"),
        ("渠道", ["网页", "电话"] * 5, "category"),
        ("城市", CITIES * 5, "category"),
        ("race", ["5k", "10k", "half"] * 5, "category"),
        ("network", ["4G", "5G", "wifi"] * 5, "category"),
        ("version", ["1.2.3", "1.2.4", "2.0.0"] * 5, "category"),
        ("ip", [f"10.0.0.{i}" for i in range(30)], "id"),
        ("phone", ["010-12345678", "021-87654321"] * 5, "category"),
        ("score", ["3/5", "4/5", "5/5"] * 5, "category"),
        ("range", ["1-3", "4-6", "7-9"] * 5, "category"),
        ("message", [f"my card number {i} is gone" for i in range(30)], "text"),
        ("消息", [f"我的第{i}张卡丢了怎么办" for i in range(30)], "text"),
        ("评论", [f"味道{i}不错，送餐也快，下次再来" for i in range(30)], "text"),
        ("long", ["the very same long sentence, said twice and more than fifty characters"] * 20, "text"),
        ("created_at", ["2024-01-31 10:00:00", "2024-02-01 11:30:00"], "time"),
        ("date", ["31-Jul-18", "30-Jul-18"], "time"),
        ("日期", ["2024年1月31日", "2024年2月1日 12:30"], "time"),
        ("时间", ["2024年3月5日 下午3点", "2024年3月6日上午9点半"], "time"),
        ("when", ["31/01/2024", "01/02/2024"], "time"),
        ("month", ["2024-01", "2024-02"] * 4, "time"),
        ("sent", ["Tue, 05 Mar 2024 10:00:00 +0100", "Wed, 06 Mar 2024 10:00:00 +0000"], "time"),
        ("day", ["03/04/2024", "05/06/2024"] * 10, "category"),
        ("timestamp", ["1700000000", "1700003600"] * 9, "time"),
        ("amount", ["1700000000", "1700003600"] * 9, "number"),
        ("price", ["¥12.50", "¥1,200", "¥3"], "number"),
        ("价格", ["12.5元", "3元", "1,200元", "免费"], "text"),
        ("营收", ["1.2亿", "3500万", "8亿"], "number"),
        ("share", ["30%", "12.5%", "3%", "7%", "—"] * 3, "number"),
        ("weight", ["5 kg", "3.2 kg", "4kg"], "number"),
        ("weight", ["5 kg", "300 g", "4 kg", "250 g"] * 3, "category"),
        ("memory", ["4GB", "8GB", "16GB"] * 4, "number"),
        ("profit", ["(1,200)", "3,400", "250"], "number"),
        ("betrag", ["1.234,50", "12,00", "7,5"], "number"),
        ("followers", ["1.2k", "3M", "987"], "number"),
        ("user_id", ["17", "17", "23"] * 9, "id"),
        ("userId", ["anna", "bob", "anna"] * 9, "id"),
        ("编号", ["A-1", "A-2"] * 9, "id"),
        ("policy", [str(i) for i in range(100, 200)], "id"),
        ("height", [str(i * 37) for i in range(100)], "number"),
        ("ref", ["3f2504e0-4f89-11d3-9a0c-0305e82c33" + f"{i:02d}" for i in range(30)], "id"),
        ("image", ["a/1.jpg", "a/2.PNG"] * 9, "image"),
        ("tags", ["red;blue", "blue", "red", "green;red", "blue;green"] * 4, "list"),
        ("爱好", ["读书、游泳", "游泳", "读书、跑步", "跑步、游泳"] * 4, "list"),
        ("labels", ['["a", "b"]', "[]", '["b"]'], "list"),
        ("genre", ["Drama|Comedy", "Comedy", "Drama", "Comedy|Action", "Action|Drama"] * 4, "list"),
        ("topics", ["a,b", "b,c", "c,a", "b"] * 4, "list"),
        ("place", [f"Town {i}, State {i % 7}" for i in range(60)], "text"),
        ("nothing", [None, None], "category"),
    ],
)
def test_a_kind_is_seen_in_the_values(name: str, values: list[str | None], wanted: str) -> None:
    assert inferred(name, values).kind == wanted


@pytest.mark.parametrize(
    ("word", "share", "wanted"),
    [
        ("NA", 0.9, "number"),
        ("?", 0.5, "number"),
        ("NA", 0.99, "category"),
        ("none", 0.1, "number"),
        ("none", 0.5, "category"),
    ],
)
def test_however_many_are_missing_the_others_are_numbers_unless_the_word_says_something(
    word: str, share: float, wanted: str
) -> None:
    values = [word if i < 100 * share else f"{i % 9}.5" for i in range(100)]
    assert inferred("amount", values).kind == wanted
    assert inferred("amount", [v if v == word else f"¥{v}" for v in values]).kind == wanted


def test_telephone_numbers_are_numbers_only_while_nobody_masks_them() -> None:
    values = [f"138{i:08d}" for i in range(0, 90_000_000, 1_234_567)]
    assert inferred("contact", values).kind == "number"
    assert inferred("contact", values, ("phone",)).kind == "id"


NUMBERS = [
    ("1,234.5", 1234.5), ("1,234,567", 1234567.0), ("12,34,567", 1234567.0), ("1 234 567.5", 1234567.5),
    ("1'234", 1234.0), ("1’234.5", 1234.5), ("1\u00a0234", 1234.0), ("1\u202f234", 1234.0), ("0.5", 0.5), (".5", 0.5),
    ("5.", 5.0), ("1e3", 1000.0), ("1E-3", 0.001), ("+7", 7.0), ("-7", -7.0), ("− 7", -7.0), ("−7.5", -7.5),
    ("(1,234.50)", -1234.5), ("( 12 )", -12.0), ("１２３", 123.0), ("１，２３４．５", 1234.5), ("－５", -5.0),
    ("（５）", -5.0),
    ("1.2万", 12000.0), ("1.1 万", 11000.0), ("3亿", 3e8), ("2.5千万", 2.5e7), ("3百万", 3e6), ("1.2k", 1200.0),
    ("3M", 3e6), ("2.5bn", 2.5e9), ("7K", 7000.0), ("007", 7.0), ("-0", 0.0),
    ("", None), ("NA", None), ("无", None), ("—", None), ("?", None), ("nan", None),
    ("inf", None), ("-inf", None), ("-Infinity", None), ("+∞", None),
]  # fmt: skip
NO_NUMBERS = [
    "1,23", "1,2345", "12,3456.7", "1.2.3", "1_000", "5²", "①", "½", "٣", "12 apples", "1e999", "0x1f", "--5",
    "(-5)", "5)", "(5", "1-3", "3/4", "10:30", "#5", "5 kg 3", "¥5kg", "k", "万", "1 23", "1,234 567", "$", "5 G",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_is_read_as_people_write_it(text: str, value: float | None) -> None:
    assert typed([text], Column("x", "number")) == [value]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_refused_not_bent(text: str) -> None:
    done, unfit = convert(pl.Series("x", [text]), Column("x", "number"))
    assert (done.to_list(), unfit.to_list()) == ([None], [True])
    assert typed([text], Column("x", "number")) == [None]


@pytest.mark.parametrize(
    ("values", "notation", "numbers"),
    [
        (["1.234,5", "7"], {"decimal": ","}, [1234.5, 7.0]),
        (["1.234", "7,5"], {"decimal": ","}, [1234.0, 7.5]),
        (["1,234", "7.5"], {}, [1234.0, 7.5]),
        (["1,234", "5,678"], {}, [1234.0, 5678.0]),
        (["1.234", "5.678"], {}, [1.234, 5.678]),
        (["1.234.567", "5.678"], {"decimal": ","}, [1234567.0, 5678.0]),
        (["¥12.50", "￥1,200", "3元", "人民币 5"], {"unit": "CNY"}, [12.5, 1200.0, 3.0, 5.0]),
        (["$1.2M", "-$5", "US$ 3", "7 USD"], {"unit": "USD"}, [1.2e6, -5.0, 3.0, 7.0]),
        (["3.5万元", "2亿元"], {"unit": "CNY"}, [35000.0, 2e8]),
        (["1.234,50 €", "12 EUR"], {"decimal": ",", "unit": "EUR"}, [1234.5, 12.0]),
        (["30%", "12.5 ％", "-3%"], {"unit": "%"}, [30.0, 12.5, -3.0]),
        (["30 ‰", "5‰"], {"unit": "‰"}, [30.0, 5.0]),
        (["5 kg", "5㎏", "5公斤", "7"], {"unit": "kg"}, [5.0, 5.0, 5.0, 7.0]),
        (["25岁", "30岁"], {"unit": "year"}, [25.0, 30.0]),
        (["36.5℃", "37 °C"], {"unit": "℃"}, [36.5, 37.0]),
        (["10 min", "5分钟"], {"unit": "min"}, [10.0, 5.0]),
        (["85㎡", "90平方米"], {"unit": "m²"}, [85.0, 90.0]),
    ],
)
def test_the_column_decides_what_comma_point_and_unit_mean(
    values: list[str | None], notation: dict[str, str], numbers: list[float]
) -> None:
    said, seen = explicit(pl.Series("x", values), "number", "said"), inferred("x", values)
    assert said.notation == seen.notation == notation
    assert seen.kind == "number"
    assert typed(values, said) == numbers


def test_units_are_never_mixed_silently() -> None:
    values = ["5 kg", "3 g", "7 kg", "2 g"] * 3
    with pytest.raises(UserError, match="E170") as caught:
        explicit(pl.Series("weight", values), "number", "said", "product.yaml:4:12")
    assert caught.value.where == "product.yaml:4:12"
    assert "g: 2, kg: 2" in caught.value.what()
    assert "g: 2, kg: 2" in caught.value.what("zh")
    column = inferred("weight", list(values))
    assert (column.kind, column.notation["units"]) == ("category", "mixed")
    assert "several units" in column.why.en
    few = [f"{i} kg" for i in range(40)] + ["$7"]
    column = inferred("weight", list(few))
    assert (column.kind, column.notation) == ("number", {"unit": "kg"})
    assert typed(list(few), column)[-1] is None  # refused with a reason, not taken for 7 kg


TIMES = [
    ("2024-01-31T10:30:00+08:00", datetime(2024, 1, 31, 2, 30)), ("2024-01-31 10:30Z", datetime(2024, 1, 31, 10, 30)),
    ("2024-01-31T10:30:00.000+0000", datetime(2024, 1, 31, 10, 30)),
    ("2024-01-31 10:30 UTC+8", datetime(2024, 1, 31, 2, 30)), ("2024-01-31T10:00:00-08", datetime(2024, 1, 31, 18)),
    ("2024-01-31 10:30:00.123456789", datetime(2024, 1, 31, 10, 30, 0, 123456)),
    ("2024/1/31 9:05", datetime(2024, 1, 31, 9, 5)), ("2024.01.31", datetime(2024, 1, 31)),
    ("31.01.2024 10:30", datetime(2024, 1, 31, 10, 30)), ("Jan 31, 2024", datetime(2024, 1, 31)),
    ("31 January 2024", datetime(2024, 1, 31)), ("31st Jan 2024", datetime(2024, 1, 31)),
    ("March 5th, 2024 3:15 PM", datetime(2024, 3, 5, 15, 15)), ("2024-03-05 12:30 am", datetime(2024, 3, 5, 0, 30)),
    ("2024-03-05 3 p.m.", datetime(2024, 3, 5, 15)), ("31-Jul-69", datetime(1969, 7, 31)),
    ("01-Jan-1995", datetime(1995, 1, 1)), ("Tue, 05 Mar 2024 10:00:00 GMT", datetime(2024, 3, 5, 10)),
    ("Tue Mar  5 10:00:00 2024", datetime(2024, 3, 5, 10)), ("20240305T103000Z", datetime(2024, 3, 5, 10, 30)),
    ("2024-03", datetime(2024, 3, 1)), ("2024年3月", datetime(2024, 3, 1)), ("2024年3月5日", datetime(2024, 3, 5)),
    ("2024年3月5号 15:04:05", datetime(2024, 3, 5, 15, 4, 5)), ("2024年3月5日 下午3点", datetime(2024, 3, 5, 15)),
    ("2024年3月5日下午3点20分", datetime(2024, 3, 5, 15, 20)), ("2024年3月5日 上午9点半", datetime(2024, 3, 5, 9, 30)),
    ("2024年3月5日 凌晨12点半", datetime(2024, 3, 5, 0, 30)), ("2024年3月5日 中午12点", datetime(2024, 3, 5, 12)),
    ("2024年3月5日 星期二 晚上8点整", datetime(2024, 3, 5, 20)),
    ("2024年1月31日 10时30分", datetime(2024, 1, 31, 10, 30)),
    ("2024/3/5 周二 10:00", datetime(2024, 3, 5, 10)), ("二〇二四年三月五日", datetime(2024, 3, 5)),
    ("二零二四年十二月二十五日", datetime(2024, 12, 25)), ("２０２４年３月５日", datetime(2024, 3, 5)),
    ("２０２４／３／５　１０：３０", datetime(2024, 3, 5, 10, 30)), ("無", None), ("无", None), ("N/A", None),
]  # fmt: skip
NO_TIMES = [
    "2024-13-01", "2024-02-30", "9999-12-31 24:00", "0001-01-01T00:00+14:00", "tomorrow", "12:30", "1700000000",
    "2024-01/31", "2024-03-05 13:00 PM", "2024年13月1日", "03/04/2024", "45356", "20240131", "2024年3月5日 25点",
    "5 Foo 2024", "31/04", "2024", "٢٠٢٤-٠١-٠١",
]  # fmt: skip


@pytest.mark.parametrize(("text", "moment"), [pair for pair in TIMES if pair[0] != "無"])
def test_a_moment_is_read_as_people_write_it(text: str, moment: datetime | None) -> None:
    assert typed([text], Column("x", "time")) == [moment]


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_moment_is_refused_not_bent(text: str) -> None:
    assert typed([text], Column("x", "time")) == [None]
    assert convert(pl.Series("x", [text]), Column("x", "time"))[1].to_list() == [True]


@pytest.mark.parametrize(
    ("text", "numbers", "moment"),
    [
        ("1700000000", "epoch", datetime(2023, 11, 14, 22, 13, 20)),
        ("1700000000500", "epoch", datetime(2023, 11, 14, 22, 13, 20, 500000)),
        ("20240131", "epoch", datetime(2024, 1, 31)),
        ("20240131103000", "epoch", datetime(2024, 1, 31, 10, 30)),
        ("45356", "excel", datetime(2024, 3, 5)),
        ("45356.75", "excel", datetime(2024, 3, 5, 18)),
        ("1994", "year", datetime(1994, 1, 1)),
        ("2103", "year", datetime(2103, 1, 1)),
        ("12", "epoch", None),
        ("1994", "epoch", None),
        ("19940", "year", None),
        ("0000", "year", None),
    ],
)
def test_numbers_are_moments_only_where_the_column_says_so(text: str, numbers: str, moment: datetime | None) -> None:
    assert typed([text], Column("x", "time", "", {"numbers": numbers})) == [moment]
    assert typed([text], Column("x", "time")) == [None]


def test_a_moment_may_be_sent_as_the_number_it_was_written_as() -> None:
    def sent(value: object, numbers: str) -> object:
        return columns({"x": "time"}, [{"x": value}], {"x": {"numbers": numbers}})[0]["x"][0]

    assert sent(1_700_000_000, "epoch") == sent(1_700_000_000.0, "epoch") == datetime(2023, 11, 14, 22, 13, 20)
    assert sent(45356.75, "excel") == datetime(2024, 3, 5, 18)
    for value in (10**400, True, 5, float("inf")):
        with pytest.raises(UserError, match="E371"):
            sent(value, "epoch")


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_iso_moments_are_read_exactly(moment: datetime) -> None:
    assert typed([moment.isoformat(), moment.isoformat(" ") + "Z"], Column("x", "time")) == [moment, moment]


def test_the_end_of_a_day_and_a_leap_second_are_moments() -> None:
    written = ["2024-02-28T24:00:00", "2024-02-28 24:00", "2016-12-31T23:59:60Z", "2017-01-01T05:29:60"]
    ends = [datetime(2024, 2, 29), datetime(2024, 2, 29), datetime(2017, 1, 1), datetime(2017, 1, 1, 5, 30)]
    assert typed([*written], Column("x", "time")) == ends
    late: list[str | None] = ["2024-02-28T24:00:01", "2024-02-28T25:00:00", "2024-02-28T10:00:61", "2024-02-28T24:30"]
    late += ["2024-01-01T10:15:60", "2024-01-01 10:00:60", "2024-01-01 10:58:60Z"]
    assert typed(late, Column("x", "time")) == [None] * 7


def test_day_and_month_follow_from_the_column_or_are_asked_for() -> None:
    def order(*values: str) -> str | None:
        return explicit(pl.Series("day", values), "time", "said").notation.get("order")

    assert order("03/04/2024", "31/01/2024") == "day-month"
    assert order("03/04/2024", "01/31/2024") == "month-day"
    assert order("03/03/2024") == "month-day"
    assert order("2024-03-03") is None
    column = inferred("day", ["03/04/2024", "31/01/2024"])
    assert typed(["03/04/2024"], column) == [datetime(2024, 4, 3)]
    for values in (["03/04/2024", "05/06/2024"], ["31/01/2024", "01/31/2024"]):
        with pytest.raises(UserError, match="YYYY-MM-DD") as caught:
            explicit(pl.Series("day", values), "time", "said")
        assert caught.value.code == "E113"


@pytest.mark.parametrize(
    ("values", "separator", "lists"),
    [
        (["a;b", "b", "a", "c ; a;", "b;c"] * 3, ";", ['["a", "b"]', '["b"]', '["a"]', '["a", "c"]', '["b", "c"]']),
        (["读书、游泳", "游泳", "读书"] * 4, "、", ['["游泳", "读书"]', '["游泳"]', '["读书"]']),
        (["['it''s', \"b\"]".replace("''", "\\'"), "['b']", "[]"] * 2, "json", ['["b", "it\'s"]', '["b"]', "[]"]),
        (['["x", 1]', "[]", '["x", "x"]'], "json", ['["1", "x"]', "[]", '["x"]']),
    ],
)
def test_a_cell_of_several_values_is_a_set_however_it_is_written(
    values: list[str | None], separator: str, lists: list[str]
) -> None:
    column = inferred("tags", values)
    assert (column.kind, column.notation) == ("list", {"separator": separator})
    assert typed(values, column)[: len(lists)] == lists
    served = columns({"x": "list"}, {"x": [["b", "a", "b"], ["7", 7.0], None, "NA"]}, {"x": column.notation})[0]["x"]
    assert served == ['["a", "b"]', '["7"]', None, None]


@pytest.mark.parametrize(
    ("of", "good", "bad"),
    [
        ("flag", ["yes", "NO", "1", "false", "是", None, "n/a", "未填"], ["2", "perhaps", "yes!", "有"]),
        ("text", ["anything", "NA", None], []),
        ("category", ["anything", "-", "１２"], []),
        ("id", ["007"], []),
        (
            "list",
            ['["a"]', None, "无"],
            ["[1, [2]]", "[", "{}", '["a"', "[true]", "['a' 'b']", "['a', None]", "['\\d']", "['\\Uffffffff']"],
        ),
    ],
)
def test_a_value_that_does_not_fit_an_explicit_kind_is_said_and_missing_ones_fit(
    of: Any, good: list[str | None], bad: list[str]
) -> None:
    column = Column("x", of)
    done, unfit = convert(pl.Series("x", [*good, *bad], pl.String), column)
    assert unfit.to_list() == [False] * len(good) + [True] * len(bad)
    assert done[len(good) :].null_count() == len(bad)
    typed([*good, *bad], column)


def test_words_for_missing_stay_words_in_text_and_become_null_in_numbers() -> None:
    values = ["None", "NA", "1"]
    assert typed(list(values), Column("x", "text")) == values
    assert typed(list(values), Column("x", "number")) == [None, None, 1.0]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none()))
def test_numbers_come_back_exactly(numbers: list[float | None]) -> None:
    assert typed([None if n is None else repr(n) for n in numbers], Column("x", "number")) == numbers


WRITTEN = st.text(st.sampled_from("0123456789.,'+-()% ¥元k万eE年月日/:T１，．−\u00a0"), max_size=12)


@given(st.lists(WRITTEN, max_size=8), st.sampled_from(["number", "time", "list", "flag"]))
def test_any_text_means_the_same_in_training_and_in_serving(texts: list[str | None], kind: Any) -> None:
    column = Column("x", kind, "", {"number": {"unit": "%"}, "time": {"order": "day-month"}}.get(kind, {}))
    typed([None if text is None else tidy(text) or None for text in texts], column)


@pytest.mark.parametrize("written", ["{}", "{}.0"])
def test_a_column_in_which_most_long_numbers_are_masked_ones_is_an_id_whatever_else_it_holds(written: str) -> None:
    phones = [written.format(f"138{i:08d}") for i in range(0, 90_000_000, 2_234_567)]
    column = pl.DataFrame({"contact": ["0", "4008", None, *phones, "12345678901"]})
    (found,) = infer(column, ("phone",))
    assert (found.kind, found.why.en) == ("id", "numbers that a mask hides")
    hidden, finds = masked(column, {"contact": "id"}, ("phone",), target=None, person=None)
    assert finds == {"contact": {"phone": len(phones)}}
    assert "138" not in "".join(hidden["contact"].drop_nulls())
    assert hide(phones[0], armed(("phone",))) == hidden["contact"][3]
    orders = pl.DataFrame({"order": [str(10**15 + i * 7919) for i in range(400)]})
    assert infer(orders, ("bank_card",))[0].kind == "number"
