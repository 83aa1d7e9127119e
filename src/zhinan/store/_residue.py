"""Overwrites what SQLite leaves of old rows in the unused middle of its pages.

`secure_delete` zeroes a row where it is when it goes. Where a page was once split or joined with its neighbours, copies
of rows that moved stay between the page's list of cells and its cells, in bytes that mean nothing to SQLite (its file
format, section 1.6). This file is run as a program of its own: a process that closes a database file loses all locks on
it. It is told slices, one a line, and answers each when its bytes are on disk. Who asks holds the write lock meanwhile,
with an empty log: nobody then reads or writes these bytes, and whatever else stands in the pages is left alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["Residue"]

_MAGIC = b"SQLite format 3\0"
_POINTERS = {2: 12, 5: 12, 10: 8, 13: 8}
"""First byte of a page of a B-tree → where its list of cells begins."""

_MOST_PAGES = 0x02000000
"""With more, the first byte of an overflow page could be taken for that of a B-tree."""


class Residue:
    """The file of a database, page by page.

    Raises: ValueError for a file whose pages cannot be told apart.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = file.read(100)
        size = int.from_bytes(head[16:18], "big")
        self.page = 65_536 if size == 1 else size
        self._usable = self.page - head[20] if len(head) == 100 else 0
        self.pages = os.fstat(file.fileno()).st_size // self.page if self.page else 0
        auto_vacuum = any(head[52:56])
        if not head.startswith(_MAGIC) or auto_vacuum or not 0 < self.pages < _MOST_PAGES:
            raise ValueError("not a database whose pages can be told apart")

    def overwrite(self, first: int, count: int) -> int:
        """Zeroes the unused middle of pages, the first is 0, and waits for the disk; how many had something there."""
        self._file.seek(first * self.page)
        content = self._file.read(count * self.page)
        found = 0
        for place in range(0, len(content) - self.page + 1, self.page):
            start, end = self._middle(content, place, 100 if first + place == 0 else 0)
            if content.count(0, start, end) < end - start:
                self._file.seek(first * self.page + start)
                self._file.write(bytes(end - start))
                found += 1
        if found:
            os.fsync(self._file.fileno())
        return found

    def _middle(self, content: bytes, place: int, head: int) -> tuple[int, int]:
        """Where the unused middle of a page begins and ends; nowhere in a page of another kind."""
        start = place + head
        if (pointers := _POINTERS.get(content[start])) is None:
            return place, place
        cells = int.from_bytes(content[start + 3 : start + 5], "big")
        end = int.from_bytes(content[start + 5 : start + 7], "big") or 65_536
        begin = head + pointers + 2 * cells
        return (place + begin, place + end) if begin <= end <= self._usable else (place, place)


def _told() -> Iterator[list[int]]:
    for line in sys.stdin:
        yield [int(number) for number in line.split()]


def _main() -> None:
    with open(sys.argv[1], "r+b", buffering=0) as file:
        residue = Residue(file)
        print(residue.pages, residue.page, flush=True)
        for first, count in _told():
            print(residue.overwrite(first, count), flush=True)


if __name__ == "__main__":
    _main()
