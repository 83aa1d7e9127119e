"""Draws a part of rows that are too many to hold: one that is the same whoever was forgotten or was never there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import polars as pl

from zhinan.data.cleaning import persons, row_ids, tidied
from zhinan.data.nesting import held_in
from zhinan.data.types import Raw
from zhinan.steps.tidying import tidy

__all__ = ["MOST", "USUAL", "WHOLE", "Draw", "drawn_together", "theirs"]

MOST = 400_000_000
"""Bytes of rows to hold, unless the contract says otherwise: about 250 MB of CSV with short texts."""

_VALUE = 16
"""Bytes of a value in memory besides those of its text."""


@dataclass(frozen=True)
class Draw:
    """How a part of the rows is drawn.

    What rows weigh is a sum over them, and of forgotten persons none counts: it is what files without them give.

    Args:
        most: bytes of rows to hold. person: the column that says whose a row is: nobody's rows are drawn in part.
        forgotten: whether a name is of somebody whose rows are left out later. They are all kept until then.
    """

    most: int = MOST
    person: str | None = None
    forgotten: Callable[[str], bool] | None = None

    def weight(self, rows: pl.DataFrame) -> int:
        """Bytes of rows, but for those of forgotten persons."""
        gone = theirs(rows, self.person, self.forgotten)
        rows = rows if gone is None else rows.filter(~gone)
        texts = [rows[name] for name in rows.columns if not name.startswith("_")]
        return sum(int(text.str.len_bytes().sum() or 0) + _VALUE * text.count() for text in texts)

    def share(self, weight: int) -> str:
        """The id below which so many bytes are, of so many in all."""
        return f"{self.most * 2**128 // weight:032x}" if weight > self.most else "g"

    def drawn(self, rows: pl.DataFrame, below: str) -> pl.DataFrame:
        """The rows whose ids are below; where it is known whose a row is, all rows of those whose own ids are.

        An id says nothing of what a row is like, and rows of equal content have one: they stay or go together.
        """
        ids = row_ids(rows)
        named = None if self.person is None else held_in(rows, self.person)
        if named is not None and self.person is not None:
            who = persons(tidied(named.to_frame()), self.person)
            ids = pl.select(pl.when(who[self.person].is_null()).then(ids).otherwise(row_ids(who))).to_series()
        gone = theirs(rows, self.person, self.forgotten)
        return rows.filter(ids < below if gone is None else (ids < below) | gone)


USUAL = Draw()
"""Where rows teach, and the contract does not say how many are held."""
WHOLE = Draw(most=2**63)
"""Every row, however many: of a file whose rows are answered, judged or kept one by one none may be missing."""


def theirs(frame: pl.DataFrame, column: str | None, forgotten: Callable[[str], bool] | None) -> pl.Series | None:
    """Which rows are of forgotten persons; None when there are none."""
    named = None if forgotten is None or column is None else held_in(frame, column)
    if forgotten is None or named is None:
        return None
    mine = [name for name in named.drop_nulls().unique() if forgotten(tidy(name))]
    return named.is_in(mine).fill_null(False) if mine else None


def drawn_together(raws: Iterable[Raw], draw: Draw) -> list[Raw]:
    """The rows of several places, of all of them one part: in all at most what may be held.

    What was held already is drawn from anew when it has grown to twice that: a share that was too large never loses a
    row that a smaller one keeps.
    """
    held, weight = list[Raw](), 0
    for raw in raws:
        held.append(raw)
        weight += raw.weight
        if sum(int(one.frame.estimated_size()) for one in held) > 2 * draw.most < weight:
            held = [_less(one, draw, weight) for one in held]
    return [_less(one, draw, weight) for one in held] if weight > draw.most else held


def _less(raw: Raw, draw: Draw, weight: int) -> Raw:
    kept = draw.drawn(raw.frame, draw.share(weight))
    return replace(raw, frame=kept, aside=raw.aside + raw.frame.height - kept.height)
