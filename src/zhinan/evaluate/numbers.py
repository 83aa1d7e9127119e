"""What the report draws of numbers on dev: answers against the truth, errors, and how the interval does along them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zhinan.contract import Contract
from zhinan.core import Candidate, Dataset
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.conformal import Look, interval_facts, lacking, wanted
from zhinan.evaluate.measure import judge_dataset
from zhinan.proof import Measurement, Valued

__all__ = ["interval_proof", "interval_told", "number_facts"]

POINTS = 300
"""Rows that a drawing shows; more cannot be told apart."""
BANDS = 5
"""Parts of equally many rows, by the number answered, that errors are shown for."""
QUANTILES = (0.5, 0.8, 0.9, 0.95)


def number_facts(contract: Contract, candidate: Candidate, dev: Dataset, found: Findings) -> dict[str, Any]:
    """The report's key "numbers": {"target", "interval", "proved", "points", "bands", "errors"}.

    points: (truth, answer, inside its interval) of dev rows. bands: the rows by the number answered, each with how
    many, mean error, mean absolute error, coverage and width. errors: quantile → absolute error. proved: as
    `interval_proof`.
    """
    judged = judge_dataset(dev, said_of(candidate), ())
    if not isinstance(judged, Valued) or judged.low is None or judged.high is None:
        raise ValueError("not a candidate for numbers")
    off = judged.answer - judged.truth
    inside = (judged.low <= judged.truth) & (judged.truth <= judged.high)
    order = np.argsort(judged.answer, kind="stable")
    some = order[np.unique(np.linspace(0, len(order) - 1, min(POINTS, len(order))).round().astype(int))]
    return {
        "target": contract.data.target,
        "interval": interval_facts(candidate, dev),
        "proved": interval_proof(contract, found),
        "points": [[float(judged.truth[i]), float(judged.answer[i]), bool(inside[i])] for i in some],
        "bands": [
            _band(judged, off, inside, rows) for rows in np.array_split(order, min(BANDS, len(order))) if rows.size
        ],
        "errors": [[q, float(np.quantile(np.abs(off), q))] for q in QUANTILES],
    }


def _band(judged: Valued, off: np.ndarray, inside: np.ndarray, rows: np.ndarray) -> dict[str, Any]:
    width = np.zeros(1) if judged.low is None or judged.high is None else (judged.high - judged.low)[rows]
    return {
        "from": float(judged.answer[rows].min()), "to": float(judged.answer[rows].max()), "rows": int(rows.size),
        "bias": float(off[rows].mean()), "mae": float(np.abs(off[rows]).mean()),
        "coverage": float(inside[rows].mean()), "width": float(width.mean()),
    }  # fmt: skip


def interval_told(contract: Contract, found: Findings, dev: Dataset, seal: Look | None) -> dict[str, Any] | None:
    """What a build says of its interval: `interval_proof`, and "lacks" where `lacking` says why it is endless."""
    proved = interval_proof(contract, found)
    if proved is None:
        return None
    lacks = lacking(dev, wanted(contract, dev, seal))
    return {**proved, **({"lacks": lacks} if lacks else {})}


def interval_proof(contract: Contract, found: Findings) -> Mapping[str, Any] | None:
    """How often the interval held the truth of sealed rows, with its bound; None while the seal stayed closed.

    Returns: {"hits", "n", "value", "bound", "delta", "method"}; "bound" is None where nothing can be said.

    Source: a count, Clopper & Pearson (1934), at the δ of the opening.
    """
    sealed, delta = found.sealed, found.ledger.get("delta")
    if not isinstance(sealed, Valued) or sealed.low is None or sealed.high is None or delta is None:
        return None
    inside = (sealed.low <= sealed.truth) & (sealed.truth <= sealed.high)
    measured = Measurement.count(inside, sealed.person)
    bound = None if measured.reason else float(measured.lower(float(delta)))
    return {
        "hits": int(inside.sum()), "n": measured.n, "value": measured.value, "bound": bound, "delta": float(delta),
        "method": measured.bound,
    }  # fmt: skip
