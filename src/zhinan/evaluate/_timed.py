"""The fresh process in which a draft is timed: `python -m zhinan.evaluate._timed DRAFT ROWS WARM_UP`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from zhinan.core import UserError
from zhinan.package import open_version

__all__: list[str] = []


def _main(draft: str, rows: str, warm_up: int) -> None:
    version = open_version(Path(draft), threads=1)
    sample = json.loads(Path(rows).read_text(encoding="utf-8"))
    latencies = []
    for row in sample["single"]:
        start = time.perf_counter()
        version.predict([row])
        latencies.append(time.perf_counter() - start)
    start = time.perf_counter()
    version.predict(sample["batch"])
    throughput = len(sample["batch"]) / (time.perf_counter() - start)
    print(json.dumps({"latencies": latencies[warm_up:], "throughput": throughput, "memory": _peak()}))


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
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
except UserError as error:
    sys.exit(error.what())
