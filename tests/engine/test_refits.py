"""Refits: beginnings that keep the classes' shares, forecasts that keep the budget, nothing fitted twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core import Block, Candidate, Encoded
from zhinan.engine import refits as room
from zhinan.engine.refits import Refits, joined, some, spread_out
from zhinan.store import Blobs

Put = Callable[..., None]


def candidate(**params: Any) -> Candidate:
    return Candidate("slow", "frozen", ("made-up",), (), {}, ("a", "b"), np.zeros((1, 2)), params or {"l2": (1.0,)})


def part(rows: int, seed: int = 0) -> Encoded:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(rows, 3)).astype(np.float32)
    return Encoded((Block("made-up", values, None),), draw.integers(0, 2, rows), ("a", "b"))  # type: ignore[arg-type]


class Clock:
    """Time that passes only while something is fitted: `each` seconds a row."""

    def __init__(self, each: float) -> None:
        self.now, self.each = 1000.0, each
        self.fitted: list[int] = []

    def perf_counter(self) -> float:
        return self.now

    def recipe(self, train: Encoded, dev: Encoded, *, budget: float, **params: Any) -> Candidate:
        self.now += self.each * len(train)
        self.fitted.append(len(train))
        return candidate(**params)


@pytest.fixture
def clock(registered: Put, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Clock]:
    def start(each: float) -> Clock:
        made = Clock(each)
        registered("recipe", "slow", made.recipe, level="frozen", tasks=("classify",))
        monkeypatch.setattr(room, "time", made)
        return made

    return start


@settings(max_examples=80)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=200), st.integers(0, 50))
def test_every_beginning_has_the_classes_in_their_shares(labels: list[int], seed: int) -> None:
    target = np.array(labels)
    order = spread_out(target, seed)
    assert sorted(order.tolist()) == list(range(len(labels)))
    counts = np.bincount(target, minlength=6)
    seen = np.cumsum(np.eye(6)[target[order]], axis=0)
    expected = np.arange(1, len(labels) + 1)[:, None] / len(labels) * counts
    assert np.abs(seen - expected).max() <= 3


def test_what_belongs_to_one_person_stays_together() -> None:
    units = [f"u{i % 7}" for i in range(50)]
    order = spread_out(np.zeros(50, int), 0, units)
    said = [units[i] for i in order]
    assert sorted(order.tolist()) == list(range(50))
    assert len({(a, b) for a, b in itertools.pairwise(said) if a != b}) == 6


def test_parts_are_taken_and_put_together_in_order() -> None:
    one, other = part(5), part(3, seed=1)
    both = joined(one, other)
    assert len(both) == 8
    again = some(both, np.arange(5, 8))
    assert np.array_equal(again.blocks[0].values, other.blocks[0].values)
    assert np.array_equal(again.target, other.target)
    bound = joined(replace(one, units=np.array([0, 0, 1, 2, 2])), other)
    assert bound.units is not None
    assert len(set(bound.units[:5])) == 3
    assert len(set(bound.units)) == 6, "parts of a split share no unit"
    assert some(bound, np.array([0, 1])).units is not None


def test_forecasts_come_from_the_fits_there_were_and_are_never_too_short(tmp_path: Path, clock: Any) -> None:
    time = clock(0.01)
    refits = Refits(candidate(), part(4000), part(500), Blobs(tmp_path), until=time.now + 60, climbed=20.0)
    assert refits.forecast([100]) == 5.0, "nothing was seen yet"
    assert refits.refused([100] * 13) is not None
    refits.fit(some(refits.train, np.arange(400)), refits.dev)
    assert 0.01 * 5000 <= refits.forecast([1000, 4000]) < 2 * 0.01 * 5000
    assert refits.left == pytest.approx(60 - 4)
    refits.fit(some(refits.train, np.arange(2000)), refits.dev)
    assert refits.forecast([4000]) == pytest.approx(40)
    assert refits.forecast([1000]) == pytest.approx(20), "a smaller fit is taken to last as long as the next larger one"
    assert refits.refused([2000]) is None
    refused = refits.refused([4000])
    assert refused is not None
    assert "forecast 40 s, 36 s" in refused.en


def test_fits_that_last_alike_whatever_their_size_are_forecast_so(tmp_path: Path, clock: Any) -> None:
    time = clock(0.0)
    refits = Refits(candidate(), part(4000), part(500), Blobs(tmp_path), until=time.now + 60)
    for rows in (100, 400):
        time.each = 5 / rows
        refits.fit(some(refits.train, np.arange(rows)), refits.dev)
    assert refits.forecast([800]) < 7


def test_what_is_kept_is_found_for_the_same_candidate_and_data_only(tmp_path: Path, clock: Any) -> None:
    clock(0.0)

    def at(key: str, **params: Any) -> Refits:
        return Refits(candidate(**params), part(10), part(5), Blobs(tmp_path), 0.0, key)

    at("data").keep("curve", errors=np.array([1.0, 2.0]))
    held = at("data").recall("curve")
    assert held is not None
    assert held["errors"].tolist() == [1.0, 2.0]
    assert at("other").recall("curve") is None
    assert at("data", l2=(2.0,)).recall("curve") is None
    assert at("data").recall("another") is None
