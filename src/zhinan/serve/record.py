"""Writes predictions down, masked and off the request path: no answer waits for the disk, a full one loses records."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from zhinan.core import UserError
from zhinan.steps.mask import redact
from zhinan.store import Event, Store

__all__ = ["Recorder", "masked"]

GROUP = 200
PAUSE_SECONDS = 0.2


class Recorder:
    """A thread that stores predictions as events of kind "prediction" in groups.

    Args:
        counted: is told ("stored" | "dropped", how many).
        backlog: predictions that may wait; older ones are dropped first.
    """

    def __init__(self, store: Store, product: str, counted: Callable[[str, int], None], backlog: int = 10_000) -> None:
        self._store = store
        self._product = product
        self._counted = counted
        self._waiting: deque[tuple[str, int | None, Mapping[str, Any], Mapping[str, Any] | None, float]] = deque()
        self._backlog = backlog
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="zhinan-records", daemon=True)
        self._thread.start()

    def add(
        self, prediction_id: str, number: int | None, answer: Mapping[str, Any], inputs: Mapping[str, Any] | None
    ) -> None:
        """Takes one prediction.

        Args:
            answer: what is kept of it. inputs: as the version's mask step left them; None when the contract keeps none.
        """
        if len(self._waiting) >= self._backlog:
            self._waiting.popleft()
            self._counted("dropped", 1)
        self._waiting.append((prediction_id, number, answer, inputs, time.time()))

    def close(self) -> None:
        """Writes what waits and ends the thread."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self._write_all()
        self._write_all()

    def _write_all(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            events = [
                Event(
                    prediction_id,
                    "prediction",
                    {
                        "version": number,
                        **answer,
                        **({} if inputs is None else {"input": masked(inputs)}),
                    },
                    at,
                )
                for prediction_id, number, answer, inputs, at in group
            ]
            try:
                self._store.add_events(self._product, events)
            except UserError:
                self._counted("dropped", len(events))
                if self._over.wait(PAUSE_SECONDS):
                    self._counted("dropped", len(self._waiting))
                    self._waiting.clear()
            else:
                self._counted("stored", len(events))


def masked(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON with every registered mask applied to its texts, whatever the contract asks for."""
    kept = {}
    for name, value in row.items():
        if isinstance(value, str):
            kept[name] = redact(value)
        else:
            kept[name] = value.isoformat() if isinstance(value, datetime) else value
    return kept
