"""What a version's dev rows looked like, as a few counts a column: what its traffic is later compared with."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.core import Candidate, Dataset
from zhinan.engine.witness import witness_of
from zhinan.engine.words import known_words, script, unseen
from zhinan.steps import Program
from zhinan.steps.values.lists import written_list

__all__ = ["CONFIDENCE", "LABEL", "LABELS", "bin_of", "facet", "reference_of"]

LABEL = "label"
LABELS = "labels"
CONFIDENCE = "probability"
"""Of answers: their class and how sure it is."""
ROWS = 5_000
"""Of dev that are counted at most."""
VALUES, KNOTS = 20, 10
"""Values of a column that are counted each by themselves, and ranges into which numbers fall."""
FEWEST = 5
"""Rows that a value needs to be named; rarer ones count as others."""
_KINDS = ("text", "category", "number", "flag")


def reference_of(dev: Dataset, candidate: Candidate, *, fresh: bool = True) -> dict[str, Any]:
    """Counts of dev's inputs, of the answers to them and, where there are texts, of how its encoders see them.

    Args: fresh: whether no encoder was fitted on these rows.

    Returns:
        As JSON {"inputs": {column: shape}, "answers": {key: shape}, "words", "scripts": {text column: shape},
        "embedding": {score: shape}, "witness": as `witness_of`}. A shape is {"values" or "knots", "text", "counts"}:
        how many rows each value or range has, then others where there are values, then the missing ones. Of a text
        its length counts, its main script, and the share of its words that half of dev did not have; these words are
        kept as bits ("known"), which are set for others too.
    """
    kept = [column for column in dev.inputs if column.kind in _KINDS]
    inputs = {
        column.name: _shape(
            dev.values(column.name)[:ROWS], words=column.kind in ("category", "flag"), text=column.kind == "text"
        )
        for column in kept
    }
    answers = {}
    if len(candidate.dev) and candidate.task == "tag":
        answers = {LABELS: _shape(_usual(candidate), words=True)}
    elif len(candidate.dev) and candidate.classes:
        named = [candidate.classes[int(code)] for code in candidate.answers[:ROWS]]
        answers = {LABEL: _shape(named, words=True), CONFIDENCE: _shape(candidate.dev.max(axis=1)[:ROWS].tolist())}
    found = {"inputs": inputs, "answers": answers}
    texts = [column.name for column in kept if column.kind == "text"]
    return {**found, **_told(dev, texts), **(_seen(dev, candidate) if texts and fresh else {})}


def _usual(candidate: Candidate) -> list[str]:
    """The sets of labels given to dev, as they are written."""
    return [written_list(candidate.classes[i] for i in np.flatnonzero(row)) for row in candidate.answers[:ROWS]]


def _told(dev: Dataset, texts: Sequence[str]) -> dict[str, Any]:
    """What texts are written in and with, of each column."""
    words: dict[str, Any] = {}
    for name in texts:
        said = [str(text) if text else None for text in dev.values(name)[:ROWS]]
        known = known_words(text for text in said[::2] if text)
        shares = [None if text is None else unseen(text, known) for text in said[1::2]]
        words[name] = {**_shape(shares), "known": known}
    scripts = {
        name: _shape((None if text is None else script(str(text)) for text in dev.values(name)[:ROWS]), words=True)
        for name in texts
    }
    return {"words": words, "scripts": scripts}


def _seen(dev: Dataset, candidate: Candidate) -> dict[str, Any]:
    found = witness_of(Program(candidate.steps, candidate.files).run, candidate.steps, dev.rows())
    if found is None:
        return {}
    witness, scores = found
    return {"witness": witness, "embedding": {name: _shape(values) for name, values in scores.items()}}


def facet(room: str, value: Any, shape: Mapping[str, Any]) -> Any:
    """What of a column's value counts in a room of the reference."""
    if value is None or value == "":
        return None
    if room == "words":
        return unseen(str(value), shape["known"])
    return script(str(value)) if room == "scripts" else value


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
