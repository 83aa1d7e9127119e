"""Several labels a row: which they are, and the three parts cut so that each label has its share in all of them.

Units stand where their keyed hash puts them, as always; only where a label would come off badly are units of it moved,
rarest label first, those whose hash lies nearest to where they go.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from zhinan.core import Dataset
from zhinan.data.places import DEV, DEV_PART, SEALED_PART, TRAIN_PART, Need, Places, by_hash, draws
from zhinan.steps.values.lists import items_of

__all__ = ["by_labels", "flags_of", "has_labels", "labels_in", "rarest"]

SLACK = 0.5
"""Square roots of its aim by which a label's rows in a part may be off before units are moved."""


def has_labels(dataset: Dataset) -> bool:
    """Whether each row has any number of labels instead of one."""
    return dataset.target is not None and dataset.target.kind == "list"


def labels_in(dataset: Dataset) -> list[tuple[str, ...]]:
    """The labels of each row: one, or as many as its list holds; none where the target is a number or not known."""
    target = dataset.target
    if target is None or target.kind not in ("category", "list"):
        return [()] * len(dataset)
    values = dataset.values(target.name)
    return [items_of(value) for value in values] if target.kind == "list" else [(value,) for value in values]


def flags_of(labels: Sequence[Sequence[str]], classes: Sequence[str]) -> np.ndarray:
    """Whether each row has each of the classes, bool (n, classes); a label that is none of them leaves no trace."""
    place = {label: i for i, label in enumerate(classes)}
    flags = np.zeros((len(labels), len(place)), bool)
    for row, said in enumerate(labels):
        flags[row, [place[label] for label in said if label in place]] = True
    return flags


def rarest(flags: np.ndarray) -> np.ndarray:
    """One code a row (n,): of its labels that which fewest rows have; one more than there are labels where it has none.

    Args: flags: whether each row has each label, bool (n, labels).
    """
    held = np.where(flags, flags.sum(axis=0), len(flags) + 1)
    code: np.ndarray = np.where(flags.any(axis=1), held.argmin(axis=1) if flags.size else 0, flags.shape[1])
    return code


def by_labels(
    key: str, units: Sequence[str], labels: Sequence[tuple[str, ...]], need: Need, *, seal: bool = True
) -> Places:
    """Rows of one unit stand together, and of each label about the same share of rows is sealed.

    Each label's rows in a part are within half a square root of what was aimed at wherever its units, less those that
    a rarer label placed, allow that; every label keeps a unit in train.

    Args:
        units, need, seal: as of `by_hash`. labels: of each row, shape (n,).

    Source: iterative stratification, Sechidis, Tsoumakas & Vlahavas (ECML PKDD 2011): the rarest label first, each
    unit placed once. Theirs places every unit by need; here the hash does, so that rows which come or go move few.
    """
    start = by_hash(key, units, ["" for _ in units], need, seal=seal, stratify=False)
    share = start.shares.get("", 0.0) if seal else 0.0
    aims = {SEALED_PART: share, DEV_PART: (1 - share) * DEV, TRAIN_PART: (1 - share) * (1 - DEV)}
    first, second = draws(key, units)
    made = _Units(defaultdict(list), {}, {}, {}, aims)
    for row, unit in enumerate(units):
        made.rows[unit].append(row)
        made.part[unit] = int(start.parts[row])
        made.draw[unit] = float(first[row]), float(second[row])
    for unit, rows in made.rows.items():
        made.count[unit] = Counter(label for row in rows for label in set(labels[row]))
    holders: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(made.count, key=lambda unit: (made.draw[unit], unit)):
        for label in made.count[unit]:
            holders[label].append(unit)
    placed: set[str] = set()
    rarest_first = sorted(holders, key=lambda label: (len(holders[label]), label))
    for label in rarest_first:
        made.level(label, holders[label], [unit for unit in holders[label] if unit not in placed])
        placed.update(holders[label])
    for label in rarest_first:
        if all(made.part[unit] != TRAIN_PART for unit in holders[label]):
            made.part[max(holders[label], key=lambda unit: made.draw[unit])] = TRAIN_PART
    return Places(np.array([made.part[unit] for unit in units]), start.shares)


@dataclass
class _Units:
    """What stands together: its rows, the part it is in, its two draws, and how many of its rows have each label."""

    rows: dict[str, list[int]]
    part: dict[str, int]
    draw: dict[str, tuple[float, float]]
    count: dict[str, Counter[str]]
    aims: Mapping[int, float]

    def level(self, label: str, holders: Sequence[str], free: Sequence[str]) -> None:
        """Moves free units until the label's rows are near the aim in each part, or no move brings them nearer."""
        every = sum(self.count[unit][label] for unit in holders)
        lack = {part: every * aim for part, aim in self.aims.items()}
        for unit in holders:
            lack[self.part[unit]] -= self.count[unit][label]
        slack = {part: SLACK * max(every * aim, 1.0) ** 0.5 for part, aim in self.aims.items()}
        near = {part: sorted(free, key=partial(self._distance, part)) for part in lack}
        while any(abs(lack[part]) > slack[part] for part in lack):
            wants, has = max(lack, key=lambda part: lack[part]), min(lack, key=lambda part: lack[part])
            off = abs(lack[wants]) + abs(lack[has])
            for unit in near[wants]:
                size = self.count[unit][label]
                nearer = abs(lack[wants] - size) + abs(lack[has] + size) < off - 1e-9
                if self.part[unit] == has and nearer:
                    self.part[unit] = wants
                    lack[wants], lack[has] = lack[wants] - size, lack[has] + size
                    break
            else:
                return

    def _distance(self, part: int, unit: str) -> tuple[float, str]:
        """How far a unit's hash lies from that of the part's own."""
        first, second = self.draw[unit]
        if part == SEALED_PART:
            return first, unit
        return (second if part == DEV_PART else -first - second), unit
