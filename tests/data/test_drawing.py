"""Of more rows than may be held the same are drawn whether somebody was forgotten or was never there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import Raw, load, sandbox, split
from zhinan.data.drawing import Draw, drawn_together, theirs

NAMES = ["ann", " ann", None, *(f"p{i}" for i in range(9))]
SCHEMA = {"who": pl.String, "text": pl.String}
ROWS = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.text("ab卡 ", max_size=30)), min_size=20, max_size=60)


def is_ann(name: str) -> bool:
    return name == "ann"


def places(rows: Sequence[tuple[str | None, str | None]], cuts: Sequence[int], draw: Draw) -> list[Raw]:
    """The rows as if they stood in several files."""
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    frames = [pl.DataFrame(rows[a:b], SCHEMA, orient="row") for a, b in pairwise(bounds)]
    return [Raw(frame, weight=draw.weight(frame)) for frame in frames]


def held(raws: list[Raw], draw: Draw) -> tuple[list[Any], int]:
    """The rows of others that are held, and how many are not."""
    frame = pl.concat([raw.frame for raw in raws])
    gone = theirs(frame, "who", is_ann)
    return (frame if gone is None else frame.filter(~gone)).rows(), sum(raw.aside for raw in raws)


@settings(max_examples=40)
@given(rows=ROWS, most=st.integers(300, 1200), cuts=st.lists(st.integers(0, 60), max_size=4), person=st.booleans())
def test_taking_a_person_out_leaves_what_is_drawn_of_rows_that_never_had_them(
    rows: list[tuple[str | None, str | None]], most: int, cuts: list[int], person: bool
) -> None:
    forgetting = Draw(most, "who" if person else None, is_ann)
    never = Draw(most, "who" if person else None)
    others = [row for row in rows if not person or row[0] is None or row[0].strip() != "ann"]
    one = held(drawn_together(places(rows, cuts, forgetting), forgetting), forgetting)
    other = held(drawn_together(places(others, [], never), never), never)
    assert one == other


@settings(max_examples=40)
@given(rows=ROWS, most=st.integers(300, 1200))
def test_a_smaller_part_is_a_part_of_a_larger_one_and_of_nobody_some_rows(
    rows: list[tuple[str | None, str | None]], most: int
) -> None:
    kept = []
    for bytes_held in (most, 2 * most):
        draw = Draw(bytes_held, "who")
        kept.append(held(drawn_together(places(rows, [20], draw), draw), draw)[0])
        for name in NAMES[3:]:
            assert sum(row[0] == name for row in kept[-1]) in (0, sum(row[0] == name for row in rows))
    assert all(kept[0].count(row) <= kept[1].count(row) for row in kept[0])


def test_files_with_a_forgotten_person_give_the_rows_of_files_without(
    product: Callable[..., Contract], tmp_path: Path
) -> None:
    lines = [f"{'ann' if i % 5 == 0 else f'p{i % 60}'},a message about parcel {i},{'ab'[i % 2]}" for i in range(600)]

    def loaded(rows: list[str], forgotten: Callable[[str], bool] | None) -> tuple[Contract, Any]:
        (tmp_path / "more.csv").write_text("\n".join(["who,text,label", *rows[1::2]]), "utf-8")
        files = {"some.csv": "\n".join(["who,text,label", *rows[::2]])}
        contract = product(files, source="[some.csv, more.csv]", target="label", person="who", most="0.01 MB")
        contract = replace(contract, forgotten=forgotten)
        return contract, load(contract)

    asked, one = loaded(lines, is_ann)
    plain, never = loaded([line for line in lines if not line.startswith("ann")], None)
    assert 100 < len(one.dataset) < 400
    parts, others = (split(contract, each) for contract, each in ((asked, one), (plain, never)))
    for part in ("train", "dev", "sealed"):
        assert getattr(parts, part).fingerprint == getattr(others, part).fingerprint
    assert [parts.counts[name] for name in ("fingerprint", "train", "dev", "sealed", "aside")] == [
        others.counts[name] for name in ("fingerprint", "train", "dev", "sealed", "aside")
    ]
    assert (one.aside, one.accepted) == (never.aside, never.accepted)
    assert one.rows == 600, "each is accounted for"
    assert [found.what for found in one.findings if found.code == "set_aside"] == [
        found.what for found in never.findings if found.code == "set_aside"
    ]


def test_rows_set_aside_count_where_rejected_ones_are_held_against_all(product: Callable[..., Contract]) -> None:
    lines = [f"a message about parcel {i},{i % 7},{'ab'[i % 2]}" if i % 40 else "ragged" for i in range(1200)]
    asked = {"target": "label", "inputs": "{text: text, n: number}", "most": "0.02 MB"}
    loaded = load(product({"some.csv": "\n".join(["text,n,label", *lines])}, **asked))
    assert len(loaded.rejected) == 30
    assert loaded.aside > 800
    unfit = [line.replace(",3,", ",three,") for line in lines]
    with pytest.raises(UserError) as caught:
        load(product({"some.csv": "\n".join(["text,n,label", *unfit])}, **asked))
    assert (caught.value.code, "n: " in caught.value.what()) == ("E108", True)


def test_a_file_read_in_stretches_is_drawn_from_as_one_read_at_once(tmp_path: Path) -> None:
    """A column that some stretches lack is one of each row."""
    for number, frame in enumerate((pl.DataFrame({"a": ["1", "2"]}), pl.DataFrame({"a": ["3"], "b": ["x" * 50]}))):
        frame.write_ipc(tmp_path / f"{number}.arrow", compat_level=pl.CompatLevel.oldest())
    whole = pl.DataFrame({"a": ["1", "2", "3"], "b": [None, None, "x" * 50]})
    for most in range(1, 120, 5):
        draw = Draw(most)
        frame, aside, weight = sandbox._held(sorted(tmp_path.glob("*.arrow")), draw)
        assert weight == draw.weight(whole) == 3 * 17 + 66
        assert frame.sort("a").equals(draw.drawn(whole, draw.share(weight)))
        assert aside == 3 - frame.height
        whole.head(2).select("a").write_ipc(tmp_path / "0.arrow", compat_level=pl.CompatLevel.oldest())
        whole.tail(1).write_ipc(tmp_path / "1.arrow", compat_level=pl.CompatLevel.oldest())
