"""Which rows a sealed set needs: enough of every class a line speaks of, counted back to the real mix of classes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from zhinan.proof.samples import count_size

__all__ = ["CLASS_ROWS", "allocate", "mix_weights"]

CLASS_ROWS = 60
"""A class line gets at least this many sealed rows, so that 95 % can be proved of it with few misses to spare."""


def allocate(
    counts: Mapping[str, int],
    class_lines: Sequence[tuple[str, float]],
    delta: float,
    share: float = 0.2,
    most: float = 0.5,
) -> dict[str, int]:
    """Sealed rows of each class: a plain share, and more where a line asks about one class.

    A class with a line gets at least 60 rows, and as many as prove the line with power .8 should the truth lie half
    way from the target to perfect; never more than `most` of what there is.

    Args:
        counts: rows of each class. class_lines: (class, target) of the lines about one class, target in [0, 1].
        delta: one-sided error of the opening to come. share: of all rows, for the others.

    Returns:
        rows to seal of each class, at least one where there are two or more.
    """
    sealed = {name: _between(1, math.ceil(share * n), math.floor(most * n)) for name, n in counts.items()}
    for name, target in class_lines:
        size = count_size((1 + target) / 2, target, delta)
        wanted = max(CLASS_ROWS, size.stays if size else CLASS_ROWS)
        if name in counts:
            sealed[name] = max(sealed[name], min(wanted, math.floor(most * counts[name])))
    return sealed


def mix_weights(truth: npt.ArrayLike, counts: Mapping[str, int]) -> npt.NDArray[np.float64]:
    """What each sealed row stands for, shape (n,), mean 1: classes weigh what they do in all the data.

    Give them to `Measurement.count` for accuracy on a set in which some class was sealed more densely. All ones when
    the set has the real mix already.

    Args:
        truth: shape (n,), the class of each sealed row. counts: rows of each class in all the data.

    Raises:
        ValueError: a class of `truth` that `counts` does not know.

    Source: post-stratification, Cochran, Sampling Techniques (1977) 5A.9.
    """
    names, codes = np.unique(np.asarray(truth), return_inverse=True)
    unknown = sorted({str(name) for name in names} - counts.keys())
    if unknown:
        raise ValueError(f"classes without a count: {', '.join(unknown)}")
    real = np.asarray([counts[str(name)] for name in names], dtype=float)
    here = np.bincount(codes.reshape(-1), minlength=names.size)
    each = real / here
    weights: npt.NDArray[np.float64] = each[codes.reshape(-1)]
    return weights / weights.mean() if weights.size else weights


def _between(low: int, wanted: int, high: int) -> int:
    return min(max(low, wanted), max(high, 0))
