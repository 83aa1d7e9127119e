"""Leaves out what spreadsheets and reports write among the rows: totals of them, and the names of the columns again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from zhinan.core import Words
from zhinan.data.findings import finding
from zhinan.data.stacking import names_in
from zhinan.data.types import Finding, Reject

__all__ = ["NAMES", "TOTALS", "examples_alone"]

TOTALS = Words("a row of totals", "合计行")
NAMES = Words("the names of the columns again", "再次出现的列名")
"""Why such rows are rejected."""

_TOTAL = (
    r"^(?i:(?:grand |sub ?-?)?totals?|sum|summe|gesamt(?:summe)?|zwischensumme):?$"
    r"|^(?:\S+ ){1,3}(?i:total)$"
    r"|^.{0,12}(?:合计|总计|小计|共计|汇总|總計|合計|小計)[:：]?$"
)
"""Words for a total, alone or behind the name of what is summed up."""

_NUMBER = r"^[^\p{L}]{0,4}[0-9][0-9.,' \x{a0}]*[^\p{L}]{0,4}$"

_EMPTY, _LEAST = 1 / 3, 2
"""Share of its cells that are empty, and how many at least: in a table of texts one may be such a word."""


def examples_alone(
    frames: Sequence[pl.DataFrame], files: Sequence[str]
) -> tuple[list[pl.DataFrame], tuple[Reject, ...], tuple[Finding, ...]]:
    """Tidied frames without rows of totals and rows of names; these, and that they are left out.

    A row of totals has a word for one as its first value, and a third of it is empty, or a cell is and the others are
    numbers, none smaller than an example's. One of names has the name of its column in every cell that is not
    empty, which are two at least and half of them.

    Args: files: what the numbers in `_file` name.
    """
    kept, gone = [], list[Reject]()
    for frame in frames:
        names = names_in(frame)
        held = frame.select(_are_totals(names).alias("totals"), _are_names(names).alias("names"))
        for reason, mask in ((TOTALS, held["totals"]), (NAMES, held["names"] & ~held["totals"])):
            places = frame.filter(mask).select("_file", "_line")
            gone += [Reject(line, reason, file=files[file]) for file, line in places.iter_rows()]
        none = held["totals"] | held["names"]
        kept.append(frame.filter(~none) if none.any() else frame)
    shown = {reason: [f"{one.file}:{one.line}" for one in gone if one.reason is reason] for reason in (TOTALS, NAMES)}
    said = {"totals": shown[TOTALS], "repeated_names": shown[NAMES]}
    return kept, tuple(gone), tuple(finding(code, len(places), places) for code, places in said.items() if places)


def _are_totals(names: Sequence[str]) -> pl.Expr:
    first = pl.coalesce(names).str.contains(_TOTAL)
    empty = pl.sum_horizontal(pl.col(names).is_null()) >= max(_LEAST, _EMPTY * len(names))
    number = {name: pl.col(name).str.contains(_NUMBER) for name in names}
    sums = pl.sum_horizontal(one.fill_null(True) for one in number.values()) >= len(names) - 1
    several = pl.sum_horizontal(one.fill_null(False) for one in number.values()) >= _LEAST
    value = {name: pl.col(name).str.replace_all(r"[^0-9.]", "").cast(pl.Float64, strict=False) for name in names}
    most = {name: one.filter(~first.fill_null(False)).max() for name, one in value.items()}
    no_smaller = (~number[name].fill_null(False) | (value[name] >= most[name]) for name in names)
    larger = (number[name] & (value[name] > most[name]) for name in names)
    sums &= several & pl.all_horizontal(no_smaller) & pl.any_horizontal(larger)
    return (first & (empty | (sums & pl.any_horizontal(pl.col(names).is_null())))).fill_null(False)


def _are_names(names: Sequence[str]) -> pl.Expr:
    alike = pl.all_horizontal((pl.col(name) == name).fill_null(True) for name in names)
    filled = pl.sum_horizontal(pl.col(names).is_not_null())
    return alike & (filled >= max(2, len(names) / 2))
