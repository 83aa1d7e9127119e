"""Metrics of a classifier's answers: right or wrong, per class and averaged over classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from zhinan.proof import Judged, Measurement

__all__ = ["accuracy", "f1", "macro_f1", "macro_precision", "macro_recall", "precision", "recall"]


@register(
    "metric", "accuracy", zh=("准确率",), unit="%", better="higher", family="quality", per_class=False, needs="answer"
)
def accuracy(judged: Judged) -> Measurement:
    """Accuracy: the share of examples answered right. Choose it when every mistake costs the same.

    Source: a count, so Clopper & Pearson, Biometrika 26 (1934), through proof.bounds.
    """
    from zhinan.proof import Measurement

    return Measurement.count(judged.answer == judged.truth, judged.person)


@register(
    "metric", "recall", zh=("召回率",), unit="%", better="higher", family="quality", per_class="only", needs="answer"
)
def recall(judged: Judged, *, part: str | None = None) -> Measurement:
    """Recall: the share of a class's examples that were found. Choose it when a miss costs more than a false alarm.

    Without a class (inside `gap`) it is micro-averaged: the share of all examples that were found.

    Raises: UserError E031 when the class never occurs in the truth.
    Source: a count over the class's examples, Clopper & Pearson (1934).
    """
    from zhinan.proof import Measurement

    if part is None:
        return Measurement.count(judged.answer == judged.truth, judged.person)
    of_class = judged.where(_true_rows(judged, part))
    return Measurement.count(of_class.answer == part, of_class.person)


@register(
    "metric",
    "precision",
    zh=("精确率", "查准率"),
    unit="%",
    better="higher",
    family="quality",
    per_class="only",
    needs="answer",
)
def precision(judged: Judged, *, part: str | None = None) -> Measurement:
    """Precision: the share of a class's answers that are right. Choose it when a false alarm costs more than a miss.

    Without a class (inside `gap`) it is micro-averaged: the share of all answers that are right.

    Source: a count over the answers naming the class, Clopper & Pearson (1934).
    """
    from zhinan.proof import Measurement

    if part is None:
        return Measurement.count(judged.answer == judged.truth, judged.person)
    _true_rows(judged, part)
    named = judged.where(judged.answer == part)
    return Measurement.count(named.truth == part, named.person)


@register("metric", "f1", zh=("F1值",), unit="%", better="higher", family="quality", per_class="only", needs="answer")
def f1(judged: Judged, *, part: str | None = None) -> Measurement:
    """F1 of one class: the harmonic mean of its precision and recall. Choose it for a rare class when both matter.

    Without a class (inside `gap`) it is micro-averaged.

    Source: BCa bootstrap, Efron, JASA 82 (1987); undecided with fewer than 5 errors or 10 examples of the class.
    """
    if part is None:
        return accuracy(judged)
    _true_rows(judged, part)
    return _bootstrapped(judged, lambda hit, true, named: 2 * hit / max(true + named, 1), only=part)


@register(
    "metric",
    "macro_recall",
    zh=("宏召回率", "宏平均召回率"),
    unit="%",
    better="higher",
    family="quality",
    per_class=False,
    needs="answer",
)
def macro_recall(judged: Judged) -> Measurement:
    """Macro recall: recall averaged over classes. Choose it when rare classes matter as much as common ones.

    Source: BCa bootstrap stratified by class, Efron, JASA 82 (1987).
    """
    return _bootstrapped(judged, lambda hit, true, named: _mean_where(true > 0, hit, true))


@register(
    "metric",
    "macro_precision",
    zh=("宏精确率", "宏平均精确率"),
    unit="%",
    better="higher",
    family="quality",
    per_class=False,
    needs="answer",
)
def macro_precision(judged: Judged) -> Measurement:
    """Macro precision: precision averaged over classes. Choose it when wrong answers of any class cost the same.

    A class that is never answered counts as 0, as in scikit-learn.

    Source: BCa bootstrap stratified by class, Efron, JASA 82 (1987).
    """
    return _bootstrapped(judged, lambda hit, true, named: _mean_where(true + named > 0, hit, named))


@register(
    "metric",
    "macro_f1",
    zh=("宏F1", "宏平均F1"),
    unit="%",
    better="higher",
    family="quality",
    per_class=False,
    needs="answer",
)
def macro_f1(judged: Judged) -> Measurement:
    """Macro F1: F1 averaged over classes. Choose it for unbalanced classes when both kinds of mistake matter.

    Source: the mean of the classes' F1, Opitz & Burst (2019); BCa bootstrap stratified by class, Efron (1987).
    """
    return _bootstrapped(judged, lambda hit, true, named: _mean_where(true + named > 0, 2 * hit, true + named))


def _true_rows(judged: Judged, part: str) -> np.ndarray:
    rows: np.ndarray = judged.truth == part
    if not rows.any():
        raise UserError("E031", part=part, suggestion=suggest(part, set(judged.truth.tolist())))
    return rows


def _mean_where(counted: np.ndarray, above: np.ndarray, below: np.ndarray) -> float:
    import numpy as np

    if not counted.any():
        return float("nan")
    return float(np.mean(above[counted] / np.maximum(below[counted], 1)))


def _bootstrapped(judged: Judged, score: Callable[..., float], only: str | None = None) -> Measurement:
    """A score of the counts (hit, true, named) of every class, or of one, with its bootstrap bound."""
    import numpy as np

    from zhinan.proof import Measurement

    names, codes = np.unique(np.concatenate([judged.truth, judged.answer]), return_inverse=True)
    true, named = codes[: len(judged)], codes[len(judged) :]
    right, size = true == named, len(names)
    one = None if only is None else int(np.searchsorted(names, only))

    def statistic(rows: np.ndarray) -> float:
        t, a = true[rows], named[rows]
        counts = [np.bincount(c, minlength=size) for c in (t[right[rows]], t, a)]
        return float(score(*(counts if one is None else (c[one] for c in counts))))

    relevant = np.ones(len(judged), bool) if one is None else (true == one) | (named == one)
    rarest = int(
        np.bincount(true, minlength=size)[one] if one is not None else np.unique(true, return_counts=True)[1].min()
    )
    errors = int((~right & relevant).sum())
    degenerate = (
        f"only {errors} errors" if errors < 5 else f"a class has only {rarest} examples" if rarest < 10 else None
    )
    return Measurement.bootstrap(statistic, len(judged), strata=true, person=judged.person, degenerate=degenerate)
