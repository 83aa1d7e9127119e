"""Bootstrap bounds for scores that are no plain count or mean: macro-F1, AUC, any difference of two of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhinan.proof.clusters import cluster_codes
from zhinan.proof.evidence import Evidence, Op
from zhinan.proof.hidden import Hidden, hidden_rows

__all__ = ["Influence", "Resampling", "Source", "bca", "resample", "resampled_sums", "resampled_together"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Statistic = Callable[[Ints], float]

LEAVE_OUT = 400
"""Groups left out in turn to see each one's influence; more of them would change a bound by < 0.1 % of its margin."""
FEWEST, MOST, TAIL = 2_000, 40_000, 10
"""Replicates drawn at least and at most, and how many must lie beyond a bound for it to be believed."""
WORK = 200_000_000
"""Rows all replicates of one score may look at: seconds, not minutes, on large data."""
BATCH = 2_000_000
"""Rows drawn at once."""


@dataclass(frozen=True, eq=False)
class Influence:
    """What each part of the sample adds to the score's error.

    Args:
        shares: shape (groups,), mean 0 within a stratum; their squares sum to the variance replicates show.
        widening: the score's standard error over the replicates', which are too narrow by √(1 − 1/n).
        degrees: of freedom of that standard error, fewer where few parts carry it.
    """

    shares: Floats
    widening: float
    degrees: float


@dataclass(frozen=True, eq=False)
class Source:
    """A score of rows and the plan of their resamples: two with one plan and seed see the same resamples."""

    statistic: Statistic
    plan: _Plan
    seed: int

    def like(self, other: Source) -> bool:
        """Whether both see the same resamples."""
        mine, theirs = self.plan, other.plan
        return self.seed == other.seed and all(
            np.array_equal(one, two)
            for one, two in (
                (mine.rows, theirs.rows),
                (mine.rows_of, theirs.rows_of),
                (mine.units, theirs.units),
                (mine.stratum, theirs.stratum),
            )
        )


def _nothing() -> None:
    return None


