"""Moments: what keeps a column from being one of them is said, and how a column writes them is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import Column, UserError
from zhinan.data import check, load, moments
from zhinan.data.kinds import convert, explicit, infer
from zhinan.data.moments import check_zones, nearly_times
from zhinan.package.inputs import columns
from zhinan.steps.values.times import letters_of_zone, read_time


def why(values: list[str]) -> str:
    return infer(pl.DataFrame({"seen": values}))[0].why.en


def test_a_column_of_words_that_nearly_is_one_of_dates_says_so_and_shows_no_value() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 31)]
    assert why([*days, "soon"]).startswith("30 of 31 values are dates; ")
    assert why([*days, "N/A"]).startswith("30 of 30 values are dates; ")
    unclear = why([f"{1 + i % 12}/{1 + i % 7}/1980" for i in range(40)])
    assert unclear.startswith("dates whose day and month cannot be told apart; ")
    assert "date" not in why([*days[:9], *(f"soon {i}" for i in range(10))])


def test_how_many_are_dates_is_counted_in_rows() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 31)]
    assert why([*days[:3] * 40, *"abcdefgh"]).startswith("120 of 128 values are dates; ")
    assert "date" not in why([*days, *["open", "shut"] * 40])
    assert why([*days, *["N/A"] * 400]).startswith("30 of 30 values are dates; ")


def test_many_dates_that_nobody_can_tell_are_not_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"{1 + i % 12}/{1 + i % 11}/{1900 + i % 120} 9:{10 + i % 50}" for i in range(3_000)]
    read: list[str] = []
    monkeypatch.setattr(moments, "read_time", lambda text, order: read.append(text) or read_time(text, order))
    nearly = nearly_times(pl.Series(many))
    assert nearly is not None
    assert (nearly.unclear != "", nearly.dates, len(read) < 500) == (True, 3_000, True)


def test_numbers_that_are_no_date_either_way_are_refused_as_unclear() -> None:
    with pytest.raises(UserError, match="13/13/2024") as caught:
        explicit(pl.Series("at", ["13/13/2024"]), "time", "said")
    assert caught.value.code == "E113"


def test_version_numbers_are_no_dates() -> None:
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


def unsaid(**values: list[str]) -> tuple[str, ...]:
    frame = pl.DataFrame(values)
    columns = infer(frame)
    typed = pl.DataFrame([convert(frame[column.name], column)[0] for column in columns])
    return next((said.examples for said in check_zones(typed, columns)), ())


def test_moments_without_a_zone_are_told_where_others_say_theirs() -> None:
    bare = [f"2024-01-{day:02d} 10:30:00" for day in range(1, 29)]
    utc, east = [text + "Z" for text in bare], [text + "+08:00" for text in bare]
    days = [text[:10] for text in bare]
    assert unsaid(made=utc, closed=bare) == ("closed",)
    assert unsaid(made=[*utc[:14], *bare[14:]], born=days) == ("made",)
    assert unsaid(made=utc, closed=east, born=days) == unsaid(made=bare, closed=bare) == ()
    assert unsaid(made=utc, born=[day + " 00:00:00" for day in days]) == ()


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2024-03-05 10:00:00 EST", 15),
        ("Tue, 5 Mar 2024 10:00:00 EDT", 14),
        ("Tue Mar 05 10:00:00 PST 2024", 18),
        ("03/05/2024 10:00 PM CDT", 27),
        ("2024-03-05 10:00 UT", 10),
        ("2024-03-05 10:00 UTC+8", 2),
    ],
)
def test_the_zones_of_american_letters_are_read(text: str, hour: int) -> None:
    assert read_time(text, "month-day") == datetime(2024, 3, 5 + hour // 24, hour % 24)


@pytest.mark.parametrize("text", ["2024-03-05 10:00 CST", "Tue Mar 05 10:00:00 CST 2024", "2024-03-05 10:00 BST"])
def test_a_zone_that_has_two_meanings_is_never_guessed_and_the_column_says_so(text: str) -> None:
    assert read_time(text) is None
    assert why([text] * 20 + [f"2024-03-0{i} 10:00 GMT" for i in range(1, 8)]).startswith(
        f"moments in {letters_of_zone(text)}, which may be several zones; "
    )
    with pytest.raises(UserError, match="E171") as caught:
        explicit(pl.Series("at", [text]), "time", "said", "product.yaml:4:9")
    assert (caught.value.where, "data.zone" in caught.value.fix()) == ("product.yaml:4:9", True)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-01 10:00 Asia/Shanghai", datetime(2024, 3, 1, 2)),
        ("2024-03-01T10:00:00.5+01:00[Europe/Berlin]", datetime(2024, 3, 1, 9, 0, 0, 500_000)),
        ("2024-07-01T10:00[Europe/Berlin]", datetime(2024, 7, 1, 8)),
        ("2024-03-01T10:00Z[UTC]", datetime(2024, 3, 1, 10)),
        ("Fri Mar 01 2024 10:00:00 GMT+0800 (China Standard Time)", datetime(2024, 3, 1, 2)),
        ("Fri Mar 01 2024 10:00:00 GMT+0800 (中国标准时间)", datetime(2024, 3, 1, 2)),
        ("Fri, 01 Mar 2024 10:00:00 +0000 (UTC)", datetime(2024, 3, 1, 10)),
        ("01.03.2024 10:00 CET", datetime(2024, 3, 1, 9)),
        ("2024-03-01 10:00 Asia/Shangai", None),
        ("2024-03-01 10:00 (local time)", None),
        ("2024-03-01 10:00+99:00", None),
    ],
)
def test_zones_are_read_by_name_and_as_javascript_writes_them(text: str, moment: datetime | None) -> None:
    assert read_time(text) == moment
    if moment is not None:
        assert infer(pl.DataFrame({"at": [text] * 3}))[0].kind == "time"


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2024-03-01 10:00", "Asia/Shanghai", datetime(2024, 3, 1, 10)),
        ("2024-03-01", "Asia/Shanghai", datetime(2024, 3, 1)),
        ("2024-03-01T02:00:00Z", "Asia/Shanghai", datetime(2024, 3, 1, 10)),
        ("2024-03-01 10:00 CST", "Asia/Shanghai", datetime(2024, 3, 1, 10)),
        ("2024-01-01 10:00 CST", "America/Chicago", datetime(2024, 1, 1, 10)),
        ("2024-07-01 10:00 CST", "America/Chicago", datetime(2024, 7, 1, 11)),
        ("2024-03-01 10:00 IST", "Asia/Shanghai", None),
        ("2024-03-01 10:00 Europe/Berlin", "Europe/Berlin", datetime(2024, 3, 1, 10)),
    ],
)
def test_all_moments_are_read_on_the_clock_of_the_contract(text: str, zone: str, moment: datetime | None) -> None:
    assert read_time(text, zone=zone) == moment
    assert convert(pl.Series([text]), Column("at", "time", "", {"zone": zone}))[0].to_list() == [moment]
    if moment is not None:
        assert columns({"at": "time"}, [{"at": text}], {"at": {"zone": zone}})[0]["at"] == [moment]


def test_numbers_and_typed_moments_are_shown_on_that_clock_too() -> None:
    east = {"at": {"zone": "Asia/Shanghai", "numbers": "epoch"}}
    for value in (1709258400, "1709258400", datetime(2024, 3, 1, 2, tzinfo=UTC), datetime(2024, 3, 1, 10)):
        assert columns({"at": "time"}, [{"at": value}], east)[0]["at"] == [datetime(2024, 3, 1, 10)]


def test_what_comes_too_late_is_found_on_one_clock(product: Callable[..., Contract]) -> None:
    table = "text,at,shipped,label\n" + "".join(
        f"order {i} of mine,2024-03-{1 + i % 28:02d} 10:{i % 60:02d},2024-03-{1 + i % 28:02d}T04:10:00Z,{'ab'[i % 2]}\n"
        for i in range(60)
    )
    for zone, late in (({}, 0), ({"zone": "Asia/Shanghai"}, 1)):
        contract = product({"rows.csv": table}, target="label", time="at", **zone)
        loaded = load(contract)
        assert loaded.dataset.frame["at"][0] == datetime(2024, 3, 1, 10)
        codes = [found.code for found in check(contract, loaded)]
        assert (codes.count("later_columns"), codes.count("unsaid_zones")) == (late, 1 - late)


def test_a_zone_that_nobody_knows_is_refused_where_it_stands(product: Callable[..., Contract]) -> None:
    for zone, fix in (("Asia/Shangai", "Asia/Shanghai"), ("CST", "Asia/Shanghai"), ("+08:00", "Asia/Shanghai")):
        with pytest.raises(UserError, match="E052") as caught:
            product({"rows.csv": "a,b\n1,2\n"}, target="b", zone=zone)
        assert (caught.value.where, fix in caught.value.fix()) == ("product.yaml:5:9", True)


def test_the_contract_says_what_dates_mean_that_do_not_say_themselves(product: Callable[..., Contract]) -> None:
    table = "at,born,shown,label\n" + "".join(
        f"{1 + i % 12:02d}/{1 + i % 7:02d}/2024,{1 + i % 5}/{1 + i % 9}/1980,{1 + i % 28}/3/2023,{'ab'[i % 2]}\n"
        for i in range(60)
    )
    with pytest.raises(UserError) as caught:
        load(product({"rows.csv": table}, target="label", time="at"))
    assert (caught.value.code, "data.dates: day-month" in caught.value.fix()) == ("E113", True)
    for dates, last in (("day-month", 7), ("month-day", 12)):
        loaded = load(product({"rows.csv": table}, target="label", time="at", dates=dates))
        orders = {column.name: (column.kind, column.notation.get("order")) for column in loaded.columns}
        assert orders["at"] == orders["born"] == ("time", dates)
        assert orders["shown"] == ("time", "day-month")  # its own dates say so
        assert loaded.dataset.frame["at"].dt.month().max() == last


def test_dates_that_do_not_fit_what_was_said_of_their_order_are_named() -> None:
    days = [f"{1 + i % 12}/{1 + i}/2024" for i in range(28)]
    said = infer(pl.DataFrame({"seen": [*days, "31/01/2024"]}), dates="month-day")[0]
    assert (said.kind, said.why.en.split(";")[0]) == ("text", "28 of 29 values are dates")


def test_moments_as_programs_write_them_are_not_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = datetime(2024, 1, 1)
    values = pl.Series([*((first + timedelta(minutes=i)).isoformat(" ") for i in range(2_000)), "1.2.2024", "soon"])
    read: list[str] = []
    monkeypatch.setattr(moments, "read_time", lambda text, order: read.append(text) or read_time(text, order))
    nearly = nearly_times(values)
    assert nearly is not None
    assert (nearly.dates, nearly.of, nearly.others.to_list()) == (2_001, 2_002, ["soon"])
    assert len(read) < 500
