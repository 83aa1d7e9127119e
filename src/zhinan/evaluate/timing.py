"""The fresh process in which a draft is timed, begun while there is something else to do: half of it is importing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from zhinan.core import UserError, Words

__all__ = ["Timing"]

PATIENCE = 300
"""Seconds that a process may take to time a draft."""


class Timing:
    """A fresh process for each time that something is timed, the first of which may be begun beforehand.

    As a context manager it ends the one that was begun and never asked.
    """

    def __init__(self) -> None:
        self._begun: subprocess.Popen[str] | None = None

    def __enter__(self) -> Timing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._begun is not None:
            with self._begun as process:
                process.kill()

    def begin(self) -> None:
        """Begins the first process, which imports what any draft takes and waits to be told which."""
        self._begun = _process()

    def of(self, draft: Path, rows: Path, warm_up: int) -> dict[str, Any]:
        """What a fresh process says of a draft: latencies, throughput, memory, cpu_seconds and joules.

        Args: rows: the file of those it is timed on. warm_up: answers that do not count.

        Raises:
            UserError: E254 when it cannot run the draft.
        """
        asked = json.dumps({"draft": str(draft), "rows": str(rows), "warm_up": warm_up})
        begun, self._begun = self._begun, None
        with begun or _process() as process:
            try:
                answer, complaint = process.communicate(asked, PATIENCE)
            except subprocess.TimeoutExpired as error:
                reason = Words(f"no answer within {PATIENCE} s", f"{PATIENCE} 秒内没有回答")
                raise UserError("E254", str(draft), reason=reason) from error
            finally:
                process.kill()
        if process.returncode:
            raise UserError("E254", str(draft), reason=(complaint.strip().splitlines() or ["no message"])[-1])
        seen: dict[str, Any] = json.loads(answer)
        return seen


def _process() -> subprocess.Popen[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "zhinan.evaluate._timed"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
