"""How many examples decide a line: exact for counts, so that a team labels what is needed and no more."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "CAP", "Size", "bennett_size", "count_power", "count_size", "hoeffding_size", "scaled_power", "scaled_size",
]  # fmt: skip

CAP = 10_000_000
"""Beyond this many examples a line is called undecidable rather than given a number."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Size(NamedTuple):
    """A sample size by exact search: power is first reached at `first`, saws up and down, and stays from `stays`."""

    first: int
    stays: int


def count_size(rate: float, target: float, delta: float, power: float = 0.8, cap: int = CAP) -> Size | None:
    """Examples from which a true `rate` above `target` is proved (Clopper–Pearson at δ) with the wanted power.

    Args:
        rate, target: in [0, 1]. delta: one-sided error. power: chance of the proof. cap: give up beyond.

    Returns:
        the two sizes, or None when `rate` is not above `target` or more than `cap` would be needed.

    Source: exact binomial search over allowed misses c: the rule "at most c misses in n" holds from n_c to n_{c+1} − 1
    and its power falls inside that tooth; sawtooth as in Chernick & Liu, The American Statistician 56 (2002).
    """
    if not (0 < power < 1 and 0 < delta < 1) or not target < rate <= 1 or target >= 1:
        return None
    if target <= 0:
        return Size(1, 1)
    bad, slack = 1 - target, 1 - rate

    def worst(misses: Ints) -> Floats:
        return _at_most(misses, _tooth(misses + 1, bad, delta, cap) - 1, slack)

    def best(misses: Ints) -> Floats:
        return _at_most(misses, _tooth(misses, bad, delta, cap), slack)

    most = int(cap * bad)
    rough_last, rough_first = (_bisect(f, power, most) for f in (worst, best))
    if rough_last is None or rough_first is None or int(_tooth(np.asarray([rough_last]), bad, delta, cap)[0]) > cap:
        return None
    # whole examples make the teeth uneven: look that many teeth to either side
    wobble = math.ceil(4 * bad * max(slack, 0.01) / (bad - slack)) + 5
    around = np.arange(max(0, rough_last - wobble), rough_last + wobble + 1)
    failing = around[worst(around) < power]
    last = int(failing[-1]) + 1 if failing.size else int(around[0])
    around = np.arange(max(0, rough_first - wobble), rough_first + 1)
    first = int(around[best(around) >= power][0])
    found = Size(*(int(n) for n in _tooth(np.asarray([first, last]), bad, delta, cap)))
    return found if found.stays <= cap else None


def count_power(n: float, rate: float, target: float, delta: float) -> float:
    """Least chance, over n and all larger samples, that a true `rate` is proved to be at least `target`.

    Source: as `count_size`.
    """
    if n < 1 or not target < rate <= 1 or target >= 1:
        return 0.0
    if target <= 0:
        return 1.0
    size, bad, slack = math.floor(n), 1 - target, 1 - rate
    misses = _allowed(size, bad, delta)
    if misses < 0:
        return 0.0
    wobble = math.ceil(4 * bad * max(slack, 0.01) / (bad - slack)) + 5
    teeth = misses + np.arange(min(wobble, 400))
    ends = _tooth(teeth + 1, bad, delta, 2 * size + 10_000) - 1
    return float(_at_most(teeth, ends, slack).min())


def scaled_size(n: int, value: float, target: float, margin: float, delta: float, power: float = 0.8) -> int | None:
    """Examples that decide a line when its bound lies `margin` from `value` on n examples and shrinks as 1/√n.

    Source: normal theory, n · (se·(z_δ + z_power) / |value − target|)² with se = margin / z_δ.
    """
    from scipy.special import ndtri

    distance = abs(value - target)
    if n < 1 or not math.isfinite(margin) or not math.isfinite(distance) or distance == 0:
        return None
    if margin <= 0:
        return n
    needed = n * (margin * (1 - float(ndtri(power)) / float(ndtri(delta))) / distance) ** 2
    return math.ceil(needed) if needed <= CAP else None


def scaled_power(wanted: float, n: int, value: float, target: float, margin: float, delta: float) -> float:
    """Chance that `wanted` examples decide a line whose bound lies `margin` from `value` on n examples.

    Source: as `scaled_size`.
    """
    from scipy.special import ndtr, ndtri

    if n < 1 or not math.isfinite(margin):
        return 0.0
    z = -float(ndtri(delta))
    if margin <= 0:
        return float(value != target)
    return float(ndtr(abs(value - target) * math.sqrt(wanted / n) * z / margin - z))


def hoeffding_size(epsilon: float, delta: float, span: float = 1.0) -> int:
    """Examples with which a mean of scores spanning `span` is known to ± ε on one side, wrong with chance ≤ δ.

    Source: Hoeffding, JASA 58 (1963); its use for gates in ease.ml/ci, Renggli et al., MLSys 2019.
    """
    return math.ceil(math.log(1 / delta) * span**2 / (2 * epsilon**2))


def bennett_size(epsilon: float, disagreement: float, delta: float) -> int:
    """Paired examples with which a difference of two accuracies is known to ε when answers differ on that share.

    Only the disagreements, about `disagreement` of them, need labels.

    Source: Bennett, JASA 57 (1962), in ease.ml/ci (2019): n = ln(1/δ) / (p·h(ε/p)), h(u) = (1+u)·ln(1+u) − u.
    """
    u = epsilon / disagreement
    return math.ceil(math.log(1 / delta) / (disagreement * ((1 + u) * math.log1p(u) - u)))


def _at_most(misses: Ints, n: Ints, rate: float) -> Floats:
    """Chance of at most that many misses among n at the given rate of misses."""
    from scipy.special import betainc

    if rate <= 0:
        return np.ones(np.shape(misses))
    sure = n <= misses
    result: Floats = np.where(sure, 1.0, betainc(np.where(sure, 1.0, n - misses), misses + 1.0, 1 - rate))
    return result


def _tooth(misses: Ints, bad: float, delta: float, cap: int) -> Ints:
    """Smallest n that proves its rate of misses below `bad` with that many misses; beyond cap: cap + 1."""
    from scipy.special import btdtria

    few = np.asarray(misses, dtype=np.int64)
    guess = np.nan_to_num(few + btdtria(delta, few + 1.0, 1 - bad), nan=0.0, posinf=0.0)
    high = np.clip(np.ceil(guess), few + 1, cap + 1).astype(np.int64)
    low = np.maximum(high - 1, few)
    # the guess is checked; where it is off or beyond the cap, halving finds the number
    off = (_at_most(few, high, bad) > delta) | (_at_most(few, low, bad) <= delta)
    low, high = np.where(off, few, low), np.where(off, cap + 1, high)
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        enough = _at_most(few, middle, bad) <= delta
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _allowed(n: int, bad: float, delta: float) -> int:
    """Most misses among n that still prove the rate of misses below `bad`; −1 when even none is too many."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        enough = float(_at_most(np.asarray([middle]), np.asarray([n]), bad)[0]) <= delta
        low, high = (middle, high) if enough else (low, middle)
    return low


def _bisect(curve: Callable[[Ints], Floats], power: float, most: int) -> int | None:
    """A number of misses at which a roughly rising curve reaches the power."""
    high = 1
    while float(curve(np.asarray([high]))[0]) < power:
        high *= 2
        if high > most:
            return None
    low = -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if float(curve(np.asarray([middle]))[0]) >= power else (middle, high)
    return high
