"""An edit of a contract is told line by line: added, tightened, loosened, removed or the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.contract import Contract, parse, parse_line
from zhinan.contract.diff import Change, compare, follows


def contract(*must: str, should: tuple[str, ...] = ()) -> Contract:
    text = "product: p\ndata: m.csv\ntarget: t\nmust:\n" + "".join(f"  - {line}\n" for line in must)
    return parse(text + ("should:\n" + "".join(f"  - {line}\n" for line in should) if should else ""))


def test_each_line_is_told_in_the_new_order_and_what_is_gone_comes_last() -> None:
    old = contract("accuracy >= 90%", "recall[card] >= 80%", "gap(recall, by=channel) <= 15 pt", "size <= 60 MB")
    new = contract("size <= 60000 KB", "gap(recall, by=channel) <= 20 pt", "accuracy >= 92%", "macro_f1 >= 70%")
    assert compare(old, new) == (
        Change("size <= 60000 KB", "same", "size <= 60 MB"),
        Change("gap(recall, by=channel) <= 20 pt", "loosened", "gap(recall, by=channel) <= 15 pt"),
        Change("accuracy >= 92%", "tightened", "accuracy >= 90%"),
        Change("macro_f1 >= 70%", "added", None),
        Change("recall[card] >= 80%", "removed", "recall[card] >= 80%"),
    )
    assert compare(old, old)[0].as_dict() == {"line": "accuracy >= 90%", "change": "same", "was": "accuracy >= 90%"}


def test_a_must_that_becomes_a_should_is_removed() -> None:
    changes = compare(
        contract("accuracy >= 90%", "size <= 1 MB"), contract("size <= 1 MB", should=("accuracy >= 90%",))
    )
    assert [(change.line, change.change) for change in changes] == [
        ("size <= 1 MB", "same"), ("accuracy >= 90%", "removed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "line", "expected"),
    [
        ("accuracy >= 90%", "accuracy >= 90%", True),
        ("accuracy >= 90%", "accuracy >= 85%", True),
        ("accuracy >= 85%", "accuracy >= 90%", False),
        ("latency_p95 <= 20 ms", "latency_p95 <= 0.03 s", True),
        ("latency_p95 <= 20 ms", "latency_p95 <= 10 ms", False),
        ("recall[card] >= 90%", "recall[login] >= 80%", False),
        ("recall[card] >= 90%", "precision[card] >= 80%", False),
        ("accuracy[channel=app] >= 90%", "accuracy >= 80%", False),
        ("gap(recall, by=channel) <= 5 pt", "gap(precision, by=channel) <= 10 pt", False),
    ],
)
def test_a_line_follows_only_from_the_same_measurement_with_a_target_no_looser(
    earlier: str, line: str, expected: bool
) -> None:
    meaning = parse_line(earlier).meaning()
    assert follows(meaning, parse_line(line)) is expected
    assert follows(json.loads(json.dumps(meaning)), parse_line(line)) is expected


@given(st.integers(1, 99), st.integers(1, 99))
def test_there_and_back_is_tightened_and_loosened(one: int, two: int) -> None:
    first, second = contract(f"accuracy >= {one}%"), contract(f"accuracy >= {two}%")
    there, back = compare(first, second)[0].change, compare(second, first)[0].change
    expected = ("same", "same") if one == two else ("tightened", "loosened") if two > one else ("loosened", "tightened")
    assert (there, back) == expected
