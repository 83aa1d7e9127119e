"""Notices texts that stand on both sides of a split beside other values, as questions of pairs do."""

from __future__ import annotations

import polars as pl

from zhinan.core import Dataset
from zhinan.data.findings import finding
from zhinan.data.rows import SHOWN, Rows
from zhinan.data.types import Finding, Split

__all__ = ["shared_texts"]

_LONG = 10
"""Characters from which on two people hardly write the same text by chance."""

_SHARE = 0.05
"""Share of the sealed rows from which on it is said."""


def shared_texts(rows: Rows, parts: Split) -> list[Finding]:
    """Sealed rows of which one text, in whichever column of texts, stands in a row of train or dev too.

    Rows that repeat as a whole are left out by the split; of a single input there are no others.
    """
    names = [column.name for column in parts.train.inputs if column.kind == "text" and column.name not in rows.hidden]
    if not names or len(parts.train.inputs) < 2:
        return []
    asked = _texts(rows, names, parts.sealed)
    count = rows.of(parts.sealed).height
    known = pl.concat([_texts(rows, names, part) for part in (parts.train, parts.dev)]).unique("text", keep="first")
    met = asked.join(known, on="text", suffix="_met", maintain_order="left").unique("_row", maintain_order=True)
    if not met.height or met.height < _SHARE * count:
        return []
    places = met.select("_place", "_place_met", "text").head(SHOWN).rows()
    shown = [(f"{at} = {where}", text) for at, where, text in places]
    return [finding("shared_texts", met.height, shown, of=f"{count:,}", share=f"{met.height / count:.1%}")]


def _texts(rows: Rows, names: list[str], part: Dataset) -> pl.DataFrame:
    """Each long text of a part with its row and where that stands."""
    held = rows.of(part)
    every = pl.concat([held.select(pl.col(name).alias("text"), "_row", "_place") for name in names])
    return every.filter(pl.col("text").str.len_chars() >= _LONG)
