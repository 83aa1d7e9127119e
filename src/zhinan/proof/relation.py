"""Ours against somebody else's answers to the same rows: for lines such as "accuracy >= current - 1 pt"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Resampling, resample, resampled_sums, resampled_together
from zhinan.proof.bounds import betting, outbets
from zhinan.proof.clusters import Design, cluster_codes, design
from zhinan.proof.combined import Scaled, best_compared
from zhinan.proof.counts import Count, Scores
from zhinan.proof.evidence import Evidence, Op, holds
from zhinan.proof.measurement import Exact, Measurement
from zhinan.proof.paired import hidden_losses, paired_power, paired_size
from zhinan.proof.pairs import tang, tango
from zhinan.proof.resampled import positive_ratio

__all__ = ["FEWEST_ERRORS", "Apart", "PairedMeans", "PairedRates", "relative"]

Floats = npt.NDArray[np.float64]
How = Literal["difference", "ratio"]

FEWEST_ERRORS = 5
"""A bootstrap of rates with fewer on either side is not believed: each side's own bound is used instead."""


def relative(ours: Measurement, current: Measurement, how: How) -> Measurement:
    """Ours minus the current value, or ours over it, with bounds that know that both were measured on the same rows.

    Choose it for a line relative to somebody else's answers. Rates of the same rows: score bounds, on the effective
    number of rows with persons. Means of scores in [0, 1]: betting on each row's difference. Rates whose answers decide
    the denominator (`Measurement.count(…, among=…)`) and scores resampled alike: a joint bootstrap, by person where
    persons are known. Exact values: exact. Anything else (latency, gaps, answers that are all the same): each side's
    own bound at δ/2.

    Args:
        ours, current: the same metric on the same rows in the same order. how: "difference" or "ratio".

    Returns:
        a measurement of the difference in the metric's unit, or of the ratio; undecided where either side is, or where
        a ratio has no positive denominator.

    Raises:
        ValueError: another `how`.

    Source: Tango (1998); Tang, Tang & Chan (2003); Waudby-Smith & Ramdas (2023); BCa, Efron (1987).
    """
    if how not in ("difference", "ratio"):
        raise ValueError(f"relative is a difference or a ratio, not {how!r}")
    one, two = best_compared((ours.evidence, current.evidence))
    evidence, bound = _evidence(one, two, how)
    reasons = [m.reason for m in (ours, current) if m.reason]
    if how == "ratio" and not current.value > 0 and not reasons:
        reasons = ["the current value is not above 0, so nothing is a share of it"]
    value = evidence.value
    if math.isnan(value) and not reasons:
        reasons = ["the score is not a number"]
    # every reason once, whichever side it is of
    return Measurement(value, evidence.n, bound, "; ".join(dict.fromkeys(reasons)) or None, evidence, ours.counted)


def _evidence(ours: Evidence, current: Evidence, how: How) -> tuple[Evidence, str]:
    if isinstance(ours, Count) and isinstance(current, Count) and _known(ours, current):
        if _same_rows(ours, current):
            return PairedRates(ours, current, how), "Tango" if how == "difference" else "Tang"
        found = _resampled_rates(ours, current, how)
        if found is not None:
            return found, _bootstrap(ours.person)
    if isinstance(ours, Scores) and isinstance(current, Scores) and ours.n == current.n:
        return PairedMeans(ours.values, current.values, how, ours.person), "betting on each row's difference"
    if isinstance(ours, Scaled) and isinstance(current, Scaled) and ours.factor == current.factor:
        inner, bound = _evidence(ours.inner, current.inner, how)
        if how == "difference":
            return Scaled(inner, ours.factor), bound
        if ours.shift == current.shift == 0:
            return inner, bound
    if isinstance(ours, Resampling) and isinstance(current, Resampling):
        together = resampled_together(ours, current, np.subtract if how == "difference" else positive_ratio)
        if together is not None and _varies(together):
            return together, _bootstrap(ours.persons)
    exact = isinstance(ours, Exact) and isinstance(current, Exact)
    return Apart(ours, current, how), "exact" if exact else "each side's own bound"


def _varies(found: Resampling) -> bool:
    """Whether replicates differ at all: answers that are the same leave nothing to resample."""
    return not math.isfinite(found.value) or bool(np.ptp(found.draw(20)) != 0)


def _bootstrap(person: object) -> str:
    return "joint BCa bootstrap" if person is None else "joint BCa bootstrap by person"


def _known(ours: Count, current: Count) -> bool:
    """Whether outcomes are known row by row, and each row's place."""
    placed = ours.rows is not None and current.rows is not None
    whole = ours.rows is None and current.rows is None and ours.n == current.n
    return ours.outcomes is not None and current.outcomes is not None and ours.n > 0 and (placed or whole)


