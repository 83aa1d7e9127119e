"""What each row scores on a must line, where the line is a mean of such scores: what can be watched label by label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhinan.contract import Line
from zhinan.core import UserError
from zhinan.evaluate.measure import ABSENT, measure
from zhinan.proof import Judged, Tagged, Valued
from zhinan.proof.counts import Count, Scores

__all__ = ["row_scores"]


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
