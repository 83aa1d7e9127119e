"""What a line probably comes to between labels: an estimate from the version's own confidence, never a proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.contract import Line
from zhinan.proof import Estimate, by_confidence, clopper_pearson, prediction_powered
from zhinan.store import Event

__all__ = ["ANSWERS", "estimates", "guess_of"]

ANSWERS = 2_000
"""Newest answers that an estimate is about."""
LABELS = 20
"""Audited answers from which on they are part of it."""
ERRORS = 5
"""Right and wrong ones among them below which their exact bound stands alone: their spread says too little."""


def guess_of(line: Line, answer: Mapping[str, Any]) -> float | None:
    """The version's own probability that this answer is right, where the line counts it; None where it does not.

    Lines whose value is a share of right answers have one: accuracy, and precision of a class.
    """
    sure = answer.get("probability")
    if line.relative is not None or line.k is not None or not isinstance(sure, int | float):
        return None
    if line.part is not None and (line.part.column is not None or line.part.under is not None):
        return None
    label = None if line.part is None else line.part.label
    if line.metric == "accuracy" and label is None:
        return min(max(float(sure), 0.0), 1.0)
    if line.metric == "precision" and label is not None and str(answer.get("label")) == label:
        return min(max(float(sure), 0.0), 1.0)
    return None


def estimates(
    lines: Sequence[Line],
    newest: Sequence[Event],
    audited: Mapping[str, Sequence[Sequence[Any]]],
    number: int,
    delta: float,
) -> list[dict[str, Any]]:
    """For each line that has one: {"line", "value", "low", "high", "n_labelled", "n_traffic", "by"}.

    By "confidence" it is what the version itself expects, right as long as its probabilities are; by "prediction
    powered" the audited answers correct it, and it is off by more than the bounds say with probability 2 δ or less as
    labels grow, if audited rows are like all traffic. They are not quite: inputs that the data hold are left out.
    With almost no error among them it is their own share with its exact bounds, by "audited".

    Args: newest: predictions. audited: line → [[guess, outcome, …]]. number: of the version. delta: one-sided error.
    """
    answers = [event.payload for event in newest if event.payload.get("version") == number]
    found = []
    for line in lines:
        guesses = [guess for answer in answers if (guess := guess_of(line, answer)) is not None]
        if len(guesses) < 2:
            continue
        pairs = audited.get(line.text, ())
        by, one = "confidence", by_confidence(guesses, delta)
        if len(pairs) >= LABELS:
            outcomes, near = [pair[1] for pair in pairs], [pair[0] for pair in pairs]
            by, one = "prediction powered", prediction_powered(outcomes, near, guesses, delta)
            if not ERRORS <= sum(outcomes) <= len(outcomes) - ERRORS:
                by, one = "audited", _exact(outcomes, delta)
        found.append({"line": line.text, **_bounded(one), "n_traffic": len(guesses), "by": by})
    return found


def _exact(outcomes: Sequence[float], delta: float) -> Estimate:
    low, high = clopper_pearson(sum(outcomes), len(outcomes), delta)
    return Estimate(sum(outcomes) / len(outcomes), float(low), float(high), len(outcomes), 0.0)


def _bounded(one: Estimate) -> dict[str, Any]:
    low, value, high = (min(max(number, 0.0), 1.0) for number in (one.lower, one.value, one.upper))
    return {"value": value, "low": low, "high": high, "n_labelled": one.n}
