"""The step that turns a score into a number in the target's own unit, with the interval that goes with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhinan.core import register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Value", "ahead", "scored"]

EVERYWHERE = (-math.inf, math.inf)
FARTHEST = 3.0
"""Natural logarithm beyond which no row counts as more, or less, unsure than others: about 20 times."""


@register("step", "value")
class Value:
    """A number and the ends of its interval. Reads scores (n, 1), or (n, 2) with how unsure each row is.

    The number is scale · score + center, or `smear` times its exponential, less `shift`. Its interval runs from one
    margin below the score to the other above it, on the score's own scale. Writes value, low and high, each (n,)
    float64, in order.

    Args:
        center, scale: of the scores. shift: None for numbers as they are; else scores are of ln(number + shift).
        smear: what an exponential is multiplied by so that it means the mean, not the median (Duan, JASA 78, 1983).
        limits: ends that no value passes. reach: ends that no interval passes.
        margins: how far the interval goes down and up (split conformal, Lei et al., JASA 113, 2018). local: whether
            they are multiplied by exp(second score), so that unsure rows get wider ones (Lei et al., §5.2).
        level: how often the interval is meant to hold the truth; None for no interval, low and high are the value.
        spread: of the target, which says how far numbers may differ and still count as the same.
        unit: of the target where its data write one (CNY, kg, %): nothing is computed with it, each answer names it.
    """

    def __init__(  # noqa: PLR0913 argued in tests/architecture/test_sizes.py
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        center: float = 0.0,
        scale: float = 1.0,
        shift: float | None = None,
        smear: float = 1.0,
        limits: tuple[float, float] | None = None,
        reach: tuple[float, float] | None = None,
        margins: tuple[float, float] = (0.0, 0.0),
        local: bool = False,
        level: float | None = None,
        spread: float = 1.0,
        unit: str = "",
    ) -> None:
        (self._scores,) = reads
        self._value, self._low, self._high = writes
        self._center, self._scale, self._shift, self._smear = center, scale, shift, smear
        self._limits, self._reach = limits or EVERYWHERE, reach or EVERYWHERE
        self._margins, self._local, self._level = margins, local, level

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the number and the ends of its interval."""
        import numpy as np

        scores = np.asarray(values[self._scores], np.float64)
        value = np.clip(self._number(scores[:, 0], self._smear), *self._limits)
        if self._level is None:
            return {self._value: value, self._low: value.copy(), self._high: value.copy()}
        wider, (down, up) = ahead(scores, self._local), self._margins
        low = np.clip(self._number(scores[:, 0] - down * wider), *self._reach)
        high = np.clip(self._number(scores[:, 0] + up * wider), *self._reach)
        return {self._value: value, self._low: np.minimum(low, value), self._high: np.maximum(high, value)}

    def _number(self, score: np.ndarray, smear: float = 1.0) -> np.ndarray:
        import numpy as np

        straight: np.ndarray = self._center + self._scale * score
        if self._shift is None:
            return straight
        with np.errstate(over="ignore"):  # what is infinite is clipped
            curved: np.ndarray = smear * np.exp(straight) - self._shift
        return curved


def ahead(scores: np.ndarray, local: bool) -> np.ndarray:
    """What the margins of each row are multiplied by, shape (n,)."""
    import numpy as np

    if not local:
        return np.ones(len(scores))
    factor: np.ndarray = np.exp(np.clip(scores[:, 1], -FARTHEST, FARTHEST))
    return factor


def scored(numbers: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    """Numbers (n,) in the target's unit as the scores that the step's options would make them of.

    A number that no score gives, where scores are of logarithms, is taken for the least that one does.
    """
    import numpy as np

    given = np.asarray(numbers, np.float64)
    shift = options.get("shift")
    if shift is not None:
        given = np.log(np.maximum(given + shift, 1e-12))
    found: np.ndarray = (given - options["center"]) / options["scale"]
    return found
