"""Scores made of two independent samples' replicates: the difference or the ratio of two groups."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from zhinan.proof.bootstrap import Influence, Resampling
from zhinan.proof.hidden import Hidden, hidden_of_two

__all__ = ["positive_ratio", "resampled_difference", "resampled_ratio"]

Floats = npt.NDArray[np.float64]


def resampled_difference(first: Resampling, second: Resampling) -> Resampling:
    """The difference of two scores of independent samples, from the replicates of each."""
    return _of_two(first, second, first.value - second.value, np.subtract, (1.0, -1.0))


def resampled_ratio(first: Resampling, second: Resampling) -> Resampling:
    """The ratio of two scores of independent samples, from the replicates of each; unbounded where one is not above 0.

    Source: BCa bounds do not depend on the scale, so the ratio is bounded as its logarithm would be.
    """
    if not (first.value > 0 and second.value > 0):
        return _of_two(first, second, math.nan, positive_ratio, (1.0, -1.0))
    value = first.value / second.value
    return _of_two(first, second, value, positive_ratio, (1 / second.value, -value / second.value))


def positive_ratio(first: Floats, second: Floats) -> Floats:
    """First over second, element by element; NaN where one is not above 0."""
    result = np.full(first.shape, math.nan)
    np.divide(first, second, out=result, where=(first > 0) & (second > 0))
    return result


def _of_two(
    first: Resampling,
    second: Resampling,
    value: float,
    combined: Callable[[Floats, Floats], Floats],
    slopes: tuple[float, float],
) -> Resampling:
    """A score made of two of independent samples. slopes: its derivatives by each."""

    def draw(count: int) -> Floats:
        # a shuffle unties two samples whose replicates came from one seed
        return combined(first.draw(count), np.random.default_rng(count).permutation(second.draw(count)))

    def influences() -> Influence:
        parts = list(zip((first.influence, second.influence), slopes, strict=True))
        variances = [slope**2 * float(i.shares @ i.shares) for i, slope in parts]
        true = [v * i.widening**2 for v, (i, _) in zip(variances, parts, strict=True)]
        freedom = sum(t**2 / i.degrees for t, (i, _) in zip(true, parts, strict=True))
        degrees = sum(true) ** 2 / max(freedom, 1e-300)
        shares = np.concatenate([slope * i.shares for i, slope in parts])
        return Influence(shares, math.sqrt(sum(true) / max(sum(variances), 1e-300)), max(degrees, 1.0))

    def hiding() -> Hidden | None:
        one, two = ((part.value, part.variance, part.hidden) for part in (first, second))
        return hidden_of_two((one, two), combined, slopes)

    return Resampling(value, first.n + second.n, draw, influences, hiding=hiding)
