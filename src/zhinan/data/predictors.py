"""How much one column alone tells of the target: what tells nearly all of it is rarely known before the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Dataset

__all__ = ["LEAST", "Told", "Z", "gives_away", "hanley", "told_by", "value_codes"]

Z = 2.576
"""Two-sided 99 %."""

_BINS = 32

LEAST = 5
"""Rows of a class, and of all others, below which nothing is told."""


@dataclass(frozen=True)
class Told:
    """What a column tells on rows it was not fitted on.

    Args: value: the area under the ROC curve, one class against the rest, mean over classes by their rows; for a target
        of numbers the share of its variance. lower: its 99 % lower bound. n: rows judged. part: that of a moment.
    """

    name: str
    value: float
    lower: float
    n: int
    part: str = ""


def told_by(train: Dataset, held: Dataset, columns: Sequence[Column]) -> list[Told]:
    """What each column alone tells, most first. Fitted on `train`: a table of values, or 32 bins of a number.

    Source: standard error of an area under the curve: Hanley & McNeil, Radiology 143 (1982).
    """
    if train.target is None or not len(train) or not len(held):
        return []
    numbers = train.target.kind == "number"
    found = []
    for column in columns:
        if column.kind in ("text", "image", "audio", "list", "id"):
            continue
        truth = (train.frame[train.target.name], held.frame[train.target.name])
        views = zip(_views(train.frame[column.name]), _views(held.frame[column.name]), strict=True)
        measured = []
        for (part, learned), (_, other) in views:
            codes, asked = value_codes(learned, other)
            told = _variance(codes, asked, *truth) if numbers else _areas(codes, asked, *truth)
            measured += [] if told is None else [Told(column.name, *told, len(held), part)]
        found += [max(measured, key=lambda told: told.lower)] if measured else []
    return sorted(found, key=lambda told: (-told.lower, told.name))


def _views(values: pl.Series) -> list[tuple[str, pl.Series]]:
    """A column as it is, and of moments each part by which recipes see them too."""
    if values.dtype != pl.Datetime:
        return [("", values)]
    of = values.dt
    seconds = of.hour().cast(pl.Int32) * 3600 + of.minute().cast(pl.Int32) * 60 + of.second()
    return [
        ("", values),
        ("time of day", seconds),
        ("weekday", of.weekday()),
        ("day of month", of.day()),
        ("end of month", (of.month_end().dt.day() == of.day()).cast(pl.Int8)),
        ("month", of.month()),
    ]


def value_codes(learned: pl.Series, asked: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Both columns as codes 0 … k; 0 for what is missing or was never seen."""
    if learned.dtype.is_numeric() or learned.dtype.is_temporal():
        one, other = (s.to_physical().cast(pl.Float64).to_numpy() for s in (learned, asked))
        known = one[np.isfinite(one)]
        levels = np.unique(known)
        if len(levels) > _BINS:
            levels = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)))
        sides = [np.where(np.isfinite(v), np.searchsorted(levels, v, side="right") + 1, 0) for v in (one, other)]
        return sides[0].astype(np.int64), sides[1].astype(np.int64)
    names = learned.cast(pl.String).drop_nulls().unique()
    place = dict(zip(names.to_list(), range(1, len(names) + 1), strict=True))
    return tuple(  # type: ignore[return-value]
        s.cast(pl.String).replace_strict(place, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
        for s in (learned, asked)
    )


def _areas(
    codes: npt.NDArray[np.int64], asked: npt.NDArray[np.int64], taught: pl.Series, truth: pl.Series
) -> tuple[float, float] | None:
    size = int(max(codes.max(initial=0), asked.max(initial=0))) + 1
    all_of = np.bincount(codes, minlength=size)
    classes = taught.unique().to_list()
    area, spread, weights = [], [], []
    for label in classes:
        mine, right = (taught == label).to_numpy(), (truth == label).to_numpy()
        n, m = int(right.sum()), int((~right).sum())
        if n < LEAST or m < LEAST:
            continue
        prior = mine.mean()
        score = ((np.bincount(codes[mine], minlength=size) + 2 * prior) / (all_of + 2))[asked]
        a = (pl.Series(score).rank().to_numpy()[right].sum() - n * (n + 1) / 2) / (n * m)
        area.append(a)
        spread.append(hanley(a, n, m))
        weights.append(n)
    if not area:
        return None
    share = np.array(weights) / sum(weights)
    value = float(share @ np.array(area))
    error = float(np.sqrt(share**2 @ np.array(spread)))
    return value, value - Z * error


def hanley(area: float, n: int, m: int) -> float:
    """Variance of an area; of a perfect one that of one mistake, so that few rows never look certain."""
    a = min(area, 1 - 1 / (2 * n * m))
    one, two = a / (2 - a), 2 * a * a / (1 + a)
    return max(a * (1 - a) + (n - 1) * (one - a * a) + (m - 1) * (two - a * a), 0.0) / (n * m) + 1 / (4 * n * n)


def _variance(
    codes: npt.NDArray[np.int64], asked: npt.NDArray[np.int64], taught: pl.Series, truth: pl.Series
) -> tuple[float, float] | None:
    known, right = taught.to_numpy().astype(float), truth.to_numpy().astype(float)
    if right.size < 20 or right.var() == 0:
        return None
    size = int(max(codes.max(initial=0), asked.max(initial=0))) + 1
    mean = (np.bincount(codes, known, size) + 2 * known.mean()) / (np.bincount(codes, minlength=size) + 2)
    r = float(np.corrcoef(mean[asked], right)[0, 1]) if np.ptp(mean[asked]) > 0 else 0.0
    lower = np.tanh(np.arctanh(min(max(r, 0.0), 1 - 1e-9)) - Z / np.sqrt(max(right.size - 3, 1)))
    return max(r, 0.0) ** 2, float(max(lower, 0.0) ** 2)


def gives_away(column: pl.Series, target: pl.Series) -> bool:
    """Whether a column alone tells the target without an error, on at least 20 rows and by values that repeat.

    A number does when the classes lie in as many separate ranges as there are classes.
    """
    known = pl.DataFrame([column.alias("value"), target.alias("label")]).drop_nulls()
    classes = known["label"].n_unique()
    if known.height < 20 or 2 * known.height < len(column) or classes < 2:
        return False
    if column.dtype.is_numeric() or column.dtype.is_temporal():
        ordered = known.sort("value", "label")["label"]
        changes = int((ordered != ordered.shift()).fill_null(False).sum())
        tied = known.unique().height > known["value"].n_unique()
        return changes == classes - 1 and not tied
    values = known["value"].n_unique()
    return 2 * values <= known.height and known.unique().height == values
