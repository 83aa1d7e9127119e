"""The child process that decodes files: limits itself, then writes Arrow rows and a JSON answer for each of them."""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, Words, find

if TYPE_CHECKING:
    import polars as pl

    from zhinan.data.types import Finding, Raw

__all__ = ["limit", "main", "stretches"]

OUT_OF_MEMORY, OUT_OF_SPACE = 71, 72


def limit(limits: dict[str, int]) -> list[str]:
    """Applies the limits to this process. Returns the names of those the system does not have."""
    try:
        import resource
    except ImportError:
        return ["memory", "cpu", "output"]
    kinds = {"memory": resource.RLIMIT_AS, "cpu": resource.RLIMIT_CPU, "output": resource.RLIMIT_FSIZE}
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    missing = []
    for name, kind in kinds.items():
        hard = resource.getrlimit(kind)[1]
        value = limits[name] if hard == resource.RLIM_INFINITY else min(limits[name], hard)
        try:
            resource.setrlimit(kind, (value, value if name != "cpu" else hard))
        except (ValueError, OSError):
            missing.append(name)
    return missing


def main() -> int:
    """Reads tasks from standard input, runs the reader of each and writes the results. Returns the exit status."""
    sys.excepthook = _quiet
    given, parent = json.load(sys.stdin), os.getppid()
    unlimited = limit(given["limits"])
    try:
        for task in given["tasks"]:
            into = Path(task["into"])
            answer = _answer(task, into, given["limits"]["output"])
            partial = into / "answer.partial"  # what is there under its own name is whole
            partial.write_text(json.dumps(answer | {"unlimited": unlimited}), "utf-8")
            partial.replace(into / "answer.json")
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:
        if error.filename is None or str(into) in str(error.filename):
            return OUT_OF_SPACE
        raise
    finally:
        if os.getppid() != parent:  # it was killed: nobody will take the rows, so nobody shall find them
            for task in given["tasks"]:
                shutil.rmtree(task["into"], ignore_errors=True)
    return 0


def stretches(reader: str, place: str, options: dict[str, Any]) -> Iterable[Raw]:
    """What the reader for what the place holds makes of it, as much at a time as it gives.

    Raises: UserError E130, E131 for a file that is not what its name says, and whatever the reader raises.
    """
    from zhinan.data.formats import fitting

    entry, path = find("reader", reader), Path(place)
    findings: tuple[Finding, ...] = ()
    if path.is_file():
        entry, findings = fitting(entry, path)
    known = entry.parameters()
    for raw in _each(entry.target(path, **{name: value for name, value in options.items() if name in known})):
        yield replace(raw, findings=raw.findings + findings)
        findings = ()


def _each(made: Raw | Iterable[Raw]) -> Iterable[Raw]:
    from zhinan.data.types import Raw

    return (made,) if isinstance(made, Raw) else made


def _answer(task: dict[str, Any], into: Path, room: int) -> dict[str, Any]:
    from zhinan.data.encodings import foremost

    answer: dict[str, Any] = {"encoding": "", "rejected": [], "findings": {}}
    parts = _Parts(into, room)
    try:
        for raw in stretches(task["reader"], task["place"], task["options"]):
            parts.write(raw.frame)
            answer["encoding"] = foremost((answer["encoding"], raw.encoding))
            answer["rejected"] += [(r.file, r.line, _plain(r.reason), r.excerpt) for r in raw.rejected]
            answer["findings"] |= {f.code: (f.code, _plain(f.what), f.count, f.examples, f.damage)
                                   for f in raw.findings}  # fmt: skip
    except UserError as error:
        return {"error": (error.code, error.where, {k: _plain(v) for k, v in error.values.items()})}
    return answer | {"findings": list(answer["findings"].values())}


class _Parts:
    """Writes stretches of rows as files, together no more than allowed, and how many rows there are by now."""

    def __init__(self, into: Path, room: int) -> None:
        self._into = into
        self._room = room
        self._files = self._rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        if self._files and not frame.height:
            return
        path = self._into / f"{self._files:06}.arrow"
        frame.write_ipc(path)
        self._room -= max(path.stat().st_size, _length(frame))
        self._files += 1
        self._rows += frame.height
        if self._room < 0:
            raise OSError("more than allowed")
        (self._into / "rows").write_text(str(self._rows))


def _length(frame: pl.DataFrame) -> int:
    """Bytes of text, each row counted: a file may hold one long text once for all rows."""
    return sum(int(column.str.len_bytes().sum()) for column in frame.get_columns() if str(column.dtype) == "String")


def _plain(value: object) -> object:
    if isinstance(value, Words):
        return [value.en, value.zh]
    return value if isinstance(value, int | float | str) else str(value)


def _quiet(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Says where it broke, never with what: the message may hold a row."""
    last = traceback.extract_tb(trace)[-1]
    print(f"{kind.__name__} at {Path(last.filename).name}:{last.lineno}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
