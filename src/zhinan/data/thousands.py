"""Numbers such as 1.234, whose point may be a decimal one or group thousands: the other columns of the file tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.reasons import reason
from zhinan.data.types import Finding

__all__ = ["by_their_neighbours"]

_EITHER = r"^[^0-9]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9]*$"
"""A number with one point that could be either."""
_NEITHER = r"^[^0-9.,]*[0-9]{1,3}[^0-9.,]*$"
"""A number without any sign that is too small for a point between its thousands."""
_POINT = r"[0-9]\.[0-9]{1,2}(?:[^0-9]|$)|[0-9]\.[0-9]{4}|^0\.[0-9]"
"""A point that can only be a decimal one."""


def by_their_neighbours(
    columns: Mapping[str, Column], frame: pl.DataFrame
) -> tuple[dict[str, Column], tuple[Finding, ...]]:
    """Columns of numbers, with the point grouping thousands where each number of a column could be read either way,
    and those of other columns write decimal commas, and none a decimal point; and that this was done."""
    numbers = [column for column in columns.values() if column.kind == "number"]
    commas = [column.name for column in numbers if column.notation.get("decimal") == ","]
    if not commas:
        return dict(columns), ()
    doubtful = [c for c in numbers if c.name not in commas and _could_be_either(frame[c.name])]
    told = {column.name for column in doubtful} | {*commas}
    if not doubtful or any(frame[c.name].str.contains(_POINT).any() for c in numbers if c.name not in told):
        return dict(columns), ()
    why = reason("grouped", name=commas[0])
    read = {c.name: replace(c, why=why, notation={**c.notation, "decimal": ","}) for c in doubtful}
    shown = [(f"{name}:", next(iter(frame[name].filter(frame[name].str.contains(_EITHER))))) for name in read]
    return {**columns, **read}, (finding("grouped_points", len(read), shown, name=commas[0]),)


def _could_be_either(values: pl.Series) -> bool:
    """Whether a point stands in some numbers, and in none where it tells what it is."""
    known = values.drop_nulls()
    either = known.str.contains(_EITHER)
    fits = either | known.str.contains(_NEITHER) | ~known.str.contains("[0-9]")
    return bool(either.any() and fits.all())
