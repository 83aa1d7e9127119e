"""Answers beside the truth: lengths agree, groups are found, and the room stays light."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import zhinan.proof
from zhinan.core import UserError
from zhinan.core.catalogue.proof import ENTRIES
from zhinan.proof import Judged, Ranked, Tagged, Valued


def test_rows_are_kept_together() -> None:
    judged = _judged()
    kept = judged.where(judged.truth == "a")
    assert len(kept) == 2
    assert kept.probability is not None
    assert kept.probability.tolist() == [[0.9, 0.1], [0.4, 0.6]]
    assert kept.columns["channel"].tolist() == ["app", "web"]
    assert {name: len(part) for name, part in judged.groups("channel").items()} == {"app": 2, "web": 1}


def test_what_does_not_fit_is_refused_by_name() -> None:
    names = np.asarray(["a", "b"])
    with pytest.raises(UserError, match="E032"):
        Judged(names, names[:1])
    with pytest.raises(UserError, match=r"E032.*channel"):
        Judged(names, names, columns={"channel": names[:1]})
    for wrong in (np.ones((2, 3)), np.asarray([[0.5, np.nan], [0.5, 0.5]]), np.full((2, 2), 1.5), np.ones(2)):
        with pytest.raises(UserError, match="E033"):
            Judged(names, names, wrong, ("a", "b"))
    with pytest.raises(UserError, match="did you mean 'channel'"):
        _judged().groups("chanel")


def test_everything_known_of_a_row_goes_where_the_row_goes() -> None:
    theirs = replace(_judged(), answer=np.asarray(["b", "b", "b"]))
    judged = replace(_judged(), handover=np.asarray([True, False, True]), matrix={"a": {"b": 3.0}}, current=theirs)
    kept = judged.where(np.asarray([False, True, True]))
    assert kept.handover is not None
    assert kept.handover.tolist() == [False, True]
    assert kept.matrix == {"a": {"b": 3.0}}
    assert kept.current is not None
    assert kept.current.truth.tolist() == ["a", "b"]
    assert [len(part.current or ()) for part in judged.groups("channel").values()] == [2, 1]


def test_numbers_tags_and_rankings_are_cut_and_grouped_like_labels() -> None:
    columns = {"shop": np.asarray(["x", "y", "x"])}
    numbers = np.asarray([1.0, 2.0, 3.0])
    flags = np.asarray([[True, False], [False, False], [True, True]])
    gains = np.asarray([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
    ideal = -np.sort(-gains, axis=1)
    for judged in (
        Valued(numbers, numbers + 1, numbers - 1, numbers + 2, {0.9: numbers + 3}, None, columns),
        Tagged(flags, flags, flags.astype(float), ("a", "b"), None, columns),
        Ranked(gains, ideal, None, columns),
    ):
        assert {name: len(part) for name, part in judged.groups("shop").items()} == {"x": 2, "y": 1}
        kept = judged.where([True, False, False])
        assert len(kept) == 1
        assert kept.columns["shop"].tolist() == ["x"]
    kept = Valued(numbers, numbers, None, None, {0.9: numbers + 3}).where([False, True, False])
    assert kept.quantiles is not None
    assert kept.quantiles[0.9].tolist() == [5.0]


def test_two_crossed_columns_make_the_groups_that_occur() -> None:
    columns = {
        "sex": np.asarray(["f", "m", "f", "m"]),
        "age": np.asarray(["old", "old", "new", "old"]),
        "a*b": np.arange(4),
    }
    labels = np.asarray(["x"] * 4)
    judged = Judged(labels, labels, columns=columns)
    assert {name: len(part) for name, part in judged.groups("sex*age").items()} == {
        "f × old": 1,
        "f × new": 1,
        "m × old": 2,
    }
    assert len(judged.groups("a*b")) == 4, "a column of that name comes first"
    with pytest.raises(UserError, match="did you mean 'age'"):
        judged.groups("sex*aeg")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Valued(np.asarray([1.0, np.nan]), np.zeros(2)),
        lambda: Valued(np.zeros(2), np.zeros(2), low=np.zeros(2)),
        lambda: Valued(np.zeros(2), np.zeros(2), quantiles={0.5: np.asarray([1.0, np.inf])}),
        lambda: Tagged(np.zeros((2, 3), bool), np.zeros((2, 2), bool), None, ("a", "b")),
        lambda: Tagged(np.zeros((2, 2)), np.zeros((2, 2), bool), None, ("a", "b")),
        lambda: Ranked(np.asarray([[-1.0]]), np.asarray([[1.0]])),
        lambda: Ranked(np.asarray([[1.0, 0.0]]), np.asarray([[0.0, 1.0]])),
    ],
)
def test_answers_that_cannot_be_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"finite|two ends|tags are|gains are|largest gain"):
        make()


def test_every_part_of_an_answer_has_a_value_for_each_row() -> None:
    two, three = np.zeros(2), np.zeros(3)
    for make in (
        lambda: Valued(two, three),
        lambda: Valued(two, two, three, three),
        lambda: Valued(two, two, quantiles={0.5: three}),
        lambda: Ranked(np.zeros((2, 1)), np.zeros((3, 1))),
        lambda: Judged(np.asarray(["a", "b"]), np.asarray(["a", "b"]), handover=np.zeros(3, bool)),
        lambda: Judged(np.asarray(["a", "b"]), np.asarray(["a", "b"]), current=_judged()),
    ):
        with pytest.raises(UserError, match="E032"):
            make()


def test_every_entry_speaks_both_languages_with_the_same_values() -> None:
    import string

    for code, entry in ENTRIES.items():
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (entry.what + entry.fix, entry.what_zh + entry.fix_zh)
        ]
        assert fields[0] == fields[1], code


def test_every_public_name_is_there_and_the_room_costs_neither_numpy_nor_scipy_to_enter() -> None:
    assert zhinan.proof.__all__ == sorted(zhinan.proof.__all__)
    for name in zhinan.proof.__all__:
        assert getattr(zhinan.proof, name).__module__.startswith("zhinan.proof.")
    with pytest.raises(AttributeError):
        _ = zhinan.proof.nothing_of_the_kind
    check = (
        "import sys, zhinan.proof; assert 'numpy' not in sys.modules;"
        "[getattr(zhinan.proof, name) for name in zhinan.proof.__all__]; assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def _judged() -> Judged:
    return Judged(
        np.asarray(["a", "a", "b"]),
        np.asarray(["a", "b", "b"]),
        np.asarray([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]]),
        ("a", "b"),
        columns={"channel": np.asarray(["app", "web", "app"])},
    )
