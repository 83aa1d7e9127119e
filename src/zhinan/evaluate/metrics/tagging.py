"""Metrics of rows that may have any number of labels; `recall[tag]` and the macro scores: classification.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import register

if TYPE_CHECKING:
    import numpy as np

    from zhinan.proof import Measurement, Tagged

__all__ = ["hamming_loss", "micro_f1", "micro_precision", "micro_recall", "subset_accuracy"]


@register(
    "metric", "subset_accuracy", zh=("完全匹配率", "exact_match"), unit="%", better="higher", family="quality",
    per_class=False, needs="tags", thumbs=True,
)  # fmt: skip
def subset_accuracy(judged: Tagged) -> Measurement:
    """Subset accuracy: the share of rows whose tags are exactly right. Choose it when half right is wrong.

    Source: a count, Clopper & Pearson (1934).
    """
    from zhinan.proof import Measurement

    return Measurement.count((judged.answer == judged.truth).all(axis=1), judged.person)


@register(
    "metric", "hamming_loss", zh=("汉明损失",), unit="%", better="lower", family="quality", per_class=False,
    needs="tags",
)  # fmt: skip
def hamming_loss(judged: Tagged) -> Measurement:
    """Hamming loss: the share of (row, tag) pairs decided wrongly. Choose it when every tag is its own decision.

    Rare tags make it small whatever is answered: set a line on `micro_f1` or `recall[tag]` too.

    Source: mean over rows with its betting bound, Waudby-Smith & Ramdas (2023).
    """
    from zhinan.proof import Measurement

    return Measurement.mean((judged.answer != judged.truth).mean(axis=1), judged.person)


@register(
    "metric", "micro_recall", zh=("微召回率", "微平均召回率"), unit="%", better="higher", family="quality",
    per_class=False, needs="tags", watch="labels that are right",
)  # fmt: skip
def micro_recall(judged: Tagged) -> Measurement:
    """Micro recall: the share of all right tags that were given. Choose it when a missed tag costs, whichever it is.

    Source: a count of tags clustered by row (or person), Clopper & Pearson on the effective size of Korn & Graubard
    (1998).
    """
    return _share(judged, judged.truth, judged.answer)


@register(
    "metric", "micro_precision", zh=("微精确率", "微平均精确率"), unit="%", better="higher", family="quality",
    per_class=False, needs="tags", watch="labels given",
)  # fmt: skip
def micro_precision(judged: Tagged) -> Measurement:
    """Micro precision: the share of all given tags that are right. Choose it when a wrong tag costs, whichever it is.

    Source: a count of tags clustered by row (or person), Clopper & Pearson on the effective size of Korn & Graubard
    (1998).
    """
    return _share(judged, judged.answer, judged.truth)


@register(
    "metric", "micro_f1", zh=("微F1", "微平均F1"), unit="%", better="higher", family="quality", per_class=False,
    needs="tags", watch="labels of either", overlap=True,
)  # fmt: skip
def micro_f1(judged: Tagged) -> Measurement:
    """Micro F1: F1 over all (row, tag) pairs at once. Choose it as the one number for tags.

    Source: the tags in both of those in either are a count clustered by row (or person), Clopper & Pearson on the
    effective size of Korn & Graubard (1998); F1 rises with it. Compared with another: BCa bootstrap, Efron (1987).
    """
    from zhinan.evaluate._tables import tables
    from zhinan.proof import Measurement

    whole = tables(judged, lambda hit, true, named: 2 * hit.sum() / max(float((true + named).sum()), 1.0))
    return Measurement.f1(judged.truth.reshape(-1), judged.answer.reshape(-1), _whose(judged), whole)


def _share(judged: Tagged, of: np.ndarray, hit: np.ndarray) -> Measurement:
    """Share of the flags `of` that are in `hit` too."""
    from zhinan.proof import Measurement

    return Measurement.count(hit.reshape(-1), _whose(judged), among=of.reshape(-1))


def _whose(judged: Tagged) -> np.ndarray:
    """Whose each (row, tag) pair is: a row's tags are alike, so rows (or persons) are clusters."""
    import numpy as np

    who = np.arange(len(judged)) if judged.person is None else judged.person
    return np.repeat(who, judged.truth.shape[1])
