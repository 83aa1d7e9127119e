"""Rows that stand or fall alone, in a file and in a job alike: those that fit, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhinan.core import UserError

__all__ = ["fitting", "wrong"]


def fitting(
    check: Callable[[Any], dict[str, list[Any]]], rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, list[Any]], dict[int, UserError]]:
    """The rows that fit as typed columns, in their order, and of each other one what is wrong, by its place.

    Args: check: `Version.check`.
    """
    try:
        return check(rows), {}
    except UserError:
        fit, misfits = [], {}
        for place, row in enumerate(rows):
            try:
                check([row])
            except UserError as error:
                misfits[place] = error
            else:
                fit.append(row)
        return check(fit), misfits


def wrong(error: UserError, row: int, lang: str) -> dict[str, Any]:
    """What stands in the place of an answer: {"code", "row", "column", "what", "fix"}; a column where it is to blame.

    Args: row: 1 is the first of the file or job.
    """
    column = error.values.get("column")
    return {
        "code": error.code, "row": row, **({} if column is None else {"column": column}),
        "what": error.what(lang), "fix": error.fix(lang),
    }  # fmt: skip
