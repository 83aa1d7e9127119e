"""Boosted trees: what ships is what LightGBM grew, and a text beside a table does not leak."""

from __future__ import annotations

import time
import tracemalloc
import zlib
from typing import Any

import numpy as np
import onnxruntime
import pytest
import scipy.sparse as sp

from zhinan.core import Block, Encoded
from zhinan.encoders.cells import Cells
from zhinan.recipes._boosting import BOOSTED, classes_apart
from zhinan.recipes._folds import folds
from zhinan.recipes._forest import Forest, forest_of
from zhinan.recipes._growing import grow
from zhinan.recipes._heads import fit_head
from zhinan.recipes._mixed_graph import mixed_graph
from zhinan.recipes._racing import Grown, Objective
from zhinan.recipes._trees import Trees, read_by_trees
from zhinan.recipes.boost import boost

lightgbm = pytest.importorskip("lightgbm")

QUIET = {"verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True}


def made_up(n: int, width: int = 4, seed: int = 0) -> np.ndarray:
    """Values with gaps in every second column, round ones among them so that thresholds are met exactly."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(n, width)).astype(np.float32)
    values[:, 1::2] = values[:, 1::2].round(1)
    values[:, ::2][draw.random((n, (width + 1) // 2)) < 0.1] = np.nan
    return values


def grown(classes: int) -> tuple[Any, Forest]:
    values = made_up(600)
    score = np.nan_to_num(values[:, 0]) + values[:, 1] ** 2
    target = np.searchsorted(np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]), score)
    outputs = 1 if classes == 2 else classes
    params = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    booster = lightgbm.train({**params, **QUIET, "num_leaves": 9}, lightgbm.Dataset(values, target), 20)
    return booster, forest_of(booster.model_to_string(), outputs)


def asked(forest: Forest, n: int = 10_000) -> np.ndarray:
    """Rows of all sorts: gaps where there were some, infinities, and the very thresholds of the trees."""
    draw = np.random.default_rng(1)
    values = made_up(n, seed=2)
    place = draw.random(values.shape)
    values[:, ::2][place[:, ::2] < 0.05] = np.nan
    values[(place > 0.05) & (place < 0.07)] = np.inf
    values[(place > 0.07) & (place < 0.09)] = -np.inf
    thresholds = np.concatenate([tree.threshold[tree.feature >= 0] for tree in forest.trees])
    met = (place > 0.09) & (place < 0.4)
    values[met] = draw.choice(thresholds, int(met.sum()))
    return values


@pytest.mark.parametrize("classes", [2, 3])
def test_the_packaged_graph_computes_what_lightgbm_grew(classes: int) -> None:
    booster, forest = grown(classes)
    values = asked(forest)
    truth = booster.predict(values, raw_score=True).reshape(len(values), -1)
    assert np.abs(forest.raw(values) - truth).max() <= 1e-12
    matrix = np.array([[-0.5, 0.5]]) if classes == 2 else np.eye(classes)
    trees = Trees(forest, ("cells",), {}, matrix, np.zeros(classes), "small")
    plan = Cells().fit({f"x{i}": [0.5] for i in range(4)}).plan("cells")
    content = zlib.decompress(mixed_graph({"cells": plan}, {}, [trees], [1.0], "logits"))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"cells": values})
    assert np.abs(logits - truth @ matrix).max() <= 1e-6


def test_few_rows_score_as_among_many_in_memory_that_trees_do_not_add_to() -> None:
    _, forest = grown(3)
    forest = Forest(forest.trees * 12, 3)
    values = asked(forest, 400)
    among_many = forest.raw(values)
    for n in (0, 1, 30, 300):
        assert np.array_equal(forest.raw(values[:n]), among_many[:n])
    tracemalloc.start()
    forest.raw(values[:300])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_no_trees_say_nothing() -> None:
    assert not Forest((), 2).raw(made_up(3)).any()


def test_a_gap_in_a_column_that_never_had_one_is_no_zero_but_goes_with_most_rows() -> None:
    draw = np.random.default_rng(0)
    age = draw.uniform(20, 80, 600).astype(np.float32)
    old = (age > 35).astype(int)
    booster = lightgbm.train({"objective": "binary", **QUIET}, lightgbm.Dataset(age[:, None], old), 20)
    forest = forest_of(booster.model_to_string(), 1)
    missing, newborn, usual = forest.raw(np.array([[np.nan], [0.0], [60.0]], np.float32))[:, 0]
    assert newborn < 0 < missing
    assert missing == usual


def test_a_split_we_cannot_write_is_refused() -> None:
    values = np.random.default_rng(0).integers(0, 6, (300, 1)).astype(np.float32)
    data = lightgbm.Dataset(values, (values[:, 0] % 2).astype(int), categorical_feature=[0])
    booster = lightgbm.train({"objective": "binary", **QUIET, "min_data_per_group": 1}, data, 2)
    with pytest.raises(ValueError, match="trees split by <="):
        forest_of(booster.model_to_string(), 1)


def test_folds_share_out_classes_and_the_range_of_a_number() -> None:
    target = np.array([0] * 50 + [1] * 10)
    fold = folds(target, 5)
    assert [int((target[fold == k] == 1).sum()) for k in range(5)] == [2] * 5
    number = np.random.default_rng(0).normal(size=100)
    means = [number[folds(number, 5) == k].mean() for k in range(5)]
    assert max(means) - min(means) < 0.2


def copied(people: int = 60, rows: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """People of several equal rows each whose class is chance: who has seen one row of a person knows the others."""
    draw = np.random.default_rng(0)
    who = np.repeat(np.arange(people), rows)
    return draw.normal(size=(people, 3)).astype(np.float32)[who], draw.integers(0, 2, people)[who], who


def test_folds_tear_no_unit_apart_and_still_share_out_classes_and_rows() -> None:
    draw = np.random.default_rng(0)
    who = np.repeat(np.arange(90), draw.integers(1, 6, 90))
    target = draw.integers(0, 2, 90)[who]
    fold = folds(target, 3, who)
    assert all(len(np.unique(fold[who == one])) == 1 for one in range(90))
    assert np.ptp(np.bincount(fold)) < 0.1 * len(who)
    assert np.ptp([target[fold == k].mean() for k in range(3)]) < 0.2
    assert folds(target, 200, who).max() == 89
    assert set(folds(np.array([0, 1, 0]), 2, np.zeros(3, int))) == {0, 1}, "a single unit is no reason not to judge"


def test_nothing_looks_learned_that_only_repeats_in_another_fold() -> None:
    values, target, who = copied()

    def lost(made: Grown) -> float:
        return float(classes_apart(2).loss(made.held, target).mean())

    options: dict[str, Any] = {"until": time.perf_counter() + 30, "setting": "small"}
    assert lost(grow(BOOSTED, values, target, classes_apart(2), **options)) < 0.3
    assert lost(grow(BOOSTED, values, target, classes_apart(2), units=who, **options)) > 0.6
    block = Block("ngrams", sp.csr_array(np.eye(60, dtype=np.float32)[who]), None)  # type: ignore[arg-type]
    for units, least, most in ((None, 0.95, 1.0), (who, 0.0, 0.75)):
        train = Encoded((block,), target, ("no", "yes"), units=units)
        scores = read_by_trees(train, target, lambda v, t: fit_head(v, t, 2, 1.0)).features
        assert least <= float((scores.argmax(1) == target).mean()) <= most


def test_an_objective_for_numbers_grows_trees_too() -> None:
    values = made_up(400)
    target = 2.0 * values[:, 1]
    squared = Objective("regression", 1, lambda raw, target: (raw[:, 0] - target) ** 2)
    found = grow(BOOSTED, values, target, squared, until=time.perf_counter() + 20, setting="small")
    assert squared.loss(found.held, target).mean() < 0.2 * target.var()
    found = grow(
        BOOSTED, values, target, squared, until=time.perf_counter() + 20, setting="small", directions=(0, -1, 0, 0)
    )
    assert np.ptp(found.forest.raw(values)[np.isfinite(values).all(1)]) < 1.5 * target.std()


def test_the_race_drops_what_is_behind_and_ends_with_the_budget() -> None:
    values = made_up(900)
    target = ((np.nan_to_num(values[:, 0]) > 0) ^ (values[:, 1] > 0)).astype(int)
    hurried = grow(BOOSTED, values, target, classes_apart(2), until=0.0)
    assert hurried.setting == "stumps"
    assert len(hurried.forest.trees) > 0
    found = grow(BOOSTED, values, target, classes_apart(2), until=time.perf_counter() + 60)
    assert found.setting != "stumps", "stumps of two splits cannot tell an exclusive or as well as trees"
    known = np.isfinite(hurried.held[:, 0])
    one, other = (classes_apart(2).loss(made.held[known], target[known]).mean() for made in (found, hurried))
    assert one < other


def test_scores_of_a_text_are_stacked_from_heads_that_did_not_see_the_row() -> None:
    """Random texts say nothing; in-sample scores of them would look as if they said everything."""
    from zhinan.encoders.ngrams import NGrams

    draw = np.random.default_rng(0)
    texts = ["".join(chr(97 + letter) for letter in draw.integers(0, 26, 12)) for _ in range(400)]
    number = draw.normal(size=400)
    target = (number + 0.5 * draw.normal(size=400) > 0).astype(np.int64)

    def part(rows: slice, ngrams: Any, cells: Any) -> Encoded:
        blocks = (
            Block("ngrams", ngrams.encode({"t": texts[rows]}), ngrams),
            Block("cells", cells.encode({"x": number[rows].tolist()}), cells),
        )
        return Encoded(blocks, target[rows], ("no", "yes"))

    ngrams, cells = NGrams().fit({"t": texts[:300]}), Cells().fit({"x": number[:300].tolist()})
    made = boost(part(slice(300), ngrams, cells), part(slice(300, 400), ngrams, cells), budget=30.0)
    assert (made.dev.argmax(1) == target[300:]).mean() >= 0.8
