"""Boosted trees: each mends what those before it left, until rows that they do not see get no better."""

from __future__ import annotations

import numpy as np

from zhinan.core import Loss
from zhinan.recipes._growing import Kind
from zhinan.recipes._racing import FEW, MANY, Objective

__all__ = ["BETTER", "BOOSTED", "classes_apart", "near_numbers"]

BETTER = 3e-4
"""What the loss must gain for the trees to go on: losses are about 1 (nats; squares of standardised numbers)."""


def classes_apart(count: int) -> Objective:
    """The objective that tells `count` ≥ 2 classes apart: log loss. Two classes need one raw score."""
    from scipy.special import log_expit, log_softmax

    if count == 2:
        return Objective("binary", 1, lambda raw, target: -log_expit(np.where(target == 1, 1, -1) * raw[:, 0]))

    def loss(raw: np.ndarray, target: np.ndarray) -> np.ndarray:
        lost: np.ndarray = -log_softmax(raw, axis=1)[np.arange(len(target)), target]
        return lost

    return Objective("multiclass", count, loss, {"num_class": count})


def near_numbers(loss: Loss, *, bounded: bool = False) -> Objective:
    """The objective that comes near a standardised number: squared errors, or absolute ones.

    bounded: with directions LightGBM grows no trees for absolute errors; Huber's, absolute beyond .3 of the
        target's spread, take their place.

    Source: Huber, Annals of Mathematical Statistics 35 (1964).
    """
    if loss == "squared":
        return Objective("regression", 1, lambda raw, target: (raw[:, 0] - target) ** 2)
    name, options = ("huber", {"alpha": 0.3, "metric": "l1"}) if bounded else ("regression_l1", {})
    return Objective(name, 1, lambda raw, target: np.abs(raw[:, 0] - target), options)


def _entrants(rows: int) -> tuple[str, ...]:
    """Few rows race fewer and simpler ones."""
    if rows < FEW:
        return ("stumps",)
    return ("stumps", "loose", "small", "random") if rows < MANY else ("middle", "small", "large", "random")


BOOSTED = Kind(
    settings={
        "stumps": {"num_leaves": 3, "learning_rate": 0.1, "feature_fraction": 0.5, "lambda_l2": 1.0},
        "loose": {
            "num_leaves": 7, "learning_rate": 0.07, "feature_fraction": 0.35, "lambda_l2": 1.0, "extra_trees": True,
            "min_child_samples": 10,
        },
        "small": {"num_leaves": 7, "learning_rate": 0.07, "feature_fraction": 0.5, "lambda_l2": 5.0},
        "random": {
            "num_leaves": 15, "learning_rate": 0.07, "feature_fraction": 0.7, "lambda_l2": 1.0, "extra_trees": True,
        },
        "middle": {"num_leaves": 15, "learning_rate": 0.07, "feature_fraction": 0.7, "lambda_l2": 1.0},
        "large": {"num_leaves": 47, "learning_rate": 0.05, "feature_fraction": 0.4, "lambda_l2": 10.0},
    },
    entrants=_entrants, given={"min_child_samples": 20}, rounds=lambda outputs, rows: 600,
    classes=classes_apart, patience=40, better=BETTER,
)  # fmt: skip
"""From the simplest trees to the largest."""
