"""Trees as arrays: what LightGBM or scikit-learn grew, computed exactly as the packaged graph computes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Forest", "Tree", "forest_of", "rounded_down"]

ZERO = 1.1e-35
"""LightGBM takes values nearer to 0 than 1e-35 for 0, so a threshold just below 0 leaves them above it."""


TOGETHER = 300
"""Rows up to which many trees are walked down at once, as a tree at a time asks each node about a handful of rows."""
PLACES = 1 << 14
"""Rows × trees walked down at once: more take no less time, and memory with every tree."""


@dataclass(frozen=True, eq=False)
class Tree:
    """One tree. All arrays have a place for each node, the root first, a leaf last.

    Args:
        feature: the column a node looks at, -1 for a leaf. threshold: float32; at most this much goes left.
        missing: whether NaN goes left. left, right: places of the children, -1 for a leaf.
        value: what a leaf adds, float64, 0 elsewhere. cover: how many training rows came by.
        output: the column of the raw scores that it adds to.
    """

    feature: np.ndarray
    threshold: np.ndarray
    missing: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    cover: np.ndarray
    output: int = 0

    def leaves(self, values: np.ndarray) -> np.ndarray:
        """The leaf (n,) that each row of float32 values (n, width) falls into."""
        found: np.ndarray = np.empty(len(values), np.int64)
        feature, left, right = self.feature.tolist(), self.left.tolist(), self.right.tolist()
        waiting = [(0, np.arange(len(values)))]
        while waiting:
            place, rows = waiting.pop()
            if feature[place] < 0:
                found[rows] = place
            elif len(rows):
                seen = values[:, feature[place]].take(rows)
                goes = seen <= self.threshold[place]
                if self.missing[place]:
                    goes |= np.isnan(seen)
                waiting += [(left[place], rows.compress(goes)), (right[place], rows.compress(~goes))]
        return found


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees whose leaves are added up, into `outputs` raw scores."""

    trees: tuple[Tree, ...]
    outputs: int

    def raw(self, values: np.ndarray) -> np.ndarray:
        """Raw scores (n, outputs) float64 of float32 values (n, width)."""
        scores = np.zeros((len(values), self.outputs))
        if len(values) <= TOGETHER:
            many = PLACES // max(len(values), 1)
            for start in range(0, len(self.trees), many):
                group = self.trees[start : start + many]
                for tree, said in zip(group, _said(group, values), strict=True):
                    scores[:, tree.output] += said
            return scores
        values = np.asfortranarray(values)  # a column at a time is read
        for tree in self.trees:
            scores[:, tree.output] += tree.value[tree.leaves(values)]
        return scores

    @staticmethod
    def nothing(rows: int) -> Forest:
        """One leaf that adds nothing."""
        leaf = np.array([-1])
        tree = Tree(leaf, np.zeros(1, np.float32), np.zeros(1, bool), leaf, leaf, np.zeros(1), np.array([float(rows)]))
        return Forest((tree,), 1)

    @staticmethod
    def mean(forests: Sequence[Forest]) -> Forest:
        """One forest whose scores are the mean of several ones' scores."""
        share = 1 / len(forests)
        trees = (replace(tree, value=tree.value * share) for forest in forests for tree in forest.trees)
        return Forest(tuple(trees), forests[0].outputs)


def _said(trees: Sequence[Tree], values: np.ndarray) -> np.ndarray:
    """What each tree adds to each row, (trees, n): a step down in all of them at once."""
    feature, threshold, missing, left, right, value = (
        np.concatenate([getattr(tree, part) for tree in trees])
        for part in ("feature", "threshold", "missing", "left", "right", "value")
    )
    sizes = np.array([len(tree.feature) for tree in trees])
    root = np.repeat(np.cumsum(sizes) - sizes, len(values))
    place, row = root.copy(), np.tile(np.arange(len(values)), len(sizes))
    waiting = np.flatnonzero(feature[place] >= 0)
    while waiting.size:
        at = place[waiting]
        seen = values[row[waiting], feature[at]]
        goes = (seen <= threshold[at]) | (missing[at] & np.isnan(seen))
        place[waiting] = at = root[waiting] + np.where(goes, left[at], right[at])
        waiting = waiting[feature[at] >= 0]
    said: np.ndarray = value[place].reshape(len(sizes), len(values))
    return said


