"""What answering takes, minute by minute: one small record a worker and minute, never one a request."""

from __future__ import annotations

import math
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from zhinan.core import UserError
from zhinan.store import Event, Store

__all__ = ["STEP", "Tally", "longer_than", "longest"]

STEP = 1.02
"""Each bucket of durations ends at so many times the end of the one before: they are known to 2 %."""
RETRY_SECONDS = 60.0
WAITING = 1_000
"""Minutes that wait for a store which cannot take them; older ones are dropped."""


@dataclass
class _Minute:
    """What a version answered in a minute."""

    requests: int = 0
    failed: int = 0
    rows: int = 0
    seconds: float = 0.0
    latency: dict[int, int] = field(default_factory=dict)


class Tally:
    """The counts of one worker, for any of its threads; kept as events of kind "traffic".

    An event holds {"version", "minute", "requests", "failed", "rows", "seconds", "memory", "latency": {bucket: n}}:
    `seconds` in which something was being answered, `memory` the worker's peak in bytes, and durations of requests
    with one row, waiting included.

    Args: store: None to count nothing.
    """

    def __init__(self, store: Store | None, product: str) -> None:
        self._store, self._product = store, product
        self._lock = threading.Lock()
        self._minutes: dict[tuple[int, int], _Minute] = {}
        self._active, self._since, self._again = 0, 0.0, 0.0

    @contextmanager
    def request(self, version: int | None, rows: int) -> Iterator[None]:
        """Around the answering of a request whose input was found right: whatever it raises is the service's fault."""
        began = time.perf_counter()
        with self._lock:
            if not self._active:
                self._since = began
            self._active += 1
        answered = False
        try:
            yield
            answered = True
        finally:
            self._took(version, rows, began, answered)

    def refused(self, version: int | None) -> None:
        """Counts a request that nobody had time to read."""
        with self._lock:
            if version is not None and self._store is not None:
                found = self._minutes.setdefault((version, int(time.time() // 60)), _Minute())
                found.requests += 1
                found.failed += 1

    def _took(self, version: int | None, rows: int, began: float, answered: bool) -> None:
        now = time.perf_counter()
        with self._lock:
            self._active -= 1
            busy, self._since = now - self._since, now
            if version is None or self._store is None:
                return
            found = self._minutes.setdefault((version, int(time.time() // 60)), _Minute())
            found.seconds += busy
            found.requests += 1
            found.failed += not answered
            if answered:
                found.rows += rows
                if rows == 1:
                    bucket = _bucket(now - began)
                    found.latency[bucket] = found.latency.get(bucket, 0) + 1

    def flush(self, *, whole: bool = False) -> None:
        """Writes the minutes that are over; all of them when `whole`. Raises: UserError when the store cannot."""
        now = time.time()
        if self._store is None or (now < self._again and not whole):
            return
        with self._lock:
            over = {key: one for key, one in self._minutes.items() if whole or key[1] < int(now // 60)}
            for key in over:
                del self._minutes[key]
        if not over:
            return
        memory = _peak()
        events = [_event(version, minute, one, memory) for (version, minute), one in over.items()]
        try:
            self._store.add_events(self._product, events)
        except UserError:
            self._again = now + RETRY_SECONDS
            with self._lock:
                self._minutes = {**dict(list(over.items())[-WAITING:]), **self._minutes}
            raise


def longer_than(latency: Mapping[str, int], seconds: float) -> int:
    """How many durations of a kept histogram were surely longer: a bucket that holds the limit counts as shorter."""
    return sum(n for bucket, n in latency.items() if STEP ** (int(bucket) - 1) >= seconds * (1 - 1e-9))


def longest(latency: Mapping[str, int], share: float) -> float | None:
    """Seconds within which such a share of the durations stayed, to 2 %; None of none."""
    left = math.ceil(share * sum(latency.values()))
    for bucket, n in sorted((int(bucket), n) for bucket, n in latency.items()):
        left -= n
        if left <= 0:
            return float(STEP ** (bucket - 0.5))
    return None


def _bucket(seconds: float) -> int:
    """The bucket, whose durations are above STEP^(b − 1) and at most STEP^b seconds."""
    return math.ceil(math.log(max(seconds, 1e-6), STEP))


def _event(version: int, minute: int, one: _Minute, memory: int | None) -> Event:
    payload: dict[str, Any] = {
        "version": version, "minute": minute, "requests": one.requests, "failed": one.failed, "rows": one.rows,
        "seconds": round(one.seconds, 6), "memory": memory,
        "latency": {str(bucket): n for bucket, n in sorted(one.latency.items())},
    }  # fmt: skip
    return Event(f"traffic-{uuid.uuid4()}", "traffic", payload, minute * 60.0)


def _peak() -> int | None:
    """The most bytes that this process has held; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most) if sys.platform == "darwin" else int(most) * 1024
