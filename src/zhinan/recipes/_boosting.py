"""Grows boosted trees: a few settings race on rows that each did not see, and the winner's trees are averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.core import Loss
from zhinan.recipes._forest import Forest, forest_of
from zhinan.recipes._racing import FEW, MANY, Grown, Objective, race

__all__ = ["BETTER", "SETTINGS", "classes_apart", "grow", "near_numbers"]

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "stumps": {"num_leaves": 3, "learning_rate": 0.1, "feature_fraction": 0.5, "lambda_l2": 1.0},
    "loose": {
        "num_leaves": 7,
        "learning_rate": 0.07,
        "feature_fraction": 0.35,
        "lambda_l2": 1.0,
        "extra_trees": True,
        "min_child_samples": 10,
    },
    "small": {"num_leaves": 7, "learning_rate": 0.07, "feature_fraction": 0.5, "lambda_l2": 5.0},
    "random": {"num_leaves": 15, "learning_rate": 0.07, "feature_fraction": 0.7, "lambda_l2": 1.0, "extra_trees": True},
    "middle": {"num_leaves": 15, "learning_rate": 0.07, "feature_fraction": 0.7, "lambda_l2": 1.0},
    "large": {"num_leaves": 47, "learning_rate": 0.05, "feature_fraction": 0.4, "lambda_l2": 10.0},
}
"""Name → what LightGBM is given. From the simplest trees to the largest; few rows race fewer and simpler ones."""

ROUNDS, PATIENCE, LEAST = 600, 40, 20
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


def grow(
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
    """Boosted trees, as many of them as the fold that they do not see gets better by.

    Args:
        values, target, until, units: as of `race`. setting: a name in `SETTINGS`; None lets them race.
        directions: for each feature 1, −1 or 0: whether the score may only rise, only fall, or do either with it.

    Source: Ke et al., LightGBM (NIPS 2017).
    """
    bounded = {"monotone_constraints": list(directions)} if any(directions) else {}
    given = {
        **bounded, "objective": objective.name, **objective.options, "bagging_fraction": 0.8, "bagging_freq": 1,
        "num_threads": 1, "verbose": -1, "deterministic": True, "force_row_wise": True, "max_bin": 255,
        "min_data_in_bin": 3,
    }  # fmt: skip

    def fit(params: Mapping[str, Any], taught: np.ndarray, asked: np.ndarray, k: int) -> Forest:
        import lightgbm

        train = lightgbm.Dataset(values[taught], target[taught], params={"verbose": -1}, free_raw_data=True)
        held = lightgbm.Dataset(values[asked], target[asked], reference=train)
        best = lightgbm.train(
            {**given, **params, "seed": seed + k}, train, ROUNDS, valid_sets=[held],
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False, min_delta=BETTER)],
        )  # fmt: skip
        return forest_of(best.dump_model(num_iteration=best.best_iteration), objective.outputs)

    few = max(len(target) // 20, 1)
    running = {}
    for name in [setting] if setting else _entrants(len(target)):
        params = SETTINGS[name]
        running[name] = {**params, "min_child_samples": min(params.get("min_child_samples", LEAST), few)}
    return race(fit, running, values, target, objective, until=until, units=units, seed=seed)


def _entrants(rows: int) -> tuple[str, ...]:
    if rows < FEW:
        return ("stumps",)
    return ("stumps", "loose", "small", "random") if rows < MANY else ("middle", "small", "large", "random")
