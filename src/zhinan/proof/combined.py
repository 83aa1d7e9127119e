"""Evidence made of other evidence: another scale, F1 of a rate, a size without its sign, a condition, calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Resampling
from zhinan.proof.bounds import betting
from zhinan.proof.counts import Count
from zhinan.proof.evidence import Evidence, Op, holds

__all__ = ["F1", "Magnitude", "Miscalibration", "OnCondition", "Scaled", "best_compared", "overlap_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scaled(Evidence):
    """Evidence on another scale, such as a mean cost whose bound is one of scores in [0, 1].

    Args:
        inner: what was measured. factor: above 0; shift: value = shift + factor · inner.
    """

    inner: Evidence
    factor: float
    shift: float = 0.0

    @property
    def value(self) -> float:  # type: ignore[override]
        """On the outer scale."""
        return self.shift + self.factor * self.inner.value

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples."""
        return self.inner.n

    def lower(self, delta: float) -> float:
        """The inner bound on the outer scale."""
        return self.shift + self.factor * self.inner.lower(delta)

    def upper(self, delta: float) -> float:
        """The inner bound on the outer scale."""
        return self.shift + self.factor * self.inner.upper(delta)

    def margin(self, op: Op, target: float, delta: float) -> float:
        """The inner margin on the outer scale."""
        return self.factor * self.inner.margin(op, self._inside(target), delta)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """As the inner evidence needs."""
        return self.inner.needed(op, self._inside(target), delta, power)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """As the inner evidence has."""
        return self.inner.chance(n, op, self._inside(target), delta)

    def _inside(self, target: float) -> float:
        return (target - self.shift) / self.factor


@dataclass(frozen=True, eq=False)
class F1(Evidence):
    """F1 from what the truth and the answers share: 2 J / (1 + J), where J is the share of hits among all in either.

    Whatever the truth or the answers name is a hit with probability J, so J is a rate with an exact bound, which
    flawless answers have too. F1 rises with J, so a bound on J is one on F1, wrong as rarely.

    Args:
        overlap: J. resampled: a bootstrap of the same F1, by which it is compared with others; None where that is not
            to be believed.

    Source: Clopper & Pearson (1934), of the Jaccard index, of which F1 (the Dice coefficient) is a function.
    """

    overlap: Count
    resampled: Resampling | None = None

    @property
    def value(self) -> float:  # type: ignore[override]
        """NaN of nothing."""
        return _f1_of(self.overlap.value)

    @property
    def n(self) -> int:  # type: ignore[override]
        """What is in the truth or the answers."""
        return self.overlap.n

    def lower(self, delta: float) -> float:
        """From the overlap's bound."""
        return _f1_of(self.overlap.lower(delta))

    def upper(self, delta: float) -> float:
        """From the overlap's bound."""
        return _f1_of(self.overlap.upper(delta))

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """As the overlap needs."""
        return self.overlap.needed(op, overlap_of(target), delta, power)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """As the overlap has."""
        return self.overlap.chance(n, op, overlap_of(target), delta)


def _f1_of(overlap: float) -> float:
    return 2 * overlap / (1 + overlap)


def overlap_of(f1: float) -> float:
    """The share of hits among all that is in the truth or the answers, where F1 is this."""
    return f1 / (2 - f1)


def best_compared(parts: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Evidence as it is best compared: F1s by their bootstraps where each has one, else each by its own bound."""
    resampled = [part.resampled for part in parts if isinstance(part, F1) and part.resampled is not None]
    return tuple(resampled) if len(resampled) == len(parts) else tuple(parts)


@dataclass(frozen=True, eq=False)
class Magnitude(Evidence):
    """How far a value is from 0, on whichever side: |bias|.

    It is proved small by two one-sided tests, each at δ: |x| ≤ t is false only if one of x ≤ t and x ≥ −t is. Proving
    it large picks a side, so each has δ/2.

    Source: Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987), two one-sided tests.
    """

    inner: Evidence

    @property
    def value(self) -> float:  # type: ignore[override]
        """Without the sign."""
        return abs(self.inner.value)

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples."""
        return self.inner.n

    def lower(self, delta: float) -> float:
        """At least 0."""
        return max(0.0, self.inner.lower(delta / 2), -self.inner.upper(delta / 2))

    def upper(self, delta: float) -> float:
        """The farther of the two bounds; NaN where one is unknown."""
        low, high = self.inner.lower(delta), self.inner.upper(delta)
        return math.nan if math.isnan(low) or math.isnan(high) else max(-low, high, 0.0)