@dataclass(frozen=True, eq=False)
class Resampling(Evidence):
    """A score with replicates drawn as needed.

    Args:
        value: the score on all n rows. draw: gives the first k replicates, always the same ones.
        influences: computed when first asked for. persons: shape (n,), to see whether two samples share some.
        source: what was resampled and how, where that is one sample of rows; None for a score made of several.
        hiding: computed when first asked for: what clusters may hide; None where rows were drawn alone.
    """

    value: float
    n: int
    draw: Callable[[int], Floats]
    influences: Callable[[], Influence]
    persons: npt.NDArray[np.generic] | None = None
    source: Source | None = None
    hiding: Callable[[], Hidden | None] = _nothing

    @cached_property
    def hidden(self) -> Hidden | None:
        """What clusters may hide from the replicates."""
        return self.hiding()

    @cached_property
    def variance(self) -> float:
        """Of the score, as the replicates show it."""
        return float(self.influence.shares @ self.influence.shares) * self.influence.widening**2

    @cached_property
    def influence(self) -> Influence:
        """What each part of the sample adds to the score's error."""
        return self.influences()

    def lower(self, delta: float) -> float:
        """BCa bound; NaN where the replicates cannot tell."""
        return self._bound(delta, below=True)

    def upper(self, delta: float) -> float:
        """BCa bound; NaN where the replicates cannot tell."""
        return self._bound(delta, below=False)

    def margin(self, op: Op, target: float, delta: float) -> float:
        """From influences alone: a comparison of candidates needs no replicates, nor what clusters may hide."""
        from scipy.special import ndtri

        return -float(ndtri(delta)) * math.sqrt(self.variance)

    def deciding_margin(self, op: Op, target: float, delta: float) -> float:
        """From influences alone, with what clusters may hide."""
        return self.margin(op, target, delta) * self._wider(delta)

    def _wider(self, delta: float) -> float:
        """How many times as far as the replicates' bound the one lies that knows what clusters may hide."""
        if self.hidden is None or not self.variance > 0:
            return 1.0
        return math.sqrt(max(1.0, self.hidden.reach(delta) / self.variance))

    def _bound(self, delta: float, *, below: bool) -> float:
        if not math.isfinite(self.value):
            return math.nan
        tail = delta if below else 1 - delta
        rarest = _level(0.0, self.influence, tail)
        most = max(2 * FEWEST, min(MOST, WORK // self.n))
        rarest = min(delta, rarest, 1 - rarest) if rarest > 0 else delta
        wanted = min(max(FEWEST, math.ceil(8 * TAIL / max(rarest, 1e-9))), most)
        found = bca(self.draw(wanted), self.value, self.influence, delta, below=below)
        if self.hidden is None or math.isnan(found):
            return found
        moved = self.value + (found - self.value) * self._wider(delta)
        return (min if below else max)(moved, self.hidden.end(delta, below))


def bca(replicates: npt.ArrayLike, value: float, influence: Influence, delta: float, *, below: bool) -> float:
    """One-sided bias-corrected and accelerated bound, the level expanded for the few examples behind it.

    Args:
        replicates: shape (B,), the score on resamples. value: the score itself. delta: one-sided error.
        below: the lower bound, else the upper one.

    Returns:
        NaN for degenerate replicates: not finite, all on one side of the value, or too few beyond the bound.

    Source: Efron, JASA 82 (1987), with the median of ties; several samples as Davison & Hinkley (1997) 5.3;
    expanded level Φ(−√(n/(n−1))·t) as Hesterberg, The American Statistician 69 (2015).
    """
    from scipy.special import ndtri

    drawn = np.asarray(replicates, dtype=float)
    shares = influence.shares
    variance = float(shares @ shares)
    if not bool(np.isfinite(drawn).all()) or not math.isfinite(variance) or variance <= 0:
        return math.nan
    bias = float(ndtri((np.mean(drawn < value) + np.mean(drawn <= value)) / 2))
    level = _level(bias, influence, delta if below else 1 - delta)
    if not min(level, 1 - level) * drawn.size >= TAIL:
        return math.nan
    return float(np.quantile(drawn, level))


def _level(bias: float, influence: Influence, tail: float) -> float:
    """Which quantile of the replicates is the bound: BCa's level, expanded; NaN when there is none."""
    from scipy.special import ndtr, stdtrit

    shares = influence.shares
    variance = float(shares @ shares)
    if not variance > 0 or not math.isfinite(bias):
        return math.nan
    acceleration = float((shares**3).sum()) / (6 * variance**1.5)
    z = influence.widening * float(stdtrit(influence.degrees, tail))
    squeeze = 1 - acceleration * (bias + z)
    return float(ndtr(bias + (bias + z) / squeeze)) if squeeze > 0 else math.nan


def resample(
    statistic: Statistic,
    n: int,
    strata: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
    seed: int = 0,
) -> Resampling:
    """Bootstrap of a score, within strata or by whole persons.

    Args:
        statistic: of row numbers, shape (m,) with repeats, to the score. n: rows.
        strata: shape (n,), values whose numbers are kept, such as the true class. Ignored with `person`, since a
            person's rows may have several.
        person: shape (n,), drawn as a whole.
        seed: the same replicates for the same seed.
    """
    groups = np.zeros(n, np.int64) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    units = np.arange(n) if person is None else cluster_codes(person)
    plan = _Plan.of(units, groups.reshape(-1) if person is None else np.zeros(int(units.max(initial=-1)) + 1, np.int64))
    rng = np.random.default_rng(seed)
    drawn: list[float] = []

    def draw(count: int) -> Floats:
        while len(drawn) < count:
            drawn.append(float(statistic(plan.pick(rng))))
        return np.asarray(drawn[:count])

    value = float(statistic(np.arange(n))) if n else math.nan
    return Resampling(
        value,
        n,
        draw,
        lambda: _influence(statistic, value, plan, seed),
        None if person is None else np.asarray(person),
        Source(statistic, plan, seed),
        _nothing if plan.alone else lambda: hidden_rows(statistic, value, plan.unit_of_row, seed),
    )


def resampled_together(
    first: Resampling, second: Resampling, combined: Callable[[Floats, Floats], Floats]
) -> Resampling | None:
    """One score made of two of the same rows, from joint replicates; None when they were not resampled alike."""
    one, two = first.source, second.source
    if one is None or two is None or not one.like(two):
        return None

    def statistic(rows: Ints) -> float:
        return float(combined(np.asarray([one.statistic(rows)]), np.asarray([two.statistic(rows)]))[0])

    value = float(combined(np.asarray([first.value]), np.asarray([second.value]))[0])

    def influences() -> Influence:
        if combined is np.subtract:  # what was left out in turn for each is known, and their difference is linear in it
            return _weighed(first.influence.shares - second.influence.shares, one.plan)
        return _influence(statistic, value, one.plan, one.seed)

    def hiding() -> Hidden | None:
        return None if one.plan.alone else hidden_rows(statistic, value, one.plan.unit_of_row, one.seed)

    def draw(count: int) -> Floats:
        return combined(first.draw(count), second.draw(count))

    return Resampling(value, first.n, draw, influences, first.persons, Source(statistic, one.plan, one.seed), hiding)


def resampled_sums(sums: Floats, combined: Callable[[Floats], Floats], seed: int = 0) -> Resampling:
    """A score made of sums over units, from replicates of the units. Fast: units alike are drawn together.

    Args:
        sums: shape (units, k), what each row or person adds. combined: of totals, shape (B, k), to scores, shape (B,).
    """
    cells, times = np.unique(sums, axis=0, return_counts=True)
    n = int(times.sum())
    rng = np.random.default_rng(seed)
    drawn: list[Floats] = []
    batch = max(1, min(1000, BATCH // max(n, 1)))

    def totals(count: int) -> Floats:
        # few kinds of units are drawn by their numbers, many one by one
        if len(cells) <= 50:
            return rng.multinomial(n, times / n, count) @ cells
        picked: Floats = sums[rng.integers(n, size=(count, n))].sum(axis=1)
        return picked

    def draw(count: int) -> Floats:
        have = sum(part.size for part in drawn)
        while have < count:
            drawn.append(combined(totals(batch)))
            have += batch
        return np.concatenate(drawn)[:count]

    value = float(combined(sums.sum(axis=0)[None])[0]) if n else math.nan

    def influences() -> Influence:
        without = combined(sums.sum(axis=0)[None] - cells)
        shares = np.repeat((value - without) * (n - 1) / n, times)
        shares -= shares.mean()
        spread = float(shares @ shares)
        carried = spread**2 / float((shares**4).sum()) if spread > 0 else float(n)
        return Influence(shares, math.sqrt(n / max(n - 1, 1)), max(min(n - 1.0, carried), 1.0))

    return Resampling(value, n, draw, influences)


@dataclass(frozen=True, eq=False)
class _Plan:
    """Units (rows or persons) sorted by stratum, and the rows of each unit."""

    rows: Ints
    first_row: Ints
    rows_of: Ints
    units: Ints
    stratum: Ints
    start: Ints = field(repr=False)
    size: Ints = field(repr=False)

    @classmethod
    def of(cls, units: Ints, stratum_of_unit: Ints) -> _Plan:
        rows = np.argsort(units, kind="stable")
        rows_of = np.bincount(units, minlength=stratum_of_unit.size)
        order = np.argsort(stratum_of_unit, kind="stable")
        stratum = stratum_of_unit[order]
        sizes = np.bincount(stratum)
        starts = np.cumsum(sizes) - sizes
        return cls(rows, np.cumsum(rows_of) - rows_of, rows_of, order, stratum, starts[stratum], sizes[stratum])

    @property
    def alone(self) -> bool:
        """Whether each row is a unit."""
        return self.rows_of.size == self.rows.size

    @property
    def unit_of_row(self) -> Ints:
        """Shape (n,), codes."""
        found = np.empty(self.rows.size, np.int64)
        found[self.rows] = np.repeat(np.arange(self.rows_of.size), self.rows_of)
        return found

    def pick(self, rng: np.random.Generator) -> Ints:
        """Row numbers of one resample."""
        picked = (rng.random(self.units.size) * self.size).astype(np.int64) + self.start
        return self.expand(self.units[picked])

    def expand(self, units: Ints) -> Ints:
        """The rows of the given units."""
        if self.alone:  # units are rows, in their own order
            return units
        lengths = self.rows_of[units]
        ends = np.cumsum(lengths)
        offsets = np.repeat(self.first_row[units] - (ends - lengths), lengths)
        found: Ints = self.rows[offsets + np.arange(offsets.size)]
        return found


def _influence(statistic: Statistic, value: float, plan: _Plan, seed: int) -> Influence:
    """Grouped jackknife: units of a stratum are left out a random group at a time."""
    strata, wanted = np.bincount(plan.stratum), _groups(plan)
    shuffled = np.lexsort((np.random.default_rng([seed, 1]).random(plan.units.size), plan.stratum))
    rank = np.arange(plan.units.size) - plan.start
    group = (np.cumsum(wanted) - wanted)[plan.stratum] + rank * wanted[plan.stratum] // plan.size
    shares = np.zeros(int(wanted.sum()))
    for number in range(shares.size):
        left_out = shuffled[group == number]
        of = strata[plan.stratum[left_out[0]]]
        if left_out.size < of:
            kept = np.delete(plan.units, left_out)
            shares[number] = (value - statistic(plan.expand(kept))) * (of - left_out.size) / of
    return _weighed(shares, plan)


def _groups(plan: _Plan) -> Ints:
    """How many groups of each stratum are left out in turn."""
    strata = np.bincount(plan.stratum)
    if plan.units.size <= LEAVE_OUT:
        return strata
    most: Ints = np.minimum(strata, np.maximum(2, np.round(LEAVE_OUT * strata / plan.units.size))).astype(np.int64)
    return most


def _weighed(shares: Floats, plan: _Plan) -> Influence:
    """What the shares of groups, shape (groups,), say of the score's error."""
    wanted, spread, degrees = _groups(plan), [], []
    shares = shares.copy()
    for stratum, size in enumerate(np.bincount(plan.stratum)):
        mine = slice(int(wanted[:stratum].sum()), int(wanted[: stratum + 1].sum()))
        shares[mine] -= shares[mine].mean()
        spread.append(float(shares[mine] @ shares[mine]))
        degrees.append(max(float(size) - 1, 1.0))
    shown = sum(spread)
    if not shown > 0:
        return Influence(shares, 1.0, float(plan.units.size))
    true = [s * (d + 1) / d for s, d in zip(spread, degrees, strict=True)]
    freedom = sum(true) ** 2 / sum(t**2 / d for t, d in zip(true, degrees, strict=True))
    carried = shown**2 / float((shares**4).sum())  # few influential units know little of the spread
    return Influence(shares, math.sqrt(sum(true) / shown), max(min(freedom, carried), 1.0))
