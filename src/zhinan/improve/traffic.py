"""Answers that people spoke about: each beside what turned out to be right, in the order in which it was said."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhinan.core import UserError
from zhinan.improve.hearing import SETTLED, heard
from zhinan.package import Version
from zhinan.store import Event, Store

__all__ = ["Spoken", "answered", "spoken", "unknown_answers"]


@dataclass(frozen=True)
class Spoken:
    """One answer of a version and what was said of it.

    Args:
        seq: of the feedback. about: id of the prediction, None when the feedback brought its own input.
        inputs: as stored, None when the contract keeps none. answer: as recorded. said: "label" or "value" with the
            right one, or "accepted". person: who said it, or for whom it was answered.
    """

    seq: int
    about: str | None
    inputs: Mapping[str, Any] | None
    answer: Mapping[str, Any]
    said: str
    right: Any
    person: str | None
    at: float


def spoken(
    store: Store, version: Version, state: tuple[int, Sequence[int]] = (0, ()), *, chunk: int = 500
) -> Iterator[tuple[int, Sequence[int], list[Spoken]]]:
    """Feedback on a version's own answers, in chunks as `heard`: the seq it was read to, what waits, what was found.

    Feedback on another version's answer, on a prediction that was not recorded, and ratings say nothing about right
    and wrong and are passed over. Feedback that brings its own input is about what the version answers to it now,
    if it came since the version was made: what came before may have taught it. Events of the last two seconds are
    left for the next time.
    """

    def says(event: Event) -> bool:
        return _said(event, version) is not None

    made = store.version(version.product, version.number or 0).at
    for page in heard(store, version.product, state, time.time() - SETTLED, says, chunk=chunk):
        yield page.seq, page.waits, _joined(version, page.events, page.answers, made)


def _joined(
    version: Version, events: Sequence[Event], answers: Mapping[str, Event], since: float
) -> list[Spoken]:  # fmt: skip
    brought = [event for event in events if event.at >= since and "input" in event.payload]
    brought = [event for event in brought if _said(event, version) is not None]
    given = answered(version, [event.payload["input"] for event in brought])
    now = dict(zip((event.seq for event in brought), given, strict=True))
    found = []
    for event in events:
        said = _said(event, version)
        about = event.payload.get("prediction_id")
        if said is None:
            continue
        if about is None:
            inputs, answer, person = event.payload.get("input"), now.get(event.seq), event.person
        else:
            made = answers.get(str(about))
            if made is None or made.payload.get("version") != version.number:
                continue
            inputs, answer, person = made.payload.get("input"), made.payload, event.person or made.person
        if answer is not None:
            found.append(Spoken(event.seq, about, inputs, answer, said, event.payload[said], person, event.at))
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
