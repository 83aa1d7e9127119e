"""Cuts the rows that are not sealed into folds, so that recipes are compared on all of them instead of one dev part.

Whoever answers a row has seen neither it nor what nearly repeats it, and, where there is a time, nothing later.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Dataset, UserError, Words
from zhinan.data.cleaning import fingerprint
from zhinan.data.copies import look_for_copies, together, with_units
from zhinan.data.places import DEV, draws
from zhinan.data.tags import labels_in

__all__ = ["Fold", "Folds", "fold_rows"]

INNER = round(1 / DEV)
"""Parts that the rows around a fold are cut into; the first is what settings are chosen on."""

TENTHS = 10

LEAST = 4
"""Units that there must be for each fold."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fold:
    """Places of rows: `taught` are learned from, `held` settle settings, `asked` are answered by what both gave."""

    taught: Ints
    held: Ints
    asked: Ints


@dataclass(frozen=True, eq=False)
class Folds:
    """All rows that are not sealed, each once, and how they take turns. together: as `copies.together` gives."""

    rows: Dataset
    folds: tuple[Fold, ...]
    together: Ints | None

    @cached_property
    def asked(self) -> Ints:
        """The places of the rows that some fold answers, ascending: all of them, or with a time the later ones."""
        return np.sort(np.concatenate([fold.asked for fold in self.folds]))

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over which places each fold teaches, holds and asks about."""
        digest = hashlib.sha256()
        for fold in self.folds:
            for places in (fold.taught, fold.held, fold.asked):
                digest.update(len(places).to_bytes(8, "big") + places.astype(">i8").tobytes())
        return digest.hexdigest()

    @cached_property
    def answered(self) -> Dataset:
        """Those rows."""
        return self.rows if len(self.asked) == len(self.rows) else _taken(self.rows, self.asked)


def fold_rows(contract: Contract, train: Dataset, dev: Dataset) -> Folds:
    """The rows of train and dev in as many folds as the contract says.

    Rows of one person, else of one unit (`data.copies`), stand in one fold; every fold has the classes, or the tenths
    of a number, in their shares as far as units allow. With a time, rows are cut at moments into one part more than
    folds; each part but the first is a fold, learned for from what is earlier. What repeats a row that is asked about
    is not learned from.

    Raises:
        UserError: E327 when there are too few units, people or moments.
    """
    count = contract.train.folds
    if count is None:
        raise ValueError("the contract asks for no folds")
    frame = pl.concat([train.frame, dev.frame.select(train.frame.columns)])
    rows = replace(train, frame=frame, fingerprint=fingerprint(frame, train.inputs, train.target))
    copies = look_for_copies(rows)
    rows = with_units(rows, copies.unit)
    if rows.time:
        moments = frame[rows.time].to_physical().to_numpy()
        _enough(contract, count, len(np.unique(moments)), LEAST * count, Words("different moments", "个不同时刻"))
        return Folds(rows, tuple(_forward(moments, copies.unit, count)), together(rows, copies))
    people = rows.values(rows.person) if rows.person else [None] * len(rows)
    units = copies.names if copies.identify else rows.values("_row")
    names = [one if who is None else f"\x02{who}" for who, one in zip(people, units, strict=True)]
    what = Words("people", "人") if rows.person else Words("different rows", "条不同样本")
    _enough(contract, count, len(set(names)), LEAST * count, what)
    draw = draws(f"{contract.product}\x1ffolds", names)[0]
    return Folds(rows, tuple(_around(names, _kinds(rows), draw, copies.unit, count)), together(rows, copies))


def _around(names: Sequence[str], kinds: Ints, draw: np.ndarray, unit: Ints, count: int) -> Iterable[Fold]:
    """Each part in turn is asked about, and what is around it cut once more for settings."""
    parts = _dealt(names, kinds, draw, count)
    for k in range(count):
        asked, around = np.flatnonzero(parts == k), np.flatnonzero(parts != k)
        around = around[~np.isin(unit[around], unit[asked])]
        inner = _dealt([names[i] for i in around.tolist()], kinds[around], 1 - draw[around], INNER)
        held = around[inner == 0]
        taught = around[(inner != 0) & ~np.isin(unit[around], unit[held])]
        yield Fold(taught, held, asked)


def _enough(contract: Contract, count: int, there: int, least: int, what: Words) -> None:
    if there < least:
        where = contract.where.get("train.folds", "")
        raise UserError("E327", where, folds=count, least=least, what=what, count=there)


def _kinds(rows: Dataset) -> Ints:
    """What is spread evenly, as a code (n,): the class, of several labels the rarest, or the tenth of all numbers."""
    if rows.target is None:
        raise ValueError("rows without a target cannot be folded")
    values = rows.values(rows.target.name)
    if rows.target.kind == "list":
        each = labels_in(rows)
        often = Counter(label for labels in each for label in labels)
        values = [min(labels, key=lambda label: (often[label], label), default="") for labels in each]
    if rows.target.kind != "number":
        return np.unique(np.asarray(values, object).astype(str), return_inverse=True)[1].astype(np.int64)
    kinds: Ints = np.empty(len(values), np.int64)
    kinds[np.argsort(np.array(values, np.float64), kind="stable")] = np.arange(len(values)) * TENTHS // len(values)
    return kinds


def _dealt(names: Sequence[str], kinds: Ints, draw: np.ndarray, count: int) -> Ints:
    """The part (n,) of each row: units one by one, the largest first, to the part that has least of what they bring."""
    units: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        units[name].append(i)
    have = np.zeros((count, int(kinds.max(initial=0)) + 1)).tolist()
    totals = [0] * count
    parts: Ints = np.zeros(len(names), np.int64)

    def turn(rows: list[int]) -> tuple[int, int, float]:
        return -len(rows), int(kinds[rows[0]]) if len(rows) == 1 else -1, float(draw[rows[0]])

    share = 1 / np.maximum(np.bincount(kinds), 1)
    for rows in sorted(units.values(), key=turn):
        brought = [int(kind) for kind in kinds[rows]]
        place = min(range(count), key=lambda k: (sum(have[k][c] * share[c] for c in brought), totals[k], k))
        for c in brought:
            have[place][c] += 1
        totals[place] += len(rows)
        parts[rows] = place
    return parts


def _forward(moments: np.ndarray, unit: Ints, count: int) -> Iterable[Fold]:
    """Each part but the first, answered by what is earlier; the latest rows of that settle settings."""
    edges = _edges(moments, np.arange(1, count + 1) / (count + 1))
    for k, start in enumerate(edges):
        asked = np.flatnonzero((moments >= start) & ((moments < edges[k + 1]) if k + 1 < len(edges) else True))
        around = np.flatnonzero(moments < start)
        around = around[~np.isin(unit[around], unit[asked])]
        if not len(asked) or len(np.unique(moments[around])) < 2:
            continue
        (late,) = _edges(moments[around], np.array([1 - DEV]))
        held = around[moments[around] >= late]
        taught = around[(moments[around] < late) & ~np.isin(unit[around], unit[held])]
        if len(taught):
            yield Fold(taught, held, asked)


def _edges(moments: np.ndarray, shares: np.ndarray) -> list[int]:
    """The moments at which so large shares of the rows are over, each once and none the first one there is."""
    ordered = np.sort(moments)
    found = ordered[np.minimum((len(ordered) * shares).astype(np.int64), len(ordered) - 1)]
    later = ordered[ordered > ordered[0]]
    return sorted({int(one) if one > ordered[0] else int(later[0]) for one in found})


def _taken(rows: Dataset, places: Ints) -> Dataset:
    frame = rows.frame[places]
    return replace(rows, frame=frame, fingerprint=fingerprint(frame, rows.inputs, rows.target))
