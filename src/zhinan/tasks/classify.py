"""Choosing one of several labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from zhinan.core import Loss, register
from zhinan.steps.values.written import class_of
from zhinan.tasks._ladder import LADDER, Rung

__all__ = ["Classify"]

_PROBABILITY: Mapping[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}


@register("task", "classify", target="category", zh=("分类",))
@dataclass(frozen=True)
class Classify:
    """Choose one label for each row: intents, sentiment, topics, yes or no. Judged on the share of right answers.

    Attributes:
        metrics: what is measured on dev when the contract names nothing else.
        ladder: the rungs tried in order.
    """

    outputs: ClassVar[tuple[str, ...]] = ("label", "probability", "probabilities", "handover", "labels")
    step: ClassVar[str] = "choose"
    judged: ClassVar[str] = "labels"
    label: ClassVar[str] = "label"
    private: ClassVar[tuple[str, ...]] = ("train.calibrate", "train.sets", "train.monotone", "cost.matrix")

    metrics: tuple[str, ...] = ("accuracy", "macro_f1")
    ladder: tuple[Rung, ...] = LADDER

    def loss(self, metrics: Sequence[str]) -> Loss:
        """Log loss, whatever is asked: thresholds fit probabilities to the lines."""
        return "log"

    def shaped(
        self, told: Mapping[str, Any], classes: Sequence[str], options: Mapping[str, Any], every: bool = True
    ) -> list[dict[str, Any]]:
        """{"label", "probability"}; every: "probabilities"; "handover" and "labels" when the version decides them."""
        columns: dict[str, list[Any]] = {"label": told["label"], "probability": told["probability"].tolist()}
        if every:
            chances = told["probabilities"].tolist()
            columns["probabilities"] = [dict(zip(classes, row, strict=True)) for row in chances]
        if options.get("abstain") is not None:
            columns["handover"] = told["handover"].tolist()
        if told["labels"] is not None:
            columns["labels"] = told["labels"]
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def brief(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Without the probability of every class."""
        return {key: value for key, value in answer.items() if key != "probabilities"}

    def output(self, classes: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
        """JSON Schema of one answer."""
        label = {"type": "string", "enum": list(classes)}
        properties: dict[str, Any] = {
            "label": label,
            "probability": dict(_PROBABILITY),
            "probabilities": {"type": "object", "additionalProperties": dict(_PROBABILITY)},
        }
        more: dict[str, Any] = {}
        if options.get("abstain") is not None:
            more["handover"] = {"type": "boolean", "description": "Not sure enough: a person should answer."}
        if options.get("sets") is not None:
            held = "Holds the right label as often as was asked; the most probable first."
            more["labels"] = {"type": "array", "items": label, "minItems": 1, "description": held}
        required = ["label", "probability", *more]
        return {"type": "object", "properties": {**properties, **more}, "required": required}

    def recorded(self, output: Any) -> bool:
        """Whether it holds a label and the probability of every class."""
        chances = output.get("probabilities") if isinstance(output, dict) else None
        return (
            isinstance(chances, dict)
            and isinstance(output.get("label"), str)
            and output["label"] in chances
            and all(isinstance(chance, float) for chance in chances.values())
        )

    def mismatch(
        self,
        recorded: Mapping[str, Any],
        given: Mapping[str, Any],
        tolerance: float,
        classes: Sequence[str] = (),
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> str | None:
        """Probabilities may move by the tolerance, so labels may swap on a tie."""
        before, after = recorded["probabilities"], given["probabilities"]
        if before.keys() != after.keys():
            return "other classes"
        if recorded.keys() != given.keys():
            return f"it holds {', '.join(given)} where {', '.join(recorded)} was recorded"
        distance = max(abs(before[name] - after[name]) for name in before)
        if not distance <= tolerance:
            return f"a probability moved by {distance:.2g}"
        label, other = recorded["label"], given["label"]
        if label != other and not _tied(before, label, other, tolerance, _worth(classes, options)):
            return "another label"
        return None

    def right(self, said: Any, classes: Sequence[str]) -> str | None:
        """One of the classes, also written as another file writes a number or a flag."""
        return class_of(said, classes)

    def kept(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The label, how sure it is, and whether a person has to look."""
        return {key: answer[key] for key in ("label", "probability", "handover") if key in answer}


def _tied(
    chances: Mapping[str, float], label: str, other: str, tolerance: float, worth: Mapping[str, Sequence[float]] | None
) -> bool:
    """Whether probabilities that move by the tolerance can make the other label as good."""
    if worth is None:
        return chances[label] - chances[other] <= 2 * tolerance
    gains = [a - b for a, b in zip(worth[label], worth[other], strict=True)]
    ahead = sum(gain * chance for gain, chance in zip(gains, chances.values(), strict=True))
    return ahead <= tolerance * sum(map(abs, gains))


def _worth(classes: Sequence[str], options: Mapping[str, Any]) -> dict[str, list[float]] | None:
    """What each answer is worth for each true class, where the most probable is not simply answered.

    The sum weighted by the probabilities decides.
    """
    costs, offsets = options.get("costs"), options.get("offsets")
    if costs:
        return {label: [-row[i] for row in costs] for i, label in enumerate(classes)}
    if not offsets:
        return None
    weights = [math.exp(offset - max(offsets)) for offset in offsets]
    return {label: [weights[i] if i == j else 0.0 for j in range(len(weights))] for i, label in enumerate(classes)}
