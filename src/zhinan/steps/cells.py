"""The step that turns a table's cells into what trees read: numbers as they are, dates unfolded."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any

from zhinan.core import register
from zhinan.steps._derived import derived, spoken
from zhinan.steps.table import days, in_utc

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Cells", "feature_names"]

MOMENT = ("day", "year", "month", "day of month", "weekday", "hour", "end of month")
"""What a moment unfolds into."""


@register("step", "cells")
class Cells:
    """A block of features a column, side by side, the days between every two times, what is `made`; float32 (n, width).

    A missing value is NaN: trees learn which way it goes. Options: `made`, numbers made of other numbers, such as
    {"how": "ratio", "of": ["bill", "limit"]}; `columns`, in the order of `reads`, with `kind`:

    - number → itself, clipped to what float32 holds;
    - category: `shown` → 0/1 for each of these values; with `values` also its place among all of them, in their natural
      order. An unknown one has no place and is none of them; missing is the value "";
    - flag → 1, 0;
    - time → day since 1970, year, month, day of the month, weekday, hour, and whether it is the last day of its month.
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        columns: tuple[dict[str, Any], ...] = (),
        made: tuple[dict[str, Any], ...] = (),
    ) -> None:
        self._reads = reads
        (self._features,) = writes
        self._columns, self._made = columns, made
        self._places = [{v: i for i, v in enumerate(c.get("values", ()))} for c in columns]

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the features of the batch."""
        import numpy as np

        blocks = []
        for name, column, places in zip(self._reads, self._columns, self._places, strict=True):
            blocks.append(_MAKE[column["kind"]](values[name], column, places))
        for first, second in _pairs(self._reads, self._columns):
            blocks.append(_apart(values[first], values[second]))
        if self._made:
            numbers = {name: block[:, 0] for name, block in zip(self._reads, blocks, strict=False)}
            blocks.append(derived(numbers, self._made))
        return {self._features: np.concatenate(blocks, axis=1)}


def feature_names(
    reads: Sequence[str], columns: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]] = ()
) -> list[tuple[tuple[str, ...], str]]:
    """What each feature is: the columns it is made of, and its part of them, "" for the value itself."""
    found: list[tuple[tuple[str, ...], str]] = []
    for name, column in zip(reads, columns, strict=True):
        parts: Sequence[str] = ("",)
        if column["kind"] == "category":
            parts = [*(["place"] if column.get("values") else []), *(f"={value}" for value in column["shown"])]
        elif column["kind"] == "time":
            parts = MOMENT
        found += [((name,), part) for part in parts]
    found += [((first, second), "days between") for first, second in _pairs(reads, columns)]
    return [*found, *((tuple(one["of"]), spoken(one)) for one in made)]


def _pairs(reads: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    times = [name for name, column in zip(reads, columns, strict=True) if column["kind"] == "time"]
    return combinations(times, 2)


def _number(values: Sequence[float | None], column: Mapping[str, Any], places: Mapping[str, int]) -> np.ndarray:
    import numpy as np

    largest = float(np.finfo(np.float32).max)
    raw = np.array([math.nan if v is None or not math.isfinite(v) else v for v in values], np.float64)
    kept: np.ndarray = raw.clip(-largest, largest).astype(np.float32)
    return kept[:, None]


def _category(values: Sequence[str | None], column: Mapping[str, Any], places: Mapping[str, int]) -> np.ndarray:
    import numpy as np

    hot = {value: i for i, value in enumerate(column["shown"])}
    texts = ["" if v is None else v for v in values]
    codes = np.array([hot.get(text, -1) for text in texts], np.int64)
    shown: np.ndarray = (codes[:, None] == np.arange(len(hot))).astype(np.float32)
    if not places:
        return shown
    place = np.array([places.get(text, math.nan) for text in texts], np.float32)
    return np.concatenate([place[:, None], shown], axis=1)


def _flag(values: Sequence[bool | None], column: Mapping[str, Any], places: Mapping[str, int]) -> np.ndarray:
    import numpy as np

    return np.array([math.nan if v is None else float(v) for v in values], np.float32)[:, None]


def _time(values: Sequence[datetime | None], column: Mapping[str, Any], places: Mapping[str, int]) -> np.ndarray:
    import numpy as np

    rows = []
    for moment in values:
        if moment is None:
            rows.append([math.nan] * len(MOMENT))
            continue
        utc = in_utc(moment)
        last = utc.day == calendar.monthrange(utc.year, utc.month)[1]
        hour = utc.hour + utc.minute / 60
        rows.append([days(moment), utc.year, utc.month, utc.day, utc.weekday(), hour, float(last)])
    return np.array(rows, np.float32).reshape(len(rows), len(MOMENT))


def _apart(first: Sequence[datetime | None], second: Sequence[datetime | None]) -> np.ndarray:
    """Days from the first moment to the second."""
    import numpy as np

    pairs = zip(first, second, strict=True)
    found = [math.nan if a is None or b is None else days(b) - days(a) for a, b in pairs]
    return np.array(found, np.float32).reshape(len(found), 1)


_MAKE: Mapping[str, Callable[[Any, Mapping[str, Any], Mapping[str, int]], Any]] = {
    "number": _number, "category": _category, "flag": _flag, "time": _time,
}  # fmt: skip
