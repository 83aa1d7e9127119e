"""One-sided bounds that hold at any sample size: a rate's exact bound and a bounded mean's betting bound."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = ["betting", "clopper_pearson", "outbets", "paired_up"]

Floats = npt.NDArray[np.float64]


def clopper_pearson(hits: npt.ArrayLike, n: npt.ArrayLike, delta: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Exact bounds of a rate, each wrong with probability at most δ. Choose it for anything counted.

    Args:
        hits, n: any broadcastable shapes; n may be an effective size, not whole. n = 0 gives [0, 1].
        delta: one-sided error in (0, 1).

    Returns:
        lower and upper bounds, of the broadcast shape.

    Source: Clopper & Pearson, Biometrika 26 (1934), as quantiles of Beta(x, n−x+1) and Beta(x+1, n−x).
    """
    from scipy.special import betaincinv

    x, size, error = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (hits, n, delta)))
    x = np.clip(x, 0, size)
    none, every = (x <= 0) | (size <= 0), (x >= size) | (size <= 0)
    inner_low, inner_high = np.where(none, 1.0, x), np.where(every, 0.0, x)
    spare = np.maximum(size, 1.0)
    lower = np.where(none, 0.0, betaincinv(inner_low, np.where(none, spare, size - inner_low + 1), error))
    upper = np.where(every, 1.0, betaincinv(inner_high + 1, np.where(every, spare, size - inner_high), 1 - error))
    return lower, upper


def betting(
    values: npt.ArrayLike, delta: float, person: npt.ArrayLike | None = None, seed: int = 0
) -> tuple[float, float]:
    """Bounds of the mean of scores in [0, 1], each wrong with probability at most δ at any n and for any spread.

    Choose it for per-example scores between right and wrong (NDCG, recall@k, partial credit). A bettor who would
    grow rich against every mean below `lower` shows that the mean is above it. Persons are bet on as a whole.

    Args:
        values: shape (n,), in [0, 1]. person: shape (n,) or None. delta: one-sided error of each bound.
        seed: of the order in which examples are bet on; the bound is valid for each order.

    Raises:
        ValueError: a value outside [0, 1] or not a number.

    Source: Waudby-Smith & Ramdas, JRSS-B 86 (2023), predictable plug-in bets (their eq. 26), one side of the hedged
    capital at 1/δ by Ville's inequality.
    """
    scores = np.asarray(values, dtype=float)
    if scores.size == 0:
        return 0.0, 1.0
    if not bool(np.all((scores >= 0) & (scores <= 1))):
        raise ValueError("betting bounds need scores in [0, 1]")
    gains, stakes = _per_person(scores, person)
    order = np.random.default_rng(seed).permutation(gains.size)
    gains, stakes = gains[order], stakes[order]
    return _lower(gains, stakes, delta), 1 - _lower(stakes - gains, stakes, delta)


def _per_person(scores: Floats, person: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    """Persons' sums of scores and rows over the most rows one has: a bet on mean m wins gain − m·stake."""
    from zhinan.proof.clusters import cluster_codes

    if person is None:
        return scores, np.ones(scores.size)
    codes = cluster_codes(person)
    rows = np.bincount(codes).astype(float)
    return np.bincount(codes, scores) / rows.max(), rows / rows.max()


def outbets(
    values: npt.ArrayLike, mean: float, delta: float, person: npt.ArrayLike | None = None, seed: int = 0
) -> bool:
    """Whether scores in [0, 1] prove that their mean is above `mean`, wrong with probability at most δ.

    Choose it to test one mean, such as that of first − ratio·second at one ratio. Arguments and source as `betting`.
    """
    gains, stakes = _per_person(np.asarray(values, dtype=float), person)
    order = np.random.default_rng(seed).permutation(gains.size)
    return bool(gains.size) and _Bettor(gains[order], stakes[order], delta).ruins(mean)


def paired_up(first: npt.ArrayLike, second: npt.ArrayLike, seed: int = 0) -> tuple[Floats, Floats]:
    """Two independent samples as pairs: the larger one's scores are averaged into as many blocks as the other has.

    Choose it to bet on a difference of two means: each pair's difference has the right mean, and no score is lost.

    Args:
        first, second: shapes (n,) and (m,). seed: of the random order in which they are paired.

    Returns:
        two arrays of shape (min(n, m),).
    """
    rng = np.random.default_rng(seed)
    one, two = (rng.permutation(np.asarray(values, dtype=float)) for values in (first, second))
    pairs = min(one.size, two.size)
    return _blocks(one, pairs), _blocks(two, pairs)


def _blocks(values: Floats, blocks: int) -> Floats:
    if blocks in (0, values.size):
        return values[:blocks]
    starts = np.arange(blocks) * values.size // blocks
    result: Floats = np.add.reduceat(values, starts) / np.diff([*starts, values.size])
    return result


class _Bettor:
    """Bets that the mean is above a candidate; each bet depends on the scores before it only."""

    def __init__(self, gains: Floats, stakes: Floats, delta: float) -> None:
        # running mean and variance start from 1/2 and 1/4
        mean = (0.5 + np.cumsum(gains)) / (1 + np.cumsum(stakes))
        variance = (0.25 + np.cumsum((gains - mean * stakes) ** 2)) / (2 + np.arange(gains.size))
        before = np.concatenate([[0.25], variance[:-1]])
        self.gains, self.stakes, self.goal = gains, stakes, math.log(1 / delta)
        self.bets = np.sqrt(2 * self.goal / (gains.size * before))

    def ruins(self, candidate: float) -> bool:
        """Whether the bettor's wealth ever reaches 1/δ."""
        capped = np.minimum(self.bets, 0.75 / max(candidate, 1e-12))
        wealth = np.cumsum(np.log1p(capped * (self.gains - candidate * self.stakes)))
        return bool(wealth.max() >= self.goal)


def _lower(gains: Floats, stakes: Floats, delta: float) -> float:
    bettor = _Bettor(gains, stakes, delta)
    low, high = 0.0, float(gains.sum() / stakes.sum())
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if bettor.ruins(middle) else (low, middle)
    return low
