"""Says what is unclear about moments: what keeps a column from being one of them, and those that say no zone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.notations import iso_times, spread
from zhinan.data.types import Finding
from zhinan.steps.values.times import ORDERS, AmbiguousDateError, day_month_order, read_time
from zhinan.steps.values.words import MISSING

__all__ = ["Nearly", "check_zones", "nearly_times"]

_SHARE, _LONGEST, _FIRST = 0.95, 40, 200
"""Share of dates that makes a column nearly one of them; characters of the longest; values that a first look takes."""


class Nearly(NamedTuple):
    """A column of words that nearly is one of dates.

    dates: how many of its different values are dates; of: all of them but words for "missing". others: those that are
    no dates, words for "missing" among them. unclear: a date whose day and month cannot be told apart, else empty.
    """

    dates: int
    of: int
    others: pl.Series
    unclear: str

    @property
    def why(self) -> str:
        """What to add to the reason for the column's kind."""
        if self.unclear:
            return "dates whose day and month cannot be told apart; "
        return f"{self.dates:,} of {self.of:,} different values are dates; "


def nearly_times(distinct: pl.Series, dates: str = "") -> Nearly | None:
    """What keeps a column from being one of dates; None where fewer than .95 of its different values are dates.

    Args: dates: what 03/04/2024 means where they do not say.
    """
    told = distinct.filter(~distinct.str.to_lowercase().is_in(list(MISSING)))
    if told.is_empty() or not _mostly(spread(told, _FIRST)):
        return None
    plain = iso_times(distinct).is_not_null()
    others = distinct.filter(~plain)
    written, order, unclear = _dates(others, ORDERS), "", ""
    try:
        order = day_month_order(written, dates)
    except AmbiguousDateError as error:
        unclear = error.example
    written = _dates(written, (order,)) if order else written
    dated = int(plain.sum()) + len(written)
    if dated < _SHARE * len(told):
        return None
    return Nearly(dated, len(told), others.filter(~others.is_in(written.implode())), unclear)


def check_zones(frame: pl.DataFrame, columns: Iterable[Column]) -> list[Finding]:
    """Columns of moments of which some or all say no zone, while other moments do."""
    times = [column for column in columns if column.kind == "time"]
    unsaid = [c.name for c in times if c.notation.get("zones") == "some"]
    if any(c.notation.get("zones") for c in times):
        bare = [c.name for c in times if not {"zones", "numbers"} & set(c.notation)]
        unsaid += [name for name in bare if (frame[name].dt.truncate("1d") < frame[name]).any()]
    return [finding("unsaid_zones", len(unsaid), unsaid)] if unsaid else []


def _mostly(values: list[str]) -> bool:
    return sum(_is_date(value, ORDERS) for value in values) >= 0.9 * len(values)


def _dates(distinct: pl.Series, orders: tuple[str, ...]) -> pl.Series:
    return distinct.filter(pl.Series([_is_date(value, orders) for value in distinct], dtype=pl.Boolean))


def _is_date(text: str, orders: tuple[str, ...]) -> bool:
    return len(text) <= _LONGEST and any(read_time(text, order) is not None for order in orders)
