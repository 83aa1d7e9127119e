"""Extremely randomised trees: leaves say what their rows are, gaps included, and a mixture keeps what helps."""

from __future__ import annotations

import time
import zlib
from typing import Any

import numpy as np
import onnxruntime
import pytest

from zhinan.core import Block, Encoded
from zhinan.encoders.cells import Cells
from zhinan.encoders.columns import Columns
from zhinan.recipes._forest import forest_of
from zhinan.recipes._growing import grow
from zhinan.recipes._mixed_graph import mixed_graph
from zhinan.recipes._random_trees import AT_RANDOM, chances_of
from zhinan.recipes._trees import fit_trees
from zhinan.recipes.extra_trees import extra_trees

lightgbm = pytest.importorskip("lightgbm")

Rows = dict[str, list[Any]]


def made_up(n: int, seed: int = 0) -> Rows:
    """Two numbers that act together and one of noise; the second is missing where the score is often high."""
    draw = np.random.default_rng(seed)
    a, b, c = (draw.normal(size=n).round(1) for _ in range(3))
    return {"a": a.tolist(), "b": [None if v > 1.2 else v for v in b.tolist()], "c": c.tolist()}


def classes_of(rows: Rows, count: int) -> np.ndarray:
    score = np.array(rows["a"]) * np.array([2.0 if v is None else v for v in rows["b"]])
    return np.searchsorted(np.quantile(score, np.linspace(0, 1, count + 1)[1:-1]), score)


def part(rows: Rows, target: np.ndarray, fitted: Any, classes: int) -> Encoded:
    return Encoded((Block("cells", fitted.encode(rows), fitted),), target, tuple("abc"[:classes]))


@pytest.mark.parametrize("classes", [2, 3])
def test_the_packaged_graph_computes_the_mean_of_the_trees(classes: int) -> None:
    rows = made_up(280)
    fitted = Cells().fit(rows)
    train = part(rows, classes_of(rows, classes), fitted, classes)
    trees = fit_trees(train, "extra_trees", until=time.perf_counter() + 20, setting="varied")
    values = fitted.encode(made_up(3000, 1))
    met = np.concatenate([tree.threshold[tree.feature == 0] for tree in trees.forest.trees])
    values[: len(met), 0] = met[: len(values)]  # the very thresholds
    values[-50:, 0] = np.nan  # a gap where there was none
    plan = fitted.plan("cells")
    content = zlib.decompress(mixed_graph({"cells": plan}, {}, [trees], [1.0], "logits"))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"cells": values})
    ours = trees.linked(trees.forest.raw(values))
    assert np.abs(logits - ours).max() <= 1e-4
    fold = np.flatnonzero(np.isfinite(trees.held[:, 0]))  # type: ignore[index]
    assert len(fold) == len(rows["a"]), "every row was judged by trees that did not see it"
    chances = np.exp(ours)
    assert classes > 2 or np.abs(chances.sum(axis=1) - 1).max() < 0.01
    assert chances.min() > 0


@pytest.mark.parametrize("classes", [2, 3])
def test_a_leaf_says_the_share_of_each_class_among_its_rows(classes: int) -> None:
    rows = made_up(400)
    values, target = Cells().fit(rows).encode(rows), classes_of(rows, classes)
    objective = chances_of(classes)
    given = {
        **AT_RANDOM.given, **AT_RANDOM.settings["plain"], **objective.options, "objective": objective.name,
        "bagging_fraction": 0.9999, "bagging_freq": 1, "verbose": -1, "force_row_wise": True, "num_threads": 1,
    }  # fmt: skip
    booster = lightgbm.train(given, lightgbm.Dataset(values, target), 4)
    found = AT_RANDOM.finish(forest_of(booster.model_to_string(), objective.outputs), target, objective)  # type: ignore[misc]
    for tree in found.trees:
        leaf = tree.leaves(values)
        right = target == (tree.output if classes > 2 else 1)
        for place in np.unique(leaf):
            assert 4 * tree.value[place] == pytest.approx(right[leaf == place].mean(), abs=1e-6)


def test_a_gap_goes_as_it_was_taught() -> None:
    rows = made_up(600)
    missing = np.array([v is None for v in rows["b"]])
    values = Cells().fit(rows).encode(rows)
    found = grow(
        AT_RANDOM, values, missing.astype(int), chances_of(2), until=time.perf_counter() + 20, setting="varied"
    )
    said = found.forest.raw(values)[:, 0]
    assert said[missing].min() > said[~missing].max()


def test_a_class_never_seen_is_never_answered_and_no_other_is_impossible() -> None:
    rows = made_up(200)
    fitted = Cells().fit(rows)
    train = part(rows, classes_of(rows, 2) * 2, fitted, 3)
    made = extra_trees(train, part(made_up(50, 1), classes_of(made_up(50, 1), 2), fitted, 3), budget=20.0)
    assert made.dev[:, 1].max() < 1e-6
    assert made.dev[:, [0, 2]].min() > 0


@pytest.mark.parametrize("helps", [True, False])
def test_a_mixture_of_many_rows_keeps_random_trees_and_lines_only_where_they_help(
    helps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhinan.recipes import _mixing
    from zhinan.recipes.blend import blend

    draw = np.random.default_rng(0)
    columns = {name: draw.normal(size=600).tolist() for name in "abcd"}
    a, b = np.array(columns["a"]), np.array(columns["b"])
    target = ((4 * a * b if helps else 4 * (a + b)) + draw.normal(size=600) > 0).astype(np.int64)
    fitted = [("columns", Columns(knots=0).fit(columns)), ("cells", Cells().fit(columns))]

    def rows(some: slice) -> Encoded:
        held = {name: values[some] for name, values in columns.items()}
        blocks = tuple(Block(name, one.encode(held), one) for name, one in fitted)  # type: ignore[attr-defined]
        return Encoded(blocks, target[some], ("no", "yes"))

    train, dev = rows(slice(400)), rows(slice(400, 600))
    few = blend(train, dev, budget=60.0, setting="stumps")
    assert min(few.params["mix"]) > 0, "400 rows do not tell what helps"
    assert few.params["extra"] == "plain"
    monkeypatch.setattr(_mixing, "MANY", 400)
    made = blend(train, dev, budget=60.0, setting="stumps")
    assert (made.params["extra"] != "none") is helps, "stumps see no two columns together, and a line is straight"
    assert (made.params["mix"][0] == 0) is helps, "nor does a line"
    assert ("table" in {step.step for step in made.steps}) is not helps, "what adds nothing takes no time to answer"
    again = blend(train, dev, budget=60.0, **made.params)
    assert np.array_equal(again.dev, made.dev), "its settings train the same again"
