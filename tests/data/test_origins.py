"""Lineage: every row of the files is accounted for once, at the line where it really stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import lineage, load, split

Product = Callable[..., Contract]
pytestmark = pytest.mark.usefixtures("quick")

MESSAGES = [
    f"message about the parcel {word} and nothing else" for word in ("one", "two", "six", "ten", "lost", "late")
]
LINE = st.tuples(
    st.sampled_from([*MESSAGES, "", "short", "thank you"]), st.sampled_from(["a", "b", ""]), st.sampled_from("pqrs")
)


def known(contract: Contract) -> tuple[pl.DataFrame, Any, Any]:
    loaded = load(contract)
    made = split(contract, loaded)
    return lineage(loaded, made, lambda who: f"code of {who}"), loaded, made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(LINE, min_size=6, max_size=40), st.lists(LINE, max_size=8), st.booleans(), st.booleans())
def test_every_row_is_accounted_for_once_at_its_own_line(
    product: Product, lines: list[Any], tested: list[Any], person: bool, broken: bool
) -> None:
    filler = [(f"a question that is number {n}", "ab"[n % 2], f"p{n}") for n in range(60)]
    files = {}
    for name, rows in (("rows.csv", [*lines, *filler]), ("test.csv", [*tested, *filler[:20]] if tested else [])):
        if rows:
            files[name] = "message,label,who\n" + "".join(",".join(row) + "\n" for row in rows)
    if broken:
        files["rows.csv"] += "too,many,values,here\n"
    contract = product(files, target="label", inputs="{message: text}", **({"person": "who"} if person else {}))
    try:
        rows, loaded, made = known(contract)
    except UserError as error:
        assume(error.code != "E108")  # too many rejected: nothing was read
        raise
    assert rows.height == loaded.rows
    assert rows.select("file", "line").is_unique().all()
    for name, content in files.items():
        stands = content.splitlines()
        mine = rows.filter(pl.col("file") == name)
        assert sorted(mine["line"]) == list(range(2, len(stands) + 1))
        for line, who, part in mine.select("line", "person", "part").iter_rows():
            if person and part in ("train", "dev", "sealed"):
                assert who == f"code of {stands[line - 1].split(',')[2]}"
    for part in ("train", "dev", "sealed"):
        mine = rows.filter(pl.col("part") == part)
        assert Counter(row.hex() for row in mine["row"]) == Counter(getattr(made, part).values("_row"))
        for file, line, row in mine.select("file", "line", "row").iter_rows():
            message = files[file].splitlines()[line - 1].split(",")[0]
            held = getattr(made, part).frame.filter(pl.col("_row") == row.hex())["message"]
            assert set(held) == {message}


def reasons(rows: pl.DataFrame) -> set[tuple[str, str]]:
    return set(rows.select("part", "why").unique().iter_rows())


def test_each_reason_is_told(product: Product) -> None:
    body = "".join(f"a question that is number {n},{'ab'[n % 2]},p{n}\n" for n in range(60))
    head = "message,label,who\n"
    again = "".join(f"the very same {n} words again,a,p1\n" * 2 for n in range(8))  # some stand in train
    twice = again + "unlabeled words,,p2\n" * 2 + "one,too,many,values\n"
    overlap = "a question that is number 3 !,a,p9\na question that is number 4,a,p9\n"
    tested = product(
        {"rows.csv": head + body + twice + overlap, "test.csv": head + "".join(body.splitlines(keepends=True)[:20])},
        target="label",
    )
    rows, _, _ = known(tested)
    assert {
        ("train", "hash"), ("dev", "hash"), ("sealed", "test file"), ("left out", "duplicate"), ("left out", "overlap"),
        ("pool", "no label"), ("left out", "repeats another row"), ("rejected", "rejected"),
    } <= reasons(rows)  # fmt: skip
    assert rows.filter(pl.col("part") == "rejected")["reason"].null_count() == 0
    grouped, _, _ = known(product({"rows.csv": head + body}, target="label", inputs="{message: text}", person="who"))
    assert reasons(grouped) == {(part, "person") for part in ("train", "dev", "sealed")}
    dated = head.replace("who", "at") + "".join(
        f"a question that is number {n},{'ab'[n % 2]},2026-01-{n % 28 + 1:02}\n" for n in range(60)
    )
    timed, _, _ = known(product({"rows.csv": dated}, target="label", inputs="{message: text}", time="at"))
    assert {why for _, why in reasons(timed)} == {"time"}


def test_a_row_with_a_new_label_is_found_by_its_old_id_and_its_new_one(product: Product) -> None:
    body = "".join(f"a question that is number {n},{'ab'[n % 2]}\n" for n in range(60))
    contract = product({"rows.csv": "message,label\n" + body}, target="label")
    loaded = load(contract)
    before = split(contract, loaded)
    row = before.train.values("_row")[0]
    loaded = replace(loaded, labels={row: "b"})
    made = split(contract, loaded)
    rows = lineage(loaded, made, str)
    (now,) = rows.filter(pl.col("row") == bytes.fromhex(row))["now"]
    assert now.hex() in made.train.values("_row")
    assert rows["now"].null_count() == rows.height - 1
