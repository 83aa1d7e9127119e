"""Says, where a column is missing, which sheets of the book were not read: it may stand in one of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from zhinan.core import UserError, Words
from zhinan.data.types import Raw

__all__ = ["sheets_named"]


@contextmanager
def sheets_named(raws: Mapping[str, Raw]) -> Iterator[None]:
    """Adds to E050 and E111 the sheets of the same part that were not read.

    Args: raws: the rows of each part of the contract, the first being what is learned from.
    """
    try:
        yield
    except UserError as error:
        raw = raws.get(error.where) or next(iter(raws.values()))
        unread = next((found for found in raw.findings if found.code == "other_sheets"), None)
        near, names = error.values.get("suggestion"), ", ".join(unread.examples if unread else ())
        if unread is None or not isinstance(near, Words) or error.code not in ("E050", "E111"):
            raise
        fix = Words(
            f"{near.en}; {unread.what.en} ({names}): {unread.overrule.en}",
            f"{near.zh}；{unread.what.zh}（{names}）：{unread.overrule.zh}",
        )
        raise UserError(error.code, error.where, **{**error.values, "suggestion": fix}) from None
