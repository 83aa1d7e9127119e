"""What a challenger changes: the slices of dev that it answers better or worse, and rows that it answers otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.contract import Contract
from zhinan.core import Dataset
from zhinan.evaluate.answering import kept_answers
from zhinan.evaluate.answers import Answers, Tags, Values
from zhinan.package import Version
from zhinan.steps.values.lists import written_list
from zhinan.steps.values.written import part_of
from zhinan.store import Store

__all__ = ["Rows", "changed"]

SHOWN = 10
FEWEST = 5
GROUPS = 50
"""Examples and slices shown; rows that a slice needs; values a column may have to be cut into slices."""

Rows = tuple[Mapping[str, Any], ...]


def changed(
    contract: Contract, store: Store, champion: Version, challenger: Version, dev: Dataset
) -> tuple[Rows, Rows]:
    """Slices [{"slice", "n", "before", "after"}] of dev whose share of right answers changed, the most changed first,
    and examples [{"row", "input", "before", "after", "right"}].

    Of dev alone: sealed rows are never shown one by one. Both versions may have learned from dev, so this tells what
    changes, and proves nothing. Inputs are left out where the store is encrypted. Nothing for numbers.
    """
    if dev.target is None or dev.target.kind == "number":
        return (), ()
    if any(name not in dev.frame.columns for name in champion.inputs):
        return (), ()
    old = kept_answers(champion, dev, store, own=True)
    new = kept_answers(challenger, dev, store)
    if isinstance(old, Values) or isinstance(new, Values):
        return (), ()
    truth = np.array(dev.values(dev.target.name), object)
    before, after = (np.array(_texts(said), object) for said in (old, new))
    return _slices(contract, dev, truth, before, after), _examples(store, dev, truth, before, after)


def _texts(said: Answers | Tags) -> list[str]:
    """What was answered, as the target holds it."""
    return list(said.labels) if isinstance(said, Answers) else [written_list(labels) for labels in said.labels]


def _slices(
    contract: Contract, dev: Dataset, truth: np.ndarray, before: np.ndarray, after: np.ndarray
) -> tuple[Mapping[str, Any], ...]:
    found: list[dict[str, Any]] = []
    for name, values in _columns(contract, dev, truth):
        for value in sorted(set(values)):
            rows = np.array([one == value for one in values], bool)
            was, now = (float((said[rows] == truth[rows]).mean()) for said in (before, after))
            if int(rows.sum()) >= FEWEST and was != now:
                found.append({"slice": f"{name}={value}", "n": int(rows.sum()), "before": was, "after": now})
    found.sort(key=lambda one: -abs(one["after"] - one["before"]) * one["n"])
    return tuple(found[:SHOWN])


def _columns(contract: Contract, dev: Dataset, truth: np.ndarray) -> list[tuple[str, Sequence[str]]]:
    """The classes, the declared slices, and what inputs of few values say."""
    names = dict.fromkeys([*contract.data.slices, *(c.name for c in dev.inputs if c.kind in ("category", "flag"))])
    cut = [(name, [part_of(value) for value in dev.values(name)]) for name in names]
    target = dev.target.name if dev.target else ""
    return [(target, [str(one) for one in truth]), *((n, v) for n, v in cut if len(set(v)) <= GROUPS)]


def _examples(
    store: Store, dev: Dataset, truth: np.ndarray, before: np.ndarray, after: np.ndarray
) -> tuple[Mapping[str, Any], ...]:
    """Rows answered otherwise: those that got worse first, for these are what somebody should look at."""
    places = np.flatnonzero(before != after)
    order = sorted(places, key=lambda at: (int(after[at] == truth[at]), int(at)))[:SHOWN]
    columns, ids = dev.rows(), dev.values("_row")
    return tuple(
        {
            "row": ids[at],
            "input": None if store.encrypted else {name: values[at] for name, values in columns.items()},
            "before": before[at], "after": after[at], "right": truth[at],
        }
        for at in order
    )  # fmt: skip
