"""Leaves out the rows of persons who asked to be forgotten: the user's own files may hold them still."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from zhinan.contract import Contract
from zhinan.core import Words
from zhinan.data.drawing import theirs
from zhinan.data.findings import finding
from zhinan.data.sources import Gathered, gather
from zhinan.data.types import Finding, Raw, Reject
from zhinan.steps.tidying import tidy

__all__ = ["FORGOTTEN", "of_others", "places_of", "said_of_forgotten", "without_forgotten"]

FORGOTTEN = Words("forgotten person", "已被遗忘的人")
"""Why such a row is rejected."""


def without_forgotten(gathered: Sequence[Gathered], contract: Contract) -> tuple[list[Raw], tuple[Reject, ...]]:
    """The rows of every part without those of forgotten persons, and these, without a word of what they say.

    It comes before anything is inferred or counted, so that all that follows is as if the files never had them.
    """
    raws, gone = [], []
    files = [file for part in gathered for file in part.files]
    for part in gathered:
        mask = theirs(part.raw.frame, contract.data.person, contract.forgotten)
        if mask is None:
            raws.append(part.raw)
            continue
        raws.append(replace(part.raw, frame=part.raw.frame.filter(~mask)))
        places = part.raw.frame.filter(mask).select("_file", "_line")
        gone += [Reject(line, FORGOTTEN, file=files[file]) for file, line in places.iter_rows()]
    return raws, tuple(gone)


def of_others(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Rows that come from no file, without those of forgotten persons."""
    mask = theirs(rows, contract.data.person, contract.forgotten)
    return rows if mask is None else rows.filter(~mask)


def places_of(contract: Contract, people: Callable[[str], str | None]) -> dict[str, dict[str, list[int]]]:
    """Where rows of some persons stand in the user's files: person → file → the lines at which they begin.

    Args: people: the person behind a name, None for others.
    """
    column, found = contract.data.person, dict[str, dict[str, list[int]]]()
    if column is None:
        return found
    gathered = gather(replace(contract, forgotten=lambda name: people(name) is not None))  # all of theirs are read
    files = [file for part in gathered for file in part.files]
    for part in gathered:
        if column in part.raw.frame.columns:
            whose: Mapping[str, str | None] = {n: people(tidy(n)) for n in part.raw.frame[column].drop_nulls().unique()}
            for name, file, line in part.raw.frame.select(column, "_file", "_line").iter_rows():
                if (person := whose.get(name)) is not None:
                    found.setdefault(person, {}).setdefault(files[file], []).append(line)
    return found


def said_of_forgotten(gone: Sequence[Reject]) -> list[Finding]:
    """That the files still hold such rows, and where."""
    return [finding("forgotten", len(gone), [f"{one.file}:{one.line}" for one in gone])] if gone else []
