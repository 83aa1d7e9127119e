"""Metrics of intervals and quantiles: whether they hold the truth as often as they say, and how narrow they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    from zhinan.proof import Measurement, Valued

__all__ = ["coverage", "interval_width", "pinball"]


@register(
    "metric", "coverage", zh=("覆盖率",), unit="%", better="higher", family="quality", per_class=False,
    needs="interval",
)  # fmt: skip
def coverage(judged: Valued) -> Measurement:
    """Coverage: the share of truths inside their interval. Choose it with `interval_width`, or wide ones win.

    Raises: UserError E275 without intervals.
    Source: a count, Clopper & Pearson (1934).
    """
    from zhinan.proof import Measurement

    if judged.low is None or judged.high is None:
        raise UserError("E275", metric="coverage")
    return Measurement.count((judged.low <= judged.truth) & (judged.truth <= judged.high), judged.person)


@register(
    "metric", "interval_width", zh=("区间宽度",), unit="", scale="target", better="lower",
    family="quality", per_class=False, needs="interval",
)  # fmt: skip
def interval_width(judged: Valued) -> Measurement:
    """Interval width: the mean length of intervals, in the target's unit. Choose it with `coverage`.

    Raises: UserError E275 without intervals.
    Source: BCa bootstrap, Efron, JASA 82 (1987).
    """
    from zhinan.proof import Measurement

    if judged.low is None or judged.high is None:
        raise UserError("E275", metric="interval_width")
    widths = judged.high - judged.low
    constant = widths.size > 0 and float(widths.max()) == float(widths.min())
    return Measurement.bootstrap(
        lambda rows: float(widths[rows].mean()) if rows.size else float("nan"),
        len(judged), person=judged.person, degenerate="every interval is as wide" if constant else None,
    )  # fmt: skip


@register(
    "metric", "pinball", zh=("分位数损失",), unit="", scale="target", better="lower",
    family="quality", per_class=False, needs="value",
)  # fmt: skip
def pinball(judged: Valued, *, q: float = 0.5) -> Measurement:
    """Pinball loss of the q-quantile, in the target's unit. Choose it for answers that should be high, or low, enough.

    The answer itself is taken for the quantile unless quantiles were given (columns `q_0.9` …).

    Raises: UserError E275 when quantiles were given, but not this one, or q is not between 0 and 1.
    Source: Koenker & Bassett, Econometrica 46 (1978); BCa bootstrap, Efron, JASA 82 (1987).
    """
    import numpy as np

    from zhinan.proof import Measurement

    given = judged.quantiles or {}
    near = [level for level in given if abs(level - q) < 1e-9]
    if not 0 < q < 1 or (given and not near):
        raise UserError("E275", metric=f"pinball(q={q:g})")
    over = judged.truth - (given[near[0]] if near else judged.answer)
    losses = np.maximum(q * over, (q - 1) * over)
    constant = losses.size > 0 and float(np.ptp(losses)) == 0
    return Measurement.bootstrap(
        lambda rows: float(losses[rows].mean()) if rows.size else float("nan"),
        len(judged), person=judged.person, degenerate="every row has the same loss" if constant else None,
    )  # fmt: skip