def _same_rows(ours: Count, current: Count) -> bool:
    alike = ours.n == current.n and _equal(ours.rows, current.rows)
    return alike and _equal(ours.weights, current.weights)


def _equal(one: npt.NDArray[np.generic] | None, two: npt.NDArray[np.generic] | None) -> bool:
    return one is two or (one is not None and two is not None and bool(np.array_equal(one, two)))


def _resampled_rates(ours: Count, current: Count, how: How) -> Resampling | None:
    """A joint bootstrap of two rates of different rows; None when one has too few hits or errors for it."""
    one, two = (np.arange(count.n) if count.rows is None else count.rows for count in (ours, current))
    places = int(max(one.max(), two.max())) + 1
    sums = np.zeros((places, 4))
    person, there = np.zeros(places, dtype=np.int64), np.zeros(places, dtype=bool)
    persons = [count.person for count in (ours, current) if count.person is not None]
    codes = np.concatenate(persons) if len(persons) == 2 else None
    if codes is not None and codes.dtype.kind not in "iu":  # numbers stay as they are: places in time tell how far
        codes = cluster_codes(codes)
    start = 0
    for column, count, rows in ((0, ours, one), (2, current, two)):
        outcomes = np.asarray(count.outcomes, dtype=float)
        if min(outcomes.sum(), count.n - outcomes.sum()) < FEWEST_ERRORS:
            return None
        weight = np.ones(count.n) if count.weights is None else count.weights
        sums[rows, column], sums[rows, column + 1] = weight * outcomes, weight
        there[rows] = True
        person[rows] = rows if codes is None else codes[start : start + count.n]
        start += count.n
    person, sums = person[there], sums[there]

    def combined(totals: Floats) -> Floats:
        rates = [
            np.divide(totals[:, i], totals[:, i + 1], out=np.full(len(totals), math.nan), where=totals[:, i + 1] > 0)
            for i in (0, 2)
        ]
        result: Floats = rates[0] - rates[1] if how == "difference" else positive_ratio(*rates)
        return result

    if codes is None:
        return resampled_sums(sums, combined)
    return resample(lambda rows: float(combined(sums[rows].sum(axis=0)[None])[0]), person.size, person=person)


@dataclass(frozen=True, eq=False)
class PairedRates(Evidence):
    """Two rates of the same rows: their difference or their ratio.

    Args:
        ours, current: with outcomes of the same rows in the same order. how: "difference" or "ratio".

    Source: Tango (1998) or Tang et al. (2003), strict, on the effective number of rows of Korn & Graubard (1998).
    """

    ours: Count
    current: Count
    how: How

    @property
    def n(self) -> int:  # type: ignore[override]
        """Rows."""
        return self.ours.n

    @property
    def value(self) -> float:  # type: ignore[override]
        """Ours minus the current rate, or ours over it; NaN over nothing."""
        if self.how == "difference":
            return self.ours.value - self.current.value
        return self.ours.value / self.current.value if self.current.value > 0 else math.nan

    @cached_property
    def _shares(self) -> tuple[float, float, float]:
        """Of rows that both, only ours, only the current one got right."""
        first, second = np.asarray(self.ours.outcomes), np.asarray(self.current.outcomes)
        each = (first & second, first & ~second, second & ~first)
        both, wins, losses = (float(np.average(one, weights=self.ours.weights)) for one in each)
        return both, wins, losses

    @cached_property
    def _designs(self) -> list[Design]:
        """Of each contrast whose spread counts."""
        first, second = (np.asarray(count.outcomes, dtype=float) for count in (self.ours, self.current))
        contrasts = [first - second]
        if self.how == "ratio" and math.isfinite(self.value):
            contrasts.append(first - self.value * second)
        return [design(c, self.ours.person, self.ours.weights) for c in contrasts]

    def _size(self, delta: float) -> float:
        return min(one.size(delta) for one in self._designs)

    def _bounds(self, delta: float) -> tuple[float, float]:
        size, unseen = self._size(delta), self._designs[0].unseen(delta)
        both, wins, losses = (share * size for share in self._shares)
        if self.how == "difference":
            low, high = tango(wins, losses, size, delta, strict=True)
            return min(float(low), hidden_losses(self.value, unseen)), max(
                float(high), -hidden_losses(-self.value, unseen)
            )
        low, high = tang(both, wins, losses, size, delta, strict=True)
        ours, current = ((1 - unseen) * rate for rate in (self.ours.value, self.current.value))
        least, most = (
            first / second if second > 0 else math.inf
            for first, second in ((ours, current + unseen), (ours + unseen, current))
        )
        return min(float(low), least), max(float(high), most)

    def lower(self, delta: float) -> float:
        """Score bound, at most as if all rows that clusters may hide were won by the current answers."""
        return self._bounds(delta)[0]

    def upper(self, delta: float) -> float:
        """Score bound, at least as if all rows that clusters may hide were won by ours."""
        return self._bounds(delta)[1]

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """Pairs, by Nam (1997) for a difference; by the margin's width for a ratio."""
        if self.how == "ratio":
            return super().needed(op, target, delta, power)
        wins, losses, goal = self._of_proof(op, target)
        return paired_size(wins, losses, self.n, delta, goal, power, deff=self.n / self._size(delta))

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """Of deciding the line with n pairs."""
        if self.how == "ratio":
            return super().chance(n, op, target, delta)
        wins, losses, goal = self._of_proof(op, target)
        return paired_power(n, wins, losses, self.n, delta, goal, deff=self.n / self._size(delta))

    def _of_proof(self, op: Op, target: float) -> tuple[float, float, float]:
        """Wins, losses and the goal whose proof decides the line: of a difference above the goal."""
        _, wins, losses = (share * self.n for share in self._shares)
        above = (op == ">=") == holds(self.value, op, target)
        return (wins, losses, target) if above else (losses, wins, -target)


