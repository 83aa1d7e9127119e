"""The step that turns scores into an answer: calibrated, decided as the contract needs it, handed over when unsure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhinan.core import register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Choose", "calibrated", "decided", "softmax"]


@register("step", "choose")
class Choose:
    """Softmax at a temperature, then a class. Reads logits (n, classes).

    Writes five values: labels (list of str), the probability of each (n,), all probabilities (n, classes), whether a
    row is handed to a person (n,), and the sets of labels that hold the right one (list of lists, or None).

    Args:
        isotonic: two classes only: knots x and y of a piecewise-linear map of the second one's probability, after the
            temperature (Zadrozny & Elkan, KDD 2002).
        offsets: added to the classes' log probabilities before the most probable is chosen; the probabilities told
            stay calibrated.
        costs: costs[t][a] of answering a when t is true; the answer that is cheapest on average is chosen instead
            (Elkan, IJCAI 2001). The offsets then have no say.
        abstain: rows whose answer is less probable are handed over.
        sets: a class joins a row's set from this probability on (LAC; Sadinle, Lei & Wasserman, JASA 114, 2019). The
            answer itself always belongs to it.
    """

    def __init__(  # noqa: PLR0913 argued in tests/architecture/test_sizes.py
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        classes: tuple[str, ...] = (),
        temperature: float = 1.0,
        isotonic: tuple[tuple[float, ...], tuple[float, ...]] | None = None,
        offsets: tuple[float, ...] = (),
        costs: tuple[tuple[float, ...], ...] = (),
        abstain: float | None = None,
        sets: float | None = None,
    ) -> None:
        (self._logits,) = reads
        self._label, self._top, self._all, self._handover, self._labels = writes
        self._classes = classes
        self._temperature, self._isotonic = temperature, isotonic
        self._offsets, self._costs = offsets, costs
        self._abstain, self._sets = abstain, sets

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Gives the chosen labels, the probabilities, who is handed over, and the sets."""
        import numpy as np

        probability = calibrated(values[self._logits], self._temperature, self._isotonic)
        best = decided(probability, self._offsets, self._costs)
        top = probability[np.arange(len(best)), best]
        return {
            self._label: [self._classes[i] for i in best],
            self._top: top,
            self._all: probability,
            self._handover: np.zeros(len(best), bool) if self._abstain is None else top < self._abstain,
            self._labels: None if self._sets is None else self._sets_of(probability, best),
        }

    def _sets_of(self, probability: np.ndarray, best: np.ndarray) -> list[list[str]]:
        import numpy as np

        inside = probability >= self._sets
        inside[np.arange(len(best)), best] = True
        order = np.argsort(-probability, axis=1, kind="stable")
        return [[self._classes[i] for i in row if kept[i]] for row, kept in zip(order, inside, strict=True)]


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities (n, classes) float64 of logits (n, classes), each row summing to 1."""
    import numpy as np

    scaled = np.asarray(logits, np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=1, keepdims=True)
    return scaled


def calibrated(
    logits: np.ndarray, temperature: float = 1.0, isotonic: tuple[tuple[float, ...], tuple[float, ...]] | None = None
) -> np.ndarray:
    """Probabilities (n, classes) float64 of logits (n, classes): a temperature, then for two classes a monotone map."""
    import numpy as np

    probability = softmax(logits, temperature)
    if isotonic is None:
        return probability
    second = np.interp(probability[:, 1], *isotonic)
    return np.stack([1 - second, second], axis=1)


def decided(
    probability: np.ndarray, offsets: tuple[float, ...] = (), costs: tuple[tuple[float, ...], ...] = ()
) -> np.ndarray:
    """The chosen codes (n,) of probabilities (n, classes); of equals the first."""
    import numpy as np

    if costs:
        matrix = np.asarray(costs, np.float64)
        paid = [row @ matrix for row in probability]  # a row at a time: a product of all would depend on batch-mates
        best: np.ndarray = np.reshape(paid, probability.shape).argmin(axis=1)
    elif offsets:
        best = (probability * np.exp(np.asarray(offsets, np.float64) - max(offsets))).argmax(axis=1)
    else:
        best = probability.argmax(axis=1)
    return best
