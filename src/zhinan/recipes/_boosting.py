"""Grows boosted trees: a few settings race on rows that each did not see, and the winner's trees are averaged."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhinan.core import Loss
from zhinan.recipes._folds import folds
from zhinan.recipes._forest import Forest, forest_of

__all__ = ["SETTINGS", "Grown", "Objective", "classes_apart", "grow", "near_numbers"]

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

MANY = 4000
"""Rows from which larger trees race too."""

FEW = 300
"""Rows below which nothing can be told from a race: the simplest trees grow."""

FOLDS, FOLDS_OF_OTHERS = 5, 3
SIDE_BY_SIDE = 2
"""Forests that grow at once, a thread each: threads that share one forest wait for each other at every split."""

ROUNDS, PATIENCE, LEAST = 600, 40, 20
BETTER = 3e-4
"""What the loss must gain for the trees to go on: losses are about 1 (nats; squares of standardised numbers)."""

BEHIND = 1.0
"""Standard errors of paired losses by which a setting may lag before it leaves the race."""


@dataclass(frozen=True)
class Objective:
    """What the trees minimise.

    Args:
        name: LightGBM's word for it. outputs: raw scores a row.
        loss: (raw scores (n, outputs), target (n,)) → loss of each row (n,), by which settings are compared.
        options: what else LightGBM needs to know, such as `alpha` of a quantile.
    """

    name: str
    outputs: int
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Grown:
    """The trees and the setting that won.

    held: raw scores (n, outputs) of each row by the trees that did not see it, NaN where time was over before.
    """

    forest: Forest
    setting: str
    held: np.ndarray


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
    """Trees that predict `target` from `values` (n, width) float32, NaN where a value is missing.

    The rows are cut into folds. A setting grows trees on all folds but one, and stops when that one gets no better; it
    leaves the race once it is behind by more than a standard error. The winner's forests, one a fold, are averaged.

    Args:
        until: `time.perf_counter()` at which to end; the first setting's first fold is always grown.
        setting: a name in `SETTINGS`; None lets them race.
        directions: for each feature 1, −1 or 0: whether the score may only rise, only fall, or do either with it.
        units: (n,) codes of what no fold may tear apart.

    Source: Ke et al., LightGBM (NIPS 2017); bagging, Breiman (1996); racing, Maron & Moore (NIPS 1993).
    """
    count = FOLDS if FEW <= len(target) < MANY else FOLDS_OF_OTHERS
    race = _Race(values, target, objective, folds(target, count, units, seed), tuple(directions), seed)
    running = {name: race.entrant(name) for name in ([setting] if setting else _entrants(len(target)))}
    race.run(next(iter(running.values())), 0)  # a first fit there must be, whatever the time
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for k in range(race.count):
            waiting = [one for one in running.values() if len(one.forests) == k and time.perf_counter() <= until]
            list(pool.map(race.run, waiting, [k] * len(waiting)))
            running = race.still(running)
    best = min(running.values(), key=lambda one: (-len(one.forests), one.loss))
    held = np.full((len(target), objective.outputs), np.nan)
    for k, raw in enumerate(best.held):
        held[race.asked(k)] = raw
    return Grown(Forest.mean(best.forests), best.name, held)


def _entrants(rows: int) -> tuple[str, ...]:
    if rows < FEW:
        return ("stumps",)
    return ("stumps", "loose", "small", "random") if rows < MANY else ("middle", "small", "large", "random")


@dataclass
class _Entrant:
    name: str
    params: Mapping[str, Any]
    forests: list[Forest] = field(default_factory=list)
    losses: list[np.ndarray] = field(default_factory=list)
    held: list[np.ndarray] = field(default_factory=list)

    @property
    def loss(self) -> float:
        return float(np.concatenate(self.losses).mean()) if self.losses else float("inf")


@dataclass(frozen=True)
class _Race:
    values: np.ndarray
    target: np.ndarray
    objective: Objective
    fold: np.ndarray
    directions: tuple[int, ...]
    seed: int

    @property
    def count(self) -> int:
        return int(self.fold.max(initial=0)) + 1

    def entrant(self, name: str) -> _Entrant:
        n = len(self.target)
        bounded = {"monotone_constraints": list(self.directions)} if any(self.directions) else {}
        given = {
            "min_child_samples": LEAST, **SETTINGS[name], **bounded,
            "objective": self.objective.name, **self.objective.options, "bagging_fraction": 0.8, "bagging_freq": 1,
            "num_threads": 1, "seed": self.seed, "verbose": -1,
            "deterministic": True, "force_row_wise": True, "max_bin": 255, "min_data_in_bin": 3,
        }  # fmt: skip
        return _Entrant(name, {**given, "min_child_samples": min(given["min_child_samples"], max(n // 20, 1))})

    def asked(self, k: int) -> np.ndarray:
        """The rows that judge forest k: those of fold k, or all where there is but one."""
        return np.flatnonzero(self.fold == k) if self.count > 1 else np.arange(len(self.target))

    def run(self, one: _Entrant, k: int) -> None:
        """Grows the forest that does not see fold k, as long as that fold gets better."""
        import lightgbm

        asked = self.asked(k)
        taught = np.flatnonzero(self.fold != k) if self.count > 1 else asked
        train = lightgbm.Dataset(self.values[taught], self.target[taught], params={"verbose": -1}, free_raw_data=True)
        held = lightgbm.Dataset(self.values[asked], self.target[asked], reference=train)
        best = lightgbm.train(
            {**one.params, "seed": self.seed + k}, train, ROUNDS, valid_sets=[held],
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False, min_delta=BETTER)],
        )  # fmt: skip
        forest = forest_of(best.dump_model(num_iteration=best.best_iteration), self.objective.outputs)
        one.forests.append(forest)
        one.held.append(forest.raw(self.values[asked]))
        one.losses.append(self.objective.loss(one.held[-1], self.target[asked]))

    def still(self, running: dict[str, _Entrant]) -> dict[str, _Entrant]:
        """Those that are not behind the leader by more than chance explains."""
        most = max(len(one.losses) for one in running.values())
        level = {name: one for name, one in running.items() if len(one.losses) == most}
        lead = min(level.values(), key=lambda one: one.loss)
        kept = {}
        for name, one in level.items():
            apart = np.concatenate(one.losses) - np.concatenate(lead.losses)
            error = float(apart.std()) / max(len(apart), 1) ** 0.5
            if one is lead or float(apart.mean()) <= BEHIND * error:
                kept[name] = one
        return kept
