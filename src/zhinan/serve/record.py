"""Hands predictions over to be written down, off the request path: no answer waits for the store, records do."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from zhinan.serve.archive import NotTaken, Prediction, Taker
from zhinan.serve.guard import log_failure
from zhinan.serve.masking import Masking
from zhinan.steps.kept import shortened

__all__ = ["Recorder", "identifiers"]

GROUP = 200
LETTERS = 500_000
"""A group has at most so many predictions, and ends with the one whose inputs reach so many characters."""

PAUSE_SECONDS = 0.1
LONGEST_SECONDS = 5.0
"""Between two looks. Where nothing is taken, each pause is twice the one before, up to the longest."""

LOOKS = 10
"""For so many looks a group grows while more come: 100 together take half of what they take 20 at a time."""

LOSSES = 3
"""Times that who takes a group may fail over it before it is offered one by one, and one of them is given up."""

LAST_SECONDS = 20.0
"""For what waits when the worker is to end, which has 35 s for all that it has to finish."""

_LOG = logging.getLogger("zhinan.serve")


class Recorder:
    """A thread that hands predictions over in groups.

    A group that the store cannot take, held by others, out of reach or full, is kept and tried again for as long as it
    takes. So is one over which its taker failed, a few times. By their ids, events that did arrive are
    not stored twice.

    Args:
        counted: is told ("stored" | "dropped", how many), once of each, and before it "held" of those that had to wait.
        backlog: predictions that may wait besides such a group; older ones are dropped first.
    """

    def __init__(self, taker: Taker, counted: Callable[[str, int], None], backlog: int = 10_000) -> None:
        self._taker = taker
        self._counted = counted
        self._waiting: deque[Prediction] = deque()
        self._groups: deque[list[Prediction]] = deque()
        self._lock = threading.Lock()
        self._losses = 0
        self._seen = self._looks = 0
        self._backlog = backlog
        self._overflowed = False
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
        """Takes one prediction; its parts are those of `Prediction`. Of long texts only the beginning is kept."""
        kept = None if inputs is None else shortened(inputs)
        one = Prediction(prediction_id, payload, time.time(), person, kept, masking)
        with self._lock:
            if full := len(self._waiting) >= self._backlog:
                self._waiting.popleft()
            self._waiting.append(one)
        if full:
            self._counted("dropped", 1)
            if not self._overflowed:
                self._overflowed = True
                _LOG.error(
                    "%d predictions wait to be written down; for each that comes the oldest is dropped", self._backlog
                )

    def close(self) -> None:
        """Tries once more to hand over what waits, ends the thread, and counts what is left."""
        self._over.set()
        self._thread.join(LAST_SECONDS)
        with self._lock:
            left = sum(map(len, self._groups)) + len(self._waiting)
            self._groups.clear()
            self._waiting.clear()
        if left:
            self._counted("dropped", left)
            _LOG.error("%d predictions were not known to be written down when the worker ended", left)

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while not self._over.wait(pause):
            taken = self._grows() or self._hand_over_all()
            pause = PAUSE_SECONDS if taken else min(2 * pause, LONGEST_SECONDS)
        while not self._hand_over_all() and self._losses:  # whoever vanished is replaced
            pass

    def _grows(self) -> bool:
        """Whether the group that waits is better left to grow: it is not full, and more came since the last look."""
        with self._lock:
            before, self._seen = self._seen, len(self._waiting)
            grows = not self._groups and before < self._seen < GROUP and self._looks < LOOKS
            self._looks = self._looks + 1 if grows else 0
            return grows

    def _hand_over_all(self) -> bool:
        """Hands over group after group, until none is left or one has to be held."""
        while True:
            fresh = not self._groups
            group = self._first()
            if not group:
                self._overflowed = False
                return True
            try:
                kept = self._taker.take(group)
            except NotTaken:
                self._losses = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, others may be taken
                self._losses += 1
                if fresh:
                    log_failure(error)
            else:
                self._losses = 0
                if self._settle():
                    for outcome, count in (("stored", kept.stored), ("dropped", kept.dropped)):
                        if count:
                            self._counted(outcome, count)
                continue
            if fresh:
                self._counted("held", len(group))
            if self._losses < LOSSES:
                return False
            self._part(group)

    def _part(self, group: list[Prediction]) -> None:
        """Parts a group over which its taker failed again and again: one of it must be to blame."""
        self._losses = 0
        if len(group) > 1:
            self._settle([one] for one in reversed(group))
        elif self._settle():
            self._counted("dropped", 1)
            _LOG.error("a prediction is given up: whoever took it failed %d times", LOSSES)

    def _first(self) -> list[Prediction]:
        """The first group, made of those that wait where there is none; empty when none wait."""
        with self._lock:
            if not self._groups and self._waiting:
                self._groups.append([*self._next()])
            return self._groups[0] if self._groups else []

    def _settle(self, parts: Iterable[list[Prediction]] = ()) -> bool:
        """Puts parts, last to first, in place of the first group; False when it was counted already, at the end."""
        with self._lock:
            if not self._groups:
                return False
            self._groups.popleft()
            self._groups.extendleft(parts)
            return True

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
