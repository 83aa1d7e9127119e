"""What each feature of a row said in a forest: exact Shapley values of the trees' own expectations."""

from __future__ import annotations

from dataclasses import dataclass

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

        Source: Lundberg, Erion & Lee (2018), "Consistent individualized feature attribution for tree ensembles",
            path-dependent. A feature's Shapley value on the way to one leaf needs only the products of the others, so
            all leaves are computed at once, as polynomials in how many of the others are known.
        """
        seen = row[self.feature]
        there = np.where(np.isnan(seen), self.missing, ~(seen <= self.above) & (seen <= self.upto))
        there |= np.isneginf(seen) & np.isneginf(self.above)
        there &= np.arange(self.feature.shape[1]) < self.length[:, None]
        scale = self.value * weights[self.output]
        found = np.zeros(len(row))
        orders = _orders(self.length)
        for place in range(self.feature.shape[1]):
            inside = place < self.length
            known = self._others(there, place)
            weight = (known * orders).sum(axis=1)
            gain = scale * weight * (there[:, place] - self.share_of[:, place])
            np.add.at(found, self.feature[inside, place], gain[inside])
        return found

    def _others(self, there: np.ndarray, left_out: int) -> np.ndarray:
        """(leaves, longest): for each count of known features but one, the sum of products over all such choices."""
        made = np.zeros(there.shape)
        made[:, 0] = 1.0
        for place in range(there.shape[1]):
            if place == left_out:
                continue
            longer = made * self.share_of[:, place, None]
            longer[:, 1:] += made[:, :-1] * there[:, place, None]
            made = longer
        return made


def _orders(length: np.ndarray) -> np.ndarray:
    """(leaves, longest) s! (m − s − 1)! / m! for the m features of a way and s known ones; 0 beyond."""
    from scipy.special import gammaln

    longest = int(length.max(initial=1))
    s, m = np.arange(longest), length[:, None]
    real = s < m
    logged = gammaln(s + 1.0) + gammaln(np.where(real, m - s, 1)) - gammaln(m + 1.0)
    return np.where(real, np.exp(logged), 0.0)


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
    found = []
    waiting: list[tuple[int, dict[int, Range]]] = [(0, {})]
    while waiting:
        place, splits = waiting.pop()
        name = int(tree.feature[place])
        if name < 0:
            found.append((float(tree.value[place]), tree.output, float(tree.cover[place] / tree.cover[0]), splits))
            continue
        low, high, lost, share = splits.get(name, (-np.inf, np.inf, True, 1.0))
        cut, goes_left = float(tree.threshold[place]), bool(tree.missing[place])
        for child, bounds, there in (
            (int(tree.left[place]), (low, min(high, cut)), goes_left),
            (int(tree.right[place]), (max(low, cut), high), not goes_left),
        ):
            part = share * float(tree.cover[child] / tree.cover[place])
            waiting.append((child, {**splits, name: (*bounds, lost and there, part)}))
    return found
