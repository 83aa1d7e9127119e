"""Which version answers: a fixed one, or the live stage, followed within a second and swapped without a gap."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from zhinan.core import UserError, Words
from zhinan.package import Version, open_version
from zhinan.package.files import differences, read_manifest
from zhinan.serve.preload import taken
from zhinan.store import Stages, Store

__all__ = ["Hourly", "Live", "Watch", "live_source"]

POLL_SECONDS = 0.5
RETRY_SECONDS = 10.0
HOUR = 3600.0


class Live:
    """The version that answers in this worker; reading `version` is safe from any thread.

    The version before stays open, so that a rollback only swaps two references; requests hold the one they began with.

    Args:
        source: directory of a fixed version; None to follow `product` in `store`.
        swapped: is told of each swap: True, or False for a new version that could not be opened.
    """

    def __init__(
        self,
        product: str,
        source: str | None,
        store: Store | None,
        swapped: Callable[[bool], None] = lambda swapped: None,
    ) -> None:
        self._product = product
        self._store = store if source is None else None
        self._swapped = swapped
        self._previous: Version | None = None
        self._prepared: Version | None = None
        self._tried = (-1, 0.0)
        self._warmed = -1
        self._lock = threading.RLock()
        if source is None:
            self._tried = (_stages(store, product).revision, 0.0)  # first: what is promoted meanwhile is swapped in
            source = live_source(store, product)
        self.version = self._open(source)

    @property
    def follows(self) -> bool:
        """Whether it follows the live stage."""
        return self._store is not None

    def refresh(self) -> None:
        """Swaps when the live stage changed, and sees that the version before is open, for a rollback.

        A version that cannot be opened leaves the old one answering.

        Raises: UserError of the version that could not be opened; it is tried again after ten seconds.
        """
        if self._store is None:
            return
        with self._lock:
            stages = self._store.stages(self._product)
            revision, again = self._tried
            if stages.revision != revision or 0 < again <= time.monotonic():
                self._swap(stages)
            if stages.revision != self._warmed:
                self._warmed = stages.revision
                if self._previous is not None and self._previous.number not in (stages.live, stages.previous):
                    self._previous = None  # erased: somebody it learned from is forgotten
                if stages.previous is not None and stages.previous != self.version.number:
                    self._previous = self.candidate(stages.previous)

    def _swap(self, stages: Stages) -> None:
        self._tried = (stages.revision, 0.0)
        if stages.live is None or stages.live == self.version.number:
            return
        try:
            new = self.candidate(stages.live)
        except UserError:
            self._tried = (stages.revision, time.monotonic() + RETRY_SECONDS)
            self._swapped(False)
            raise
        self._previous, self.version, self._prepared = self.version, new, None
        self._swapped(True)

    def candidate(self, number: int) -> Version:
        """A version of the product, opened and its hashes and goldens checked (or found still open).

        Raises: UserError E401 for an unknown number, E360–E366, E454.
        """
        with self._lock:  # who asks while it is being opened waits, and opens nothing twice
            for known in (self.version, self._previous, self._prepared):
                if known is not None and known.number == number:
                    return known
            if self._store is None:
                raise UserError("E475")
            self._prepared = self._open(self._store.version(self._product, number).path)
            return self._prepared

    def sound(self, number: int) -> None:
        """Sees that a version can be opened here and, its files being as they were sealed, at every later start.

        Raises: UserError as `candidate`.
        """
        path = self.candidate(number).path  # it may be open for long
        try:
            for changed in differences(path, read_manifest(path)):
                raise changed
        except FileNotFoundError as error:
            raise UserError("E363", str(path), files=f"{Path(error.filename).name} (missing)") from error

    def _open(self, source: str) -> Version:
        version = taken(source) or open_version(source)
        if version.product != self._product:
            raise UserError("E454", source, found=version.product, product=self._product)
        return version


class Watch:
    """A thread that calls some functions twice a second, and ends the worker when its supervisor is gone."""

    def __init__(self, report: Callable[[BaseException], None], *duties: Callable[[], None]) -> None:
        self._report = report
        self._duties = duties
        self._parent = os.getppid()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="zhinan-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(POLL_SECONDS):
            if os.getppid() != self._parent:
                os.kill(os.getpid(), signal.SIGTERM)
                return
            for duty in self._duties:
                try:
                    duty()
                except Exception as error:  # noqa: BLE001 - reported; a failing duty must not end the others
                    self._report(error)


class Hourly:
    """A duty for a `Watch`, done at once and then once an hour; one that fails has its next turn in an hour too."""

    def __init__(self, duty: Callable[[], None]) -> None:
        self._duty = duty
        self.soon()

    def soon(self) -> None:
        """Makes it due now."""
        self._done = -math.inf

    def __call__(self) -> None:
        now = time.monotonic()  # a clock that ran ahead for a moment must not put it off
        if now >= self._done + HOUR:
            self._done = now
            self._duty()


def live_source(store: Store | None, product: str) -> str:
    """The directory of the product's live version.

    Raises: UserError E453 when none is live, naming the newest one that could be; E476 without a store.
    """
    if store is None:
        raise UserError("E476")
    live = _stages(store, product).live
    if live is not None:
        return store.version(product, live).path
    known = store.versions(product)
    if known:
        newest = known[-1].number
        hint = Words(
            f"version {newest} is ready: zhinan promote @{newest}, or serve it: zhinan serve @{newest}",
            f"版本 {newest} 已就绪：zhinan promote @{newest}，或直接服务：zhinan serve @{newest}",
        )
    else:
        hint = Words("build one first: zhinan build", "请先构建：zhinan build")
    raise UserError("E453", product=product, suggestion=hint)


def _stages(store: Store | None, product: str) -> Stages:
    if store is None:
        raise UserError("E476")
    return store.stages(product)
