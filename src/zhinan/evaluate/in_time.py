"""Measures a line for a verdict: where it is known when a row was, rows that follow each other may err alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Line
from zhinan.evaluate.measure import measure_known
from zhinan.proof import Answered, Judged, Measurement, Tagged, Valued
from zhinan.proof.series import SURE, Series, places_in_time, series_of

if TYPE_CHECKING:
    from zhinan.evaluate.costs import Costs

__all__ = ["measure_in_time", "rows_of_a_block", "series_facts"]

CLASSES = 5
"""Of more classes than this the most common ones tell how long things stay as they are."""


def measure_in_time(
    line: Line, on: Answered | Costs, like: Measurement | None = None, *, least: int = 1
) -> Measurement:
    """As `measure_known`, with bounds that know that rows near in time may err alike.

    Args:
        like: the same line on other rows of the series, such as those of dev, whose blocks are no longer.
        least: rows of a block at least, such as those of a verdict that is judged again (`rows_of_a_block`).
    """
    measured = measure_known(line, on)
    if not isinstance(on, Judged | Tagged | Valued) or on.moment is None or not measured.n:
        return measured

    def by(codes: np.ndarray) -> Measurement:
        theirs: Any = on.current and replace(on.current, person=codes)
        return measure_known(line, replace(on, person=codes, current=theirs))

    other = None if like is None else series_of(like.evidence)
    least = max(least, 1 if other is None else other.asked(SURE))
    return replace(measured, evidence=Series(measured.evidence, by, places_in_time(on.moment), _signs(on), least))


def rows_of_a_block(measured: Measurement | None) -> int:
    """How many rows in a row were drawn as one, 1 where each was drawn alone."""
    series = None if measured is None else series_of(measured.evidence)
    return 1 if series is None else series.length


def _signs(on: Judged | Tagged | Valued) -> Sequence[np.ndarray]:
    """What tells how long errors would last of which there are too few: how near to one the answers are.

    Where nothing is known of that, how long the truth stays as it is.
    """
    if isinstance(on, Valued):
        errors = on.answer - on.truth
        return errors, np.abs(errors)
    if isinstance(on, Tagged):
        return ((on.truth if on.probability is None else np.abs(on.truth - on.probability)).mean(axis=1),)
    names, codes, rows = np.unique(on.truth, return_inverse=True, return_counts=True)
    if on.probability is None or not set(names.tolist()) <= set(on.classes):
        return [codes == one for one in np.argsort(-rows)[:CLASSES]]
    at = np.array([on.classes.index(name) for name in names.tolist()])
    return (1 - on.probability[np.arange(len(on)), at[codes]],)


def series_facts(measured: Mapping[str, Measurement], deltas: Mapping[str, float]) -> list[dict[str, Any]]:
    """What the report says of lines whose rows were judged in the order of time: the blocks, and what rows are worth.

    Args: deltas: line text → the error that it was judged at.
    """
    found = []
    for line, delta in deltas.items():
        series = series_of(measured[line].evidence)
        if series is not None:
            worth = series.n if series.length == 1 else series.worth(delta)
            row = {"line": line, "block": series.length, "blocks": series.blocks, "rows": series.n, "worth": worth}
            found.append(row)
    return found
