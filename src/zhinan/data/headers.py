"""Whether the first line of a file is a row already, and names no columns: somebody's details may stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import polars as pl

from zhinan.core import UserError, Words, suggest
from zhinan.data.findings import finding
from zhinan.data.stacking import names_in
from zhinan.data.types import Finding, Loaded, Raw
from zhinan.steps.mask import redact

__all__ = ["check_header", "names_of_columns_hidden"]

_JOINED = " / "
"""Between names that stand above each other in a sheet."""
MANY = 100
"""Columns up to which names are read for details: no first row of somebody's text is so wide."""


@contextmanager
def names_of_columns_hidden(raws: Mapping[str, Raw]) -> Iterator[None]:
    """E050 and E111 suggest columns without the details in their names, and say where these look like a row.

    Args: raws: the rows of each part of the contract, the first being what is learned from.
    """
    try:
        yield
    except UserError as error:
        of_column = error.code == "E111" or getattr(error.values.get("kind"), "en", "") == "column"
        if error.code not in ("E050", "E111") or not of_column:
            raise
        frame = (raws.get(error.where) or next(iter(raws.values()))).frame
        near = suggest(str(error.values["name"]), map(redact, names_in(frame)))
        if _like_a_row(names_in(frame), frame):
            near = Words(
                f"{near.en}; the first line looks like a row: if it is one, write the names of the columns above it",
                f"{near.zh}；首行看起来是数据：若确实如此，请在其上方写一行列名",
            )
        raise UserError(error.code, error.where, **{**error.values, "suggestion": near}) from None


def check_header(loaded: Loaded, frame: pl.DataFrame) -> list[Finding]:
    """Says that the names of columns look like a row. Args: frame: typed values of those that are used."""
    odd = _like_a_row([column.name for column in loaded.columns], frame)
    return [finding("row_as_names", len(odd), odd)] if odd else []


def _like_a_row(names: Sequence[str], frame: pl.DataFrame) -> list[str]:
    """The names that hold somebody's details (and are no mere name: Jan is a month), or else those that are values of
    their own column, where most are."""
    if len(names) > MANY:
        return []
    held = [name for name in names if any(redact(one) not in (one, "[PERSON_NAME]") for one in name.split(_JOINED))]
    words = [name for name in names if frame.schema.get(name) == pl.String]
    own = [name for name in words if (frame[name] == name).any()]
    return held or (own if 2 * len(own) > len(names) else [])
