"""The gap between groups: proved small only when every pair of groups is proved close."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Resampling
from zhinan.proof.bounds import betting, paired_up
from zhinan.proof.clusters import cluster_codes
from zhinan.proof.counts import Count, Scores
from zhinan.proof.difference import difference_bounds
from zhinan.proof.evidence import Evidence
from zhinan.proof.resampled import resampled_difference

__all__ = ["Gap", "extremes", "share", "shared_covariance"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gap(Evidence):
    """Largest difference of a score between any two groups.

    The upper bound is the largest over all ordered pairs, each at δ: an intersection–union test needs no correction.
    The lower bound picks the best pair, so each pair is at δ over their number.

    Args:
        parts: what was measured of each group, at least two.

    Source: Berger & Hsu, Statistical Science 11 (1996); `difference_bounds` for counts; betting on
    pairs for means of scores; BCa of the difference for independent bootstraps; for anything else the difference of
    two bounds at δ/2 each.
    """

    parts: tuple[Evidence, ...]

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples of all groups."""
        return sum(part.n for part in self.parts)

    @property
    def value(self) -> float:  # type: ignore[override]
        """Largest minus smallest of the groups' values."""
        values = [part.value for part in self.parts]
        return max(values) - min(values) if values and not any(map(math.isnan, values)) else math.nan

    def lower(self, delta: float) -> float:
        """The gap of some pair is proved to be above this; at least 0."""
        pairs = len(self.parts) * (len(self.parts) - 1)
        bounds = self._bounds(delta / max(pairs, 1), below=True)
        return max(0.0, float(np.nanmax(bounds))) if bounds.size and not np.isnan(bounds).all() else 0.0

    def upper(self, delta: float) -> float:
        """The gap of every pair is proved to be below this; NaN when one pair's is unknown."""
        bounds = self._bounds(delta, below=False)
        return float(bounds.max()) if bounds.size else math.nan

    def _bounds(self, delta: float, *, below: bool) -> Floats:
        """One bound of first − second for each ordered pair."""
        counts = [part for part in self.parts if isinstance(part, Count)]
        if len(counts) == len(self.parts):
            return self._of_counts(counts, delta)[0 if below else 1]
        bounds = []
        for first, second in self._differences:
            if isinstance(first, Scores) and isinstance(second, Scores) and first.person is None is second.person:
                low, high = betting(np.subtract(*paired_up(first.values, second.values)) / 2 + 0.5, delta)
                bounds += [2 * low - 1, 1 - 2 * high] if below else [2 * high - 1, 1 - 2 * low]
            elif isinstance(first, Resampling) and second is None:
                bounds += (
                    [first.lower(delta), -first.upper(delta)] if below else [first.upper(delta), -first.lower(delta)]
                )
            elif second is not None:
                apart = (
                    first.lower(delta / 2) - second.upper(delta / 2),
                    second.lower(delta / 2) - first.upper(delta / 2),
                )
                bounds += list(apart) if below else [-apart[1], -apart[0]]
        return np.asarray(bounds)

    @cached_property
    def _differences(self) -> list[tuple[Evidence, Evidence | None]]:
        """For each pair one bootstrap of the difference, or the two where they are not independent bootstraps."""
        pairs: list[tuple[Evidence, Evidence | None]] = []
        for first, second in itertools.combinations(self.parts, 2):
            if isinstance(first, Resampling) and isinstance(second, Resampling) and not share(first, second):
                pairs.append((resampled_difference(first, second), None))
            else:
                pairs.append((first, second))
        return pairs

    def _of_counts(self, counts: list[Count], delta: float) -> tuple[Floats, Floats]:
        one, two = np.nonzero(~np.eye(len(counts), dtype=bool))
        if not one.size or min(count.n for count in counts) == 0:
            return np.full(one.size, -1.0), np.full(one.size, 1.0)
        rates = np.asarray([count.value for count in counts])
        sizes = np.asarray([count.design.size(delta) for count in counts])
        shared = self._shared_persons(rates, sizes)[one, two]
        n1, n2 = np.maximum(sizes[one] / shared, 1.0), np.maximum(sizes[two] / shared, 1.0)
        lower, upper = difference_bounds(rates[one] * n1, n1, rates[two] * n2, n2, delta)
        low, high = extremes(counts, delta)
        return (
            np.minimum(lower, np.minimum(low[one] - rates[two], rates[one] - high[two])),
            np.maximum(upper, np.maximum(rates[one] - low[two], high[one] - rates[two])),
        )

    def _shared_persons(self, rates: Floats, sizes: Floats) -> Floats:
        """How much persons who are in both groups add to the variance of each pair's difference, at least 1."""
        covariance = shared_covariance(self.parts)
        if covariance is None:
            return np.ones((rates.size, rates.size))
        own = np.diag(covariance)
        clustered = own[:, None] + own[None, :] - 2 * covariance
        alone = rates * (1 - rates) / sizes
        assumed = alone[:, None] + alone[None, :]
        return np.maximum(1.0, np.divide(clustered, assumed, out=np.ones_like(assumed), where=assumed > 0))


def extremes(counts: Sequence[Count], delta: float) -> tuple[Floats, Floats]:
    """How low and how high groups' rates may be for what clusters hide alone, each of shape (groups,).

    Choose it for a contrast of groups: with either of them there, and the other as seen, no bound of it is nearer.
    """
    rates = np.asarray([count.value for count in counts])
    unseen = np.asarray([count.design.unseen(delta) for count in counts])
    return rates * (1 - unseen), rates + (1 - rates) * unseen


def shared_covariance(parts: Sequence[Evidence]) -> Floats | None:
    """Linearised covariance of groups' rates over all persons, shape (groups, groups); None where persons are unknown.

    Choose it before bounding a contrast of groups that may hold rows of the same person.
    """
    counts = [part for part in parts if isinstance(part, Count)]
    persons = [part.person for part in counts if part.person is not None]
    if len(persons) < len(parts):
        return None
    codes = cluster_codes(np.concatenate(persons))
    total = int(codes.max(initial=-1)) + 1
    errors = np.zeros((total, len(counts)))
    start = 0
    for column, count in enumerate(counts):
        outcomes = np.asarray(count.outcomes, dtype=float)
        weight = np.ones(count.n) if count.weights is None else count.weights
        mine = codes[start : start + count.n]
        errors[:, column] = np.bincount(mine, weight * (outcomes - count.value), total) / weight.sum()
        start += count.n
    result: Floats = errors.T @ errors * (total / max(total - 1, 1))
    return result


def share(first: Resampling, second: Resampling) -> bool:
    """Whether two samples hold rows of the same person."""
    if first.persons is None or second.persons is None:
        return False
    return bool(np.isin(first.persons.astype(str), second.persons.astype(str)).any())
