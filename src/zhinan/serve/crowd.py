"""Connections spread evenly over the workers: who has more than its share lets some go, to be taken in anew.

The kernel gives each connection to a worker by chance, and there it stays: of 32, one worker may have 23 and another
9, whose clients are answered sooner by as much. And whoever was connected while a worker was replaced is with the
others ever after.
"""

from __future__ import annotations

import asyncio
import mmap
import time
from collections.abc import Hashable

from zhinan.serve.leaving import Leaving

__all__ = ["Counts", "Crowd"]

SEEN_SECONDS = 1.0
"""A connection counts for so long after it asked, or was answered, last.

It counts from its second request on: whoever connects anew for each is with nobody, and so many of them are with one
worker or another by chance that those who stay would be moved for ever.
"""

LOOK_SECONDS = 0.25
ABSENT_SECONDS = 1.5
"""A worker looks so often at what it counts. One that has not for so long is dead or busy: nobody is sent to it."""

MARGIN = 1 / 16
"""Above its share by so much of it, and by one at least, a worker lets go."""


class Counts:
    """How many connections each worker has, in memory that all of them share; each number has one who writes it.

    Args: workers: how many.
    """

    def __init__(self, workers: int) -> None:
        self._cells = memoryview(mmap.mmap(-1, 16 * workers)).cast("d")  # of each the number, and when it was so

    def tell(self, place: int, count: int, now: float) -> None:
        """Writes down how many connections the worker in a place has."""
        self._cells[2 * place], self._cells[2 * place + 1] = count, now

    def too_many(self, place: int, count: int, now: float) -> bool:
        """Whether a worker in a place, with so many connections, has clearly more than its share of all there are."""
        numbers, times = self._cells[::2], self._cells[1::2]
        others = [n for i, n in enumerate(numbers) if i != place and times[i] > now - ABSENT_SECONDS]
        share = (count + sum(others)) / (1 + len(others))
        return count >= share + max(1.0, MARGIN * share)


class Crowd:
    """The connections of one worker; used by its event loop alone.

    Args: counts: of all workers. place: which of them this is. leaving: a worker that leaves counts no more.
    """

    def __init__(self, counts: Counts, place: int, leaving: Leaving) -> None:
        self._counts, self._place, self._leaving = counts, place, leaving
        self._met: dict[Hashable, float] = {}
        self._seen: dict[Hashable, float] = {}

    def arm(self) -> None:
        """From here on the worker is there for others to compare themselves with."""
        self._loop = asyncio.get_running_loop()
        self._look()

    def came(self, client: Hashable) -> None:
        """Notes a request. Args: client: host and port of the connection."""
        now = time.monotonic()
        if client in self._met:
            del self._met[client]
            self._seen[client] = now
            self._tell(now)
        else:
            self._note(client, now)

    def lets_go(self, client: Hashable) -> bool:
        """Whether a connection is to end with its answer, as others have fewer; it is counted no more then."""
        now = time.monotonic()
        if client not in self._seen or not self._counts.too_many(self._place, len(self._seen), now):
            self._note(client, now)
            return False
        del self._seen[client]
        self._tell(now)
        return True

    def _note(self, client: Hashable, now: float) -> None:
        (self._seen if client in self._seen else self._met)[client] = now

    def _look(self) -> None:
        if not self._leaving.begun:
            now = time.monotonic()
            self._met = {client: at for client, at in self._met.items() if at > now - SEEN_SECONDS}
            self._seen = {client: at for client, at in self._seen.items() if at > now - SEEN_SECONDS}
            self._tell(now)
            self._loop.call_later(LOOK_SECONDS, self._look)

    def _tell(self, now: float) -> None:
        if not self._leaving.begun:  # its successor has the place, and writes there
            self._counts.tell(self._place, len(self._seen), now)
