"""How many sealed rows a contract asks for, before anything is trained, and the split that gives it as many."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import find
from zhinan.data import Loaded, Split, split, together
from zhinan.data.copies import Copies, copies_of
from zhinan.data.tags import labels_in
from zhinan.evaluate.kinds import needs_of
from zhinan.evaluate.measure import is_cost
from zhinan.proof import count_size, opening_delta
from zhinan.proof.clusters import design
from zhinan.proof.combined import overlap_of

__all__ = ["CLASS_ROWS", "cut", "needed_rows"]

MOST = 0.5
"""The largest share that is sealed, as `data.split` takes it."""

CLASS_ROWS = 60
"""A line about one class gets at least so many sealed rows of it."""


def cut(contract: Contract, loaded: Loaded, copies: Copies | None = None) -> Split:
    """The three parts of the data, with as many sealed rows as the contract's lines need; `data.split` says what fails.

    Args: copies: what repeats what (`copies_of`), when the caller has looked already.
    """
    copies = copies or copies_of(loaded)
    return split(contract, loaded, needed_rows(contract, loaded, copies), copies)


def needed_rows(contract: Contract, loaded: Loaded, copies: Copies) -> dict[str | None, int]:
    """Sealed rows that let every line be proved with power .8 if the truth lies half way from its target to perfect.

    The need of a class is turned into a need of the whole, so that the sealed rows keep the real mix of classes and
    every metric on them is what it says. Empty when a test file is given.
    """
    target = loaded.dataset.target
    if loaded.test is not None or target is None or not len(loaded.dataset):
        return {}
    labels = labels_in(loaded.dataset)
    counts: Counter[str | None] = Counter(label for held in labels for label in held)
    drawn = together(loaded.dataset, copies)
    delta = opening_delta(1, contract.delta, contract.proof.openings)
    wanted = 0
    for line in contract.must:
        facts = find("metric", line.metric).facts
        counted = needs_of(find("metric", line.metric)) & {"answer", "value", "interval", "tags"}
        shared = counted and facts["unit"] == "%" and facts.get("flawless", True)
        if is_cost(line) or line.relative or line.op != ">=" or not shared:
            continue
        label = line.part.label if line.part else None
        label = label if label in counts else None
        share = 1.0 if label is None else counts[label] / len(loaded.dataset)
        mine = drawn if drawn is None or label is None else drawn[[label in held for held in labels]]
        rows = _rows(line, mine, bool(loaded.dataset.person), delta)
        wanted = max(wanted, math.ceil(max(rows, CLASS_ROWS) / share))
    return {None: wanted} if wanted else {}


def _rows(line: Line, drawn: np.ndarray | None, people: bool, delta: float) -> float:
    """Sealed rows of those that a line counts. Args: drawn: what each of them is drawn with. people: whether persons.

    Copies miss alike. How alike a person's rows miss is known from answers only, so of them no more is asked than what
    makes up for the heaviest where nothing misses (`Design.flawless`); and nothing where more than is ever sealed
    would not do.
    """
    truth, asked = (1 + line.target) / 2, line.target
    if find("metric", line.metric).facts.get("overlap"):
        truth, asked = overlap_of(truth), overlap_of(asked)
    size, least = count_size(truth, asked, delta), count_size(1.0, asked, delta)
    if size is None or least is None:
        return CLASS_ROWS
    if drawn is None:
        return size.stays
    alike = design(np.ones(len(drawn)), drawn)
    flawless = least.stays * alike.n / alike.flawless(delta)
    if flawless > MOST * alike.n:  # out of reach: rows are better learned from than sealed
        return size.stays
    return max(size.stays * (1.0 if people else alike.deff), flawless)
