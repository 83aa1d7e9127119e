"""Reads a file in a child process with limited memory, time and output: a bomb costs an error, never the run."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from zhinan.core import UserError, Words, entries, suggest
from zhinan.data.types import Finding, Raw, Reject

__all__ = ["Limits", "read", "refuse_many"]

MAX_BYTES = 2 << 30
TOLERATED = 0.05
"""Share of rows that may be rejected."""

_log = logging.getLogger("zhinan.data")


@dataclass(frozen=True)
class Limits:
    """What a child may use. memory, output: bytes; cpu, wall: seconds."""

    memory: int = 2 << 30
    cpu: int = 60
    output: int = 1 << 30
    wall: int = 180

    @classmethod
    def of(cls, size: int) -> Limits:
        """Limits that an honest text file of `size` bytes keeps, several times over."""
        return cls((1536 << 20) + 24 * size, 60 + size // 500_000, (64 << 20) + 8 * size, 180 + size // 200_000)


def read(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Raw:
    """Reads a file with the reader registered for its suffix. Every value stays text.

    Args: limits: what the child process may use; by default in proportion to the file.
    Raises:
        UserError: E100 not a file, E101 no reader, E110 too large, E103–E107 not readable at all, E108 more than 5 %
            of the rows rejected, E109 the limits were exceeded or the reader broke down.
    """
    file = Path(path)
    if not file.is_file():
        raise UserError("E100", str(path))
    reader = _reader(file)
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise UserError("E110", str(path), size=f"{size / 1e9:.1f} GB", limit=f"{MAX_BYTES / 1e9:.1f} GB")
    limits = limits or Limits.of(size)
    with tempfile.TemporaryDirectory(prefix="zhinan-") as private:
        answer = _ask_child(reader, file, Path(private), limits)
        frame = pl.read_ipc((Path(private) / "rows.arrow").read_bytes())  # bytes: nothing maps a file that goes away
    for limit in answer["unlimited"]:
        _say_once(limit)
    raw = Raw(
        frame,
        tuple(Reject(line, Words(*reason), excerpt, file.name) for line, reason, excerpt in answer["rejected"]),
        answer["encoding"],
        tuple(Finding(f[0], Words(*f[1]), f[2], tuple(f[3]), f[4]) for f in answer["findings"]),
    )
    refuse_many(raw.rejected, frame.height + len(raw.rejected), file.name)
    return raw


def refuse_many(rejected: tuple[Reject, ...], rows: int, where: str) -> None:
    """Raises UserError E108 when more than 5 % of the rows were rejected."""
    if len(rejected) > TOLERATED * rows:
        shown = [f"{r.file}:{r.line}" for r in rejected[:3]]
        raise UserError(
            "E108",
            where,
            rejected=f"{len(rejected):,}",
            rows=f"{rows:,}",
            share=f"{len(rejected) / rows:.1%}",
            reason=rejected[0].reason,
            lines=", ".join(shown),
        )


def _reader(file: Path) -> str:
    suffixes = {s: entry for entry in entries("reader").values() for s in entry.facts.get("suffixes", ())}
    entry = suffixes.get(file.suffix.lower())
    if entry is None:
        raise UserError("E101", str(file), suffix=file.suffix or file.name, suggestion=suggest(file.suffix, suffixes))
    entry.require()
    return entry.name


def _ask_child(reader: str, file: Path, private: Path, limits: Limits) -> dict[str, Any]:
    task = {"reader": reader, "path": str(file.resolve()), "into": str(private), "limits": vars(limits)}
    kept = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TEMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "PYTHONUTF8": "1",
        "POLARS_MAX_THREADS": "1",  # each thread reserves address space
    }
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "zhinan.data.child"],
            input=json.dumps(task).encode(),
            capture_output=True,
            env=environment,
            timeout=limits.wall,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UserError("E109", str(file), reason=_TOO_LONG) from None
    answer = private / "answer.json"
    if ended.returncode or not answer.exists():
        raise UserError("E109", str(file), reason=_death(ended.returncode, ended.stderr, limits))
    found: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    if "error" in found:
        code, where, values = found["error"]
        raise UserError(code, where, **{k: Words(*v) if isinstance(v, list) else v for k, v in values.items()})
    return found


_TOO_LONG = Words("reading took too long", "读取时间过长")


def _death(status: int, stderr: bytes, limits: Limits) -> Words:
    """Why the child is gone, without anything of the file's content."""
    last = stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    size = f"{limits.memory / 1e9:.1f} GB"
    if status == 71 or "memory allocation" in last or (sys.platform != "win32" and status == -signal.SIGKILL):
        return Words(f"reading needs more memory than {size}", f"读取所需内存超过 {size}")
    if sys.platform != "win32" and status == -signal.SIGXCPU:
        return _TOO_LONG
    if status == 72:
        return Words("the decoded rows are far larger than the file", "解码后的数据远大于文件本身")
    return Words(f"the reader broke down ({last or status})", f"读取程序中断（{last or status}）")


@cache
def _say_once(limit: str) -> None:
    _log.warning("this system sets no limit on %s: files are read in a child process without it", limit)
