"""The child process that decodes one file: limits itself, then writes Arrow rows and a JSON answer into a folder."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, Words, find

if TYPE_CHECKING:
    import polars as pl

__all__ = ["limit", "main"]

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
    """Reads the task from standard input, runs its reader and writes the result. Returns the exit status."""
    sys.excepthook = _quiet
    task = json.load(sys.stdin)
    into = Path(task["into"])
    unlimited = limit(task["limits"])
    try:
        answer, frame = _answer(task["reader"], Path(task["path"]))
    except MemoryError:
        return OUT_OF_MEMORY
    try:
        if frame is not None:
            frame.write_ipc(into / "rows.arrow")
        (into / "answer.json").write_text(json.dumps(answer | {"unlimited": unlimited}), "utf-8")
    except OSError:
        return OUT_OF_SPACE
    return 0


def _answer(reader: str, path: Path) -> tuple[dict[str, Any], pl.DataFrame | None]:
    try:
        raw = find("reader", reader).target(path)
    except UserError as error:
        return {"error": (error.code, error.where, {k: _plain(v) for k, v in error.values.items()})}, None
    answer = {
        "encoding": raw.encoding,
        "rejected": [(r.line, _plain(r.reason), r.excerpt) for r in raw.rejected],
        "findings": [(f.code, _plain(f.what), f.count, f.examples, f.damage) for f in raw.findings],
    }
    return answer, raw.frame


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
