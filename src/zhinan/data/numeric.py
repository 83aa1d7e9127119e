"""Checks that look at a target of numbers: numbers in texts, gaps that tell it, equal inputs with far other ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Words
from zhinan.data.findings import finding
from zhinan.data.gaps import gaps_that_tell
from zhinan.data.kinds import convert
from zhinan.data.notations import number_notation_of
from zhinan.data.rows import Rows, examples
from zhinan.data.types import Finding, Loaded
from zhinan.steps.mask import redact
from zhinan.steps.values.numbers import MixedUnitsError, read_number

__all__ = ["check_numbers", "no_numbers", "number_conflicts"]

_ROWS, _CHARACTERS = 20_000, 2_000
_LEAST, _SHARE, _CHANCE = 10, 0.05, 4
"""Texts with their own number from which it is said: so many, of all, and times as many as would have it by chance."""

_NUMBER = re.compile(r"[0-9]+(?:[.,'\u00a0\u202f ][0-9]+)*")


def check_numbers(rows: Rows, inputs: Sequence[Column], target: Column) -> list[Finding]:
    """What inputs tell of a target of numbers. Args: rows: none that are sealed."""
    texts = [column.name for column in inputs if column.kind == "text"]
    quarters = replace(rows, frame=rows.frame.with_columns(_quarters(rows.frame[target.name])))
    gaps = gaps_that_tell(quarters, inputs, replace(target, kind="category"))
    return [*_written_out(rows, texts, target.name), *gaps]


def no_numbers(target: Column, values: pl.Series) -> Words | None:
    """What keeps a target that is mostly numbers from being one of numbers: several units, or a few words.

    Args: values: of the target, as texts.
    """
    try:
        column = replace(target, kind="number", notation=number_notation_of(values))
    except MixedUnitsError as error:
        units = ", ".join(f"{unit} {n}" for unit, n in error.counts.items())
        return Words(f"its numbers are in several units: {units}", f"其数值单位不一：{units}")
    unfit = values.filter(convert(values, column)[1])
    if unfit.is_empty() or 2 * len(unfit) > len(values):
        return None
    words = unfit.value_counts(sort=True).head(3)[unfit.name].sort()
    shown = ", ".join(redact(word)[:40] for word in words)
    return Words(f"{len(unfit):,} of its values are no numbers: {shown}", f"其中 {len(unfit):,} 个值不是数字：{shown}")


def number_conflicts(loaded: Loaded, same: npt.NDArray[np.int64]) -> list[Finding]:
    """Rows of equal inputs whose numbers are further apart than half of what the middle half of all of them spans.

    Args: same: the example that each row is, of all rows, shape (n,).
    """
    target = loaded.dataset.target
    if target is None:
        return []
    parts = [loaded.dataset] if loaded.test is None else [loaded.dataset, loaded.test]
    told = pl.DataFrame({"example": same, "number": pl.concat(part.frame[target.name] for part in parts)})
    low, high = np.quantile(told["number"].to_numpy(), [0.25, 0.75])
    spans = (pl.col("number").max() - pl.col("number").min()).over("example")
    torn = told.with_row_index("row").filter(spans > max((high - low) / 2, 0.0)).sort("example", "row")["row"]
    if torn.is_empty() or not high > low:
        return []
    names = [*(column.name for column in loaded.dataset.inputs), target.name]
    return [finding("number_conflicts", len(torn), examples(loaded, torn[:5].to_list(), names))]


def _quarters(values: pl.Series) -> pl.Series:
    """In which quarter of all of them each number lies, in words."""
    numbers = values.to_numpy()
    ends = np.unique(np.quantile(numbers, [0.25, 0.5, 0.75])) if len(numbers) else np.zeros(0)
    told = [f"≤ {end:.6g}" for end in ends] + [f"> {end:.6g}" for end in ends[-1:]]
    return pl.Series(values.name, [told[at] for at in np.searchsorted(ends, numbers)], pl.String)


def _written_out(rows: Rows, texts: Sequence[str], target: str) -> list[Finding]:
    """Texts that hold their own number, far more often than they hold that of another row."""
    numbers = rows.frame[target].head(_ROWS).to_list()
    hits, columns = [], []
    for name in texts:
        told = [_numbers_in(text or "") for text in rows.frame[name].head(_ROWS)]
        own = [i for i, (held, number) in enumerate(zip(told, numbers, strict=True)) if number in held]
        others = numbers[len(numbers) // 2 :] + numbers[: len(numbers) // 2]
        chance = sum(number in held for held, number in zip(told, others, strict=True))
        if len(own) >= max(_LEAST, _SHARE * len(numbers)) and len(own) > _CHANCE * chance:
            hits += own
            columns.append(name)
    return [finding("number_in_text", len(hits), rows.shown(hits, [*columns, target]))] if hits else []


def _numbers_in(text: str) -> set[float]:
    found = [match[0] for match in _NUMBER.finditer(text[:_CHARACTERS])]
    pieces = [*found, *(part for one in found for part in re.split(r"[^0-9.,']", one) if part != one)]
    read = (read_number(piece, decimal) for piece in pieces for decimal in ".,")
    return {amount.value for amount in read if amount is not None}
