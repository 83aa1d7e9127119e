"""A measured value together with what proves it: the one thing every metric gives back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Resampling, resample
from zhinan.proof.bounds import clopper_pearson
from zhinan.proof.clusters import MIN_PERSONS, cluster_codes
from zhinan.proof.combined import F1, best_compared
from zhinan.proof.counts import Count, Scores
from zhinan.proof.evidence import Evidence, Op, holds
from zhinan.proof.gap import Gap
from zhinan.proof.quantiles import Quantile
from zhinan.proof.ratio import Ratio

__all__ = ["MIN_EXAMPLES", "RUNS", "Exact", "Measurement"]

MIN_EXAMPLES = 10
"""With fewer examples nothing is proved, whatever a bound says."""
RUNS = 5
"""Memory is the worst of this many runs."""

Counted = Literal["examples", "requests", "runs"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Exact(Evidence):
    """A value known without error, such as a size in bytes."""

    value: float
    n: int

    def lower(self, delta: float) -> float:
        """The value."""
        return self.value

    def upper(self, delta: float) -> float:
        """The value."""
        return self.value

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """Nothing more decides it."""
        return None


@dataclass(frozen=True, eq=False)
class Measurement:
    """A value, its bounds at any δ, and why it cannot be proved where it cannot.

    Build one with `count`, `counts`, `f1`, `mean`, `bootstrap`, `gap`, `ratio`, `quantile`, `exact` or `worst`.

    Args:
        value: in the metric's base unit; NaN of nothing.
        n: examples (requests, runs) it was measured on. counted: which of them.
        bound: name of the method behind the bounds.
        reason: why nothing can be decided; None when something can.
        evidence: computes the bounds.
    """

    value: float
    n: int
    bound: str
    reason: str | None
    evidence: Evidence
    counted: Counted = "examples"

    def lower(self, delta: float) -> float:
        """The truth is above this, wrong with probability at most δ; NaN or −inf where nothing can be said."""
        return self.evidence.lower(_error(delta))

    def upper(self, delta: float) -> float:
        """The truth is below this, wrong with probability at most δ; NaN or inf where nothing can be said."""
        return self.evidence.upper(_error(delta))

    def needed(self, op: Op, target: float, delta: float, power: float = 0.8) -> int | None:
        """Examples in all that decide the line with that power if the value seen is the truth.

        On the right side of the target they prove it, on the wrong side they refute it, each at δ.

        Returns:
            None when the value is exactly the target, or more than 10 million would be needed.
        """
        found = self.evidence.needed(op, target, _error(delta), power)
        if found is None:
            return None
        return max(found, MIN_EXAMPLES, 2 * self.n if self.reason else 0)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """Probability that n examples decide the line if the value seen is the truth."""
        return 0.0 if n < MIN_EXAMPLES else self.evidence.chance(n, op, target, _error(delta))

    def standard_errors(self, op: Op, target: float) -> float:
        """How far the value is on the right side of the target, in standard errors; negative on the wrong side.

        Choose it to compare candidates on dev: it sees how well each line is known. −inf without a value.
        """
        from scipy.special import ndtri

        distance = abs(self.value - target)
        if not math.isfinite(distance):
            return -math.inf
        sign = 1.0 if holds(self.value, op, target) else -1.0
        margin = self.evidence.margin(op, target, 0.05)
        if not (math.isfinite(margin) and margin > 0) and self.counted == "examples" and 0 <= self.value <= 1:
            # flawless answers show no spread: they are known as well as a rate is
            low, high = clopper_pearson(self.value * self.n, self.n, 0.05)
            margin = float(max(self.value - low, high - self.value))
        if not (math.isfinite(margin) and margin > 0):
            return sign * math.inf if distance else 0.0
        return sign * distance / margin * -float(ndtri(0.05))

    @classmethod
    def count(
        cls,
        outcomes: npt.ArrayLike,
        person: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
        among: npt.ArrayLike | None = None,
    ) -> Measurement:
        """A rate: the share of True in `outcomes`, shape (n,).

        Args:
            person: shape (n,), whose data each row is. weights: shape (n,), where a row stands for more than one.
            among: shape (n,), which rows count, where the answers decide that (precision); others are left out here
                and not before, so that two such rates of the same rows can be compared.

        Source: Clopper & Pearson (1934), on n/deff of Korn & Graubard (1998).
        """
        hits = np.asarray(outcomes, dtype=bool)
        who = None if person is None else np.asarray(person)
        heavy = None if weights is None else np.asarray(weights, dtype=float)
        rows = None if among is None else np.flatnonzero(np.asarray(among, dtype=bool))
        if rows is not None:
            hits, who, heavy = hits[rows], None if who is None else who[rows], None if heavy is None else heavy[rows]
        value = float(np.average(hits, weights=heavy)) if hits.size else math.nan
        name = "Clopper–Pearson" if who is None and heavy is None else "Clopper–Pearson on the effective size"
        return cls(value, hits.size, name, _too_few(hits.size, who), Count(value, hits.size, hits, who, heavy, rows))

    @classmethod
    def counts(cls, hits: int, n: int) -> Measurement:
        """A rate known by its counts only."""
        value = hits / n if n else math.nan
        return cls(value, n, "Clopper–Pearson", _too_few(n, None), Count(value, n))

    @classmethod
    def mean(cls, values: npt.ArrayLike, person: npt.ArrayLike | None = None) -> Measurement:
        """A mean of per-example scores in [0, 1], shape (n,).

        Source: betting bound, Waudby-Smith & Ramdas (2023).
        """
        scores = np.asarray(values, dtype=float)
        who = None if person is None else np.asarray(person)
        outside = not bool(np.all((scores >= 0) & (scores <= 1)))
        reason = "a score is missing or outside 0 to 1" if outside else _too_few(scores.size, who)
        evidence = Exact(math.nan, scores.size) if outside else Scores(scores, who)
        return cls(evidence.value, scores.size, "betting", reason, evidence)

    @classmethod
    def bootstrap(
        cls,
        statistic: Callable[[npt.NDArray[np.int64]], float],
        n: int,
        strata: npt.ArrayLike | None = None,
        person: npt.ArrayLike | None = None,
        seed: int = 0,
        degenerate: str | None = None,
    ) -> Measurement:
        """Any score of n rows, by resampling them within strata or by whole persons.

        Args:
            statistic: of row numbers, shape (m,) with repeats, to the score. It is called some 2,500 times, so keep
                it to bincounts. strata, person: shape (n,). degenerate: why a bootstrap cannot be believed here.

        Source: BCa, Efron, JASA 82 (1987).
        """
        who = None if person is None else np.asarray(person)
        evidence = resample(statistic, n, strata, who, seed)
        how = "BCa bootstrap" if who is None else "BCa bootstrap by person"
        missing = None if math.isfinite(evidence.value) else "the score is not a number"
        return cls(evidence.value, n, how, _too_few(n, who) or degenerate or missing, evidence)

    @classmethod
    def f1(
        cls,
        truth: npt.ArrayLike,
        answer: npt.ArrayLike,
        person: npt.ArrayLike | None = None,
        resampled: Measurement | None = None,
    ) -> Measurement:
        """F1 of flags, shape (n,): what is right beside what was answered.

        Args:
            person: shape (n,), whose each is. resampled: the same by `bootstrap`, to compare it with others.

        Source: Clopper & Pearson (1934), on n/deff of Korn & Graubard (1998), of the overlap.
        """
        true, named = np.asarray(truth, dtype=bool), np.asarray(answer, dtype=bool)
        shared = cls.count(true & named, person, among=true | named)
        whole = resampled.evidence if resampled is not None and resampled.reason is None else None
        evidence = F1(cast("Count", shared.evidence), cast("Resampling | None", whole))
        return cls(evidence.value, shared.n, f"F1 of the overlap, {shared.bound}", shared.reason, evidence)

    @classmethod
    def gap(cls, parts: Mapping[str, Measurement | npt.ArrayLike]) -> Measurement:
        """The largest difference between any two groups: measurements, or outcomes of shape (n,), by group.

        Source: intersection–union over every ordered pair, Berger & Hsu (1996).
        """
        measured = {name: p if isinstance(p, Measurement) else cls.count(p) for name, p in parts.items()}
        evidence = Gap(best_compared([part.evidence for part in measured.values()]))
        how = _pairwise(evidence.parts, "Miettinen–Nurminen")
        return cls(evidence.value, evidence.n, how, _unfit(measured), evidence)

    @classmethod
    def ratio(cls, parts: Mapping[str, Measurement | npt.ArrayLike]) -> Measurement:
        """The least ratio between any two groups: measurements, or outcomes (n,), by group; .8 is four fifths.

        Source: Koopman, Biometrics 40 (1984), intersection–union over every ordered pair, Berger & Hsu (1996).
        """
        measured = {name: p if isinstance(p, Measurement) else cls.count(p) for name, p in parts.items()}
        evidence = Ratio(best_compared([part.evidence for part in measured.values()]))
        missing = "no group is above 0" if math.isnan(evidence.value) else None
        how = _pairwise(evidence.parts, "Koopman")
        return cls(evidence.value, evidence.n, how, _unfit(measured) or missing, evidence)

    @classmethod
    def quantile(cls, samples: npt.ArrayLike, q: float, blocks: npt.ArrayLike | None = None) -> Measurement:
        """The q-quantile of measured times, shape (n,), such as p95 for q = .95.

        Args:
            blocks: shape (n,), which block (a fresh process) each is from; at least 10 for a proof.

        Source: order statistics, David & Nagaraja (2003).
        """
        times = np.asarray(samples, dtype=float)
        evidence = Quantile(times, q, None if blocks is None else np.asarray(blocks))
        broken = "a sample is not a number" if math.isnan(evidence.value) and times.size else None
        reason = _too_few(times.size, None, "requests") or broken or evidence.reason()
        return cls(evidence.value, times.size, "order statistics", reason, evidence, "requests")

    @classmethod
    def exact(cls, value: float, n: int = 1) -> Measurement:
        """A value known without error."""
        missing = "the value is not a number" if math.isnan(value) else None
        return cls(float(value), n, "exact", missing, Exact(float(value), n), "runs")

    @classmethod
    def worst(cls, values: npt.ArrayLike, better: Literal["lower", "higher"] = "lower") -> Measurement:
        """The worst of repeated runs, such as peak memory of 5; which end is worst follows from what is better."""
        runs = np.asarray(values, dtype=float)
        value = float(runs.max() if better == "lower" else runs.min()) if runs.size else math.nan
        reason = f"only {runs.size} runs, {RUNS} are needed" if runs.size < RUNS else None
        if runs.size and math.isnan(value):
            reason = "a run gave no number"
        return cls(value, runs.size, f"worst of {runs.size} runs", reason, Exact(value, runs.size), "runs")


def _pairwise(parts: Sequence[Evidence], counted: str) -> str:
    """Name of the bound of groups compared two by two."""
    if all(isinstance(part, Count) for part in parts):
        return f"every pair, {counted}"
    resampled = all(isinstance(part, Resampling) for part in parts)
    return "every pair, BCa bootstrap" if resampled else "every pair, each group's own bound"


def _unfit(measured: Mapping[str, Measurement]) -> str | None:
    """Why groups cannot be compared; None when they can."""
    if len(measured) < 2:
        return "there is only one group" if measured else "there are no examples"
    reasons = [f"{name}: {part.reason}" for name, part in measured.items() if part.reason]
    return "; ".join(reasons[:3]) or None


def _too_few(n: int, person: npt.ArrayLike | None, unit: str = "examples") -> str | None:
    if n < MIN_EXAMPLES:
        return f"only {n} {unit}" if n else f"no {unit}"
    if person is not None:
        persons = int(cluster_codes(person).max(initial=-1)) + 1
        if persons < MIN_PERSONS:
            return f"only {persons} persons, blocks of time or examples that differ"
    return None


def _error(delta: float) -> float:
    if not 0 < delta < 1:
        raise ValueError(f"delta must lie between 0 and 1, got {delta!r}")
    return delta
