"""Columns whose message does not last: what earlier rows teach by them is surely the opposite of what later rows say.

Only where rows are split by time. A month of which one year was seen is such a column more often than not: its good and
bad months are those of that year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zhinan.contract import Contract
from zhinan.core import Column, Dataset
from zhinan.data.findings import finding
from zhinan.data.predictors import value_codes
from zhinan.data.types import Finding, Split

__all__ = ["Turned", "check_passing", "turned", "without_passing"]

TELLS = 3.0
"""How many standard deviations what a column tells of earlier rows must lie above what chance would."""

SURE = 3.0
"""Standard errors by which later rows must say the opposite: all columns are asked."""

FEWEST = 100
"""Later rows below which nothing is said."""

MOST = 5 * 10**6
"""Values of a column times classes beyond which it is not asked."""

PERSONS = 30
"""Persons in later rows below which nothing is said: of few, the spread between them is not known."""

_KINDS = ("number", "category", "flag")


@dataclass(frozen=True)
class Turned:
    """How far what later rows say of a column follows what earlier ones taught: 1 all of it, below 0 against it."""

    name: str
    follows: float
    error: float


@dataclass(frozen=True)
class _Said:
    """The target of rows: an amount at one place of `outputs`, and 0 at all others.

    Args: place, amount: (n,); for a class 1 at its code, for a number what it is beyond the mean of earlier ones.
    """

    place: npt.NDArray[np.int64]
    amount: npt.NDArray[np.float64]
    outputs: int

    def mean(self) -> npt.NDArray[np.float64]:
        """Over all rows (outputs,)."""
        return np.bincount(self.place, self.amount, self.outputs) / len(self.place)


def turned(train: Dataset, dev: Dataset, columns: tuple[Column, ...]) -> list[Turned]:
    """The columns that speak against themselves in `dev`, whose rows are later than those of `train`, worst first.

    By each column alone the mean target of its values is learned, shrunk by what chance would tell; then the slope of
    later targets on those means is taken, its error over persons where rows belong to some.

    Source: shrinkage, James & Stein (1961); standard errors of clusters, Liang & Zeger, Biometrika 73 (1986).
    """
    if train.target is None or train.target.kind not in ("category", "flag", "number") or len(dev) < FEWEST:
        return []
    who = _whose(dev)
    if int(who.max()) + 1 < PERSONS:
        return []
    (known, later), found = _targets(train, dev), []
    for column in columns:
        if column.kind not in _KINDS or column.name == train.time:
            continue
        codes, asked = value_codes(train.frame[column.name], dev.frame[column.name])
        size = int(max(codes.max(initial=0), asked.max(initial=0))) + 1
        means = _taught(codes, known, size) if size * known.outputs <= MOST else None
        if means is not None and (one := _followed(column.name, means, asked, later, who)) is not None:
            found.append(one)
    return sorted(found, key=lambda one: one.follows + SURE * one.error)


def _followed(
    name: str, means: npt.NDArray[np.float64], asked: npt.NDArray[np.int64], later: _Said, who: npt.NDArray[np.int64]
) -> Turned | None:
    """What later rows say against the means of values (size, outputs); None where it is not surely the opposite."""
    rows = np.bincount(asked, minlength=len(means))
    said = means - rows @ means / rows.sum()
    lengths = (said**2).sum(axis=1)
    weight = float(rows @ lengths)
    if not weight > 0:
        return None
    agreed = said[asked, later.place] * later.amount
    slope = float(agreed.sum()) / weight
    pulls = np.bincount(who, agreed - (said @ later.mean() + slope * lengths)[asked])
    error = float(np.sqrt((pulls**2).sum() * len(pulls) / (len(pulls) - 1))) / weight
    return Turned(name, slope, error) if slope + SURE * error < 0 else None


def _whose(part: Dataset) -> npt.NDArray[np.int64]:
    """A code for whose each row is; a row of nobody is a person of its own."""
    if part.person is None:
        return np.arange(len(part))
    names = [f"\x02{i}" if who in (None, "") else str(who) for i, who in enumerate(part.values(part.person))]
    return np.unique(np.asarray(names, object), return_inverse=True)[1]


def _targets(train: Dataset, dev: Dataset) -> tuple[_Said, _Said]:
    """Both targets, as codes of the classes of train or as one number; a class that train lacks says nothing."""
    name = train.target.name if train.target else ""
    if train.target and train.target.kind == "number":
        numbers = [np.asarray(part.values(name), np.float64) for part in (train, dev)]
        mean = numbers[0].mean()
        known, later = (_Said(np.zeros(len(one), np.int64), one - mean, 1) for one in numbers)
        return known, later
    texts = [[str(value) for value in part.values(name)] for part in (train, dev)]
    code = {label: i for i, label in enumerate(dict.fromkeys(texts[0]))}
    places = [np.asarray([code.get(text, -1) for text in some], np.int64) for some in texts]
    known, later = (_Said(np.maximum(one, 0), (one >= 0).astype(np.float64), len(code)) for one in places)
    return known, later


def _taught(codes: npt.NDArray[np.int64], known: _Said, size: int) -> npt.NDArray[np.float64] | None:
    """The shrunk mean target of each value (size, outputs), beyond the mean of all; None when it tells nothing."""
    rows, mean = np.bincount(codes, minlength=size), known.mean()
    cells = np.bincount(codes * known.outputs + known.place, known.amount, size * known.outputs)
    sums = cells.reshape(size, known.outputs) - rows[:, None] * mean
    spread = float((known.amount**2).mean() - (mean**2).sum())
    chance = float((rows > 0).sum() - 1)
    told = float((sums**2 / np.maximum(rows, 1)[:, None]).sum() / spread) if spread > 0 else 0.0
    if chance < 1 or told <= chance + TELLS * (2 * chance) ** 0.5:
        return None
    means: npt.NDArray[np.float64] = (1 - chance / told) * sums / np.maximum(rows, 1)[:, None]
    return means


def check_passing(contract: Contract, parts: Split) -> list[Finding]:
    """Says which columns are left out because what they tell does not last."""
    found = _left_out(contract, parts)
    told = [f"{one.name}: {one.follows:+.1f}" for one in found]
    return [finding("passing_columns", len(found), told, time=contract.data.time)] if found else []


def without_passing(contract: Contract, parts: Split) -> Split:
    """The parts without them as inputs."""
    names = {one.name for one in _left_out(contract, parts)}
    if not names:
        return parts
    inputs = tuple(column for column in parts.train.inputs if column.name not in names)
    train, dev, sealed = (replace(part, inputs=inputs) for part in (parts.train, parts.dev, parts.sealed))
    return replace(parts, train=train, dev=dev, sealed=sealed)


def _left_out(contract: Contract, parts: Split) -> list[Turned]:
    """Those that no contract asks for by name; none where nothing else would be left to learn from."""
    if contract.data.time is None or contract.data.inputs is not None:
        return []
    free = tuple(column for column in parts.train.inputs if column.name not in contract.train.monotone)
    found = turned(parts.train, parts.dev, free)
    return found if len(found) < len(parts.train.inputs) else []
