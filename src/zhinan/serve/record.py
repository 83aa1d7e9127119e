"""Writes predictions down, masked and off the request path: no answer waits for the disk, a full one loses records."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from zhinan.core import UserError
from zhinan.package import Version
from zhinan.steps.kept import Keeper
from zhinan.store import Event, Store

__all__ = ["Recorder", "identifiers", "keeper_of"]

GROUP = 200
PAUSE_SECONDS = 0.2


class Recorder:
    """A thread that stores predictions as events of kind "prediction" in groups.

    Args:
        counted: is told ("stored" | "dropped", how many).
        backlog: predictions that may wait; older ones are dropped first.
    """

    def __init__(self, store: Store, product: str, counted: Callable[[str, int], None], backlog: int = 10_000) -> None:
        self._store = store
        self._product = product
        self._counted = counted
        self._waiting: deque[tuple[Event, Mapping[str, Any] | None, Keeper]] = deque()
        self._backlog = backlog
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="zhinan-records", daemon=True)
        self._thread.start()

    def add(
        self,
        prediction_id: str,
        payload: Mapping[str, Any],
        inputs: Mapping[str, Any] | None,
        keeper: Keeper,
        person: str | None = None,
    ) -> None:
        """Takes one prediction.

        Args:
            payload: what is kept of the answer. inputs: as they were sent; None when the contract keeps none.
            person: who was answered, as they were named; None when nobody was.
            keeper: of the version that answered; it hides what must not be kept before anything is written.
        """
        if len(self._waiting) >= self._backlog:
            self._waiting.popleft()
            self._counted("dropped", 1)
        self._waiting.append((Event(prediction_id, "prediction", payload, time.time(), person), inputs, keeper))

    def close(self) -> None:
        """Writes what waits and ends the thread."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self._write_all()
        self._write_all()

    def _write_all(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            events = [
                replace(
                    event,
                    payload=event.payload if inputs is None else {**event.payload, "input": keeper.row(inputs)},
                    person=None if event.person is None else keeper.person(event.person),
                )
                for event, inputs, keeper in group
            ]
            try:
                self._store.add_events(self._product, events)
            except UserError:
                self._counted("dropped", len(events))
                if self._over.wait(PAUSE_SECONDS):
                    self._counted("dropped", len(self._waiting))
                    self._waiting.clear()
            else:
                self._counted("stored", len(events))


def keeper_of(version: Version, key: str) -> Keeper:
    """What hides things as the rows that a version learned from were hidden.

    Args: key: id of the key for names of persons where the version's own masks need none, or KEYLESS.
    """
    options = {step.step: step.options for step in reversed(version.manifest.steps) if step.step in ("clean", "mask")}
    return Keeper(version.masks, options.get("mask", {}).get("key", key), options.get("clean"))


def identifiers() -> Iterator[str]:
    """Random UUIDs (version 4), drawn from the system's source many at a time: asking it takes longer than the rest."""
    while True:
        drawn = os.urandom(16 * 256)
        for place in range(0, len(drawn), 16):
            yield str(uuid.UUID(bytes=drawn[place : place + 16], version=4))
