"""Metrics of how well scores order examples, whatever the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, register, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from zhinan.proof import Judged, Measurement

__all__ = ["auc", "average_precision"]


@register(
    "metric", "auc", zh=("AUC值",), unit="%", better="higher", family="quality", per_class=True, needs="probability"
)
def auc(judged: Judged, *, part: str | None = None) -> Measurement:
    """Area under the ROC curve: how often a positive scores above a negative. Choose it for risk scores.

    With two classes either one gives the same area; with more, a class part asks one against the rest and none
    asks the mean over classes (Provost & Domingos 2001, unweighted).

    Raises: UserError E031 when the class never occurs in the truth.
    Source: Mann & Whitney (1947); BCa bootstrap stratified by class, Efron, JASA 82 (1987).
    """
    import numpy as np

    if judged.probability is None:
        raise UserError("E250", metric="auc")
    seen = [c for c in judged.classes if (judged.truth == c).any()]
    if part is not None and part not in seen:
        raise UserError("E031", part=part, suggestion=suggest(part, seen))
    wanted = [part] if part is not None else seen[-1:] if len(judged.classes) == 2 else seen
    return _resampled(judged, wanted, _area, np.unique(judged.truth, return_inverse=True)[1])


@register(
    "metric", "average_precision", zh=("平均精确率", "PR曲线下面积"), unit="%", better="higher", family="quality",
    per_class=True, needs="probability",
)  # fmt: skip
def average_precision(judged: Judged, *, part: str | None = None) -> Measurement:
    """Average precision: the area under the precision-recall curve. Choose it for scores of something rare.

    With two classes and none named it is that of the second; with more, the mean over classes.

    Raises: UserError E250 without probabilities, E031 when the class never occurs in the truth.
    Source: Buckley & Voorhees, SIGIR 2000; BCa bootstrap stratified by class, Efron, JASA 82 (1987).
    """
    import numpy as np

    if judged.probability is None:
        raise UserError("E250", metric="average_precision")
    seen = [c for c in judged.classes if (judged.truth == c).any()]
    if part is not None and part not in seen:
        raise UserError("E031", part=part, suggestion=suggest(part, seen))
    wanted = [part] if part is not None else list(judged.classes[1:]) if len(judged.classes) == 2 else seen
    return _resampled(judged, wanted, _precision_area, np.unique(judged.truth, return_inverse=True)[1])


def _resampled(judged: Judged, wanted: list[str], area: Callable[..., float], strata: np.ndarray) -> Measurement:
    """The mean over classes of an area made of ranks of scores, with its bootstrap bound."""
    import numpy as np

    from zhinan.proof import Measurement

    if not wanted:
        return Measurement.bootstrap(lambda _: float("nan"), len(judged), degenerate="no class occurs")
    probability = np.asarray(judged.probability)
    positive = np.stack([judged.truth == c for c in wanted], axis=1)
    columns = [probability[:, judged.classes.index(c)] for c in wanted]
    codes = [2 * np.unique(column, return_inverse=True)[1] + positive[:, i] for i, column in enumerate(columns)]

    def statistic(rows: np.ndarray) -> float:
        return sum(area(code.take(rows)) for code in codes) / len(codes)

    fewest = int(min(positive.sum(0).min(initial=len(judged)), (~positive).sum(0).min(initial=len(judged))))
    value = statistic(np.arange(len(judged))) if fewest else float("nan")
    degenerate = f"a class has only {fewest} examples" if fewest < 10 else "the area is 1" if value == 1 else None
    return Measurement.bootstrap(statistic, len(judged), strata=strata, person=judged.person, degenerate=degenerate)


def _counted(code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many rows of each score, from the lowest up, are not of the class, and how many are.

    Args: code: (n,) twice the place of a row's score among all scores, one more where the row is of the class.
    """
    import numpy as np

    counts = np.bincount(code, minlength=2)
    counts = counts if len(counts) % 2 == 0 else np.append(counts, 0)
    return counts[::2], counts[1::2]


def _precision_area(code: np.ndarray) -> float:
    """Precision at each score from the highest down, weighted by the recall it adds; nan without a positive."""
    import numpy as np

    others, hits = (counts[::-1] for counts in _counted(code))
    if not hits.sum():
        return float("nan")
    precision = np.cumsum(hits) / np.maximum(np.cumsum(hits + others), 1)
    return float((precision * hits).sum() / hits.sum())


def _area(code: np.ndarray) -> float:
    """Mann–Whitney from the ranks of the scores, ties counted half; nan when a side is empty."""
    import numpy as np

    below, above = _counted(code)
    pairs = int(above.sum()) * int(below.sum())
    if not pairs:
        return float("nan")
    return int(above @ (2 * np.cumsum(below) - below)) / (2 * pairs)
