"""Evidence of things counted right or wrong: accuracy, recall, precision, any rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhinan.proof.bounds import betting, clopper_pearson
from zhinan.proof.clusters import Design, design
from zhinan.proof.evidence import Evidence, Op, holds
from zhinan.proof.samples import CAP, count_power, count_size

__all__ = ["Count", "Scores"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Count(Evidence):
    """A rate with its exact bound, on the effective size where rows share persons or stand for more than one.

    Args:
        value: the (weighted) rate. n: rows. outcomes, person, weights: shape (n,), where rows are known.
        rows: shape (n,), which of the measured rows these are; None for all of them.
    """

    value: float
    n: int
    outcomes: npt.NDArray[np.bool_] | None = None
    person: npt.NDArray[np.generic] | None = None
    weights: Floats | None = None
    rows: npt.NDArray[np.int64] | None = None

    @cached_property
    def design(self) -> Design:
        """How far rows are from independent and alike."""
        if self.outcomes is None:
            return Design(self.n, self.n, 1.0, 1.0, math.inf)
        return design(self.outcomes, self.person, self.weights)

    def lower(self, delta: float) -> float:
        """Clopper–Pearson on n/deff, at most as if the misses that clusters may hide came on top of those seen."""
        return self._bounds(delta)[0]

    def upper(self, delta: float) -> float:
        """Clopper–Pearson on n/deff, at least as if the hits that clusters may hide came on top of those seen."""
        return self._bounds(delta)[1]

    def _bounds(self, delta: float) -> tuple[float, float]:
        if self.n == 0:
            return 0.0, 1.0
        size, unseen = self.design.size(delta), self.design.unseen(delta)
        hits = self.value * size
        if size == self.n:
            hits = round(hits)
        low, high = clopper_pearson(hits, size, delta)
        return min(float(low), self.value * (1 - unseen)), max(float(high), self.value + (1 - self.value) * unseen)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """By exact binomial search, times the rows that are worth one independent row."""
        rate, floor = self._proof_of(op, target)
        wanted = 0
        for proved, least, rows in self._proofs(rate, floor, delta):
            size = count_size(proved, least, delta, power)
            if size is None:
                return None
            wanted = max(wanted, math.ceil(size.stays * rows))
        return wanted if wanted <= CAP else None

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """By exact binomial, the least over n and all larger samples."""
        proofs = self._proofs(*self._proof_of(op, target), delta)
        return min(count_power(n / rows, rate, floor, delta) for rate, floor, rows in proofs)

    def _proofs(self, rate: float, floor: float, delta: float) -> list[tuple[float, float, float]]:
        """What has to be proved of which rate, and the rows that are worth one independent row for it.

        Besides the floor itself, where clusters may hide misses: that those on top of the seen ones leave the floor.
        """
        if not self.n:
            return [(rate, floor, 1.0)]
        proofs = [(rate, floor, self.n / self.design.size(delta))]
        if self.design.sizes is not None:
            proofs.append((1.0, floor / rate if rate > floor else 1.0, self.n / self.design.hiding(delta)))
        return proofs

    def _proof_of(self, op: Op, target: float) -> tuple[float, float]:
        """The rate and the floor whose proof decides the line: of hits, or of misses where fewer hits are wanted."""
        hits_wanted = op == ">="
        if self.n and not holds(self.value, op, target):
            hits_wanted = not hits_wanted
        if self.n == 0:
            return 1.0, target if hits_wanted else 1 - target
        return (self.value, target) if hits_wanted else (1 - self.value, 1 - target)


@dataclass(frozen=True, eq=False)
class Scores(Evidence):
    """A mean of per-example scores in [0, 1] with its betting bound."""

    values: Floats
    person: npt.NDArray[np.generic] | None = None

    @property
    def value(self) -> float:  # type: ignore[override]
        """The mean; NaN of nothing."""
        return float(self.values.mean()) if self.values.size else math.nan

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples."""
        return int(self.values.size)

    def lower(self, delta: float) -> float:
        """Betting bound."""
        return betting(self.values, delta, self.person)[0]

    def upper(self, delta: float) -> float:
        """Betting bound."""
        return betting(self.values, delta, self.person)[1]
