"""Reads a file in a child process with limited memory, time and output: a bomb costs an error, never the run."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import polars as pl

from zhinan.core import UserError, Words
from zhinan.core.private import private_folder
from zhinan.data import children
from zhinan.data.advice import advice
from zhinan.data.drawing import WHOLE, Draw
from zhinan.data.formats import format_of
from zhinan.data.stacking import reader_of
from zhinan.data.types import Finding, Raw, Reject

__all__ = ["SMALL", "Limits", "Tell", "is_small", "read", "read_together", "refuse_many", "run", "say_once", "size_of"]

MAX_BYTES = 8 << 30

SMALL = 4 << 20
"""Bytes of files that one child reads together: it starts in a quarter of a second, and parses them in a tenth."""

TOLERATED = 0.05
"""Share of rows that may be rejected."""

Tell = Callable[[str, int, int], None]

_log = logging.getLogger("zhinan.data")


class _Task(NamedTuple):
    """What a child is to read: by which reader, the place it is given, what messages call it, and its options."""

    reader: str
    place: str
    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Limits:
    """What a child may use. memory, output: bytes; cpu, wall: seconds."""

    memory: int = 2 << 30
    cpu: int = 60
    output: int = 1 << 30
    wall: int = 180

    @classmethod
    def of(cls, size: int, *, packed: bool = False) -> Limits:
        """Limits that an honest file of `size` bytes keeps, several times over.

        Text is read a stretch at a time. What is packed may be a hundred times its size.
        """
        memory, output = (24 * size, 100 * size) if packed else (2 * size, 8 * size)
        return cls(
            memory=(1536 << 20) + min(memory, 4 << 30),
            cpu=60 + size // 500_000,
            output=(256 << 20) + min(output, 16 << 30),
            wall=180 + size // 200_000,
        )


def read(
    path: str | os.PathLike[str],
    *,
    limits: Limits | None = None,
    options: Mapping[str, Any] | None = None,
    progress: Tell | None = None,
    draw: Draw = WHOLE,
) -> Raw:
    """Reads a file or folder with the reader registered for its suffix. Every value stays text.

    Args:
        limits: what the child process may use; by default in proportion to the file.
        options: for the reader, such as the name of a sheet.
        progress: told ("read", rows so far, 0) while it reads.
        draw: how many rows are held, by default all. Of more, a part is drawn, and the others only counted.
    Raises:
        UserError: E100 not a file, E101 no reader, E110 too large, E103–E107, E130–E135 not readable at all, E108 more
            than 5 % of the rows rejected, E109 the limits were exceeded or the reader broke down.
    """
    file = Path(path)
    if not file.is_file() and not file.is_dir():
        raise UserError("E100", str(path))
    reader = reader_of(file)
    size = size_of(file)
    if size > MAX_BYTES:
        raise UserError("E110", str(path), size=f"{size / 1e9:.1f} GB", limit=f"{MAX_BYTES / 1e9:.1f} GB")
    limits = limits or Limits.of(size, packed=_packed(file))
    place = str(file.resolve())
    return run(reader, place, file.name, limits, options=options, progress=progress, draw=draw)


def read_together(
    files: Sequence[tuple[Path, Mapping[str, Any]]], *, progress: Tell | None = None, draw: Draw = WHOLE
) -> list[Raw]:
    """Small plain files, each with its options, in turn by one child, whose start takes longer than they do.

    Raises: UserError as `read`, of the first file that cannot be read.
    """
    tasks = [_Task(reader_of(file), str(file.resolve()), file.name, options) for file, options in files]
    limits = Limits.of(sum(size_of(file) for file, _ in files))
    return _run_together(tasks, limits, progress, draw)


def is_small(file: Path) -> bool:
    """Whether a file may be read by the child that reads others: it is there, plain, and soon over."""
    return file.is_file() and not _packed(file) and size_of(file) <= SMALL


def size_of(file: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    files = (one for one in file.rglob("*") if one.is_file()) if file.is_dir() else (file,)
    return sum(one.stat().st_size for one in files)


def run(
    reader: str,
    place: str,
    name: str,
    limits: Limits,
    *,
    options: Mapping[str, Any] | None = None,
    progress: Tell | None = None,
    draw: Draw = WHOLE,
) -> Raw:
    """Runs a reader in a child process. Args: place: what it is given. name: what messages call it. draw: as `read`.

    Raises: UserError as `read`.
    """
    (raw,) = _run_together([_Task(reader, place, name, options or {})], limits, progress, draw)
    return raw


def _run_together(tasks: Sequence[_Task], limits: Limits, progress: Tell | None, draw: Draw) -> list[Raw]:
    with private_folder() as private:
        folders = [private / str(i) for i in range(len(tasks))]
        for folder in folders:
            folder.mkdir()
        with _watched(folders, progress):
            answers = _ask_child(tasks, folders, private, limits)
        return [
            _raw(task, answer, _held(sorted(folder.glob("*.arrow")), draw))
            for task, folder, answer in zip(tasks, folders, answers, strict=True)
        ]


def _raw(task: _Task, answer: Mapping[str, Any], held: tuple[pl.DataFrame, int, int]) -> Raw:
    """What came of a task, unless too much of it was rejected."""
    frame, aside, weight = held
    for limit in answer["unlimited"]:
        say_once(limit)
    raw = Raw(
        frame,
        tuple(Reject(line, Words(*reason), text, file or task.name) for file, line, reason, text in answer["rejected"]),
        answer["encoding"],
        tuple(Finding(f[0], Words(*f[1]), f[2], tuple(f[3]), f[4], *advice(f[0])) for f in answer["findings"]),
        aside,
        weight,
    )
    refuse_many(raw.rejected, frame.height + aside + len(raw.rejected), task.name)
    return raw


def _held(parts: Sequence[Path], draw: Draw) -> tuple[pl.DataFrame, int, int]:
    """The rows of all parts, how many are not among them because all are too many, and `Raw.weight`."""
    if sum(part.stat().st_size for part in parts) <= draw.most:
        whole = pl.concat([pl.read_ipc(part) for part in parts], how="diagonal")
        return whole, 0, draw.weight(whole)
    columns = pl.DataFrame(schema={name: kind for part in parts for name, kind in pl.read_ipc_schema(part).items()})
    weight = sum(draw.weight(pl.read_ipc(part)) for part in parts)
    below = draw.share(weight)
    aside = 0
    for part in parts:
        rows = pl.concat([columns, pl.read_ipc(part)], how="diagonal")  # a row's id is over all columns of the file
        kept = draw.drawn(rows, below)
        kept.write_ipc(part, compat_level=pl.CompatLevel.oldest())  # else what is kept holds on to the texts of all
        aside += rows.height - kept.height
    return pl.concat([pl.read_ipc(part) for part in parts], how="diagonal"), aside, weight


def _packed(file: Path) -> bool:
    """Whether the file may be far smaller than what it holds."""
    return file.is_dir() or format_of(file) is not None


@contextmanager
def _watched(folders: Sequence[Path], progress: Tell | None) -> Iterator[None]:
    """Tells how many rows the child has read, twice a second."""
    if progress is None:
        yield
        return
    ended = Event()

    def look() -> None:
        while not ended.wait(0.5):
            with suppress(OSError, ValueError):
                files = [folder / "rows" for folder in folders]
                progress("read", sum(int(file.read_text()) for file in files if file.exists()), 0)

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def refuse_many(rejected: tuple[Reject, ...], rows: int, where: str) -> None:
    """Raises UserError E108 when more than 5 % of the rows were rejected."""
    if len(rejected) > TOLERATED * rows:
        most = Counter(reject.reason for reject in rejected).most_common(2)
        first = [next(reject for reject in rejected if reject.reason == reason) for reason, _ in most]
        shown = [f"{r.file}:{r.line}" for r in rejected if r.reason == most[0][0]][:3]
        raise UserError(
            "E108",
            where,
            rejected=f"{len(rejected):,}",
            rows=f"{rows:,}",
            share=f"{len(rejected) / rows:.1%}",
            reason=Words(
                "; ".join(
                    f"{r.reason.en} ({n:,}{_such(r.excerpt, ', such as ')})"
                    for r, (_, n) in zip(first, most, strict=True)
                ),
                "；".join(
                    f"{r.reason.zh}（{n:,} 行{_such(r.excerpt, '，例如 ')}）"
                    for r, (_, n) in zip(first, most, strict=True)
                ),
            ),
            lines=_where(", ".join(shown), first[0].reason, most[0][1] > rows / 2),
        )


def _where(lines: str, reason: Words, most: bool) -> Words:
    """Which lines to look at; where most rows are of another width, the names of the columns stand further down."""
    if most and re.fullmatch(r"[0-9]+ fields instead of [0-9]+", reason.en):
        return Words(
            f"{lines}: if the names of the columns do not stand in the first line, delete what is above them",
            f"{lines}：若列名不在第一行，请删除其上方的内容",
        )
    return Words(lines, lines)


def _such(excerpt: str, words: str) -> str:
    return f"{words}'{excerpt[:40]}'" if excerpt else ""


def _ask_child(tasks: Sequence[_Task], folders: Sequence[Path], private: Path, limits: Limits) -> list[dict[str, Any]]:
    """The answers, in order. A child that dies does so at the first task that has none."""
    given = [{**task._asdict(), "into": str(folder)} for task, folder in zip(tasks, folders, strict=True)]
    status, said = 0, b""
    try:
        ended = subprocess.run(
            children.command("zhinan.data.child"),
            input=json.dumps({"limits": vars(limits), "tasks": given}).encode(),
            capture_output=True,
            env=children.environment(private),
            timeout=limits.wall,
            check=False,
        )
        status, said = ended.returncode, ended.stderr
        why = _death(status, said, limits)
    except subprocess.TimeoutExpired:
        status, why = 1, _TOO_LONG
    answers = []
    for task, folder in zip(tasks, folders, strict=True):
        file = folder / "answer.json"
        if not file.exists():
            raise UserError("E109", task.name, reason=why)
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if "error" in found:
            code, where, values = found["error"]
            raise UserError(code, where, **{k: Words(*v) if isinstance(v, list) else v for k, v in values.items()})
        answers.append(found)
    if status:
        raise UserError("E109", tasks[-1].name, reason=why)
    return answers


_TOO_LONG = Words("reading took too long", "读取时间过长")


def _death(status: int, stderr: bytes, limits: Limits) -> Words:
    """Why the child is gone, without anything of the file's content."""
    said = stderr.decode("utf-8", "replace").strip()
    last = said.rpartition("\n")[2][:200]
    size = f"{limits.memory / 1e9:.1f} GB"
    if status == 71 or "memory allocation" in said or (sys.platform != "win32" and status == -signal.SIGKILL):
        return Words(f"reading needs more memory than {size}", f"读取所需内存超过 {size}")
    if sys.platform != "win32" and status == -signal.SIGXCPU:
        return _TOO_LONG
    if status == 72:
        return Words("the decoded rows are far larger than the file", "解码后的数据远大于文件本身")
    return Words(f"the reader broke down ({last or status})", f"读取程序中断（{last or status}）")


@cache
def say_once(limit: str) -> None:
    """Tells, once in the life of this process, that the system lacks a limit."""
    _log.warning("this system sets no limit on %s: files are read in a child process without it", limit)
