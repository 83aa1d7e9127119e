"""Numbers such as 1.234, whose point may be a decimal one or group thousands: the other columns of the file tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.reasons import reason
from zhinan.data.types import Finding

__all__ = ["by_their_neighbours", "grouped_money"]

_EITHER = r"^[^0-9]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9]*$"
"""A number with one point that could be either."""
_NEITHER = r"^[^0-9.,]*[0-9]{1,3}[^0-9.,]*$"
"""A number without any sign that is too small for a point between its thousands."""
_FEW = 3
"""Different amounts with a point, and without one, from which those that have it are judged."""

_POINT = r"[0-9]\.[0-9]{1,2}(?:[^0-9]|$)|[0-9]\.[0-9]{4}|^0\.[0-9]"
"""A point that can only be a decimal one."""


def by_their_neighbours(
    columns: Mapping[str, Column], frame: pl.DataFrame
) -> tuple[dict[str, Column], tuple[Finding, ...]]:
    """Columns of numbers, with the point grouping thousands where each number of a column could be read either way,
    and those of other columns write decimal commas, and none a decimal point; and that this was done."""
    numbers = [column for column in columns.values() if column.kind == "number"]
    known = [column.name for column in numbers if column.notation.get("decimal") == ","]
    commas = [name for name in known if frame[name].str.contains(",", literal=True).any()]
    if not commas:
        return dict(columns), ()
    doubtful = [c for c in numbers if c.name not in known and _could_be_either(frame[c.name])]
    told = {column.name for column in doubtful} | {*known}
    if not doubtful or any(frame[c.name].str.contains(_POINT).any() for c in numbers if c.name not in told):
        return dict(columns), ()
    why = reason("grouped", name=commas[0])
    read = {c.name: replace(c, why=why, notation={**c.notation, "decimal": ","}) for c in doubtful}
    shown = [(f"{name}:", next(iter(frame[name].filter(frame[name].str.contains(_EITHER))))) for name in read]
    return {**columns, **read}, (finding("grouped_points", len(read), shown, name=commas[0]),)


def grouped_money(values: pl.Series) -> bool:
    """Whether points group the thousands of money: three digits follow each, and other amounts have no point at all.

    No price has three digits behind its point, and another one none.
    """
    distinct = values.unique()
    pointed, whole = (int(distinct.str.contains(form).sum()) for form in (_EITHER, _NEITHER))
    return min(pointed, whole) >= _FEW and _could_be_either(distinct)


def _could_be_either(values: pl.Series) -> bool:
    """Whether a point stands in some numbers, and in none where it tells what it is."""
    known = values.drop_nulls()
    either = known.str.contains(_EITHER)
    fits = either | known.str.contains(_NEITHER) | ~known.str.contains("[0-9]")
    return bool(either.any() and fits.all())
