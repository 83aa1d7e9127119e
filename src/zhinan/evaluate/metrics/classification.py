"""Metrics of a classifier's answers: right or wrong, per class and averaged over classes or tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from zhinan.proof import Judged, Measurement, Ranked, Tagged

__all__ = ["accuracy", "f1", "macro_f1", "macro_precision", "macro_recall", "precision", "recall"]


@register(
    "metric", "accuracy", zh=("准确率",), unit="%", better="higher", family="quality", per_class=False, needs="answer",
    at_k=True, thumbs=True,
)  # fmt: skip
def accuracy(judged: Judged, *, k: int | None = None) -> Measurement:
    """Accuracy: the share of examples answered right. Choose it when every mistake costs the same.

    `accuracy@3` counts an example as right when its class is among the 3 most probable; ties count against it.

    Raises: UserError E250 for @k without probabilities.
    Source: a count, so Clopper & Pearson, Biometrika 26 (1934), through proof.bounds.
    """
    import numpy as np

    from zhinan.proof import Measurement

    if k is None:
        return Measurement.count(judged.answer == judged.truth, judged.person)
    p = judged.probability
    if p is None:
        raise UserError("E250", metric=f"accuracy@{k}")
    own = judged.truth[:, None] == np.asarray(judged.classes, dtype=str)[None, :]
    mine = np.where(own, p, -1.0).max(axis=1)  # −1: a class that no probability speaks of is never among the first
    return Measurement.count((p >= mine[:, None]).sum(axis=1) <= np.where(own.any(axis=1), k, -1), judged.person)


@register(
    "metric", "recall", zh=("召回率",), unit="%", better="higher", family="quality", per_class="only",
    needs=("answer", "tags", "ranking"), at_k=True,
)  # fmt: skip
def recall(judged: Judged | Tagged | Ranked, *, part: str | None = None, k: int | None = None) -> Measurement:
    """Recall: the share of a class's examples that were found. Choose it when a miss costs more than a false alarm.

    Without a class (inside `gap`) it is micro-averaged: the share of all examples that were found. `recall@10` is
    for rankings: the share of a query's relevant items among the first 10, mean over queries.

    Raises: UserError E031 when the class never occurs in the truth.
    Source: a count over the class's examples, Clopper & Pearson (1934); a betting bound for rankings.
    """
    from zhinan.evaluate._ranks import recall_at
    from zhinan.evaluate._tables import about
    from zhinan.evaluate.metrics.tagging import micro_recall
    from zhinan.proof import Judged, Measurement, Ranked

    if isinstance(judged, Ranked):
        return recall_at(judged, _cutoff("recall", k))
    _no_cutoff("recall", k)
    if part is None:
        return accuracy(judged) if isinstance(judged, Judged) else micro_recall(judged)
    one = about(judged, part)
    of_class = one.where(one.truth == part)
    return Measurement.count(of_class.answer == part, of_class.person)


@register(
    "metric", "precision", zh=("精确率", "查准率"), unit="%", better="higher", family="quality", per_class="only",
    needs=("answer", "tags", "ranking"), at_k=True, thumbs=True,
)  # fmt: skip
def precision(judged: Judged | Tagged | Ranked, *, part: str | None = None, k: int | None = None) -> Measurement:
    """Precision: the share of a class's answers that are right. Choose it when a false alarm costs more than a miss.

    Without a class (inside `gap` and `auto_rate`) it is micro-averaged: the share of all answers that are right.
    `precision@10` is for rankings: the share of the first 10 that is relevant, mean over queries.

    Raises: UserError E031 when the class never occurs in the truth.
    Source: a count over the answers naming the class, Clopper & Pearson (1934); a betting bound for rankings.
    """
    from zhinan.evaluate._ranks import precision_at
    from zhinan.evaluate._tables import about
    from zhinan.evaluate.metrics.tagging import micro_precision
    from zhinan.proof import Judged, Measurement, Ranked

    if isinstance(judged, Ranked):
        return precision_at(judged, _cutoff("precision", k))
    _no_cutoff("precision", k)
    if part is None:
        return accuracy(judged) if isinstance(judged, Judged) else micro_precision(judged)
    one = about(judged, part)
    return Measurement.count(one.truth == part, one.person, among=one.answer == part)


@register(
    "metric", "f1", zh=("F1值",), unit="%", better="higher", family="quality", per_class="only",
    needs=("answer", "tags"), watch="f1", overlap=True,
)  # fmt: skip
def f1(judged: Judged | Tagged, *, part: str | None = None) -> Measurement:
    """F1 of one class: the harmonic mean of its precision and recall. Choose it for a rare class when both matter.

    Without a class (inside `gap`) it is micro-averaged.

    Raises: UserError E031 when the class never occurs in the truth.
    Source: rows whose truth and answer are the class, of those where either is, are a count, Clopper & Pearson (1934);
    F1 rises with it. Compared with another: BCa bootstrap, Efron, JASA 82 (1987).
    """
    from zhinan.evaluate._tables import about, of_class
    from zhinan.evaluate.metrics.tagging import micro_f1
    from zhinan.proof import Judged, Measurement

    if part is None:
        return accuracy(judged) if isinstance(judged, Judged) else micro_f1(judged)
    one = about(judged, part)
    whole = of_class(one, part, lambda hit, true, named: 2 * hit / max(true + named, 1))
    return Measurement.f1(one.truth == part, one.answer == part, one.person, whole)


@register(
    "metric", "macro_recall", zh=("宏召回率", "宏平均召回率", "平衡准确率", "balanced_accuracy"), unit="%",
    better="higher", family="quality", per_class=False, needs=("answer", "tags"),
)  # fmt: skip
def macro_recall(judged: Judged | Tagged) -> Measurement:
    """Macro recall: recall averaged over classes. Choose it when rare classes matter as much as common ones.

    It is also called balanced accuracy.

    Source: BCa bootstrap stratified by class, Efron, JASA 82 (1987).
    """
    from zhinan.evaluate._tables import mean_where, tables

    return tables(judged, lambda hit, true, named: mean_where(true > 0, hit, true))


@register(
    "metric", "macro_precision", zh=("宏精确率", "宏平均精确率"), unit="%", better="higher", family="quality",
    per_class=False, needs=("answer", "tags"),
)  # fmt: skip
def macro_precision(judged: Judged | Tagged) -> Measurement:
    """Macro precision: precision averaged over classes. Choose it when wrong answers of any class cost the same.

    A class that is never answered counts as 0, as in scikit-learn.

    Source: BCa bootstrap stratified by class, Efron, JASA 82 (1987).
    """
    from zhinan.evaluate._tables import mean_where, tables

    return tables(judged, lambda hit, true, named: mean_where(true + named > 0, hit, named))


@register(
    "metric", "macro_f1", zh=("宏F1", "宏平均F1"), unit="%", better="higher", family="quality", per_class=False,
    needs=("answer", "tags"),
)  # fmt: skip
def macro_f1(judged: Judged | Tagged) -> Measurement:
    """Macro F1: F1 averaged over classes. Choose it for unbalanced classes when both kinds of mistake matter.

    Source: the mean of the classes' F1, Opitz & Burst (2019); BCa bootstrap stratified by class, Efron (1987).
    """
    from zhinan.evaluate._tables import mean_where, tables

    return tables(judged, lambda hit, true, named: mean_where(true + named > 0, 2 * hit, true + named))


def _cutoff(metric: str, k: int | None) -> int:
    if k is None:
        raise UserError("E266", metric=metric, example=f"{metric}@10 >= 50%")
    return k


def _no_cutoff(metric: str, k: int | None) -> None:
    if k is not None:
        wanted = Words("a ranking a row", "每行一个排序")
        found = Words("labels; accuracy@k is for them", "标签；请用 accuracy@k")
        raise UserError("E263", metric=f"{metric}@{k}", wanted=wanted, found=found)
