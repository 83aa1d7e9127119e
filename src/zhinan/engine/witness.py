"""Where a version's texts stand in the space in which it sees them, as a few numbers: what traffic is compared with."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zhinan.core import StepSpec

__all__ = ["ROWS", "scores_of", "witness_of"]

ROWS = 400
"""Of dev whose features are looked at; half of them tell what is usual, half how usual others are."""
WIDTH, AXES = 1024, 2
"""Numbers into which features are folded, and directions in which they spread most."""
_FEW = 40
_MIX = np.uint64(0x9E3779B97F4A7C15)

Floats = npt.NDArray[np.float64]
Run = Callable[[dict[str, list[Any]]], Mapping[str, Any]]


def witness_of(
    run: Run, steps: Sequence[StepSpec], rows: dict[str, list[Any]]
) -> tuple[dict[str, Any], dict[str, list[float]]] | None:
    """What is kept of the features of some rows, and name → scores of the rows that were held aside.

    Args: run, steps: of the version. rows: that its encoders never saw, in random order.

    Returns:
        {"reads", "mean", "axes"} as JSON and the scores as `scores_of` gives them; None where the head reads no
        features, or there are too few rows.
    """
    reads = list(steps[-2].reads) if len(steps) > 1 else []
    place = min(next((len(column) for column in rows.values()), 0), ROWS)
    found = _folded(run({name: column[:place] for name, column in rows.items()}), reads) if place >= _FEW else None
    if found is None:
        return None
    usual, others = found[::2], found[1::2]
    mean = usual.mean(axis=0)
    axes = np.linalg.svd(usual - mean, full_matrices=False)[2][:AXES]
    kept = {"reads": reads, "mean": _packed(mean), "axes": [_packed(axis) for axis in axes]}
    return kept, _scores(others, kept)


def scores_of(run: Run, witness: Mapping[str, Any], rows: dict[str, list[Any]]) -> dict[str, list[float]]:
    """Name → a number for each row: how typical its features are of what the version was compared on, and along axes.

    Source: the mean in the space of the features is the witness of a maximum mean discrepancy, Gretton et al., JMLR 13
    (2012); features folded by hashing, Weinberger et al., ICML 2009, which keeps inner products.
    """
    found = _folded(run(rows), witness["reads"])
    return {} if found is None else _scores(found, witness)


def _scores(folded: Floats, witness: Mapping[str, Any]) -> dict[str, list[float]]:
    mean, axes = _unpacked(witness["mean"]), np.array([_unpacked(axis) for axis in witness["axes"]])
    along = folded @ axes.T
    return {"typical": (folded @ mean).tolist(), **{f"axis {i + 1}": along[:, i].tolist() for i in range(len(axes))}}


def _folded(values: Mapping[str, Any], reads: Sequence[str]) -> Floats | None:
    """(n, WIDTH), the features in these values: matrices, or places and what stands there; rows of norm 1."""
    given = [np.asarray(values[name]) for name in reads if name in values]
    total: Floats | None = None
    for place, one in enumerate(given):
        if one.ndim != 2 or one.dtype.kind not in "fiu" or not one.size:
            continue
        after = given[place + 1] if place + 1 < len(given) else None
        if one.dtype.kind in "iu":
            if after is None or after.shape != one.shape or after.dtype.kind != "f":
                continue
            total = _add(total, one, after)
        elif place == 0 or given[place - 1].dtype.kind not in "iu" or given[place - 1].shape != one.shape:
            total = _add(total, np.broadcast_to(np.arange(one.shape[1]), one.shape), one)
    return total


def _add(total: Floats | None, places: npt.NDArray[Any], amounts: npt.NDArray[Any]) -> Floats:
    """One block folded: each feature goes to one of WIDTH numbers, with a sign, by a hash of its place."""
    with np.errstate(over="ignore"):
        mixed = places.astype(np.uint64) * _MIX
    bucket, sign = (mixed >> np.uint64(40)) % np.uint64(WIDTH), 1.0 - 2.0 * ((mixed >> np.uint64(63)) & np.uint64(1))
    held = np.nan_to_num(amounts.astype(float), posinf=0.0, neginf=0.0)
    folded = np.zeros((len(places), WIDTH))
    np.add.at(folded, (np.arange(len(places))[:, None], bucket.astype(np.int64)), sign.astype(float) * held)
    folded /= np.maximum(np.linalg.norm(folded, axis=1, keepdims=True), 1e-12)
    return folded if total is None else total + folded


def _packed(numbers: Floats) -> str:
    """A direction, of which only that counts, in a byte a number."""
    scale = max(float(np.abs(numbers).max()), 1e-12)
    return base64.b64encode(np.round(numbers / scale * 127).astype(np.int8).tobytes()).decode()


def _unpacked(text: str) -> Floats:
    found = np.frombuffer(base64.b64decode(text), np.int8).astype(float)
    return found / max(float(np.linalg.norm(found)), 1e-12)
