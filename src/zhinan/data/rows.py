"""The rows that are looked at and where each of them stands, for checks that show examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from zhinan.core import Dataset
from zhinan.data.types import Loaded
from zhinan.steps.values.written import word_of

__all__ = ["MOST", "SHOWN", "Rows", "examples", "place_of", "rows_to_look_at"]

SHOWN = 5
"""Examples of a finding."""

MOST = 200_000
"""Rows whose columns are looked at; of more, the same sample each time."""


@dataclass(frozen=True)
class Rows:
    """All labelled rows of source and test file, or a sample of them. frame: with `_place`, file:line of each.

    hidden: columns whose values are not shown.
    """

    frame: pl.DataFrame
    sampled: bool
    hidden: frozenset[str] = frozenset()

    def shown(self, rows: Sequence[int], names: Sequence[str]) -> list[tuple[str, ...]]:
        """Rows as examples: where each stands and its values of these columns."""
        names = [name for name in names if name not in self.hidden]
        return _told(self.frame[[int(row) for row in rows[:SHOWN]]].select("_place", *names))

    def of(self, part: Dataset) -> pl.DataFrame:
        """The rows that are a part's."""
        return self.frame.filter(pl.col("_row").is_in(part.frame["_row"].implode()))

    def without(self, part: Dataset) -> Rows:
        """The rows that are none of a part's."""
        return replace(self, frame=self.frame.filter(~pl.col("_row").is_in(part.frame["_row"].implode())))


def examples(loaded: Loaded, rows: Sequence[int], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows as examples, as `Rows.shown`; those of the test file are numbered on from the source's."""
    names = [name for name in names if name not in loaded.personal]
    parts = [loaded.dataset] if loaded.test is None else [loaded.dataset, loaded.test]
    told: list[tuple[str, ...]] = []
    for row in map(int, rows[:SHOWN]):
        part = int(row >= len(loaded.dataset))
        at = [row - part * len(loaded.dataset)]
        told += _told(parts[part].frame.select(names)[at].insert_column(0, loaded.places(part, at)))
    return told


def place_of(loaded: Loaded, row: int) -> str:
    """Where a row stands, numbered as by `examples`; "" where nobody knows."""
    part = int(row >= len(loaded.dataset))
    return str(loaded.places(part, [row - part * len(loaded.dataset)])[0])


def _told(frame: pl.DataFrame) -> list[tuple[str, ...]]:
    return [
        (place or "", *(word_of(v) or "–" for v in values if not _itself(place, v))) for place, *values in frame.rows()
    ]


def _itself(place: str | None, value: object) -> bool:
    """Whether a value names the picture of an array that stands at a place, and so says it once more."""
    return place not in (None, "") and str(value).startswith(f"{place.rpartition(':')[0]}#")


def rows_to_look_at(loaded: Loaded) -> Rows:
    """The labelled rows of source and test file."""
    parts = [loaded.dataset] if loaded.test is None else [loaded.dataset, loaded.test]
    names = [name for name in parts[0].frame.columns if all(name in part.frame.columns for part in parts)]
    frame = pl.concat(part.frame.select(names) for part in parts)
    ids = frame["_row"]
    picked = ids.arg_sort()[:MOST].sort() if len(ids) > MOST else None
    frame = frame if picked is None else frame[picked]
    within, first = np.arange(len(ids)) if picked is None else picked.to_numpy(), len(loaded.dataset)
    mine = [within[within < first], within[within >= first] - first]
    places = pl.concat(loaded.places(i, rows) for i, rows in enumerate(mine[: len(parts)]))
    return Rows(frame.with_columns(places), picked is not None, loaded.personal)
