"""What answering takes in production: readings of the cost lines, and alarms on latency, throughput and money."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import Words
from zhinan.improve.standing import Monitor, former
from zhinan.proof import Detector
from zhinan.serve.tally import longer_than, longest
from zhinan.store import Event, Store

__all__ = ["Load", "minutes_over", "watches"]

DAYS = 7
"""That a reading looks back."""
QUANTILES: Mapping[str, float] = {"latency_p50": 0.50, "latency_p95": 0.95, "latency_p99": 0.99}
COUNTS = ("requests", "failed", "rows", "seconds")
BUSY = 30.0
"""Seconds of a worker's minute in which it has to answer for that minute to say how many rows it can answer."""
EARLY = 3
"""Minutes past those that are over by which clocks may differ."""
_CHUNK = 1_000
_DAY = 86_400.0


@dataclass
class _Minute:
    """What the workers took in one minute."""

    workers: int = 0
    rows: int = 0
    seconds: float = 0.0
    latency: dict[str, int] = field(default_factory=dict)

    def add(self, one: Mapping[str, Any]) -> None:
        """Takes in what one of them wrote."""
        self.workers, self.rows, self.seconds = self.workers + 1, self.rows + one["rows"], self.seconds + one["seconds"]
        _add(self.latency, one["latency"])

    def outcome(self, contract: Contract, line: Line) -> tuple[float | None, int]:
        """What it says of a line, as `Load` explains, and of how many requests or rows; None of nothing."""
        if line.metric in QUANTILES:
            n = sum(self.latency.values())
            return (longer_than(self.latency, line.target) / n if n else None), n
        idle = line.metric == "throughput" and self.seconds < BUSY * self.workers
        price = contract.cost.price or 1.0
        allowed = self.rows * (1 / line.target if line.metric == "throughput" else 3.6 * line.target / price)
        return (None if idle or not self.rows else self.seconds / (self.seconds + allowed)), self.rows


