"""The rows that are looked at and where each of them stands, for checks that show examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from zhinan.core import Dataset
from zhinan.data.types import Loaded
from zhinan.steps.values.written import word_of

__all__ = ["MOST", "Rows", "examples", "rows_to_look_at"]

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

    def shown(self, rows: Sequence[int], names: Sequence[str]) -> list[str]:
        """Rows as examples: where each stands and its values of these columns."""
        names = [name for name in names if name not in self.hidden]
        return _told(self.frame[[int(row) for row in rows[:5]]].select("_place", *names))

    def without(self, part: Dataset) -> Rows:
        """The rows that are none of a part's."""
        return replace(self, frame=self.frame.filter(~pl.col("_row").is_in(part.frame["_row"].implode())))


def examples(loaded: Loaded, rows: Sequence[int], names: Sequence[str]) -> list[str]:
    """Rows of the source as examples, as `Rows.shown`."""
    return Rows(_placed(loaded, 0), False, loaded.personal).shown(rows, names)


def _told(frame: pl.DataFrame) -> list[str]:
    told = [(place, " · ".join(word_of(v) or "" for v in values)) for place, *values in frame.rows()]
    return [f"{place}  {text}" if place else text for place, text in told]


def _placed(loaded: Loaded, at: int) -> pl.DataFrame:
    """The rows of the source (0) or of the test file (1), with where each stands."""
    part = loaded.test if at else loaded.dataset
    if part is None:
        raise ValueError("no such part")
    place = loaded.places(at)
    if len(place) != len(part):
        place = pl.repeat("", len(part), dtype=pl.String, eager=True)
    return part.frame.with_columns(place.alias("_place"))


def rows_to_look_at(loaded: Loaded) -> Rows:
    """The labelled rows of source and test file."""
    frames = [_placed(loaded, at) for at in range(1 + (loaded.test is not None))]
    names = [name for name in frames[0].columns if all(name in frame.columns for frame in frames)]
    frame = pl.concat(frame.select(names) for frame in frames)
    if frame.height <= MOST:
        return Rows(frame, False, loaded.personal)
    return Rows(frame[frame["_row"].arg_sort()[:MOST].sort()], True, loaded.personal)
