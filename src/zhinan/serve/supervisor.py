"""The process that owns the sockets and keeps the workers alive, however often they die."""

from __future__ import annotations

import logging
import multiprocessing
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from granian.net import SocketHolder, SocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from zhinan.serve.leaving import Leaving
from zhinan.serve.recording import Recording

__all__ = ["Supervisor"]

STILLBORN = 3
"""Workers that may die one after another before any of them is ready; then something is wrong with all of them."""

SUCCESSOR_SECONDS = 30.0
"""How long a worker waits at most for the one that takes its place on a restart."""

_LOG = logging.getLogger("zhinan.serve")


class Supervisor(MPServer):
    """Granian's server, which owns a socket for each worker's place and knows no limit on deaths.

    The kernel spreads connections evenly over the places. A socket outlives the workers that serve it: who connects
    while a worker is replaced waits in its queue for the next one, and nobody is refused even when all are down.
    A worker that dies is replaced, unless workers never come up. (Where the kernel does not spread connections over
    sockets of one address, that is, not on Linux, all workers share one.)

    Args:
        shared: the folder in which a worker leaves its metrics as soon as it is ready.
        recording: keeps the process that writes down what workers answered; None where they do so themselves.
    """

    def __init__(self, *arguments: Any, shared: str, recording: Recording | None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._shared = Path(shared)
        self._recording = recording
        self._starting = threading.Lock()  # one process at a time: each holds the ends of pipes that were open then
        self._stillborn = 0
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
        if self._places:
            self._sso = self._places[idx]
            self._shd: Any = SocketHolder(self._sso.fileno(), False, self.backlog)  # type: ignore[call-arg]
            if multiprocessing.get_start_method() == "fork":
                others = [held for held in self._places if held is not self._sso]
                others += [self._recording.listens] if self._recording is not None else []
                callback_loader = partial(_placed, self._sso, others, callback_loader)
        return super()._spawn_worker(idx, target, callback_loader)

    def _serve_loop(self, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        while True:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            if self.interrupt_signal:
                return
            if self.interrupt_children and not self._replace(spawn_target, target_loader):
                return
            if self.reload_signal:
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _replace(self, spawn_target: Any, target_loader: Callable[[], Any]) -> bool:
        """Starts a worker for the first that died; False when they never come up."""
        place = self.interrupt_children.pop(0)
        self._stillborn = 0 if self._ready(self.wrks[place]) else self._stillborn + 1
        if self._stillborn == STILLBORN:
            _LOG.error("workers die before they are ready")
            self.interrupt_children.append(place)  # so that the exit code tells
            return False
        self._respawn_workers([place], spawn_target, target_loader)
        if self.interrupt_children:
            self.main_loop_interrupt.set()
        return True

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Callable[[], Any], delay: float = 0
    ) -> None:
        """Starts a successor in each place; who still works there goes on until the successor is ready."""
        for place in workers:
            before: Any = self.wrks[place]
            with self._starting:
                after: Any = self._spawn_worker(place, spawn_target, target_loader)
                after.start()
            self.wrks[place] = after
            end = time.monotonic() + SUCCESSOR_SECONDS
            while before.is_alive() and not self._ready(after) and after.is_alive() and time.monotonic() < end:
                time.sleep(0.02)
            before.terminate()
            before.join(self.workers_kill_timeout)
            if before.is_alive():
                before.kill()
                before.join()

    def _ready(self, worker: Any) -> bool:
        return (self._shared / f"worker-{worker._id()}.json").exists()


def _placed(listens: socket.socket, others: Sequence[socket.socket], load: Callable[[], Any]) -> Any:
    """Loads the application in a worker that has been copied, with the sockets of the others, which it closes."""
    for other in others:
        other.close()
    app = load()
    app.leaving = Leaving(listens)
    return app
