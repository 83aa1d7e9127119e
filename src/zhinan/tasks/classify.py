"""Choosing one of several labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhinan.core import register

__all__ = ["Classify"]


@register("task", "classify", target="category", zh=("分类",))
@dataclass(frozen=True)
class Classify:
    """Choose one label for each row: intents, sentiment, topics, yes or no. Judged on the share of right answers.

    Attributes:
        metrics: what is measured on dev when the contract names nothing else.
        ladder: the rungs tried in order: level, recipe and the encoders it stacks. A rung is left out when one of its
            encoders fits none of the input columns; "columns?" joins when it fits, "any" is the first that does.
            Trees come after
            linear heads on the same columns, the two mixed last; a lone category or flag is not worth a tree.
    """

    metrics: tuple[str, ...] = ("accuracy", "macro_f1")
    ladder: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("prior", "prior", ("any",)),
        ("shallow", "linear", ("columns",)),
        ("shallow", "linear", ("ngrams", "columns?")),
        ("shallow", "boost", ("ngrams?", "cells")),
        ("shallow", "blend", ("ngrams?", "columns", "cells")),
        ("frozen", "linear", ("ngrams", "columns?", "minilm")),
        ("frozen", "linear", ("ngrams", "columns?", "use_multilingual")),
        ("frozen", "linear", ("ngrams", "columns?", "minilm", "use_multilingual")),
    )

    def output(self, classes: tuple[str, ...]) -> Mapping[str, Any]:
        """JSON Schema of one answer."""
        return {
            "type": "object",
            "properties": {
                "label": {"enum": list(classes)},
                "probability": {"type": "number"},
                "probabilities": {"type": "object", "additionalProperties": {"type": "number"}},
                "handover": {"type": "boolean"},
                "labels": {"type": "array", "items": {"enum": list(classes)}},
            },
            "required": ["label", "probability"],
        }
