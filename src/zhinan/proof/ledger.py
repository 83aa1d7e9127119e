"""The sealed set's ledger: how much error an opening may spend, so that trying again never buys a pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhinan.core import UserError
from zhinan.proof.bounds import clopper_pearson
from zhinan.proof.difference import difference_bounds
from zhinan.proof.evidence import Op, holds

__all__ = ["Opening", "Stake", "could_prove", "next_opening", "opening_delta", "opening_number"]

_HORIZON = 200


@dataclass(frozen=True)
class Opening:
    """One opening of a sealed set: its number t, the δ it may spend, and how many more could still prove every line."""

    number: int
    delta: float
    left: int


@dataclass(frozen=True)
class Stake:
    """A quality line and the sealed examples it can count on, to see what flawless answers could prove.

    Args:
        line: canonical text. op, target: in the base unit.
        n: examples, or for a gap the examples of each group; or how many independent ones they are worth at a δ,
            which need not be whole.
    """

    line: str
    op: Op
    target: float
    n: float | tuple[float, ...] | Callable[[float], float | tuple[float, ...]]

    def rows(self, delta: float) -> float | tuple[float, ...]:
        """The examples, or those of each group, at one-sided δ."""
        return self.n(delta) if callable(self.n) else self.n


def opening_delta(t: int, delta: float, plan: int | None = None, feedback: bool = False) -> float:
    """The error that opening t of a sealed set may spend.

    Args:
        t: 1, 2, …: the opening's number. delta: one-sided error of the whole ledger.
        plan: how many openings were declared before the first. feedback: whether the search sees their outcomes.

    Returns:
        δ/2^(2t−1) with no plan: the 2^(t−1) histories of one bit each that lead to opening t, times that, sum to < δ.
        With a plan of H: δ/H without feedback, δ/2^H with.

    Raises:
        UserError: E035 beyond the plan. ValueError: t or plan below 1.

    Source: Renggli et al., Continuous integration of machine learning models with ease.ml/ci, MLSys 2019.
    """
    if t < 1 or (plan is not None and plan < 1):
        raise ValueError(f"openings count from 1, got t={t}, plan={plan}")
    if plan is None:
        return float(delta / 2.0 ** (2 * t - 1))
    if t > plan:
        raise UserError("E035", plan=plan, opening=t)
    return float(delta / 2.0**plan if feedback and plan > 1 else delta / plan)


def opening_number(openings: npt.ArrayLike) -> int:
    """The next opening's number t: one more than the most openings any row of the set has had, shape (n,)."""
    return int(np.max(np.asarray(openings, dtype=np.int64), initial=0)) + 1


def could_prove(stake: Stake, delta: float) -> bool:
    """Whether flawless answers on these examples would prove the line at δ."""
    n = stake.rows(delta)
    if isinstance(n, tuple):
        first = np.asarray(n, dtype=float)
        if first.size < 2 or first.min() < 1:
            return False
        one, two = np.nonzero(~np.eye(first.size, dtype=bool))
        upper = difference_bounds(first[one], first[one], first[two], first[two], delta)[1]
        return holds(float(upper.max()), stake.op, stake.target)
    hits = n if stake.op == ">=" else 0
    lower, upper = clopper_pearson(hits, n, delta)
    return n > 0 and holds(float(lower if stake.op == ">=" else upper), stake.op, stake.target)


def next_opening(
    openings: npt.ArrayLike,
    delta: float,
    stakes: Sequence[Stake],
    plan: int | None = None,
    feedback: bool = False,
) -> Opening:
    """The next opening of a sealed set, or why it may not be opened again.

    Cost lines are not among the stakes: measuring them opens nothing. A line that even the first opening could not
    prove does not close the set; it stays UNDECIDED. Lines that flawless answers tell nothing of (errors in the
    target's own unit) never close it: without any stake, `left` is the rest of the plan, or of 200 openings.

    Args:
        openings: shape (n,), how often each row has been opened. stakes: the quality lines.

    Raises:
        UserError: E030 when flawless answers could no longer prove the tightest line, E035 beyond the plan.

    Source: as `opening_delta`.
    """
    t = opening_number(openings)
    granted = opening_delta(t, delta, plan, feedback)
    first = opening_delta(1, delta, plan, feedback)
    once = [stake for stake in stakes if could_prove(stake, first)]
    lost = next((stake for stake in once if not could_prove(stake, granted)), None)
    if lost is not None:
        need, have = _examples(lost, granted), lost.rows(granted)
        have = sum(have) if isinstance(have, tuple) else have
        raise UserError("E030", opening=t, line=lost.line, need=need, have=int(have + 1e-9))
    left, most = 0, (plan or t + _HORIZON) - t if once or not stakes else 0
    while left < most:  # a later opening never has more to spend, so halving finds the last one that could prove all
        middle = (left + most + 1) // 2
        later = opening_delta(t + middle, delta, plan, feedback)
        left, most = (middle, most) if all(could_prove(stake, later) for stake in once) else (left, middle - 1)
    return Opening(t, granted, left)


def _examples(stake: Stake, delta: float) -> int:
    """Fewest examples, in the same shares, on which flawless answers would prove the line."""
    n = stake.rows(delta)
    now = n if isinstance(n, tuple) else (n,)
    low, high = 1.0, 2.0

    def proves(factor: float) -> bool:
        grown = tuple(int(np.ceil(size * factor)) for size in now)
        larger = grown if isinstance(n, tuple) else grown[0]
        return could_prove(Stake(stake.line, stake.op, stake.target, larger), delta)

    while not proves(high):
        low, high = high, high * 2
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if proves(middle) else (middle, high)
    return sum(int(np.ceil(size * high)) for size in now)
