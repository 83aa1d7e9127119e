"""Evidence that may be looked at after every label: a line certified by fresh labels, a floor watched in production."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from zhinan.proof.evidence import Op

__all__ = ["Alarm", "Certifier", "Detector", "detect", "hits_to_prove", "oracle_delay"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BETS = 48
"""Bets mixed; more of them change a decision by less than one label."""
USUAL, SOONER = 600, 80
"""Labels after which the favoured bet decides: when certifying, and when noticing that a floor is broken."""
WIDTH, REST = 0.5, 0.02
"""Spread of the favour on the log scale, and the share kept for bets far from the favoured one."""
AT_ONCE = 0.6
"""Share of a detector's capital that bets on a floor broken from the first label."""
CHUNK = 4096


class Certifier:
    """A line certified label by label, valid at every peek. Choose it when labels arrive one at a time in random order.

    It bets against "the mean is on the wrong side of the target"; the capital won is the evidence. Looking after
    each label and stopping when it is convincing costs nothing, and no sealed set is opened.

    Args:
        op, target: the line, target strictly inside `span`. delta: chance of a false proof at any of all peeks.
        lines: of the contract; a refutation needs evidence lines/δ, as a gate's refutation does.
        span: least and largest outcome, (−1, 1) for a paired difference.

    Raises:
        ValueError: a target or δ outside its range.

    Source: Waudby-Smith & Ramdas, JRSS-B 86 (2023): a mixture of constant bets, for 0/1 outcomes the mixture of
    likelihood ratios truncated at the null; Ville's inequality.
    """

    def __init__(
        self, op: Op, target: float, delta: float, *, lines: int = 1, span: tuple[float, float] = (0.0, 1.0)
    ) -> None:
        if op not in (">=", "<="):
            raise ValueError(f"a line compares with >= or <=, not {op!r}")
        if not span[0] < target < span[1]:
            raise ValueError(f"a target strictly between {span[0]} and {span[1]} can be certified, not {target}")
        if not 0 < delta < 1 or lines < 1:
            raise ValueError(f"delta must lie in (0, 1) and lines be at least 1, got {delta} and {lines}")
        self.op: Op = op
        self.target, self.delta, self.lines, self.span = target, delta, lines, span
        null = (target - span[0]) / (span[1] - span[0])
        self._nulls = (null, 1 - null) if op == ">=" else (1 - null, null)  # of the proving and the refuting bettor
        self._bars = (math.log(1 / delta), math.log(lines / delta))
        self._bets = tuple(_stakes(m, d, USUAL) for m, d in zip(self._nulls, (delta, delta / lines), strict=True))
        self._capital = [np.log(weights) for _, weights in self._bets]
        self._counts: dict[float, int] = {}
        self._decided: tuple[Literal["PROVED", "REFUTED"], int, float] | None = None

    def add(self, outcomes: npt.ArrayLike) -> None:
        """Takes in the next outcomes, in the order they were labelled. The first decision stands.

        Args:
            outcomes: shape (k,) or one number, within the span; 1 for a right answer, 0 for a wrong one.

        Raises:
            ValueError: an outcome outside the span or not a number.
        """
        found = np.atleast_1d(np.asarray(outcomes, dtype=float))
        scores = _unit(found, self.span)
        before = self.n
        for start in range(0, scores.size, CHUNK):
            if self._decided is None:
                self._bet(scores[start : start + CHUNK], before + start)
        for value, times in zip(*np.unique(scores, return_counts=True), strict=True):
            self._counts[float(value)] = self._counts.get(float(value), 0) + int(times)

    @property
    def n(self) -> int:
        """Labels taken in."""
        return sum(self._counts.values())

    @property
    def value(self) -> float:
        """Mean of the outcomes; NaN before the first."""
        total = sum(score * times for score, times in self._counts.items())
        return self._shown(total / self.n) if self.n else math.nan

    @property
    def evidence(self) -> float:
        """Capital won from a stake of 1, an e-value: the line is proved when it reaches 1/δ. It stands once decided."""
        return math.exp(min(self._decided[2] if self._decided else _total(self._capital[0]), 700.0))

    @property
    def proved(self) -> bool:
        """Whether the line was proved, at this or an earlier peek."""
        return self._decided is not None and self._decided[0] == "PROVED"

    @property
    def refuted(self) -> bool:
        """Whether the line was refuted, at this or an earlier peek."""
        return self._decided is not None and self._decided[0] == "REFUTED"

    @property
    def decided_at(self) -> int | None:
        """Labels it took; None while undecided."""
        return self._decided[1] if self._decided else None

    @property
    def lower(self) -> float:
        """The mean is above this, wrong with probability at most δ over all peeks together."""
        return self.confidence_sequence()[0]

    def confidence_sequence(self) -> tuple[float, float]:
        """Lower and upper bound of the mean, each wrong with probability at most δ over all peeks together."""
        proving = self._bound(0)
        refuting = self._bound(1)
        if self.proved:
            proving = max(proving, self._nulls[0])
        if self.refuted:
            refuting = max(refuting, self._nulls[1])
        low, high = (proving, 1 - refuting) if self.op == ">=" else (refuting, 1 - proving)
        return self._shown(low), self._shown(high)

    def state(self) -> dict[str, Any]:
        """All of it as JSON: as long as there are distinct outcomes, two for right and wrong."""
        return {
            "op": self.op, "target": self.target, "delta": self.delta, "lines": self.lines, "span": list(self.span),
            "outcomes": [[score, times] for score, times in sorted(self._counts.items())],
            "decided": list(self._decided) if self._decided else None,
        }  # fmt: skip

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Certifier:
        """The certifier that gave this state; it goes on where that one stopped."""
        low, high = state["span"]
        found = cls(state["op"], state["target"], state["delta"], lines=state["lines"], span=(low, high))
        found._counts = {float(score): int(times) for score, times in state["outcomes"]}
        for side in (0, 1):
            found._capital[side] = found._capital[side] + found._won(side, found._nulls[side])
        if state["decided"]:
            verdict, at, evidence = state["decided"]
            found._decided = (verdict, int(at), float(evidence))
        return found

    def _bet(self, scores: Floats, before: int) -> None:
        paths, totals = [], []
        for side in (0, 1):
            growth = _growth(self._turned(scores, side), self._nulls[side], self._bets[side][0])
            paths.append(self._capital[side] + np.cumsum(growth, axis=0))
            totals.append(_totals(paths[side]))
            self._capital[side] = paths[side][-1]
        crossed = (totals[0] >= self._bars[0]) | (totals[1] >= self._bars[1])
        if crossed.any():
            at = int(np.argmax(crossed))
            proved = bool(totals[0][at] >= self._bars[0])
            self._decided = ("PROVED" if proved else "REFUTED", before + at + 1, float(totals[0][at]))

    def _turned(self, scores: Floats, side: int) -> Floats:
        """Scores as the bettor of that side sees them: high is what it bets on."""
        return scores if (self.op == ">=") == (side == 0) else 1 - scores

    def _won(self, side: int, null: float) -> Floats:
        """Log capital of each bet against a mean of at most `null`; the order of the outcomes does not matter."""
        scores = self._turned(np.asarray(list(self._counts), dtype=float), side)
        times = np.asarray(list(self._counts.values()), dtype=float)
        won: Floats = times @ _growth(scores, null, self._bets[side][0])
        return won

    def _bound(self, side: int) -> float:
        """Largest mean that side's bettor has won 1/δ against."""
        weights = self._bets[side][1]
        if not self._counts:
            return 0.0
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            ruined = _total(np.log(weights) + self._won(side, middle)) >= math.log(1 / self.delta)
            low, high = (middle, high) if ruined else (low, middle)
        return low

    def _shown(self, score: float) -> float:
        return self.span[0] + score * (self.span[1] - self.span[0])


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
        self._bets, self._weights = _stakes(self._null, delta, SOONER)
        self._capital = np.zeros(BETS)

    def add(self, outcomes: npt.ArrayLike) -> bool:
        """Takes in the next outcomes and says whether the alarm has gone off. It stays on until a new detector.

        Args:
            outcomes: shape (k,) or one number, in [0, 1]; 1 for a right answer.

        Raises:
            ValueError: an outcome outside [0, 1] or not a number.
        """
        found = _unit(np.atleast_1d(np.asarray(outcomes, dtype=float)), (0.0, 1.0))
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

    @property
    def evidence(self) -> float:
        """Capital won from a stake of 1 against "the floor held all along"; 1/δ sets the alarm off, and stands."""
        return float(self._capital @ self._weights) + _waiting(self.alarmed_at or self.n)

    def state(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {**self._told(), "capital": self._capital.tolist()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Detector:
        """The detector that gave this state; it goes on where that one stopped."""
        found = cls._again(state)
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
    found = np.array([0.0, 1.0]) if given.dtype == bool else _unit(given.astype(float), (0.0, 1.0))
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


def hits_to_prove(target: float, delta: float, most: int) -> Ints:
    """Right answers among the first n labels that make a `Certifier` prove "rate >= target", for each n up to `most`.

    Returns:
        shape (most,), for n = 1 … most; n + 1 where even n of n would not do.
    """
    stakes, weights = _stakes(target, delta, USUAL)
    hit, miss = _growth(np.asarray([1.0, 0.0]), target, stakes)
    n = np.arange(1, most + 1)
    low, high = np.full(most, -1), n + 1
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        capital = np.log(weights) + np.minimum(middle, n)[:, None] * hit + (n - np.minimum(middle, n))[:, None] * miss
        enough = (_totals(capital) >= math.log(1 / delta)) & (middle > low)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _stakes(null: float, delta: float, labels: int) -> tuple[Floats, Floats]:
    """Shares of the capital bet on a mean above `null`, and how much each is favoured; shapes (BETS,)."""
    # the bet that is best for a rate which takes that many labels to tell from the null
    usual = min(math.sqrt(2 * math.log(1 / delta) * null / ((1 - null) * labels)), 0.9)
    stakes = np.geomspace(min(usual / 30, 0.02), 0.999, BETS)
    favour = np.exp(-0.5 * (np.log(stakes / usual) / WIDTH) ** 2)
    return stakes, (1 - REST) * favour / favour.sum() + REST / BETS


def _growth(scores: Floats, null: float, stakes: Floats) -> Floats:
    """Log growth of each bet on each score, shape (n, BETS): fair when the mean is `null`, losing below."""
    grown: Floats = np.log1p(stakes * (scores / null - 1)[:, None])
    return grown


def _total(logs: Floats) -> float:
    return float(_totals(logs[None])[0])


def _totals(logs: Floats) -> Floats:
    most = logs.max(axis=1)
    summed: Floats = most + np.log(np.exp(logs - most[:, None]).sum(axis=1))
    return summed


def _invested(number: int) -> float:
    """Capital that starts to bet at that label; the numbers 1, 2, … share out 1."""
    return AT_ONCE if number == 1 else _waiting(number - 1) - _waiting(number)


def _waiting(number: int) -> float:
    """Capital that waits for a later label."""
    return 1.0 if number == 0 else (1 - AT_ONCE) / math.log2(number + 1)


def _unit(outcomes: Floats, span: tuple[float, float]) -> Floats:
    scores: Floats = (outcomes - span[0]) / (span[1] - span[0])
    if not bool(np.all((scores >= 0) & (scores <= 1))):
        raise ValueError(f"outcomes must lie in [{span[0]:g}, {span[1]:g}]")
    return scores
