"""What makes large files quick changes no meaning: moments read a column at a time, units named and drawn as before."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.data import load, split
from zhinan.data.masking import masked
from zhinan.data.notations import order_of, plain_times
from zhinan.data.places import draws
from zhinan.steps.mask import redact
from zhinan.steps.values.orders import AmbiguousDateError
from zhinan.steps.values.times import day_month_order, read_time

Product = Callable[..., Contract]

TWO = st.integers(0, 65).map("{:02}".format)
MOMENTS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["1999", "2024", "0000", "2900"]), st.just("-"), TWO, st.just("-"), TWO,
        st.sampled_from(["", " ", "T", "  "]), st.one_of(st.just(""), st.builds("{}:{}".format, TWO, TWO)),
        st.sampled_from(["", ":00", ":59", ":60", ":07.5", ":07.1234567"]), st.sampled_from(["", "Z", "+08:00", "x"]),
    ),
)  # fmt: skip

SLASHED = st.builds(
    "{}{}{}{}{}{}".format, st.integers(0, 32), st.sampled_from("/-."), st.integers(0, 32), st.sampled_from("/-"),
    st.sampled_from(["1999", "0024", "24", "2024"]), st.sampled_from(["", " 9:05", " 23:59:59", " 24:00", " 7:5"]),
)  # fmt: skip


@given(st.lists(st.none() | MOMENTS | SLASHED | st.dates().map(str), min_size=1, max_size=8))
def test_a_column_of_moments_is_read_as_each_of_them(texts: list[str | None]) -> None:
    for order, zone in (("", ""), ("day-month", ""), ("month-day", "Asia/Shanghai")):
        for text, found in zip(texts, plain_times(pl.Series(texts, dtype=pl.String), order, zone), strict=True):
            assert found is None or (text is not None and found == read_time(text, order, zone=zone)), text
    assert plain_times(pl.Series(["2024-02-29 23:59:59", "2024-02-29T01:02Z", "1999-12-31"])).null_count() == 0


@given(st.lists(SLASHED, min_size=1, max_size=6), st.sampled_from(["", "day-month"]))
def test_what_day_and_month_mean_is_told_by_a_column_as_by_each_of_its_dates(texts: list[str], said: str) -> None:
    def told(order: Callable[..., str], dates: Any) -> str:
        try:
            return order(dates, said)
        except AmbiguousDateError as error:
            return error.example

    assert told(order_of, pl.Series(texts)) == told(day_month_order, texts)


@given(st.text("0123456789 -x()", max_size=14))
def test_bare_digits_are_passed_over_only_where_no_number_is(text: str) -> None:
    hidden, _ = masked(pl.DataFrame({"x": [text]}), {"x": "id"}, ("phone", "landline"), target=None, person=None)
    assert hidden["x"].to_list() == [redact(text, ("phone", "landline"))]
    assert redact(text, ("phone",)) == redact(text + "\u3000", ("phone",)).removesuffix("\u3000")


def test_the_place_of_a_unit_never_changes_between_releases() -> None:
    secret = hashlib.blake2b(b"shop", digest_size=32).digest()
    drawn = hashlib.blake2b("卡丢了\x1fx".encode(), digest_size=16, key=secret).digest()
    first, second = draws("shop", pl.Series(["卡丢了\x1fx"]))
    assert first[0] == (int.from_bytes(drawn[:8], "big") >> 11) / 2.0**53
    assert second[0] == (int.from_bytes(drawn[8:], "big") >> 11) / 2.0**53


def test_of_more_than_may_be_held_a_part_is_drawn_by_content_and_every_row_is_counted(product: Product) -> None:
    rows = [f"{'a long message about a parcel ' * 4}{i % 300},{'ab'[i % 2]}" for i in range(600)]
    held = []
    for order in (rows, rows[::-1]):
        contract = product({"rows.csv": "\n".join(["text,label", *order])}, target="label", most="0.08 MB")
        loaded = load(contract)
        assert 150 < len(loaded.dataset) < 550
        assert loaded.aside + loaded.accepted == loaded.rows == 600
        assert {found.code: found.count for found in loaded.findings}["set_aside"] == loaded.aside
        assert split(contract, loaded).counts["aside"] == loaded.aside
        held.append(sorted(loaded.dataset.values("_row")))
    assert held[0] == held[1]
    assert set(map(held[0].count, held[0])) == {2}  # the two rows of one content are both there
    assert load(product({"rows.csv": "\n".join(["text,label", *rows])}, target="label")).aside == 0


def test_of_more_than_may_be_held_nobodys_rows_are_drawn_in_part(product: Product, tmp_path: Path) -> None:
    long = "a long message about a parcel "
    lines = [f"p{i % 97},{long * (i % 2 * 9)}{i},{'ab'[i % 2]}" for i in range(970)]
    lines += [f",a message by nobody {'and so on ' * 9}{i},{'ab'[i % 2]}" for i in range(30)]
    (tmp_path / "more.csv").write_text("\n".join(["who,text,label", *lines[1::2]]), "utf-8")  # half of everybody's
    files = {"some.csv": "\n".join(["who,text,label", *(line.replace(",", " ,", 1) for line in lines[::2])])}
    contract = product(files, source="[some.csv, more.csv]", target="label", person="who", most="0.1 MB")
    frame = pl.DataFrame([dict(zip(("who", "text", "label"), line.split(","), strict=True)) for line in lines])
    for asked in (contract, contract.with_rows(frame)):
        loaded = load(asked)
        assert loaded.aside + loaded.accepted == loaded.rows == 1000
        rows = Counter(loaded.dataset.values("who"))
        assert 0 < rows.pop(None) < 30
        assert 5 < len(rows) < 90
        assert set(rows.values()) == {10}
