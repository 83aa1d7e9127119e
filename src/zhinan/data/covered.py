"""Which cells of an OpenDocument spreadsheet are merged, which calamine does not tell."""

from __future__ import annotations

from pathlib import Path
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile, is_zipfile

__all__ = ["Merges", "merged_in"]

Merges = list[tuple[tuple[int, int], tuple[int, int]]]
"""Ranges of cells, each by its first and its last row and column, from 0."""

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "


def merged_in(path: Path) -> dict[str, Merges]:
    """The merged ranges of each sheet, by its name; nothing for other formats.

    All of the file is parsed: calamine would look for ever for the end of one that breaks off.

    Raises: ExpatError, BadZipFile and ValueError for a damaged file.
    Source: OpenDocument 1.3 part 3, 9.1.4: table:number-rows-spanned and table:number-columns-spanned.
    """
    if not is_zipfile(path):
        return {}
    with ZipFile(path) as packed:
        if "content.xml" not in packed.namelist():
            return {}
        book, parser = _Book(), ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = book.begin, book.end
        with packed.open("content.xml") as content:
            parser.ParseFile(content)
    return book.merged


class _Book:
    """Counts rows and cells as they come; one may stand for many alike."""

    def __init__(self) -> None:
        self.merged: dict[str, Merges] = {}
        self._ranges: Merges = []
        self._row = self._column = self._rows = 0

    def begin(self, name: str, said: dict[str, str]) -> None:
        if name == _TABLE + "table":
            self._ranges = self.merged.setdefault(said.get(_TABLE + "name", ""), [])
            self._row = 0
        elif name == _TABLE + "table-row":
            self._column, self._rows = 0, int(said.get(_TABLE + "number-rows-repeated", 1))
        elif name in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            down, right = (int(said.get(f"{_TABLE}number-{way}-spanned", 1)) for way in ("rows", "columns"))
            if down > 1 or right > 1:
                self._ranges.append(
                    ((self._row, self._column), (self._row + down - 1, self._column + right - 1)),
                )
            self._column += int(said.get(_TABLE + "number-columns-repeated", 1))

    def end(self, name: str) -> None:
        if name == _TABLE + "table-row":
            self._row += self._rows
