"""Metrics that compare groups of people or traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import UserError, find, register, suggest

if TYPE_CHECKING:
    from zhinan.proof import Judged, Measurement

__all__ = ["gap"]


@register("metric", "gap", zh=("差距",), unit="pt", better="lower", family="quality", per_class=False, needs="answer")
def gap(judged: Judged, *, of: str = "accuracy", by: str = "", part: str | None = None) -> Measurement:
    """Gap: the largest difference of another metric between groups of a column. Choose it to be fair to every group.

    Every ordered pair of groups must be within the limit: an intersection–union test, so no correction is due.

    Raises: UserError E251 when `by` has fewer than two groups, E031 when the class never occurs in the truth.
    Source: Miettinen & Nurminen, Statistics in Medicine 4 (1985); bootstrap when `of` is not a count.
    """
    import numpy as np

    from zhinan.proof import Measurement

    metric = find("metric", of).target
    groups = judged.columns[by]
    names, _sizes = np.unique(groups.astype(str), return_counts=True)
    if len(names) < 2:
        raise UserError("E251", by=by, only=", ".join(names.tolist()))
    options = {} if part is None else {"part": part}
    if part is not None and not (judged.truth == part).any():
        raise UserError("E031", part=part, suggestion=suggest(part, set(judged.truth.tolist())))
    parts = {}
    for name in names:
        group = judged.where(groups.astype(str) == name)
        empty = part is not None and not (group.truth == part).any()
        parts[str(name)] = Measurement.counts(0, 0) if empty else metric(group, **options)
    return Measurement.gap(parts)
