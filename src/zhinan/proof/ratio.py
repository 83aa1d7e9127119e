"""The ratio of rates between groups, as the four-fifths rule asks: large only when every pair of groups is close."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Resampling
from zhinan.proof.bounds import clopper_pearson
from zhinan.proof.counts import Count
from zhinan.proof.difference import moments, quantile
from zhinan.proof.evidence import Evidence
from zhinan.proof.gap import extremes, share, shared_covariance
from zhinan.proof.resampled import resampled_ratio

__all__ = ["Ratio", "koopman", "ratio_bounds"]

Floats = npt.NDArray[np.float64]
FARTHEST = 1e9
"""A ratio beyond this, or below one over it, is called unbounded."""


def koopman(
    hits1: npt.ArrayLike,
    n1: npt.ArrayLike,
    hits2: npt.ArrayLike,
    n2: npt.ArrayLike,
    delta: float,
    *,
    strict: bool = False,
) -> tuple[Floats, Floats]:
    """Bounds of p1 / p2, each at one-sided error δ. Choose it for two groups with no example in common.

    Args:
        hits1, n1, hits2, n2: broadcastable shapes, n ≥ 1; counts may be effective ones, not whole.
        delta: one-sided error. strict: as `miettinen_nurminen`.

    Returns:
        lower and upper bounds, of the broadcast shape; from 0 to inf where nothing was hit.

    Source: Koopman, Biometrics 40 (1984), the score test inverted, with the factor N/(N−1) of Miettinen & Nurminen
    (1985).
    """
    from scipy.special import ndtri

    x1, size1, x2, size2 = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (hits1, n1, hits2, n2)))
    z = -float(ndtri(delta))
    rate1, rate2 = x1 / size1, x2 / size2
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.where(x1 > 0, np.where(x2 > 0, rate1 / rate2, np.inf), np.where(x2 > 0, 0.0, np.nan))
    start = np.log(np.clip(np.nan_to_num(observed, nan=1.0), 1 / FARTHEST, FARTHEST))

    def solve(sign: float, none: npt.NDArray[np.bool_]) -> Floats:
        near, far = start.copy(), np.full(start.shape, sign * math.log(FARTHEST))
        for _ in range(60):
            middle = (near + far) / 2
            ratio = np.exp(middle)
            deviation, third, step = _moments(x1, size1, x2, size2, ratio)
            limit = quantile(z, -sign * third, deviation, strict=strict) * deviation
            inside = sign * (ratio * rate2 - rate1) - (step if strict else 0) <= limit
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        return np.where(none, 0.0 if sign < 0 else np.inf, np.exp(far))

    return solve(-1.0, x1 <= 0), solve(1.0, x2 <= 0)


def ratio_bounds(
    hits1: npt.ArrayLike, n1: npt.ArrayLike, hits2: npt.ArrayLike, n2: npt.ArrayLike, delta: float
) -> tuple[Floats, Floats]:
    """Bounds of p1 / p2 as a gate takes them: the strict score bounds, or what one of the rates alone says if nearer.

    No rate is above 1, so p1 / p2 is at least p1 and at most 1 / p2. As `difference_bounds`, and for its reasons.

    Args: as of `koopman`.

    Source: Koopman (1984), Clopper & Pearson (1934).
    """
    lower, upper = koopman(hits1, n1, hits2, n2, delta, strict=True)
    low1, low2 = (clopper_pearson(*group, delta)[0] for group in ((hits1, n1), (hits2, n2)))
    return np.maximum(lower, low1), np.minimum(upper, 1 / np.maximum(low2, 1 / FARTHEST))


def _moments(x1: Floats, n1: Floats, x2: Floats, n2: Floats, ratio: Floats) -> tuple[Floats, Floats, Floats]:
    """Of p̂1 − ratio·p̂2 were the ratio the true one: standard error, third moment, half a step between values.

    By the quadratic of the restricted maximum likelihood estimate.
    """
    n = n1 + n2
    a, b, c = n * ratio, -(n1 * ratio + x1 + n2 + x2 * ratio), x1 + x2
    root = np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))
    p2 = np.clip(2 * c / np.maximum(root - b, 1e-300), 0.0, np.minimum(1.0, 1 / ratio))
    p1 = np.minimum(ratio * p2, 1.0)
    return moments(p1 * (1 - p1) / n1, 1 - 2 * p1, n1, p2 * (1 - p2) / n2, 1 - 2 * p2, n2, ratio)


@dataclass(frozen=True, eq=False)
class Ratio(Evidence):
    """Least ratio of a score between any two groups, from 0 to 1.

    The lower bound is the least over all ordered pairs, each at δ: an intersection–union test needs no correction.
    The upper bound picks the worst pair, so each pair is at δ over their number.

    Args:
        parts: what was measured of each group, at least two; scores that are never negative.

    Source: Berger & Hsu, Statistical Science 11 (1996); `ratio_bounds` for counts; BCa of the ratio for independent
    bootstraps; for anything else the ratio of two bounds at δ/2 each.
    """

    parts: tuple[Evidence, ...]

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples of all groups."""
        return sum(part.n for part in self.parts)

    @property
    def value(self) -> float:  # type: ignore[override]
        """Smallest over largest of the groups' values; NaN when none is above 0."""
        values = [part.value for part in self.parts]
        known = bool(values) and not any(map(math.isnan, values)) and max(values) > 0 <= min(values)
        return min(values) / max(values) if known else math.nan

    def lower(self, delta: float) -> float:
        """The ratio of every pair is proved to be above this; NaN when one pair's is unknown."""
        bounds = self._bounds(delta, below=True)
        return float(bounds.min()) if bounds.size else math.nan

    def upper(self, delta: float) -> float:
        """The ratio of some pair is proved to be below this; at most 1."""
        pairs = len(self.parts) * (len(self.parts) - 1)
        bounds = self._bounds(delta / max(pairs, 1), below=False)
        return min(1.0, float(np.nanmin(bounds))) if bounds.size and not np.isnan(bounds).all() else 1.0

    def _bounds(self, delta: float, *, below: bool) -> Floats:
        """One bound of first over second for each ordered pair."""
        counts = [part for part in self.parts if isinstance(part, Count)]
        if len(counts) == len(self.parts):
            return self._of_counts(counts, delta)[0 if below else 1]
        bounds: list[float] = []
        for first, second, ratio in self._ratios:
            if ratio is not None:
                low, high = ratio.lower(delta), ratio.upper(delta)
                bounds += [low, _over(1.0, high)] if below else [high, _over(1.0, low)]
                continue
            low1, high1, low2, high2 = (
                bound for part in (first, second) for bound in (part.lower(delta / 2), part.upper(delta / 2))
            )
            bounds += [_over(low1, high2), _over(low2, high1)] if below else [_over(high1, low2), _over(high2, low1)]
        return np.asarray(bounds)

    @cached_property
    def _ratios(self) -> list[tuple[Evidence, Evidence, Resampling | None]]:
        """For each pair the two, with one bootstrap of their ratio where they are independent bootstraps."""
        pairs: list[tuple[Evidence, Evidence, Resampling | None]] = []
        for first, second in itertools.combinations(self.parts, 2):
            both = isinstance(first, Resampling) and isinstance(second, Resampling) and not share(first, second)
            pairs.append((first, second, resampled_ratio(first, second) if both else None))  # type: ignore[arg-type]
        return pairs

    def _of_counts(self, counts: list[Count], delta: float) -> tuple[Floats, Floats]:
        one, two = np.nonzero(~np.eye(len(counts), dtype=bool))
        if not one.size or min(count.n for count in counts) == 0:
            return np.zeros(one.size), np.full(one.size, np.inf)
        rates = np.asarray([count.value for count in counts])
        sizes = np.asarray([count.design.size(delta) for count in counts])
        shared = self._shared_persons(rates, sizes)[one, two]
        n1, n2 = np.maximum(sizes[one] / shared, 1.0), np.maximum(sizes[two] / shared, 1.0)
        lower, upper = ratio_bounds(rates[one] * n1, n1, rates[two] * n2, n2, delta)
        low, high = extremes(counts, delta)
        return (
            np.minimum(lower, np.minimum(_shares(low[one], rates[two]), _shares(rates[one], high[two]))),
            np.maximum(upper, np.maximum(_shares(high[one], rates[two]), _shares(rates[one], low[two]))),
        )

    def _shared_persons(self, rates: Floats, sizes: Floats) -> Floats:
        """How much persons who are in both groups add to the variance of p1 − ratio·p2 of each pair, at least 1."""
        covariance = shared_covariance(self.parts)
        if covariance is None:
            return np.ones((rates.size, rates.size))
        ratio = np.divide(rates[:, None], rates[None, :], out=np.ones((rates.size,) * 2), where=rates[None, :] > 0)
        own = np.diag(covariance)
        clustered = own[:, None] + ratio**2 * own[None, :] - 2 * ratio * covariance
        alone = rates * (1 - rates) / sizes
        assumed = alone[:, None] + ratio**2 * alone[None, :]
        return np.maximum(1.0, np.divide(clustered, assumed, out=np.ones_like(assumed), where=assumed > 0))


def _shares(first: Floats, second: Floats) -> Floats:
    """First over second, element by element; of nothing unbounded."""
    result: Floats = np.divide(first, second, out=np.full(first.shape, np.inf), where=second > 0)
    return result


def _over(first: float, second: float) -> float:
    """A bound over a bound of scores that are never negative; NaN stays NaN."""
    if math.isnan(first) or math.isnan(second):
        return math.nan
    return max(first, 0.0) / second if second > 0 else math.inf
