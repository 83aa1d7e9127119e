"""Tidies and names rows, so that the same example is known again whatever file it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import polars as pl

from zhinan.core import Column
from zhinan.core.persons import FRACTION
from zhinan.steps.tidying import UNTIDY, tidy

__all__ = ["FACTS", "fingerprint", "identities", "persons", "row_ids", "tidied", "with_contents"]

FACTS = "_media:"
"""Before the name of a column of files: the column with the facts of each file, its `digest` among them."""

_CHUNK = 100_000


def tidied(frame: pl.DataFrame) -> pl.DataFrame:
    """Every text through `tidying.tidy`; an empty one becomes null. The user's own width, case and letters stay."""
    return pl.DataFrame([_tidy(column) if column.dtype == pl.String else column for column in frame.get_columns()])


def _tidy(column: pl.Series) -> pl.Series:
    rows = column.str.contains(UNTIDY).arg_true()
    if len(rows):
        column = column.clone().scatter(rows, [tidy(value) for value in column.gather(rows)])
    empty = column == ""
    return column.set(empty, None) if empty.any() else column


def persons(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """A tidied frame with the ids of persons in their one form, as `core.persons.person_id` gives it."""
    return frame.with_columns(pl.col(column).str.replace(FRACTION, "$1"))


def row_ids(frame: pl.DataFrame) -> pl.Series:
    """`_row`: 32 hex digits of a row's content, over all its columns whatever their order."""
    names = sorted(name for name in frame.columns if not name.startswith("_"))
    head = hashlib.blake2b("\x1f".join(names).encode() + b"\x1e", digest_size=16)

    def named(content: str) -> str:
        row = head.copy()
        row.update(content.encode())
        return row.hexdigest()

    some = (
        _contents(with_contents(part), names) for part in frame.iter_slices(_CHUNK)
    )  # never all of them as Python texts
    return pl.concat(
        [pl.Series("_row", [], pl.String), *(pl.Series("_row", map(named, part), pl.String) for part in some)]
    )


def identities(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """What makes an example the same example: its values of these columns as one text, whatever their order."""
    return _contents(with_contents(frame), sorted(names))


def _contents(frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Values joined by characters that `tidy` removes from texts. Numbers by their bits: no rounding, no locale."""
    texts = [_text(frame[name]) for name in names]
    if not texts:
        return pl.Series([""] * frame.height, dtype=pl.String)
    return pl.select(pl.concat_str([text.fill_null("\x00") for text in texts], separator="\x1f")).to_series()


def _text(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Float64:
        return column.set((column == 0).fill_null(False), 0.0).reinterpret(dtype=pl.Int64).cast(pl.String)
    return column.to_physical().cast(pl.String)


def with_contents(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with what its files hold in place of their names: a picture is the same under any name."""
    seen = [name.removeprefix(FACTS) for name in frame.columns if name.startswith(FACTS)]
    return frame.with_columns(
        pl.col(FACTS + name).struct.field("digest").fill_null(pl.col(name)).alias(name) for name in seen
    )


def fingerprint(frame: pl.DataFrame, inputs: Iterable[Column], target: Column | None) -> str:
    """sha256 over what the columns are and the rows' ids, independent of the order of rows and columns."""
    described = sorted(f"{column.name}\x1f{column.kind}" for column in inputs)
    digest = hashlib.sha256("\x1e".join((*described, target.name if target else "")).encode())
    for some in frame.select(pl.col("_row").sort()).iter_slices(_CHUNK):
        digest.update("".join(some["_row"].to_list()).encode())
    return digest.hexdigest()
