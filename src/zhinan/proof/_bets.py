"""Bets against a mean: how much is staked, and what that wins."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = ["BETS", "Floats", "growth", "stakes", "total", "totals", "unit"]

Floats = npt.NDArray[np.float64]

BETS = 48
"""Bets mixed; more of them change a decision by less than one label."""
WIDTH, REST = 0.5, 0.02
"""Spread of the favour on the log scale, and the share kept for bets far from the favoured one."""


def stakes(null: float, delta: float, labels: int) -> tuple[Floats, Floats]:
    """Shares of the capital bet on a mean above `null`, and how much each is favoured; shapes (BETS,)."""
    # the bet that is best for a rate which takes that many labels to tell from the null
    usual = min(math.sqrt(2 * math.log(1 / delta) * null / ((1 - null) * labels)), 0.9)
    bets = np.geomspace(min(usual / 30, 0.02), 0.999, BETS)
    favour = np.exp(-0.5 * (np.log(bets / usual) / WIDTH) ** 2)
    return bets, (1 - REST) * favour / favour.sum() + REST / BETS


def growth(scores: Floats, null: float, bets: Floats) -> Floats:
    """Log growth of each bet on each score, shape (n, BETS): fair when the mean is `null`, losing below."""
    grown: Floats = np.log1p(bets * (scores / null - 1)[:, None])
    return grown


def total(logs: Floats) -> float:
    """Log of the sum of what logs of shape (BETS,) stand for."""
    return float(totals(logs[None])[0])


def totals(logs: Floats) -> Floats:
    """The same of each row; shape (n, BETS) to (n,)."""
    most = logs.max(axis=1)
    summed: Floats = most + np.log(np.exp(logs - most[:, None]).sum(axis=1))
    return summed


def unit(outcomes: Floats, span: tuple[float, float]) -> Floats:
    """Outcomes as shares of their span. Raises: ValueError for one outside."""
    scores: Floats = (outcomes - span[0]) / (span[1] - span[0])
    if not bool(np.all((scores >= 0) & (scores <= 1))):
        raise ValueError(f"outcomes must lie in [{span[0]:g}, {span[1]:g}]")
    return scores
