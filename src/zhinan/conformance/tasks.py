"""What a task promises: it is data that other rooms can follow without knowing it."""

from __future__ import annotations

import json
import typing
from collections.abc import Callable, Mapping

from zhinan.conformance.promises import expect
from zhinan.core import Kind, Loss, entries
from zhinan.core.registry import Registered

__all__ = ["LEVELS", "PROMISES"]

LEVELS = ("prior", "shallow", "frozen", "few", "tune", "shrink")
"""Levels of recipes, cheapest first."""


def _facts(entry: Registered) -> None:
    expect(entry.facts.get("target") in {*typing.get_args(Kind), None}, f"target is {entry.facts.get('target')!r}")


def _metrics(entry: Registered) -> None:
    metrics = entry.target().metrics
    expect(metrics, "it names no default metric")
    unknown = set(metrics) - set(entries("metric"))
    expect(not unknown, f"metrics that are not registered: {sorted(unknown)}")


def _ladder(entry: Registered) -> None:
    ladder = entry.target().ladder
    expect(ladder and ladder[0][0] == "prior", "the first rung is not the prior, which every other must beat")
    for level, recipe, encoders in ladder:
        expect(level in LEVELS, f"level {level!r} is not one of {LEVELS}")
        expect(recipe in entries("recipe"), f"recipe {recipe!r} is not registered")
        expect(
            entry.name in entries("recipe")[recipe].facts.get("tasks", ()), f"recipe {recipe!r} is not for this task"
        )
        unknown = {name.removesuffix("?") for name in encoders} - set(entries("encoder")) - {"any"}
        expect(not unknown, f"encoders that are not registered: {sorted(unknown)}")
    order = [LEVELS.index(level) for level, _, _ in ladder]
    expect(order == sorted(order), "the rungs do not go from cheap to dear")


def _answer(entry: Registered) -> None:
    task = entry.target()
    schema = task.output(("a", "b"), {})
    expect(json.loads(json.dumps(schema)) == schema, "the JSON Schema of an answer is not plain JSON")
    expect(schema.get("type") == "object" and schema.get("required"), "an answer is not an object with required keys")
    expect(set(schema["properties"]) <= set(task.outputs), "an answer has keys that the last step does not write")
    expect(task.label in schema["properties"], "the right answer in feedback goes by another key than in an answer")
    expect(task.step in entries("step"), f"its last step {task.step!r} is not registered")
    expect(task.loss(task.metrics) in typing.get_args(Loss), "what its recipes make small is none of the losses")


PROMISES: Mapping[str, Callable[..., None]] = {
    "its target is a kind of column": _facts,
    "its default metrics are registered": _metrics,
    "its ladder goes from cheap to dear over registered recipes and encoders": _ladder,
    "its answers have a JSON Schema": _answer,
}
