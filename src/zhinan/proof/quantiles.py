"""Latency quantiles without any assumption on their shape: order statistics, on the effective number of requests."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhinan.proof.clusters import MIN_PERSONS, Design, cluster_codes, design
from zhinan.proof.evidence import Evidence, Op, holds
from zhinan.proof.samples import CAP, count_size

__all__ = ["SPREAD", "Quantile", "block_spread", "requests_for", "slower_allowed"]

SPREAD = 2.0
"""Block quantiles further apart than this factor: the machine was not quiet, so nothing is decided."""
FEW_SLOW = 5
"""Fewer slow samples than this say nothing of how alike blocks are."""

Floats = npt.NDArray[np.float64]


def requests_for(slower: int, q: float, delta: float) -> int:
    """Fewest requests of which `slower` may exceed t while the q-quantile is still proved to be at most t.

    p95 at 95 %: 59 with none slower, 93 with 1, 124 with 2, 153 with 3, 181 with 4.

    Source: distribution-free bounds, David & Nagaraja, Order Statistics (2003) 7.1.
    """
    n = slower + 1
    while slower_allowed(n, q, delta) < slower:
        n *= 2
    low = n // 2
    while n - low > 1:
        middle = (n + low) // 2
        low, n = (low, middle) if slower_allowed(middle, q, delta) >= slower else (middle, n)
    return n


def slower_allowed(n: float, q: float, delta: float) -> int:
    """Most requests of n that may exceed t while the q-quantile is still proved to be at most t; −1 for none.

    Source: as `requests_for`.
    """
    slower = np.arange(math.floor(n) + 1)
    return int((_at_most(slower, n, 1 - q) <= delta).sum()) - 1


def block_spread(samples: npt.ArrayLike, blocks: npt.ArrayLike, q: float) -> float:
    """Largest over smallest of the blocks' own q-quantiles: 1 on a perfectly quiet machine."""
    each = _block_quantiles(samples, blocks, q)
    return max(each) / min(each) if each and min(each) > 0 else math.inf


def _block_quantiles(samples: npt.ArrayLike, blocks: npt.ArrayLike, q: float) -> list[float]:
    values, codes = np.asarray(samples, dtype=float), cluster_codes(blocks)
    return [_ordered(np.sort(values[codes == block]), q) for block in range(int(codes.max(initial=-1)) + 1)]


@dataclass(frozen=True, eq=False)
class Quantile(Evidence):
    """The q-quantile of positive samples.

    Args:
        samples: shape (n,), such as seconds. q: in (0, 1). blocks: shape (n,), which of the fresh processes each
            sample is from: samples of a block are alike.
    """

    samples: Floats
    q: float
    blocks: npt.NDArray[np.generic] | None = None

    @property
    def n(self) -> int:  # type: ignore[override]
        """Requests."""
        return int(self.samples.size)

    @cached_property
    def _sorted(self) -> Floats:
        return np.sort(self.samples)

    @cached_property
    def value(self) -> float:  # type: ignore[override]
        """The sample at rank ⌈q·n⌉; NaN of nothing."""
        return _ordered(self._sorted, self.q)

    @cached_property
    def design(self) -> Design:
        """How alike the slow indicator is within blocks: at the quantile seen, and half way into the tail beyond it.

        The tail decides where the slow requests come from one cause that the quantile just misses.
        """
        tail = _ordered(self._sorted, (1 + self.q) / 2)
        here, beyond = (design(self.samples > t, self.blocks) for t in (self.value, tail))
        return replace(here, deff=max(here.deff, beyond.deff))

    def lower(self, delta: float) -> float:
        """Largest sample the quantile is proved to be at least; −inf when none is."""
        size = self._size(delta)
        if not size:
            return -math.inf
        faster = np.arange(self.n)
        sure = _at_most(faster * size / self.n, size, self.q) <= delta
        return float(self._sorted[int(sure.sum()) - 1]) if sure[0] else -math.inf

    def upper(self, delta: float) -> float:
        """Smallest sample the quantile is proved to be at most; inf when even the slowest is not enough.

        Requests slower than it count for what they are worth together. None is slower than the slowest, so nothing
        can be seen to be alike in that, and every request counts.
        """
        if not self.n or math.isnan(self.value):
            return math.inf
        slowest = float(self._sorted[-1]) if slower_allowed(self.n, self.q, delta) >= 0 else math.inf
        size = self._size(delta)
        if not size:
            return slowest
        slower = np.arange(self.n)
        sure = int((_at_most(slower * size / self.n, size, 1 - self.q) <= delta).sum())
        if self.blocks is not None:
            sure = next((k for k in range(FEW_SLOW, sure) if not self._holds_beyond(k, size, delta)), sure)
        return min(slowest, float(self._sorted[self.n - sure])) if sure else slowest

    def _holds_beyond(self, slower: int, most: float, delta: float) -> bool:
        """Whether the bound stands with the design effect of just those slower than the bound itself."""
        slow = self.samples > self._sorted[self.n - 1 - slower]
        size = min(most, design(slow, self.blocks).size(delta))
        return bool(_at_most(slower * size / self.n, size, 1 - self.q) <= delta)

    def _size(self, delta: float) -> float:
        return self.design.size(delta) if self.n and not math.isnan(self.value) else 0.0

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """Requests, by exact binomial search on the share of them that was within the target."""
        if math.isnan(self.value):
            return requests_for(0, self.q, delta)
        within, wanted = float(np.mean(self.samples <= target)), self.q
        if holds(self.value, op, target) != (op == "<="):
            within, wanted = 1 - within, 1 - wanted
        size = count_size(within, wanted, delta, power)
        if size is None:
            return None
        requests = math.ceil(size.stays * self.n / self._size(delta))
        return requests if requests <= CAP else None

    def everywhere(self, op: Op, target: float) -> bool:
        """Whether the line holds in each of enough blocks: noise only slows, so an unquiet machine proves it too."""
        if self.blocks is None:
            return False
        each = _block_quantiles(self.samples, self.blocks, self.q)
        return len(each) >= MIN_PERSONS and all(holds(value, op, target) for value in each)

    def reason(self) -> str | None:
        """Why these samples decide nothing: too few blocks, or a machine that was not quiet."""
        if self.blocks is None:
            return None
        blocks = int(cluster_codes(self.blocks).max(initial=-1)) + 1
        if blocks < MIN_PERSONS:
            return f"measured in {blocks} blocks, {MIN_PERSONS} are needed"
        spread = block_spread(self.samples, self.blocks, min(self.q, 0.95))
        if spread > SPREAD:
            return f"blocks differ {spread:.1f} times: the machine was not quiet"
        return None


def _at_most(found: npt.ArrayLike, n: float, rate: float) -> Floats:
    """Chance of at most `found` among n at that rate; both may be effective numbers, not whole."""
    from scipy.special import betainc

    few = np.asarray(found, dtype=float)
    rest = np.maximum(n - few, 0.0)
    result: Floats = np.where(rest > 0, betainc(np.where(rest > 0, rest, 1.0), few + 1, 1 - rate), 1.0)
    return result


def _ordered(ascending: Floats, q: float) -> float:
    if not ascending.size or bool(np.isnan(ascending[-1])):
        return math.nan
    return float(ascending[max(math.ceil(q * ascending.size - 1e-9), 1) - 1])
