"""Champion against challenger on the same examples: superior, or not worse and cheaper, or keep what there is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhinan.proof.clusters import MIN_PERSONS, cluster_codes, design
from zhinan.proof.measurement import MIN_EXAMPLES, Measurement
from zhinan.proof.pairs import tango
from zhinan.proof.samples import CAP

__all__ = [
    "MARGIN", "Comparison", "compare", "hidden_losses", "mcnemar", "paired_difference", "paired_power", "paired_size",
]  # fmt: skip

MARGIN = 0.01
"""Non-inferiority margin when the contract names none: one point."""

Claim = Literal["superior", "non-inferior", "undecided"]


@dataclass(frozen=True)
class Comparison:
    """What paired answers say of a challenger.

    Args:
        claim: the strongest that is proved. difference: challenger's accuracy minus the champion's.
        lower: bound of it at δ. p: exact McNemar, one-sided. n: paired examples. wins, losses: pairs that only the
        challenger, only the champion got right. needed: pairs in all that would settle the claim; None when settled
        or when no number would. promote: superior, or non-inferior and cheaper.
    """

    claim: Claim
    difference: float
    lower: float
    p: float
    n: int
    wins: int
    losses: int
    needed: int | None
    promote: bool


def mcnemar(wins: int, losses: int) -> float:
    """One-sided exact p-value that a challenger is no better. Choose it to prove superiority on the same examples.

    Args:
        wins, losses: pairs that only the challenger, only the champion got right; the others say nothing.

    Source: McNemar, Psychometrika 12 (1947); exact as Binomial(wins + losses, ½).
    """
    from scipy.special import bdtrc

    return float(bdtrc(wins - 1, wins + losses, 0.5)) if wins > 0 else 1.0


def compare(
    champion: npt.ArrayLike,
    challenger: npt.ArrayLike,
    *,
    delta: float,
    cheaper: bool = False,
    margin: float = MARGIN,
    person: npt.ArrayLike | None = None,
) -> Comparison:
    """Whether a challenger may replace the champion, on the same examples.

    Args:
        champion, challenger: shape (n,), whether each got the example right. delta: one-sided error.
        cheaper: whether the challenger was measured faster or smaller. margin: how much worse is still not inferior.
        person: shape (n,), whose data each row is: counts then are effective ones, and neither claim is made where
            losses that such clusters may hide would make it false.

    Raises:
        ValueError: different lengths.

    Source: superiority after non-inferiority needs no correction, Morikawa & Yoshida (1995): the tests are nested.
    """
    old, new = np.asarray(champion, dtype=bool), np.asarray(challenger, dtype=bool)
    if old.shape != new.shape:
        raise ValueError(f"champion and challenger answered different examples: {old.size} and {new.size}")
    n, wins, losses = old.size, int((new & ~old).sum()), int((old & ~new).sum())
    drawn, difference = design(new.astype(float) - old, person), (wins - losses) / n if n else math.nan
    deff = n / drawn.size(delta) if n else 1.0
    least = hidden_losses(difference, drawn.unseen(delta)) if n else math.nan
    lower = min(float(tango(wins / deff, losses / deff, n / deff, delta, strict=True)[0]), least)
    p = mcnemar(wins, losses) if deff == 1 else _p_of_effective(wins / deff, losses / deff)
    claim: Claim = "undecided"
    persons = n if person is None else int(cluster_codes(person).max(initial=-1)) + 1
    if n >= MIN_EXAMPLES and persons >= min(MIN_PERSONS, n):
        claim = "superior" if p <= delta and least > 0 else "non-inferior" if lower >= -margin else "undecided"
    goal = 0.0 if claim == "non-inferior" and not cheaper else -margin
    needed = (
        None
        if claim == "superior" or (claim == "non-inferior" and cheaper)
        else paired_size(wins, losses, n, delta, goal, deff=deff)
    )
    promote = claim == "superior" or (claim == "non-inferior" and cheaper)
    return Comparison(claim, difference, lower, p, n, wins, losses, needed, promote)


def hidden_losses(difference: float, unseen: float) -> float:
    """The paired difference, were the share of rows that clusters may hide all lost (`Design.unseen`)."""
    return difference * (1 - unseen) - unseen


def paired_size(
    wins: float, losses: float, n: int, delta: float, goal: float, power: float = 0.8, deff: float = 1.0
) -> int | None:
    """Pairs in all that prove the difference above `goal` with that power, if the shares seen are the truth.

    Args:
        goal: 0 for superiority, −margin for non-inferiority.

    Returns:
        None when the difference seen is not above the goal, or more than 10 million would be needed.

    Source: Nam, Biometrics 53 (1997): n = ((z_δ·σ0 + z_power·σ1) / (difference − goal))², σ0 at the goal, and the half
    pair that the strict bound stays back.
    """
    from scipy.special import ndtri

    if n < 1 or (wins - losses) / n <= goal:
        return None
    seen, at_goal = _deviations(wins, losses, n, goal)
    distance = (wins - losses) / n - goal
    wide = -float(ndtri(delta)) * at_goal + float(ndtri(power)) * seen
    size = math.ceil(deff * ((wide + math.sqrt(wide**2 + 2 * distance)) / (2 * distance)) ** 2)
    return max(size, MIN_EXAMPLES) if size <= CAP else None


def paired_power(
    pairs: float, wins: float, losses: float, n: int, delta: float, goal: float, deff: float = 1.0
) -> float:
    """Chance that so many pairs prove the difference above `goal`, if the shares seen on n pairs are the truth.

    Source: as `paired_size`.
    """
    from scipy.special import ndtr, ndtri

    if n < 1 or (wins - losses) / n <= goal:
        return 0.0
    seen, at_goal = _deviations(wins, losses, n, goal)
    size = pairs / deff
    distance = ((wins - losses) / n - goal) * math.sqrt(size) - 0.5 / math.sqrt(size)
    return float(ndtr((distance + float(ndtri(delta)) * at_goal) / seen))


def _deviations(wins: float, losses: float, n: int, goal: float) -> tuple[float, float]:
    """Standard deviation of one pair's difference as seen, and were the true difference the goal."""
    # half a pair more on each side: shares of 0 would make a handful of pairs look certain
    won, lost = (wins + 0.5) / (n + 1), (losses + 0.5) / (n + 1)
    seen = math.sqrt(max(won + lost - ((wins - losses) / n) ** 2, 1e-12))
    return seen, math.sqrt(max(won + lost - goal**2, 0.0))


def paired_difference(
    champion: Callable[[npt.NDArray[np.int64]], float],
    challenger: Callable[[npt.NDArray[np.int64]], float],
    n: int,
    strata: npt.ArrayLike | None = None,
    person: npt.ArrayLike | None = None,
    degenerate: str | None = None,
) -> Measurement:
    """Challenger's score minus the champion's on the same rows, for scores that are no counts (macro-F1, AUC).

    Its `lower(delta) >= -margin` proves non-inferiority, `> 0` superiority.

    Source: paired BCa bootstrap, Efron (1987).
    """
    return Measurement.bootstrap(
        lambda rows: challenger(rows) - champion(rows), n, strata, person, degenerate=degenerate
    )


def _p_of_effective(wins: float, losses: float) -> float:
    """The binomial tail at counts that are not whole."""
    from scipy.special import betainc

    return float(betainc(wins, losses + 1, 0.5)) if wins > 0 else 1.0
