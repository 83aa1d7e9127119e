"""What people label later: which rows of the pool they may label for what, and how their labels join the three parts.

A row of the pool is on one side for good, the sealed one or the train one, decided by what it is before anybody
labels it: what was picked to learn from can then never flatter a proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from zhinan.contract import Contract
from zhinan.core import Column, Dataset
from zhinan.data.cleaning import fingerprint
from zhinan.data.copies import look_for_copies
from zhinan.data.places import SEALED_PART, TRAIN_PART, draws
from zhinan.data.types import Loaded

__all__ = ["AUDIT", "for_sealed", "labelled", "renamed", "typed_labels", "units_of"]

AUDIT = 0.5
"""Share of the pool that is kept for the sealed set."""

NOWHERE = -1
"""A row of the pool that nobody is asked about for either side."""


def units_of(rows: Dataset) -> list[str]:
    """What must not be torn apart, in folds and elsewhere: a person's rows, else rows of one unit; shape (n,).

    A unit is rows of equal inputs or of nearly equal texts (`data.copies`).
    """
    names = look_for_copies(rows).names
    return [one if who is None else f"\x02{who}" for who, one in zip(_people(rows), names, strict=True)]


def for_sealed(contract: Contract, pool: Dataset, learned: Sequence[Dataset], sealed: Dataset) -> np.ndarray:
    """Which rows of the pool are for the sealed set, shape (n,), bool; the others may be learned from.

    With `time` those from the first sealed moment on. Otherwise half of them by a keyed hash of what they are; a
    person, and what nearly repeats a row of a part, stays on the side it is known from.

    Args: learned: the parts that recipes see.
    """
    mine: np.ndarray = _sides(contract, pool, learned, sealed) == SEALED_PART
    return mine


def _sides(contract: Contract, pool: Dataset, learned: Sequence[Dataset], sealed: Dataset) -> np.ndarray:
    """For each row of the pool SEALED_PART, TRAIN_PART, or NOWHERE: it would repeat a row of the other side."""
    copies = look_for_copies(pool, *learned, sealed)
    unit, rest = copies.unit[: len(pool)], copies.unit[len(pool) :]
    within = sum(map(len, learned))
    near_taught, near_asked = np.isin(unit, rest[:within]), np.isin(unit, rest[within:])
    people = _people(pool)
    if pool.time:
        start = sealed.frame[pool.time].min()
        mine = (pool.frame[pool.time] >= start).fill_null(False).to_numpy()
    else:
        names = zip(people, copies.names[: len(pool)], strict=True)
        drawn = draws(f"{contract.product}\x1fpool", [one if who is None else f"\x02{who}" for who, one in names])[0]
        mine = np.where(near_asked, True, (drawn < AUDIT) & ~near_taught)
        judged, known = _known(sealed), _known(*learned)
        mine |= np.array([who is not None and who in judged for who in people], bool)
        mine &= ~np.array([who is not None and who in known for who in people], bool)
    sides = np.where(mine, SEALED_PART, TRAIN_PART)
    sides[mine & near_taught | ~mine & near_asked] = NOWHERE
    sides[(sides == TRAIN_PART) & np.isin(unit, unit[sides == SEALED_PART])] = NOWHERE
    return sides


def _known(*parts: Dataset) -> set[str | None]:
    return {who for part in parts for who in _people(part)}


def _people(rows: Dataset) -> list[str | None]:
    return rows.values(rows.person) if rows.person else [None] * len(rows)


def labelled(
    contract: Contract, loaded: Loaded, train: Dataset, dev: Dataset, sealed: Dataset
) -> tuple[Dataset, Dataset, Dataset, int]:
    """The three parts with what people said since, and how many rows the sealed one gained.

    Doubted labels are replaced in train and dev; the sealed rows keep the label they came with, since only doubts
    about wrong answers would be heard. Rows of the pool are added to train or to sealed, never to dev; what users
    taught to train alone.
    """
    labels = loaded.labels
    if labels and train.target is not None:
        train, dev, sealed, audited = _said(contract, loaded, train, dev, sealed)
    else:
        audited = 0
    return train if loaded.taught is None else _joined(train, loaded.taught), dev, sealed, audited


def _said(
    contract: Contract, loaded: Loaded, train: Dataset, dev: Dataset, sealed: Dataset
) -> tuple[Dataset, Dataset, Dataset, int]:
    labels = loaded.labels
    train, dev = _relabelled(train, labels), _relabelled(dev, labels)
    if loaded.pool is None:
        return train, dev, sealed, 0
    sides = _sides(contract, loaded.pool, (train, dev), sealed)
    said = loaded.pool.frame["_row"].is_in(list(labels)).to_numpy()
    audited = _with(loaded.pool, said & (sides == SEALED_PART), labels)
    taught = _relabelled(_with(loaded.pool, said & (sides == TRAIN_PART), labels), labels)
    return _joined(train, taught), dev, _joined(sealed, audited), len(audited)


def _relabelled(part: Dataset, labels: Mapping[str, str]) -> Dataset:
    """With new labels and, for those rows, new ids: what learned from the old ones learned from something else."""
    target = part.target
    if target is None or not any(row in labels for row in part.values("_row")):
        return part
    rows, truth = part.values("_row"), part.values(target.name)
    ids = [renamed(row, labels[row]) if row in labels else row for row in rows]
    said = [labels.get(row, old) for row, old in zip(rows, truth, strict=True)]
    frame = part.frame.with_columns(typed_labels(target, said), pl.Series("_row", ids, pl.String))
    return replace(part, frame=frame, fingerprint=fingerprint(frame, part.inputs, target))


def renamed(row: str, label: str) -> str:
    """The id of a row that people gave another label."""
    return hashlib.blake2b(f"{row}\x1f{label}".encode(), digest_size=16).hexdigest()


def _with(pool: Dataset, rows: np.ndarray, labels: Mapping[str, str]) -> Dataset:
    """Those rows of the pool with their labels; they keep their ids, by which openings are counted."""
    if pool.target is None:
        raise ValueError("the pool of a product without a target")
    frame = pool.frame.filter(pl.Series(rows))
    said = [labels[row] for row in frame["_row"]]
    return replace(pool, frame=frame.with_columns(typed_labels(pool.target, said)))


def typed_labels(target: Column, said: Sequence[Any]) -> pl.Series:
    """Labels as the target's column holds them: texts, or numbers that were written down as texts."""
    if target.kind != "number":
        return pl.Series(target.name, said, pl.String)
    return pl.Series(target.name, [float(one) for one in said], pl.Float64)


def _joined(part: Dataset, more: Dataset) -> Dataset:
    if not len(more) or part.target is None:
        return part
    names = [name for name in part.frame.columns if name in more.frame.columns]  # all but what the split told
    frame = pl.concat([part.frame, more.frame.select(names)], how="diagonal")
    said = sorted(
        f"{row}={label}" for row, label in zip(more.values("_row"), more.values(part.target.name), strict=True)
    )
    known = fingerprint(frame, part.inputs, part.target)
    return replace(part, frame=frame, fingerprint=hashlib.sha256("\n".join([known, *said]).encode()).hexdigest())
