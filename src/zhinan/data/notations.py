"""How a column's values are written (decimal sign, unit, order of day and month, separator), and reading whole columns.

The reading itself is `steps.values`, which serving uses too; here each different value is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from zhinan.core import Kind
from zhinan.steps.values.languages import language_of_many
from zhinan.steps.values.lists import JSON, list_notation, read_list, written_list
from zhinan.steps.values.numbers import number_notation, read_number
from zhinan.steps.values.times import day_month_order, read_time

__all__ = [
    "PLAIN_NUMBER", "notation_of", "number_notation_of", "read_lists", "read_numbers", "read_times", "spread",
]  # fmt: skip

# polars takes \d for any alphabet's digits
PLAIN_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
"""Numbers as programs write them."""

_WHOLE_NUMBER = r"^[+-]?[0-9]+$"
_EVIDENCE = 5000


def spread(values: pl.Series, most: int = _EVIDENCE) -> list[str]:
    """At most so many values, evenly from the whole column."""
    return values.gather_every(max(1, -(-len(values) // most))).to_list() if len(values) else []


def notation_of(values: pl.Series, kind: Kind) -> dict[str, str]:
    """How a column writes values of a kind that was said, judged by all that are of this kind.

    Raises: AmbiguousDateError, MixedUnitsError.
    """
    if kind == "number":
        return number_notation_of(values)
    if kind == "time":
        order = day_month_order(values.unique())
        whole = values.str.contains(_WHOLE_NUMBER).any()
        return {**({"order": order} if order else {}), **({"numbers": "epoch"} if whole else {})}
    if kind == "list":
        found = list_notation(spread(values))
        if found is None and values.str.starts_with("[").all():
            return {"separator": JSON}
        return found or {"separator": ";"}
    if kind == "text" and (language := language_of_many(spread(values.unique(), 1000))):
        return {"language": language}
    return {}


def number_notation_of(values: pl.Series) -> dict[str, str]:
    """`number_notation` of a column. Raises: MixedUnitsError."""
    telling = values.filter(~values.str.contains(_WHOLE_NUMBER)).unique()
    return number_notation(telling)


def read_numbers(values: pl.Series, notation: Mapping[str, str]) -> pl.Series:
    """Float64; null where there is no finite number in the column's unit or in none."""
    decimal, unit = notation.get("decimal", "."), notation.get("unit", "")
    plain = values.str.contains(PLAIN_NUMBER if decimal == "." else _WHOLE_NUMBER).fill_null(False)
    typed = values.set(~plain, None).cast(pl.Float64)
    typed = typed.set(typed.is_infinite().fill_null(False), None)

    def amount(text: str) -> float | None:
        found = read_number(text, decimal)
        return found.value if found is not None and found.unit in ("", unit) else None

    return typed.fill_null(_each(values.set(plain, None), amount, pl.Float64)) if not plain.all() else typed


def read_times(values: pl.Series, notation: Mapping[str, str]) -> pl.Series:
    """Datetime in UTC without a zone; null where there is none."""
    order, numbers = notation.get("order", ""), notation.get("numbers", "")
    return _each(values, lambda text: read_time(text, order, numbers), pl.Datetime("us"))


def read_lists(values: pl.Series, notation: Mapping[str, str]) -> pl.Series:
    """The one text of each list; null where there is none."""
    separator = notation.get("separator", JSON)

    def one(text: str) -> str | None:
        items = read_list(text, JSON) if text.startswith("[") else None
        items = read_list(text, separator) if items is None else items
        return None if items is None else written_list(items)

    return _each(values, one, pl.String)


def _each(values: pl.Series, read: Callable[[str], Any], dtype: Any) -> pl.Series:
    """A column with each different value read once."""
    distinct = values.drop_nulls().unique()
    found = pl.Series([read(text) for text in distinct], dtype=dtype)
    if not len(distinct):
        return pl.Series(values.name, [None] * len(values), dtype)
    return values.replace_strict(distinct, found, default=None, return_dtype=dtype)
