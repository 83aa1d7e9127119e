"""Settings race; one that is left alone grows its other folds side by side, and the order is that of the folds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Event
from typing import Any

import numpy as np

from zhinan.recipes._forest import Forest, Tree
from zhinan.recipes._racing import Objective, race

ROWS = 400
VALUES = np.zeros((ROWS, 1), np.float32)
TARGET = np.zeros(ROWS)
SQUARED = Objective("regression", 1, lambda raw, target: (raw[:, 0] - target) ** 2)


def saying(value: float) -> Forest:
    """One leaf that says the same of every row."""
    leaf, none = np.array([-1]), np.zeros(1)
    return Forest((Tree(leaf, none.astype(np.float32), none.astype(bool), leaf, leaf, none + value, none + ROWS),), 1)


def test_folds_of_a_lone_setting_grow_side_by_side_and_stay_in_order() -> None:
    later = Event()

    def fit(params: Mapping[str, Any], taught: np.ndarray, asked: np.ndarray, k: int) -> Forest:
        if k == 0:
            assert later.wait(20), "the second fold began only after the first had ended"
        if k == 1:
            later.set()
        return saying(k)

    grown = race(fit, {"only": {}}, VALUES, TARGET, SQUARED, until=time.perf_counter() + 60)
    assert [round(tree.value[0] * 5) for tree in grown.forest.trees] == [0, 1, 2, 3, 4]
    assert np.bincount(grown.held[:, 0].astype(int)).tolist() == [ROWS // 5] * 5


def test_who_is_behind_grows_no_further_fold_and_the_winner_all() -> None:
    begun: list[tuple[float, int]] = []

    def fit(params: Mapping[str, Any], taught: np.ndarray, asked: np.ndarray, k: int) -> Forest:
        begun.append((params["off"], k))
        return saying(params["off"])

    settings = {"far": {"off": 3.0}, "near": {"off": 1.0}}
    grown = race(fit, settings, VALUES, TARGET, SQUARED, until=time.perf_counter() + 60)
    assert grown.setting == "near"
    assert sorted(begun) == [(1.0, 0), (1.0, 1), (1.0, 2), (1.0, 3), (1.0, 4), (3.0, 0)]


def test_without_time_the_first_setting_grows_its_first_fold_and_nothing_else() -> None:
    begun = []

    def fit(params: Mapping[str, Any], taught: np.ndarray, asked: np.ndarray, k: int) -> Forest:
        begun.append((params["off"], k))
        return saying(params["off"])

    grown = race(fit, {"far": {"off": 3.0}, "near": {"off": 1.0}}, VALUES, TARGET, SQUARED, until=0.0)
    assert (grown.setting, begun) == ("far", [(3.0, 0)])
    assert np.isnan(grown.held).sum() == ROWS - ROWS // 5
