"""Parses delimited text strictly: a row that breaks the rules is rejected alone, reading goes on at the next line."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from zhinan.core import UserError, Words
from zhinan.data.decode import Block, Text
from zhinan.data.findings import finding
from zhinan.data.preamble import lines_above, more_names
from zhinan.data.style import Style, style_of
from zhinan.data.types import Finding, Raw, Reject
from zhinan.steps.mask import redact
from zhinan.steps.tidying import tidy

__all__ = ["MAX_COLUMNS", "MAX_FIELD", "REASONS", "RESERVED", "Rows", "names_of", "parse", "refuse_wide"]

MAX_COLUMNS = 10_000
MAX_FIELD = 1 << 20
"""Longest field, in characters."""

RESERVED = frozenset({"_row", "_line", "_member", "_file", "_part", "_unit"})
"""Names of columns that are ours."""

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r'\ufeff?"?sep=([^\r\n"])"?[,;]*[\r\n]*')
"""The line by which a file tells Excel what parts its fields."""

_CHUNK = 20_000
_EXCERPTS = 200
_LOOKED_AT = 300
"""Lines among which the names of the columns are looked for."""

REASONS = {
    "damaged": Words("not valid text in the file's encoding", "不是该文件编码的有效文本"),
    "nul": Words("contains a NUL byte", "含有 NUL 字节"),
    "quote": Words("quotes do not match", "引号不配对"),
    "huge": Words(f"a field is longer than {MAX_FIELD:,} characters", f"有字段超过 {MAX_FIELD:,} 个字符"),
}


class Rows:
    """Collects accepted rows, and rejected ones with a masked excerpt, until `take` hands them on."""

    def __init__(self, names: Sequence[str], encoding: str = "", member: str | None = None) -> None:
        self.names = list(names)
        self.encoding = encoding
        self.member = member
        self._rows: list[Sequence[str | None]] = []
        self._lines: list[int] = []
        self._rejected: list[Reject] = []
        self._refused = 0

    def add(self, line: int, row: Sequence[str | None]) -> None:
        """Takes a row that has one value for each name."""
        self._rows.append(row)
        self._lines.append(line)

    def reject(self, line: int, reason: Words, text: str = "") -> None:
        """Refuses a row; its beginning is masked before it is kept."""
        self._refused += 1
        few = self._refused <= _EXCERPTS
        excerpt = redact(tidy(text[:400]))[:80] if few else ""
        self._rejected.append(Reject(line, reason, excerpt, self.member or ""))

    @property
    def full(self) -> bool:
        """Whether it is time to take."""
        return len(self._rows) >= _CHUNK or len(self._rejected) >= _CHUNK

    @property
    def waiting(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._rows or self._rejected)

    def take(self, findings: tuple[Finding, ...] = ()) -> Raw:
        """What came since it was last taken."""
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(self.names)
        held = [pl.Series(name, values, pl.String) for name, values in zip(self.names, columns, strict=True)]
        raw = Raw(self.placed(held, self._lines), tuple(self._rejected), self.encoding, findings)
        self._rows, self._lines, self._rejected = [], [], []
        return raw

    def placed(self, columns: Sequence[pl.Series], lines: Sequence[int] | np.ndarray) -> pl.DataFrame:
        """Columns with the place of each row."""
        frame = pl.DataFrame([*columns, pl.Series("_line", lines, pl.UInt32)])
        return frame if self.member is None else frame.with_columns(pl.lit(self.member).alias("_member"))


def parse(path: Path, delimiter: str | None = None, encoding: str | None = None) -> Iterator[Raw]:
    """Reads a delimited file with a header, a stretch at a time.

    Args: delimiter: None takes the one that a first line `sep=` says, else whichever of `,` `;` tab and `|` the header
        holds most. encoding: as `Text` takes it.
    Raises: UserError E103 encoding, E104 empty, E105–E107 header.
    """
    text = Text(path, encoding)
    feed = _Feed(text.blocks())
    limit = csv.field_size_limit(MAX_FIELD)
    try:
        style, names, findings = _header(feed, path.name, delimiter)
        rows = Rows(names, text.encoding)
        yield rows.take(findings)
        yield from _stretches(feed, rows, style)
    finally:
        csv.field_size_limit(limit)


class _Line(NamedTuple):
    number: int
    text: str
    damaged: bool


class _Feed:
    """Gives the csv module one line after another, and remembers those of the record it is in."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self.waiting: deque[_Line] = deque()
        self.held: list[_Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self.waiting:
            self.open(next(self._blocks))
        self.held.append(self.waiting.popleft())
        return self.held[-1].text

    def block(self) -> Block | None:
        """The next one, uncut; None at the end."""
        return next(self._blocks, None)

    def open(self, block: Block) -> None:
        """Cuts a block into lines."""
        self.waiting.extend(_Line(block.first + i, text, i in block.damaged) for i, text in enumerate(block.lines()))

    def taken(self) -> list[_Line]:
        """The lines of the record that ended."""
        held, self.held = self.held, []
        return held

    def back(self) -> _Line:
        """Gives back all lines of a record that is broken but its first, which is returned."""
        first, *others = self.taken()
        self.waiting.extendleft(reversed(others))
        return first


def _header(feed: _Feed, file: str, delimiter: str | None) -> tuple[Style, list[str], tuple[Finding, ...]]:
    for line in feed:
        if said := _SEPARATOR.fullmatch(line):
            delimiter = delimiter or said[1]
        elif line.strip("\r\n \t\ufeff,;|"):
            break
    else:
        raise UserError("E104", file)
    feed.waiting.appendleft(feed.held[-1])
    feed.held.clear()
    above, parted = lines_above([line.text for line in islice(feed.waiting, _LOOKED_AT)], delimiter or _DELIMITERS)
    passed = [feed.waiting.popleft().text for _ in range(above)]
    first = feed.waiting[0]
    delimiter = delimiter or parted or max(_DELIMITERS, key=first.text.count)
    where = f"{file}:{first.number}"
    style = style_of([line.text for line in islice(feed.waiting, _LOOKED_AT)], delimiter)
    lines, header = next(_records(feed, style))
    if isinstance(header, Words):
        raise UserError("E106", where, reason=header)
    if any(line.damaged for line in lines):
        raise UserError("E106", where, reason=REASONS["damaged"])
    header, more = more_names(header, style.beginning([line.text for line in islice(feed.waiting, _LOOKED_AT)]))
    for _ in range(more):
        next(_records(feed, style))
    names, findings = names_of(header, where)
    if more:
        findings = (*findings, finding("more_names", more))
    if passed:
        shown = [line.strip(" \r\n,;\t|") for line in passed]
        findings = (*findings, finding("preamble", len(passed), filter(None, shown)))
    if style.escape:
        findings = (*findings, finding("escaped_quotes", 1))
    return style, names, findings


def _stretches(feed: _Feed, rows: Rows, style: Style) -> Iterator[Raw]:
    """Block by block, quickly where nothing in it is quoted or damaged, else record by record."""
    width = len(rows.names)
    while True:
        if not feed.waiting:
            block = feed.block()
            if block is None:
                break
            quick = _quick(block, style, rows)
            if quick is not None:
                if rows.waiting:
                    yield rows.take()
                yield Raw(quick, (), rows.encoding)
                continue
            feed.open(block)
        for lines, row in _records(feed, style):
            _judge(lines, row, width, rows)
            if rows.full:
                yield rows.take()
            if not feed.waiting:
                break
    if rows.waiting:
        yield rows.take()


def _judge(lines: list[_Line], row: list[str] | Words, width: int, rows: Rows) -> None:
    number, text, _ = lines[0]
    if (
        isinstance(row, list) and len(row) == width + 1 and not row[-1]
    ):  # some write a delimiter behind the last field too
        row = row[:-1]
    if isinstance(row, Words):
        rows.reject(number, row, text)
    elif any(line.damaged for line in lines):
        rows.reject(number, REASONS["damaged"], text)
    elif len(row) == width and not any("\0" in value for value in row):
        if any(row):
            rows.add(number, row)
    elif any(row):
        rows.reject(number, REASONS["nul"] if len(row) == width else _ragged(len(row), width), text)


def _ragged(fields: int, width: int) -> Words:
    return Words(f"{fields} fields instead of {width}", f"有 {fields} 个字段，应为 {width} 个")


def _records(feed: _Feed, style: Style) -> Iterator[tuple[list[_Line], list[str] | Words]]:
    """Yields the lines of a record with its fields or why not. A broken record costs its first line alone."""
    while True:
        try:
            for row in style.records(feed):
                lines = feed.taken()
                if row:
                    yield lines, row
            return
        except csv.Error as error:
            yield [feed.back()], REASONS["huge" if "field limit" in str(error) else "quote"]


def _quick(block: Block, style: Style, rows: Rows) -> pl.DataFrame | None:
    """The rows of a block in which every line is one record of the right width; None when that is not sure.

    Without quotes, NUL or empty lines, and with as many delimiters in every line, to cut at them is all there is to
    the format, so that polars may do it.
    """
    content = block.content
    if block.damaged or b'"' in content or b"\0" in content or not block.plain or content.startswith(b"\xef\xbb\xbf"):
        return None
    if style.blanks or (style.escape and style.escape.encode() in content):
        return None
    content = content.replace(b"\r\n", b"\n")
    if not content.endswith(b"\n"):
        content += b"\n"
    marks = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(marks == ord("\n"))
    lengths = np.diff(ends, prepend=-1) - 1
    width = len(rows.names)
    if lengths.min() < width or lengths.max() > MAX_FIELD:  # shorter: nothing but delimiters
        return None
    within = np.searchsorted(np.flatnonzero(marks == ord(style.delimiter)), ends)
    if (np.diff(within, prepend=0) != width - 1).any():
        return None
    frame = pl.read_csv(
        io.BytesIO(content),
        has_header=False,
        new_columns=rows.names,
        separator=style.delimiter,
        quote_char=None,
        infer_schema=False,
    ).fill_null("")
    if frame.shape != (len(ends), width):
        raise AssertionError("rows were cut where there was no need")
    return rows.placed(frame.get_columns(), np.arange(block.first, block.first + len(ends), dtype=np.uint32))


def refuse_wide(columns: int, where: str) -> None:
    """Raises UserError E106 for too many columns."""
    if columns > MAX_COLUMNS:
        reason = Words(f"{columns:,} columns, at most {MAX_COLUMNS:,}", f"{columns:,} 列，最多 {MAX_COLUMNS:,} 列")
        raise UserError("E106", where, reason=reason)


def names_of(header: Sequence[str], where: str) -> tuple[list[str], tuple[Finding, ...]]:
    """Column names of a header; one without a name is called `column 3`.

    Raises: UserError E105 for a name that stands there twice, E106 for too many, E107 for a name Zhinan needs itself.
    """
    refuse_wide(len(header), where)
    names = [tidy(name) for name in header]
    empty = [i for i, name in enumerate(names) if not name]
    for i in empty:
        names[i] = f"column {i + 1}"
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        if name in seen:
            raise UserError("E105", where, name=redact(name), first=seen[name] + 1, second=i + 1)
        if name in RESERVED:
            raise UserError("E107", where, name=name)
        seen[name] = i
    given = tuple(names[i] for i in empty)
    return names, (finding("unnamed_columns", len(given), given),) if given else ()
