"""What each feature of a row said in a forest: exact Shapley values of the trees' own expectations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from zhinan.recipes._forest import Forest, Tree

__all__ = ["Paths", "paths_of"]


@dataclass(frozen=True, eq=False)
class Paths:
    """The way to every leaf of a forest: on it each feature at most once, with the range that leads there.

    Args, for `leaves` ways of at most `longest` features:
        value: (leaves,) what the leaf adds. output: (leaves,) to which raw score. share: (leaves,) of training rows.
        length: (leaves,) features on the way. feature: (leaves, longest), 0 where the way is shorter.
        above, upto: what leads there is more than `above` and at most `upto`. missing: whether NaN leads there.
        share_of: how many training rows go the right way, of those that come to the feature's splits; 1 as padding.
    """

    value: np.ndarray
    output: np.ndarray
    share: np.ndarray
    length: np.ndarray
    feature: np.ndarray
    above: np.ndarray
    upto: np.ndarray
    missing: np.ndarray
    share_of: np.ndarray

    def expected(self, weights: np.ndarray) -> float:
        """The mean over training rows of the raw scores' weighted sum; weights: (outputs,)."""
        return float((self.value * self.share * weights[self.output]).sum())

    def said(self, row: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """What each feature (width,) adds to the weighted sum of the raw scores of a row (width,), beyond the mean.

        On the way to one leaf a feature's Shapley value is the mean, over a chance t that each of the others is known,
        of the product of what they say; that product is a polynomial in t, whose mean a few points give exactly.

        Source: Lundberg, Erion & Lee (2018), "Consistent individualized feature attribution for tree ensembles",
            path-dependent; Owen, "Multilinear extensions of games", Management Science 18 (1972).
        """
        seen = row[self.feature]
        there = np.where(np.isnan(seen), self.missing, ~(seen <= self.above) & (seen <= self.upto))
        there |= np.isneginf(seen) & np.isneginf(self.above)
        inside = np.arange(self.feature.shape[1]) < self.length[:, None]
        gain = np.where(inside, there - self.share_of, 0.0)
        points, masses = _points(self.feature.shape[1] // 2 + 1)
        mean = np.zeros(gain.shape)
        for point, mass in zip((points + 1) / 2, masses / 2, strict=True):
            each = self.share_of + point * gain  # never 0: some row was there, and t < 1
            mean += mass * each.prod(axis=1, keepdims=True) / each
        scaled = (self.value * weights[self.output])[:, None] * mean * gain
        found: np.ndarray = np.bincount(self.feature[inside], scaled[inside], minlength=len(row))
        return found


@cache
def _points(count: int) -> tuple[np.ndarray, np.ndarray]:
    """So many points and masses that give the mean of a polynomial."""
    return np.polynomial.legendre.leggauss(count)


def paths_of(forest: Forest) -> Paths:
    """The ways to all leaves of a forest."""
    ways = [way for tree in forest.trees for way in _ways(tree)]
    longest = max([len(splits) for *_, splits in ways] + [1])
    shape = (len(ways), longest)
    feature, missing = np.zeros(shape, np.int64), np.zeros(shape, bool)
    above, upto, share_of = np.full(shape, -np.inf), np.full(shape, np.inf), np.ones(shape)
    for i, (*_, splits) in enumerate(ways):
        for j, (name, (low, high, lost, share)) in enumerate(splits.items()):
            feature[i, j], above[i, j], upto[i, j], missing[i, j], share_of[i, j] = name, low, high, lost, share
    length = np.array([len(splits) for *_, splits in ways])
    value, output, covered = (np.array([way[i] for way in ways]) for i in range(3))
    return Paths(value, output, covered, length, feature, above, upto, missing, share_of)


Range = tuple[float, float, bool, float]


def _ways(tree: Tree) -> list[tuple[float, int, float, dict[int, Range]]]:
    """(value, output, share of rows, feature → range) of each leaf."""
    feature, threshold, missing, left, right, value, cover = (
        getattr(tree, part).tolist() for part in ("feature", "threshold", "missing", "left", "right", "value", "cover")
    )
    found = []
    waiting: list[tuple[int, dict[int, Range]]] = [(0, {})]
    while waiting:
        place, splits = waiting.pop()
        name = feature[place]
        if name < 0:
            found.append((value[place], tree.output, cover[place] / cover[0], splits))
            continue
        low, high, lost, share = splits.get(name, (-np.inf, np.inf, True, 1.0))
        cut, goes_left = threshold[place], missing[place]
        for child, bounds, there in (
            (left[place], (low, min(high, cut)), goes_left),
            (right[place], (max(low, cut), high), not goes_left),
        ):
            part = share * (cover[child] / cover[place])
            waiting.append((child, {**splits, name: (*bounds, lost and there, part)}))
    return found