class Load:
    """The cost lines of a version on its own traffic.

    p95 <= t says that at most 5 % of requests take longer than t: the share of a minute's requests that did is an
    outcome in [0, 1] for a `Detector` at 5 %. Requests of the same minute are slow together, so a minute is one
    outcome, however many they are and whichever worker answered. A line about throughput or money allows so many
    seconds for a minute's rows: s seconds where a are allowed are the outcome s/(s + a), for a `Detector` at one half;
    throughput is asked of busy minutes only, as others do not show it. Alarms are false with probability at most δ as
    long as, whatever came before, the expected outcome of the next minute is within the line.

    Args: delta: chance of a false alarm of each line. kept: what `to_json` gave.
    """

    def __init__(self, contract: Contract, version: int, delta: float, kept: Mapping[str, Any]) -> None:
        self._contract, self._version, self._delta = contract, version, delta
        self.seq, self._minute = int(kept.get("seq", 0)), int(kept.get("minute", 0))
        self._days: dict[str, dict[str, Any]] = {
            day: {**one, "latency": dict(one["latency"])} for day, one in kept.get("days", {}).items()
        }
        held: Mapping[str, Any] = kept.get("lines", {})
        self._seen: dict[str, int] = {}
        self._detectors: dict[str, Detector] = {}
        self._alarmed: dict[str, int | None] = {}
        self._lines = (*contract.must, *former(held, contract.must))
        self._others = {line.text: held[line.text] for line in self._lines if line.text in held}
        for line in self._lines:
            if not watches(contract, line):
                continue
            old: Mapping[str, Any] = held.get(line.text) or {}
            fresh = Detector(1 - QUANTILES.get(line.metric, 0.5), delta, "lower")
            detector = Detector.from_state(old["detector"]) if old else fresh
            detector.ask(delta)
            self._detectors[line.text], self._seen[line.text] = detector, old.get("n", 0)
            alarmed: int | None = old.get("alarmed_at")
            self._alarmed[line.text] = self._seen[line.text] if alarmed is None and detector.alarm else alarmed

    def read(self, store: Store) -> bool:
        """Takes in the minutes that every worker has written since; whether there were any."""
        before, until = self.seq, int(time.time() // 60) - 1
        if self._minute > until:  # a clock that ran ahead counted a minute that is still to come
            self._minute = 0
        minutes: dict[int, _Minute] = {}
        while events := store.events(self._contract.product, "traffic", self.seq, _CHUNK):
            settled = minutes_over(events, until)
            for event in settled:
                self.seq = event.seq
                if event.payload.get("version") == self._version and event.payload["minute"] < until:
                    self._count(event)
                    minutes.setdefault(event.payload["minute"], _Minute()).add(event.payload)
            if len(settled) < len(events):
                break
        for minute in sorted(minutes):
            if minute > self._minute:  # what a worker wrote late is read and not bet on
                self._minute = minute
                self._bet(minutes[minute])
        return self.seq != before

    def _count(self, event: Event) -> None:
        one = event.payload
        day = self._days.setdefault(str(int(event.at // _DAY)), {"since": event.at, "latency": {}, "memory": 0})
        for name in COUNTS:
            day[name] = day.get(name, 0) + one[name]
        day["memory"] = max(day["memory"], one["memory"] or 0)
        day["since"], day["until"] = min(day["since"], event.at), max(day.get("until", 0.0), event.at + 60.0)
        _add(day["latency"], one["latency"])
        for old in sorted(self._days, key=int)[:-DAYS]:
            del self._days[old]

    def _bet(self, minute: _Minute) -> None:
        """One minute of all workers."""
        for line in self._lines:
            detector = self._detectors.get(line.text)
            outcome, n = minute.outcome(self._contract, line) if detector else (None, 0)
            if detector is None or outcome is None:
                continue
            self._seen[line.text] += n
            if detector.add(outcome) and self._alarmed[line.text] is None:
                self._alarmed[line.text] = self._seen[line.text]

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        lines = {
            text: {"n": self._seen[text], "alarmed_at": self._alarmed[text], "detector": detector.state()}
            for text, detector in self._detectors.items()
        }
        return {"seq": self.seq, "minute": self._minute, "days": self._days, "lines": {**self._others, **lines}}

    def monitor(self, line: Line) -> Monitor:
        """Where a cost line stands: its value over the last seven days with traffic, and whether its alarm is on."""
        value, n = self._value(line)
        detector, needed = self._detectors.get(line.text), 1 / self._delta
        period = self._period() if n else None
        if detector is None:
            return Monitor(line.text, n, value, 0.0, needed, None, _unwatched(line), "requests", period)
        alarmed = self._alarmed[line.text]
        return Monitor(line.text, n, value, detector.evidence, needed, alarmed, None, "requests", period)

    def summary(self) -> dict[str, Any] | None:
        """{"requests", "failed", "rows", "period", "latency": {"p50", "p95", "p99"}} in seconds; None of no request."""
        total = self._total()
        if not total["requests"]:
            return None
        latency = {name.removeprefix("latency_"): longest(total["latency"], q) for name, q in QUANTILES.items()}
        counts = {name: total[name] for name in COUNTS if name != "seconds"}
        return {**counts, "period": list(self._period()), "latency": latency}

    def _value(self, line: Line) -> tuple[float | None, int]:
        """The line's value here, and of how many requests or rows."""
        total = self._total()
        price = self._contract.cost.price
        if line.relative is not None:
            return None, 0
        if line.metric in QUANTILES:
            return longest(total["latency"], QUANTILES[line.metric]), sum(total["latency"].values())
        if line.metric == "throughput" and total["seconds"]:
            return total["rows"] / total["seconds"], total["rows"]
        if line.metric == "cost" and price is not None and total["rows"]:
            return 1000 * total["seconds"] / total["rows"] * price / 3600, total["rows"]
        if line.metric == "memory" and total["memory"]:
            return float(total["memory"]), total["requests"]
        return None, 0

    def _total(self) -> dict[str, Any]:
        latency: dict[str, int] = {}
        for day in self._days.values():
            _add(latency, day["latency"])
        counts = {name: sum(day[name] for day in self._days.values()) for name in COUNTS}
        return {**counts, "latency": latency, "memory": max((d["memory"] for d in self._days.values()), default=0)}

    def _period(self) -> tuple[float, float]:
        days: Sequence[Mapping[str, Any]] = tuple(self._days.values())
        return min(day["since"] for day in days), max(day["until"] for day in days)


def _add(total: dict[str, int], latency: Mapping[str, int]) -> None:
    for bucket, n in latency.items():
        total[bucket] = total.get(bucket, 0) + n


def minutes_over(events: Sequence[Event], until: int) -> list[Event]:
    """Of what workers wrote, in that order, what stands before the first of a minute that may not be over.

    Minutes of the future, which a clock that ran ahead has made, hold nothing up; they say nothing either.
    """

    def over(event: Event) -> bool:
        minute = int(event.payload["minute"])
        return minute < until or minute > until + EARLY

    return list(takewhile(over, events))


def watches(contract: Contract, line: Line) -> bool:
    """Whether a cost line has an alarm on traffic."""
    priced = line.metric == "cost" and contract.cost.price is not None
    return line.relative is None and line.target > 0 and (line.metric in (*QUANTILES, "throughput") or priced)


def _unwatched(line: Line) -> Words:
    if line.metric == "memory" and line.relative is None:
        return Words("what traffic shows of it is a reading, without an alarm", "流量只给出读数，不发警报")
    return Words("what answers cost is measured by the build", "回答的开销在构建时测量")
