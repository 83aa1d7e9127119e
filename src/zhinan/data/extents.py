"""What a spreadsheet would take to lay out, looked up in its bytes before calamine takes it: it ends when it cannot."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

__all__ = ["MOST_CELLS", "giant"]

MOST_CELLS = 10_000_000
"""Cells of a rectangle that is nearly empty; each takes 32 bytes and time, whatever the file."""

SPARSE = 16
"""A rectangle that has no more than this many cells for each filled one is as large as its content asks."""

Filled = tuple[int, Collection[int], Collection[int]]
"""Of a sheet: how many cells are filled, and the rows and columns in which any is."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOTHING = 0xFFFFFFFA
"""Numbers of sectors from here on are marks: none, end, table."""

_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,7})([0-9]{1,10})"[^>]*[^/]>')
_CHUNK = 4 << 20
_XLS_CELLS = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})
_XLSB_CELLS = range(2, 12)
_XLS_SHEET, _XLS_MANY = 0x0809, 0x00BD


def giant(path: Path) -> tuple[int, int] | None:
    """Rows and columns of a sheet that would take more memory than there is, though nearly all of it is empty.

    Raises: ValueError for a compound file that points outside of itself or runs in a circle.
    """
    for count, rows, columns in _sheets(path):
        if count:
            height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
            if height * width > max(MOST_CELLS, SPARSE * count):
                return height, width
    return None


def _sheets(path: Path) -> Iterator[Filled]:
    with path.open("rb") as file:
        compound = file.read(8) == _OLE
    if compound:
        yield from _of_records(_workbook(path.read_bytes()))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for member in packed.namelist():
                if member.startswith("xl/worksheets/") and member.endswith((".xml", ".bin")):
                    with packed.open(member) as sheet:
                        yield _of_binary(_whole(sheet)) if member.endswith(".bin") else _of_markup(sheet)


def _whole(sheet: IO[bytes]) -> bytes:
    """All of a member, whose length is not to be believed: to read it at once would take that much memory."""
    return b"".join(iter(lambda: sheet.read(_CHUNK), b""))


def _of_markup(sheet: IO[bytes]) -> Filled:
    """Of .xlsx: cells that say where they are, and are not empty."""
    count, rest = 0, b""
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        end = text.rfind(b"<")
        text, rest = (text[:end], text[end:]) if end >= 0 and len(text) - end < _CHUNK else (text, b"")
        found = _FILLED.findall(text)
        count += len(found)
        columns.update([letters for letters, _ in found])
        rows.update([digits for _, digits in found])
    return count, [int(digits) for digits in rows], [_column(letters) for letters in columns]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _of_binary(sheet: bytes) -> Filled:
    """Of .xlsb: a record is its kind and its length, seven bits a byte, then its content. Source: [MS-XLSB] 2.1.4."""
    count = at = row = 0
    rows: set[int] = set()
    columns: set[int] = set()
    while at + 6 <= len(sheet):
        kind, length = sheet[at], sheet[at + 1]
        at += 2
        if kind > 0x7F or length > 0x7F:
            kind, at = _seven(sheet, at - 2)
            length, at = _seven(sheet, at)
        if kind == 0:
            row = int.from_bytes(sheet[at : at + 4], "little")
        elif kind in _XLSB_CELLS:
            count += 1
            rows.add(row)
            columns.add(int.from_bytes(sheet[at : at + 4], "little"))
        at += length
    return count, rows, columns


def _seven(content: bytes, at: int) -> tuple[int, int]:
    """A number of which each byte holds seven bits, and where it ends."""
    number = shift = 0
    for byte in content[at : at + 4]:
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return number, at


def _of_records(book: bytes) -> Iterator[Filled]:
    """Of .xls: kind, length, content; each stretch between two beginnings is a sheet. Source: [MS-XLS] 2.4."""
    at, size, pair = 0, len(book), struct.Struct("<HH").unpack_from
    count, rows, columns = 0, set[int](), set[int]()
    while at + 4 <= size:
        kind, length = pair(book, at)
        at += 4
        if kind == _XLS_SHEET:
            yield count, rows, columns
            count, rows, columns = 0, set(), set()
        elif kind in _XLS_CELLS and length >= 4 and at + length <= size:
            row, column = pair(book, at)
            count += 1
            rows.add(row)
            columns.add(column)
            if kind == _XLS_MANY:
                columns.add(int.from_bytes(book[at + length - 2 : at + length], "little"))
        at += length
    yield count, rows, columns


def _workbook(content: bytes) -> bytes:
    """The stream of a compound file that holds the sheets, b"" for none. Source: [MS-CFB] 2."""
    if len(content) < 512:
        raise ValueError("no header")
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        raise ValueError("sectors of no known size")
    size = 1 << shift
    most = len(content) // size + 1
    counts = struct.unpack_from("<8I", content, 40)  # of the directory, the table, …
    if max(counts[0], counts[1], counts[6]) > most or struct.unpack_from("<I", content, 72)[0] > most:
        raise ValueError("more sectors than the file has")
    table = _table(content, size, most)
    directory = _chain(content, table, counts[2], size, most)
    _chain(content, table, counts[5], size, most)
    found = b""
    for i in range(0, len(directory) - 127, 128):
        kind, start, length = (directory[i + 66], *struct.unpack_from("<II", directory, i + 116))
        if kind not in (2, 5):
            continue
        if length > len(content) + size:
            raise ValueError("a stream longer than the file")
        if kind == 5 or length >= 4096:
            stream = _chain(content, table, start, size, most)[:length]
            name = directory[i : i + 64].decode("utf-16-le", "replace").partition("\0")[0]
            found = stream if name in ("Workbook", "Book") else found
    return found


def _table(content: bytes, size: int, most: int) -> tuple[int, ...]:
    """For each sector the one that follows it."""
    sectors = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    turns = 0
    while more < _NOTHING:
        turns += 1
        listed = struct.unpack(f"<{size // 4}I", _sector(content, more, size))
        sectors += listed[:-1]
        more = listed[-1]
        if turns > most:
            raise ValueError("a circle")
    held = b"".join(_sector(content, sector, size) for sector in sectors if sector < _NOTHING)
    return struct.unpack(f"<{len(held) // 4}I", held)


def _chain(content: bytes, table: tuple[int, ...], start: int, size: int, most: int) -> bytes:
    parts: list[bytes] = []
    while start < _NOTHING:
        if start >= len(table) or len(parts) > most:
            raise ValueError("a chain that leaves the file or runs in a circle")
        parts.append(_sector(content, start, size))
        start = table[start]
    return b"".join(parts)


def _sector(content: bytes, number: int, size: int) -> bytes:
    """One sector; of a file that is cut off in it, what is there."""
    begin = (number + 1) * size
    if begin > len(content):
        raise ValueError("a sector outside of the file")
    return content[begin : begin + size].ljust(size, b"\0")
