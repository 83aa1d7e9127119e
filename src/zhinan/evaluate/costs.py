"""Measures what an answer costs on this machine: the packaged draft itself, in blocks of fresh processes."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.core import Candidate, UserError, Words
from zhinan.package.environment import processor

__all__ = ["BLOCKS", "Costs", "machine", "measure_costs", "rough_costs"]

BLOCKS = 10
"""Fresh processes a latency line is measured in."""

SINGLE = 40
WARM_UP = 10
BATCH = 64
PATIENCE = 300


@dataclass(frozen=True)
class Costs:
    """What was measured. Times in seconds, sizes in bytes.

    latencies: (m,) seconds of single requests; blocks: (m,) which process each came from;
    throughputs: (b,) rows per second of each process in batches; memories: (b,) peak resident bytes of each.
    """

    latencies: np.ndarray
    blocks: np.ndarray
    throughputs: np.ndarray
    memories: np.ndarray
    size: int
    machine: Mapping[str, str] = field(default_factory=dict)


def measure_costs(
    draft: Path,
    rows: Mapping[str, Sequence[Any]],
    *,
    blocks: int = BLOCKS,
    progress: Callable[[int, int], None] | None = None,
) -> Costs:
    """Runs the draft in `blocks` fresh processes, one at a time, on rows of dev.

    Args:
        draft: a version directory. rows: the input columns of some dev rows, at least one row.

    Raises:
        UserError: E254 when a process cannot run the draft.
    """
    count = len(next(iter(rows.values())))
    latencies, places, throughputs, memories = [], [], [], []
    with tempfile.TemporaryDirectory(prefix="zhinan-costs-") as folder:
        given = Path(folder) / "rows.json"
        for block in range(blocks):
            picked = [(block * SINGLE + i) % count for i in range(WARM_UP + SINGLE)]
            batch = [(block * BATCH + i) % count for i in range(BATCH)]
            sample = {"single": _rows(rows, picked), "batch": _rows(rows, batch)}
            given.write_text(json.dumps(sample, default=str), encoding="utf-8")
            seen = _child(draft, given)
            latencies += seen["latencies"]
            places += [block] * len(seen["latencies"])
            throughputs.append(seen["throughput"])
            memories.append(seen["memory"])
            if progress:
                progress(block + 1, blocks)
    return Costs(
        np.array(latencies), np.array(places), np.array(throughputs), np.array(memories),
        size=sum(p.stat().st_size for p in draft.rglob("*") if p.is_file()), machine=machine(),
    )  # fmt: skip


def rough_costs(candidate: Candidate, rows: Mapping[str, Sequence[Any]]) -> Costs:
    """A first idea of what a candidate costs, in this process, for comparing candidates before one is packaged.

    Its memory is not a number, since this process holds more than the candidate.
    """
    from zhinan.steps import Program

    program = Program(candidate.steps, candidate.files)
    count = len(next(iter(rows.values())))
    latencies = []
    for i in range(min(WARM_UP + SINGLE, max(count, 20))):
        one = {name: [values[i % count]] for name, values in rows.items()}
        start = time.perf_counter()
        program.run(one)
        latencies.append(time.perf_counter() - start)
    start = time.perf_counter()
    program.run(rows)
    return Costs(
        np.array(latencies[WARM_UP:]), np.zeros(len(latencies) - WARM_UP, int),
        np.array([count / (time.perf_counter() - start)]), np.array([np.nan]),
        size=sum(map(len, candidate.files.values())),
    )  # fmt: skip


def machine() -> dict[str, str]:
    """What the measured figures hold for."""
    import onnxruntime

    return {
        "platform": platform.platform(),
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "threads": "1",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def _rows(rows: Mapping[str, Sequence[Any]], picked: Sequence[int]) -> list[dict[str, Any]]:
    return [{name: values[i] for name, values in rows.items()} for i in picked]


def _child(draft: Path, given: Path) -> dict[str, Any]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "zhinan.evaluate._timed", str(draft), str(given), str(WARM_UP)],
            capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        reason = Words(f"no answer within {PATIENCE} s", f"{PATIENCE} 秒内没有回答")
        raise UserError("E254", str(draft), reason=reason) from error
    if done.returncode:
        raise UserError("E254", str(draft), reason=(done.stderr.strip().splitlines() or ["no message"])[-1])
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
