"""Hands predictions over to be written down, off the request path: no answer waits for the store, records do."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zhinan.serve.archive import NotTaken, Prediction, Taker
from zhinan.serve.masking import Masking

__all__ = ["Recorder", "identifiers"]

GROUP = 200
LETTERS = 500_000
"""A group has at most so many predictions, and ends with the one whose inputs reach so many characters."""

PAUSE_SECONDS = 0.2
LONGEST_SECONDS = 5.0
"""Between two tries where nothing is taken: each pause is twice the one before, up to this."""

LOSSES = 3
"""Times that who takes a group may vanish over it before it is offered one by one, and one of them is given up."""


class Recorder:
    """A thread that hands predictions over in groups.

    A group that the store cannot take, held by others, out of reach or full, is kept and tried again, and so is one
    whose taker vanished: by their ids, events that did arrive are not stored twice.

    Args:
        counted: is told ("stored" | "dropped", how many), once of each, and before it "held" of those that had to wait.
        backlog: predictions that may wait besides such a group; older ones are dropped first.
    """

    def __init__(self, taker: Taker, counted: Callable[[str, int], None], backlog: int = 10_000) -> None:
        self._taker = taker
        self._counted = counted
        self._waiting: deque[Prediction] = deque()
        self._groups: deque[list[Prediction]] = deque()
        self._losses = 0
        self._backlog = backlog
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="zhinan-records", daemon=True)
        self._thread.start()

    def add(
        self,
        prediction_id: str,
        payload: Mapping[str, Any],
        inputs: Mapping[str, Any] | None,
        masking: Masking,
        person: str | None = None,
    ) -> None:
        """Takes one prediction; its parts are those of `Prediction`."""
        if len(self._waiting) >= self._backlog:
            self._waiting.popleft()
            self._counted("dropped", 1)
        self._waiting.append(Prediction(prediction_id, payload, time.time(), person, inputs, masking))

    def close(self) -> None:
        """Tries once more to hand over what waits, and ends the thread."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while not self._over.wait(pause):
            pause = PAUSE_SECONDS if self._hand_over_all() else min(2 * pause, LONGEST_SECONDS)
        done = self._hand_over_all()
        while self._losses and not done:  # whoever vanished is replaced
            done = self._hand_over_all()
        if not done:
            self._counted("dropped", sum(map(len, self._groups)) + len(self._waiting))

    def _hand_over_all(self) -> bool:
        """Hands over group after group, until none is left or one has to be held."""
        while self._groups or self._waiting:
            if fresh := not self._groups:
                self._groups.append([*self._next()])
            group = self._groups[0]
            try:
                kept = self._taker.take(group)
            except (NotTaken, ConnectionError) as error:
                if fresh:
                    self._counted("held", len(group))
                self._losses = self._losses + 1 if isinstance(error, ConnectionError) else 0
                if self._losses < LOSSES:
                    return False
                self._part()
                continue
            self._losses = 0
            self._groups.popleft()
            for outcome, count in (("stored", kept.stored), ("dropped", kept.dropped)):
                if count:
                    self._counted(outcome, count)
        return True

    def _part(self) -> None:
        """Parts a group over which its taker vanished again and again: one of it must be to blame."""
        self._losses = 0
        group = self._groups.popleft()
        if len(group) == 1:
            self._counted("dropped", 1)
        else:
            self._groups.extendleft([one] for one in reversed(group))

    def _next(self) -> Iterator[Prediction]:
        """The next group."""
        letters = 0
        for _ in range(min(GROUP, len(self._waiting))):
            one = self._waiting.popleft()
            yield one
            letters += sum(len(value) for value in (one.inputs or {}).values() if isinstance(value, str))
            if letters >= LETTERS:
                return


def identifiers() -> Iterator[str]:
    """Random UUIDs (version 4), drawn from the system's source many at a time: asking it takes longer than the rest."""
    while True:
        drawn = os.urandom(16 * 256)
        for place in range(0, len(drawn), 16):
            yield str(uuid.UUID(bytes=drawn[place : place + 16], version=4))
