"""How many sealed rows a contract asks for, before anything is trained."""

from __future__ import annotations

import math
from collections import Counter

from zhinan.contract import Contract
from zhinan.core import find
from zhinan.data import Loaded
from zhinan.data.tags import labels_in
from zhinan.evaluate.kinds import needs_of
from zhinan.evaluate.measure import is_cost
from zhinan.proof import count_size, opening_delta
from zhinan.proof.combined import overlap_of

__all__ = ["CLASS_ROWS", "needed_rows"]

CLASS_ROWS = 60
"""A line about one class gets at least so many sealed rows of it."""


def needed_rows(contract: Contract, loaded: Loaded) -> dict[str | None, int]:
    """Sealed rows that let every line be proved with power .8 if the truth lies half way from its target to perfect.

    The need of a class is turned into a need of the whole, so that the sealed rows keep the real mix of classes and
    every metric on them is what it says. Empty when a test file is given.
    """
    target = loaded.dataset.target
    if loaded.test is not None or target is None or not len(loaded.dataset):
        return {}
    counts: Counter[str | None] = Counter(label for labels in labels_in(loaded.dataset) for label in labels)
    delta = opening_delta(1, contract.delta, contract.proof.openings)
    wanted = 0
    for line in contract.must:
        facts = find("metric", line.metric).facts
        counted = needs_of(find("metric", line.metric)) & {"answer", "value", "interval", "tags"}
        shared = counted and facts["unit"] == "%" and facts.get("flawless", True)
        if is_cost(line) or line.relative or line.op != ">=" or not shared:
            continue
        truth, asked = (1 + line.target) / 2, line.target
        if facts.get("overlap"):
            truth, asked = overlap_of(truth), overlap_of(asked)
        size = count_size(truth, asked, delta)
        rows = size.stays if size else CLASS_ROWS
        label = line.part.label if line.part else None
        share = counts[label] / len(loaded.dataset) if label in counts else 1.0
        wanted = max(wanted, math.ceil(max(rows, CLASS_ROWS) / share))
    return {None: wanted} if wanted else {}
