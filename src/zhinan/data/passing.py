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

MOST = 5 * 10**7
"""Rows times classes beyond which nothing is looked for."""

_KINDS = ("number", "category", "flag")


@dataclass(frozen=True)
class Turned:
    """How far what later rows say of a column follows what earlier ones taught: 1 all of it, below 0 against it."""

    name: str
    follows: float
    error: float


def turned(train: Dataset, dev: Dataset, columns: tuple[Column, ...]) -> list[Turned]:
    """The columns that speak against themselves in `dev`, whose rows are later than those of `train`, worst first.

    By each column alone the mean target of its values is learned, shrunk by what chance would tell; then the slope of
    later targets on those means is taken, its error over persons where rows belong to some.

    Source: shrinkage, James & Stein (1961); standard errors of clusters, Liang & Zeger, Biometrika 73 (1986).
    """
    if train.target is None or train.target.kind not in ("category", "flag", "number") or len(dev) < FEWEST:
        return []
    if train.target.kind != "number" and train.frame[train.target.name].n_unique() * len(train) > MOST:
        return []
    (known, later), who, found = _targets(train, dev), _whose(dev), []
    for column in columns:
        if column.kind not in _KINDS or column.name == train.time:
            continue
        codes, asked = value_codes(train.frame[column.name], dev.frame[column.name])
        means = _taught(codes, known, int(max(codes.max(initial=0), asked.max(initial=0))) + 1)
        if means is None:
            continue
        said = means[asked] - means[asked].mean(axis=0)
        weight = float((said**2).sum())
        if not weight > 0:
            continue
        slope = float((said * later).sum()) / weight
        pulls = np.bincount(who, (said * (later - slope * said)).sum(axis=1))
        error = float(np.sqrt((pulls**2).sum())) / weight
        if slope + SURE * error < 0:
            found.append(Turned(column.name, slope, error))
    return sorted(found, key=lambda one: one.follows / one.error)


def _whose(part: Dataset) -> npt.NDArray[np.int64]:
    """A code for whose each row is; a row of nobody is a person of its own."""
    if part.person is None:
        return np.arange(len(part))
    names = [f"\x02{i}" if who in (None, "") else str(who) for i, who in enumerate(part.values(part.person))]
    return np.unique(np.asarray(names, object), return_inverse=True)[1]


def _targets(train: Dataset, dev: Dataset) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Both targets (n, classes), or (n, 1) of numbers, each less its own mean."""
    name = train.target.name if train.target else ""
    if train.target and train.target.kind == "number":
        parts = [np.asarray(part.values(name), np.float64)[:, None] for part in (train, dev)]
    else:
        texts = [np.asarray([str(value) for value in part.values(name)], object) for part in (train, dev)]
        classes = np.unique(texts[0])
        parts = [(one[:, None] == classes).astype(np.float64) for one in texts]
    return parts[0] - parts[0].mean(axis=0), parts[1] - parts[1].mean(axis=0)


def _taught(codes: npt.NDArray[np.int64], known: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64] | None:
    """The shrunk mean target of each value (size, outputs), beyond the mean of all; None when it tells nothing."""
    rows = np.bincount(codes, minlength=size)
    sums = np.column_stack([np.bincount(codes, one, minlength=size) for one in known.T])
    spread = known.var(axis=0).sum()
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
