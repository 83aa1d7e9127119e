"""Leaves out rows of totals, which spreadsheets and reports write among the rows that they sum up."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from zhinan.core import Words
from zhinan.data.findings import finding
from zhinan.data.stacking import names_in
from zhinan.data.types import Finding, Reject

__all__ = ["TOTALS", "without_totals"]

TOTALS = Words("a row of totals", "合计行")
"""Why such a row is rejected."""

_TOTAL = (
    r"^(?i:(?:grand |sub ?-?)?totals?|sum|summe|gesamt(?:summe)?|zwischensumme):?$"
    r"|^(?:\S+ ){1,3}Total$"
    r"|^.{0,12}(?:合计|总计|小计|共计|汇总|總計|合計|小計)[:：]?$"
)
"""Words for a total, alone or behind the name of what is summed up."""

_EMPTY, _LEAST = 1 / 3, 2
"""Share of its cells that are empty, and how many at least: in a table of texts one may be such a word."""


def without_totals(
    frames: Sequence[pl.DataFrame], files: Sequence[str]
) -> tuple[list[pl.DataFrame], tuple[Reject, ...], tuple[Finding, ...]]:
    """Tidied frames without rows whose first value is a word for a total and of which a third is empty; these, and
    that they are left out.

    Args: files: what the numbers in `_file` name.
    """
    kept, gone = [], list[Reject]()
    for frame in frames:
        names = names_in(frame)
        first = pl.coalesce(names).str.contains(_TOTAL)
        empty = pl.sum_horizontal(pl.col(names).is_null()) >= max(_LEAST, _EMPTY * len(names))
        mask = frame.select((first & empty).fill_null(False)).to_series()
        kept.append(frame.filter(~mask) if mask.any() else frame)
        places = frame.filter(mask).select("_file", "_line")
        gone += [Reject(line, TOTALS, file=files[file]) for file, line in places.iter_rows()]
    shown = [f"{one.file}:{one.line}" for one in gone]
    return kept, tuple(gone), (finding("totals", len(gone), shown),) if gone else ()
