"""Rows from strangers, as they stream in: JSON lines read strictly, or CSV with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, NoReturn

from zhinan.core import UserError, Words
from zhinan.serve.body import read_json
from zhinan.serve.settings import Limits

__all__ = ["KINDS", "Rows"]

KINDS = {
    b"application/jsonl": "jsonl",
    b"application/x-ndjson": "jsonl",
    b"application/x-jsonlines": "jsonl",
    b"text/csv": "csv",
}
"""Content type → how rows are written."""


class Rows:
    """Takes parts of a body, wherever they are cut, and gives the rows that are complete. Empty lines are none.

    Args: kind: "jsonl" or "csv". In CSV an empty field is a missing value.
    """

    def __init__(self, kind: str, limits: Limits) -> None:
        self._csv = kind == "csv"
        self._limits = limits
        self._rest = b""
        self._pending = b""  # a record of CSV whose quotes are still open
        self._line = 0
        self._began = 1
        self.header: list[str] | None = None

    def feed(self, part: bytes) -> Iterator[dict[str, Any]]:
        """The rows that end in this part.

        Raises: UserError E478 for a line that is no row, E469 for one that is too long.
        """
        lines = (self._rest + part).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            yield from self._record(line)
        if len(self._rest) + len(self._pending) > self._limits.body:
            raise UserError("E469", limit=self._limits.body)

    def end(self) -> Iterator[dict[str, Any]]:
        """The last row, if it has no line break. Raises: as `feed`."""
        if self._rest:
            yield from self._record(self._rest)
        if self._pending:
            self._refuse(Words("a quote is never closed", "引号未闭合"))

    def _record(self, line: bytes) -> Iterator[dict[str, Any]]:
        self._line += 1
        if not self._pending:
            self._began = self._line
        record = self._pending + line
        if self._csv and record.count(b'"') % 2:
            self._pending = record + b"\n"
            return
        self._pending = b""
        if len(record) > self._limits.body:
            raise UserError("E469", limit=self._limits.body)
        if record.strip():
            row = self._of_csv(record) if self._csv else self._of_json(record)
            if row is not None:
                yield row

    def _of_json(self, record: bytes) -> dict[str, Any]:
        try:
            row = read_json(record, self._limits.depth)
        except UserError as error:
            self._refuse(error.values["reason"])
        if not isinstance(row, dict):
            self._refuse(Words("it is not an object", "不是对象"))
        return row

    def _of_csv(self, record: bytes) -> dict[str, Any] | None:
        try:
            text = record.decode()
            fields = next(csv.reader([text.removesuffix("\r")], strict=True))
        except UnicodeError:
            self._refuse(Words("not valid Unicode", "不是有效的 Unicode"))
        except csv.Error:
            self._refuse(Words("it cannot be parsed", "无法解析"))
        if self.header is None:
            fields[0] = fields[0].removeprefix("\ufeff")
            if len(set(fields)) < len(fields):
                self._refuse(Words("a column stands twice", "有重复的列"))
            self.header = fields
            return None
        if len(fields) != len(self.header):
            many, wanted = len(fields), len(self.header)
            self._refuse(Words(f"it has {many} fields, the header {wanted}", f"有 {many} 列，表头有 {wanted} 列"))
        return {name: field if field != "" else None for name, field in zip(self.header, fields, strict=True)}

    def _refuse(self, reason: Any) -> NoReturn:
        raise UserError("E478", line=self._began, reason=reason) from None
