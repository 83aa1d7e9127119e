"""Whether the rows to learn from look like the sealed ones: their inputs, and how many rows each class has; no answer
to a row is looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Dataset
from zhinan.data.findings import finding
from zhinan.data.media import MEDIA
from zhinan.data.types import Finding
from zhinan.steps.values.written import part_of

__all__ = ["check_drift", "check_mix", "independent", "shift"]

LARGE, RISK = 0.10, 0.001
"""A distance of distributions worth saying; the chance, over all columns, to say so of rows that are alike."""

MIXED = 0.05
"""Share of rows that would have to be of another class from which on a mix of classes is another one."""

FAR = 0.5
"""A distance from which on what is learned is hardly of what is proved: it costs quality."""


def check_drift(learned: Dataset, sealed: Dataset) -> list[Finding]:
    """Says which input columns are distributed differently in the sealed set.

    Names of files say nothing of that, and where rows are split by time every moment is later there.
    """
    silent = (*MEDIA, "time") if learned.time else MEDIA
    risk = RISK / max(len(learned.inputs), 1)
    moved = {}
    for column in (column for column in learned.inputs if column.kind not in silent):
        distance, chance = shift(learned.frame[column.name], sealed.frame[column.name], column, least=LARGE)
        if distance >= LARGE and chance < risk:
            moved[column.name] = distance
    if not moved:
        return []
    ordered = sorted(moved.items(), key=lambda item: -item[1])
    told = finding("drift", len(moved), [f"{name}: {distance:.0%}" for name, distance in ordered])
    return [replace(told, damage=2) if ordered[0][1] >= FAR else told]


def check_mix(learned: Dataset, sealed: Dataset) -> list[Finding]:
    """Says which classes have another share in the sealed set, those farthest apart first."""
    target = learned.target
    if target is None or target.kind not in ("category", "flag"):
        return []
    distance, chance = shift(learned.frame[target.name], sealed.frame[target.name], target, least=MIXED)
    if distance < MIXED or chance >= RISK:
        return []
    counts = [Counter(map(part_of, part.values(target.name))) for part in (learned, sealed)]
    shares = {name: tuple(count[name] / count.total() for count in counts) for name in counts[0] | counts[1]}
    farthest = sorted(shares, key=lambda name: (-abs(shares[name][0] - shares[name][1]), name))
    shown = [f"{name}: {shares[name][0]:.1%} → {shares[name][1]:.1%}" for name in farthest]
    of, share = f"{len(sealed):,}", f"{distance:.1%}"
    told = finding("class_mix", round(distance * len(sealed)), shown, of=of, share=share)
    return [replace(told, damage=2) if distance >= LARGE else told]


def shift(one: pl.Series, other: pl.Series, column: Column, *, least: float = 0.0) -> tuple[float, float]:
    """How far two samples' distributions are apart (0 … 1), and the chance of that between samples that are alike.

    Numbers and moments: Kolmogorov & Smirnov. Words: total variation over the values, its chance by chi-square with
    rare values as one. Texts: by their length.

    Args: least: of a smaller distance the chance is not asked, and told as 1.
    """
    if column.kind == "text":
        one, other = one.str.len_chars().fill_null(0), other.str.len_chars().fill_null(0)
    if one.dtype.is_numeric() or one.dtype.is_temporal():
        a, b = (s.drop_nulls().to_physical().cast(pl.Float64).to_numpy() for s in (one, other))
        if min(a.size, b.size) < 20:
            return 0.0, 1.0
        distance = _largest_gap(a, b)
        if distance < least:
            return distance, 1.0
        from scipy.special import kolmogorov

        return distance, float(kolmogorov(distance * (a.size * b.size / (a.size + b.size)) ** 0.5))
    counts = [dict(s.cast(pl.String).fill_null("").value_counts().iter_rows()) for s in (one, other)]
    names = sorted(set(counts[0]) | set(counts[1]))
    table = np.array([[side.get(name, 0) for name in names] for side in counts], dtype=float)
    rare = table.sum(axis=0) < 10
    table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or table.sum(axis=1).min() < 20:
        return 0.0, 1.0
    shares = table / table.sum(axis=1, keepdims=True)
    distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
    if distance < least:
        return distance, 1.0
    return distance, independent(table)


def independent(table: npt.NDArray[np.float64]) -> float:
    """The chance of counts as uneven, or more, were rows and columns independent: chi-square, of 2 × 2 by Yates.

    `scipy.stats`, which has it too, takes longer to import than all columns of most tables take.
    """
    from scipy.special import chdtrc

    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    off = np.abs(table - expected)
    off -= np.minimum(off, 0.5) if table.shape == (2, 2) else 0.0
    return float(chdtrc((table.shape[0] - 1) * (table.shape[1] - 1), (off**2 / expected).sum()))


def _largest_gap(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """How far the shares of rows up to a value differ at most, which is Kolmogorov & Smirnov's distance."""
    values = np.concatenate((one, other))
    up_to = [np.searchsorted(np.sort(side), values, side="right") / side.size for side in (one, other)]
    return float(np.abs(up_to[0] - up_to[1]).max())
