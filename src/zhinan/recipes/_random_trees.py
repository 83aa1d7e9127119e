"""Grows extremely randomised trees: thresholds are drawn, not sought, and only the mean of many trees is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.core import Loss
from zhinan.recipes._forest import Forest, Tree, rounded_down
from zhinan.recipes._racing import FEW, MANY, Grown, Objective, race, turns

__all__ = ["CHANCE", "SETTINGS", "chances_of", "grow_at_random", "numbers_at_random"]

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "plain": {"max_leaf_nodes": 16, "max_features": 0.5},
    "varied": {"max_leaf_nodes": 64, "max_features": "sqrt"},
    "keen": {"max_leaf_nodes": 64, "max_features": 0.3},
    "deep": {"max_leaf_nodes": 256, "max_features": 0.3},
}
"""Name → what scikit-learn is given: leaves a tree, and features of which a split takes the best. Leaves are bounded,
so that a version stays small and its reasons quick to tell; few rows race fewer."""

EVERY = {"max_features": 1.0}
"""Of numbers, as its authors found, a split takes the best of all features."""

LEAF = 5
"""Rows that a leaf needs at least."""

TREES = 200
"""Trees in all, a share for each fold; with a copy for each of several classes, fewer."""

MOST = 1000
"""Trees in all, copies included."""

CHANCE = 1e-3
"""What is added to a probability before its logarithm is taken: a leaf without a case does not make one impossible."""


def chances_of(count: int) -> Objective:
    """Log loss of probabilities of `count` ≥ 2 classes. Of two classes the second's is enough."""

    def loss(raw: np.ndarray, target: np.ndarray) -> np.ndarray:
        chances = np.hstack([1 - raw, raw]) if count == 2 else raw
        lost: np.ndarray = -np.log(chances[np.arange(len(target)), target] + CHANCE)
        return lost

    return Objective("chances", 1 if count == 2 else count, loss)


def numbers_at_random(loss: Loss, *, bounded: bool = False) -> Objective:
    """How near a number is: by squares, leaves hold means; by absolute errors, medians, or means where `bounded`."""
    if loss == "squared":
        return Objective("means", 1, lambda raw, target: (raw[:, 0] - target) ** 2)
    return Objective("means" if bounded else "medians", 1, lambda raw, target: np.abs(raw[:, 0] - target))


def grow_at_random(
    values: np.ndarray,
    target: np.ndarray,
    objective: Objective,
    *,
    until: float,
    setting: str | None = None,
    directions: Sequence[int] = (),
    units: np.ndarray | None = None,
    seed: int = 0,
) -> Grown:
    """Extremely randomised trees, as many for each fold. With directions a gap counts as the column's median.

    Args: as of `_boosting.grow`.

    Source: Geurts, Ernst & Wehenkel, Machine Learning 63 (2006).
    """
    bounded = any(directions)
    filling = np.nan_to_num(np.nanmedian(values, axis=0)).astype(np.float32) if bounded else None
    filled = values if filling is None else np.where(np.isnan(values), filling, values)

    def fit(params: Mapping[str, Any], taught: np.ndarray, asked: np.ndarray, k: int) -> Forest:
        from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

        make, tried = (ExtraTreesClassifier, {}) if objective.name == "chances" else (ExtraTreesRegressor, EVERY)
        grown = make(
            **{**params, **tried}, monotonic_cst=list(directions) if bounded else None, random_state=seed + k, n_jobs=1
        )
        grown.fit(filled[taught], target[taught])
        trees, share = [], 1 / each
        for one in (tree.tree_ for tree in grown.estimators_):
            if objective.name == "chances":
                said = _shares(one.value[:, 0], grown.classes_, objective.outputs)
            elif objective.name == "means":
                said = one.value[:, 0]
            else:
                said = _medians(one.apply(filled[taught]), target[taught], len(one.feature))
            trees += [_tree(one, column * share, i, filling) for i, column in enumerate(said.T)]
        return Forest(tuple(trees), objective.outputs)

    each = max(min(TREES, MOST // objective.outputs) // turns(len(target)), 1)
    leaf = min(LEAF, max(len(target) // 20, 1))
    names = [setting] if setting else _entrants(len(target))
    running = {name: {**SETTINGS[name], "n_estimators": each, "min_samples_leaf": leaf} for name in names}
    return race(fit, running, values, target, objective, until=until, units=units, seed=seed)


def _entrants(rows: int) -> tuple[str, ...]:
    if rows < FEW:
        return ("plain",)
    return ("varied", "plain") if rows < MANY else ("keen", "plain", "deep")


def _shares(counts: np.ndarray, seen: np.ndarray, outputs: int) -> np.ndarray:
    """(nodes, outputs): the share of each class among a node's rows, of two classes the second's alone."""
    every = np.zeros((len(counts), max(outputs, 2)))
    every[:, seen] = counts / counts.sum(axis=1, keepdims=True)
    return every[:, 1:] if outputs == 1 else every


def _medians(leaf: np.ndarray, target: np.ndarray, nodes: int) -> np.ndarray:
    """(nodes, 1): the median of each leaf's rows."""
    found, order = np.zeros((nodes, 1)), np.argsort(leaf, kind="stable")
    starts = np.flatnonzero(np.diff(leaf[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        found[leaf[rows[0]], 0] = np.median(target[rows])
    return found


def _tree(grown: Any, value: np.ndarray, output: int, filling: np.ndarray | None) -> Tree:
    """scikit-learn's tree as ours; value: (nodes,). A gap goes as it was taught, or as what it was filled with."""
    leaf = grown.children_left < 0
    feature = np.where(leaf, -1, grown.feature)
    threshold = rounded_down(np.where(leaf, 0.0, grown.threshold))
    missing = grown.missing_go_to_left.astype(bool) if filling is None else filling[feature] <= threshold
    return Tree(
        feature, threshold, ~leaf & missing, grown.children_left, grown.children_right, np.where(leaf, value, 0.0),
        grown.n_node_samples.astype(np.float64), output,
    )  # fmt: skip
