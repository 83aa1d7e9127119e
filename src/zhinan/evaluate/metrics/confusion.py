"""Metrics of the table of truths and answers: false alarms, how often a class is answered, agreement beyond chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    import numpy as np

    from zhinan.proof import Judged, Measurement, Tagged

__all__ = ["fpr", "kappa", "mcc", "selection_rate", "specificity"]


@register(
    "metric", "specificity", zh=("特异度",), unit="%", better="higher", family="quality", per_class="only",
    needs=("answer", "tags"),
)  # fmt: skip
def specificity(judged: Judged | Tagged, *, part: str | None = None) -> Measurement:
    """Specificity: the share of other examples that were not taken for the class. Choose it to bound false alarms.

    It is 1 − fpr. Raises: UserError E031 when there is no such class, E255 without a class.
    Source: a count over the examples of other classes, Clopper & Pearson (1934).
    """
    from zhinan.evaluate._tables import about
    from zhinan.proof import Measurement

    one = about(judged, _class("specificity", judged, part), seen=False)
    others = one.where(one.truth != part)
    return Measurement.count(others.answer != part, others.person)


@register(
    "metric", "fpr", zh=("误报率", "假阳性率"), unit="%", better="lower", family="quality", per_class="only",
    needs=("answer", "tags"),
)  # fmt: skip
def fpr(judged: Judged | Tagged, *, part: str | None = None) -> Measurement:
    """False positive rate: the share of other examples taken for the class. Choose it when a false alarm harms.

    `gap(fpr[fraud], by=gender)` asks that no group is suspected wrongly more often than another.

    Raises: UserError E031 when there is no such class, E255 without a class.
    Source: a count over the examples of other classes, Clopper & Pearson (1934).
    """
    from zhinan.evaluate._tables import about
    from zhinan.proof import Measurement

    one = about(judged, _class("fpr", judged, part), seen=False)
    others = one.where(one.truth != part)
    return Measurement.count(others.answer == part, others.person)


@register(
    "metric", "selection_rate", zh=("选择率", "通过率"), unit="%", better="higher", family="quality", per_class="only",
    needs=("answer", "tags"),
    flawless=False,
)  # fmt: skip
def selection_rate(judged: Judged | Tagged, *, part: str | None = None) -> Measurement:
    """Selection rate: the share of examples answered with a class. Choose it, between groups, for equal treatment.

    `gap(selection_rate[approve], by=gender) <= 10 pt` bounds the difference, `parity(selection_rate[approve],
    by=gender) >= 80%` the ratio. It asks nothing of the truth, so it says nothing of right or wrong.

    Raises: UserError E031 when there is no such class, E255 without a class.
    Source: a count over all examples, Clopper & Pearson (1934).
    """
    from zhinan.evaluate._tables import about
    from zhinan.proof import Measurement

    one = about(judged, _class("selection_rate", judged, part), seen=False)
    return Measurement.count(one.answer == part, one.person)


@register(
    "metric", "mcc", zh=("马修斯相关系数",), unit="", better="higher", family="quality", per_class=False,
    needs="answer",
)  # fmt: skip
def mcc(judged: Judged) -> Measurement:
    """Matthews correlation of truth and answer, −1 to 1. Choose it for two unbalanced classes that both matter.

    Source: Gorodkin, Computational Biology and Chemistry 28 (2004), for any number of classes; BCa bootstrap
    stratified by class, Efron, JASA 82 (1987).
    """
    from zhinan.evaluate._tables import tables

    return tables(judged, _correlation, every=True)


@register(
    "metric", "kappa", zh=("卡帕系数", "科恩卡帕"), unit="", better="higher", family="quality", per_class=False,
    needs="answer",
)  # fmt: skip
def kappa(judged: Judged) -> Measurement:
    """Cohen's kappa: agreement beyond chance, at most 1. Choose it to compare with how well people agree.

    Source: Cohen, Educational and Psychological Measurement 20 (1960); BCa bootstrap stratified by class, Efron,
    JASA 82 (1987).
    """
    from zhinan.evaluate._tables import tables

    return tables(judged, _agreement, every=True)


def _class(metric: str, judged: Judged | Tagged, part: str | None) -> str:
    if part is None:
        from zhinan.evaluate.measure import which_class

        raise UserError("E255", metric=metric, suggestion=which_class(metric, judged.classes))
    return part


def _correlation(hit: np.ndarray, true: np.ndarray, named: np.ndarray) -> float:
    n = float(true.sum())
    spread = (n * n - float(true @ true)) * (n * n - float(named @ named))
    return (float(hit.sum()) * n - float(true @ named)) / math.sqrt(spread) if spread > 0 else 0.0


def _agreement(hit: np.ndarray, true: np.ndarray, named: np.ndarray) -> float:
    n = float(true.sum())
    chance = float(true @ named) / n**2
    return (float(hit.sum()) / n - chance) / (1 - chance) if chance < 1 else math.nan
