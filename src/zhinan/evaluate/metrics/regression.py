"""Metrics of numbers: how far answers are from the truth, in the target's own unit or as shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    import numpy as np

    from zhinan.proof import Measurement, Valued

__all__ = ["bias", "mae", "mape", "median_absolute_error", "r2", "rmse", "within"]


@register(
    "metric", "mae", zh=("平均绝对误差",), unit="", scale="target", better="lower",
    family="quality", per_class=False, needs="value", watch="absolute",
)  # fmt: skip
def mae(judged: Valued) -> Measurement:
    """Mean absolute error, in the target's unit. Choose it when an error twice as large costs twice as much.

    Source: BCa bootstrap, Efron, JASA 82 (1987).
    """
    import numpy as np

    return _mean(judged, np.abs(judged.answer - judged.truth))


@register(
    "metric", "rmse", zh=("均方根误差",), unit="", scale="target", better="lower",
    family="quality", per_class=False, needs="value", watch="squared",
)  # fmt: skip
def rmse(judged: Valued) -> Measurement:
    """Root mean squared error, in the target's unit. Choose it when large errors cost more than their size.

    No bound knows of huge errors that the sample lacks: where squared errors are very skewed, a bound at 95 % on 200
    rows covers the truth in about 9 of 10 samples. `within` and `median_absolute_error` have exact bounds.

    Source: BCa bootstrap, Efron, JASA 82 (1987).
    """
    import numpy as np

    return _mean(judged, (judged.answer - judged.truth) ** 2, np.sqrt)


@register(
    "metric", "median_absolute_error", zh=("绝对误差中位数",), unit="", scale="target", better="lower",
    family="quality", per_class=False, needs="value",
)  # fmt: skip
def median_absolute_error(judged: Valued) -> Measurement:
    """Median absolute error: half of the answers are at least this close. Choose it when a few may be far off.

    Source: order statistics, David & Nagaraja (2003), on the effective number of rows.
    """
    import numpy as np

    from zhinan.proof import Measurement
    from zhinan.proof.quantiles import Quantile

    errors = np.abs(judged.answer - judged.truth)
    evidence = Quantile(errors, 0.5, judged.person)
    constant = errors.size > 0 and float(np.ptp(errors)) == 0
    reason = Measurement.count(errors >= 0, judged.person).reason or ("every error is the same" if constant else None)
    return Measurement(evidence.value, len(judged), "order statistics", reason, evidence)


@register(
    "metric", "mape", zh=("平均绝对百分比误差",), unit="%", better="lower", family="quality", per_class=False,
    needs="value", watch="relative",
)  # fmt: skip
def mape(judged: Valued) -> Measurement:
    """Mean absolute error as a share of the truth. Choose it when small and large values count alike.

    Raises: UserError E267 when a truth is 0, which nothing is a share of.
    Source: BCa bootstrap, Efron, JASA 82 (1987).
    """
    import numpy as np

    zero = np.flatnonzero(judged.truth == 0)
    if zero.size:
        raise UserError("E267", f"row {int(zero[0]) + 1}", count=zero.size)
    return _mean(judged, np.abs((judged.answer - judged.truth) / judged.truth))


@register(
    "metric", "bias", zh=("偏差", "平均偏差"), unit="", scale="target", better="lower",
    family="quality", per_class=False, needs="value",
)  # fmt: skip
def bias(judged: Valued) -> Measurement:
    """Bias: how far answers are off on average, whichever way, in the target's unit. Choose it for sums and stocks.

    Source: two one-sided tests, Schuirmann (1987), on BCa bootstrap bounds of the mean error, Efron (1987).
    """
    from zhinan.proof import Measurement
    from zhinan.proof.combined import Magnitude

    signed = _mean(judged, judged.answer - judged.truth)
    evidence = Magnitude(signed.evidence)
    return Measurement(evidence.value, signed.n, f"two one-sided, {signed.bound}", signed.reason, evidence)


@register("metric", "r2", zh=("决定系数",), unit="", better="higher", family="quality", per_class=False, needs="value")
def r2(judged: Valued) -> Measurement:
    """R²: the share of the truth's variance that answers explain, at most 1. Choose it to see what is learnt at all.

    Always answering the mean gives 0. Nothing can be said where every truth is the same. With very skewed errors its
    lower bound is too high about as often as rmse's upper one is too low.

    Source: BCa bootstrap, Efron, JASA 82 (1987).
    """
    import numpy as np

    from zhinan.proof import Measurement

    truth = judged.truth - judged.truth.mean() if len(judged) else judged.truth
    squares = (judged.answer - judged.truth) ** 2

    def statistic(rows: np.ndarray) -> float:
        of = truth[rows]
        total = float(((of - of.mean()) ** 2).sum()) if of.size else 0.0
        return 1 - float(squares[rows].sum()) / total if total > 0 else float("nan")

    degenerate = "every error is the same" if len(judged) and float(np.ptp(squares)) == 0 else None
    if len(judged) and float(np.ptp(truth)) == 0:
        degenerate = "every truth is the same"
    return Measurement.bootstrap(statistic, len(judged), person=judged.person, degenerate=degenerate)


@register(
    "metric", "within", zh=("误差范围内比例",), unit="%", better="higher", family="quality", per_class=False,
    needs="value",
)  # fmt: skip
def within(judged: Valued, *, distance: float | None = None) -> Measurement:
    """Within: the share of answers at most a distance from the truth. Choose it when there is a tolerance.

    `within(5) >= 90%`: nine of ten answers are off by 5 or less, in the target's unit.

    Raises: UserError E266 without a distance.
    Source: a count, Clopper & Pearson (1934).
    """
    import numpy as np

    from zhinan.proof import Measurement

    if distance is None or not distance >= 0:
        raise UserError("E266", metric="within", example="within(5) >= 90%")
    slack = 1e-9 * np.maximum(1.0, np.maximum(np.abs(judged.truth), np.abs(judged.answer)))
    return Measurement.count(np.abs(judged.answer - judged.truth) <= distance + slack, judged.person)


def _mean(judged: Valued, each: np.ndarray, of: object = None) -> Measurement:
    """The mean of a number of each row, perhaps transformed, with its bootstrap bound."""
    import numpy as np

    from zhinan.proof import Measurement

    finish = of if callable(of) else float
    degenerate = "every error is the same" if each.size and float(np.ptp(each)) == 0 else None
    return Measurement.bootstrap(
        lambda rows: float(finish(each[rows].mean())) if rows.size else float("nan"),
        len(judged), person=judged.person, degenerate=degenerate,
    )  # fmt: skip
