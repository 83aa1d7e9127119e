"""Races settings of trees on rows that each did not see; what the winner grew, a forest a fold, is averaged."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from zhinan.recipes._folds import folds
from zhinan.recipes._forest import Forest
from zhinan.recipes._lightgbm import Gradients

__all__ = ["FEW", "MANY", "Fit", "Grown", "Objective", "race", "turns"]

MANY = 4000
"""Rows from which larger trees race too."""

FEW = 300
"""Rows below which nothing can be told from a race: the simplest trees grow."""

FOLDS, FOLDS_OF_OTHERS = 5, 3
SIDE_BY_SIDE = 2
"""Forests that grow at once, a thread each: threads that share one forest wait for each other at every split."""

BEHIND = 1.0
"""Standard errors of paired losses by which a setting may lag before it leaves the race."""

Fit: TypeAlias = Callable[[Mapping[str, Any], np.ndarray, np.ndarray, int], Forest]
"""(what a setting gives, rows to learn from, rows that judge, number of the fold) → the forest."""


@dataclass(frozen=True)
class Objective:
    """What the trees minimise.

    Args:
        name: the word of the library that grows them. outputs: raw scores a row.
        loss: (raw scores (n, outputs), target (n,)) → loss of each row (n,), by which settings are compared.
        options: what else that library needs to know, such as `alpha` of a quantile. gradients: of the loss, where the
            library has no word for it; name is "none" then.
    """

    name: str
    outputs: int
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray]
    options: Mapping[str, Any] = field(default_factory=dict)
    gradients: Gradients | None = None


@dataclass(frozen=True, eq=False)
class Grown:
    """The trees and the setting that won.

    held: raw scores (n, outputs) of each row by the trees that did not see it, NaN where time was over before.
    """

    forest: Forest
    setting: str
    held: np.ndarray


def race(
    fit: Fit,
    settings: Mapping[str, Mapping[str, Any]],
    values: np.ndarray,
    target: np.ndarray,
    objective: Objective,
    *,
    until: float,
    units: np.ndarray | None = None,
    seed: int = 0,
) -> Grown:
    """Trees that predict `target` from `values` (n, width) float32, NaN where a value is missing.

    The rows are cut into folds. A setting grows a forest on all folds but one, and that one judges it; it leaves the
    race once it is behind by more than a standard error. The winner's forests, one a fold, are averaged.

    Args:
        settings: name → what `fit` is given. until: `time.perf_counter()` at which to end; the first setting's first
            fold is always grown. units: (n,) codes of what no fold may tear apart.

    Source: bagging, Breiman (1996); racing, Maron & Moore (NIPS 1993).
    """
    track = _Race(fit, values, target, objective, folds(target, turns(len(target)), units, seed), until)
    running = [_Entrant(name, given) for name, given in settings.items()]
    first, k = running[0], 0  # a first fit there must be, whatever the time
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while k < track.count:
            after = k + 1 if len(running) > 1 else track.count  # with nobody left to race against there is no round
            asked = [(one, fold) for fold in range(k, after) for one in running]
            judged = pool.map(lambda turn: track.judged(*turn, sure=turn == (first, 0)), asked)
            for (one, fold), grown in zip(asked, judged, strict=True):
                if grown is not None and len(one.judged) == fold:
                    one.judged.append(grown)
            running, k = _still(running), after
    best = min(running, key=lambda one: (-len(one.judged), one.loss))
    held = np.full((len(target), objective.outputs), np.nan)
    for k, found in enumerate(best.judged):
        held[track.asked(k)] = found.held
    return Grown(Forest.mean([one.forest for one in best.judged]), best.name, held)


def turns(rows: int) -> int:
    """Into how many folds so many rows are cut, where there are units enough."""
    return FOLDS if FEW <= rows < MANY else FOLDS_OF_OTHERS


@dataclass(frozen=True, eq=False)
class _Judged:
    """A forest, its raw scores (m, outputs) of the rows that judge it, and the loss (m,) of each."""

    forest: Forest
    held: np.ndarray
    losses: np.ndarray


@dataclass(frozen=True, eq=False)
class _Entrant:
    """A setting, and what it grew, a forest for each fold so far."""

    name: str
    params: Mapping[str, Any]
    judged: list[_Judged] = field(default_factory=list)

    @property
    def losses(self) -> np.ndarray:
        return np.concatenate([one.losses for one in self.judged])

    @property
    def loss(self) -> float:
        return float(self.losses.mean()) if self.judged else float("inf")


@dataclass(frozen=True)
class _Race:
    fit: Fit
    values: np.ndarray
    target: np.ndarray
    objective: Objective
    fold: np.ndarray
    until: float

    @property
    def count(self) -> int:
        return int(self.fold.max(initial=0)) + 1

    def asked(self, k: int) -> np.ndarray:
        """The rows that judge forest k: those of fold k, or all where there is but one."""
        return np.flatnonzero(self.fold == k) if self.count > 1 else np.arange(len(self.target))

    def judged(self, one: _Entrant, k: int, *, sure: bool) -> _Judged | None:
        """The forest that does not see fold k; None where time is over, unless it is sure to be grown."""
        if time.perf_counter() > self.until and not sure:
            return None
        asked = self.asked(k)
        forest = self.fit(one.params, np.flatnonzero(self.fold != k) if self.count > 1 else asked, asked, k)
        held = forest.raw(self.values[asked])
        return _Judged(forest, held, self.objective.loss(held, self.target[asked]))


def _still(running: Sequence[_Entrant]) -> list[_Entrant]:
    """Those that are not behind the leader by more than chance explains."""
    most = max(len(one.judged) for one in running)
    level = [one for one in running if len(one.judged) == most]
    lead = min(level, key=lambda one: one.loss)
    kept = []
    for one in level:
        apart = one.losses - lead.losses
        error = float(apart.std()) / max(len(apart), 1) ** 0.5
        if one is lead or float(apart.mean()) <= BEHIND * error:
            kept.append(one)
    return kept
