"""Derived numbers: found where unseen rows gain by them, left out elsewhere, shipped and explained as used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from zhinan.core import Block, Encoded, find
from zhinan.encoders.cells import Cells
from zhinan.evaluate._terms import opened, terms
from zhinan.recipes import _deriving
from zhinan.recipes._deriving import with_derived
from zhinan.recipes._trees import KINDS
from zhinan.steps import Program
from zhinan.steps._derived import derived

pytest.importorskip("lightgbm")

ROWS = 500
FOREVER = float("inf")


@pytest.fixture(autouse=True)
def _few_rows_and_trees_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_deriving, "FEWEST", ROWS)
    few = replace(KINDS["boost"], rounds=lambda outputs, rows: 40)
    monkeypatch.setitem(KINDS, "boost", few)  # type: ignore[arg-type]


def rows(n: int = ROWS, seed: int = 0) -> dict[str, list[float | None]]:
    """A bill and a limit over several sizes, an age, and a gap here and there."""
    draw = np.random.default_rng(seed)
    made = {
        "bill": np.exp(draw.normal(7, 1.5, n)),
        "limit": np.exp(draw.normal(8, 1.5, n)),
        "age": draw.normal(40, 9, n),
    }
    return {name: [None if draw.random() < 0.03 else float(v) for v in values] for name, values in made.items()}


def shares(given: Mapping[str, list[float | None]]) -> np.ndarray:
    """1 where a bill takes up most of its limit, with some chance in it."""
    numbers = {name: np.array([np.nan if v is None else v for v in values]) for name, values in given.items()}
    share = np.nan_to_num(np.log(numbers["bill"] / numbers["limit"]), nan=-1.0)
    return (share + np.random.default_rng(1).logistic(0, 0.3, len(share)) > -1).astype(np.int64)


def part(given: Mapping[str, Any], target: np.ndarray, encoders: tuple[str, ...] = ("cells",)) -> Encoded:
    fitted = [find("encoder", name).target().fit(rows()) for name in encoders]
    blocks = tuple(Block(name, one.encode(given), one) for name, one in zip(encoders, fitted, strict=True))
    return Encoded(blocks, target, ("no", "yes"))


def test_what_is_made_of_a_missing_number_or_of_nothing_to_divide_by_is_missing() -> None:
    numbers = {"a": np.float32([6, np.nan, 1, 3e38]), "b": np.float32([3, 1, 0, 1e-3]), "c": np.float32([0, 1, 5, 0])}
    made = [{"how": "ratio", "of": ["a", "b"]}, {"how": "less", "of": ["a", "b"]}, {"how": "mean", "of": list("abc")}]
    made += [{"how": how, "of": list("abc")} for how in ("max", "min", "spread", "change")]
    nothing = float("nan")
    found = derived(numbers, made)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0], [2, 3, 3, 6, 0, np.sqrt(6), 6], rtol=1e-6)
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[2][:5], [nothing, 1, 2, 5, 0])
    assert np.isnan(found[3][0])  # more than float32 holds


def test_one_row_gets_the_numbers_it_gets_among_many() -> None:
    given = rows(50)
    fitted = Cells().fit(given)
    wider = type(fitted)(fitted.columns, fitted.learned, ({"how": "mean", "of": ["bill", "limit", "age"]},))
    alone = [wider.encode({name: [values[i]] for name, values in given.items()})[0] for i in range(50)]
    assert np.array_equal(np.stack(alone), wider.encode(given), equal_nan=True)


@pytest.mark.parametrize(("recipe", "encoders"), [("boost", ("cells",)), ("blend", ("columns", "cells"))])
def test_a_ratio_that_tells_is_found_shipped_and_explained(recipe: str, encoders: tuple[str, ...]) -> None:
    asked = rows(300, 7)
    train, dev = part(rows(), shares(rows()), encoders), part(asked, shares(asked), encoders)
    quick = {"l2": (0.1,), "extra": "none"} if recipe == "blend" else {}
    made = find("recipe", recipe).target(train, dev, budget=FOREVER, setting="stumps", **quick)
    assert {("ratio", "bill", "limit"), ("ratio", "limit", "bill")} & set(made.params["derived"])
    said = Program(made.steps, made.files).run(asked)["probabilities"]
    np.testing.assert_allclose(said, made.dev, atol=1e-6)
    again = find("recipe", recipe).target(train, dev, budget=FOREVER, **made.params)
    assert np.array_equal(again.dev, made.dev)

    of = opened(made, dict.fromkeys(asked, "number"))
    values, known = of.run(asked), terms(of)
    assert known is not None
    scores = of.scores(values)[0]
    every = sum(term.pair(values, 0, (1, 0))[1].sum() for term in known[0]) + known[1][1] - known[1][0]
    assert every == pytest.approx(scores[1] - scores[0], abs=1e-4)
    trees = next(term for term in known[0] if term.kind == "trees")
    assert ("bill", "limit") in trees.columns or ("limit", "bill") in trees.columns


def test_what_one_recipe_found_the_next_one_adds_to_its_own_blocks() -> None:
    both = part(rows(), shares(rows()), ("columns", "cells"))
    alone = replace(both, blocks=both.blocks[1:])
    first, second = (
        with_derived(one, one, until=FOREVER, setting="stumps", asked=None, monotone=()) for one in (alone, both)
    )
    assert first.made
    assert first.made == second.made
    assert [block.encoder for block in second.train.blocks] == ["columns", "cells"]
    assert second.train.blocks[1] is first.train.blocks[0]  # so that its trees are grown once


def test_numbers_that_tell_nothing_more_are_left_out() -> None:
    given = rows()
    target = (np.array([v or 0.0 for v in given["bill"]]) > 1000).astype(np.int64)
    target ^= np.random.default_rng(3).random(ROWS) < 0.2
    train = part(given, target)
    found = with_derived(train, train, until=FOREVER, setting="stumps", asked=None, monotone=())
    assert found.made == ()
    assert found.train is train


def test_few_rows_are_not_asked_what_helps() -> None:
    train = part(rows(ROWS - 1), shares(rows(ROWS - 1)))
    assert with_derived(train, train, until=FOREVER, setting="stumps", asked=None, monotone=()).made == ()
    assert not any("read by trees" in key for key in train.blocks[0].heads)  # nothing was grown


def test_a_column_with_a_direction_takes_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    train = part(rows(), shares(rows()))
    asked: list[str] = []
    real = _deriving._possible

    def possible(numbers: Any, *more: Any) -> Any:
        asked.extend(numbers)
        return real(numbers, *more)

    monkeypatch.setattr(_deriving, "_possible", possible)
    with_derived(train, train, until=FOREVER, setting="stumps", asked=None, monotone=(("limit", -1),))
    assert asked == ["bill", "age"]
