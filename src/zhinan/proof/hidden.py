"""What resamples of clusters cannot show of a score: heavy clusters that fail, and did not in this sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhinan.proof.clusters import Design, design

__all__ = ["Hidden", "hidden_of_two", "hidden_rows"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST, OF_ONE = 1_000, 25
"""Rows left out in turn to see each one's influence, and how many of one cluster where there are more rows."""


@dataclass(frozen=True, eq=False)
class Hidden:
    """How far a bound of a score goes at least, for what clusters may hide.

    Args:
        reach: one-sided δ to the variance that the bound goes by. end: δ, and whether from below, to the score that
            the largest share of failures that stay unseen (`Design.unseen`) would make, on top of what was seen.
    """

    reach: Callable[[float], float]
    end: Callable[[float, bool], float]


def hidden_rows(statistic: Callable[[Ints], float], value: float, codes: Ints, seed: int = 0) -> Hidden:
    """What clusters may hide from a score of rows. Choose it beside any bootstrap of whole clusters.

    Each row's influence on the score takes the place of an outcome: it tells how alike the rows of a cluster are, and
    so what all of them are worth (`Design.size`), and which rows pull the score down or up. Unseen failures are taken
    to be like those.

    Args:
        statistic: of row numbers, shape (m,) with repeats, to the score. value: of all rows.
        codes: shape (n,), the cluster of each row, 0…G−1.

    Source: jackknife influences, Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982).
    """
    n = codes.size
    rows, every = _looked_at(codes, seed), np.arange(n)
    pulls = np.asarray([value - statistic(np.delete(every, row)) for row in rows]) * ((n - 1) / n)
    pulls -= pulls.mean()
    seen = design(pulls / max(float(np.abs(pulls).max(initial=0.0)), 1e-300), codes[rows])
    variance = float(pulls @ pulls) * n / rows.size
    sizes = np.sort(np.bincount(codes).astype(float))[::-1]
    worst = max(1.0, float(sizes @ sizes) / n)
    deff = seen.deff if rows.size == n else 1 + (worst - 1) * seen.alike
    clusters = seen.persons / max(sizes.size, 1)
    whole = Design(n, sizes.size, deff, worst, seen.degrees / clusters, sizes, seen.alike)

    def end(delta: float, below: bool) -> float:
        like, unseen = rows[pulls < 0] if below else rows[pulls > 0], whole.unseen(delta)
        more = np.resize(like, round(n * unseen / (1 - unseen)) if like.size else 0)
        return float(statistic(np.concatenate([every, more])))

    return Hidden(lambda delta: variance * n / whole.size(delta), end)


def hidden_of_two(
    parts: tuple[tuple[float, float, Hidden | None], tuple[float, float, Hidden | None]],
    combined: Callable[[Floats, Floats], Floats],
    slopes: tuple[float, float],
) -> Hidden | None:
    """What the clusters of two independent samples may hide from one score of both; None where neither has any.

    Args:
        parts: of each its value, the variance that its replicates show and what it hides. combined: of two scores,
            shapes (1,), to the one of both. slopes: its derivatives by each.
    """
    if all(hidden is None for _, _, hidden in parts):
        return None

    def reach(delta: float) -> float:
        variances = (shown if hidden is None else max(hidden.reach(delta), shown) for _, shown, hidden in parts)
        return sum(slope**2 * variance for slope, variance in zip(slopes, variances, strict=True))

    def end(delta: float, below: bool) -> float:
        values, found = [value for value, _, _ in parts], []
        for place, (_, _, hidden) in enumerate(parts):
            if hidden is not None:
                moved = list(values)
                moved[place] = hidden.end(delta, below if slopes[place] > 0 else not below)
                found.append(float(combined(*(np.asarray([one]) for one in moved))[0]))
        return min(found) if below else max(found)

    return Hidden(reach, end)


def _looked_at(codes: Ints, seed: int) -> Ints:
    """All rows or, where there are more than MOST, some of clusters drawn at random, at most OF_ONE of each."""
    if codes.size <= MOST:
        return np.arange(codes.size)
    rng = np.random.default_rng([seed, 2])
    order = np.lexsort((rng.random(codes.size), rng.permutation(int(codes.max()) + 1)[codes]))
    drawn = codes[order]
    first = np.flatnonzero(np.append(True, drawn[1:] != drawn[:-1]))
    place = np.arange(codes.size) - np.repeat(first, np.diff(np.append(first, codes.size)))
    found: Ints = order[place < OF_ONE][:MOST]
    return found
