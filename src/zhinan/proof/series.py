"""Rows that follow each other in time may err alike: how many in a row are drawn as one, told from how they erred."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Resampling
from zhinan.proof.clusters import MIN_PERSONS
from zhinan.proof.combined import Miscalibration
from zhinan.proof.counts import Count, Scores
from zhinan.proof.evidence import Evidence, Op
from zhinan.proof.measurement import Measurement
from zhinan.proof.quantiles import Quantile
from zhinan.proof.relation import PairedMeans, PairedRates

__all__ = ["SURE", "Series", "block_length", "places_in_time", "series_of", "settled", "time_blocks"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DOUBT = 0.05
"""How often rows that are not alike may be taken to be."""
SURE = 0.01
"""The same where other rows than those of the proof say so."""
NEAR, FADING = 10, 0.7
"""How many autocorrelations tell whether rows are alike, and what each next one weighs."""
QUIET = 5
"""So many in a row without an autocorrelation of their own end the dependence."""
FEW = 5
"""Fewer rows than this on the rarer side do not tell how alike neighbours are."""
MOST, LEAST, WORK = 2_000, 200, 20_000_000
"""Rows in a row, the latest, that are left out in turn to see how a score depends on each, by how many there are."""


def block_length(values: npt.ArrayLike, doubt: float = DOUBT) -> int:
    """How many values in a row to draw as one block, 1 where neighbours are not alike.

    Twice the length at which blocks estimate the variance of a mean best. That one still leaves out 28 % of it for 300
    values with an autocorrelation of .9, which an estimate can bear and a bound cannot.

    Args:
        values: shape (n,), in the order of time: what each row adds to the error of a score.
        doubt: chance that values which are not alike are taken to be.

    Source: Politis & White, Econometric Reviews 23 (2004), with the correction of Patton, Politis & White (2009), for
    the circular block bootstrap. Whether neighbours are alike at all is told by autocorrelations weighed together,
    one-sided, by their variance 1/n where there is none (Bartlett, JRSS suppl. 8, 1946): a weak dependence is too
    small to be seen in any one of them.
    """
    from scipy.special import ndtri

    found = np.asarray(values, dtype=float)
    n, errors = found.size, found - found.mean() if found.size else found
    if n < 2 * MIN_PERSONS or not float(errors @ errors) > 1e-12 * n:
        return 1
    most = math.ceil(math.sqrt(n)) + QUIET
    spread = _autocovariances(errors, min(n - 1, 2 * most))
    alike = spread[1:] / spread[0]
    weights = FADING ** np.arange(min(NEAR, alike.size))
    if float(weights @ alike[: weights.size]) * math.sqrt(n) <= -ndtri(doubt) * math.sqrt(float(weights @ weights)):
        return 1
    seen = np.abs(alike[:most]) >= 2 * math.sqrt(math.log10(n) / n)
    runs = np.convolve(seen, np.ones(QUIET), "valid")
    last: int = int(np.argmin(runs)) if runs.min() == 0 else int(np.flatnonzero(seen)[-1]) + 1
    lags = np.arange(1, min(2 * max(last, 1), spread.size - 1) + 1)
    kept = np.minimum(1.0, 2 - 2 * lags / lags[-1]) * spread[lags]
    whole, slope = float(spread[0] + 2 * kept.sum()), float(2 * lags @ kept)
    if whole <= 0 or slope <= 0:
        return 2
    return int(max(2, min(math.ceil(2 * (1.5 * (slope / whole) ** 2 * n) ** (1 / 3)), n)))


def _autocovariances(errors: Floats, most: int) -> Floats:
    """Of lags 0 to `most`, shape (most + 1,)."""
    parts = np.fft.rfft(errors, 2 * errors.size)
    found: Floats = np.fft.irfft(parts * np.conj(parts))[: most + 1] / errors.size
    return found


@dataclass(frozen=True, eq=False)
class Series(Evidence):
    """A score of rows in the order of time: no bound is nearer than the one by blocks of rows that follow each other.

    Args:
        plain: as if only a person's rows, or copies, were alike. by: of whose each row is, shape (n,), to the score
            measured so. place: shape (n,), 0…n−1, where each row stands in time.
        signs: shape (n,) each: what else tells of errors, for scores whose own errors are too few to.
        least: the length of a block at least, such as other rows of the series say.
    """

    plain: Evidence
    by: Callable[[Ints], Measurement]
    place: Ints
    signs: Sequence[Floats] = ()
    least: int = 1

    @property
    def value(self) -> float:  # type: ignore[override]
        """As if every row were drawn alone."""
        return self.plain.value

    @property
    def n(self) -> int:  # type: ignore[override]
        """Examples."""
        return self.plain.n

    @cached_property
    def length(self) -> int:
        """Rows of a block, 1 where neighbours are not alike: the longest that a part of the score asks for."""
        return max(self.least, self.asked(DOUBT))

    def asked(self, doubt: float) -> int:
        """As `length`, where rows that are not alike may be taken to be with chance `doubt`."""
        return max((_length(self.place.size, *part, doubt / len(self._pulls)) for part in self._pulls), default=1)

    @cached_property
    def _pulls(self) -> Sequence[tuple[Ints, Floats]]:
        parts = list(_pulls(self.by(self.place).evidence))
        if min((_rarer(pulls) for _, pulls in parts), default=0) < FEW:
            parts += [(self.place, sign) for sign in self.signs]
        return parts

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return math.ceil(self.place.size / self.length)

    @cached_property
    def counted(self) -> tuple[Evidence, ...]:
        """The score as it is, and by blocks where there are any."""
        return (self.plain,) if self.blocked is None else (self.plain, self.blocked.evidence)

    @cached_property
    def blocked(self) -> Measurement | None:
        """The score measured by blocks; None where neighbours are not alike."""
        return None if self.length == 1 else self.by(self.place // self.length)

    def lower(self, delta: float) -> float:
        """The farther one; NaN where one is unknown."""
        return float(np.min([part.lower(delta) for part in self.counted]))

    def upper(self, delta: float) -> float:
        """The farther one; NaN where one is unknown."""
        return float(np.max([part.upper(delta) for part in self.counted]))

    def margin(self, op: Op, target: float, delta: float) -> float:
        """As if every row were drawn alone: it is for candidates, which are compared on the same rows."""
        return self.plain.margin(op, target, delta)

    def deciding_margin(self, op: Op, target: float, delta: float) -> float:
        """The larger one."""
        return max(part.deciding_margin(op, target, delta) for part in self.counted)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """What the one that needs more needs."""
        every = [part.needed(op, target, delta, power) for part in self.counted]
        return None if None in every else max(one for one in every if one is not None)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """The smaller one."""
        return min(part.chance(n, op, target, delta) for part in self.counted)

    def worth(self, delta: float) -> int:
        """Rows drawn alone whose bounds would lie as far apart as these."""
        alone = self.plain.upper(delta) - self.plain.lower(delta)
        wide = self.upper(delta) - self.lower(delta)
        return round(self.n * (alone / wide) ** 2) if 0 < wide < math.inf else 0


def time_blocks(moment: npt.ArrayLike, values: npt.ArrayLike, rows: npt.ArrayLike | None = None) -> Ints | None:
    """Which block of rows by time each value is of, shape (m,); None where neighbours are not alike.

    Choose it for a comparison on the same rows, as persons: what each row says of it decides how long a block is.

    Args:
        moment: shape (n,), when each row was. values: shape (m,). rows: shape (m,), whose they are; default all.
    """
    place = places_in_time(moment)
    mine = place if rows is None else place[np.asarray(rows)]
    length = _length(place.size, mine, np.asarray(values, dtype=float), DOUBT)
    return None if length == 1 else mine // length


def places_in_time(moment: npt.ArrayLike) -> Ints:
    """Where each row stands in the order of time, 0…n−1, shape (n,); rows of one moment in an order drawn once.

    That of the file, sorted by class or customer, would make neighbours alike that time does not.
    """
    when = np.asarray(moment)
    drawn = np.random.default_rng(0).permutation(when.size)
    place = np.empty(when.size, np.int64)
    place[np.lexsort((drawn, when))] = np.arange(when.size)
    return place


def _length(n: int, places: Ints, pulls: Floats, doubt: float) -> int:
    """Rows of a block of all n, of which the given ones are some: those that count, or the latest."""
    there, codes = np.unique(places, return_inverse=True)
    found = block_length(np.bincount(codes, pulls), doubt) if there.size else 1
    if found == 1:
        return 1
    span = int(there[-1] - there[0]) + 1
    return int(min(math.ceil(found * span / there.size * (n / span) ** (1 / 3)), n))


def series_of(evidence: Evidence) -> Series | None:
    """The series that some evidence is, or is made of; None where there is none."""
    if isinstance(evidence, Series):
        return evidence
    return next(filter(None, map(series_of, _parts(evidence))), None)


def settled(measured: Measurement) -> Measurement:
    """The measurement with how its rows in time were counted: as it is, or by blocks, which may be too few."""
    found = series_of(measured.evidence)
    if found is None or found.blocked is None:
        return measured
    how = f"{measured.bound}, in {found.blocks:,} blocks of {found.length:,} rows by time"
    few = found.blocked.reason  # a line of one class or group has rows in some of the blocks only
    if found.blocks < MIN_PERSONS:
        few = f"only {found.blocks} such blocks, {MIN_PERSONS} are needed"
    why = f"rows are alike over {found.length:,} in a row: {few}" if few else None
    return replace(measured, bound=how, reason=measured.reason or why)


def _pulls(evidence: Evidence) -> Iterator[tuple[Ints, Floats]]:
    """Of each part of some evidence whose rows are numbered as persons: which rows, and how each pulls the score."""
    match evidence:
        case Count(person=places, outcomes=outcomes, weights=weights) if places is not None and outcomes is not None:
            pulls = outcomes - evidence.value
            yield places.astype(np.int64), _floats(pulls if weights is None else pulls * weights)
        case Scores(values=values, person=places) if places is not None:
            yield places.astype(np.int64), values - evidence.value
        case PairedRates(ours=ours, current=current) if ours.person is not None:
            factor = 1.0 if evidence.how == "difference" or not evidence.value > 0 else evidence.value
            yield ours.person.astype(np.int64), _apart(np.asarray(ours.outcomes), np.asarray(current.outcomes), factor)
        case PairedMeans(ours=ours, current=current, person=places) if places is not None:
            factor = 1.0 if evidence.how == "difference" or not evidence.value > 0 else evidence.value
            yield places.astype(np.int64), _apart(ours, current, factor)
        case Miscalibration(excess=excess, person=places) if places is not None:
            yield places.astype(np.int64), excess - excess.mean()
        case Quantile(samples=samples, blocks=places) if places is not None:
            yield places.astype(np.int64), _floats((samples <= evidence.value) - evidence.q)
        case Resampling(source=source, persons=places) if source is not None and places is not None:
            yield _left_out(source.statistic, evidence.value, places.astype(np.int64))
        case _:
            for part in _parts(evidence):
                yield from _pulls(part)


def _apart(ours: npt.NDArray[np.generic], current: npt.NDArray[np.generic], factor: float) -> Floats:
    found = ours.astype(float) - factor * current.astype(float)
    return _floats(found - found.mean())


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=float)


def _left_out(statistic: Callable[[Ints], float], value: float, places: Ints) -> tuple[Ints, Floats]:
    """How each of the latest rows pulls a score, by leaving it out."""
    every = np.arange(places.size)
    latest = np.argsort(places)[-min(MOST, max(LEAST, WORK // max(places.size, 1))) :]
    pulls = np.asarray([value - statistic(np.delete(every, row)) for row in latest])
    return places[latest], np.nan_to_num(pulls - pulls.mean())


def _parts(evidence: Evidence) -> Iterator[Evidence]:
    """What some evidence is made of."""
    if is_dataclass(evidence):
        for one in fields(evidence):
            held = getattr(evidence, one.name)
            for part in held if isinstance(held, tuple) else (held,):
                if isinstance(part, Evidence):
                    yield part


def _rarer(pulls: Floats) -> int:
    return min(int((pulls > 0).sum()), int((pulls < 0).sum()))
