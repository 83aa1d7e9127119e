"""What the people whom one version answered did, on one line: the evidence, its verdict and its alarm."""

from __future__ import annotations

import base64
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, cast

from zhinan.contract import Line
from zhinan.evaluate.happened import QUANTILES, Failed, Timed
from zhinan.evaluate.in_use import PRODUCTION, measure_of, people_needed
from zhinan.improve.standing import Monitor, On
from zhinan.proof import Certifier, Detector

__all__ = ["MARK", "REMEMBERED", "Counted"]

REMEMBERED = 200_000
"""People, or answers, that are known to have counted; of more, the first may count again."""
MARK = 8
"""Bytes of a keyed hash by which one is remembered."""
ALARMS = 3
"""At most so many alarms has a must line, which share the error of all."""
STEP = math.log(1.01)
"""Times are remembered to one part in a hundred, rounded up."""
SHORTEST = 1e-3


class Counted:
    """The scores of one line for one version, each person's first, in the order in which they settled.

    Args:
        asked: δ of a proof; must lines of the contract, whose refutations and alarms share δ.
    """

    def __init__(self, line: Line, asked: tuple[float, int], kept: Mapping[str, Any] | None = None) -> None:
        self._line, self._asked, self._measure = line, asked, measure_of(line)
        op, null = self._measure.bet(line.target)
        delta, lines = asked
        seen = base64.b64decode(kept["seen"]) if kept else b""
        self._seen = dict.fromkeys(seen[at : at + MARK] for at in range(0, len(seen), MARK))
        if kept:
            self._certifier = Certifier.from_state(kept["certifier"])
            self._certifier.ask(delta, lines)
            self._detector = Detector.from_state(kept["detector"])
            self._detector.ask(delta / (ALARMS * lines))
            self._times = {int(step): int(times) for step, times in kept["times"]}
        else:
            self._certifier = Certifier(op, null, delta, lines=lines)
            self._detector = Detector(null, delta / (ALARMS * lines), "higher" if op == ">=" else "lower")
            self._times = {}

    def first(self, mark: bytes) -> bool:
        """Whether a person or an answer had not counted before; from now on it has."""
        if mark in self._seen:
            return False
        self._seen[mark] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return True

    def add(self, scores: Sequence[float], seconds: Sequence[float] = ()) -> None:
        """The next scores; of times also how long each was."""
        self._certifier.add(scores)
        self._detector.add(scores)
        if isinstance(self._measure, Timed) and self._measure.most is None:
            for took in seconds:
                step = math.ceil(math.log(max(took, SHORTEST)) / STEP)
                self._times[step] = self._times.get(step, 0) + 1

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        return {
            "certifier": self._certifier.state(),
            "detector": self._detector.state(),
            "seen": base64.b64encode(b"".join(self._seen)).decode(),
            "times": sorted(self._times.items()),
        }

    @property
    def n(self) -> int:
        """People who counted."""
        return self._certifier.n

    @property
    def value(self) -> float | None:
        """Of the line, in its base unit; None before the first."""
        if not self.n:
            return None
        if isinstance(self._measure, Timed):
            if self._measure.most is not None:
                return self._certifier.value * self._measure.most
            steps, upto = self._cumulated()
            return _edge(steps[bisect_left(upto, math.ceil(QUANTILES[self._measure.take] * self.n))])
        return self._certifier.value

    def monitor(self) -> Monitor:
        """The alarm over it."""
        alarm, on = self._detector, "minutes" if isinstance(self._measure, Failed) else "events"
        return Monitor(
            self._line.text, self.n, self.value, alarm.evidence, 1 / alarm.delta, alarm.alarmed_at, on=cast("On", on)
        )

    def row(self) -> dict[str, Any]:
        """The verdict as JSON, with the alarm as `live`."""
        certifier, (delta, lines) = self._certifier, self._asked
        verdict = "PROVED" if certifier.proved else "REFUTED" if certifier.refuted else "UNDECIDED"
        n, value, decide = self.n, self.value, None
        if verdict == "UNDECIDED":
            rate = certifier.value if n else None
            fair = rate is None or (rate >= certifier.target) == (certifier.op == ">=")
            decide = people_needed(self._line, rate, n, delta if fair else delta / lines)
        bound = self._bound(verdict) if n else None
        bound = None if bound is None or not math.isfinite(bound) else bound
        return {
            "verdict": verdict, "value": value, "bound": bound, "n": n, "on": PRODUCTION,
            "to_decide": decide, "live": self.monitor().live(),
        }  # fmt: skip

    def against(self, other: Counted) -> dict[str, Any] | None:
        """How much higher its mean score is than another version's, with bounds at every look; None before both count.

        All four bounds of the two means hold with probability at least 1 − δ, however often one looks, and so does
        their difference. `better` is None while both signs are possible. Those who were answered then and now are not
        the same people, so it tells that they differ, and not that the version is why.
        """
        if not self.n or not other.n:
            return None
        (low, high), (least, most) = self._within(self._asked[0] / 4), other._within(self._asked[0] / 4)
        gain = 1.0 if self._certifier.op == ">=" else -1.0
        better = None if low - most <= 0 <= high - least else (low > most) == (gain > 0)
        most_seconds = self._measure.most if isinstance(self._measure, Timed) else None
        shown = most_seconds or 1.0
        apart = self._certifier.value - other._certifier.value
        return {
            "difference": apart * shown, "low": (low - most) * shown, "high": (high - least) * shown,
            "unit": "share" if most_seconds is None else "seconds", "better": better,
        }  # fmt: skip

    def _within(self, delta: float) -> tuple[float, float]:
        """Bounds of the mean score, each wrong with probability at most δ at all looks."""
        kept = self._certifier.state()
        del kept["bets"]
        return Certifier.from_state({**kept, "delta": delta, "lines": 1, "decided": None}).confidence_sequence()

    def _bound(self, verdict: str) -> float:
        """What the value is at least, or at most; a refutation's bound is the other one."""
        low, high = self._certifier.confidence_sequence()
        least = (self._line.op == ">=") != (verdict == "REFUTED")
        if not isinstance(self._measure, Timed):
            return low if least else high
        if self._measure.most is not None:
            return (low if least else high) * self._measure.most
        return self._quantile_bound(least, verdict)

    def _quantile_bound(self, least: bool, verdict: str) -> float:
        """The longest time that surely too few, or the shortest that surely enough, took no longer than.

        What bets on the share within one time wins no less for a longer one, so the search is over one crossing, and
        the bound holds at every look.
        """
        steps, upto = self._cumulated()
        delta, lines = self._asked
        op = "<=" if least else ">="
        granted = delta / lines if verdict == "REFUTED" else delta
        low, high = -1, len(steps)
        while high - low > 1:
            middle = (low + high) // 2
            sure = self._sure(op, upto[middle], granted)
            low, high = (middle, high) if sure == least else (low, middle)
        found = _edge(steps[low]) if least and low >= 0 else 0.0
        if not least:
            found = _edge(steps[high]) if high < len(steps) else math.inf
        if verdict == "PROVED":
            found = min(found, self._line.target)
        if verdict == "REFUTED":
            found = max(found, self._line.target)
        return found

    def _sure(self, op: Any, within: int, delta: float) -> bool:
        null = self._certifier.target
        state = {"op": op, "target": null, "delta": delta, "lines": 1, "span": [0, 1], "decided": None}
        found = Certifier.from_state({**state, "outcomes": [[0.0, self.n - within], [1.0, within]]})
        return found.evidence >= 1 / delta

    def _cumulated(self) -> tuple[list[int], list[int]]:
        """Steps of time that occurred, and how many took no longer than each."""
        steps = sorted(self._times)
        return steps, list(accumulate(self._times[step] for step in steps))


def _edge(step: int) -> float:
    return math.exp(step * STEP)