def forest_of(text: str, outputs: int) -> Forest:
    """The trees of `lightgbm.Booster.model_to_string()`, all read at once: node by node takes longer than growing them.

    Raises:
        ValueError: a split that is not `value <= threshold`, or zeros that count as missing; we train with neither.
    """
    told: dict[str, list[str]] = {}
    for line in text[text.index("\nTree=0") : text.index("\nend of trees")].splitlines():
        key, _, values = line.partition("=")
        told.setdefault(key, []).append(values)

    def numbers(key: str, kind: type[np.generic] = np.int64) -> np.ndarray:
        return np.array(" ".join(told[key]).split(), kind)

    splits = numbers("num_leaves") - 1
    nodes = 2 * splits + 1
    tree = np.repeat(np.arange(len(nodes)), nodes)
    first = (np.cumsum(nodes) - nodes)[tree]
    leaf = np.arange(len(tree)) - first >= splits[tree]  # the leaves of a tree follow its splits

    def placed(inner: np.ndarray | float, ends: np.ndarray | float, kind: type[np.generic] = np.float64) -> np.ndarray:
        made = np.empty(len(tree), kind)
        made[~leaf], made[leaf] = inner, ends
        return made

    sides = (numbers(f"{side}_child") for side in ("left", "right"))
    left, right = (np.where(side >= 0, side, splits[tree[~leaf]] - 1 - side) for side in sides)
    cover = placed(numbers("internal_count"), numbers("leaf_count"))
    most_left = cover[first[~leaf] + left] >= cover[first[~leaf] + right]
    parts = {
        "feature": placed(numbers("split_feature"), -1, np.int64),
        "threshold": placed(_thresholds(numbers("threshold", np.float64)), 0.0, np.float32),
        "missing": placed(_missing_left(numbers("decision_type"), most_left), False, np.bool_),
        "left": placed(left, -1, np.int64),
        "right": placed(right, -1, np.int64),
        "value": placed(0.0, numbers("leaf_value", np.float64)),
        "cover": cover,
    }
    cut = {name: np.split(part, np.cumsum(nodes)[:-1]) for name, part in parts.items()}
    trees = (Tree(**{name: cut[name][i] for name in cut}, output=i % outputs) for i in range(len(nodes)))
    return Forest(tuple(trees), outputs)


def _thresholds(exact: np.ndarray) -> np.ndarray:
    """The thresholds rounded down, below 0 where LightGBM takes them for 0."""
    near = rounded_down(exact)
    return np.where((exact >= -ZERO) & (exact < 0), np.nextafter(near, np.float32(-np.inf)), near)


def rounded_down(exact: np.ndarray) -> np.ndarray:
    """The largest float32 that are not above these float64: as thresholds of float32 values, the very same splits."""
    with np.errstate(over="ignore"):
        near = exact.astype(np.float32)
    found: np.ndarray = np.where(near > exact, np.nextafter(near, np.float32(-np.inf)), near)
    return found


def _missing_left(how: np.ndarray, most_left: np.ndarray) -> np.ndarray:
    """Where NaN goes: the way that was learned or, in a column without gaps in training, with most of the rows.

    LightGBM takes such a gap for 0, so that an age nobody gave would be that of a newborn.

    Args:
        how: `decision_type` of each split: 1 for categories, 2 for the way learned being left, missing values × 4.
    """
    if (how & 1).any():
        raise ValueError("trees split by <=, not by ==")
    if (how >> 2 == 1).any():
        raise ValueError("zeros are values, not missing ones")
    learned: np.ndarray = np.where(how >> 2 == 2, how & 2 > 0, most_left)
    return learned
