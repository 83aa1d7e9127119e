"""A floor watched in production: an alarm whose evidence may be looked at after every label."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from zhinan.proof._bets import BETS, stakes, unit

__all__ = ["Alarm", "Detector", "detect", "oracle_delay"]

Ints = npt.NDArray[np.int64]

SOONER = 80
"""Labels after which the favoured bet notices that a floor is broken."""
AT_ONCE = 0.6
"""Share of a detector's capital that bets on a floor broken from the first label."""


class Alarm:
    """What every alarm over a floor is told and tells. Choose `Detector`, or `Rounds` where people return."""

    def __init__(self, floor: float, delta: float, better: Literal["higher", "lower"]) -> None:
        self.floor, self.delta, self.better = floor, delta, better
        self.n = 0
        self.alarmed_at: int | None = None

    @property
    def alarm(self) -> bool:
        """Whether it went off, at this or an earlier label."""
        return self.alarmed_at is not None

    def _told(self) -> dict[str, Any]:
        return {
            "floor": self.floor, "delta": self.delta, "better": self.better, "n": self.n, "alarmed_at": self.alarmed_at,
        }  # fmt: skip

    @classmethod
    def _again(cls, state: Mapping[str, Any]) -> Self:
        found = cls(state["floor"], state["delta"], state["better"])
        found.n, found.alarmed_at = state["n"], state["alarmed_at"]
        return found


class Detector(Alarm):
    """An alarm that a floor no longer holds. Choose it for quality lines in production, over labels in their order.

    Part of its capital bets that the floor is broken from the first label, the rest on every later label as the
    moment it broke; so it restarts itself all the time, yet cries wolf with chance at most δ over any length.

    Args:
        floor: a mean in (0, 1) of outcomes in [0, 1]. delta: chance of an alarm, ever, while the floor holds.
        better: "higher" for a floor, "lower" when `floor` is a ceiling, such as a rate of errors.

    Raises:
        ValueError: a floor or δ outside its range.

    Source: the mixture of e-processes over starts and bets of Shin, Ramdas & Rinaldo, New England Journal of
    Statistics in Data Science (2024), weighed so that all starts together sum to 1.
    """

    def __init__(self, floor: float, delta: float, better: Literal["higher", "lower"] = "higher") -> None:
        if not (0 < floor < 1 and 0 < delta < 1):
            raise ValueError(f"floor and delta must lie in (0, 1), got {floor} and {delta}")
        if better not in ("higher", "lower"):
            raise ValueError(f"better is 'higher' or 'lower', not {better!r}")
        super().__init__(floor, delta, better)
        self._null = 1 - floor if better == "higher" else floor
        self._meant = delta
        self._bets, self._weights = stakes(self._null, delta, SOONER)
        self._capital = np.zeros(BETS)

    def add(self, outcomes: npt.ArrayLike) -> bool:
        """Takes in the next outcomes and says whether the alarm has gone off. It stays on until a new detector.

        Args:
            outcomes: shape (k,) or one number, in [0, 1]; 1 for a right answer.

        Raises:
            ValueError: an outcome outside [0, 1] or not a number.
        """
        found = unit(np.atleast_1d(np.asarray(outcomes, dtype=float)), (0.0, 1.0))
        bad = 1 - found if self.better == "higher" else found
        factors = 1 + self._bets * (bad / self._null - 1)[:, None]
        for number, factor in enumerate(factors, self.n + 1):
            if self.alarm:
                break
            self._capital = (self._capital + _invested(number)) * factor
            if float(self._capital @ self._weights) + _waiting(number) >= 1 / self.delta:
                self.alarmed_at = number
        self.n += found.size
        return self.alarm

    def ask(self, delta: float) -> None:
        """Goes on at another δ: bets stand, what they won is held to 1/δ from now on, and an alarm stays on."""
        if delta == self.delta:
            return
        self.delta = delta
        if self.n and not self.alarm and self.evidence >= 1 / delta:
            self.alarmed_at = self.n

    @property
    def evidence(self) -> float:
        """Capital won from a stake of 1 against "the floor held all along"; 1/δ sets the alarm off, and stands."""
        return float(self._capital @ self._weights) + _waiting(self.alarmed_at or self.n)

    def state(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {**self._told(), "bets": self._meant, "capital": self._capital.tolist()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Detector:
        """The detector that gave this state; it goes on where that one stopped. Without "bets" it bets for its δ."""
        found = cls._again({**state, "delta": state.get("bets", state["delta"])})
        found.delta = state["delta"]
        found._capital = np.asarray(state["capital"], dtype=float)
        return found


def detect(streams: npt.ArrayLike, floor: float, delta: float, better: Literal["higher", "lower"] = "higher") -> Ints:
    """Where a `Detector` alarms in each of many recorded streams, all at once. Choose it to see what alarms would cost.

    Args:
        streams: shape (streams, n), outcomes in [0, 1], or whether each was right, which is three times as fast.
        floor, delta, better: as of `Detector`.

    Returns:
        shape (streams,), labels until the alarm; 0 where there was none.
    """
    given = np.asarray(streams)
    found = np.array([0.0, 1.0]) if given.dtype == bool else unit(given.astype(float), (0.0, 1.0))
    one = Detector(floor, delta, better)
    bad = (1 - found if better == "higher" else found) / one._null - 1
    either = 1 + bad[:, None] * one._bets if given.dtype == bool else None
    alarmed = np.zeros(len(given), dtype=np.int64)
    capital, awake = np.zeros((len(given), BETS)), np.arange(len(given))
    columns = np.ascontiguousarray((bad if either is None else given).T)  # what comes at once lies side by side
    for number, column in enumerate(columns, 1):
        mine = column[awake]
        capital += _invested(number)
        capital *= 1 + mine[:, None] * one._bets if either is None else either.take(mine, axis=0)
        off = capital @ one._weights + _waiting(number) >= 1 / delta
        if off.any():
            alarmed[awake[off]] = number
            capital, awake = capital[~off], awake[~off]
    return alarmed


def oracle_delay(floor: float, truth: float, delta: float) -> int:
    """Labels a bettor who knows the truth needs to notice that a floor is broken: what no detector can beat by much.

    Raises:
        ValueError: rates outside (0, 1), or a truth that is the floor.

    Source: ln(1/δ) / KL(truth ‖ floor), Wald, Annals of Mathematical Statistics 16 (1945).
    """
    if not (0 < floor < 1 and 0 < truth < 1 and 0 < delta < 1) or truth == floor:
        raise ValueError(f"rates must differ and lie in (0, 1), got {floor} and {truth}")
    divergence = truth * math.log(truth / floor) + (1 - truth) * math.log((1 - truth) / (1 - floor))
    return math.ceil(math.log(1 / delta) / divergence)


def _invested(number: int) -> float:
    """Capital that starts to bet at that label; the numbers 1, 2, … share out 1."""
    return AT_ONCE if number == 1 else _waiting(number - 1) - _waiting(number)


def _waiting(number: int) -> float:
    """Capital that waits for a later label."""
    return 1.0 if number == 0 else (1 - AT_ONCE) / math.log2(number + 1)
