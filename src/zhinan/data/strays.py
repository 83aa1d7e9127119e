"""Finds slips: the few words that somebody wrote into columns of numbers, and that cost no more than their own rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.notations import PLAIN_NUMBER
from zhinan.data.types import Finding
from zhinan.steps.values.numbers import read_number
from zhinan.steps.values.units import LETTERS
from zhinan.steps.values.words import INFINITE, MISSING, ORDINARY

__all__ = [
    "LEADING_ZERO",
    "LONGEST_NUMBER",
    "may_be_number",
    "mostly_said",
    "reads_as_number",
    "said_of_infinite",
    "slips_of",
    "word_for_missing",
]

ODD, ALL = 0.005, 0.02
"""Share of a column's values, and of slips of all columns among the rows, up to which words among numbers are slips."""

LEADING_ZERO = r"^[+-]?0[0-9](?:[^:]|$)"
LONGEST_NUMBER = 40
"""Characters of the longest text that may be a number."""


def slips_of(columns: Sequence[pl.Series]) -> dict[str, pl.Series]:
    """The values of each column of numbers that are slips, where it has any; none at all where they are too many rows.

    Args: columns: of tidied texts, equally long.
    """
    found = {column.name: slips for column in columns if len(slips := _slips(column.drop_nulls()))}
    rows = len(columns[0]) if columns else 0
    return found if sum(map(len, found.values())) <= ALL * rows else {}


def _slips(values: pl.Series) -> pl.Series:
    """What is neither a number nor a word for "missing" in a column of hardly anything else; nothing of other columns.

    What looks alike, such as 12a and 7b among the numbers of houses, is no slip but means something; so does what looks
    like the few that are written with a unit, such as E11 beside V58, which may be no volts.
    """
    none = values.clear()
    others = values.filter(~values.str.contains(PLAIN_NUMBER))
    missing = word_for_missing(others)
    known = len(values) - int(missing.sum())
    if values.str.contains(LEADING_ZERO).any() or not mostly_said(values, others):
        return none
    found, amounts = list[str](), list[str]()
    for text, rows in others.filter(~missing).alias("text").value_counts(name="rows").iter_rows():
        if len(text) > LONGEST_NUMBER or not reads_as_number(text):
            found += [text] * rows
            if len(found) > ODD * known:
                return none
        else:
            amounts += [text] * rows
    few = amounts if len(amounts) <= ODD * known else []
    forms = pl.Series([*found, *few], dtype=pl.String).str.replace_all(r"\p{L}+", "A").str.replace_all(r"\p{N}+", "9")
    alike = (forms.is_duplicated() & forms.str.contains("9"))[: len(found)].sum()
    return none if 2 * alike > len(found) else pl.Series(values.name, found, pl.String)


def said_of_infinite(frame: pl.DataFrame, columns: Iterable[Column]) -> list[Finding]:
    """Columns of numbers with `inf` or `-inf`, which are read as missing. Args: frame: the columns as texts."""
    numbers = [column.name for column in columns if column.kind == "number"]
    counts = {name: int(frame[name].str.to_lowercase().is_in(list(INFINITE)).sum()) for name in numbers}
    shown = [f"{name}: {count:,}" for name, count in counts.items() if count]
    return [finding("infinite_values", sum(counts.values()), shown)] if shown else []


def mostly_said(values: pl.Series, others: pl.Series) -> bool:
    """Whether words for "missing" may stand for missing numbers: one in 20 is said, and no more than a fifth of them
    may mean something.

    Args: others: those of the values that are no plain numbers.
    """
    lowered = others.str.to_lowercase()
    missing, ordinary = (int(lowered.is_in(list(words)).sum()) for words in (MISSING, ORDINARY))
    return 5 * ordinary <= len(values) <= 20 * (len(values) - missing)


def word_for_missing(texts: pl.Series) -> pl.Series:
    """Which are words for "missing", Boolean."""
    return texts.str.to_lowercase().is_in(list(MISSING))


def reads_as_number(text: str, scales: str = "") -> bool:
    """Whether it writes a number, with either decimal sign. Args: scales: as of `read_number`."""
    return any(read_number(text, decimal, scales=scales) is not None for decimal in ".,")


def may_be_number(text: str) -> bool:
    """The same where any of the letters that may multiply does."""
    return reads_as_number(text, " ".join(LETTERS))
