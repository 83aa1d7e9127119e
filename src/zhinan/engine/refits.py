"""Trains the chosen recipe again on part of the rows, with the settings it was chosen with, and says how long it takes.

What the counter-offer says about labels rests on such fits: how the error falls with more rows, and what a row's label
looks like to a recipe that never saw it.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

import zhinan
from zhinan.core import Block, Candidate, Encoded, Words, find
from zhinan.data.tags import rarest
from zhinan.store import Blobs, Shelf

if TYPE_CHECKING:
    import scipy.sparse as sp

__all__ = ["Refits", "joined", "some", "spread_out", "stacked", "too_slow"]

GROWTH = 1.15
"""Before two sizes were seen, a fit of n times the rows is taken to last n to this power as long."""

LEAST_GROWTH = 0.3

GUESS = 0.25
"""Share of the time the climb took that the first fit is taken to need, before any was seen."""


@dataclass
class Refits:
    """Fits of one candidate's recipe on parts of encoded rows.

    Args:
        candidate: the chosen one. train, dev: its features. blobs: what was fitted before is not fitted again.
        until: `time.perf_counter()` at which all must be over. key: of the data. climbed: seconds that the climb took.
    """

    candidate: Candidate
    train: Encoded
    dev: Encoded
    blobs: Blobs | Shelf
    until: float
    key: str = ""
    climbed: float = 0.0
    _seen: dict[int, float] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """Seconds that may still be spent."""
        return self.until - time.perf_counter()

    def fit(self, part: Encoded, held: Encoded) -> Candidate:
        """The recipe on `part`; the candidate's `dev` are its probabilities of `held`."""
        start = time.perf_counter()
        recipe = find("recipe", self.candidate.recipe).target
        made: Candidate = recipe(part, held, budget=max(self.left, 1.0), **self.candidate.params)
        seconds = time.perf_counter() - start
        self._seen[len(part)] = max(seconds, self._seen.get(len(part), 0.0))
        return made

    def refused(self, sizes: Sequence[int]) -> Words | None:
        """Why fits of so many rows should not be begun; None when there is time for all of them."""
        forecast = self.forecast(sizes)
        return None if forecast <= self.left else too_slow(forecast, self.left)

    def forecast(self, sizes: Sequence[int]) -> float:
        """Seconds that fits of so many rows will take, judged by those there were."""
        return float(sum(map(self._each, sizes)))

    def _each(self, size: int) -> float:
        if not self._seen:
            return max(GUESS * self.climbed, 0.2)
        larger = [n for n in self._seen if n >= size]
        if larger:
            return self._seen[min(larger)]
        small, large = min(self._seen), max(self._seen)
        growth = GROWTH
        if large >= 1.9 * small:
            seen = math.log(max(self._seen[large], 1e-6) / max(self._seen[small], 1e-6)) / math.log(large / small)
            growth = min(max(seen, LEAST_GROWTH), GROWTH)
        return self._seen[large] * float((size / large) ** growth)

    def recall(self, name: str) -> dict[str, np.ndarray] | None:
        """Arrays kept by `keep` for the same candidate and data."""
        held = self.blobs.recall(self._name(name))
        if held is None:
            return None
        with np.load(io.BytesIO(held), allow_pickle=False) as arrays:
            return dict(arrays)

    def keep(self, name: str, **arrays: np.ndarray) -> None:
        """Keeps arrays, so that a second build of the same candidate computes nothing."""
        content = io.BytesIO()
        np.savez(content, **arrays)  # type: ignore[arg-type]
        self.blobs.remember(self._name(name), content.getvalue())

    def _name(self, name: str) -> str:
        one = self.candidate
        said = [zhinan.__version__, self.key, one.recipe, one.encoders, one.params, one.classes, name]
        return "refits-" + hashlib.sha256(json.dumps(said, default=list).encode()).hexdigest()


def some(part: Encoded, rows: np.ndarray) -> Encoded:
    """Those rows of a part, as a part."""
    blocks = tuple(Block(block.encoder, block.values[rows], block.fitted) for block in part.blocks)
    units = None if part.units is None else part.units[rows]
    return replace(part, blocks=blocks, target=part.target[rows], units=units)


def joined(first: Encoded, second: Encoded) -> Encoded:
    """Two parts of a split as one, the rows of the first before those of the second; they share no unit."""
    pairs = zip(first.blocks, second.blocks, strict=True)
    blocks = tuple(Block(one.encoder, stacked([one.values, other.values]), one.fitted) for one, other in pairs)
    units = None
    if first.units is not None or second.units is not None:
        mine, others = (np.arange(len(part)) if part.units is None else part.units for part in (first, second))
        units = np.concatenate([mine, others + mine.max(initial=0) + 1])
    return replace(first, blocks=blocks, target=np.concatenate([first.target, second.target]), units=units)


def stacked(features: Sequence[np.ndarray | sp.csr_array]) -> np.ndarray | sp.csr_array:
    """Features of several parts, one under the other."""
    import scipy.sparse as sp

    if sp.issparse(features[0]):
        return sp.vstack(features, format="csr")
    return np.vstack(features)


def spread_out(target: np.ndarray, seed: int, units: Sequence[str] | None = None) -> np.ndarray:
    """An order of the rows (n,) of which every beginning has the classes, rarest labels or tenths of numbers in shares.

    Args:
        units: (n,) what must stay together, such as persons; classes then fall as the units bring them.
    """
    draw = np.random.default_rng(seed)
    if units is not None and len(set(units)) < len(units):
        _, code = np.unique(np.asarray(units, object).astype(str), return_inverse=True)
        turn = draw.permutation(code.max() + 1)
        return np.lexsort((draw.random(len(code)), turn[code]))
    if target.ndim == 2:
        target = rarest(target)
    if not np.issubdtype(target.dtype, np.integer):
        target = _tenths(target)
    shuffled = draw.permutation(len(target))
    by_class = shuffled[np.argsort(target[shuffled], kind="stable")]
    counts = np.bincount(target)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    of_class = np.repeat(counts, counts)
    place = (np.arange(len(target)) - first + draw.random(len(target))) / of_class
    return by_class[np.argsort(place, kind="stable")]


def _tenths(target: np.ndarray) -> np.ndarray:
    """The tenth of all numbers that each is in, as a code, shape (n,)."""
    place: np.ndarray = np.empty(len(target), np.int64)
    place[np.argsort(target, kind="stable")] = np.arange(len(target)) * 10 // max(len(target), 1)
    return place


def too_slow(forecast: float, left: float) -> Words:
    """Why something was not looked for."""
    left = max(left, 0.0)
    return Words(
        f"not looked for: forecast {forecast:.0f} s, {left:.0f} s of the budget left",
        f"未计算：预计需 {forecast:.0f} 秒，预算只剩 {left:.0f} 秒",
    )
