"""An alarm that no single voice can set off: each person counts once in each round, however often they speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from zhinan.proof.floors import Alarm, Detector

__all__ = ["Rounds"]


class Rounds(Alarm):
    """A `Detector` for outcomes of which several may come from one person. Choose it wherever people can return.

    A person's first outcome goes to the first round, the second to the second, and so on: inside a round no two are
    of one person, so it is a stream of independent draws of people even where all outcomes of a person are alike.
    Round r has its own detector at δ/(r(r+1)); those sum to δ, so over all rounds and looks the alarm is false with
    probability at most δ as long as, in each round, the mean over people holds. Persons who return cost no validity,
    only a little speed: the first round notices as a detector at δ/2.

    Args: as of `Detector`.

    Source: union bound over the e-detectors of Shin, Ramdas & Rinaldo (2024); evidence of different rounds may not
    be added up, as each is one only to who looks at that round alone, Choe & Ramdas, "Combining evidence across
    filtrations" (2024).
    """

    most: ClassVar[int] = 64
    """Outcomes of one person that count; later ones are left out."""

    def __init__(self, floor: float, delta: float, better: Literal["higher", "lower"] = "higher") -> None:
        super().__init__(floor, delta, better)
        self._detectors: dict[int, Detector] = {1: Detector(floor, delta * _share(1), better)}

    def add(self, outcomes: npt.ArrayLike, turns: npt.ArrayLike | None = None) -> bool:
        """Takes in the next outcomes and says whether the alarm has gone off. It stays on.

        Args:
            outcomes: shape (k,), in [0, 1]. turns: which outcome of its person each is, 1 for the first; None where
                nobody returns. Those above `most` are left out.

        Raises:
            ValueError: an outcome outside [0, 1], a turn below 1.
        """
        found = np.atleast_1d(np.asarray(outcomes, dtype=float))
        rounds = np.ones(found.size, np.int64) if turns is None else np.atleast_1d(np.asarray(turns, np.int64))
        if rounds.shape != found.shape or bool(np.any(rounds < 1)):
            raise ValueError("a turn of at least 1 is needed for each outcome")
        for outcome, number in zip(found, rounds.tolist(), strict=True):
            if number > self.most:
                continue
            if number not in self._detectors:
                self._detectors[number] = Detector(self.floor, self.delta * _share(number), self.better)
            self.n += 1
            if self._detectors[number].add(outcome) and self.alarmed_at is None:
                self.alarmed_at = self.n
        return self.alarm

    def ask(self, delta: float) -> None:
        """Goes on at another δ, as `Detector.ask`."""
        if delta == self.delta:
            return
        self.delta = delta
        for number, detector in self._detectors.items():
            detector.ask(delta * _share(number))
        if self.alarmed_at is None and any(detector.alarm for detector in self._detectors.values()):
            self.alarmed_at = self.n

    @property
    def evidence(self) -> float:
        """The most that any round won, times its share of the stake: an e-value; 1/δ sets the alarm off."""
        return max(_share(number) * detector.evidence for number, detector in self._detectors.items())

    def state(self) -> dict[str, Any]:
        """All of it as JSON."""
        rounds = [[number, detector.state()] for number, detector in sorted(self._detectors.items())]
        return {**self._told(), "rounds": rounds}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Rounds:
        """The alarm that gave this state; it goes on where that one stopped."""
        found = cls._again(state)
        found._detectors = {int(number): Detector.from_state(one) for number, one in state["rounds"]}
        return found


def _share(number: int) -> float:
    """Of the stake; the shares of the rounds 1, 2, … sum to 1."""
    return 1 / (number * (number + 1))
