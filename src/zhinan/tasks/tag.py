"""Giving each row any number of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from zhinan.core import Loss, register
from zhinan.steps.values.lists import ASKED, JSON, read_list, written_list
from zhinan.steps.values.written import class_of
from zhinan.tasks._ladder import OF_TAGS, Rung

__all__ = ["Tag"]

_PROBABILITY: Mapping[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}


@register("task", "tag", target="list", zh=("多标签", "打标签"))
@dataclass(frozen=True)
class Tag:
    """Give each row every label that fits: topics, defects, symptoms, skills. Judged on which labels it gives.

    Attributes:
        metrics: what is measured on dev when the contract names nothing else.
        ladder: the rungs tried in order.
    """

    outputs: ClassVar[tuple[str, ...]] = ("labels", "probabilities")
    step: ClassVar[str] = "tag"
    judged: ClassVar[str] = "tags"
    label: ClassVar[str] = "labels"
    private: ClassVar[tuple[str, ...]] = ()

    metrics: tuple[str, ...] = ("micro_f1", "macro_f1", "subset_accuracy")
    ladder: tuple[Rung, ...] = OF_TAGS

    def loss(self, metrics: Sequence[str]) -> Loss:
        """Log loss of each label, whatever is asked: thresholds fit probabilities to the lines."""
        return "log"

    def shaped(
        self, told: Mapping[str, Any], classes: Sequence[str], options: Mapping[str, Any], every: bool = True
    ) -> list[dict[str, Any]]:
        """{"labels", "probabilities"}: of every label, or else of those given."""
        chances = [dict(zip(classes, row, strict=True)) for row in told["probabilities"].tolist()]
        pairs = zip(told["labels"], chances, strict=True)
        answers = [{"labels": labels, "probabilities": known} for labels, known in pairs]
        return answers if every else list(map(self.brief, answers))

    def brief(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """With the probabilities of the labels given, and no others."""
        known = answer["probabilities"]
        return {**answer, "probabilities": {label: known[label] for label in answer["labels"]}}

    def output(self, classes: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
        """JSON Schema of one answer."""
        labels = {"type": "array", "items": {"type": "string", "enum": list(classes)}, "uniqueItems": True}
        if options.get("least"):
            labels["minItems"] = options["least"]
        properties = {
            "labels": {**labels, "description": "Every label that fits, the most probable first."},
            "probabilities": {"type": "object", "additionalProperties": dict(_PROBABILITY)},
        }
        return {"type": "object", "properties": properties, "required": list(properties)}

    def recorded(self, output: Any) -> bool:
        """Whether it holds labels and the probability of every one there is."""
        if not isinstance(output, dict) or output.keys() != set(self.outputs):
            return False
        labels, chances = output["labels"], output["probabilities"]
        return (
            isinstance(labels, list)
            and isinstance(chances, dict)
            and all(isinstance(label, str) and label in chances for label in labels)
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
        """Probabilities may move by the tolerance, so a label at its threshold may come or go."""
        before, after = recorded["probabilities"], given["probabilities"]
        if before.keys() != after.keys():
            return "other classes"
        distance = max(abs(before[name] - after[name]) for name in before)
        if not distance <= tolerance:
            return f"a probability moved by {distance:.2g}"
        moved = set(recorded["labels"]) ^ set(given["labels"])
        thresholds = dict(zip(classes, options.get("thresholds") or [0.5] * len(classes), strict=True))
        most = max(before.values())
        for label in moved:
            near = abs(before[label] - thresholds[label]) <= tolerance
            tied = bool(options.get("least")) and most - before[label] <= 2 * tolerance
            if not near and not tied:
                return "another label"
        return None

    def right(self, said: Any, classes: Sequence[str]) -> str | None:
        """The classes of a list, or of a text that parts them, written as the data hold them.

        Only a list says that there are none at all: [] or the text "[]". An empty text says nothing.
        """
        lists: Iterable[Any] = (said,)
        if isinstance(said, str):
            lists = (read_list(said, JSON), *(read_list(said, sign) or None for sign in ASKED))
        for items in lists:
            if not isinstance(items, list | tuple):
                continue
            named = [class_of(one, classes) for one in items]
            if None not in named:
                return written_list(filter(None, named))
        return None

    def kept(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The labels, and how sure it is of each of them."""
        return self.brief({key: answer[key] for key in self.outputs})
