"""The step that turns scores into an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhinan.core import register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Choose", "softmax"]


@register("step", "choose")
class Choose:
    """Softmax at a temperature, then the most probable class. Reads logits (n, classes).

    Writes three values: labels (list of str), the probability of each (n,), all probabilities (n, classes).
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        classes: tuple[str, ...] = (),
        temperature: float = 1.0,
    ) -> None:
        (self._logits,) = reads
        self._label, self._top, self._all = writes
        self._classes = classes
        self._temperature = temperature

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the chosen labels and the probabilities."""
        probability = softmax(values[self._logits], self._temperature)
        best = probability.argmax(axis=1)
        return {
            self._label: [self._classes[i] for i in best],
            self._top: probability.max(axis=1),
            self._all: probability,
        }


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities (n, classes) float64 of logits (n, classes), each row summing to 1."""
    import numpy as np

    scaled = np.asarray(logits, np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=1, keepdims=True)
    return scaled
