"""Trees for numbers: shipped as they were scored, as good as LightGBM alone, and unsure where rows are noisy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from zhinan.core import Block, Encoded, Loss, find
from zhinan.evaluate._terms import opened, terms
from zhinan.recipes._numbers import fit_spread
from zhinan.steps import Program

pytest.importorskip("lightgbm")

Rows = dict[str, list[float | None]]


def bent(n: int, seed: int) -> tuple[Rows, np.ndarray]:
    """Two columns that act together, with noise that grows with a third; some values are missing."""
    draw = np.random.default_rng(seed)
    a, b, c = draw.uniform(-2, 2, n), draw.uniform(-2, 2, n), draw.uniform(0, 1, n)
    truth = 500 + 100 * np.where(a > 0, b, -b) + (5 + 60 * c) * draw.normal(size=n)
    known = [None if draw.random() < 0.05 else float(v) for v in b]
    return {"a": a.tolist(), "b": known, "c": c.tolist()}, truth


def parts(loss: Loss, *encoders: str) -> tuple[Encoded, Encoded, Rows]:
    (train, truth), (dev, asked) = bent(900, 0), bent(300, 1)
    fitted = [(name, find("encoder", name).target().fit(train)) for name in encoders]
    made = [
        Encoded(tuple(Block(name, one.encode(rows), one) for name, one in fitted), target, (), loss)
        for rows, target in ((train, truth), (dev, asked))
    ]
    return made[0], made[1], dev


def test_how_unsure_a_head_is_follows_from_fits_like_the_one_that_ships() -> None:
    draw = np.random.default_rng(0)
    values = draw.exponential(size=(300, 1)).astype(np.float32)
    target = np.minimum(values[:, 0], 1 - values[:, 0]) + draw.standard_t(1.5, size=300) * 0.05
    rising = [[(np.array([True]), 1)]]

    def slope(loss: Loss, *ways: Any) -> float:
        train = Encoded((Block("columns", values, None),), target, (), loss)  # type: ignore[arg-type]
        return float(fit_spread(train, target, [0.1], (1.0, 0.0), *ways)[0].weight[0, 0])

    assert slope("squared", rising) > slope("squared") + 0.2, "what may not fall errs most where the truth does"
    assert slope("absolute") != slope("squared")


@pytest.mark.parametrize(
    ("recipe", "encoders", "loss"),
    [
        ("boost", ("cells",), "absolute"),
        ("blend", ("columns", "cells"), "squared"),
    ],
)
def test_numbers_of_trees_ship_as_scored_and_bend_where_lines_cannot(
    recipe: str, encoders: tuple[str, ...], loss: Loss
) -> None:
    train, dev, rows = parts(loss, *encoders)
    made = find("recipe", recipe).target(train, dev, budget=60.0, setting="small")
    outputs: dict[str, Any] = Program(made.steps, made.files).run(rows)
    assert np.abs(outputs["scores"] - made.dev).max() <= 1e-4
    alone = Program(made.steps, made.files).run({name: values[7:8] for name, values in rows.items()})
    assert alone["value"] == pytest.approx(outputs["value"][7:8], rel=1e-6)
    off = outputs["value"] - dev.target
    usual = dev.target - np.median(dev.target)  # no line comes nearer: up for half of the rows is down for the others
    assert (off**2).mean() < 0.55**2 * (usual**2).mean()
    assert np.abs(off).mean() < 0.5 * np.abs(usual).mean()
    noisy = np.array(rows["c"]) > 0.8
    quiet = np.array(rows["c"]) < 0.2
    assert made.dev[noisy, 1].mean() > made.dev[quiet, 1].mean() + 0.5, "it knows which rows are noisy"
    again = find("recipe", recipe).target(train, dev, budget=60.0, **made.params)
    assert np.array_equal(again.dev, made.dev), "its settings train the same again"
    wider = replace(train, target=3 * train.target)
    moved = find("recipe", recipe).target(wider, dev, budget=60.0, **made.params)
    for key in ("center", "scale", "shift"):
        assert moved.steps[-1].options[key] == made.steps[-1].options[key], "margins are on the scale they were fitted"


def test_a_number_of_trees_is_taken_apart_exactly() -> None:
    train, dev, rows = parts("squared", "columns", "cells")
    made = find("recipe", "blend").target(train, dev, budget=60.0, setting="stumps")
    of = opened(made, dict.fromkeys(rows, "number"))
    values = of.run({name: given[:5] for name, given in rows.items()})
    known = terms(of)
    assert known is not None
    found, bias = known
    assert {term.kind for term in found} == {"table", "trees"}
    for i in range(5):
        said = bias[0] + sum(term.pair(values, i, (0, 1))[1].sum() for term in found)
        assert said == pytest.approx(values["value"][i], rel=1e-4)
