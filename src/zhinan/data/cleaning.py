"""Tidies, masks and names rows, so that the same example is known again whatever file it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from zhinan.core import Column, Kind, find
from zhinan.steps.mask import UNTIDY, placeholders, redact, tidy

__all__ = ["fingerprint", "identities", "maskable", "masked", "pseudonym", "row_ids", "tidied"]

_PLAIN: tuple[Kind, ...] = ("number", "flag", "time")
_WORTH_MASKING = r"[@＠]|(?:\d[ .()（）．－　-]{0,3}){7}"


def tidied(frame: pl.DataFrame) -> pl.DataFrame:
    """Every text through `steps.mask.tidy`; an empty one becomes null. The user's own width, case and letters stay."""
    return pl.DataFrame([_tidy(column) if column.dtype == pl.String else column for column in frame.get_columns()])


def _tidy(column: pl.Series) -> pl.Series:
    if column.str.contains(UNTIDY).any():
        column = pl.Series(column.name, [None if v is None else tidy(v) for v in column], pl.String)
    return column.set(column == "", None)


def masked(
    frame: pl.DataFrame, kinds: Mapping[str, Kind], masks: Sequence[str], *, target: str | None, person: str | None
) -> tuple[pl.DataFrame, int]:
    """Applies masks to every column of words, and counts the finds replaced.

    Numbers, flags and moments are what they are; the target names classes. A person's name that a mask would hide
    becomes a pseudonym, so that one person's rows still belong together.
    """
    finds = 0
    done = []
    for column in frame.get_columns():
        if masks and column.dtype == pl.String and column.name != target and kinds.get(column.name) not in _PLAIN:
            hidden, found = _mask_column(column, masks, column.name == person)
            done.append(hidden)
            finds += found
        else:
            done.append(column)
    return pl.DataFrame(done), finds


def _mask_column(column: pl.Series, masks: Sequence[str], person: bool) -> tuple[pl.Series, int]:
    rows = maskable(column, masks)
    if not rows:
        return column, 0
    values = column.to_list()
    finds = 0
    for i in rows:
        value = values[i]
        hidden = redact(value, masks)
        if hidden == value:
            continue
        finds += max(1, placeholders(hidden) - placeholders(value))
        values[i] = pseudonym(value) if person else hidden
    return pl.Series(column.name, values, pl.String), finds


def maskable(column: pl.Series, masks: Iterable[str]) -> list[int]:
    """Rows in which one of these masks may find something; a quick look that misses none."""
    worth = column.is_not_null()
    if all(find("mask", mask).target.__module__.startswith("zhinan.steps.masks.") for mask in masks):
        worth &= column.str.contains(_WORTH_MASKING)
    return worth.arg_true().to_list()


def pseudonym(person: str) -> str:
    """The name under which a person is kept whose own name (an address, a number) a mask hides."""
    return "person-" + hashlib.blake2b(person.encode(), digest_size=8, key=b"zhinan person").hexdigest()


def row_ids(frame: pl.DataFrame) -> pl.Series:
    """`_row`: 32 hex digits of a row's content, over all its columns whatever their order."""
    names = sorted(name for name in frame.columns if not name.startswith("_"))
    head = hashlib.blake2b("\x1f".join(names).encode() + b"\x1e", digest_size=16)
    ids = []
    for content in _contents(frame, names):
        row = head.copy()
        row.update(content.encode())
        ids.append(row.hexdigest())
    return pl.Series("_row", ids, pl.String)


def identities(frame: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """What makes an example the same example: its values of these columns as one text, whatever their order."""
    return _contents(frame, sorted(names)).to_list()


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


def fingerprint(frame: pl.DataFrame, inputs: Iterable[Column], target: Column | None) -> str:
    """sha256 over what the columns are and the rows' ids, independent of the order of rows and columns."""
    described = sorted(f"{column.name}\x1f{column.kind}" for column in inputs)
    digest = hashlib.sha256("\x1e".join((*described, target.name if target else "")).encode())
    for row in frame["_row"].sort():
        digest.update(row.encode())
    return digest.hexdigest()
