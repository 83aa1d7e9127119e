"""Whether a target is within reach of any recipe on these features: an estimate from the nearest neighbour's error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import scipy.sparse as sp

    Features: TypeAlias = npt.NDArray[np.floating] | sp.csr_array

__all__ = ["feasible", "one_nn_error"]

CHUNK = 10_000_000
"""Similarities held at once."""


def feasible(one_nn_error: float, classes: int) -> float:
    """The least error any recipe can reach, as estimated from the 1-nearest-neighbour error. Choose it before climbing.

    Where it is above the target, clean labels or relax the line; where it is below, the recipe is the limit. Take the
    minimum over encoders. It is an estimate: the inequality holds with endless training data, and features of today.

    Args:
        one_nn_error: in [0, 1], as `one_nn_error` gives it. classes: at least 2.

    Raises:
        ValueError: an error outside [0, 1], or fewer than two classes.

    Source: Cover & Hart, IEEE Trans. Information Theory 13 (1967): R* ≥ (C−1)/C · (1 − √(1 − C/(C−1) · R_1NN));
    as a feasibility study, Renggli et al., Snoopy, arXiv 2010.08410 (2020).
    """
    if classes < 2 or not 0 <= one_nn_error <= 1:
        raise ValueError(f"a rate in [0, 1] and at least 2 classes, got {one_nn_error!r} and {classes}")
    most = (classes - 1) / classes
    return most * (1 - math.sqrt(max(1 - one_nn_error / most, 0.0)))


def one_nn_error(train: Features, train_codes: npt.ArrayLike, dev: Features, dev_codes: npt.ArrayLike) -> float:
    """Share of dev rows whose nearest training row, by cosine, has another label.

    Args:
        train, dev: shapes (n, width) and (m, width), both dense or both CSR. train_codes, dev_codes: class codes,
            shapes (n,) and (m,).

    Returns:
        NaN when one part is empty.
    """
    given, asked = np.asarray(train_codes), np.asarray(dev_codes)
    if not given.size or not asked.size:
        return math.nan
    known, wanted = _directions(train), _directions(dev)
    step = max(1, CHUNK // given.size)
    wrong = 0
    for start in range(0, asked.size, step):
        likeness = wanted[start : start + step] @ known.T
        full = likeness if isinstance(likeness, np.ndarray) else likeness.toarray()
        wrong += int((given[full.argmax(axis=1)] != asked[start : start + step]).sum())
    return wrong / asked.size


def _directions(values: Features) -> Features:
    """Rows of length 1; a row of nothing stays nothing."""
    if isinstance(values, np.ndarray):
        length = np.linalg.norm(values, axis=1, keepdims=True)
        result: npt.NDArray[np.floating] = values / np.where(length > 0, length, 1)
        return result
    import scipy.sparse as sp

    lengths = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).reshape(-1))
    scaled: sp.csr_array = sp.csr_array(sp.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ values)
    return scaled
