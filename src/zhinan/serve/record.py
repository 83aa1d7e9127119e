"""Writes predictions down, masked and off the request path: no answer waits for the store, records do."""

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
from zhinan.serve.guard import log_failure
from zhinan.steps.kept import Keeper
from zhinan.store import Event, Store

__all__ = ["Recorder", "identifiers", "keeper_of"]

GROUP = 200
PAUSE_SECONDS = 0.2
LONGEST_SECONDS = 5.0
"""Between two tries at a store that takes nothing: each pause is twice the one before, up to this."""


class Recorder:
    """A thread that stores predictions as events of kind "prediction" in groups.

    A group that the store cannot take, held by others, out of reach or full, is kept and tried again: by their ids,
    events that did arrive are not stored twice.

    Args:
        counted: is told ("stored" | "dropped", how many), once of each, and before it "held" of those that had to wait.
        backlog: predictions that may wait besides such a group; older ones are dropped first.
    """

    def __init__(self, store: Store, product: str, counted: Callable[[str, int], None], backlog: int = 10_000) -> None:
        self._store = store
        self._product = product
        self._counted = counted
        self._waiting: deque[tuple[Event, Mapping[str, Any] | None, Keeper]] = deque()
        self._groups: deque[list[Event]] = deque()
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
        """Tries once more to write what waits, and ends the thread."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while not self._over.wait(pause):
            pause = PAUSE_SECONDS if self._write_all() else min(2 * pause, LONGEST_SECONDS)
        if not self._write_all():
            self._counted("dropped", sum(map(len, self._groups)) + len(self._waiting))

    def _write_all(self) -> bool:
        """Stores group after group, until none is left or one has to be held."""
        while self._groups or self._waiting:
            if fresh := not self._groups:
                self._groups.append([*self._next()])
            group = self._groups[0]
            try:
                self._store.add_events(self._product, group)
            except UserError as error:
                if error.code != "E412":
                    if fresh:
                        self._counted("held", len(group))
                    return False
                self._groups.popleft()
                if len(group) == 1:
                    self._counted("dropped", 1)
                else:  # the others of the group can be stored
                    self._groups.extendleft([event] for event in reversed(group))
            except Exception as error:  # noqa: BLE001 - told of and tried again: with the thread every record would end
                if fresh:
                    self._counted("held", len(group))
                    log_failure(error)
                return False
            else:
                self._groups.popleft()
                self._counted("stored", len(group))
        return True

    def _next(self) -> Iterator[Event]:
        """The next group, with what must not be kept hidden."""
        for _ in range(min(GROUP, len(self._waiting))):
            event, inputs, keeper = self._waiting.popleft()
            try:
                payload = event.payload if inputs is None else {**event.payload, "input": keeper.row(inputs)}
                person = None if event.person is None else keeper.person(event.person)
            except Exception as error:  # noqa: BLE001 - what cannot be hidden is not kept, and takes no other with it
                log_failure(error)
                self._counted("dropped", 1)
            else:
                yield replace(event, payload=payload, person=person)


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