@dataclass(frozen=True, eq=False)
class PairedMeans(Evidence):
    """Two means of scores in [0, 1] of the same rows: their difference or their ratio.

    Args:
        ours, current: shape (n,). how: "difference" or "ratio". person: shape (n,) or None.

    Source: betting bound, Waudby-Smith & Ramdas (2023), on (1 + ours − current)/2; for a ratio the tests that the mean
    of ours − ratio·current is 0, inverted.
    """

    ours: Floats
    current: Floats
    how: How
    person: npt.NDArray[np.generic] | None = None

    @property
    def n(self) -> int:  # type: ignore[override]
        """Rows."""
        return int(self.ours.size)

    @property
    def value(self) -> float:  # type: ignore[override]
        """Ours minus the current mean, or ours over it; NaN over nothing."""
        if not self.n:
            return math.nan
        first, second = float(self.ours.mean()), float(self.current.mean())
        if self.how == "difference":
            return first - second
        return first / second if second > 0 else math.nan

    def lower(self, delta: float) -> float:
        """Betting bound; NaN of a ratio to nothing."""
        if self.how == "difference":
            return 2 * betting((1 + self.ours - self.current) / 2, delta, self.person)[0] - 1
        return self._bound_of_ratio(delta, below=True)

    def upper(self, delta: float) -> float:
        """Betting bound; NaN of a ratio to nothing."""
        if self.how == "difference":
            return 2 * betting((1 + self.ours - self.current) / 2, delta, self.person)[1] - 1
        return self._bound_of_ratio(delta, below=False)

    def _bound_of_ratio(self, delta: float, *, below: bool) -> float:
        if not math.isfinite(self.value):
            return math.nan

        def doubted(ratio: float) -> bool:
            scores = (self.ours - ratio * self.current + ratio) / (1 + ratio)
            mean = ratio / (1 + ratio)
            if below:
                return outbets(scores, mean, delta, self.person)
            return outbets(1 - scores, 1 - mean, delta, self.person)

        near, far = self.value, 0.0 if below else math.inf
        if not below:
            far = max(2 * near, 1e-3)
            while not doubted(far):
                far *= 2
                if far > 1e6:
                    return math.inf
        for _ in range(40):
            middle = (near + far) / 2
            near, far = (near, middle) if doubted(middle) else (middle, far)
        return far


@dataclass(frozen=True, eq=False)
class Apart(Evidence):
    """Two values of which nothing is known together: each side's own bound, at δ/2 unless the other side is exact.

    Args:
        ours, current: any evidence; for a ratio of values that are never negative. how: "difference" or "ratio".

    Source: Bonferroni.
    """

    ours: Evidence
    current: Evidence
    how: How

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples, requests or runs of ours."""
        return self.ours.n

    @property
    def value(self) -> float:  # type: ignore[override]
        """Ours minus the current value, or ours over it; NaN over nothing."""
        if self.how == "difference":
            return self.ours.value - self.current.value
        return self.ours.value / self.current.value if self.current.value > 0 else math.nan

    def lower(self, delta: float) -> float:
        """Ours at its lowest against the current one at its highest."""
        each = self._each(delta)
        return self._of(self.ours.lower(each), self.current.upper(each))

    def upper(self, delta: float) -> float:
        """Ours at its highest against the current one at its lowest."""
        each = self._each(delta)
        return self._of(self.ours.upper(each), self.current.lower(each))

    def _each(self, delta: float) -> float:
        unsure = sum(not isinstance(part, Exact) for part in (self.ours, self.current))
        return delta / max(unsure, 1)

    def _of(self, first: float, second: float) -> float:
        if math.isnan(first) or math.isnan(second):
            return math.nan
        if self.how == "difference":
            return first - second
        return max(first, 0.0) / second if second > 0 else math.inf
