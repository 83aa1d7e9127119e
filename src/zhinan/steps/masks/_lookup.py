"""Where many numbers stand among known ones: each is looked for at its hash, which takes a fraction of a bisection."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lookup"]

_ODD = np.uint64(0x9E3779B97F4A7C15)


class Lookup:
    """Numbers that differ, at least one. What is said of each stands, for `find`, in `order`, and then what is said
    of all others.
    """

    def __init__(self, numbers: NDArray[np.uint64]) -> None:
        size = len(numbers).bit_length() + 1
        self._shift = np.uint64(64 - size)
        buckets = self._bucket(numbers)
        self.order = np.argsort(buckets, kind="stable")
        filled = np.bincount(buckets, minlength=1 << size)
        self._most = int(filled.max())
        self._first = np.r_[0, np.cumsum(filled)].astype(np.int32)
        known = numbers[self.order]
        self._numbers = np.r_[known, known[:1].repeat(self._most + 1)]

    def _bucket(self, numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = ((numbers * _ODD) >> self._shift).astype(np.int64)
        return found

    def find(self, numbers: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The place of each number in `order`; the one behind the last where it is none of the known."""
        places: NDArray[np.int32] = self._first.take(self._bucket(numbers))
        for _ in range(self._most - 1):
            places += self._numbers.take(places) != numbers
        places[self._numbers.take(places) != numbers] = len(self.order)
        return places
