"""What the report shows of answers with several labels a row: how each label does, and the rows that are most wrong."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.data.tags import labels_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zhinan.data import Split
    from zhinan.proof import Tagged

__all__ = ["label_row", "tag_facts", "told"]

NONE = "–"


def told(labels: Iterable[str]) -> str:
    """The labels of a row as a person reads them."""
    return ", ".join(labels) or NONE


def tag_facts(judged: Tagged, parts: Split, inputs: Sequence[str], most: int) -> dict[str, Any]:
    """The report's keys `classes`, a row a label, and `errors`, the rows with most labels wrong.

    Args:
        judged: dev. inputs: dev's rows as lines of text. most: errors shown.
    """
    counts = [Counter(label for labels in labels_in(part) for label in labels) for part in (parts.train, parts.sealed)]
    return {"confusion": None, "classes": _labels(judged, *counts), "errors": _errors(judged, inputs, most)}


def label_row(label: str, rows: tuple[int, int], on_dev: tuple[int, int, int]) -> dict[str, Any]:
    """What the report tells of a label. Args: rows: in train and sealed. on_dev: answered right, true and answered."""
    hit, true, named = on_dev
    return {
        "label": label, "train": rows[0], "dev": true, "sealed": rows[1],
        "precision": hit / named if named else None,
        "recall": hit / true if true else None,
        "f1": 2 * hit / (true + named) if true + named else None,
    }  # fmt: skip


def _labels(judged: Tagged, taught: Counter[str], asked: Counter[str]) -> list[dict[str, Any]]:
    rows = []
    for place, label in enumerate(judged.classes):
        truth, answer = judged.truth[:, place], judged.answer[:, place]
        hit, true, named = int((truth & answer).sum()), int(truth.sum()), int(answer.sum())
        rows.append(label_row(label, (taught[label], asked[label]), (hit, true, named)))
    return rows


def _errors(judged: Tagged, inputs: Sequence[str], most: int) -> list[dict[str, Any]]:
    wrong = (judged.truth != judged.answer).sum(axis=1)
    order = np.argsort(-wrong, kind="stable")
    return [
        {
            "input": inputs[i], "truth": _named(judged.truth[i], judged), "answer": _named(judged.answer[i], judged),
            "probability": None,
        }
        for i in order[: min(most, int((wrong > 0).sum()))].tolist()
    ]  # fmt: skip


def _named(flags: np.ndarray, judged: Tagged) -> str:
    return told(judged.classes[i] for i in np.flatnonzero(flags))
