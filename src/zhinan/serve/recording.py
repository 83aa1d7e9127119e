"""The record process of a service: masks and stores what the workers answered, so that no worker spends time on it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from zhinan.serve.archive import Archive
from zhinan.serve.guard import log_failure
from zhinan.serve.handover import answer
from zhinan.store import Store

__all__ = ["Recording", "leave_no_dump"]

NAME = "zhinan-records"
"""Of the process, as `ps` and `top` show it on Linux."""

NICENESS = 5
"""Answers go first: on busy cores it gets a third of a worker's share, several times what masks of records take."""

LONGEST_PATH = 90
"""Bytes of the folder of a socket: no system allows more than some hundred for the whole."""

END_SECONDS = 35.0
LONGEST_PAUSE = 5.0
"""Before a process that died soon is replaced once more."""

SCARCE_SECONDS = 0.05
"""Between two tries where descriptors or threads are used up."""

_LOG = logging.getLogger("zhinan.serve")
_Done = TypeVar("_Done")


class Recording:
    """Keeps the record process alive, from the supervisor.

    The supervisor holds the socket, so that workers wait for a process that died until the next one is there. It ends
    when the supervisor and every worker that was copied from it have ended: a descriptor that all hold then closes.

    Args: store, product: whose events. shared: a folder that nobody else may enter.
    """

    def __init__(self, store: str, product: str, shared: str) -> None:
        self._store, self._product = store, product
        self._apart = (
            tempfile.mkdtemp(prefix="zhinan-", dir="/tmp") if len(os.fsencode(shared)) > LONGEST_PATH else None
        )
        self.address = str(Path(self._apart or shared) / "records")
        self.listens = socket.socket(socket.AF_UNIX)
        self.listens.bind(self.address)
        self.listens.listen()
        self._seen, self._held = socket.socketpair()
        self._over = threading.Event()
        self._keeper: threading.Thread | None = None
        self._process: multiprocessing.process.BaseProcess | None = None

    def keep(self, starting: threading.Lock, others: Sequence[socket.socket]) -> None:
        """Starts the process, and again whenever it dies.

        Args: starting: held by whoever starts a process, so that no copy is made in between. others: sockets that a
            copy closes.
        """
        self._keeper = threading.Thread(target=self._keep, args=(starting, others), daemon=True)
        self._keeper.start()

    def end(self) -> None:
        """Ends the process; what workers handed over is stored by then."""
        self._over.set()
        self._held.close()
        if self._keeper is not None:
            self._keeper.join(END_SECONDS)
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.listens.close()
        self._seen.close()
        if self._apart is not None:
            shutil.rmtree(self._apart, ignore_errors=True)

    def _keep(self, starting: threading.Lock, others: Sequence[socket.socket]) -> None:
        pause = 0.0
        while True:
            began = time.monotonic()
            with starting:
                if self._over.is_set():
                    return
                self._process = self._started(others)
            if self._process is not None:
                self._process.join()
                if self._over.is_set():
                    return
                _LOG.error("the record process ended; another takes its place")
            pause = min(LONGEST_PAUSE, max(0.1, 2 * pause)) if time.monotonic() < began + LONGEST_PAUSE else 0.0
            self._over.wait(pause)

    def _started(self, others: Sequence[socket.socket]) -> multiprocessing.process.BaseProcess | None:
        """The process; None where none could be started, as this machine has no memory or number left for one."""
        copied = multiprocessing.get_start_method() == "fork"
        process = multiprocessing.get_context().Process(
            target=_record, name=NAME, args=(self._store, self._product, self.listens, self._seen),
            kwargs={"closing": (*others, self._held) if copied else ()},
        )  # fmt: skip
        try:
            process.start()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log_failure(error)
            return None
        return process


def leave_no_dump() -> None:
    """A process that crashes from here on leaves no picture of its memory, which holds what people sent."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    least = min(1, most) if most != resource.RLIM_INFINITY else 1  # where dumps go through a pipe, 1 forbids and 0 not
    resource.setrlimit(resource.RLIMIT_CORE, (least, most))


def _record(
    store: str, product: str, listens: socket.socket, seen: socket.socket, *, closing: Sequence[socket.socket]
) -> None:
    """The process. It ends only when nobody is left who could hand anything over, whatever signals come."""
    try:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        for other in closing:
            other.close()
        leave_no_dump()
        _step_back()
        _call_it(NAME)
        logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
        opened = _Opened(store)
        _serve(listens, seen, Archive(opened.store, product))
        opened.close()
    except BaseException as error:  # noqa: BLE001 - what is printed of it otherwise may hold what somebody sent
        log_failure(error)
        os._exit(1)


def _step_back() -> None:
    """Lets those who answer go first, and interrupts none of them when something comes."""
    os.nice(NICENESS)
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _call_it(name: str) -> None:
    """Names this process, where that can be done."""
    if sys.platform == "linux":
        with suppress(OSError):  # /proc may be for reading only
            Path("/proc/self/comm").write_text(name)


def _serve(listens: socket.socket, seen: socket.socket, archive: Archive) -> None:
    listens.setblocking(False)
    left = False
    threads: list[threading.Thread] = []
    while not left or threads:
        ready, _, _ = select.select([listens] if left else [listens, seen], (), (), 0.05 if left else None)
        left = left or seen in ready
        threads = [thread for thread in threads if thread.is_alive()]
        if listens in ready:
            try:
                connection, _ = _patiently(listens.accept)
            except (BlockingIOError, ConnectionError):  # who came has gone
                continue
            connection.setblocking(True)
            threads.append(_patiently(partial(_answering, connection, archive)))


def _patiently(act: Callable[[], _Done]) -> _Done:
    """Does it as soon as this machine has a descriptor or a thread left for it."""
    told = False
    while True:
        try:
            return act()
        except (BlockingIOError, ConnectionError):
            raise
        except (OSError, RuntimeError) as error:
            if not told:
                told = True
                log_failure(error)
            time.sleep(SCARCE_SECONDS)


def _answering(connection: socket.socket, archive: Archive) -> threading.Thread:
    thread = threading.Thread(target=_answer, args=(connection, archive), daemon=True)
    thread.start()
    return thread


def _answer(connection: socket.socket, archive: Archive) -> None:
    try:
        answer(connection, archive)
    except Exception as error:  # noqa: BLE001 - that worker connects anew; nothing of it is told but where
        log_failure(error)


class _Opened:
    """The store, opened by this process when it is first needed."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._lock = threading.Lock()
        self._store: Store | None = None

    def store(self) -> Store:
        with self._lock:
            if self._store is None:
                self._store = Store(self._where)
            return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
