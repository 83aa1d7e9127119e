"""What one must line asks of the sealed set before it can be proved, and what there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zhinan.contract import Line
from zhinan.contract.lines import in_use
from zhinan.core import Dataset, find
from zhinan.data.tags import labels_in
from zhinan.evaluate.measure import is_cost, persons
from zhinan.proof import Stake, clopper_pearson, could_prove
from zhinan.proof.clusters import effective_size
from zhinan.proof.combined import overlap_of
from zhinan.proof.measurement import MIN_EXAMPLES
from zhinan.proof.samples import CAP
from zhinan.steps.values.written import part_of

__all__ = ["Need", "flawless_rows", "need_of"]


@dataclass(frozen=True)
class Need:
    """What one line asks of the sealed set.

    Args:
        have: independent sealed rows it counts on: copies, or a person's rows, weigh as in its bound when no answer is
            wrong, rounded down; of a gap those of its smallest group; None where it is not judged on them. need: rows
            with which flawless answers prove it, of each group.
        provable: False when even flawless answers could not prove it on what there is; None where only the answers
            tell. on: what it is judged on.
    """

    line: str
    have: int | None
    need: int | None
    provable: bool | None
    on: Literal["sealed", "measured", "production"] = "sealed"


def need_of(line: Line, sealed: Dataset, delta: float, stake: Stake | None) -> Need:
    if is_cost(line):
        return Need(line.text, None, None, True, "measured")
    if in_use(line):
        return Need(line.text, None, None, True, "production")
    if stake is not None and isinstance(groups := stake.rows(delta), tuple):
        least = int(min(groups, default=0.0) + 1e-9)
        return Need(line.text, least, _group_rows(stake, delta), least >= MIN_EXAMPLES and could_prove(stake, delta))
    worth = _rows(line, sealed, delta)
    have = int(worth + 1e-9)
    if line.relative or line.args.get("by") or find("metric", line.metric).facts["unit"] != "%":
        return Need(line.text, have, None, None if have else False)
    share = overlap_of(line.target) if find("metric", line.metric).facts.get("overlap") else line.target
    share = share if line.op == ">=" else 1 - share
    enough = have >= MIN_EXAMPLES and could_prove(Stake(line.text, ">=", share, worth), delta)
    return Need(line.text, have, flawless_rows(share, delta), enough)


def _group_rows(stake: Stake, delta: float) -> int | None:
    """Fewest rows of each of two groups on which answers without a mistake prove a gap; None where no number does."""
    low, high = 1, MIN_EXAMPLES
    while not could_prove(replace(stake, n=(high, high)), delta):
        low, high = high, high * 2
        if high > CAP:
            return None
    while high - low > 1 and high > MIN_EXAMPLES:
        middle = (low + high) // 2
        low, high = (low, middle) if could_prove(replace(stake, n=(middle, middle)), delta) else (middle, high)
    return high


def _rows(line: Line, sealed: Dataset, delta: float) -> float:
    """The independent rows that flawless answers to those of a line would be worth at δ, whole or not."""
    if sealed.target is None:
        return 0.0
    part, held, clusters = line.part, [1] * len(sealed), sealed.clusters()
    if part is None and line.metric.startswith("micro_"):  # a row's labels are alike: it counts for about one
        held = [len(labels) for labels in labels_in(sealed)]
    elif part is not None:
        values = [None] * len(sealed) if part.column is None else [part_of(v) for v in sealed.values(part.column)]
        held = [
            int(value == part.value and (part.label is None or part.label in labels))
            for value, labels in zip(values, labels_in(sealed), strict=True)
        ]
    who = np.arange(len(sealed)) if clusters is None else persons(clusters)
    counted = np.repeat(who, held)
    return effective_size(np.ones(len(counted)), counted, delta) if len(counted) else 0.0


def flawless_rows(target: float, delta: float) -> int | None:
    """Fewest rows on which answers without a mistake prove a share of at least `target`; None for a target of 1."""
    if target >= 1:
        return None
    low, high = 1, 2
    while float(clopper_pearson(high, high, delta)[0]) < target:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if float(clopper_pearson(middle, middle, delta)[0]) < target:
            low = middle
        else:
            high = middle
    return max(high, 10)
