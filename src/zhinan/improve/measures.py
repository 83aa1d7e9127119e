"""Judges the must lines that only use can: from what people did after they were answered, valid at every look.

Every line reads the events for itself, in the order in which they were stored, and remembers how far it came; what it
finds does not depend on when, or how often, anybody looks. Per version, each person counts once.
"""

from __future__ import annotations

import hmac
import time
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import Words
from zhinan.evaluate.happened import Failed, Followed, Rated, Timed
from zhinan.evaluate.in_use import counted_as, measure_of, with_in_use
from zhinan.improve.counted import MARK, Counted
from zhinan.improve.failing import failed_shares
from zhinan.improve.hearing import LATE, SETTLED, heard, of_the_future, settled
from zhinan.improve.standing import Monitor
from zhinan.store import Event, Stages, Store, change_run, change_verdicts

__all__ = ["Measured", "measures"]

CHUNK = 500
NEWEST = 5
"""Versions whose counts are kept besides those that answer and did before, of those that are still there."""
OTHERS = 20
"""Names of events nobody asks for that are remembered, to say what a typo may have been."""
SLACK = 60.0
"""Seconds by which clocks of senders differ."""

Live = Callable[[float], int | None]
"""Time → the version that was live then."""


@dataclass(frozen=True)
class Measured:
    """One line that use judges.

    Args:
        counts: what counts, in words. versions: version → where it stands. live, previous: which answers, and did.
            heard: events of its kind. aside: of these, those that count for nobody: off the scale, without a value, of
            an answer that is not on record, of before its answer, or of a job and for nobody. others:
            names of other events that came.
    """

    line: Line
    counts: Words
    versions: Mapping[int, Counted]
    live: int | None
    previous: int | None
    heard: int
    aside: int
    others: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON: the keys of this class, each version with its verdict, the live one `compared` with the last."""
        return {
            "line": self.line.text,
            "counts": {"en": self.counts.en, "zh": self.counts.zh},
            "versions": [{"version": number, **self.versions[number].row()} for number in sorted(self.versions)],
            "compared": self._compared(),
            "heard": self.heard,
            "aside": self.aside,
            "others": list(self.others),
        }

    def _compared(self) -> dict[str, Any] | None:
        """The live version against the one before it, as `Counted.against`; None while one of them has no score."""
        if self.live is None or self.previous is None:
            return None
        now, before = self.versions.get(self.live), self.versions.get(self.previous)
        found = now.against(before) if now is not None and before is not None else None
        return None if found is None else {"version": self.live, "with": self.previous, **found}

    def monitor(self) -> Monitor:
        """The line of the live version as `monitors` tells the others."""
        found = self.versions.get(self.live) if self.live is not None else None
        if found is None:
            minutes = isinstance(measure_of(self.line), Failed)
            return Monitor(self.line.text, 0, None, 0.0, 0.0, None, on="minutes" if minutes else "events")
        return found.monitor()


def measures(contract: Contract, store: Store) -> tuple[Measured, ...]:
    """Takes in what happened since the last time, and puts each line's verdict beside those of the build.

    An answer counts once its time is over; a younger one is not yet a "no". A verdict is wrong with probability at
    most 1 − confidence over all looks, an alarm over all lines too.

    Returns:
        One for each line that use judges, in the contract's order.

    Source: PROOF 11; Waudby-Smith & Ramdas (2023) for the verdicts, Shin, Ramdas & Rinaldo (2024) for the alarms.
    """
    if not contract.in_use:
        _tell(contract, store, ())  # takes what the last such line had told
        return ()
    product, until = contract.product, time.time() - SETTLED
    secret, live = store.sealing_key(product), _lives(store, product)
    found = []
    for line in contract.in_use:
        key = f"measure {line.text}"

        def read(held: Mapping[str, Any], line: Line = line) -> Mapping[str, Any]:
            state = _Line(contract, line, held, secret)
            state.read(store, live, until)
            return state.to_json()

        run = change_run(store, product, key, {"line": line.text}, read)
        found.append(_Line(contract, line, run.state, secret).measured(store.stages(product)))
    _tell(contract, store, found)
    return tuple(found)


def _tell(contract: Contract, store: Store, found: Sequence[Measured]) -> None:
    """Keeps the verdicts on the live and the previous version, for the service and `status`."""
    stages = store.stages(contract.product)
    for number in (stages.live, stages.previous):
        if number is None:
            continue
        rows = [
            {
                "line": one.line.text, **one.versions[number].row(), "why": {"en": one.counts.en, "zh": one.counts.zh},
                "confidence": contract.confidence,
            }
            for one in found
            if number in one.versions
        ]  # fmt: skip

        def beside(
            held: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]] = rows
        ) -> Sequence[Mapping[str, Any]]:
            return with_in_use(contract, held, rows) if held else held

        change_verdicts(store, contract.product, number, beside)


def _lives(store: Store, product: str) -> Live:
    changes = [(row.at, row.stages.live) for row in store.audit(product)]
    times = [at for at, _ in changes]

    def live(when: float) -> int | None:
        place = bisect_right(times, when) - 1
        return changes[place][1] if place >= 0 else None

    return live


class _Line:
    """One line and how far it read: kept as one JSON, whole or not at all.

    Args: secret: of the store; people and answers are remembered by hashes keyed with it.
    """

    def __init__(self, contract: Contract, line: Line, kept: Mapping[str, Any], secret: bytes) -> None:
        self._asked = (contract.delta, len(contract.must) + len(contract.in_use))
        self._line, self._secret, self._product = line, secret, contract.product
        self._measure = measure_of(line)
        self._events, self._answers = int(kept.get("events", 0)), int(kept.get("answers", 0))
        self._minute, self._late = int(kept.get("minute", 0)), list(kept.get("late", ()))
        self._heard, self._aside = int(kept.get("heard", 0)), int(kept.get("aside", 0))
        self._others: list[str] = list(kept.get("others", ()))
        waits: Mapping[str, Any] = kept.get("waits", {})
        self._waits: dict[str, list[list[float]]] = {mark: list(found) for mark, found in waits.items()}
        held: Mapping[str, Any] = kept.get("versions", {})
        self._versions = {int(number): Counted(line, self._asked, one) for number, one in held.items()}

    def read(self, store: Store, live: Live, until: float) -> None:
        """Takes in all that had settled by then."""
        if isinstance(self._measure, Failed):
            self._answers, self._minute, found = failed_shares(store, self._product, self._answers, self._minute)
            for version, shares in found.items():
                self._of(version).add(shares)
                self._heard += len(shares)
        else:
            self._read(store, live, until)
        stages, there = store.stages(self._product), {row.number for row in store.versions(self._product)}
        kept = {*sorted(self._versions.keys() & there)[-NEWEST:], stages.live, stages.previous}
        self._versions = {number: found for number, found in self._versions.items() if number in kept & there}

    def _read(self, store: Store, live: Live, until: float) -> None:
        """What people did, or said."""
        written = store.events(self._product, "prediction", limit=1, newest=True)  # later ones may be spoken about
        for page in heard(store, self._product, (self._events, self._late), until, self._is_mine, chunk=CHUNK):
            mine = [event for event in page.events if self._is_mine(event)]
            if isinstance(self._measure, Followed):
                self._wait(mine, page.answers)
            elif isinstance(self._measure, Rated | Timed):
                self._score(mine, page.answers, live, self._measure)
            self._events, self._late = page.seq, list(page.waits)
        if written and isinstance(self._measure, Followed):
            self._read_answers(store, until - self._measure.settles, written[0].seq, self._measure)

    def _read_answers(self, store: Store, until: float, last: int, measure: Followed) -> None:
        """Answers that have settled, as far as they were written when what people did was read."""
        while page := settled(store.events(self._product, "prediction", self._answers, CHUNK), until):
            page = [answer for answer in page if answer.seq <= last]
            if known := [answer for answer in page if not of_the_future(answer)]:
                self._follow(known, measure)
            if not page:
                return
            self._answers = page[-1].seq

    def measured(self, stages: Stages) -> Measured:
        """Where it stands."""
        return Measured(
            self._line, counted_as(self._line), self._versions, stages.live, stages.previous, self._heard,
            self._aside, tuple(self._others),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """What goes on from here."""
        return {
            "events": self._events, "late": self._late, "answers": self._answers, "minute": self._minute,
            "heard": self._heard, "aside": self._aside, "others": self._others, "waits": self._waits,
            "versions": {str(number): found.to_json() for number, found in self._versions.items()},
        }  # fmt: skip

    def _is_mine(self, event: Event) -> bool:
        name = event.payload.get("event")
        if isinstance(name, str) and name != self._measure.event and name not in self._others[:OTHERS]:
            self._others = [*self._others, name][-OTHERS:]
        return name == self._measure.event if self._measure.event else "rating" in event.payload

    def _wait(self, events: Sequence[Event], answers: Mapping[str, Event]) -> None:
        """Remembers events until what they may follow settles: when, of which version (0 any), stored when."""
        for event in events:
            self._heard += 1
            about, version = _about(event, answers), 0
            if about is not None:
                version = int(about.payload.get("version") or 0)
            unknown = about is None and ("prediction_id" in event.payload or event.person is None)
            when = float(event.payload.get("at", event.at))
            early = about is not None and when < about.at - SLACK
            if (
                unknown
                or early
                or of_the_future(event)
                or (about is not None and about.person is None and _of_job(about))
            ):
                self._aside += 1
                continue
            who = event.person if about is None else about.person or about.event_id
            when = when if about is None else max(when, about.at)  # what names its answer follows it
            self._waits.setdefault(self._mark(str(who)).hex(), []).append([when, version, event.at])

    def _follow(self, answers: Sequence[Event], measure: Followed) -> None:
        """Counts answers that have settled: each person's first of a version, followed in time or not."""
        scores: dict[int, list[float]] = {}
        for answer in answers:
            version = answer.payload.get("version")
            if not isinstance(version, int) or (answer.person is None and (measure.persons or _of_job(answer))):
                continue
            mark = self._mark(answer.person or answer.event_id)
            if answer.person is not None and not self._of(version).first(mark):
                continue
            opens, closes = answer.at + measure.after, answer.at + measure.within
            followed = any(
                opens <= when <= closes and of in (0, version) and stored <= answer.at + measure.settles
                for when, of, stored in self._waits.get(mark.hex(), ())
            )
            scores.setdefault(version, []).append(float(followed))
        for version, found in scores.items():
            self._of(version).add(found)
        over = answers[-1].at + measure.after - LATE  # later answers are of later times, or written so much later
        kept = {mark: [one for one in found if one[0] >= over] for mark, found in self._waits.items()}
        self._waits = {mark: found for mark, found in kept.items() if found}

    def _score(self, events: Sequence[Event], answers: Mapping[str, Event], live: Live, measure: Rated | Timed) -> None:
        """Counts ratings and values: each person's first of the version that answered, or that was live."""
        scores: dict[int, list[tuple[float, float]]] = {}
        for event in events:
            self._heard += 1
            about = _about(event, answers)
            known = "prediction_id" not in event.payload or about is not None
            when = float(event.payload.get("at", event.at))
            version = about.payload.get("version") if about is not None else live(when)
            said = event.payload.get("amount" if measure.event else "rating")
            value = 0.0 if said is None else float(said)
            score = None if said is None else measure.score(value, self._line.target)
            if not known or version is None or score is None:
                self._aside += 1
                continue
            who = (about.person if about is not None else None) or event.person
            who = who or (about.event_id if about is not None else None)
            if who is None or self._of(int(version)).first(self._mark(who)):
                seconds = measure.seconds(value) if isinstance(measure, Timed) else 0.0
                scores.setdefault(int(version), []).append((score, seconds))
        for number, found in scores.items():
            self._of(number).add([score for score, _ in found], [took for _, took in found])

    def _of(self, version: int) -> Counted:
        if version not in self._versions:
            self._versions[version] = Counted(self._line, self._asked)
        return self._versions[version]

    def _mark(self, who: str) -> bytes:
        return hmac.digest(self._secret, f"measured {who}".encode(), "sha256")[:MARK]


def _of_job(answer: Event) -> bool:
    """Whether it is of a large batch. Nobody may ever have seen it: where it names no person it is no answer to one."""
    return "job" in answer.payload


def _about(event: Event, answers: Mapping[str, Event]) -> Event | None:
    """The answer that an event names, where it is on record."""
    return answers.get(str(event.payload.get("prediction_id")))
