"""A direction promised in the contract holds for whatever the packaged steps are asked, in every recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from zhinan.contract import parse
from zhinan.core import Block, Candidate, Column, Encoded, Loss, UserError, find
from zhinan.engine.directions import directions
from zhinan.recipes._numbers import Scale
from zhinan.steps import Program

pytest.importorskip("lightgbm")

ENCODERS = {"linear": ("columns",), "boost": ("cells",), "extra_trees": ("cells",), "blend": ("columns", "cells")}
SETTING = {"boost": "small", "extra_trees": "varied", "blend": "small"}


def crooked(n: int, seed: int) -> tuple[dict[str, list[float | None]], np.ndarray]:
    """Income that helps, except where it does harm, and an age that only adds noise."""
    draw = np.random.default_rng(seed)
    income, age = draw.uniform(0, 10, n), draw.uniform(20, 70, n)
    score = income + 4 * np.sin(2 * income) + 0.05 * (age - 45) + draw.normal(size=n)
    known = [None if draw.random() < 0.05 else float(v) for v in income]
    return {"income": known, "age": age.tolist()}, (score > 5).astype(np.int64)


def candidate(recipe: str, monotone: tuple[tuple[str, int], ...], loss: Loss = "log") -> Candidate:
    """Of classes or, where the loss is one of numbers, of amounts with a long tail."""
    (train, truth), (dev, dev_truth) = crooked(500, 0), crooked(120, 1)
    parts = []
    for rows, target in ((train, truth), (dev, dev_truth)):
        fitted = [(name, find("encoder", name).target().fit(train)) for name in ENCODERS[recipe]]
        blocks = tuple(Block(name, one.encode(rows), one) for name, one in fitted)
        if loss == "log":
            parts.append(Encoded(blocks, target, ("bad", "good")))
        else:
            parts.append(Encoded(blocks, amounts(rows), (), loss))
    more = (
        {}
        if recipe == "linear" or loss == "log"
        else {"setting": SETTING[recipe], "scale": Scale.of(parts[0].target, "log", loss).params}
    )
    return find("recipe", recipe).target(*parts, budget=20.0, monotone=monotone, **more)


def amounts(rows: dict[str, list[float | None]]) -> np.ndarray:
    income = np.array([5.0 if v is None else v for v in rows["income"]])
    age = np.array(rows["age"], np.float64)
    noise = np.random.default_rng(len(age)).normal(0, 0.1, len(age))
    return np.exp(3 + 0.2 * income + 0.5 * np.sin(2 * income) + 0.01 * (age - 45) + noise)


def drops(made: Candidate, column: str, way: int) -> float:
    """The most that the number moves against a direction while a column rises, over a grid of other values."""
    grid = np.unique(np.concatenate([np.linspace(-5, 80, 300), np.linspace(0, 10, 200)])).tolist()
    other, worst = {"income": "age", "age": "income"}[column], 0.0
    for held in (None, 2.0, 5.5, 33.3, 60.0):
        value = way * Program(made.steps, made.files).run({column: grid, other: [held] * len(grid)})["value"]
        worst = max(worst, float((np.maximum.accumulate(value) - value).max()))
    return worst


FOR_NUMBERS = [("linear", "absolute"), ("boost", "absolute"), ("blend", "squared")]


@pytest.mark.parametrize(("recipe", "loss"), FOR_NUMBERS)
def test_numbers_keep_to_a_direction_and_are_still_learned(recipe: str, loss: Loss) -> None:
    (dev, _) = crooked(120, 1)
    truth = amounts(dev)
    usual = float(np.abs(np.median(truth) - truth).mean())
    assert drops(candidate(recipe, (), loss), "income", 1) > 0.1 * usual, "left free it would"
    bound = candidate(recipe, (("income", 1), ("age", -1)), loss)
    tiny = 1e-4 * usual  # sums of float32 in another order
    assert drops(bound, "income", 1) <= tiny
    assert drops(bound, "age", -1) <= tiny
    said = Program(bound.steps, bound.files).run(dev)["value"]
    assert np.abs(said - truth).mean() < 0.8 * usual
    assert dict(bound.params)["monotone"] == (("income", 1), ("age", -1))


def falls(made: Candidate, column: str) -> float:
    """The most that p(good) falls while a column rises, over a grid of other values."""
    grid = np.unique(np.concatenate([np.linspace(-5, 80, 600), np.linspace(0, 10, 400)])).tolist()
    worst = 0.0
    other = {"income": "age", "age": "income"}[column]
    for held in (None, -3.0, 2.0, 5.5, 9.0, 33.3, 60.0):
        rows = {column: grid, other: [held] * len(grid)}
        good = Program(made.steps, made.files).run(rows)["probabilities"][:, 1]
        worst = max(worst, float((np.maximum.accumulate(good) - good).max()))
    return worst


@pytest.mark.parametrize("recipe", ENCODERS)
def test_what_ships_never_moves_against_the_direction_promised(recipe: str) -> None:
    free = candidate(recipe, ())
    assert falls(free, "income") > 0.05, "left free it would"
    bound = candidate(recipe, (("income", 1), ("age", -1)))
    assert falls(bound, "income") == 0
    (dev, truth), (_, _) = crooked(120, 1), crooked(1, 1)
    assert len(dev["income"]) == 120
    assert (bound.dev.argmax(1) == truth).mean() > 0.6, "it still learns"
    assert dict(bound.params)["monotone"] == (("income", 1), ("age", -1))


Asked = Callable[[str, tuple[str, ...]], tuple[tuple[str, int], ...]]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    def ask(train: str, classes: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
        text = f"product: p\ndata: d.csv\ntarget: y\nmust: [accuracy >= 60%]\ntrain:\n  monotone:\n    {train}\n"
        inputs = (Column("income", "number"), Column("city", "category"))
        return directions(parse(text, tmp_path / "product.yaml"), inputs, classes)

    return ask


def test_a_direction_is_of_the_class_named(asked: Asked) -> None:
    assert asked("income: up[good]", ("bad", "good")) == (("income", 1),)
    assert asked("income: up[bad]", ("bad", "good")) == (("income", -1),)
    assert asked("income: down[bad]", ("bad", "good")) == (("income", 1),)
    assert asked("income: down", ()) == (("income", -1),), "of numbers it is the number itself"


@pytest.mark.parametrize(
    ("train", "classes", "code"),
    [
        ("city: up", ("bad", "good"), "E205"),
        ("height: up", ("bad", "good"), "E205"),
        ("income: up", ("a", "b", "c"), "E206"),
        ("income: up[best]", (), "E050"),
        ("income: up[best]", ("bad", "good"), "E050"),
        ("income: up", ("bad", "good"), "E207"),
        ("income: upward", ("bad", "good"), "E204"),
    ],
)
def test_a_direction_nothing_could_keep_is_refused_where_it_stands(
    asked: Asked, train: str, classes: tuple[str, ...], code: str
) -> None:
    with pytest.raises(UserError) as error:
        asked(train, classes)
    assert error.value.code == code
    assert error.value.where.startswith("product.yaml:7:")
