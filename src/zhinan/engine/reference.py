"""What a version's dev rows looked like, as a few counts a column: what its traffic is later compared with."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.core import Candidate, Dataset

__all__ = ["CONFIDENCE", "LABEL", "bin_of", "reference_of"]

LABEL = "label"
CONFIDENCE = "probability"
"""Of answers: their class and how sure it is."""
ROWS = 5_000
"""Of dev that are counted at most."""
VALUES, KNOTS = 20, 10
"""Values of a column that are counted each by themselves, and ranges into which numbers fall."""
FEWEST = 5
"""Rows that a value needs to be named; rarer ones count as others."""
_KINDS = ("text", "category", "number", "flag")


def reference_of(dev: Dataset, candidate: Candidate) -> dict[str, Any]:
    """Counts of dev's inputs and of the answers to them, as JSON: {"inputs": {column: shape}, "answers": {key: shape}}.

    A shape is {"values" or "knots", "text", "counts"}: how many rows each value or range has, then others where there
    are values, then the missing ones. Of texts their length counts.
    """
    kept = [column for column in dev.inputs if column.kind in _KINDS]
    inputs = {
        column.name: _shape(
            dev.values(column.name)[:ROWS], words=column.kind in ("category", "flag"), text=column.kind == "text"
        )
        for column in kept
    }
    answers = {}
    if len(candidate.dev) and candidate.classes:
        named = [candidate.classes[int(code)] for code in candidate.answers[:ROWS]]
        answers = {LABEL: _shape(named, words=True), CONFIDENCE: _shape(candidate.dev.max(axis=1)[:ROWS].tolist())}
    return {"inputs": inputs, "answers": answers}


def bin_of(value: Any, shape: Mapping[str, Any]) -> int:
    """The place of a value among the counts of a shape."""
    last = len(shape["counts"]) - 1
    if value is None or value == "":
        return last
    if "values" in shape:
        values: Sequence[str] = shape["values"]
        return values.index(str(value)) if str(value) in values else last - 1
    number = len(str(value)) if shape["text"] else value
    return bisect_left(shape["knots"], number) if isinstance(number, int | float) else last


def _shape(given: Iterable[Any], *, words: bool = False, text: bool = False) -> dict[str, Any]:
    values = list(given)
    told = [value for value in values if value is not None and value != ""]
    made: dict[str, Any] = {"text": text}
    if words:
        often = Counter(map(str, told)).most_common(VALUES)
        made["values"] = [value for value, rows in often if rows >= FEWEST]
        bins = len(made["values"]) + 2
    else:
        numbers = np.asarray([len(str(value)) if text else float(value) for value in told], dtype=float)
        cuts = np.quantile(numbers, np.linspace(0, 1, KNOTS + 1)[1:-1]) if numbers.size else np.zeros(0)
        made["knots"] = [float(f"{cut:.6g}") for cut in np.unique(cuts)]
        bins = len(made["knots"]) + 2
    made["counts"] = [0] * bins
    for value in values:
        made["counts"][bin_of(value, made)] += 1
    return made
