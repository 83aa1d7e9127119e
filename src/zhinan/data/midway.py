"""Says where a file changes half-way: columns end where others begin, numbers are of another unit from there on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column
from zhinan.data.findings import finding
from zhinan.data.rows import Rows
from zhinan.data.types import Finding

__all__ = ["changed_midway"]

_ROWS, _PART = 40, 0.05
"""Rows in all, and the share of them that stands on either side of a change at least."""
_NEAR, _FILLED = 0.01, 0.5
"""Share of the rows by which the end of a column and the beginning of another may be apart, and of those within that
have a value."""
_GAP, _SIDES = 10.0, 0.99
"""How many times as large the next number is where numbers are of two units, and the share of each that is on its side
of the change."""


def changed_midway(rows: Rows, inputs: Iterable[Column]) -> list[Finding]:
    """What a program writes otherwise from some row on, such as `msg` as `message`, and seconds as milliseconds.

    Args: rows: in the order of the files.
    """
    if rows.frame.height < _ROWS:
        return []
    inputs = tuple(inputs)
    shown = [*_renamed(rows, inputs), *_rescaled(rows, inputs)]
    return [finding("changed_midway", len(shown), shown)] if shown else []


def _renamed(rows: Rows, inputs: Iterable[Column]) -> list[tuple[str, ...]]:
    """Columns that have values up to a row alone, beside those that have them from there on."""
    height = rows.frame.height
    ends: dict[int, list[str]] = {}
    begins: dict[int, list[str]] = {}
    for column in inputs:
        said = np.flatnonzero(rows.frame[column.name].is_not_null().to_numpy())
        if not _PART * height <= said.size <= (1 - _PART) * height:
            continue
        first, behind = int(said[0]), int(said[-1]) + 1
        if said.size < _FILLED * (behind - first):
            continue
        if first < _NEAR * height and behind <= (1 - _PART) * height:
            ends.setdefault(behind, []).append(column.name)
        elif behind > (1 - _NEAR) * height and first >= _PART * height:
            begins.setdefault(first, []).append(column.name)
    found: list[tuple[str, ...]] = []
    for place in sorted(begins):
        gone = [name for end, names in ends.items() if abs(end - place) <= max(1, _NEAR * height) for name in names]
        if gone:
            found.append((rows.frame["_place"][place] or "", f"{', '.join(gone)} → {', '.join(begins[place])}"))
    return found


def _rescaled(rows: Rows, inputs: Iterable[Column]) -> list[tuple[str, ...]]:
    """Columns of numbers that are many times as large, or as small, from some row on."""
    found: list[tuple[str, ...]] = []
    for column in inputs:
        if column.kind != "number":
            continue
        values = rows.frame[column.name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        at = np.flatnonzero(np.isfinite(values) & (values > 0))
        if at.size < max(_ROWS, 0.9 * np.isfinite(values).sum()) or (place := _step(values[at])) == 0:
            continue
        before, after = np.median(values[at[:place]]), np.median(values[at[place:]])
        times = after / before if after > before else before / after
        told = f"about {'' if after > before else '1/'}{float(f'{times:.1g}'):,.10g} times as large from here on"
        found.append((rows.frame["_place"][int(at[place])] or "", f"{column.name}: {told}"))
    return found


def _step(values: npt.NDArray[np.float64]) -> int:
    """Where positive numbers of one size end and those of another begin; 0 where they do not."""
    order = np.sort(values)
    edge = max(1, int(_PART * order.size))
    ratios = order[edge : -edge + 1 or None] / order[edge - 1 : -edge]
    if not ratios.size or ratios.max() < _GAP:
        return 0
    large = values > order[edge - 1 + int(ratios.argmax())]
    count = int(large.sum())
    place = count if large[: count // 2 + 1].all() else order.size - count
    first = large[:place].mean()
    second = large[place:].mean()
    return place if max(first, second) >= _SIDES and min(first, second) <= 1 - _SIDES else 0
