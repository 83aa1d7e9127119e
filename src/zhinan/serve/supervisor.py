"""The process that owns the sockets and keeps the workers alive, however often they die."""

from __future__ import annotations

import logging
import multiprocessing
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from granian.net import SocketHolder, SocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from zhinan.serve.crowd import Counts, Crowd
from zhinan.serve.leaving import Leaving
from zhinan.serve.recording import Recording

if TYPE_CHECKING:
    from zhinan.serve.guard import Guard

__all__ = ["Supervisor"]

STILLBORN = 3
"""Workers that may die before any of them was ever ready; then something is wrong with all of them."""

LONGEST_PAUSE = 30.0
"""Seconds before a place is tried again whose workers do not come up any more; the first pause is a second."""

SUCCESSOR_SECONDS = 30.0
"""How long a worker waits at most for the one that takes its place on a restart."""

_LOG = logging.getLogger("zhinan.serve")


class Supervisor(MPServer):
    """Granian's server, which owns a socket for each worker's place and knows no limit on deaths.

    The kernel spreads connections evenly over the places. A socket outlives the workers that serve it: who connects
    while a worker is replaced waits in its queue for the next one, and nobody is refused even when all are down. Only a
    place that cannot be filled is shut until it is tried again, for the others to take who comes. A worker that dies is
    replaced, unless workers never came up; one whose successor does not come up goes on. (Where the kernel does not
    spread connections over sockets of one address, that is, not on Linux, all workers share one.)

    Args:
        recording: keeps the process that writes down what workers answered; None where they do so themselves.
        take_in: is called before all workers are replaced.
    """

    def __init__(
        self, *arguments: Any, recording: Recording | None, take_in: Callable[[], None], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self._take_in = take_in
        self._recording = recording
        self._starting = threading.Lock()  # one process at a time: each holds the ends of pipes that were open then
        self._came_up = False
        self._stillborn: Counter[int] = Counter()
        self._due: list[int] = []
        self._places: list[socket.socket] = []

    def _init_shared_socket(self) -> None:
        if sys.platform != "linux":
            super()._init_shared_socket()  # type: ignore[no-untyped-call]
            return
        self._ssp = None
        for _ in range(self.workers):
            held = socket.socket(fileno=SocketSpec(self.bind_addr, self.bind_port, self.backlog).build().get_fd())
            self._places.append(held)
            held.listen(self.backlog)
        self._counts = Counts(self.workers)

    def _drop_shared_socket(self) -> None:
        """From here on a socket is closed as soon as its worker takes nobody in."""
        if sys.platform != "linux":
            super()._drop_shared_socket()  # type: ignore[no-untyped-call]
        for held in self._places:
            held.close()

    def _spawn_workers(self, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        with self._starting:
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        if self._recording is not None:  # after the workers, which are waited for
            self._recording.keep(self._starting, self._places)

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:  # type: ignore[override]
        ready = multiprocessing.Event()
        own: Callable[[Guard], None] | None = None
        others: list[socket.socket] = []
        if self._places:
            self._sso = self._places[idx]
            self._shd: Any = SocketHolder(self._sso.fileno(), False, self.backlog)  # type: ignore[call-arg]
            if multiprocessing.get_start_method() == "fork":
                own = partial(_own, self._sso, self._counts, idx)
                others = [held for held in self._places if held is not self._sso]
                others += [self._recording.listens] if self._recording is not None else []
        worker: Any = super()._spawn_worker(idx, target, partial(_placed, ready.set, own, others, callback_loader))
        worker.ready = ready
        return worker

    def _serve_loop(self, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        while True:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            if self.interrupt_signal:
                return
            while self.interrupt_children:
                if not self._replace(self.interrupt_children.pop(0), spawn_target, target_loader):
                    return
            while self._due:
                self._fill(self._due.pop(0), spawn_target, target_loader)
            if self.reload_signal:
                self._take_in()
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _replace(self, place: int, spawn_target: Any, target_loader: Callable[[], Any]) -> bool:
        """Starts a worker for one that died, at once or after a pause; False when none ever came up."""
        worker: Any = self.wrks[place]
        if worker.is_alive():  # who died was to replace it, and did not come up
            return True
        self._came_up = self._came_up or any(map(_ready, self.wrks))
        self._stillborn[place] += 1
        if _ready(worker):
            del self._stillborn[place]
        elif self._came_up:
            pause = min(LONGEST_PAUSE, 2.0 ** min(self._stillborn[place] - 1, 5))
            _LOG.error("a worker died before it was ready; its place is filled in %.0f s", pause)
            self._later(place, pause)
            return True
        elif self._stillborn.total() == STILLBORN:
            _LOG.error("workers die before they are ready")
            self.interrupt_children.append(place)  # so that the exit code tells
            return False
        self._fill(place, spawn_target, target_loader)
        return True

    def _later(self, place: int, pause: float) -> None:
        """Fills a place after a pause; until then nobody connects to it, and the others take who comes."""
        if self._places:
            self._places[place].shutdown(socket.SHUT_RDWR)

        def due() -> None:
            self._due.append(place)
            self.main_loop_interrupt.set()

        timer = threading.Timer(pause, due)
        timer.daemon = True
        timer.start()

    def _fill(self, place: int, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        worker: Any = self.wrks[place]
        if not worker.is_alive():
            self._respawn_workers([place], spawn_target, target_loader)

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Callable[[], Any], delay: float = 0
    ) -> None:
        """Starts a successor in each place; who still works there goes on until the successor is ready, or for good
        where it does not come up."""
        for place in workers:
            before: Any = self.wrks[place]
            if self._places:
                self._places[place].listen(self.backlog)  # nobody may have been let in since the last ones died
            with self._starting:
                after: Any = self._spawn_worker(place, spawn_target, target_loader)
                after.start()
            self.wrks[place] = after
            end = time.monotonic() + SUCCESSOR_SECONDS
            while before.is_alive() and not _ready(after) and after.is_alive() and time.monotonic() < end:
                time.sleep(0.02)
            over = before
            if before.is_alive() and not _ready(after):
                _LOG.error("a worker did not come up; the one that it was to replace goes on")
                self.wrks[place], over = before, after
            over.terminate()
            over.join(self.workers_kill_timeout)
            if over.is_alive():
                over.kill()
                over.join()


def _ready(worker: Any) -> bool:
    return bool(worker.ready.is_set())


def _placed(
    ready: Callable[[], object],
    own: Callable[[Guard], None] | None,
    others: Sequence[socket.socket],
    load: Callable[[], Guard],
) -> Guard:
    """Loads the application in a worker. One that has been copied has the sockets of the others, which it closes.

    Args: own: gives it what belongs to its place; None where it shares one with all.
    """
    for other in others:
        other.close()
    app = load()
    app.ready = ready
    if own is not None:
        own(app)
    return app


def _own(listens: socket.socket, counts: Counts, place: int, app: Guard) -> None:
    """What a worker with a socket of its own can do besides: leave in peace, and let connections go to the others."""
    app.leaving = Leaving(listens)
    app.crowd = Crowd(counts, place, app.leaving)
