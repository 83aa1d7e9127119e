"""Metrics of what is decided with the answers: how many need no person, and what mistakes cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    from zhinan.proof import Judged, Measurement, Tagged

__all__ = ["auto_rate", "expected_cost"]


@register(
    "metric", "auto_rate", zh=("自动处理率",), unit="%", better="higher", family="quality", per_class=False,
    needs=("answer", "tags"),
)  # fmt: skip
def auto_rate(judged: Judged | Tagged, *, condition: str = "") -> Measurement:
    """Automation rate: the share answered without a person while a condition holds. Choose it to save people's work.

    `auto_rate(precision >= 97%) >= 70%`: at least 70 % of rows are answered by the machine, and at least 97 % of its
    answers are right. Any line of quality may stand inside; a bare recall, precision or f1 is that of all answers.
    Where nothing is known of handing over, every row counts as answered: looking for a threshold on the judged rows
    would prove nothing.

    Raises: UserError E276 for a condition that is no line of quality; what the inner metric raises.
    Source: a count, Clopper & Pearson (1934), and the inner metric's own bound, by intersection–union, Berger (1982).
    """
    from zhinan.contract import parse_line
    from zhinan.core import find
    from zhinan.evaluate._tables import answered
    from zhinan.evaluate.measure import measure
    from zhinan.proof import Measurement
    from zhinan.proof.combined import OnCondition

    line = parse_line(condition, "auto_rate(…)")
    if find("metric", line.metric).facts["family"] != "quality" or line.metric == "auto_rate" or line.relative:
        raise UserError("E276", condition=line.text)
    rows = answered(judged)
    rate = Measurement.count(rows, judged.person)
    inner = measure(line, judged.where(rows), bare=True) if rows.any() else Measurement.counts(0, 0)
    evidence = OnCondition(rate.evidence, inner.evidence, line.op, line.target, inner.reason is None)
    return Measurement(evidence.value, rate.n, f"{rate.bound}, and {line.text} by {inner.bound}", rate.reason, evidence)


@register(
    "metric", "expected_cost", zh=("期望代价", "平均代价"), unit="", better="lower", family="quality", per_class=False,
    needs="answer",
)  # fmt: skip
def expected_cost(judged: Judged) -> Measurement:
    """Expected cost: what mistakes cost a row on average, by a declared matrix. Choose it when mistakes differ.

    In the unit of the matrix; a pair it does not name costs 0 when right and 1 when wrong. The bound knows only that
    no row costs less than the cheapest or more than the dearest pair of the classes, so one very dear pair needs
    many rows.

    Raises: UserError E265 without a matrix.
    Source: betting bound of the cost over its range, Waudby-Smith & Ramdas (2023).
    """
    import numpy as np

    from zhinan.proof import Measurement
    from zhinan.proof.combined import Scaled
    from zhinan.proof.judged import NOTHING

    if judged.matrix is None:
        raise UserError("E265")
    named = {*judged.truth.tolist(), *judged.classes, *judged.matrix}
    answers = sorted({*named, *judged.answer.tolist(), *(a for row in judged.matrix.values() for a in row)})
    truths = sorted(named - {NOTHING})
    prices = np.array([[judged.matrix.get(t, {}).get(a, float(t != a)) for a in answers] for t in truths])
    cost = prices[np.searchsorted(truths, judged.truth), np.searchsorted(answers, judged.answer)]
    low, high = (float(prices.min()), float(prices.max())) if prices.size else (0.0, 1.0)
    if high <= low:
        return Measurement.exact(low, len(judged))
    found = Measurement.mean(np.clip((cost - low) / (high - low), 0.0, 1.0), judged.person)
    evidence = Scaled(found.evidence, high - low, low)
    return Measurement(evidence.value, found.n, f"{found.bound} between {low:g} and {high:g}", found.reason, evidence)
