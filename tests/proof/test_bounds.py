"""Exact and betting bounds: goldens, scipy's own answers, and error rates that stay within their promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zhinan.proof import betting, clopper_pearson


@pytest.mark.parametrize(
    ("hits", "n", "delta", "lower"),
    [
        (460, 500, 0.05, 0.89713),
        (59, 59, 0.05, 0.95049),
        (40, 40, 0.05, 0.92784),
        (460, 500, 0.025, 0.89265),
        (72, 72, 0.025, 0.95006),
    ],
)
def test_the_golden_lower_bounds_of_the_design(hits: int, n: int, delta: float, lower: float) -> None:
    assert float(clopper_pearson(hits, n, delta)[0]) == pytest.approx(lower, abs=5e-6)


@pytest.mark.parametrize(("hits", "n"), [(0, 12), (1, 12), (7, 12), (12, 12), (460, 500), (3, 9000)])
def test_exact_bounds_are_those_of_scipy(hits: int, n: int) -> None:
    theirs = stats.binomtest(hits, n).proportion_ci(confidence_level=0.9, method="exact")
    lower, upper = clopper_pearson(hits, n, 0.05)
    assert (float(lower), float(upper)) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_many_exact_bounds_at_once_are_the_single_ones() -> None:
    hits, sizes = np.asarray([0, 5, 9, 10]), np.asarray([0, 9, 9, 400])
    lower, upper = clopper_pearson(hits, sizes, 0.01)
    alone = [clopper_pearson(h, n, 0.01) for h, n in zip(hits, sizes, strict=True)]
    assert lower.tolist() == [float(low) for low, _ in alone]
    assert upper.tolist() == [float(high) for _, high in alone]


def test_nothing_counted_bounds_nothing() -> None:
    assert [float(b) for b in clopper_pearson(0, 0, 0.05)] == [0.0, 1.0]
    assert betting([], 0.05) == (0.0, 1.0)


@given(st.integers(1, 300), st.floats(0, 1), st.floats(0.001, 0.4))
def test_a_bound_never_passes_the_value_and_widens_with_less_error(n: int, share: float, delta: float) -> None:
    hits = round(share * n)
    lower, upper = clopper_pearson(hits, n, delta)
    wider = clopper_pearson(hits, n, delta / 2)
    assert wider[0] <= lower <= hits / n <= upper <= wider[1]


def test_exact_bounds_miss_no_more_than_promised_at_any_rate() -> None:
    for n in (10, 60, 500):
        lower, upper = clopper_pearson(np.arange(n + 1), n, 0.05)
        for rate in (0.02, 0.3, 0.9, 0.95, 0.99):
            chance = stats.binom.pmf(np.arange(n + 1), n, rate)
            assert chance[lower > rate].sum() <= 0.05
            assert chance[upper < rate].sum() <= 0.05


def test_the_betting_bound_misses_no_more_than_promised() -> None:
    rng = np.random.default_rng(1)
    streams = 200
    skewed = sum(betting(rng.beta(9, 1, 200), 0.05)[0] > 0.9 for _ in range(streams))
    binary = sum(betting((rng.random(200) < 0.9) * 1.0, 0.05)[1] < 0.9 for _ in range(streams))
    assert max(skewed, binary) <= stats.binom.ppf(0.99, streams, 0.05)


def test_betting_on_persons_misses_no_more_than_promised_where_betting_on_rows_does() -> None:
    rng = np.random.default_rng(2)
    streams, by_row, by_person = 200, 0, 0
    for _ in range(streams):
        person = np.repeat(np.arange(60), rng.integers(1, 10, 60))
        scores = rng.beta(4, 1, 60)[person]
        by_row += betting(scores, 0.05)[0] > 0.8
        by_person += betting(scores, 0.05, person)[0] > 0.8
    assert by_person <= stats.binom.ppf(0.99, streams, 0.05) < by_row


def test_the_betting_bound_learns_the_spread_and_pays_for_it_no_more_than_theory_says() -> None:
    scores = np.random.default_rng(3).beta(9, 1, 2000)
    margin = scores.mean() - betting(scores, 0.05)[0]
    assert margin < 1.05 * (2 * np.log(20)) ** 0.5 * scores.std() / 2000**0.5


def test_a_bettor_against_the_bound_has_just_earned_one_over_delta() -> None:
    scores = np.random.default_rng(5).beta(4, 2, 80)
    candidate, delta = betting(scores, 0.05)[0], 0.05
    wealth, most, seen = 1.0, 0.0, [0.5]
    squares, variance = 0.25, 0.25
    for score in scores[np.random.default_rng(0).permutation(80)]:
        bet = min((2 * np.log(1 / delta) / (80 * variance)) ** 0.5, 0.75 / candidate)
        wealth *= 1 + bet * (score - candidate)
        most = max(most, wealth)
        seen.append(score)
        squares += (score - np.mean(seen)) ** 2
        variance = squares / len(seen)
    assert most == pytest.approx(1 / delta, rel=1e-6)


def test_a_score_outside_its_range_cannot_be_bet_on() -> None:
    for bad in ([0.5, 1.2], [0.5, float("nan")], [-0.1]):
        with pytest.raises(ValueError, match=r"\[0, 1\]"):
            betting(bad, 0.05)
