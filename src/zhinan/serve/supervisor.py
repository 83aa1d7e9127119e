"""The process that keeps the workers alive, however often they die."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian.server.mp import MPServer

__all__ = ["Supervisor"]

STILLBORN = 3
"""Workers that may die one after another before any of them is ready; then something is wrong with all of them."""

_LOG = logging.getLogger("zhinan.serve")


class Supervisor(MPServer):
    """Granian's server without its limit on deaths: a worker that dies is replaced, unless workers never come up.

    Each worker listens for itself, among which the kernel spreads connections evenly; who connects while one of them is
    replaced comes to the others.

    Args: shared: the folder in which a worker leaves its metrics as soon as it is ready.
    """

    def __init__(self, *arguments: Any, shared: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._shared = Path(shared)
        self._stillborn = 0

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
        ready = (self._shared / f"worker-{self.wrks[place]._id()}.json").exists()
        self._stillborn = 0 if ready else self._stillborn + 1
        if self._stillborn == STILLBORN:
            _LOG.error("workers die before they are ready")
            self.interrupt_children.append(place)  # so that the exit code tells
            return False
        self._respawn_workers([place], spawn_target, target_loader)
        if self.interrupt_children:
            self.main_loop_interrupt.set()
        return True