@dataclass(frozen=True, eq=False)
class OnCondition(Evidence):
    """A rate that only counts while a condition holds, such as the share answered at a precision of at least 97 %.

    Its value is the rate where the condition holds as seen, else 0. It is proved by proving both, each at δ
    (intersection–union); it is refuted by refuting either, each at δ/2.

    Args:
        rate: the share. inner: what the condition measures; op, target: the condition. known: whether enough rows
            carry the condition for any verdict on it.

    Source: Berger, Technometrics 24 (1982).
    """

    rate: Evidence
    inner: Evidence
    op: Op
    target: float
    known: bool = True

    @property
    def value(self) -> float:  # type: ignore[override]
        """The rate, or 0 where the condition does not hold as seen."""
        return self.rate.value if holds(self.inner.value, self.op, self.target) else 0.0

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples, whether they are among the answered ones or not."""
        return self.rate.n

    def lower(self, delta: float) -> float:
        """The rate's bound where the condition is proved at δ, else 0."""
        proves = self.inner.lower(delta) if self.op == ">=" else self.inner.upper(delta)
        met = self.known and holds(proves, self.op, self.target)
        return min(self.rate.lower(delta), self.value) if met else 0.0

    def upper(self, delta: float) -> float:
        """The rate's bound at δ/2, or 0 where the condition is refuted at δ/2."""
        against = self.inner.upper(delta / 2) if self.op == ">=" else self.inner.lower(delta / 2)
        if self.known and math.isfinite(against) and not holds(against, self.op, self.target):
            return 0.0
        return self.rate.upper(delta / 2)

    def margin(self, op: Op, target: float, delta: float) -> float:
        """The rate's, such that the line is as far from its target as the worse of the rate and the condition is."""
        distance, rate = abs(self.value - target), self.rate.margin(op, target, delta)
        apart, inner = abs(self.inner.value - self.target), self.inner.margin(self.op, self.target, delta)
        if not (math.isfinite(inner) and inner > 0 and apart > 0):
            return rate
        if holds(self.value, op, target):
            return max(rate, distance * inner / apart)
        if holds(self.inner.value, self.op, self.target):
            return rate
        short = 0.0 if holds(self.rate.value, op, target) or rate <= 0 else abs(self.rate.value - target) / rate
        return distance / max(apart / inner, short)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """Rows that decide both, or the one that fails; answered rows count for what share of all they are."""
        share = self.inner.n / self.rate.n if self.rate.n and self.inner.n else 1.0
        rate = self.rate.needed(op, target, delta / 2, power)
        inner = self.inner.needed(self.op, self.target, delta / 2, power)
        inner = None if inner is None else math.ceil(inner / share)
        met = holds(self.inner.value, self.op, self.target)
        if not met and self.inner.n:
            return inner if holds(self.rate.value, op, target) or rate is None else min(rate, inner or rate)
        if not holds(self.rate.value, op, target):
            return rate
        return None if rate is None or inner is None else max(rate, inner)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """Both at once, by adding up the chances of missing one."""
        share = self.inner.n / self.rate.n if self.rate.n and self.inner.n else 1.0
        missed = 2 - self.rate.chance(n, op, target, delta) - self.inner.chance(n * share, self.op, self.target, delta)
        return max(0.0, 1 - missed)


@dataclass(frozen=True, eq=False)
class Miscalibration(Evidence):
    """Expected calibration error over bins: the mean of |share right − mean confidence|, each bin by its examples.

    For any choice of a sign per bin, the signed mean of (right − confidence) is at most the calibration error, and
    the right choice reaches it. Upper bound: every choice must be proved below, each at δ (intersection–union); the
    largest is that of the signs seen. Lower bound: the signs are chosen on one half of the examples and the mean is
    bounded on the other, both ways, each at δ/2. The value is the plug-in one, which is too large rather than too
    small on few examples, so that `<=` stays honest.

    Args:
        excess: shape (n,), right − confidence, in [−1, 1]. bins: shape (n,), codes. person: shape (n,) or None.

    Source: Guo et al., ICML 2017, with bins of equal mass (Nixon et al., CVPR workshops 2019); betting bounds,
    Waudby-Smith & Ramdas (2023).
    """

    excess: Floats
    bins: npt.NDArray[np.int64]
    person: npt.NDArray[np.generic] | None = None

    @property
    def value(self) -> float:  # type: ignore[override]
        """The plug-in estimate; NaN of nothing."""
        return float(np.abs(np.bincount(self.bins, self.excess)).sum() / self.n) if self.n else math.nan

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples."""
        return int(self.excess.size)

    def lower(self, delta: float) -> float:
        """At least 0."""
        halves = self._halves()
        found = [0.0]
        for here, there in ((halves, ~halves), (~halves, halves)):
            if here.any() and there.any():
                found.append(self._bounds(self._signs(here), there, delta / 2)[0])
        return min(max(found), self.value)

    def upper(self, delta: float) -> float:
        """Of the signs seen."""
        every = np.ones(self.n, dtype=bool)
        return max(self._bounds(self._signs(every), every, delta)[1], self.value) if self.n else math.nan

    def _signs(self, rows: npt.NDArray[np.bool_]) -> Floats:
        seen = np.bincount(self.bins[rows], self.excess[rows], int(self.bins.max(initial=0)) + 1)
        signs: Floats = np.where(seen >= 0, 1.0, -1.0)
        return signs

    def _bounds(self, signs: Floats, rows: npt.NDArray[np.bool_], delta: float) -> tuple[float, float]:
        scores = (1 + signs[self.bins[rows]] * self.excess[rows]) / 2
        low, high = betting(np.clip(scores, 0.0, 1.0), delta, None if self.person is None else self.person[rows])
        return 2 * low - 1, 2 * high - 1

    def _halves(self) -> npt.NDArray[np.bool_]:
        """A random half of the examples, by whole persons."""
        from zhinan.proof.clusters import cluster_codes

        codes = np.arange(self.n) if self.person is None else cluster_codes(self.person)
        units = int(codes.max(initial=-1)) + 1
        first: npt.NDArray[np.bool_] = (np.random.default_rng(0).permutation(units) < units // 2)[codes]
        return first
