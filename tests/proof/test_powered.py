"""A few labels and many guesses: as the authors compute it, honest under bad guesses, and narrower with good ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from zhinan.proof import audited, by_confidence, prediction_powered

Floats = npt.NDArray[np.float64]
STREAMS, DELTA = 600, 0.05
FEW, MOST = stats.binom.ppf([0.0001, 0.9999], STREAMS, DELTA)


@pytest.fixture(scope="module")
def small() -> tuple[Floats, Floats, Floats]:
    """Outcomes of 200 rows, their guesses, guesses for 5,000 more."""
    i, j = np.arange(200), np.arange(5000)
    labels = (i % 5 != 0) * 1.0
    near = np.clip(0.55 + 0.25 * labels + 0.3 * np.sin(7.0 * i), 0, 1)
    return labels, near, np.clip(0.55 + 0.25 * (j % 5 != 2) + 0.3 * np.sin(3.0 * j), 0, 1)


@pytest.mark.parametrize(
    ("weight", "value", "lower", "upper"),
    [
        (1.0, 0.798453, 0.755818, 0.841089),
        (None, 0.798823, 0.756608, 0.841037),
        (0.0, 0.8, 0.753477, 0.846523),
    ],
)
def test_the_interval_is_that_of_its_authors(
    small: tuple[Floats, Floats, Floats], weight: float | None, value: float, lower: float, upper: float
) -> None:
    """ppi-python 0.2.3, ppi_mean_ci(alpha=.1), which divides variances by n where we divide by n − 1."""
    found = prediction_powered(*small, 0.05, weight=weight)
    assert (found.value, found.lower, found.upper) == pytest.approx((value, lower, upper), abs=2e-4)
    assert found.n == 200


def _world(rng: np.random.Generator, n: int, skill: float) -> tuple[Floats, Floats]:
    outcome = (rng.random(n) < 0.85) * 1.0
    return outcome, np.clip(0.5 + skill * (outcome - 0.5) + rng.normal(0, 0.15, n), 0, 1)


@pytest.mark.parametrize("skill", [0.8, 0.0, -0.8])
def test_bounds_hold_whether_guesses_are_good_bad_or_upside_down(skill: float) -> None:
    rng = np.random.default_rng(1)
    missed, width = np.zeros(2), 0.0
    for _ in range(STREAMS):
        (labels, near), (_, far) = _world(rng, 400, skill), _world(rng, 4000, skill)
        found = prediction_powered(labels, near, far, DELTA)
        missed += [found.lower > 0.85, found.upper < 0.85]
        width += (found.upper - found.lower) / STREAMS
    assert (missed >= FEW / 2).all()
    assert (missed <= MOST + 0.01 * STREAMS).all()  # the normal limit is near at 400 labels
    plain = 2 * 1.645 * (0.85 * 0.15 / 400) ** 0.5
    assert width < (0.65 if skill > 0 else 1.02) * plain


def test_an_audit_that_prefers_doubtful_rows_is_unbiased_by_its_propensities() -> None:
    rng = np.random.default_rng(2)
    missed, naive = np.zeros(2), []
    for _ in range(STREAMS):
        outcome, guess = _world(rng, 3000, 0.5)
        chance = np.clip(0.4 * (1 - guess), 0.05, 1)
        rows = np.flatnonzero(rng.random(3000) < chance)
        found = audited(guess, rows, outcome[rows], chance[rows], DELTA)
        missed += [found.lower > 0.85, found.upper < 0.85]
        naive.append(outcome[rows].mean())
    assert np.mean(naive) < 0.75
    assert (missed >= FEW / 2).all()
    assert (missed <= MOST + 0.01 * STREAMS).all()


def test_groups_labelled_at_their_own_rates_are_put_together_by_size() -> None:
    labels = np.asarray([1.0, 1, 0, 1, 0, 0, 1, 0])
    mine = np.repeat(["a", "b"], 4)
    theirs = np.repeat(["a", "b"], [90, 10])
    found = prediction_powered(labels, np.zeros(8), np.zeros(100), 0.05, strata=(mine, theirs))
    share = 94 / 108
    assert found.value == pytest.approx(share * 0.75 + (1 - share) * 0.25)
    variance = (share**2 + (1 - share) ** 2) * 0.25 / 4
    assert found.upper - found.value == pytest.approx(1.6449 * variance**0.5, abs=1e-4)


def test_confidence_says_what_to_expect_of_calibrated_answers() -> None:
    rng = np.random.default_rng(3)
    missed = np.zeros(2)
    for _ in range(STREAMS):
        sure = rng.beta(8, 1, 500)
        right = float((rng.random(500) < sure).mean())
        found = by_confidence(sure, DELTA)
        missed += [found.lower > right, found.upper < right]
    assert (missed >= FEW).all()
    assert (missed <= MOST + 0.01 * STREAMS).all()
    assert (found.n, found.value) == (0, pytest.approx(sure.mean()))


def test_too_little_or_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="two labels"):
        prediction_powered([1.0], [1.0], [0.5, 0.5], 0.05)
    with pytest.raises(ValueError, match="guesses"):
        prediction_powered([1.0, 0.0], [1.0], [0.5, 0.5], 0.05)
    with pytest.raises(ValueError, match="two labels"):
        audited([0.5, 0.5], [0], [1.0], [0.5], 0.05)
    with pytest.raises(ValueError, match="propensities"):
        audited([0.5, 0.5], [0, 1], [1.0, 0.0], [0.5, 0.0], 0.05)
    for bad in ([], [1.2], [float("nan")]):
        with pytest.raises(ValueError, match="confidences"):
            by_confidence(bad, 0.05)
    with pytest.raises(ValueError, match="delta"):
        by_confidence([0.5], 1.0)
