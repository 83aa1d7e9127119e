"""Verdicts for anybody's predictions: your LLM's, your rules', another library's. Nothing is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Line, parse_line
from zhinan.core import UserError, Words
from zhinan.evaluate.given import Given, kind_of, numbers, read_as
from zhinan.evaluate.in_use import refuse_in_use
from zhinan.evaluate.measure import is_cost, label_of, measure, persons
from zhinan.proof import Answered, Measurement, Verdict, judge, outcome, relative

if TYPE_CHECKING:
    from zhinan.proof.gate import On

__all__ = ["Proof", "prove", "prove_given"]


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


def prove(  # noqa: PLR0913 one keyword for each thing that may be known beside the answers
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
    must: Sequence[str | Line],
    *,
    probability: Any = None,
    classes: Sequence[Any] | None = None,
    person: Sequence[Any] | None = None,
    groups: Mapping[str, Sequence[Any]] | Sequence[Any] | None = None,
    current: Sequence[Any] | None = None,
    handover: Sequence[Any] | None = None,
    low: Sequence[Any] | None = None,
    high: Sequence[Any] | None = None,
    quantiles: Mapping[float, Sequence[Any]] | None = None,
    matrix: Mapping[str, Mapping[str, float]] | None = None,
    cost: Sequence[Any] | None = None,
    current_cost: Sequence[Any] | None = None,
    confidence: float = 0.95,
    **columns: Sequence[Any],
) -> Proof:
    """Judges predictions against must lines, each proved, refuted or undecided at the confidence.

    The lines say how rows are read: as labels, as numbers (mae, within …), as lists of tags (micro_f1,
    subset_accuracy …) or as rankings (ndcg@10 …). The predictions must be of rows that nobody tuned on, the first
    time they are looked at: here is no ledger that could know.

    Args:
        y_true, y_pred: shape (n,): labels; numbers; tags as lists, JSON lists, `a|b`, or flags (n, len(classes));
            rankings as lists of ids, best first, beside the relevant ids or {id: gain}.
        must: lines such as "accuracy >= 90%", "recall[refund] >= 85%", "gap(recall, by=channel) <= 15 pt",
            "accuracy >= current - 1 pt".
        probability: (n, len(classes)), or (n,) for the second of two classes; needed by metrics of scores.
        classes: order of the columns of `probability`; default: the sorted labels.
        person: whose row it is, shape (n,); bounds then know that rows of one person are alike.
        groups: columns by name, or one, called group; the same as giving them by keyword.
        current: somebody else's answers to the same rows, for relative lines.
        handover: true where a row was handed to a person, for auto_rate; such a row may lack an answer.
        low, high: ends of intervals. quantiles: level → values, each shape (n,).
        matrix: truth → answer → what that costs, for expected_cost.
        cost, current_cost: money of each answer, and of each of somebody else's; `cost` is that of 1,000 answers.
        columns: other columns by name, shape (n,), for parts and gaps.

    Returns:
        a Proof; `proof.outcome`, `proof.verdicts`.

    Raises:
        UserError: a line that does not parse, a metric that cannot be measured here, lengths that differ, E260 for a
            missing label, E262 and E268 for what cannot be read.
    """
    named = groups if isinstance(groups, Mapping) else {} if groups is None else {"group": groups}
    if matrix is not None:  # labels may be numbers here too
        matrix = {label_of(t): {label_of(a): price for a, price in row.items()} for t, row in matrix.items()}
    given = Given(
        y_true, y_pred, probability, classes, person, {**named, **columns}, handover, None, low, high, quantiles,
        matrix, current, cost, current_cost,
    )  # fmt: skip
    return prove_given(given, must, confidence)


def prove_given(given: Given, must: Sequence[str | Line], confidence: float = 0.95) -> Proof:
    """As `prove`, for answers gathered elsewhere.

    Raises:
        UserError: as `prove`.
    """
    lines = [line if isinstance(line, Line) else parse_line(line, "must") for line in must]
    if not lines:
        raise UserError("E257")
    refuse_in_use(lines)
    delta = round(1 - confidence, 12)
    if not 0 < delta <= 0.5:
        raise UserError("E258", value=confidence)
    read: dict[tuple[str | None, type[Answered]], Answered] = {}
    verdicts = []
    for line in lines:
        cost = is_cost(line)
        measured = _cost(line, given) if cost else measure(line, _rows(line, given, read))
        on: On = "measured" if cost else "sealed"
        verdicts.append(judge(line.text, line.op, line.target, measured, delta=delta, lines=len(lines), on=on))
    return Proof(outcome(verdicts), tuple(verdicts), len(given.truth), confidence)


def _rows(line: Line, given: Given, read: dict[tuple[str | None, type[Answered]], Answered]) -> Answered:
    """The rows as this line needs them, each way read once."""
    under = line.part.under if line.part else None
    if under is not None:
        if under not in given.under:
            raise UserError("E278", line.where, line=line.text)
        given = given.under[under]
    kind = kind_of(line, given)
    if (under, kind) not in read:
        read[under, kind] = read_as(kind, given)
    return read[under, kind]


def _cost(line: Line, given: Given) -> Measurement:
    """Money of 1,000 answers from that of each, or latency as it was measured while asking."""
    if line.metric.startswith("latency") and given.latencies is not None and line.relative is None:
        return measure(line, given.latencies)
    if line.metric != "cost" or given.cost is None:
        raise UserError("E256", line.where, line=line.text)
    ours = _money(given.cost, "cost", given)
    if line.relative is None:
        return ours
    if given.current_cost is None:
        raise UserError("E269", line.where, line=line.text)
    return relative(ours, _money(given.current_cost, "current_cost", given), line.relative)


def _money(each: Sequence[Any], name: str, given: Given) -> Measurement:
    """Money of 1,000 answers, its bound by the bootstrap: what one answer may cost is not known beforehand."""
    if len(each) != len(given.truth):
        raise UserError("E032", name, name=name, got=len(each), wanted=len(given.truth))
    paid = 1000 * numbers(each, name, given.place)
    if (paid < 0).any():
        reason = Words(f"'{name}' is below 0", f"“{name}”小于 0")
        raise UserError("E261", given.place(int(np.argmax(paid < 0))), reason=reason)
    if paid.size and float(np.ptp(paid)) == 0:
        return replace(Measurement.exact(float(paid[0]), paid.size), counted="examples")
    who = None if given.person is None else persons(given.person)
    return Measurement.bootstrap(lambda rows: float(paid[rows].mean()), paid.size, person=who)
