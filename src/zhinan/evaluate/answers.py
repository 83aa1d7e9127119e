"""What a version, or a candidate on dev, answered to some rows: one label, several or a number, as its task has it.

The one place that knows the kinds of answers apart; what judges, keeps or compares them goes through here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from zhinan.core import Candidate, find

__all__ = ["Answers", "Said", "Tags", "Values", "arrays", "from_arrays", "gathered", "judged_as", "said_of"]


@dataclass(frozen=True, eq=False)
class Answers:
    """One label a row.

    Args:
        labels: one a row. probability: (n, classes), None when only labels are known.
        handover: (n,), whether a row is handed to a person; None when the version never hands over.
    """

    labels: Sequence[str]
    probability: np.ndarray | None = None
    handover: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Values:
    """One number a row, in the target's own unit, (n,); low and high: ends of an interval, None without one."""

    value: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, eq=False)
class Tags:
    """Any number of labels a row; probability: (n, classes), of each label by itself, None when it is not known."""

    labels: Sequence[Sequence[str]]
    probability: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)


Said: TypeAlias = Answers | Tags | Values


def said_of(candidate: Candidate) -> Said:
    """What a candidate answered to dev."""
    if judged_as(candidate.task) == "numbers":
        value, low, high = np.asarray(candidate.answers, np.float64).T
        return Values(value, low, high)
    if judged_as(candidate.task) == "tags":
        return Tags(_named(candidate.answers, candidate.classes), candidate.dev)
    return Answers([candidate.classes[i] for i in candidate.answers], candidate.dev, candidate.handed)


def _named(flags: np.ndarray, classes: Sequence[str]) -> list[list[str]]:
    return [[classes[i] for i in np.flatnonzero(row).tolist()] for row in flags]


def gathered(outputs: Sequence[Mapping[str, Any]], *, hands_over: bool = True) -> Said:
    """The values of the last steps of batches in order, by output key, as one."""
    if "value" in outputs[0]:
        return Values(*(np.concatenate([np.asarray(out[key]) for out in outputs]) for key in ("value", "low", "high")))
    if "label" not in outputs[0]:
        every = np.concatenate([np.asarray(out["probabilities"]) for out in outputs])
        return Tags([labels for out in outputs for labels in out["labels"]], every)
    found = Answers(
        [label for out in outputs for label in out["label"]],
        np.concatenate([np.asarray(out["probabilities"]) for out in outputs]),
        np.concatenate([np.asarray(out["handover"]) for out in outputs]),
    )
    return found if hands_over else replace(found, handover=None)


def arrays(said: Said, classes: Sequence[str]) -> dict[str, np.ndarray]:
    """Answers as named arrays, to be kept."""
    if isinstance(said, Values):
        held: dict[str, Any] = dict(said.__dict__)
    elif isinstance(said, Tags):
        given = [[label in labels for label in classes] for labels in map(set, said.labels)]
        held = {"flags": np.array(given, bool), "probability": said.probability}
    else:
        place = {label: i for i, label in enumerate(classes)}
        codes = np.array([place[label] for label in said.labels])
        held = {"codes": codes, "probability": said.probability, "handover": said.handover}
    return {name: array for name, array in held.items() if array is not None}


def from_arrays(held: Mapping[str, np.ndarray], classes: Sequence[str]) -> Said:
    """The answers that `arrays` were made of."""
    if "value" in held:
        return Values(held["value"], held.get("low"), held.get("high"))
    if "flags" in held:
        return Tags(_named(held["flags"], classes), held["probability"])
    return Answers([classes[i] for i in held["codes"]], held["probability"], held.get("handover"))


def judged_as(task: str) -> str:
    """What judged rows of a task are: labels, tags or numbers."""
    judged: str = find("task", task).target().judged
    return judged
