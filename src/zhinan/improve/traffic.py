"""Answers that people spoke about: each beside what turned out to be right, in the order in which it was said."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from zhinan.core import UserError
from zhinan.package import Version
from zhinan.store import Event, Store

__all__ = ["SETTLED", "Spoken", "ahead", "answered", "of_the_future", "settled", "spoken", "unknown_answers"]

SETTLED = 2.0
"""Seconds after which the prediction that feedback is about is surely on disk: records are written behind answers."""
AHEAD = 60.0
"""Seconds by which clocks may differ; an event from later than that was stored by one that ran ahead."""


@dataclass(frozen=True)
class Spoken:
    """One answer of a version and what was said of it.

    Args:
        seq: of the feedback. about: id of the prediction, None when the feedback brought its own input.
        inputs: as stored, None when the contract keeps none. answer: as recorded. said: "label" or "value" with the
            right one, or "accepted". person: who said it.
    """

    seq: int
    about: str | None
    inputs: Mapping[str, Any] | None
    answer: Mapping[str, Any]
    said: str
    right: Any
    person: str | None
    at: float


def of_the_future(event: Event) -> bool:
    """Whether the clock of who stored it ran ahead, so that its time says nothing."""
    return event.at > time.time() + AHEAD


def settled(events: Iterable[Event], until: float) -> list[Event]:
    """Of events in the order in which they were stored, those before the first that is of later than `until`.

    One of the future is as settled as its neighbours: nobody waits for its time to come.
    """
    return list(takewhile(lambda event: event.at <= until or of_the_future(event), events))


def spoken(store: Store, version: Version, after: int = 0, *, chunk: int = 500) -> Iterator[tuple[int, list[Spoken]]]:
    """Feedback on a version's own answers, oldest first, in chunks: the seq it was read to, and what was found.

    Feedback on another version's answer, on a prediction that was not recorded, and ratings say nothing about right
    and wrong and are passed over. Feedback that brings its own input is about what the version answers to it now.
    Events of the last two seconds are left for the next time.
    """
    until = time.time() - SETTLED
    while True:
        page = store.events(version.product, "feedback", after, chunk)
        over = settled(page, until)
        if not over:
            return
        after = over[-1].seq
        yield after, _joined(store, version, over)
        if len(over) < chunk:
            return


def _joined(store: Store, version: Version, events: Sequence[Event]) -> list[Spoken]:
    named = [str(e.payload["prediction_id"]) for e in events if "prediction_id" in e.payload]
    predictions = store.find_events(version.product, named)
    brought = [event for event in events if "input" in event.payload and _said(event, version) is not None]
    given = answered(version, [event.payload["input"] for event in brought])
    answers = dict(zip((event.seq for event in brought), given, strict=True))
    found = []
    for event in events:
        said = _said(event, version)
        about = event.payload.get("prediction_id")
        if said is None:
            continue
        if about is None:
            inputs, answer = event.payload.get("input"), answers.get(event.seq)
        else:
            made = predictions.get(str(about))
            if made is None or made.kind != "prediction" or made.payload.get("version") != version.number:
                continue
            inputs, answer = made.payload.get("input"), made.payload
        if answer is not None:
            found.append(Spoken(event.seq, about, inputs, answer, said, event.payload[said], event.person, event.at))
    return found


def _said(event: Event, version: Version) -> str | None:
    return next((key for key in (version.task.label, "accepted") if key in event.payload), None)


def answered(version: Version, inputs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | None]:
    """What the version answers to kept inputs; None to one that it cannot read."""
    rows = [{name: one.get(name) for name in version.inputs} for one in inputs]
    try:
        return list(version.predict(rows))
    except UserError:
        return [_one(version, row) for row in rows]


def _one(version: Version, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        return version.predict([row])[0]
    except UserError:
        return None


def unknown_answers(feedback: Sequence[Event], store: Store, product: str) -> list[dict[str, Any]]:
    """Feedback on answers that are not on record (any more), as advice: `value` is how much, of `n` that name one.

    The newest is left out: an answer is written down a moment after it was given.
    """
    until = time.time() - SETTLED
    named = [str(e.payload["prediction_id"]) for e in feedback if "prediction_id" in e.payload and e.at <= until]
    known = {name for name, event in store.find_events(product, named).items() if event.kind == "prediction"}
    unknown = sum(name not in known for name in named)
    if not unknown:
        return []
    return [{"what": "unknown answer", "column": "prediction_id", "value": unknown, "n": len(named)}]


def ahead(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events that clocks which ran ahead stored, as advice: `value` is how many, of `n`."""
    known = list(events)
    early = sum(map(of_the_future, known))
    return [{"what": "clock ahead", "column": "at", "value": early, "n": len(known)}] if early else []
