"""Trees as arrays: what LightGBM or scikit-learn grew, computed exactly as the packaged graph computes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

__all__ = ["Forest", "Tree", "forest_of", "rounded_down"]

ZERO = 1.1e-35
"""LightGBM takes values nearer to 0 than 1e-35 for 0, so a threshold just below 0 leaves them above it."""


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
                seen = values[:, feature[place]][rows]
                goes = seen <= self.threshold[place]
                if self.missing[place]:
                    goes |= np.isnan(seen)
                waiting += [(left[place], rows[goes]), (right[place], rows[~goes])]
        return found


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees whose leaves are added up, into `outputs` raw scores."""

    trees: tuple[Tree, ...]
    outputs: int

    def raw(self, values: np.ndarray) -> np.ndarray:
        """Raw scores (n, outputs) float64 of float32 values (n, width)."""
        scores, values = np.zeros((len(values), self.outputs)), np.asfortranarray(values)  # a column at a time is read
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


def forest_of(dump: Mapping[str, Any], outputs: int) -> Forest:
    """The trees of `lightgbm.Booster.dump_model()`.

    Raises:
        ValueError: a split that is not `value <= threshold`, or zeros that count as missing; we train with neither.
    """
    trees = [_tree(one["tree_structure"], i % outputs) for i, one in enumerate(dump["tree_info"])]
    return Forest(tuple(trees), outputs)


def _tree(root: Mapping[str, Any], output: int) -> Tree:
    nodes, places, left, right = [root], {id(root): 0}, [], []
    for node in nodes:  # grows while it is walked
        for side in ("left_child", "right_child"):
            if side in node:
                places[id(node[side])] = len(nodes)
                nodes.append(node[side])
    for node in nodes:
        left.append(places[id(node["left_child"])] if "left_child" in node else -1)
        right.append(places[id(node["right_child"])] if "right_child" in node else -1)
    splits = [node if "split_feature" in node else None for node in nodes]
    return Tree(
        feature=np.array([-1 if s is None else s["split_feature"] for s in splits], np.int64),
        threshold=np.array([0.0 if s is None else _threshold(s) for s in splits], np.float32),
        missing=np.array([s is not None and _missing_left(s) for s in splits]),
        left=np.array(left, np.int64),
        right=np.array(right, np.int64),
        value=np.array([n["leaf_value"] if s is None else 0.0 for n, s in zip(nodes, splits, strict=True)]),
        cover=np.array([_cover(node) for node in nodes], np.float64),
        output=output,
    )


def _threshold(split: Mapping[str, Any]) -> np.float32:
    """The threshold rounded down, below 0 where LightGBM takes it for 0."""
    if split["decision_type"] != "<=":
        raise ValueError(f"trees split by <=, not by {split['decision_type']}")
    exact = float(split["threshold"])
    near = np.float32(rounded_down(np.array(exact)).item())
    return np.nextafter(near, np.float32(-np.inf)) if -ZERO <= exact < 0 else near


def rounded_down(exact: np.ndarray) -> np.ndarray:
    """The largest float32 that are not above these float64: as thresholds of float32 values, the very same splits."""
    with np.errstate(over="ignore"):
        near = exact.astype(np.float32)
    found: np.ndarray = np.where(near > exact, np.nextafter(near, np.float32(-np.inf)), near)
    return found


def _missing_left(split: Mapping[str, Any]) -> bool:
    """Where NaN goes: the way that was learned or, in a column without gaps in training, with most of the rows.

    LightGBM takes such a gap for 0, so that an age nobody gave would be that of a newborn.
    """
    if split["missing_type"] == "NaN":
        return bool(split["default_left"])
    if split["missing_type"] == "None":
        return _cover(split["left_child"]) >= _cover(split["right_child"])
    raise ValueError("zeros are values, not missing ones")


def _cover(node: Mapping[str, Any]) -> float:
    return float(node.get("internal_count", node.get("leaf_count", 0)))
