"""What a tree said is taken apart exactly: LightGBM's own figures, the whole score, and the column that mattered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.core import Block, Column, Encoded, find
from zhinan.encoders.cells import Cells
from zhinan.encoders.columns import Columns
from zhinan.encoders.ngrams import NGrams
from zhinan.evaluate._tree_shap import paths_of
from zhinan.evaluate.explain import explain
from zhinan.package import draft, open_version
from zhinan.recipes._forest import forest_of

lightgbm = pytest.importorskip("lightgbm")

QUIET = {"verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True}


@pytest.mark.parametrize("classes", [2, 3])
def test_the_values_are_those_of_lightgbm(classes: int) -> None:
    draw = np.random.default_rng(0)
    values = draw.normal(size=(500, 5)).astype(np.float32)
    values[draw.random(values.shape) < 0.1] = np.nan
    score = np.nan_to_num(values[:, 0]) * np.nan_to_num(values[:, 1]) + np.nan_to_num(values[:, 2])
    target = np.searchsorted(np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]), score)
    params = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    booster = lightgbm.train({**params, **QUIET, "num_leaves": 12}, lightgbm.Dataset(values, target), 12)
    outputs = 1 if classes == 2 else classes
    paths = paths_of(forest_of(booster.model_to_string(), outputs))
    asked = np.vstack([values[:40], np.full((1, 5), np.nan), np.full((1, 5), np.inf), np.full((1, 5), -np.inf)])
    asked = asked.astype(np.float32)
    truth = booster.predict(asked, pred_contrib=True).reshape(len(asked), outputs, 6)
    for output in range(outputs):
        weights = np.eye(outputs)[output]
        found = np.array([[*paths.said(row, weights), paths.expected(weights)] for row in asked])
        assert np.abs(found - truth[:, output]).max() <= 1e-5


def risk(n: int, seed: int) -> tuple[dict[str, list[Any]], np.ndarray]:
    draw = np.random.default_rng(seed)
    late, city = draw.integers(0, 5, n).astype(float), draw.choice(["north", "south"], n)
    note = [("never paid " if draw.random() < 0.3 else "a good customer ") + str(draw.integers(99)) for _ in range(n)]
    score = 1.5 * late + 2.0 * np.array(["never" in one for one in note]) + draw.normal(size=n)
    return {"late": late.tolist(), "city": city.tolist(), "note": note}, (score > 4).astype(np.int64)


@pytest.mark.parametrize("recipe", ["boost", "boost with a text", "extra_trees", "blend"])
def test_a_packaged_version_explains_itself_exactly_and_gives_the_reasons_in_order(recipe: str, tmp_path: Path) -> None:
    (rows, target), (dev, dev_target) = risk(400, 0), risk(120, 1)
    table, text = ("late", "city"), ("note",)
    cells = (("cells", Cells(), table),)
    stack = {"boost": cells, "extra_trees": cells, "boost with a text": (
        ("ngrams", NGrams(), text), ("cells", Cells(), table)), "blend": (
        ("ngrams", NGrams(), text), ("columns", Columns(), table), ("cells", Cells(), table))}[recipe]  # fmt: skip
    parts: list[list[Block]] = [[], []]
    for name, encoder, read in stack:
        fitted = encoder.fit({column: rows[column] for column in read})
        for blocks, given in zip(parts, (rows, dev), strict=True):
            blocks.append(Block(name, fitted.encode(given), fitted))
    train, held = (Encoded(tuple(b), t, ("pays", "defaults")) for b, t in zip(parts, (target, dev_target), strict=True))
    made = find("recipe", recipe.split(maxsplit=1)[0]).target(train, held, budget=20.0)
    kinds = {"late": "number", "city": "category", "note": "text"}
    inputs = [Column(n, kinds[n]) for n in rows if n in {name for *_, read in stack for name in read}]
    drafted = draft(folder=tmp_path, product="p", candidate=made, inputs=inputs, masks=(), contract=b"", facts={})
    version = open_version(drafted.path)
    asked = [
        {"late": 4.0, "city": "north", "note": "never paid 12"},
        {"late": 0.0, "city": "south", "note": "a good customer 5"},
        {"late": None, "city": "nowhere", "note": ""},
    ]
    found = explain(version, asked, label="defaults", top=None)
    for one in found:
        assert one.exact, one.method
        assert abs(one.unexplained) <= 1e-5 * max(1.0, abs(one.difference))
        assert one.difference == pytest.approx(np.log(one.probability / (1 - one.probability)), abs=1e-4)
    reasons = found[0].reasons()
    assert reasons[0].column in ("late", "note")
    assert [r.weight for r in reasons] == sorted((r.weight for r in reasons), reverse=True)
    assert "late = 4.0 raises defaults" in [r.words().en for r in reasons]
    assert not {r.column for r in found[1].reasons()} & {"late"}, "what speaks against it is no reason for it"
    cut = explain(version, asked, label="defaults", top=1)
    assert [one.reasons() for one in cut] == [one.reasons() for one in found], "however few parts are shown"
