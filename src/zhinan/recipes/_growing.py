"""Grows trees of any kind by LightGBM: settings race on rows that each did not see, and the winner's are averaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhinan.recipes._forest import Forest, forest_of
from zhinan.recipes._lightgbm import Ending, grown
from zhinan.recipes._racing import Grown, Objective, race

__all__ = ["Kind", "grow"]

LEAVES = 20
"""Leaves that any rows can be cut into, however many a leaf should have: of few there would be no tree otherwise."""


@dataclass(frozen=True)
class Kind:
    """A way to grow trees.

    Args:
        settings: name → what LightGBM is given, the simplest first. entrants: rows → the names that race.
        given: what all settings share. rounds: (raw scores a row, rows) → how many trees a score at most.
        classes: what it minimises for so many classes.
        patience: rounds without gain, of at least `better`, after which no more trees grow; None grows all.
        finish: (trees, their target, objective) → the trees that add up to the raw scores.
        chances: whether raw scores are probabilities.
    """

    settings: Mapping[str, Mapping[str, Any]]
    entrants: Callable[[int], Sequence[str]]
    given: Mapping[str, Any]
    rounds: Callable[[int, int], int]
    classes: Callable[[int], Objective]
    patience: int | None = None
    better: float = 0.0
    finish: Callable[[Forest, np.ndarray, Objective], Forest] | None = None
    chances: bool = False


def grow(
    kind: Kind,
    values: np.ndarray,
    target: np.ndarray,
    objective: Objective,
    *,
    until: float,
    setting: str | None = None,
    directions: Sequence[int] = (),
    units: np.ndarray | None = None,
) -> Grown:
    """Trees of a kind, a forest for each fold, which the fold judges and, with patience, ends.

    Args:
        values, target, until, units: as of `race`. setting: a name in the kind's settings; None lets some race.
        directions: for each feature 1, −1 or 0: whether the score may only rise, only fall, or do either with it.

    Source: Ke et al., LightGBM (NIPS 2017).
    """
    bounded = {"monotone_constraints": list(directions)} if any(directions) else {}
    given = {
        **kind.given, **bounded, "objective": objective.name, "bagging_fraction": 0.8,
        "bagging_freq": 1, "num_threads": 1, "verbose": -1, "deterministic": True, "force_row_wise": True,
        "max_bin": 255, "min_data_in_bin": 3,
    }  # fmt: skip
    most = kind.rounds(objective.outputs, len(target))
    told = target if target.ndim == 1 else np.arange(len(target))  # of several labels the objective knows the rows
    judged = None
    if objective.gradients is not None:
        judged = lambda raw, rows: float(objective.loss(raw, target[rows]).mean())  # noqa: E731

    def fit(params: Mapping[str, Any], taught: np.ndarray, asked: np.ndarray, k: int) -> Forest:
        ending = None
        if kind.patience is not None:
            ending = Ending(values[asked], told[asked], kind.patience, kind.better, judged)
        written = grown(
            values[taught], told[taught], {**given, **params, **objective.options, "seed": k}, most,
            outputs=objective.outputs, ending=ending, gradients=objective.gradients,
        )  # fmt: skip
        forest = forest_of(written, objective.outputs)
        return forest if kind.finish is None else kind.finish(forest, target[taught], objective)

    few = max(len(target) // LEAVES, 1)
    running = {}
    for name in [setting] if setting else kind.entrants(len(target)):
        params = {**kind.given, **kind.settings[name]}
        running[name] = {**params, "min_child_samples": min(params["min_child_samples"], few)}
    return race(fit, running, values, target, objective, until=until, units=units)
