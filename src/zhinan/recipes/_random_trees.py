"""Extremely randomised trees: thresholds are drawn, not sought, and only the mean of many trees is believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhinan.recipes._forest import Forest
from zhinan.recipes._growing import Kind
from zhinan.recipes._racing import Objective, turns

__all__ = ["AT_RANDOM", "CHANCE", "chances_of"]

TREES = 200
"""Trees in all, a share for each fold; with a copy for each of several classes, fewer."""

MOST = 1000
"""Trees in all, copies included."""

CHANCE = 1e-3
"""What is added to a probability before its logarithm is taken: a leaf without a case does not make one impossible."""

NEVER = 1e-12
"""The share of a class that nobody has, so that its log odds are a number."""


def chances_of(count: int) -> Objective:
    """Log loss of probabilities of `count` ≥ 2 classes. Of two classes the second's is enough."""

    def loss(raw: np.ndarray, target: np.ndarray) -> np.ndarray:
        chances = np.hstack([1 - raw, raw]) if count == 2 else raw
        lost: np.ndarray = -np.log(chances[np.arange(len(target)), target] + CHANCE)
        return lost

    if count == 2:
        return Objective("binary", 1, loss)
    return Objective("multiclass", count, loss, {"num_class": count})


def _mean(forest: Forest, target: np.ndarray, objective: Objective) -> Forest:
    """The forest whose scores are the mean of its trees': the share of each class in a leaf.

    LightGBM's trees of classes step from the log odds of all rows by (share in the leaf − share) / curvature, so that
    the share can be had back. A tree without a split says what all rows say.
    """
    portion, several, count = objective.outputs / len(forest.trees), objective.outputs > 1, max(objective.outputs, 2)
    usual = np.clip(np.bincount(target, minlength=count) / len(target), NEVER, 1 - NEVER)[0 if several else 1 :]
    start = np.log(usual) if several else np.log(usual / (1 - usual))
    curvature = usual * (1 - usual) * (count / (count - 1) if several else 1.0)
    trees = []
    for tree in forest.trees:
        one = tree.output
        said = usual[one] + (tree.value - start[one]) * curvature[one]
        cover = tree.cover
        if len(tree.value) == 1:
            said, cover = usual[[one]], np.array([float(len(target))])
        shares = np.where(tree.feature < 0, said.clip(0.0, 1.0), 0.0)
        trees.append(replace(tree, value=shares * portion, cover=cover))
    return Forest(tuple(trees), objective.outputs)


AT_RANDOM = Kind(
    settings={
        "plain": {"num_leaves": 16, "feature_fraction_bynode": 0.5},
        "varied": {"num_leaves": 32, "feature_fraction_bynode": 0.3},
        "deep": {"num_leaves": 128, "feature_fraction_bynode": 0.5},
    },
    entrants=lambda rows: ("plain",),
    given={"boosting": "rf", "extra_trees": True, "min_child_samples": 5},
    rounds=lambda outputs, rows: max(min(TREES, MOST // outputs) // turns(rows), 1),
    classes=chances_of, finish=_mean, chances=True,
)  # fmt: skip
"""Larger trees told nothing more apart, so that nothing races.

Source: Geurts, Ernst & Wehenkel, Machine Learning 63 (2006)."""
