"""The fresh process in which a draft is timed: it is told on standard input which, on which rows."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from zhinan.core import UserError, entries
from zhinan.evaluate.energy import joules_between, reading
from zhinan.package import Version, open_version

__all__: list[str] = []

LONG_ENOUGH = 0.25
"""Seconds of predictions over which energy is read."""


def _main() -> None:
    _imported()
    asked = json.load(sys.stdin)
    draft, rows, warm_up = asked["draft"], asked["rows"], asked["warm_up"]
    version = open_version(Path(draft), threads=1)
    sample = json.loads(Path(rows).read_text(encoding="utf-8"))
    latencies = []
    for row in sample["single"]:
        start = time.perf_counter()
        version.predict([row])
        latencies.append(time.perf_counter() - start)
    batch = sample["batch"]
    start, cpu = time.perf_counter(), time.process_time()
    version.predict(batch)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    seen = {
        "latencies": latencies[warm_up:],
        "throughput": len(batch) / seconds,
        "memory": _peak(),
        "cpu_seconds": cpu / len(batch),
        "joules": _joules(version, batch),
    }
    print(json.dumps(seen))


def _imported() -> None:
    """Imports what any draft takes: there may be none yet."""
    import onnxruntime  # noqa: F401
    import pydantic  # noqa: F401

    entries("step")


def _joules(version: Version, batch: list[dict[str, Any]]) -> float | None:
    """Joules a prediction, over enough of them to be seen by counters that move each millisecond; None without any."""
    before = reading()
    if not before:
        return None
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < LONG_ENOUGH:
        version.predict(batch)
        done += len(batch)
    joules = joules_between(before, reading())
    return None if joules is None else joules / done


def _peak() -> float:
    """Peak resident bytes of this process; not a number where the platform does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # Windows: the standard library tells no peak, so a memory line stays undecided
        return float("nan")
    scale = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale)


try:
    _main()
except UserError as error:
    sys.exit(error.what())
