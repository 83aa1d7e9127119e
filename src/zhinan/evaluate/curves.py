"""What the report draws of probabilities on dev: reliability, the ROC and the precision–recall curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["pr_facts", "reliability_facts", "roc_facts"]

BINS = 10
POINTS = 200
"""Most points a curve keeps; its area is that of all of them."""


def reliability_facts(
    probability: np.ndarray, truth: np.ndarray, classes: Sequence[str], answer: np.ndarray | None = None
) -> dict[str, Any] | None:
    """Whether answers given with 80 % are right 80 % of the time, in bins of equally many answers; None without any.

    Args:
        probability: (n, classes). truth: codes (n,). answer: codes (n,), left out the most probable ones. Of several
            labels a row both are bool (n, classes), and each label that is given is an answer.

    Returns:
        {"bins": [{"low", "high", "mean", "right", "n"}], "error"}; the error is the metric calibration_error.

    Source: Guo et al., ICML 2017.
    """
    chances = np.asarray(probability, np.float64)
    if truth.ndim == 2:
        given = np.zeros(truth.shape, bool) if answer is None else np.asarray(answer, bool)
        sure, right = chances[given], truth[given]
    else:
        said = chances.argmax(axis=1) if answer is None else answer
        sure, right = chances[np.arange(len(truth)), said], said == truth
    if not len(sure):
        return None
    order = np.lexsort((right, sure))
    place: np.ndarray = np.empty(len(sure), np.int64)
    place[order] = np.arange(len(sure)) * BINS // len(sure)
    _, first, same = np.unique(sure[order], return_index=True, return_inverse=True)
    place[order] = place[order][first][same]  # equal probabilities belong to one bin
    bins = []
    for one in np.unique(place):
        rows = place == one
        low, high = float(sure[rows].min()), float(sure[rows].max())
        mean, share = float(sure[rows].mean()), float(right[rows].mean())
        bins.append({"low": low, "high": high, "mean": mean, "right": share, "n": int(rows.sum())})
    error = sum(b["n"] * abs(b["right"] - b["mean"]) for b in bins) / len(sure)
    return {"bins": bins, "error": float(error)}


def roc_facts(
    probability: np.ndarray, truth: np.ndarray, classes: Sequence[str], label: str | None = None
) -> dict[str, Any] | None:
    """The ROC curve of one class: {"label", "points": [[false positives, true positives]], "area"}.

    Args:
        probability: (n, classes). truth: codes (n,), or which of several labels each row has, bool (n, classes).
            label: which class; left out, the second of two, and of several labels all of them at once, each (row,
            label) pair counted by itself; the label told is None then.

    Returns:
        None where more than two classes leave open which, or the class or the rest does not occur.
    """
    counted = _counted(probability, truth, classes, label)
    if counted is None:
        return None
    name, hits, alarms = counted
    x, y = alarms / alarms[-1], hits / hits[-1]
    return {"label": name, "points": _thinned(x, y), "area": float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())}


def pr_facts(
    probability: np.ndarray, truth: np.ndarray, classes: Sequence[str], label: str | None = None
) -> dict[str, Any] | None:
    """The precision–recall curve of one class: {"label", "points": [[recall, precision]], "area"}; see `roc_facts`.

    The area is the average precision, which does not interpolate between points.
    """
    counted = _counted(probability, truth, classes, label)
    if counted is None:
        return None
    name, hits, alarms = counted
    recall, precision = hits[1:] / hits[-1], hits[1:] / (hits + alarms)[1:]
    area = float((np.diff(hits) / hits[-1] * precision).sum())
    return {"label": name, "points": _thinned(recall, precision), "area": area}


def _counted(
    probability: np.ndarray, truth: np.ndarray, classes: Sequence[str], label: str | None
) -> tuple[str | None, np.ndarray, np.ndarray] | None:
    """The class, and how many of its rows and of others score at least each value, from none to all."""
    chances = np.asarray(probability, np.float64)
    name: str | None = label
    if label is None and truth.ndim == 2:
        score, mine = chances.reshape(-1), truth.reshape(-1)
    else:
        name = label if label is not None else classes[1] if len(classes) == 2 else ""
        if name not in classes:
            return None
        code = list(classes).index(name)
        score, mine = chances[:, code], truth[:, code] if truth.ndim == 2 else truth == code
    if not mine.any() or mine.all():
        return None
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)  # of equal scores all or none
    hits, alarms = (np.append(0, np.cumsum(which[order])[last]) for which in (mine, ~mine))
    return name, hits, alarms


def _thinned(x: np.ndarray, y: np.ndarray) -> list[list[float]]:
    kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), POINTS)).round().astype(int))
    return [[float(a), float(b)] for a, b in zip(x[kept], y[kept], strict=True)]
