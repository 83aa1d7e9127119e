"""Group commit: many requests share one fsync, and each is answered only after it."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from zhinan.core import UserError, Words
from zhinan.store._events import encode
from zhinan.store.rows import Event, EventOutcome
from zhinan.store.store import Store

__all__ = ["EventWriter"]

MOST = 10
"""Times the size that a group may have when so many came while the one before was written."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    row: Mapping[str, Any]
    future: Future[EventOutcome] | asyncio.Future[EventOutcome]
    loop: asyncio.AbstractEventLoop | None


class EventWriter:
    """One thread that writes the events of a process. Choose it over `Store.add_events` when requests come one by one.

    Args:
        store: stays open until the writer is closed.
        window: seconds that the first event of a group waits for others.
        size: events for which a group waits no longer; more join it when they came while the one before was written.
        backlog: events that may wait; more are refused.
    """

    def __init__(self, store: Store, window: float = 0.005, size: int = 100, *, backlog: int = 10_000) -> None:
        self._store = store
        self._window = window
        self._size = size
        self._backlog = backlog
        self._waiting: deque[_Ticket] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._closing = False
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._write_all, name="zhinan-events", daemon=True)
        self._thread.start()

    async def add(self, product: str, event: Event) -> EventOutcome:
        """Stores an event from asyncio; returns after its fsync. Cancelling the wait does not take the event back.

        Raises:
            UserError: E404 disk full, E412 not storable, E413 too many wait or the writer is closing, and Store's.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[EventOutcome] = loop.create_future()
        self._enqueue(_Ticket(encode(product, event), future, loop))
        return await future

    def add_sync(self, product: str, event: Event) -> EventOutcome:
        """Stores an event from a thread; returns after its fsync. Raises: as `add`."""
        future: Future[EventOutcome] = Future()
        self._enqueue(_Ticket(encode(product, event), future, None))
        return future.result()

    def close(self) -> None:
        """Writes what waits, answers it and ends the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._process == os.getpid():
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _enqueue(self, ticket: _Ticket) -> None:
        if self._process != os.getpid():
            raise RuntimeError("an EventWriter belongs to the process that made it")
        with self._changed:
            if self._closing:
                raise UserError("E413", reason=Words("it is shutting down", "正在关闭"))
            if len(self._waiting) >= self._backlog:
                raise UserError("E413", reason=Words(f"{self._backlog} are waiting", f"已有 {self._backlog} 个在等待"))
            self._waiting.append(ticket)
            if len(self._waiting) in (1, self._size):
                self._changed.notify()

    def _group(self) -> list[_Ticket]:
        """The next tickets to write together; none when closed and all is written."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            due = time.monotonic() + self._window
            while len(self._waiting) < self._size and not self._closing:
                left = due - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            return [self._waiting.popleft() for _ in range(min(MOST * self._size, len(self._waiting)))]

    def _write_all(self) -> None:
        while group := self._group():
            outcomes: list[EventOutcome | Exception]
            try:
                outcomes = list(self._store._add_rows([ticket.row for ticket in group]))
            except Exception as error:  # noqa: BLE001 - everyone who waits hears of it, and the thread lives on
                outcomes = [error] * len(group)
            _answer(group, outcomes)


def _answer(group: list[_Ticket], outcomes: list[EventOutcome | Exception]) -> None:
    """Wakes each event loop once for all of its futures."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[EventOutcome], EventOutcome | Exception]]] = {}
    for ticket, outcome in zip(group, outcomes, strict=True):
        if isinstance(ticket.future, asyncio.Future) and ticket.loop is not None:
            loops.setdefault(ticket.loop, []).append((ticket.future, outcome))
        else:
            _settle(ticket.future, outcome)
    for loop, pairs in loops.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle_all, pairs)


def _settle_all(pairs: list[tuple[asyncio.Future[EventOutcome], EventOutcome | Exception]]) -> None:
    for future, outcome in pairs:
        _settle(future, outcome)


def _settle(future: Future[EventOutcome] | asyncio.Future[EventOutcome], outcome: EventOutcome | Exception) -> None:
    if future.done():  # cancelled by who waited
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
