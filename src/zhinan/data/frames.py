"""Rows that Python code holds, as the readers give them: polars and pandas frames, or a list of dicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from zhinan.core import UserError
from zhinan.data.delimited import Rows, names_of
from zhinan.data.types import Raw
from zhinan.data.written import judged, texts_of
from zhinan.steps.values.indexed import with_index
from zhinan.steps.values.written import text_of

__all__ = ["raw_of"]

NAME = "data"


def raw_of(held: Any) -> Raw:
    """A frame or a list of dicts as text, typed later by the rules that hold for files. A row's line is its number.

    Raises: UserError E146 for anything else, E104–E107 for columns that cannot be used.
    """
    columns = _columns(held)
    names, findings = names_of([column.name for column in columns], NAME)
    if not names:
        raise UserError("E104", NAME)
    rows = Rows(names)
    return judged([column.rename(name) for column, name in zip(columns, names, strict=True)], 1, rows, findings)


def _columns(held: Any) -> list[pl.Series]:
    if isinstance(held, pl.LazyFrame):
        held = held.collect()
    if isinstance(held, pl.DataFrame):
        return [texts_of(column) for column in held.get_columns()]
    if type(held).__module__.partition(".")[0] == "pandas" and hasattr(held, "columns"):
        held = with_index(held)
        return [_from_pandas(str(name), held.iloc[:, i]) for i, name in enumerate(held.columns)]
    if isinstance(held, Sequence) and not isinstance(held, str) and all(isinstance(row, Mapping) for row in held):
        keys = dict.fromkeys(key for row in held for key in row)
        return [pl.Series(str(key), [text_of(row.get(key)) for row in held], pl.String) for key in keys]
    raise UserError("E146", kind=type(held).__name__)


def _from_pandas(name: str, column: Any) -> pl.Series:
    """Value by value: what pandas holds as objects has no type that another library could take over."""
    missing = column.isna().to_numpy()
    values = column.tolist()
    return pl.Series(name, [None if gone else text_of(v) for gone, v in zip(missing, values, strict=True)], pl.String)
