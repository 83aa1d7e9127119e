"""Rows of one person, or copies, are alike: how many independent examples they are worth, so no bound is too sure.

A cluster is what was drawn as one: a person's rows, else those of a unit (`data.copies`). `person` names it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["MIN_PERSONS", "Design", "cluster_codes", "design", "effective_size", "row_weights"]

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
        sizes: (persons,) weight of each cluster, the heaviest first; None where each is one row.
        alike: how alike the rows of a cluster are, from 0 to 1 (ICC); 1 where that is not known.
    """

    n: int
    persons: int
    deff: float
    worst: float
    degrees: float
    sizes: Floats | None = None
    alike: float = 1.0

    def size(self, delta: float) -> float:
        """Independent examples the sample is worth in a bound at one-sided δ: n/deff, less where deff is uncertain.

        Source: Korn & Graubard, Survey Methodology 24 (1998): n/deff · (t_{n−1} / t_degrees)² at 1 − δ, here never
        below what the persons alone are worth. Where a few clusters hold most rows those are as few draws, however
        many small ones stand beside them: degrees are at most half the clusters of one size that would vary as much,
        (Σ m²)² / Σ m⁴ (Satterthwaite 1946). Where no outcome differs, `flawless`.
        """
        if self.sizes is None or self.degrees == np.inf:
            return self.flawless(delta)
        from scipy.special import stdtrit

        def narrower(known: float, guessed: float) -> float:
            known, guessed = stdtrit([max(known, 1.0), max(guessed, 1.0)], 1 - min(delta, 0.25)).tolist()
            return (known / guessed) ** 2

        carried = min(float((self.sizes**2).sum() ** 2 / (self.sizes**4).sum()), self.persons)
        alone = self.n / max(self.worst, self.deff) * narrower(self.persons / 2, carried / 2)
        guessed = self.n / self.deff * narrower(self.n - 1, min(self.degrees, carried / 2))
        return min(max(guessed, alone), self.n)

    def flawless(self, delta: float) -> float:
        """Independent examples that the sample would be worth at one-sided δ if no outcome of it differed."""
        return float(self.n) if self.sizes is None else min(_flawless_size(self.sizes, 1.0, delta), self.n)

    def hiding(self, delta: float) -> float:
        """Independent examples that would hide as many misses as the clusters do, as alike as their rows are."""
        return float(self.n) if self.sizes is None else min(_flawless_size(self.sizes, self.alike, delta), self.n)

    def unseen(self, delta: float) -> float:
        """The largest share of misses that clusters hide with a chance of δ; 0 where each row is drawn alone.

        They come on top of the misses that were seen, so a bound goes at least as far: to value · (1 − unseen) below,
        and by the hits that were not seen to value + (1 − value) · unseen above. Where rows are drawn alone an exact
        bound always does.
        """
        return 0.0 if self.sizes is None else 1 - delta ** (1 / self.hiding(delta))


def _flawless_size(sizes: Floats, alike: float, delta: float) -> float:
    """Independent rows that clusters without a miss are worth at least, whichever of them miss how often.

    A cluster of m rows is m/s draws of weight s = 1 + (m − 1)·ICC. A share of misses stays unseen with a chance of at
    most Π (1 − qᵢ)^(mᵢ/sᵢ), where cluster i misses at rate qᵢ. Of all qᵢ with the same share Σ mᵢqᵢ / Σ mᵢ those make
    it largest for which 1 − qᵢ = min(1, c / sᵢ): the heavy ones miss. Where it is δ, that share is the bound, and so
    many independent rows have the same: 1 − δ^(1/n) for n of them.

    Args: sizes: shape (clusters,), the heaviest first.
    """
    weight = 1 + (sizes - 1) * alike if alike < 1 else sizes
    draws = sizes / weight
    level = np.exp((math.log(delta) + np.cumsum(draws * np.log(weight))) / np.cumsum(draws))
    heavy = int(np.argmax(level >= np.append(weight[1:], 0.0))) + 1
    unseen = float((draws * (weight - level[heavy - 1]))[:heavy].sum() / sizes.sum())
    return math.log(delta) / math.log1p(-unseen)


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
    variance is joined by 1 + (worst − 1)·ICC, because a few people with many rows may just not have failed yet (rows
    that never differ within a person count as copies, whatever the other people's do), and the degrees of freedom are
    half the persons who hold the rarer side (above or below the mean): the others say nothing of its spread.

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
    sizes = np.sort(sums[sums > 0].astype(float))[::-1]
    if spread <= 1e-12 or persons < 2:
        return Design(n, persons, worst, worst, np.inf, sizes)
    residuals = np.bincount(codes, weight * errors, persons)
    variance = persons / (persons - 1) * float(residuals @ residuals) / total**2
    alike = max(1 - _within(errors, codes, persons) / spread, 0.0)
    rarer = min(int((np.bincount(codes, side, persons) > 0).sum()) for side in (errors > 0, errors < 0))
    deff = max(1.0, variance / (spread / (n - 1)), 1 + (worst - 1) * alike)
    return Design(n, persons, deff, worst, rarer / 2, sizes, min(alike, 1.0) if weights is None else 1.0)


def _within(residuals: Floats, codes: Codes, persons: int) -> float:
    """Variance between rows of one person, each pair of rows weighing the same: the heavy ones hide the most.

    Infinite where nobody has several: then nothing says that they are alike.
    """
    rows = np.bincount(codes, minlength=persons)
    pairs = float((rows * (rows - 1)).sum())
    sums, squares = np.bincount(codes, residuals, persons), np.bincount(codes, residuals**2, persons)
    return float((rows * squares - sums**2).sum()) / pairs if pairs else np.inf


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


def row_weights(outcomes: npt.ArrayLike, person: npt.ArrayLike | None = None) -> Floats:
    """What each row counts for where the rows of a person are alike, shape (n,): 1 / (1 + (m − 1)·ICC) of m rows.

    Choose it to count many groups of rows at once: a sum of these varies as a count of so many independent rows does.

    Args:
        outcomes: shape (n,), 0/1; where they do not vary a person's rows count as copies of one. person: shape (n,).

    Source: Rao & Scott, Biometrics 48 (1992), with the design effect of each cluster.
    """
    hits = np.asarray(outcomes, dtype=float)
    if person is None or not hits.size:
        return np.ones(hits.size)
    codes = cluster_codes(person)
    rows = np.bincount(codes)
    errors = hits - hits.mean()
    spread = float(errors @ errors) / hits.size
    alike = 1.0 if spread <= 1e-12 else max(1 - _within(errors, codes, rows.size) / spread, 0.0)
    found: Floats = 1 / (1 + (rows[codes] - 1) * alike)
    return found
