"""Rows of one person are alike: how many independent examples a sample is worth, so that no bound is too sure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["MIN_PERSONS", "Design", "cluster_codes", "design", "effective_size"]

MIN_PERSONS = 10
"""With fewer persons (or blocks) the spread between them cannot be estimated, so nothing is proved."""

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """How a sample of 0/1 outcomes was drawn, as far as a bound must know.

    Args:
        n: rows. persons: clusters among them. deff: rows that are worth one independent row, at least 1.
        worst: deff if a person's rows were copies of one. degrees: of freedom behind `deff`; inf when it is known.
    """

    n: int
    persons: int
    deff: float
    worst: float
    degrees: float

    def size(self, delta: float) -> float:
        """Independent examples the sample is worth in a bound at one-sided δ: n/deff, less where deff is uncertain.

        Source: Korn & Graubard, Survey Methodology 24 (1998): n/deff · (t_{n−1} / t_degrees)² at 1 − δ, here never
        below what the persons alone are worth.
        """
        from scipy.special import stdtrit

        if self.n < 2 or self.degrees == np.inf:
            return self.n / self.deff
        level = 1 - min(delta, 0.25)
        known, guessed = float(stdtrit(self.n - 1, level)), float(stdtrit(max(self.degrees, 1.0), level))
        return min(max(self.n / self.deff * (known / guessed) ** 2, self.n / max(self.worst, self.deff)), self.n)


def cluster_codes(person: npt.ArrayLike) -> Codes:
    """Codes 0…G−1 of whose data each row is, shape (n,). A missing person (None, NaN, empty) is a person of its own."""
    raw = np.asarray(person)
    if raw.dtype.kind in "biu":
        return np.unique(raw, return_inverse=True)[1].reshape(-1).astype(np.int64)
    absent = np.asarray(
        [p is None or p == "" or (isinstance(p, float) and math.isnan(p)) for p in raw.tolist()], dtype=bool
    )
    codes = np.unique(raw.astype(str), return_inverse=True)[1].reshape(-1).astype(np.int64)
    codes[absent] = raw.size + np.arange(int(absent.sum()))
    return np.unique(codes, return_inverse=True)[1].reshape(-1).astype(np.int64)


def design(
    outcomes: npt.ArrayLike, person: npt.ArrayLike | None = None, weights: npt.ArrayLike | None = None
) -> Design:
    """The design effect of a (weighted) mean: its variance over that of as many independent rows.

    Where outcomes do not vary nothing can be estimated, so a person's rows count as copies of one. Two cautions keep
    the false-pass rate at δ in simulation where Korn & Graubard's own choice lets up to 3δ pass: the linearised
    variance is joined by 1 + (worst − 1)·ICC, because a few people with many rows may just not have failed yet, and
    the degrees of freedom are half the persons who hold the rarer side (above or below the mean): the others say
    nothing of its spread.

    Args:
        outcomes: shape (n,), 0/1, or −1, 0, 1 for a paired difference. person: shape (n,), whose data each row is.
        weights: shape (n,), what a row stands for.

    Source: linearised variance of a ratio over clusters, Korn & Graubard (1998).
    """
    hits = np.asarray(outcomes, dtype=float)
    n = hits.size
    codes = np.arange(n) if person is None else cluster_codes(person)
    persons = int(codes.max(initial=-1)) + 1
    if weights is None and persons == n:
        return Design(n, persons, 1.0, 1.0, np.inf)
    weight = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    total = weight.sum()
    errors = hits - float(weight @ hits / total)
    spread = float(weight @ errors**2 / total)
    sums = np.bincount(codes, weight, persons)
    worst = max(1.0, n * float(sums @ sums) / total**2)
    if spread <= 1e-12 or persons < 2:
        return Design(n, persons, worst, worst, np.inf)
    residuals = np.bincount(codes, weight * errors, persons)
    variance = persons / (persons - 1) * float(residuals @ residuals) / total**2
    alike = _correlation(errors, codes, persons) / spread
    rarer = min(int((np.bincount(codes, side, persons) > 0).sum()) for side in (errors > 0, errors < 0))
    deff = max(1.0, variance / (spread / (n - 1)), 1 + (worst - 1) * alike)
    return Design(n, persons, deff, worst, rarer / 2)


def _correlation(residuals: Floats, codes: Codes, persons: int) -> float:
    """Mean product of two residuals of one person, each row weighing the same however many rows its person has."""
    sizes = np.bincount(codes, minlength=persons)
    several = sizes > 1
    if not several.any():
        return 0.0
    sums, squares = np.bincount(codes, residuals, persons), np.bincount(codes, residuals**2, persons)
    return float(((sums**2 - squares)[several] / (sizes[several] - 1)).sum() / sizes[several].sum())


def effective_size(
    outcomes: npt.ArrayLike,
    person: npt.ArrayLike | None = None,
    delta: float = 0.05,
    weights: npt.ArrayLike | None = None,
) -> float:
    """Independent examples that n rows of 0/1 outcomes are worth, at most n. Choose it before any bound on a rate.

    Args:
        outcomes: shape (n,), 0/1. person: shape (n,) or None. weights: shape (n,) or None.
        delta: the one-sided error of the bound it is for.

    Source: Korn & Graubard, Survey Methodology 24 (1998).
    """
    return design(outcomes, person, weights).size(delta)
