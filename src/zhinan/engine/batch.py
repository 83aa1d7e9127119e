"""Answers a whole file of rows, in its order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from zhinan.core import UserError
from zhinan.data import read
from zhinan.package import Version

__all__ = ["predict_file"]

CHUNK = 256


def predict_file(version: Version, source: str, target: str, progress: Callable[[int, int], None] | None = None) -> int:
    """Reads rows, answers them and writes the answers, one a row, in the order of the rows.

    Args:
        source: a file of any registered reader, or "-" for JSON lines on standard input.
        target: .csv, .tsv or .jsonl, or "-" for JSON lines on standard output. A file appears only when it is whole.

    Returns:
        the number of rows.

    Raises:
        UserError: E313 when a row cannot be read (nothing is written), E314 for another kind of target, as `read`.
    """
    rows = _stdin() if source == "-" else _file(source)
    count = len(next(iter(rows.values()), []))
    answers: list[dict[str, Any]] = []
    for start in range(0, count, CHUNK):
        answers += version.predict({name: values[start : start + CHUNK] for name, values in rows.items()})
        if progress:
            progress(len(answers), count)
    if target == "-":
        sys.stdout.writelines(_lines(answers))
    else:
        _write(Path(target), answers)
    return count


def _file(source: str) -> dict[str, list[Any]]:
    raw = read(source)
    if raw.rejected:
        first = raw.rejected[0]
        raise UserError("E313", f"{source}:{first.line}", count=len(raw.rejected), reason=first.reason)
    return {name: raw.frame[name].to_list() for name in raw.frame.columns if name != "_line"}


def _stdin() -> dict[str, list[Any]]:
    rows = []
    for number, line in enumerate(sys.stdin, 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UserError("E313", f"-:{number}", count=1, reason="not JSON") from error
        if not isinstance(row, dict):
            raise UserError("E313", f"-:{number}", count=1, reason="not a JSON object")
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _lines(answers: list[dict[str, Any]]) -> Iterator[str]:
    return (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)


def _write(target: Path, answers: list[dict[str, Any]]) -> None:
    separators: Mapping[str, str] = {".csv": ",", ".tsv": "\t"}
    partial = target.with_name(f".{target.name}.partial")
    if target.suffix == ".jsonl":
        partial.write_text("".join(_lines(answers)), encoding="utf-8")
    elif target.suffix in separators:
        import polars as pl

        pl.DataFrame(answers).write_csv(partial, separator=separators[target.suffix])
    else:
        raise UserError("E314", str(target))
    partial.replace(target)
