"""The suite is not idle: each thing here breaks one promise of its kind, and is caught doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.conformance import BrokenPromiseError, check, checks
from zhinan.core import entries, find, register, registry
from zhinan.core.registry import KINDS
from zhinan.data import Raw
from zhinan.proof import Judged, Measurement, Valued

FACTS = {"unit": "%", "better": "higher", "family": "quality", "per_class": False, "needs": "answer"}


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        entries(kind)
    monkeypatch.setattr(registry, "_things", dict(registry._things))


def _caught(kind: str, name: str, promise: str) -> None:
    (one,) = (one for one in checks(kind, name) if promise in one.promise)
    with pytest.raises(BrokenPromiseError):
        one()


def test_a_metric_without_a_bound_is_caught() -> None:
    @register("metric", "sure", **FACTS)
    def sure(judged: Judged) -> Measurement:
        """Accuracy, pretending to be the truth."""
        return Measurement.exact(float((judged.answer == judged.truth).mean()), len(judged))

    _caught("metric", "sure", "perfect answers do not prove perfection")


def test_a_metric_in_percent_instead_of_shares_is_caught() -> None:
    @register("metric", "scaled", **FACTS)
    def scaled(judged: Judged) -> Measurement:
        """Accuracy in the wrong unit."""
        return Measurement.exact(100 * float((judged.answer == judged.truth).mean()), len(judged))

    _caught("metric", "scaled", "its value lies between its bounds")


def test_a_metric_that_says_the_wrong_direction_is_caught() -> None:
    @register("metric", "upside_down", **{**FACTS, "better": "lower"})
    def upside_down(judged: Judged) -> Measurement:
        """Accuracy, lower being better."""
        return Measurement.count(judged.answer == judged.truth)

    _caught("metric", "upside_down", "what is better measures better")


def test_a_metric_that_depends_on_the_order_of_rows_is_caught() -> None:
    @register("metric", "first_half", **FACTS)
    def first_half(judged: Judged) -> Measurement:
        """Accuracy of the first half of the rows."""
        half = len(judged) // 2
        return Measurement.count((judged.answer == judged.truth)[:half])

    _caught("metric", "first_half", "the order of rows does not matter")


def test_a_metric_that_takes_every_row_for_another_person_is_caught() -> None:
    @register("metric", "crowd", **FACTS)
    def crowd(judged: Judged) -> Measurement:
        """Accuracy of rows, whoever they are of."""
        return Measurement.count(judged.answer == judged.truth)

    _caught("metric", "crowd", "rows of one person count for less")


def test_a_metric_of_numbers_that_says_nothing_of_what_it_needs_is_caught() -> None:
    @register("metric", "vague", **{**FACTS, "needs": "numbers"})
    def vague(judged: Valued) -> Measurement:
        """The share of answers that are exactly right."""
        return Measurement.count(judged.answer == judged.truth, judged.person)

    _caught("metric", "vague", "its facts say unit")


@dataclass(frozen=True)
class _Wrapped:
    """A fitted encoder that differs from `columns` in one way."""

    fitted: Any

    def encode(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> Any:
        return self.fitted.encode(rows)

    def plan(self, prefix: str) -> Any:
        return self.fitted.plan(prefix)


class _BatchNormalised(_Wrapped):
    def encode(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> Any:
        values = self.fitted.encode(rows)
        return values - values.mean(axis=0) if len(values) > 1 else values


class _Unprefixed(_Wrapped):
    def plan(self, prefix: str) -> Any:
        return self.fitted.plan("mine")


class _Served(_Wrapped):
    def plan(self, prefix: str) -> Any:
        plan = self.fitted.plan(prefix)
        columns = [{**column, "center": column["center"] + 1} for column in plan.steps[0].options["columns"]]
        return replace(plan, steps=(replace(plan.steps[0], options={"columns": columns}),))


@pytest.mark.parametrize(
    ("wrapper", "promise"),
    [
        (_BatchNormalised, "a batch of many is many batches of one"),
        (_Unprefixed, "everything in its plan stands under its prefix"),
        (_Served, "the packaged steps compute the same features"),
    ],
)
def test_an_encoder_that_breaks_a_promise_is_caught(wrapper: type[_Wrapped], promise: str) -> None:
    @register("encoder", "wrong", kinds=("number",), weights=None)
    class Wrong:
        """Columns with one fault."""

        def fit(self, rows: Mapping[str, Sequence[Any]], progress: Any = None) -> Any:
            return wrapper(find("encoder", "columns").target().fit(rows))

    _caught("encoder", "wrong", promise)


@pytest.mark.parametrize(
    ("fault", "promise"),
    [
        (
            lambda made: replace(made, dev=made.dev**2 / (made.dev**2).sum(1, keepdims=True)),
            "what ships is what was scored",
        ),
        (lambda made: replace(made, dev=made.dev[:, ::-1]), "it beats the prior"),
        (
            lambda made: replace(made, dev=np.eye(made.dev.shape[1])[made.dev.argmax(1)]),
            "not sure where there is nothing",
        ),
    ],
)
def test_a_recipe_that_breaks_a_promise_is_caught(fault: Any, promise: str) -> None:
    @register("recipe", "wrong", level="frozen", tasks=("classify",))
    def wrong(train: Any, dev: Any, *, budget: float) -> Any:
        """Linear with one fault."""
        return replace(fault(find("recipe", "linear").target(train, dev, budget=budget)), recipe="wrong")

    _caught("recipe", "wrong", promise)


def test_a_mask_that_eats_its_neighbours_is_caught() -> None:
    @register("mask", "greedy")
    def greedy(text: str) -> list[tuple[int, int]]:
        """Finds everything from the address on."""
        return [(text.index("@"), len(text))] if "@" in text else []

    _caught("mask", "greedy", "a find glued to its neighbours")


def test_a_mask_that_finds_more_each_time_is_caught() -> None:
    @register("mask", "restless")
    def restless(text: str) -> list[tuple[int, int]]:
        """Finds the first letter that is left."""
        return [(i, i + 1) for i, c in enumerate(text) if c in "aeiou" and text[i - 1] != "["][:1]

    _caught("mask", "restless", "masking twice is masking once")


def test_a_mask_whose_quick_look_misses_is_caught() -> None:
    @register("mask", "hasty", worth="#")
    def hasty(text: str) -> list[tuple[int, int]]:
        """Finds a word, and looks only where a sign stands that need not be there."""
        return [(text.index("card"), text.index("card") + 4)] if "card" in text else []

    _caught("mask", "hasty", "its quick look misses nothing")


def test_a_reader_that_loses_rows_is_caught() -> None:
    @register("reader", "careless", suffixes=(".csv",))
    def careless(path: Path) -> Any:
        """CSV without what it rejected."""
        return replace(Raw.joined(find("reader", "csv").target(path)), rejected=())

    _caught("reader", "careless", "rows in = rows accepted")


def test_everything_broken_is_told_at_once() -> None:
    @register("metric", "Hopeless", **{**FACTS, "unit": "kg"})
    def hopeless(judged: Judged) -> Measurement:
        """Raises at every call."""
        raise ZeroDivisionError("by design")

    with pytest.raises(BrokenPromiseError, match=r"(?s)lower-case word.*unit 'kg'.*by design"):
        check("metric", "Hopeless")


def test_a_name_that_cannot_be_written_in_a_contract_is_caught() -> None:
    @register("mask", "Not A Word")
    def nameless(text: str) -> list[tuple[int, int]]:
        """Finds nothing, under an impossible name."""
        return []

    _caught("mask", "Not A Word", "its name is one lower-case word")
