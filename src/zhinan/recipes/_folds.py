"""Cuts training rows into folds inside a recipe: what stands together is judged together."""

from __future__ import annotations

import numpy as np

from zhinan.data.tags import rarest

__all__ = ["folds"]


def folds(target: np.ndarray, count: int, units: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    """The fold (n,) of each row; every fold has the classes, rarest labels or range of a number in their shares.

    Args:
        count: how many folds; fewer where there are fewer rows or units.
        units: (n,) codes of what must not be torn apart, such as one person's rows; None, or a single one, for rows.
            Units of as many rows are dealt out by the target of their first row.
    """
    target = rarest(target) if target.ndim == 2 else target
    first, unit, size = np.unique(np.arange(len(target)) if units is None else units,
                                  return_index=True, return_inverse=True, return_counts=True)[1:]  # fmt: skip
    if len(first) < 2 < len(target):
        return folds(target, count, None, seed)
    order = np.lexsort((np.random.default_rng(seed).random(len(first)), target[first], -size))
    fold: np.ndarray = np.empty(len(first), np.int64)
    fold[order] = np.arange(len(first)) % min(count, max(len(first), 1))
    return fold[unit]
