"""The one thread that computes: whatever waits when it is free is computed together, in fair turns; jobs come last."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from zhinan.core import UserError
from zhinan.package import Version

__all__ = ["Answers", "Inference"]

Answers = list[dict[str, Any]]

LAST_SECONDS = 0.004
"""How long rows that nobody waits for may keep somebody who comes waiting."""

STARVED_SECONDS = 0.5
"""After which such rows get a turn while others wait."""


class _Job:
    """One request: its typed columns, and the answers so far."""

    def __init__(
        self, version: Version, columns: Mapping[str, list[Any]], probabilities: bool, last: bool = False
    ) -> None:
        self.last = last
        self.version = version
        self.columns = columns
        self.probabilities = probabilities
        self.count = len(next(iter(columns.values()), []))
        self.taken = 0
        self.error: Exception | None = None
        self.answers: Answers = []
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Answers] = self.loop.create_future()

    def add(self, answers: Answers) -> bool:
        """Takes some rows' answers; whether they were the last."""
        if not self.probabilities:
            answers = list(map(self.version.task.brief, answers))
        self.answers += answers
        return len(self.answers) == self.count

    def finish(self) -> None:
        """Tells who waits; called by the loop."""
        if not self.future.done():
            if self.error is None:
                self.future.set_result(self.answers)
            else:
                self.future.set_exception(self.error)


_Piece = tuple[_Job, int, int]


class Inference:
    """Owns the inference thread of a worker.

    Args:
        batch: rows computed together at most; longer requests take turns with others.
        waiting: rows that may wait before more are refused; the last request let in may bring any number.
    """

    def __init__(self, batch: int = 32, waiting: int = 2_000) -> None:
        self._batch = batch
        self._most = waiting
        self._rows = 0
        self.requests = 0
        """How many came so far that somebody waits for."""
        self.eased: Callable[[], object] | None = None
        """Called from the thread when there is room again."""
        self._jobs: deque[_Job] = deque()
        self._last: deque[_Job] = deque()
        self._last_rows = 1
        self._last_turn = 0.0
        self._changed = threading.Condition(threading.Lock())
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="zhinan-inference", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """Rows that somebody waits for now."""
        return self._rows

    @property
    def room(self) -> bool:
        """Whether somebody may come: fewer rows wait than may."""
        return self._rows < self._most and not self._closing

    async def answer(
        self, version: Version, columns: Mapping[str, list[Any]], probabilities: bool, *, last: bool = False
    ) -> Answers:
        """Answers to checked columns of at least one row.

        Args: last: nobody waits for them; they are computed a few at a time while the thread has nothing else to do.
        Raises: UserError E471 when too many wait.
        """
        job = _Job(version, columns, probabilities, last)
        with self._changed:
            if self._closing or not (last or self.room):
                raise UserError("E471")
            if last and not self._last:
                self._last_turn = time.monotonic()
            self._rows += 0 if last else job.count
            self.requests += not last
            (self._last if last else self._jobs).append(job)
            self._changed.notify()
        return await job.future

    def close(self) -> None:
        """Computes what waits, then ends the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _take(self) -> list[_Piece]:
        """The next rows to compute together, all for one version; empty when closed and done."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._last or self._closing)
            full = not self.room
            queue, room = self._turn()
            pieces: list[_Piece] = []
            while queue and room:
                job = queue[0]
                if job.error is not None or job.future.cancelled():
                    self._rows -= 0 if job.last else job.count - job.taken
                    queue.popleft()
                    continue
                if pieces and job.version is not pieces[0][0].version:
                    break
                stop = min(job.count, job.taken + room)
                pieces.append((job, job.taken, stop))
                room -= stop - job.taken
                self._rows -= 0 if job.last else stop - job.taken
                job.taken = stop
                queue.popleft()
                if stop < job.count:
                    queue.append(job)
        if full and self.room and self.eased is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.eased()
        return pieces

    def _turn(self) -> tuple[deque[_Job], int]:
        """Whose turn it is, and how many rows they may have."""
        now = time.monotonic()
        if self._last and (not self._jobs or now > self._last_turn + STARVED_SECONDS):
            self._last_turn = now
            return self._last, self._last_rows
        return self._jobs, self._batch

    def _work(self) -> None:
        while True:
            pieces = self._take()
            if pieces:
                began = time.perf_counter()
                done = _compute(pieces)
                if pieces[0][0].last:
                    rows = sum(stop - start for _, start, stop in pieces)
                    each = (time.perf_counter() - began) / rows
                    self._last_rows = max(1, min(self._batch, int(LAST_SECONDS / each)))
                _tell(done)
            elif self._closing and not (self._jobs or self._last):
                return


def _compute(pieces: list[_Piece]) -> list[_Job]:
    """Answers some rows of some requests and gives the requests that are done.

    When that fails, each request stands or falls alone.
    """
    first = pieces[0][0]
    columns = {name: [v for job, i, j in pieces for v in job.columns[name][i:j]] for name in first.columns}
    try:
        answers = first.version.answer(columns, any(job.probabilities for job, _, _ in pieces))
    except Exception as error:  # noqa: BLE001 - it is handed to who asked, and the thread lives on
        if len(pieces) > 1:
            return [job for piece in pieces for job in _compute([piece])]
        first.error = error
        return [first]
    done, place = [], 0
    for job, i, j in pieces:
        end = place + j - i
        if job.add(answers[place:end]):
            done.append(job)
        place = end
    return done


def _tell(done: list[_Job]) -> None:
    """Wakes each event loop once for all of its requests."""
    for loop in {job.loop for job in done}:
        mine = [job for job in done if job.loop is loop]
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_finish, mine)


def _finish(done: list[_Job]) -> None:
    for job in done:
        job.finish()
