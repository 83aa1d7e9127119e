"""The step that turns scores into any number of labels: each from its own probability and its own threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhinan.core import register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["HALF", "Tag", "alone", "given"]

HALF = 0.5
"""The threshold of a label that has none of its own."""


@register("step", "tag")
class Tag:
    """Each label by itself: its probability, and whether that reaches its threshold. Reads logits (n, classes).

    Writes two values: the labels of each row, the most probable first (list of lists), and the probability of each
    label (n, classes).

    Args:
        thresholds: of each class, the probability from which a row is given it.
        least: labels that a row has at least: 1 gives a row that reaches no threshold its most probable one.
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        classes: tuple[str, ...] = (),
        thresholds: tuple[float, ...] = (),
        least: int = 0,
    ) -> None:
        (self._logits,) = reads
        self._labels, self._all = writes
        self._classes, self._thresholds, self._least = classes, thresholds, least

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the labels and the probabilities."""
        import numpy as np

        probability = alone(values[self._logits])
        inside = given(probability, self._thresholds, self._least)
        order = np.argsort(-probability, axis=1, kind="stable")
        labels = [[self._classes[i] for i in row if kept[i]] for row, kept in zip(order, inside, strict=True)]
        return {self._labels: labels, self._all: probability}


def alone(logits: np.ndarray) -> np.ndarray:
    """The probability (n, classes) float64 of each label by itself."""
    import numpy as np

    halved = np.asarray(logits, np.float64) / 2
    probability: np.ndarray = (1 + np.tanh(halved)) / 2
    return probability


def given(probability: np.ndarray, thresholds: tuple[float, ...] = (), least: int = 0) -> np.ndarray:
    """Which labels (n, classes) bool reach their thresholds; with `least`, of a row that has none the most probable."""
    import numpy as np

    inside: np.ndarray = probability >= (np.asarray(thresholds, np.float64) if thresholds else HALF)
    if least:
        none = np.flatnonzero(~inside.any(axis=1))
        inside[none, probability[none].argmax(axis=1)] = True
    return inside
