"""Rows that follow each other in time and err alike never count as so many draws."""

from __future__ import annotations

import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.signal import lfilter

from zhinan.proof import Measurement, judge
from zhinan.proof.series import Series, block_length, places_in_time, settled, time_blocks

Floats = npt.NDArray[np.float64]


def autoregressive(n: int, rho: float, seed: int = 0) -> Floats:
    steps = np.random.default_rng(seed).normal(size=n)
    steps[1:] *= math.sqrt(1 - rho * rho)
    found: Floats = lfilter([1.0], [1.0, -rho], steps)
    return found


def rates(right: npt.NDArray[np.bool_], *, least: int = 1, signs: tuple[Floats, ...] = ()) -> Measurement:
    """A rate of rows that stand in the order of time."""

    def by(codes: npt.NDArray[np.int64]) -> Measurement:
        return Measurement.count(right, codes)

    plain = Measurement.count(right)
    return replace(plain, evidence=Series(plain.evidence, by, np.arange(right.size), signs, least))


@pytest.mark.parametrize(("rho", "best"), [(0.3, 40.3), (0.5, 64.4), (0.8, 143.6)])
def test_a_block_is_twice_as_long_as_the_best_one_of_an_ar1_process(rho: float, best: float) -> None:
    # Politis & White (2004), corrected 2009: b = (2 G² n / D)^(1/3), of AR(1) G/g(0) = 2ρ/(1 − ρ²) and D = 4/3 g(0)²
    n = 100_000
    assert (1.5 * (2 * rho / (1 - rho**2)) ** 2 * n) ** (1 / 3) == pytest.approx(best, abs=0.06)
    found = [block_length(autoregressive(n, rho, seed)) for seed in range(8)]
    assert np.mean(found) == pytest.approx(2 * best, rel=0.1)


def test_values_that_are_drawn_alone_are_a_block_each_but_for_the_share_that_is_doubted() -> None:
    rng = np.random.default_rng(0)
    found = [block_length(rng.random(500) < 0.9, doubt) for doubt in (0.05, 0.01) for _ in range(1_000)]
    alone = np.reshape([one == 1 for one in found], (2, -1)).mean(axis=1)
    assert alone == pytest.approx([0.95, 0.99], abs=0.02)


def test_values_that_alternate_or_never_differ_are_a_block_each() -> None:
    assert block_length(np.arange(200) % 2) == 1
    assert block_length(np.zeros(200)) == 1
    assert block_length(np.arange(12.0)) == 1  # too few to tell
    assert block_length([]) == 1


@given(hnp.arrays(np.float64, st.integers(0, 300), elements=st.floats(-1e6, 1e6)))
def test_a_block_is_never_empty_nor_longer_than_all_values(values: Floats) -> None:
    assert 1 <= block_length(values) <= max(values.size, 1)


def test_no_bound_is_nearer_than_without_the_order_in_time_and_none_farther_where_rows_are_not_alike() -> None:
    alike, alone = rates(autoregressive(2_000, 0.9) < 1), rates(autoregressive(2_000, 0.0) < 1)
    for measured in (alike, alone):
        series = measured.evidence
        assert isinstance(series, Series)
        for delta in (0.05, 0.006):
            assert series.lower(delta) <= series.plain.lower(delta)
            assert series.upper(delta) >= series.plain.upper(delta)
    assert isinstance(alike.evidence, Series)
    assert isinstance(alone.evidence, Series)
    assert (alone.evidence.length, alone.evidence.lower(0.05)) == (1, alone.evidence.plain.lower(0.05))
    assert settled(alone) is alone
    assert 40 < alike.evidence.length < 250
    assert 2_000 / 30 < alike.evidence.worth(0.05) < 2_000 / 5
    assert settled(alike).bound.endswith(f" blocks of {alike.evidence.length} rows by time")
    assert alike.needed(">=", 0.8, 0.05) > 2 * Measurement.count(autoregressive(2_000, 0.9) < 1).needed(">=", 0.8, 0.05)  # type: ignore[operator]


def test_rows_that_are_alike_for_too_long_prove_nothing() -> None:
    right = np.repeat(np.random.default_rng(0).random(15) < 0.9, 60)
    verdict = judge("accuracy >= 50%", ">=", 0.5, rates(right), delta=0.05, lines=1, on="sealed")
    assert judge("accuracy >= 50%", ">=", 0.5, Measurement.count(right), delta=0.05, lines=1, on="sealed").verdict == (
        "PROVED"
    )
    assert verdict.verdict == "UNDECIDED"
    assert "10 are needed" in verdict.why


def test_what_hardly_errs_is_told_by_other_signs_or_by_other_rows_of_the_series() -> None:
    flawless = np.ones(600, bool)
    assert settled(rates(flawless)).lower(0.05) == Measurement.count(flawless).lower(0.05)
    told = rates(flawless, signs=(autoregressive(600, 0.8),)).evidence
    assert isinstance(told, Series)
    assert told.length > 10
    assert told.lower(0.05) == pytest.approx(0.05 ** (1 / told.blocks), abs=0.01)
    dev = rates(flawless, least=20).evidence
    assert isinstance(dev, Series)
    assert (dev.length, dev.blocks) == (20, 30)


def test_a_comparison_of_the_same_rows_goes_by_blocks_of_all_rows() -> None:
    moment = np.random.default_rng(0).permutation(1_000)
    apart = autoregressive(1_000, 0.9)[moment]
    assert np.array_equal(places_in_time(moment), moment)
    every, half = time_blocks(moment, apart), np.flatnonzero(moment % 2)
    some = time_blocks(moment, apart[half], half)
    assert every is not None
    assert some is not None
    length = int(np.bincount(every).max())
    assert np.array_equal(every, moment // length)
    assert np.bincount(some)[0] == pytest.approx(length / 2, rel=0.4)  # of every second row as long a stretch
    assert time_blocks(moment, autoregressive(1_000, 0.0)) is None


def test_rows_of_one_moment_are_not_alike_because_the_file_sorts_them() -> None:
    rng = np.random.default_rng(0)
    days = np.repeat(np.arange(20), 100)
    wrong = rng.random(2_000) < np.tile(np.repeat([0.05, 0.4], 50), 20)  # of each day class a before class b
    assert time_blocks(days, wrong) is None
    assert time_blocks(np.arange(2_000), wrong) is not None
    assert np.array_equal(np.sort(places_in_time(days).reshape(20, 100)).ravel(), np.arange(2_000))


def test_a_line_a_hair_above_the_truth_is_proved_no_more_often_than_promised(root: Path) -> None:
    erring = runpy.run_path(str(root / "benchmarks" / "proof_series.py"))["erring"]
    rows = list(erring("a share of 80 %", 300, 120, (0.0, 0.8)))
    assert len(rows) == 3  # of rows that are not alike also what is lost
    assert all(row["held"] for row in rows), rows
