"""Between labels: what many unlabelled answers and a few labels say together about a rate. Estimates, not proof."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Estimate", "audited", "by_confidence", "prediction_powered"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean with one-sided bounds, each wrong with probability δ as samples grow.

    Args:
        value, lower, upper: in the outcome's unit. n: labels behind it.
        weight: how much the guesses were trusted, 0 not at all, 1 as they are.
    """

    value: float
    lower: float
    upper: float
    n: int
    weight: float


def prediction_powered(
    labels: npt.ArrayLike,
    guesses: npt.ArrayLike,
    others: npt.ArrayLike,
    delta: float,
    *,
    weight: float | None = None,
    strata: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Estimate:
    """The mean outcome from a random few labelled rows and the guesses for many more.

    Choose it when labels are dear and something cheap guesses them: right or wrong judged by a larger model, or the
    product's own confidence. Bad guesses make it wide, never wrong.

    Args:
        labels: outcomes of the labelled rows, shape (n,). guesses: of the same rows. others: of the rows without
            labels, shape (N,). delta: one-sided error.
        weight: of the guesses; None takes the one that makes the interval narrowest, 0 ignores them.
        strata: groups of the labelled rows (n,) and of the others (N,), each labelled at its own rate; a group of
            the others needs two labels.

    Raises:
        ValueError: fewer than two labels or other rows, in all or in a group.

    Source: Angelopoulos et al., Science 382 (2023); weight as in PPI++, Angelopoulos, Duchi & Zrnic (2023); strata as
    Fisch et al., NeurIPS 2024.
    """
    seen, near, far = (np.asarray(a, dtype=float) for a in (labels, guesses, others))
    if seen.shape != near.shape:
        raise ValueError(f"{seen.size} labels and {near.size} guesses of them")
    if strata is None:
        value, variance, used = _mean(seen, near, far, weight)
        return _estimate(value, variance, seen.size, used, delta)
    mine, theirs = (np.asarray(a) for a in strata)
    value, variance, used = 0.0, 0.0, 0.0
    groups, sizes = np.unique(np.concatenate([mine, theirs]), return_counts=True)
    for group, size in zip(groups, sizes / sizes.sum(), strict=True):
        one = _mean(seen[mine == group], near[mine == group], far[theirs == group], weight)
        value, variance, used = value + size * one[0], variance + size**2 * one[1], used + size * one[2]
    return _estimate(value, variance, seen.size, used, delta)


def audited(
    guesses: npt.ArrayLike,
    rows: npt.ArrayLike,
    labels: npt.ArrayLike,
    propensity: npt.ArrayLike,
    delta: float,
    *,
    weight: float | None = None,
) -> Estimate:
    """The mean outcome of all traffic from an audit sample whose rows were drawn with known propensities.

    Choose it when each request was labelled with a chance that depended on it, such as more often where unsure.

    Args:
        guesses: for all traffic, shape (N,). rows: which were labelled, shape (n,). labels: their outcomes.
        propensity: the chance each of them had to be drawn, in (0, 1]. delta: one-sided error.
        weight: of the guesses; None takes the one that makes the interval narrowest.

    Raises:
        ValueError: fewer than two labels, or a propensity outside (0, 1].

    Source: difference estimator by Horvitz & Thompson, JASA 47 (1952), as in active inference, Zrnic & Candès, ICML
    2024.
    """
    near, at = np.asarray(guesses, dtype=float), np.asarray(rows)
    chance = np.asarray(propensity, dtype=float)
    if at.size < 2:
        raise ValueError("an audit needs two labels")
    if not bool(np.all((chance > 0) & (chance <= 1))):
        raise ValueError("propensities must lie in (0, 1]")
    drawn, outcome = np.zeros(near.size), np.zeros(near.size)
    drawn[at], outcome[at] = 1 / chance, np.asarray(labels, dtype=float) / chance
    spare = near * (1 - drawn)
    used = weight
    if used is None:
        spread = float(spare.var())
        used = float(np.clip(-np.cov(outcome, spare, bias=True)[0, 1] / spread, 0, 1)) if spread > 0 else 0.0
    each = outcome + used * spare
    return _estimate(float(each.mean()), float(each.var(ddof=1)) / each.size, at.size, used, delta)


def by_confidence(confidence: npt.ArrayLike, delta: float) -> Estimate:
    """Accuracy to expect of answers without any label, if their probabilities are calibrated on such rows.

    Choose it to watch traffic between labels; drift breaks calibration, so it can hint and never prove.

    Args:
        confidence: probability of each answer given, shape (n,), in [0, 1]. delta: one-sided error.

    Raises:
        ValueError: no row, or a number outside [0, 1].

    Source: average confidence, Guillory et al., ICCV 2021; the variance is that of independent outcomes.
    """
    sure = np.asarray(confidence, dtype=float)
    if not sure.size or not bool(np.all((sure >= 0) & (sure <= 1))):
        raise ValueError("confidences must lie in [0, 1], of one row at least")
    variance = float((sure * (1 - sure)).sum()) / sure.size**2
    return _estimate(float(sure.mean()), variance, 0, 1.0, delta)


def _mean(labels: Floats, near: Floats, far: Floats, weight: float | None) -> tuple[float, float, float]:
    """The estimate, its variance, and the weight used."""
    n, more = labels.size, far.size
    if n < 2 or more < 2:
        raise ValueError(f"two labels and two other rows are needed, got {n} and {more}")
    used = weight
    if used is None:
        spread = float(np.concatenate([near, far]).var(ddof=1))
        together = float(np.cov(labels, near)[0, 1])
        used = float(np.clip(together / (spread * (1 + n / more)), 0, 1)) if spread > 0 else 0.0
    value = used * float(far.mean()) + float((labels - used * near).mean())
    variance = used**2 * float(far.var(ddof=1)) / more + float((labels - used * near).var(ddof=1)) / n
    return value, variance, used


def _estimate(value: float, variance: float, n: int, weight: float, delta: float) -> Estimate:
    from scipy.special import ndtri

    if not 0 < delta < 1:
        raise ValueError(f"delta must lie in (0, 1), got {delta}")
    margin = -float(ndtri(delta)) * math.sqrt(variance)
    return Estimate(value, value - margin, value + margin, n, weight)
