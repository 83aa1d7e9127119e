"""Improves a product in forks of a process that has imported everything and done nothing: a death costs no start.

Reads lines "POINT SECONDS": the fork dies before its step POINT (0: at none), or is killed after SECONDS (0: never).
Says for each, as JSON: its status, the steps it took if it ended by itself, and what it decided.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # noqa: F401
import polars as pl  # noqa: F401
import scipy.stats  # noqa: F401
import sklearn.linear_model  # noqa: F401

from zhinan.contract import load
from zhinan.core import find, registry
from zhinan.core.registry import Registered
from zhinan.data import Raw, guess, sources
from zhinan.engine import building
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.timing import Timing
from zhinan.improve.improving import improve
from zhinan.tasks.classify import Classify

from ..store.faults import doom


def _quickened() -> None:
    """No child that reads or measures, and one recipe: what is tested is what is written."""

    def read(path: Path, **_: Any) -> Raw:
        return Raw.joined(find("reader", path.suffix[1:]).target(path))

    def measured(draft: Path, rows: Any, **more: Any) -> Costs:
        latencies = 0.004 * np.tile(np.linspace(0.9, 1.1, 40), 10)
        return Costs(latencies, np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 2_000_000)

    sources.read = guess.read = read  # type: ignore[assignment]
    building.measure_costs = measured  # type: ignore[assignment]
    Timing.begin = lambda self: None  # type: ignore[method-assign]
    rungs = (("prior", "prior", ("ngrams",)), ("shallow", "linear", ("ngrams",)))
    registry.entries("task")
    made = Registered("task", "classify", lambda: Classify(ladder=rungs), None, {"target": "category"})
    registry._things["task", "classify"] = made


def _improved(path: Path, point: int, answer: int) -> None:
    steps = doom(point)
    contract = load(path)
    found = improve(contract, contract.root / ".zhinan", budget=600)
    os.write(answer, json.dumps({"steps": steps(), "decision": found.decision}).encode())


def main(path: Path) -> None:
    """Until there are no more lines."""
    _quickened()
    print("ready", flush=True)
    for line in sys.stdin:
        point, seconds = line.split()
        said, answer = os.pipe()
        child = os.fork()
        if not child:
            code = 1
            try:
                _improved(path, int(point), answer)
                code = 0
            finally:
                if code:
                    traceback.print_exc()
                os._exit(code)
        os.close(answer)
        if float(seconds):
            time.sleep(float(seconds))
            os.kill(child, signal.SIGKILL)
        with os.fdopen(said, "rb") as reader:
            told = reader.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"status": status, **(json.loads(told) if told else {})}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
