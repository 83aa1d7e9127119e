"""Made-up answers of known quality, of every kind that a metric may judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from zhinan.core.registry import Registered
from zhinan.evaluate.kinds import needs_of
from zhinan.proof import Answered, Judged, Ranked, Tagged, Valued

__all__ = ["CLASSES", "N", "constant", "judged", "kinds", "options", "reordered", "repeated", "sample", "without"]

CLASSES = ("a", "b", "c")
N = 300
ITEMS, RELEVANT = 10, 3


def judged(right: float, n: int = N, seed: int = 0) -> Judged:
    """n answers to three classes in two groups, of which the share `right` is right; probabilities to match."""
    draw = np.random.default_rng(seed)
    true = np.arange(n) % len(CLASSES)
    wrong = (true + draw.integers(1, len(CLASSES), n)) % len(CLASSES)
    said = np.where(draw.permutation(n) < round(right * n), true, wrong)
    scores = draw.uniform(0, 1, (n, len(CLASSES)))
    scores[np.arange(n), said] += 2
    names = np.array(CLASSES)
    return Judged(
        names[true], names[said], scores / scores.sum(1, keepdims=True), CLASSES, None, _groups(n),
        np.arange(n) % 10 == 9, {},
    )  # fmt: skip


def _valued(right: float, n: int, seed: int) -> Valued:
    draw = np.random.default_rng(seed)
    truth = draw.uniform(50, 150, n)
    answer = truth + (1 - right) * draw.normal(10, 40, n)
    width = (1.1 - right) * draw.uniform(10, 40, n)
    return Valued(truth, answer, answer - width, answer + width, None, None, _groups(n))


def _tagged(right: float, n: int, seed: int) -> Tagged:
    draw = np.random.default_rng(seed)
    truth = draw.random((n, len(CLASSES))) < 0.4
    truth[:, 0] |= ~truth.any(axis=1)
    answer = np.where(draw.random(truth.shape) < (1 - right) * 0.75, ~truth, truth)
    probability = np.clip(answer * 0.8 + draw.uniform(0, 0.2, truth.shape), 0, 1)
    return Tagged(truth, answer, probability, CLASSES, None, _groups(n), np.arange(n) % 10 == 9)


def _ranked(right: float, n: int, seed: int) -> Ranked:
    draw = np.random.default_rng(seed)
    best = np.tile([3.0, 2.0, 1.0] + [0.0] * (ITEMS - RELEVANT), (n, 1))
    gains = np.where(draw.random(n)[:, None] < right, best, draw.permuted(best, axis=1))
    return Ranked(gains, best[:, :RELEVANT], None, _groups(n))


_SAMPLES: Mapping[type[Answered], Callable[[float, int, int], Answered]] = {
    Judged: judged, Valued: _valued, Tagged: _tagged, Ranked: _ranked,
}  # fmt: skip


def kinds(entry: Registered) -> list[type[Answered]]:
    """The kinds of rows that a metric of quality takes."""
    needs = needs_of(entry)
    takes = {Judged: {"answer", "probability"}, Valued: {"value", "interval"}, Tagged: {"tags"}, Ranked: {"ranking"}}
    return [kind for kind, names in takes.items() if needs & names]


def sample(kind: type[Answered], right: float, n: int = N, seed: int = 0) -> Answered:
    """n answers of which about the share `right` is right; about .34 is no better than chance."""
    return _SAMPLES[kind](right, n, seed)


def constant(kind: type[Answered]) -> Answered:
    """The same answer to every row."""
    rows = sample(kind, 0.34, seed=2)
    if isinstance(rows, Judged):
        said = np.full(len(rows), CLASSES[0])
        return replace(rows, answer=said, probability=(said[:, None] == np.array(CLASSES)).astype(float))
    if isinstance(rows, Valued):
        said = np.full(len(rows), float(rows.truth.mean()))
        return replace(rows, answer=said, low=said - 1, high=said + 1)
    if isinstance(rows, Tagged):
        first = np.tile(np.arange(len(CLASSES)) == 0, (len(rows), 1))
        return replace(rows, answer=first, probability=first.astype(float))
    return sample(kind, 0.0, seed=2)


def reordered(rows: Any, order: np.ndarray) -> Any:
    """The same rows in another order, or some of them more than once."""
    return replace(rows, **{name: _picked(values, order) for name, values in rows.by_row().items()})


def repeated(rows: Any, times: int) -> Any:
    """Every row so many times, each a person's."""
    order = np.repeat(np.arange(len(rows)), times)
    return replace(reordered(rows, order), person=order)


def without(rows: Any, need: str) -> Any:
    """The rows without what the metric needs."""
    if need == "interval":
        return replace(rows, low=None, high=None)
    return replace(rows, probability=None)


def options(entry: Registered, kind: type[Answered], part: str = "a") -> dict[str, Any]:
    """What a line would give the metric."""
    known = entry.parameters()
    given: dict[str, Any] = {"by": "group", "condition": "accuracy >= 30%", "distance": 25.0}
    if kind is Tagged:
        given |= {"condition": "micro_recall >= 10%", "of": "micro_recall"}
    elif kind is Valued:
        given |= {"of": "coverage"}
    elif kind is Ranked:
        given |= {"of": "ndcg"}
    found = {name: value for name, value in given.items() if name in known}
    if kind is Ranked and entry.facts.get("at_k"):
        found["k"] = 3
    if entry.facts["per_class"] and kind in (Judged, Tagged):
        found["part"] = part
    return found


def _groups(n: int) -> dict[str, np.ndarray]:
    return {"group": np.where(np.arange(n) // len(CLASSES) % 2, "left", "right")}


def _picked(values: Any, order: np.ndarray) -> Any:
    if isinstance(values, Mapping):
        return {name: column[order] for name, column in values.items()}
    return reordered(values, order) if isinstance(values, Answered) else values[order]
