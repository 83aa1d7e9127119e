"""What each row scores on a must line, or adds to it: what can be watched label by label, and resampled quickly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zhinan.contract import Line
from zhinan.core import UserError
from zhinan.evaluate.measure import ABSENT, measure
from zhinan.proof import Judged, Tagged, Valued
from zhinan.proof.bootstrap import Resampling
from zhinan.proof.combined import F1
from zhinan.proof.counts import Count, Scores

__all__ = ["row_scores", "value_on"]


def row_scores(line: Line, on: Judged | Tagged | Valued) -> dict[int, float] | None:
    """Place of a row → its score in [0, 1], for the rows that count in the line; their mean is the line's value.

    Nothing counts when the line's class or group is not among the rows. None when the line is no mean of scores of
    single rows (macro_f1, gaps), or its target is no share.
    """
    own = replace(on, person=np.arange(len(on)).astype(str))  # so that the evidence says whose each score is
    try:
        evidence = measure(line, own).evidence
    except UserError as error:
        if error.code not in ABSENT:
            raise
        return None if error.code == "E251" else {}  # a gap
    if not 0 < line.target < 1 or not isinstance(evidence, (Count, Scores)) or evidence.person is None:
        return None
    values = evidence.outcomes if isinstance(evidence, Count) else evidence.values
    if values is None or len(np.unique(evidence.person)) < len(evidence.person):  # several outcomes a row: of labels
        return None
    return {int(place): float(value) for place, value in zip(evidence.person.tolist(), values, strict=True)}


def value_on(line: Line, on: Judged | Tagged | Valued) -> Callable[[npt.NDArray[np.int64]], float] | None:
    """The line's value on some rows, each as often as it is named, from what each row adds: a thousand times at once.

    None when the line's value is made of something else than sums over rows, or of a table of them.
    """
    try:
        evidence = measure(line, replace(on, person=np.arange(len(on)).astype(str))).evidence
    except UserError as error:
        if error.code not in ABSENT:
            raise
        return None
    if isinstance(evidence, Resampling) and evidence.source is not None and evidence.n == len(on):
        return evidence.source.statistic
    count = evidence.overlap if isinstance(evidence, F1) else evidence
    if not isinstance(count, Count) or count.person is None or count.outcomes is None:
        return None
    place, overlap = count.person.astype(np.int64), isinstance(evidence, F1)
    hits = np.bincount(place, count.outcomes, len(on))
    every = np.bincount(place, minlength=len(on))

    def value(rows: npt.NDArray[np.int64]) -> float:
        size = every[rows].sum()
        share = float(hits[rows].sum() / size) if size else float("nan")
        return 2 * share / (1 + share) if overlap else share

    return value
