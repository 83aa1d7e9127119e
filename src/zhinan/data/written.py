"""Typed values written as the text that gives them back, for sources that have types, such as Parquet and frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from zhinan.core import Words
from zhinan.data.delimited import MAX_FIELD, REASONS, Rows
from zhinan.data.types import Finding, Raw
from zhinan.steps.values.written import text_of

__all__ = ["judged", "texts_of"]

_FORMS = {pl.Datetime: "%Y-%m-%dT%H:%M:%S%.f", pl.Time: "%H:%M:%S%.f", pl.Duration: "iso", pl.Date: "%Y-%m-%d"}


def texts_of(column: pl.Series) -> pl.Series:
    """A column as `text_of` writes each value: numbers by their shortest exact digits, whole ones as such, moments as
    ISO 8601 with their offset, bools as true and false, nested values as JSON. Null stays null, and NaN, which frames
    write for it, becomes null."""
    kind = column.dtype
    if kind == pl.String:
        return column
    if kind.is_float():
        return _floats(column.cast(pl.Float64).fill_nan(None))
    if kind.is_temporal():
        zone = "%:z" if isinstance(kind, pl.Datetime) and kind.time_zone else ""
        return column.dt.to_string(_FORMS[kind.base_type()] + zone)
    if kind.is_nested() or kind.is_decimal() or kind in (pl.Binary, pl.Object):
        return pl.Series(column.name, [text_of(value) for value in column], pl.String)
    return column.cast(pl.String)


def _floats(column: pl.Series) -> pl.Series:
    whole = ((column.abs() < 2**53) & (column == column.round())).fill_null(False)
    texts = column.set(~whole, None).cast(pl.Int64).cast(pl.String).fill_null(column.cast(pl.String))
    odd = texts.str.contains(r"e|\.0$").fill_null(False).arg_true()
    return texts.scatter(odd, [text_of(value) for value in column.gather(odd)]) if len(odd) else texts


def judged(columns: Sequence[pl.Series], first: int, rows: Rows, findings: tuple[Finding, ...] = ()) -> Raw:
    """Text columns as a stretch of rows numbered from `first`, judged as rows of CSV are."""
    height = len(columns[0]) if columns else 0
    bad: dict[int, Words] = {}
    for column in columns:
        for reason, hit in (
            ("nul", column.str.contains("\0", literal=True)),
            ("huge", column.str.len_bytes() > MAX_FIELD),
        ):
            if hit.any():
                bad |= {row: REASONS[reason] for row in hit.arg_true().to_list() if row not in bad}
    places = np.arange(first, first + height, dtype=np.uint32)
    frame = rows.placed(columns, places)
    for row in sorted(bad):
        rows.reject(first + row, bad[row], " ".join(filter(None, (column[row] for column in columns)))[:400])
    if bad:
        keep = np.ones(height, bool)
        keep[list(bad)] = False
        frame = frame.filter(pl.Series(keep))
    return Raw(frame, rows.take().rejected, rows.encoding, findings)
