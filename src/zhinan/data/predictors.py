"""How much one column alone tells of the target: what tells nearly all of it is rarely known before the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from zhinan.core import Column, Dataset
from zhinan.steps.values.lists import items_of

__all__ = ["LEAST", "Ints", "Told", "Z", "given_away", "gives_away", "hanley", "rows_of", "told_by", "value_codes"]

Z = 2.576
"""Two-sided 99 %."""

_BINS = 32

LEAST = 5
"""Rows of a class, and of all others, below which nothing is told."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Told:
    """What a column tells on rows it was not fitted on.

    Args: value: the area under the ROC curve, one class against the rest, mean over classes by their rows; for a target
        of numbers the share of its variance. lower: its 99 % lower bound. n: rows judged. part: that of a moment.
        label: of a target of several labels, the one of which the column tells most.
    """

    name: str
    value: float
    lower: float
    n: int
    part: str = ""
    label: str = ""


def told_by(train: Dataset, held: Dataset, columns: Sequence[Column]) -> list[Told]:
    """What each column alone tells, and each text's length, most first. Fitted on `train`: a table of values, or 32
    bins of a number.

    Source: standard error of an area under the curve: Hanley & McNeil, Radiology 143 (1982).
    """
    if train.target is None or not len(train) or not len(held):
        return []
    truth = (train.frame[train.target.name], held.frame[train.target.name])
    classes = {} if train.target.kind == "number" else _pairs(*truth, train.target.kind)
    asked_of = [(label, [rows]) for label, rows in classes.items()]
    if train.target.kind == "category":
        asked_of = [("", list(classes.values()))]
    found = []
    for column in columns:
        if column.kind in ("image", "audio", "list", "id"):
            continue
        views = zip(*(_views(part.frame[column.name], column.kind) for part in (train, held)), strict=True)
        measured = []
        for (part, learned), (_, other) in views:
            codes, asked = value_codes(learned, other)
            if train.target.kind == "number":
                tells = {"": _variance(codes, asked, *truth)}
            else:
                tells = {label: _areas(codes, asked, rows) for label, rows in asked_of}
            measured += [
                Told(column.name, *told, len(held), part, label) for label, told in tells.items() if told is not None
            ]
        found += [max(measured, key=lambda told: told.lower)] if measured else []
    return sorted(found, key=lambda told: (-told.lower, told.name))


def rows_of(target: pl.Series, kind: str) -> dict[str, Ints]:
    """The rows of each class, or of each label where a row has several."""
    said = pl.DataFrame({"row": np.arange(len(target)), "label": target.cast(pl.String)})
    if kind == "list":
        said = said.with_columns(pl.col("label").map_elements(items_of, pl.List(pl.String))).explode("label")
    grouped = said.drop_nulls().group_by("label", maintain_order=True).agg("row")
    return {label: rows.to_numpy() for label, rows in zip(grouped["label"], grouped["row"], strict=True)}


def _pairs(taught: pl.Series, truth: pl.Series, kind: str) -> dict[str, tuple[Ints, Ints]]:
    """Of each class or label its rows to learn from, and those to judge by."""
    right = rows_of(truth, kind)
    return {label: (rows, right[label]) for label, rows in rows_of(taught, kind).items() if label in right}


def _views(values: pl.Series, kind: str) -> list[tuple[str, pl.Series]]:
    """A column as it is, of a text its length, and of moments each part by which recipes see them too."""
    if kind == "text":
        return [("length", values.str.len_chars())]
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


def _areas(codes: Ints, asked: Ints, classes: Sequence[tuple[Ints, Ints]]) -> tuple[float, float] | None:
    """The mean over classes of the area of each against the rest, and its lower bound.

    Args: codes, asked: (n,) of a value, of the rows to learn from and of those to judge by; classes: of each its rows.
    """
    size = int(max(codes.max(initial=0), asked.max(initial=0))) + 1
    all_of, judged = np.bincount(codes, minlength=size), np.bincount(asked, minlength=size)
    area, spread, weights = [], [], []
    for mine, right in classes:
        n, m = len(right), len(asked) - len(right)
        if n < LEAST or m < LEAST:
            continue
        score = (np.bincount(codes[mine], minlength=size) + 2 * len(mine) / len(codes)) / (all_of + 2)
        place = np.unique(score, return_inverse=True)[1]
        yes = np.bincount(place, np.bincount(asked[right], minlength=size))
        no = np.bincount(place, judged) - yes
        a = float(yes @ (np.cumsum(no) - no / 2)) / (n * m)
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


def given_away(column: pl.Series, held: Mapping[str, Ints]) -> list[str]:
    """Of several labels a row those that a column alone tells without an error: each against the rest, as `gives_away`.

    Args: held: the rows of each label.
    """
    known = column.is_not_null().to_numpy()
    count = int(known.sum())
    if count < 20 or 2 * count < len(column):
        return []
    held = {label: rows[known[rows]] for label, rows in held.items()}
    held = {label: rows for label, rows in held.items() if LEAST <= len(rows) <= count - LEAST}
    if column.dtype.is_numeric() or column.dtype.is_temporal():
        values = column.to_physical().to_numpy()
        ordered = np.sort(values[known])
        below = {c: np.searchsorted(ordered, values[rows].max(), side="right") for c, rows in held.items()}
        above = {c: count - np.searchsorted(ordered, values[rows].min(), side="left") for c, rows in held.items()}
        return [label for label, rows in held.items() if len(rows) in (below[label], above[label])]
    codes = column.cast(pl.String).rank("dense").fill_null(0).to_numpy().astype(np.int64)
    each = np.bincount(codes)
    if 2 * (len(each) - 1) > count:
        return []
    mine = {label: np.bincount(codes[rows], minlength=len(each)) for label, rows in held.items()}
    return [label for label, counts in mine.items() if ((counts == 0) | (counts == each)).all()]
