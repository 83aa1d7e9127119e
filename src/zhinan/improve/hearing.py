"""What people said, beside the answers that it names; it waits for those that are not written down yet.

Answers are written behind: a store that was full, or a process that was held up, is caught up with later. Whoever read
a word before its answer was there would never hear it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from zhinan.store import Event, Store
from zhinan.store.numbered import events_numbered

__all__ = ["LATE", "SETTLED", "Heard", "ahead", "heard", "of_the_future", "settled"]

SETTLED = 2.0
"""Seconds after which most answers are on disk: they are written behind."""
AHEAD = 60.0
"""Seconds by which clocks may differ; an event from later than that was stored by one that ran ahead."""
LATE = 3600.0
"""Seconds that a word waits for its answer, and by which answers may be stored out of order."""
MOST = 10_000
"""Words that wait at once; of more, the first are given up."""


@dataclass(frozen=True)
class Heard:
    """Some feedback. `seq`: read to there. `waits`: seqs of what waits. `answers`: id → what is on record of it."""

    seq: int
    waits: Sequence[int]
    events: Sequence[Event]
    answers: Mapping[str, Event]


def heard(
    store: Store, product: str, state: tuple[int, Sequence[int]], until: float, mine: Callable[[Event], bool],
    *, chunk: int = 500,
) -> Iterator[Heard]:  # fmt: skip
    """Feedback that was stored by a time and not heard before, in chunks: what waited and waits no more, then the rest.

    Args: state: `seq` and `waits` of the last chunk. mine: what is worth waiting for; all else is given as it is.
    """
    seq, waiting = state
    waits, now = list(waiting), time.time()
    for start in range(0, len(waiting), chunk):
        asked = waiting[start : start + chunk]
        events = events_numbered(store, product, asked)  # what was erased meanwhile is not among them
        ready, later, answers = _parted(store, product, events, mine, now)
        over = {*asked} - {event.seq for event in later}
        waits = [one for one in waits if one not in over]
        if len(later) < len(asked):
            yield Heard(seq, waits, ready, answers)
    while page := settled(store.events(product, "feedback", seq, chunk), until):
        ready, later, answers = _parted(store, product, page, mine, now)
        seq, waits = page[-1].seq, [*waits, *(event.seq for event in later)]
        lost = events_numbered(store, product, waits[:-MOST])
        waits = waits[-MOST:]
        yield Heard(seq, waits, [*lost, *ready], answers)
        if len(page) < chunk:
            return


def of_the_future(event: Event) -> bool:
    """Whether the clock of who stored it ran ahead, so that its time says nothing."""
    return event.at > time.time() + AHEAD


def settled(events: Iterable[Event], until: float) -> list[Event]:
    """Of events in the order in which they were stored, those before the first that is of later than `until`.

    One of the future is as settled as its neighbours: nobody waits for its time to come.
    """
    return list(takewhile(lambda event: event.at <= until or of_the_future(event), events))


def ahead(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events that clocks which ran ahead stored, as advice: `value` is how many, of `n`."""
    known = list(events)
    early = sum(map(of_the_future, known))
    return [{"what": "clock ahead", "column": "at", "value": early, "n": len(known)}] if early else []


def _parted(
    store: Store, product: str, events: Sequence[Event], mine: Callable[[Event], bool], now: float
) -> tuple[list[Event], list[Event], Mapping[str, Event]]:
    """Events that need not wait, or waited long enough; those that wait on; and the answers that they name."""
    named = {event.seq: str(event.payload["prediction_id"]) for event in events if "prediction_id" in event.payload}
    named = {event.seq: named[event.seq] for event in events if event.seq in named and mine(event)}
    found = store.find_events(product, [*named.values()]) if named else {}
    answers = {name: event for name, event in found.items() if event.kind == "prediction"}
    later = [
        event
        for event in events
        if named.get(event.seq, "") not in ("", *answers) and event.at > now - LATE and not of_the_future(event)
    ]
    waits = {event.seq for event in later}
    return [event for event in events if event.seq not in waits], later, answers
