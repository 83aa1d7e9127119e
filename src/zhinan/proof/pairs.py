"""Score bounds of two rates measured on the same examples: their difference and their ratio."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from zhinan.proof.difference import quantile

__all__ = ["tang", "tango"]

Floats = npt.NDArray[np.float64]
FARTHEST = 1e9
"""A ratio beyond this, or below one over it, is called unbounded."""


def tango(
    wins: npt.ArrayLike, losses: npt.ArrayLike, n: npt.ArrayLike, delta: float, *, strict: bool = False
) -> tuple[Floats, Floats]:
    """Score bounds of the difference of two paired rates, each at one-sided error δ. Choose it for non-inferiority.

    Args:
        wins, losses: broadcastable shapes, pairs that only the first, only the second got right.
        n: all pairs; counts may be effective ones, not whole. strict: as `miettinen_nurminen`.

    Returns:
        lower and upper bounds, of the broadcast shape; −1 and 1 of no pairs.

    Source: Tango, Statistics in Medicine 17 (1998), the score test inverted.
    """
    from scipy.special import ndtri

    won, lost, size = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (wins, losses, n)))
    none = size <= 0
    size = np.where(none, 1.0, size)
    z = -float(ndtri(delta))
    observed = np.where(none, 0.0, (won - lost) / size)
    step = 0.5 if strict else 0.0

    def solve(sign: float) -> Floats:
        near, far = observed.copy(), np.full(observed.shape, sign)
        for _ in range(45):
            gap = (near + far) / 2
            deviation, third = _of_difference(won, lost, size, gap)
            limit = quantile(z, -sign * third, deviation, strict=strict) * deviation
            inside = sign * (size * gap - (won - lost)) - step <= limit
            near, far = np.where(inside, gap, near), np.where(inside, far, gap)
        return np.where(none, sign, far)

    return solve(-1.0), solve(1.0)


def tang(
    both: npt.ArrayLike,
    wins: npt.ArrayLike,
    losses: npt.ArrayLike,
    n: npt.ArrayLike,
    delta: float,
    *,
    strict: bool = False,
) -> tuple[Floats, Floats]:
    """Score bounds of the ratio of two paired rates, each at one-sided error δ. Choose it for "at most 20 % of".

    Args:
        both: broadcastable shapes, pairs that both got right. wins, losses, n, strict: as `tango`.

    Returns:
        lower and upper bounds, of the broadcast shape; from 0 to inf where nothing was right.

    Source: Tang, Tang & Chan, Statistics in Medicine 22 (2003), the score test inverted.
    """
    from scipy.special import ndtri

    shared, won, lost, size = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (both, wins, losses, n)))
    size = np.maximum(size, 1e-300)
    z = -float(ndtri(delta))
    first, second = shared + won, shared + lost
    known = (first > 0) & (second > 0)
    start = np.log(np.divide(first, second, out=np.ones_like(first), where=known))
    start = np.where((first <= 0) & (second > 0), -math.log(FARTHEST), start)
    start = np.where((second <= 0) & (first > 0), math.log(FARTHEST), start)
    step = 0.5 if strict else 0.0

    def solve(sign: float, none: npt.NDArray[np.bool_]) -> Floats:
        near, far = start.copy(), np.full(start.shape, sign * math.log(FARTHEST))
        for _ in range(60):
            middle = (near + far) / 2
            ratio = np.exp(middle)
            deviation, third = _of_ratio(shared, won, lost, size, ratio)
            limit = quantile(z, -sign * third, deviation, strict=strict) * deviation
            inside = sign * (ratio * second - first) - step * np.minimum(1.0, ratio) <= limit
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        return np.where(none, 0.0 if sign < 0 else np.inf, np.exp(far))

    return solve(-1.0, first <= 0), solve(1.0, second <= 0)


def _of_difference(won: Floats, lost: Floats, n: Floats, gap: Floats) -> tuple[Floats, Floats]:
    """Standard deviation and third moment of wins − losses were the true difference `gap`."""
    b = (2 * n - won + lost) * gap - won - lost
    c = -lost * gap * (1 - gap)
    lose = np.clip((np.sqrt(np.maximum(b * b - 8 * n * c, 0.0)) - b) / (4 * n), 0.0, 1.0)
    win = np.clip(lose + gap, 0.0, 1.0)
    variance = n * (2 * lose + gap * (1 - gap))
    third = n * (win * (1 - gap) ** 3 - lose * (1 + gap) ** 3 - (1 - win - lose) * gap**3)
    return np.sqrt(np.maximum(variance, 0.0)), third


def _of_ratio(both: Floats, won: Floats, lost: Floats, n: Floats, ratio: Floats) -> tuple[Floats, Floats]:
    """Standard deviation and third moment of first − ratio·second were the true ratio `ratio`."""
    some = (both + won + lost) / n
    a, b = 1 + ratio, (both + lost) / n * ratio**2 - (both + won + 2 * lost) / n
    c = lost / n * (1 - ratio) * some
    lose = (np.sqrt(np.maximum(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    lose = np.clip(lose, np.maximum(0.0, some * (1 - ratio)), some / (1 + ratio))
    second = (some - lose) / ratio
    second = np.clip(second, 0.0, some)
    win, shared = some - second, np.maximum(second - lose, 0.0)
    variance = win + ratio**2 * lose + (1 - ratio) ** 2 * shared
    third = win - ratio**3 * lose + (1 - ratio) ** 3 * shared
    return np.sqrt(np.maximum(n * variance, 0.0)), n * third
