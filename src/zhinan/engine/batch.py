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
from zhinan.package.notes import together

__all__ = ["predict_file", "predict_rows", "read_rows"]

CHUNK = 256

WRITTEN: Mapping[str, str | None] = {".csv": ",", ".tsv": "\t", ".jsonl": None}
"""Kinds of files that answers are written to, and what stands between two values."""


def predict_file(
    version: Version,
    source: str,
    target: str,
    progress: Callable[[int, int], None] | None = None,
    noted: Callable[[Mapping[str, Any]], None] | None = None,
) -> int:
    """Reads rows, answers them and writes the answers, one a row, in the order of the rows.

    Args:
        source: a file of any registered reader, or "-" for JSON lines on standard input.
        target: .csv, .tsv or .jsonl, or "-" for JSON lines on standard output. A file appears only when it is whole.
        noted: told what there is to say of the rows, as `Version.notes`.

    Returns:
        the number of rows.

    Raises:
        UserError: as `predict_rows`; E314 for another kind of target, before anything is read, E318 when it cannot be
            written.
    """
    if target != "-" and Path(target).suffix not in WRITTEN:
        raise UserError("E314", target)
    answers = predict_rows(version, source, progress, noted)
    if target == "-":
        sys.stdout.writelines(_lines(answers))
    else:
        several = version.task.judged == "tags"
        given = {"handover": version.hands_over, "labels": several or version.gives_sets, "probabilities": several}
        _write(Path(target), answers, [name for name in version.task.outputs if given.get(name, True)])
    return len(answers)


def predict_rows(
    version: Version,
    source: str,
    progress: Callable[[int, int], None] | None = None,
    noted: Callable[[Mapping[str, Any]], None] | None = None,
) -> list[dict[str, Any]]:
    """The answers to the rows of a file, or of standard input for "-", in their order.

    Raises:
        UserError: E313 when a row cannot be read, as `read` and `Version.predict`.
    """
    rows = read_rows(source)
    count = len(next(iter(rows.values()), []))
    answers: list[dict[str, Any]] = []
    notes = []
    for start in range(0, count, CHUNK):
        some = {name: values[start : start + CHUNK] for name, values in rows.items()}
        columns = version.check(some)
        notes.append(version.notes(some, columns))
        answers += version.answer(columns)
        if progress:
            progress(len(answers), count)
    if noted and (found := together(notes)):
        noted(found)
    return answers


def read_rows(source: str) -> dict[str, list[Any]]:
    """The columns of a file of any registered reader, or of JSON lines on standard input for "-".

    Raises:
        UserError: E313 when a row cannot be read, as `read`.
    """
    return _stdin() if source == "-" else _file(source)


def _file(source: str) -> dict[str, list[Any]]:
    raw = read(source)
    if raw.rejected:
        first = raw.rejected[0]
        raise UserError("E313", f"{source}:{first.line}", count=len(raw.rejected), reason=first.reason)
    return {name: raw.frame[name].to_list() for name in raw.frame.columns if name not in ("_line", "_member")}


def _stdin() -> dict[str, list[Any]]:
    rows = []
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
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


def _flat(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as a row of a table: labels, and the probability of each, as JSON."""
    return {k: json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v for k, v in answer.items()}


def _write(target: Path, answers: list[dict[str, Any]], columns: list[str]) -> None:
    partial = target.with_name(f".{target.name}.partial")
    separator = WRITTEN[target.suffix]
    try:
        with partial.open("wb") as file:
            if separator is None:
                file.write("".join(_lines(answers)).encode())
            else:
                import polars as pl

                pl.DataFrame(list(map(_flat, answers)), schema=columns).write_csv(file, separator=separator)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError("E318", str(target), reason=error.strerror) from error
