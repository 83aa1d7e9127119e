"""A forest among the terms of a score: what it reads, and what each of its features said of one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from zhinan.evaluate._tree_shap import Paths

__all__ = ["Grown", "Read"]

Read: TypeAlias = tuple[tuple[str, ...], np.ndarray | None, np.ndarray | None]
"""Names of values and, where trees read the scores of a head, its weight and bias."""


@dataclass(frozen=True, eq=False)
class Grown:
    """A forest among the terms.

    Args:
        paths: the ways to its leaves. matrix: (outputs, classes), to be multiplied by `scale`.
        reads: the values whose features it reads, in order: one name of dense ones, or two of sparse ones with the
            head (weight, bias) whose scores it reads.
        columns: for each feature the input columns it is made of. bias: (classes,), where the scores are logarithms of
            the raw ones times the matrix plus this.
    """

    paths: Paths
    matrix: np.ndarray
    scale: float
    reads: tuple[Read, ...]
    columns: tuple[tuple[str, ...], ...]
    bias: np.ndarray | None = None
    kind: str = "trees"

    def pair(self, values: Mapping[str, Any], row: int, pair: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """As of a `Term`; the last contribution, of no feature, is the mean over training rows.

        Where scores are logarithms, each feature gets its share of what the logarithm moves by.

        Source: the rescale rule, Shrikumar, Greenside & Kundaje, DeepLIFT (ICML 2017).
        """
        features = self._features(values, row)
        first, second = (self.matrix[:, place].astype(np.float64) for place in pair)
        if self.bias is None:
            said = self._said(features, first - second)
        else:
            outputs = np.flatnonzero((first != 0) | (second != 0))  # of two classes one says it for both
            each = np.zeros((len(first), len(features) + 1))
            each[outputs] = [self._said(features, weights) for weights in np.eye(len(first))[outputs]]
            said = _logged(first @ each, self.bias[pair[0]]) - _logged(second @ each, self.bias[pair[1]])
        return np.arange(len(said)), self.scale * said

    def _said(self, features: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.append(self.paths.said(features, weights), self.paths.expected(weights))

    def _features(self, values: Mapping[str, Any], row: int) -> np.ndarray:
        parts = []
        for names, weight, bias in self.reads:
            given = [np.asarray(values[name])[row] for name in names]
            if weight is None or bias is None:
                parts.append(given[0])
            else:
                index, amount = given if len(given) == 2 else (np.arange(len(given[0])), given[0])
                scores = amount.astype(np.float64) @ weight[index].astype(np.float64) + bias
                parts.append(scores.astype(np.float32))
        return np.concatenate(parts)

    def by_column(self, contribution: np.ndarray) -> dict[str, float]:
        """What each input column said: its features' sum; a feature made of several columns is shared out evenly."""
        found: dict[str, float] = {}
        for columns, weight in zip(self.columns, contribution[:-1].tolist(), strict=True):
            for name in columns:
                found[name] = found.get(name, 0.0) + weight / len(columns)
        return found


def _logged(said: np.ndarray, bias: float) -> np.ndarray:
    """What each feature says for the logarithm of a chance, of what it says for the chance; last the mean."""
    usual, moved = float(said[-1] + bias), float(said[:-1].sum())
    slope = np.log1p(moved / usual) / moved if moved else 1 / usual
    return np.append(slope * said[:-1], np.log(usual))
