"""Columns whose gaps depend on the target: whether a value is missing tells the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from zhinan.core import Column
from zhinan.data.drift import independent
from zhinan.data.findings import finding
from zhinan.data.predictors import rows_of
from zhinan.data.rows import Rows
from zhinan.data.types import Finding

__all__ = ["gaps_that_tell"]

_SHARE = 0.10


def gaps_that_tell(rows: Rows, inputs: Sequence[Column], target: Column) -> list[Finding]:
    """Columns whose gaps depend on the target: chi-square at .001 over all columns, and at least 10 points apart. Of
    several labels a row each stands against the rest."""
    held = rows_of(rows.frame[target.name], target.kind)
    found = []
    for column in inputs:
        gone = rows.frame[column.name].is_null().to_numpy()
        if not 20 <= gone.sum() <= len(gone) - 20:
            continue
        counts = {label: np.array([gone[mine].sum(), (~gone[mine]).sum()]) for label, mine in sorted(held.items())}
        groups = [counts]
        if target.kind == "list":
            every = np.array([gone.sum(), (~gone).sum()])
            groups = [{label: mine, f"not {label}": every - mine} for label, mine in counts.items()]
        told = [_apart(group, 0.001 / (len(inputs) * len(groups))) for group in groups]
        if shown := max(told, default=(0.0, []))[1]:
            found.append(finding("missing_tells", int(gone.sum()), shown, name=column.name))
    return found


def _apart(groups: Mapping[str, npt.NDArray[np.int64]], risk: float) -> tuple[float, list[str]]:
    """How far the shares of gaps are apart, and the largest and the smallest as they are said; nothing where they
    hardly are.

    Args: groups: rows with a gap and without one, of each.
    """
    groups = {label: counts for label, counts in groups.items() if counts.sum() >= 20}
    shares = {label: counts[0] / counts.sum() for label, counts in groups.items()}
    if len(shares) < 2 or max(shares.values()) - min(shares.values()) < _SHARE:
        return 0.0, []
    if independent(np.array(list(groups.values()), float).T) >= risk:
        return 0.0, []
    ends = (max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__))
    return shares[ends[0]] - shares[ends[1]], [f"{label}: {shares[label]:.0%}" for label in ends]
