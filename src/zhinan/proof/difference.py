"""Bounds of the difference of two independent rates: what a gap between groups is proved with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["miettinen_nurminen"]

Floats = npt.NDArray[np.float64]


def miettinen_nurminen(
    hits1: npt.ArrayLike, n1: npt.ArrayLike, hits2: npt.ArrayLike, n2: npt.ArrayLike, delta: float
) -> tuple[Floats, Floats]:
    """Bounds of p1 − p2, each at one-sided error δ. Choose it for two groups with no example in common.

    Args:
        hits1, n1, hits2, n2: broadcastable shapes, n ≥ 1; counts may be effective ones, not whole.
        delta: one-sided error.

    Returns:
        lower and upper bounds, of the broadcast shape.

    Source: Miettinen & Nurminen, Statistics in Medicine 4 (1985): the score test inverted, variance under the
    restricted estimate, with the factor N/(N−1).
    """
    from scipy.special import ndtri

    arrays = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (hits1, n1, hits2, n2)))
    x1, size1, x2, size2 = arrays
    z = -float(ndtri(delta))
    observed = x1 / size1 - x2 / size2

    def solve(sign: float) -> Floats:
        near, far = observed.copy(), np.full(observed.shape, sign)
        for _ in range(50):
            middle = (near + far) / 2
            inside = sign * (middle - observed) <= z * _standard_error(x1, size1, x2, size2, middle)
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        return far

    return solve(-1.0), solve(1.0)


def _standard_error(x1: Floats, n1: Floats, x2: Floats, n2: Floats, gap: Floats) -> Floats:
    """Of the observed difference were the true one `gap`: the cubic of the restricted maximum likelihood estimate."""
    n, x = n1 + n2, x1 + x2
    # p2 solves a·p³ + b·p² + c·p + d = 0 with p1 = p2 + gap
    b = (n1 + 2 * n2) * gap - n - x
    c = (n2 * gap - n - 2 * x2) * gap + x
    d = x2 * gap * (1 - gap)
    q = b**3 / (3 * n) ** 3 - b * c / (6 * n**2) + d / (2 * n)
    root = np.maximum(b**2 / (3 * n) ** 2 - c / (3 * n), 0.0)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(root)
    cosine = np.divide(q, p**3, out=np.ones_like(q), where=np.abs(p) > 1e-9)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    p2 = np.clip(2 * p * np.cos(angle) - b / (3 * n), np.maximum(0.0, -gap), np.minimum(1.0, 1 - gap))
    p1 = p2 + gap
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1)
    result: Floats = np.sqrt(np.maximum(variance, 0.0))
    return result
