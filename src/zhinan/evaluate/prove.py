"""Verdicts for anybody's predictions: your LLM's, your rules', another library's. Nothing is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhinan.contract import Line, parse_line
from zhinan.core import UserError
from zhinan.evaluate.measure import is_cost, judged, label_of, measure
from zhinan.proof import Verdict, judge, outcome

__all__ = ["Proof", "prove", "prove_columns"]


@dataclass(frozen=True)
class Proof:
    """The verdicts on some predictions.

    Args:
        outcome: the worst verdict. verdicts: one a line. n: rows judged. confidence: of every verdict.
    """

    outcome: str
    verdicts: tuple[Verdict, ...]
    n: int
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """The object `zhinan prove --json` prints."""
        return {
            "outcome": self.outcome,
            "verdicts": [v.as_dict() for v in self.verdicts],
            "n": self.n,
            "confidence": self.confidence,
        }


def prove(
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
    must: Sequence[str | Line],
    *,
    probability: Any = None,
    classes: Sequence[str] | None = None,
    person: Sequence[Any] | None = None,
    confidence: float = 0.95,
    **columns: Sequence[Any],
) -> Proof:
    """Judges predictions against must lines, each proved, refuted or undecided at the confidence.

    The predictions must be of rows that nobody tuned on, the first time they are looked at: here is no ledger that
    could know.

    Args:
        y_true, y_pred: labels, shape (n,).
        must: lines such as "accuracy >= 90%", "recall[refund] >= 85%", "gap(recall, by=channel) <= 15 pt".
        probability: (n, len(classes)), or (n,) for the second of two classes; needed by metrics of scores.
        classes: order of the columns of `probability`; default: the sorted labels.
        person: whose row it is, shape (n,); bounds then know that rows of one person are alike.
        columns: other columns by name, shape (n,), for parts and gaps.

    Returns:
        a Proof; `proof.outcome`, `proof.verdicts`.

    Raises:
        UserError: a line that does not parse, a metric that cannot be measured here, lengths that differ, E260 for a
            missing label.
    """
    return prove_columns(
        y_true, y_pred, must, probability=probability, classes=classes, person=person, confidence=confidence,
        columns=columns,
    )  # fmt: skip


def prove_columns(
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
    must: Sequence[str | Line],
    *,
    probability: Any = None,
    classes: Sequence[Any] | None = None,
    person: Sequence[Any] | None = None,
    confidence: float = 0.95,
    columns: Mapping[str, Sequence[Any]],
) -> Proof:
    """As `prove`, for columns of any name.

    Raises:
        UserError: as `prove`.
    """
    lines = [line if isinstance(line, Line) else parse_line(line, "must") for line in must]
    for line in lines:
        if is_cost(line):
            raise UserError("E256", line.where, line=line.text)
    if not lines:
        raise UserError("E257")
    if not 0.5 <= confidence < 1:
        raise UserError("E258", value=confidence)
    for name, values in (("y_true", y_true), ("y_pred", y_pred)):
        missing = next((i for i, value in enumerate(values) if _absent(value)), None)
        if missing is not None:
            raise UserError("E260", f"row {missing + 1}", column=name)
    named = tuple(map(label_of, classes)) if classes is not None else None
    if probability is not None:
        named = named or tuple(sorted({label_of(v) for v in [*y_true, *y_pred]}))
        probability = np.asarray(probability, float)
        if probability.ndim == 1 and len(named) == 2:
            probability = np.column_stack([1 - probability, probability])
    on = judged(y_true, y_pred, probability=probability, classes=named, person=person, columns=columns)
    delta = round(1 - confidence, 12)
    verdicts = tuple(
        judge(line.text, line.op, line.target, measure(line, on), delta=delta, lines=len(lines), on="sealed")
        for line in lines
    )
    return Proof(outcome(verdicts), verdicts, len(on), confidence)


def _absent(value: Any) -> bool:
    """None, an empty text, NaN, NaT or pandas' NA: no answer is a wrong answer only under a label of its own."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))
