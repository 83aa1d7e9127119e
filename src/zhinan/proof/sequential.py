"""A line certified by fresh labels: evidence that may be looked at after every one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from zhinan.proof._bets import Floats, growth, stakes, total, totals, unit
from zhinan.proof.evidence import Op

__all__ = ["Certifier", "hits_to_prove"]

Ints = npt.NDArray[np.int64]

USUAL = 600
"""Labels after which the favoured bet decides."""
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
        self._meant = (delta, delta / lines)
        self._bets = tuple(stakes(m, d, USUAL) for m, d in zip(self._nulls, self._meant, strict=True))
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
        scores = unit(found, self.span)
        before = self.n
        for start in range(0, scores.size, CHUNK):
            if self._decided is None:
                self._bet(scores[start : start + CHUNK], before + start)
        for value, times in zip(*np.unique(scores, return_counts=True), strict=True):
            self._counts[float(value)] = self._counts.get(float(value), 0) + int(times)

    def ask(self, delta: float, lines: int) -> None:
        """Goes on for another δ or another number of lines: bets stand, and what they won is held to the new bars.

        A decision stands where its evidence is enough now. At each δ, what it says then is wrong with at most that
        probability.
        """
        if (delta, lines) == (self.delta, self.lines):
            return
        before, self.delta, self.lines = self._bars, delta, lines
        self._bars = (math.log(1 / delta), math.log(lines / delta))
        if self._decided is not None:
            verdict, _, evidence = self._decided
            if evidence >= self._bars[0] if verdict == "PROVED" else self._bars[1] <= before[1]:
                return
        self._decided = None
        self._recount()
        won = [total(capital) for capital in self._capital]
        if self.n and (won[0] >= self._bars[0] or won[1] >= self._bars[1]):
            self._decide(self.n, won[0])

    def _recount(self) -> None:
        for side, (_, weights) in enumerate(self._bets):
            self._capital[side] = np.log(weights) + self._won(side, self._nulls[side])

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
        return math.exp(min(self._decided[2] if self._decided else total(self._capital[0]), 700.0))

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
            "bets": list(self._meant),
            "outcomes": [[score, times] for score, times in sorted(self._counts.items())],
            "decided": list(self._decided) if self._decided else None,
        }  # fmt: skip

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Certifier:
        """The certifier that gave this state; it goes on where that one stopped. Without "bets" it bets for its δ."""
        low, high = state["span"]
        found = cls(state["op"], state["target"], state["delta"], lines=state["lines"], span=(low, high))
        found._counts = {float(score): int(times) for score, times in state["outcomes"]}
        if "bets" in state:
            found._meant = tuple(state["bets"])
            found._bets = tuple(stakes(m, d, USUAL) for m, d in zip(found._nulls, found._meant, strict=True))
        found._recount()
        if state["decided"]:
            verdict, at, evidence = state["decided"]
            found._decided = (verdict, int(at), float(evidence))
        return found

    def _bet(self, scores: Floats, before: int) -> None:
        won = []
        for side in (0, 1):
            each = growth(self._turned(scores, side), self._nulls[side], self._bets[side][0])
            paths = self._capital[side] + np.cumsum(each, axis=0)
            won.append(totals(paths))
            self._capital[side] = paths[-1]
        crossed = (won[0] >= self._bars[0]) | (won[1] >= self._bars[1])
        if crossed.any():
            at = int(np.argmax(crossed))
            self._decide(before + at + 1, float(won[0][at]))

    def _decide(self, at: int, evidence: float) -> None:
        self._decided = ("PROVED" if evidence >= self._bars[0] else "REFUTED", at, evidence)

    def _turned(self, scores: Floats, side: int) -> Floats:
        """Scores as the bettor of that side sees them: high is what it bets on."""
        return scores if (self.op == ">=") == (side == 0) else 1 - scores

    def _won(self, side: int, null: float) -> Floats:
        """Log capital of each bet against a mean of at most `null`; the order of the outcomes does not matter."""
        scores = self._turned(np.asarray(list(self._counts), dtype=float), side)
        times = np.asarray(list(self._counts.values()), dtype=float)
        won: Floats = times @ growth(scores, null, self._bets[side][0])
        return won

    def _bound(self, side: int) -> float:
        """Largest mean that side's bettor has won 1/δ against."""
        weights = self._bets[side][1]
        if not self._counts:
            return 0.0
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            ruined = total(np.log(weights) + self._won(side, middle)) >= math.log(1 / self.delta)
            low, high = (middle, high) if ruined else (low, middle)
        return low

    def _shown(self, score: float) -> float:
        return self.span[0] + score * (self.span[1] - self.span[0])


def hits_to_prove(target: float, delta: float, most: int) -> Ints:
    """Right answers among the first n labels that make a `Certifier` prove "rate >= target", for each n up to `most`.

    Returns:
        shape (most,), for n = 1 … most; n + 1 where even n of n would not do.
    """
    bets, weights = stakes(target, delta, USUAL)
    hit, miss = growth(np.asarray([1.0, 0.0]), target, bets)
    n = np.arange(1, most + 1)
    low, high = np.full(most, -1), n + 1
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        capital = np.log(weights) + np.minimum(middle, n)[:, None] * hit + (n - np.minimum(middle, n))[:, None] * miss
        enough = (totals(capital) >= math.log(1 / delta)) & (middle > low)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high
