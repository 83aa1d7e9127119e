"""Latency quantiles: the golden counts, honest error rates, and no verdict from a noisy machine."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from zhinan.proof import Measurement, judge, requests_for, slower_allowed


@pytest.mark.parametrize(("slower", "requests"), [(0, 59), (1, 93), (2, 124), (3, 153), (4, 181)])
def test_the_golden_requests_for_p95_at_95_percent(slower: int, requests: int) -> None:
    assert requests_for(slower, 0.95, 0.05) == requests
    assert slower_allowed(requests, 0.95, 0.05) == slower
    assert slower_allowed(requests - 1, 0.95, 0.05) == slower - 1


@pytest.mark.parametrize(("slower", "requests"), [(0, 59), (1, 93), (4, 181)])
def test_a_measured_quantile_obeys_the_same_counts(slower: int, requests: int) -> None:
    times = np.where(np.arange(requests) < slower, 0.050, 0.010)
    assert Measurement.quantile(times, 0.95).upper(0.05) == 0.010
    assert Measurement.quantile(times[: requests - 1], 0.95).upper(0.05) > 0.010


def test_too_few_requests_bound_nothing_from_above() -> None:
    assert Measurement.quantile(np.full(58, 0.01), 0.95).upper(0.05) == math.inf
    verdict = judge("p95", "<=", 1.0, Measurement.quantile(np.full(58, 0.01), 0.95), delta=0.05, lines=1, on="measured")
    assert (verdict.verdict, verdict.bound, verdict.to_decide) == ("UNDECIDED", None, {"requests": 1})


@pytest.mark.parametrize("q", [0.5, 0.95, 0.99])
def test_quantile_bounds_miss_no_more_than_promised(q: float) -> None:
    rng = np.random.default_rng(0)
    truth, streams = stats.lognorm(0.5).ppf(q), 300
    measured = [Measurement.quantile(rng.lognormal(0, 0.5, 500), q) for _ in range(streams)]
    allowed = stats.binom.ppf(0.99, streams, 0.05)
    assert sum(m.upper(0.05) < truth for m in measured) <= allowed
    assert sum(m.lower(0.05) > truth for m in measured) <= allowed
    assert all(m.lower(0.05) <= m.value <= m.upper(0.05) for m in measured)


def test_blocks_that_are_alike_inside_make_the_bound_wider() -> None:
    rng = np.random.default_rng(1)
    blocks = np.repeat(np.arange(12), 50)
    truth, streams, careless, careful = 0.95, 250, 0, 0
    for _ in range(streams):
        slow = rng.random(600) < rng.beta(0.05 * 9, 0.95 * 9, 12)[blocks]
        times = np.where(slow, 1.0 + rng.random(600), rng.random(600))
        careless += Measurement.quantile(times, truth).upper(0.05) < 1.0
        careful += Measurement.quantile(times, truth, blocks).upper(0.05) < 1.0
    assert careful <= stats.binom.ppf(0.99, streams, 0.05) < careless


def test_blocks_more_than_twice_apart_refute_nothing_and_prove_only_what_holds_in_each() -> None:
    blocks = np.repeat(np.arange(10), 40)
    measured = Measurement.quantile(0.005 * np.random.default_rng(3).lognormal(0, 1, 400), 0.95, blocks)
    assert "not quiet" in str(measured.reason)
    for target in (0.001, 0.025):
        noisy = judge("p95", "<=", target, measured, delta=0.05, lines=1, on="measured")
        assert noisy.verdict == "UNDECIDED"
        assert "not quiet" in noisy.why
    assert judge("p95", "<=", 0.2, measured, delta=0.05, lines=1, on="measured").verdict == "PROVED"
    quiet = np.where(blocks == 3, 0.019, 0.010) + np.arange(400) * 1e-9
    assert Measurement.quantile(quiet, 0.95, blocks).reason is None


def test_ten_blocks_are_needed() -> None:
    times = np.random.default_rng(2).normal(0.01, 0.001, 360)
    assert (
        Measurement.quantile(times, 0.95, np.repeat(np.arange(9), 40)).reason == "measured in 9 blocks, 10 are needed"
    )
    assert Measurement.quantile(times, 0.95, np.repeat(np.arange(10), 36)).reason is None


def test_a_line_that_fails_clearly_is_refuted_and_one_that_holds_is_proved() -> None:
    times = np.random.default_rng(3).normal(0.010, 0.001, 500)
    verdicts = {
        target: judge(
            "p95", "<=", target, Measurement.quantile(times, 0.95), delta=0.05, lines=4, on="measured"
        ).verdict
        for target in (0.010, 0.0116, 0.013)
    }
    assert verdicts == {0.010: "REFUTED", 0.0116: "UNDECIDED", 0.013: "PROVED"}


def test_no_time_or_a_time_that_is_no_number_decides_nothing() -> None:
    for times in ([], [float("nan")] * 100):
        assert judge(
            "p95", "<=", 9.0, Measurement.quantile(times, 0.95), delta=0.05, lines=1, on="measured"
        ).verdict == ("UNDECIDED")
