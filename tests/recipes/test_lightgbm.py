"""LightGBM by its C interface grows the trees that its Python package grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from zhinan.recipes._lightgbm import Ending, grown
from zhinan.recipes._several import labels_apart

lightgbm = pytest.importorskip("lightgbm")

GIVEN = {
    "num_leaves": 7, "learning_rate": 0.1, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1,
    "num_threads": 1, "verbose": -1, "deterministic": True, "force_row_wise": True, "min_data_in_bin": 3, "seed": 3,
}  # fmt: skip
TAUGHT, ASKED = np.arange(480), np.arange(480, 600)
PATIENCE, BETTER = 20, 3e-4


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Values with gaps, and a number that hangs on some of them."""
    draw = np.random.default_rng(0)
    values = draw.normal(size=(600, 6)).astype(np.float32)
    number = values[:, 0] + values[:, 1] ** 2 + draw.normal(size=600)
    values[draw.random(values.shape) < 0.1] = np.nan
    return values, number


def by_the_package(values: np.ndarray, target: np.ndarray, params: Mapping[str, Any], rounds: int, ends: bool) -> str:
    data = lightgbm.Dataset(values[TAUGHT], target[TAUGHT])
    given: dict[str, Any] = {}
    if ends:
        stop = lightgbm.early_stopping(PATIENCE, verbose=False, min_delta=BETTER)
        given = {"valid_sets": [lightgbm.Dataset(values[ASKED], target[ASKED], reference=data)], "callbacks": [stop]}
    made = lightgbm.train(dict(params), data, rounds, **given, keep_training_booster=True)
    return str(made.model_to_string(num_iteration=made.best_iteration))


def trees_in(text: str) -> str:
    return text[text.index("\nTree=0") : text.index("\nend of trees")]


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ({"objective": "binary"}, 2),
        ({"objective": "multiclass", "num_class": 3}, 3),
        ({"objective": "regression", "monotone_constraints": [1, 0, 0, 0, 0, -1]}, 0),
        ({"objective": "huber", "alpha": 0.3, "metric": "l1"}, 0),
    ],
    ids=lambda one: one["objective"] if isinstance(one, dict) else "",
)
@pytest.mark.parametrize("ends", [True, False])
def test_the_same_trees_as_by_the_package(more: Mapping[str, Any], parts: int, ends: bool) -> None:
    values, number = rows()
    target = np.searchsorted(np.quantile(number, np.arange(1, parts) / parts), number) if parts else number
    params = {**GIVEN, **more}
    ending = Ending(values[ASKED], target[ASKED], PATIENCE, BETTER) if ends else None
    ours = grown(
        values[TAUGHT], target[TAUGHT], params, 60, outputs=more.get("num_class", 1), ending=ending
    )  # fmt: skip
    assert trees_in(ours) == trees_in(by_the_package(values, target, params, 60, ends))


def test_labels_told_apart_by_gradients_of_our_own_end_at_their_best_round() -> None:
    values, number = rows()
    flags = np.stack([number > 0, number > 1], axis=1)
    objective, places = labels_apart(flags), np.arange(600)
    params = {**GIVEN, **objective.options, "objective": objective.name, "feature_fraction": 1.0, "bagging_freq": 0}
    ends = Ending(
        values[ASKED], ASKED, PATIENCE, BETTER, lambda raw, held: float(objective.loss(raw, flags[held]).mean())
    )  # fmt: skip
    ours = grown(
        values[TAUGHT], places[TAUGHT], params, 200, outputs=2, ending=ends, gradients=objective.gradients
    )  # fmt: skip
    count = ours.count("\nTree=")
    assert 2 <= count < 2 * (200 - PATIENCE)
    whole = grown(values[TAUGHT], places[TAUGHT], params, 60, outputs=2, gradients=objective.gradients)
    raw = lightgbm.Booster(model_str=whole).predict(values, raw_score=True)
    assert raw.shape == (600, 2)
    lost = objective.loss(raw, flags)
    assert lost[TAUGHT].mean() < objective.loss(np.zeros((600, 2)), flags)[TAUGHT].mean() / 2


def test_long_models_are_written_whole() -> None:
    draw = np.random.default_rng(0)
    values, number = draw.normal(size=(4000, 3)), draw.normal(size=4000)
    params = {**GIVEN, "objective": "regression", "num_leaves": 200, "feature_fraction": 1.0}
    written = grown(values, number, params, 120)
    assert len(written) > 1 << 20
    assert written.endswith("end of parameters\n")


def test_what_lightgbm_refuses_is_an_error_with_its_words() -> None:
    values, number = rows()
    with pytest.raises(RuntimeError, match="Unknown objective"):
        grown(values, number, {"objective": "nonsense"}, 3)
