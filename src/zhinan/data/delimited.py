"""Parses delimited text strictly: a row that breaks the rules is rejected alone, reading goes on at the next line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from zhinan.core import UserError, Words
from zhinan.data.decode import Lines, lines_of
from zhinan.data.findings import finding
from zhinan.data.types import Finding, Raw, Reject
from zhinan.steps.mask import redact, tidy

__all__ = ["MAX_COLUMNS", "MAX_FIELD", "REASONS", "Rows", "names_of", "parse"]

MAX_COLUMNS = 10_000
MAX_FIELD = 1 << 20
"""Longest field, in characters."""

_CHUNK = 20_000
_EXCERPTS = 200

REASONS = {
    "damaged": Words("not valid text in the file's encoding", "不是该文件编码的有效文本"),
    "nul": Words("contains a NUL byte", "含有 NUL 字节"),
    "quote": Words("quotes do not match", "引号不配对"),
    "huge": Words(f"a field is longer than {MAX_FIELD:,} characters", f"有字段超过 {MAX_FIELD:,} 个字符"),
}


class Rows:
    """Collects accepted rows in chunks and rejected ones with a masked excerpt."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.rejected: list[Reject] = []
        self._rows: list[Sequence[str | None]] = []
        self._lines: list[int] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, line: int, row: Sequence[str | None]) -> None:
        """Takes a row that has one value for each name."""
        self._rows.append(row)
        self._lines.append(line)
        if len(self._rows) == _CHUNK:
            self._flush()

    def reject(self, line: int, reason: Words, text: str) -> None:
        """Refuses a row; its beginning is masked before it is kept."""
        few = len(self.rejected) < _EXCERPTS
        self.rejected.append(Reject(line, reason, redact(tidy(text[:400]))[:80] if few else ""))

    def frame(self) -> pl.DataFrame:
        """All rows taken so far."""
        if self._rows or not self._frames:
            self._flush()
        return pl.concat(self._frames)

    def _flush(self) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(self.names)
        held = [pl.Series(name, values, pl.String) for name, values in zip(self.names, columns, strict=True)]
        self._frames.append(pl.DataFrame([*held, pl.Series("_line", self._lines, pl.UInt32)]))
        self._rows, self._lines = [], []


def parse(path: Path, delimiter: str | None = None) -> Raw:
    """Reads a delimited file with a header.

    Args: delimiter: None takes whichever of `,` `;` and tab the header holds most.
    Raises: UserError E103 encoding, E104 empty, E105–E107 header.
    """
    lines = lines_of(path)
    limit = csv.field_size_limit(MAX_FIELD)
    try:
        return _parse(lines, path.name, delimiter)
    finally:
        csv.field_size_limit(limit)


def _parse(lines: Lines, file: str, delimiter: str | None) -> Raw:
    start = next((i for i, line in enumerate(lines) if line.strip("\r\n \t\ufeff,;")), None)
    if start is None:
        raise UserError("E104", file)
    if delimiter is None:
        delimiter = max(",;\t", key=lines[start].count)
    records = _records(lines, start, delimiter)
    first, end, header = next(records)
    if isinstance(header, Words):
        raise UserError("E106", f"{file}:{first + 1}", reason=header)
    if not lines.damaged.isdisjoint(range(end)):
        raise UserError("E106", f"{file}:{first + 1}", reason=REASONS["damaged"])
    names, unnamed = names_of(header, f"{file}:{first + 1}")
    rows = Rows(names)
    width = len(names)
    for first, end, row in records:
        damaged = lines.damaged and not lines.damaged.isdisjoint(range(first, end))
        if damaged or isinstance(row, Words):
            rows.reject(first + 1, row if isinstance(row, Words) else REASONS["damaged"], lines[first])
        elif len(row) == width and not any("\0" in value for value in row):
            if any(row):
                rows.add(first + 1, row)
        elif any(row):
            reason = REASONS["nul"] if len(row) == width else _ragged(len(row), width)
            rows.reject(first + 1, reason, lines[first])
    return Raw(rows.frame(), tuple(rows.rejected), lines.encoding, unnamed)


def _ragged(fields: int, width: int) -> Words:
    return Words(f"{fields} fields instead of {width}", f"有 {fields} 个字段，应为 {width} 个")


def _records(lines: Lines, start: int, delimiter: str) -> Iterator[tuple[int, int, list[str] | Words]]:
    """Yields (first line, line after the last, fields or why not), from line 0. A broken record costs one line."""
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        first = start
        try:
            for row in reader:
                end = start + reader.line_num
                if row:
                    yield first, end, row
                first = end
            return
        except csv.Error as error:
            yield first, first + 1, REASONS["huge" if "field limit" in str(error) else "quote"]
            start = first + 1


def names_of(header: Sequence[str], where: str) -> tuple[list[str], tuple[Finding, ...]]:
    """Column names of a header; one without a name is called `column 3`.

    Raises: UserError E105 for a name that stands there twice, E106 for too many, E107 for a name Zhinan needs itself.
    """
    if len(header) > MAX_COLUMNS:
        reason = Words(
            f"{len(header):,} columns, at most {MAX_COLUMNS:,}", f"{len(header):,} 列，最多 {MAX_COLUMNS:,} 列"
        )
        raise UserError("E106", where, reason=reason)
    names = [tidy(name) for name in header]
    empty = [i for i, name in enumerate(names) if not name]
    for i in empty:
        names[i] = f"column {i + 1}"
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        if name in seen:
            raise UserError("E105", where, name=name, first=seen[name] + 1, second=i + 1)
        if name in ("_row", "_line"):
            raise UserError("E107", where, name=name)
        seen[name] = i
    given = tuple(names[i] for i in empty)
    return names, (finding("unnamed_columns", len(given), given),) if given else ()
