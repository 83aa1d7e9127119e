"""Says what is unclear about moments: what keeps a column from being one of them, and those that say no zone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Words
from zhinan.data.findings import finding
from zhinan.data.notations import order_of, plain_times, spread
from zhinan.data.reasons import reason
from zhinan.data.types import Finding
from zhinan.steps.values.orders import ORDERS, SHORT, AmbiguousDateError
from zhinan.steps.values.times import in_full, letters_of_zone, read_time
from zhinan.steps.values.words import MISSING

__all__ = ["LONGEST", "MOMENT", "Nearly", "called_date", "check_zones", "nearly_times", "said_of_dates"]

LONGEST = 80
"""Characters of the longest moment, as JavaScript writes them with the name of the zone."""
MOMENT = re.compile(
    r"(?i:(?:^|[\W_])(?:date|time|datetime|timestamp|ts|day)(?:$|[\W_])|_at$)|[a-z](?:At|Date|Time)$|日期|时间|時間|民[國国]"
)
"""What names of columns with dates and times look like."""

_BORN = re.compile(r"(?i:birth|born|(?:^|[\W_])dob(?:$|[\W_]))|生日|出生")
_FIRST = 200
"""Values that a first look takes."""
_SHOWN = 3
"""Forms of dates that are shown of one column."""


class Nearly(NamedTuple):
    """A column of words of which at least half are dates.

    Args:
        dates: how many of its values are dates. of: all of them but words for "missing".
        others: the different ones that are no dates, words for "missing" among them.
        unclear: a date whose day and month cannot be told apart, or the letters of a zone (`letters`); else empty.
    """

    dates: int
    of: int
    others: pl.Series
    unclear: str = ""
    letters: str = ""

    @property
    def why(self) -> Words:
        """What to add to the reason for the column's kind."""
        if self.letters:
            return reason("letters", letters=self.letters)
        if self.unclear:
            return reason("unclear")
        return reason("some_dates", dates=f"{self.dates:,}", of=f"{self.of:,}")


def called_date(name: str) -> bool:
    """Whether a column of such a name holds dates, a date of birth among them."""
    return MOMENT.search(name) is not None or _BORN.search(name) is not None


def nearly_times(values: pl.Series, dates: str = "", zone: str = "") -> Nearly | None:
    """What keeps a column from being one of dates; None where less than half of its values are dates.

    Args:
        values: all of them but nulls. dates: what 03/04/2024 means where they do not say.
        zone: on whose clock moments are read.
    """
    missing = values.str.to_lowercase().is_in(list(MISSING))
    some = Counter(spread(values.filter(~missing), _FIRST))
    orders = SHORT if called_date(values.name) else ORDERS
    if 2 * sum(n for text, n in some.items() if _is_date(text, orders) or _letters(text, zone)) < max(some.total(), 1):
        return None
    counted = values.alias("text").value_counts(name="rows")
    texts, rows = counted["text"], counted["rows"].to_numpy()
    dated, order, unclear = _dated(texts, orders), "", ""
    try:
        order = order_of(texts.filter(pl.Series(dated)), dates)
    except AmbiguousDateError as error:
        unclear = error.example
    if order:
        dated &= _dated(texts, (order,))
    others = texts.filter(pl.Series(~dated))
    lettered = {text: letters for text in others if (letters := _letters(text, zone))}
    of_letters = int(rows[texts.is_in(list(lettered)).to_numpy()].sum())
    dated_rows, of = int(rows[dated].sum()) + of_letters, len(values) - int(missing.sum())
    if 2 * dated_rows < of:
        return None
    letters = min(lettered.values()) if 20 * of_letters > dated_rows else ""
    return Nearly(dated_rows, of, others, unclear, letters)


def check_zones(frame: pl.DataFrame, columns: Iterable[Column]) -> list[Finding]:
    """Columns of moments of which some or all say no zone, while other moments do, and the contract does not either."""
    times = [column for column in columns if column.kind == "time" and "zone" not in column.notation]
    unsaid = [c.name for c in times if c.notation.get("zones") == "some"]
    if any(c.notation.get("zones") for c in times):
        bare = [c.name for c in times if not {"zones", "numbers"} & set(c.notation)]
        unsaid += [name for name in bare if (frame[name].dt.truncate("1d") < frame[name]).any()]
    return [finding("unsaid_zones", len(unsaid), unsaid)] if unsaid else []


def said_of_dates(frame: pl.DataFrame, columns: Iterable[Column]) -> list[Finding]:
    """Columns of moments that do not say by themselves which day they are, and how some of them were read.

    Args: frame: the columns as texts.
    """
    shown = []
    for column in columns:
        if column.kind == "time":
            notation = {key: column.notation.get(key, "") for key in ("order", "numbers", "zone")}
            texts = frame[column.name].drop_nulls().unique()
            shown += [f"{column.name}: {read}" for read in _read_in(texts, **notation)]
    columns_shown = {text.partition(": ")[0] for text in shown}
    return [finding("dates_read", len(columns_shown), shown)] if shown else []


def _read_in(texts: pl.Series, order: str, numbers: str, zone: str) -> list[str]:
    """One example for each form of moments that say too little by themselves."""
    found: dict[str, str] = {}
    for text in sorted(spread(texts.filter(plain_times(texts, order).is_null()), 1000)):
        if in_full(text) or (moment := read_time(text, order, numbers, zone)) is None:
            continue
        form = re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", text))
        found.setdefault(form, f"{text} = {moment:%Y-%m-%d}")
    return list(found.values())[:_SHOWN]


def _dated(texts: pl.Series, orders: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which texts are dates in any of these orders, shape (n,)."""
    plain = np.zeros(len(texts), bool)
    for order in orders:
        plain |= plain_times(texts, order).is_not_null().to_numpy()
    plain[~plain] = [_is_date(text, orders) for text in texts.filter(pl.Series(~plain))]
    return plain


def _is_date(text: str, orders: tuple[str, ...]) -> bool:
    return len(text) <= LONGEST and any(read_time(text, order) is not None for order in orders)


def _letters(text: str, zone: str) -> str:
    return letters_of_zone(text, zone) if len(text) <= LONGEST else ""
