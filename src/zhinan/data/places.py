"""Decides where each row stands: by a keyed hash of what it is, or by when it happened. Pure; sees no values."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["DEV", "DEV_PART", "SEALED", "SEALED_PART", "TRAIN_PART", "Need", "Places", "by_hash", "by_time", "draws"]

SEALED = 0.25
"""Share of the rows sealed, unless the contract needs more."""

DEV = 0.20
"""Share of the others to compare on."""

_STEPS = (SEALED, 0.3, 0.35, 0.4, 0.45, 0.5)  # coarse: a few new rows rarely change one; at most half

TRAIN_PART = 0
DEV_PART = 1
SEALED_PART = 2

Need = Mapping[str | None, int]


@dataclass(frozen=True)
class Places:
    """parts: (n,) one of TRAIN_PART, DEV_PART, SEALED_PART. shares: label → share of its rows meant to be sealed."""

    parts: np.ndarray
    shares: Mapping[str, float]


def draws(key: str, units: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Two numbers in [0, 1) for each unit, shape (n,) each: they depend on the key and on the unit's text alone.

    Source: BLAKE2b, RFC 7693, keyed.
    """
    secret = hashlib.blake2b(key.encode(), digest_size=32).digest()
    keyed = hashlib.blake2b(digest_size=16, key=secret)
    drawn = bytearray()
    for unit in units:
        one = keyed.copy()
        one.update(unit.encode())
        drawn += one.digest()
    pairs = np.frombuffer(drawn, dtype=">u8").reshape(-1, 2) >> 11
    return pairs[:, 0] / 2.0**53, pairs[:, 1] / 2.0**53


def by_hash(
    key: str, units: Iterable[str], labels: Sequence[str], need: Need, *, seal: bool = True, stratify: bool = True
) -> Places:
    """Rows of one unit stand together, wherever its hash puts them.

    Args:
        units: what must not be torn apart, such as the text of the inputs or a person; shape (n,).
        labels: the class of each row, shape (n,).
        need: sealed rows needed of a label, or (None) of all.
        seal: False leaves the sealed part empty, for a given test file.
        stratify: each class has its own share sealed, and at least one row in train; not possible by person.
    """
    first, second = draws(key, units)
    names = np.asarray(labels, dtype=object)
    shares = dict.fromkeys(Counter(labels), 0.0)
    if seal:
        shares = _shares(lambda share: first < share, names, need, stratify)
    parts = np.where(first < np.array([shares[label] for label in labels]), SEALED_PART, TRAIN_PART)
    parts[(parts == TRAIN_PART) & (second < DEV)] = DEV_PART
    if stratify:
        _teach_every_class(parts, names, first, second)
    if seal:
        _fill(parts, SEALED_PART, names, first, second)
    _fill(parts, DEV_PART, names, second, first)
    return Places(parts, shares)


def by_time(
    key: str, units: Iterable[str], moments: np.ndarray, labels: Sequence[str], need: Need, *, seal: bool = True
) -> Places:
    """Later rows are sealed, the latest of the earlier ones are for comparing; within one moment the hash decides.

    For comparing a moment is taken whole where train keeps half of the rows: what tells the rows of a year apart from
    each other may not hold for the next one.

    Args: moments: int64, shape (n,), none missing. The others as for `by_hash`.
    """
    names = np.asarray(labels, dtype=object)
    shares = dict.fromkeys(Counter(labels), 0.0)
    order = np.lexsort((draws(key, units)[0], moments))
    parts = np.full(len(moments), TRAIN_PART)
    if seal:
        shares = _shares(lambda share: _latest(order, share), names, need, stratify=False)
        parts[_latest(order, max(shares.values(), default=0.0))] = SEALED_PART
    order = order[parts[order] == TRAIN_PART]
    latest = _latest(order, DEV)
    whole = order[moments[order] >= moments[latest[0]]] if len(latest) else latest
    parts[whole if 2 * len(whole) <= len(order) else latest] = DEV_PART
    return Places(parts, shares)


def _latest(order: np.ndarray, share: float) -> np.ndarray:
    """The last rows of an order: this share of them, at least one, never all."""
    count = min(max(round(len(order) * share), 1), len(order) - 1)
    return order[len(order) - count :] if count > 0 else order[:0]


def _shares(
    sealed_at: Callable[[float], np.ndarray], labels: np.ndarray, need: Need, stratify: bool
) -> dict[str, float]:
    """The smallest share for each label that seals what the contract needs of it and of all."""
    counts = {share: Counter(labels[sealed_at(share)]) for share in _STEPS}

    def enough(wanted: Mapping[str, int]) -> float:
        return next((s for s in _STEPS if all(counts[s][c] >= n for c, n in wanted.items())), _STEPS[-1])

    base = next((s for s in _STEPS if counts[s].total() >= need.get(None, 0)), _STEPS[-1])
    wanted = {label: need.get(label, 0) for label in Counter(labels)}
    if stratify:
        return {label: max(base, enough({label: n})) for label, n in wanted.items()}
    return dict.fromkeys(wanted, max(base, enough(wanted)))


def _teach_every_class(parts: np.ndarray, labels: np.ndarray, first: np.ndarray, second: np.ndarray) -> None:
    """A class without a row in train takes the one back that came last into dev, or else into sealed."""
    for label in sorted(set(labels) - set(labels[parts == TRAIN_PART])):
        for part, draw in ((DEV_PART, second), (SEALED_PART, first)):
            rows = np.flatnonzero((labels == label) & (parts == part))
            if rows.size:
                row = rows[np.argmax(draw[rows])]
                parts[(first == first[row]) & (second == second[row])] = TRAIN_PART  # its unit: they draw the same
                break


def _fill(parts: np.ndarray, part: int, labels: np.ndarray, draw: np.ndarray, other: np.ndarray) -> None:
    """An empty part takes the unit next in line, from a class that train keeps another unit of if there is one."""
    if (parts == part).any():
        return
    train = np.flatnonzero(parts == TRAIN_PART)
    codes = np.unique(np.column_stack([draw, other]), axis=0, return_inverse=True)[1].reshape(-1)
    if np.unique(codes[train]).size < 2:
        return
    units_of = Counter(label for label, _ in {(labels[row], codes[row]) for row in train})
    spare = [row for row in train if units_of[labels[row]] > 1]
    row = min(spare or train, key=lambda row: draw[row])
    parts[codes == codes[row]] = part
