"""Intervals of whole recipes hold the truth as often as they say, over many data sets drawn anew."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import parse
from zhinan.core import Block, Column, Dataset, Encoded, find
from zhinan.evaluate.conformal import decide_value
from zhinan.recipes._numbers import Scale
from zhinan.steps import Program

pytestmark = pytest.mark.system

DATA_SETS = 200 if os.environ.get("ZHINAN_SOAK") else 10
ROWS = {"train": 200, "dev": 120, "new": 1000}


def drawn(n: int, draw: np.random.Generator) -> tuple[dict[str, list[Any]], np.ndarray]:
    a, b = draw.uniform(-2, 2, n), draw.uniform(0, 1, n)
    truth = 100 + 20 * a + 10 * np.abs(a) + (2 + 10 * b) * draw.standard_t(4, n)
    return {"a": a.tolist(), "b": b.tolist()}, truth


def answered(truth: np.ndarray) -> Dataset:
    frame = pl.DataFrame({"_row": [str(i) for i in range(len(truth))], "y": truth})
    return Dataset(frame, (Column("a", "number"),), Column("y", "number"), None, None, "f")


@pytest.mark.parametrize(("recipe", "encoder"), [("linear", "columns"), ("boost", "cells")])
def test_intervals_hold_as_often_as_they_say_over_many_data_sets(recipe: str, encoder: str) -> None:
    if recipe == "boost":
        pytest.importorskip("lightgbm")
    text = "product: p\ndata: d.csv\ntarget: y\nmust:\n  - mae <= 50\ntrain: {interval: 90%}\n"
    contract = parse(text)
    held = []
    for seed in range(DATA_SETS):
        draw = np.random.default_rng(seed)
        rows = {part: drawn(n, draw) for part, n in ROWS.items()}
        fitted = find("encoder", encoder).target().fit(rows["train"][0])
        train, dev = (
            Encoded((Block(encoder, fitted.encode(rows[part][0]), fitted),), rows[part][1], (), "absolute")
            for part in ("train", "dev")
        )
        made = find("recipe", recipe).target(
            train, dev, budget=60.0, scale=Scale.of(train.target, "straight", train.loss).params
        )
        made = decide_value(made, answered(rows["dev"][1]), contract)
        out = Program(made.steps, made.files).run(rows["new"][0])
        held.append(float(((out["low"] <= rows["new"][1]) & (rows["new"][1] <= out["high"])).mean()))
    error = float(np.std(held, ddof=1) / len(held) ** 0.5)
    assert 0.9 - 3 * error <= np.mean(held) <= 0.93 + 3 * error, (np.mean(held), error)
