"""Counts of every class that averaged scores are made of, bootstrapped: for labels and for tags alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from zhinan.core import UserError, suggest
from zhinan.proof import Judged, Measurement, Tagged
from zhinan.proof.judged import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["about", "answered", "mean_where", "of_class", "tables", "true_rows"]

FEWEST_ERRORS, FEWEST_OF_CLASS = 5, 10
"""With fewer errors, or examples of a class, resampling says nothing of how much a score varies."""
OTHER = "\x00other"

Table = Callable[["NDArray[np.int64]"], "NDArray[np.float64]"]


def about(judged: Judged | Tagged, part: str, *, seen: bool = True) -> Judged:
    """One class or tag against the rest, as labels: what every metric of one class is measured on.

    Args:
        seen: whether it has to occur in the truth; else it is enough that it is a class at all.

    Raises:
        UserError: E031 when it does not.
    """
    if isinstance(judged, Judged):
        if seen or part not in judged.classes:
            true_rows(judged, part)
        return judged
    true = dict(zip(judged.classes, np.asarray(judged.truth.any(axis=0)).tolist(), strict=True))
    if not true.get(part, False) and (seen or part not in true):
        raise UserError("E031", part=part, suggestion=suggest(part, [name for name, occurs in true.items() if occurs]))
    column = judged.classes.index(part)
    chance = None if judged.probability is None else judged.probability[:, column]
    return Judged(
        np.where(judged.truth[:, column], part, OTHER), np.where(judged.answer[:, column], part, OTHER),
        None if chance is None else np.column_stack([1 - chance, chance]),
        (OTHER, part), judged.person, judged.columns, judged.handover,
    )  # fmt: skip


def true_rows(judged: Judged, part: str) -> NDArray[np.bool_]:
    """Which rows are of the class. Raises: UserError E031 when none is."""
    rows: NDArray[np.bool_] = judged.truth == part
    if not rows.any():
        raise UserError("E031", part=part, suggestion=suggest(part, set(judged.truth.tolist())))
    return rows


def mean_where(counted: NDArray[np.bool_], above: NDArray[np.float64], below: NDArray[np.float64]) -> float:
    """Mean over the counted classes of above / below, 0 for 0 / 0; NaN of no class."""
    if not counted.any():
        return float("nan")
    return float(np.mean(above[counted] / np.maximum(below[counted], 1)))


def tables(judged: Judged | Tagged, score: Callable[..., float], *, every: bool = False) -> Measurement:
    """A score of the counts (hit, true, named) of every class, each shape (classes,), with its bootstrap bound.

    Args:
        every: whether rows without an answer count as a class of their own, as coefficients of the whole table need.

    Source: BCa bootstrap stratified by class, Efron, JASA 82 (1987); undecided with fewer than 5 errors or 10
    examples of a class.
    """
    table, strata, rarest, errors = _of_tags(judged) if isinstance(judged, Tagged) else _of_labels(judged, every)
    degenerate = f"only {errors} errors" if errors < FEWEST_ERRORS else None
    if degenerate is None and rarest < FEWEST_OF_CLASS:
        degenerate = f"a class has only {rarest} examples"
    return Measurement.bootstrap(
        lambda rows: float(score(*table(rows))), len(judged), strata=strata, person=judged.person, degenerate=degenerate
    )


def of_class(judged: Judged | Tagged, part: str, score: Callable[..., float]) -> Measurement:
    """As `tables`, of one class: a score of its three counts."""
    one = about(judged, part)
    true, named = one.truth == part, one.answer == part

    def statistic(rows: NDArray[np.int64]) -> float:
        t, a = true[rows], named[rows]
        return float(score(int((t & a).sum()), int(t.sum()), int(a.sum())))

    errors, size = int((true != named).sum()), int(true.sum())
    degenerate = f"only {errors} errors" if errors < FEWEST_ERRORS else None
    if degenerate is None and size < FEWEST_OF_CLASS:
        degenerate = f"a class has only {size} examples"
    strata = np.unique(one.truth, return_inverse=True)[1]
    return Measurement.bootstrap(statistic, len(one), strata=strata, person=one.person, degenerate=degenerate)


def _of_labels(judged: Judged, every: bool) -> tuple[Table, NDArray[np.int64], int, int]:
    names, codes = np.unique(np.concatenate([judged.truth, judged.answer]), return_inverse=True)
    true, named = codes[: len(judged)], codes[len(judged) :]
    right, size = true == named, len(names)
    kept = np.ones(size, bool) if every else names != NOTHING
    cells = true * size + named

    def small(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        whole = np.bincount(cells[rows], minlength=size * size).reshape(size, size)
        return np.stack([whole.diagonal(), whole.sum(axis=1), whole.sum(axis=0)])[:, kept].astype(float)

    def large(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        t, a = true[rows], named[rows]
        return np.stack([np.bincount(c, minlength=size)[kept] for c in (t[right[rows]], t, a)]).astype(float)

    table = small if size * size <= 4 * len(judged) + 100 else large
    rarest = int(np.unique(true, return_counts=True)[1].min(initial=len(judged)))
    return table, true, rarest, int((~right).sum())


def _of_tags(judged: Tagged) -> tuple[Table, None, int, int]:
    flags = [judged.truth & judged.answer, judged.truth, judged.answer]
    each = np.concatenate(flags, axis=1).astype(np.float32)

    def table(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        weight = np.bincount(rows, minlength=len(judged)).astype(np.float32)
        return (weight @ each).astype(float).reshape(3, -1)

    used = judged.truth.sum(axis=0)
    rarest = int(used[used > 0].min(initial=len(judged)))
    return table, None, rarest, int((judged.truth != judged.answer).any(axis=1).sum())


def answered(judged: Judged | Tagged) -> NDArray[np.bool_]:
    """Which rows were answered without a person; all where nothing is known of handing over."""
    return np.ones(len(judged), dtype=bool) if judged.handover is None else ~judged.handover
