"""Reads a sheet of a spreadsheet: Excel old and new, and OpenDocument."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from zhinan.core import UserError, register, suggest

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from zhinan.data.covered import Merges
    from zhinan.data.delimited import Rows
    from zhinan.data.types import Raw

__all__ = ["excel"]

HEADER_ROWS = 5
"""Most rows that merged cells may make one header of."""

_LOOKED_AT = 20
"""Rows that tell how many values one has."""


@register("reader", "excel", suffixes=(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), magic=("excel",))
def excel(path: Path, *, sheet: str | None = None) -> Iterator[Raw]:
    """A sheet of a spreadsheet; without `sheet` the first that holds anything, and the others are named in a finding.

    The header may stand in several rows joined by merged cells ("a / b"). Dates are dates, a formula is the value
    that was last computed; macros and links are never followed. A row's line is its row in the sheet. Below the header
    each row of cells merged down a column has their value, which a finding says; in .xlsb they are not seen.

    Raises: UserError E132 for a damaged or protected file, E135 without such a sheet, E147 where a value far from the
        table makes it too large to lay out, E104–E107 without usable columns.
    Source: calamine, which reads the cached values.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    from zhinan.data.covered import merged_in
    from zhinan.data.delimited import Rows, names_of, refuse_wide
    from zhinan.data.extents import giant
    from zhinan.data.findings import finding
    from zhinan.data.formats import decoding
    from zhinan.steps.mask import redact

    damage = (
        OSError,
        ValueError,
        OverflowError,
        IndexError,
        RuntimeError,
        EOFError,
        BadZipFile,
        zlib.error,
        ExpatError,
    )
    with decoding(path.name, CalamineError, *damage):
        merged = merged_in(path)
        if (size := giant(path)) is not None:
            raise UserError("E147", path.name, rows=f"{size[0]:,}", columns=f"{size[1]:,}")
        book = CalamineWorkbook.from_path(path)
        table, others = _choose(book, sheet, path.name)
        start = table.start or (0, 0)
        refuse_wide(table.width, f"{path.name}:{start[0] + 1}")
        merges = table.merged_cell_ranges or merged.get(table.name, [])
        cells = _rows(table)
        first = list(islice(cells, _LOOKED_AT))
        cells = chain(first, cells)
        header, number, titles = _header(cells, merges, start[1], _fullest(first), path.name)
        names, findings = names_of(header, f"{path.name}:{number}")
        if titles:
            findings = (*findings, finding("preamble", len(titles), titles))
        if others:
            findings = (*findings, finding("other_sheets", len(others), others, name=redact(table.name)[:40]))
        rows = Rows(names)
        yield rows.take(findings)
        filled: Counter[int] = Counter()
        yield from _body(_filled(cells, merges, start[1], filled), table.width, rows, filled, path)


def _body(
    cells: Iterator[tuple[int, list[Any]]], width: int, rows: Rows, filled: Counter[int], path: Path
) -> Iterator[Raw]:
    """The rows below the header, and what is to say of them. Args: filled: as `_filled` counts."""
    from zhinan.data.findings import finding
    from zhinan.data.formulas import uncomputed

    empty, seen = [""] * width, set[int]()
    for line, values in cells:
        if values != empty:
            if len(seen) < width:
                seen.update(column for column, value in enumerate(values) if value != "")
            _take(rows, line, [_text(value) for value in values])
            if rows.full:
                yield rows.take()
    shown = [f"{rows.names[column]}: {n:,}" for column, n in filled.most_common() if column < len(rows.names)]
    said = (finding("merged_cells", filled.total(), shown),) if filled else ()
    if len(seen) < width and (formulas := uncomputed(path)):
        letters = [f"{column}: {n:,}" for column, n in formulas.most_common()]
        said = (*said, finding("uncomputed_formulas", formulas.total(), letters))
    if rows.waiting or said:
        yield rows.take(said)


def _take(rows: Any, line: int, row: list[str | None]) -> None:
    from zhinan.data.delimited import MAX_FIELD, REASONS

    if not any(row):
        return
    texts = [value for value in row if value]
    reason = "nul" if any("\0" in v for v in texts) else "huge" if any(len(v) > MAX_FIELD for v in texts) else None
    if reason:
        rows.reject(line, REASONS[reason], " ".join(texts)[:400])
    else:
        rows.add(line, row)


def _choose(book: CalamineWorkbook, wanted: str | None, file: str) -> tuple[CalamineSheet, list[str]]:
    from python_calamine import SheetTypeEnum

    names = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    if wanted is not None:
        if wanted not in names:
            raise UserError("E135", file, name=wanted, suggestion=suggest(wanted, names))
        return book.get_sheet_by_name(wanted), []
    filled = [sheet for sheet in map(book.get_sheet_by_name, names) if sheet.height]
    if not filled:
        raise UserError("E104", file)
    return filled[0], [sheet.name for sheet in filled[1:]]


def _rows(table: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    first = (table.start or (0, 0))[0] + 1
    rows = table.to_python(skip_empty_area=True) if table.height else []
    yield from enumerate(rows, first)


def _fullest(rows: Iterable[tuple[int, list[Any]]]) -> int:
    """How many values a row has at most."""
    return max((sum(value != "" for value in values) for _, values in rows), default=0)


def _header(
    cells: Iterator[tuple[int, list[Any]]], merges: Merges, left: int, full: int, file: str
) -> tuple[list[str], int, list[str]]:
    """The names of the columns, the row where they begin, and the titles above, which are passed over: each is merged,
    or stands alone above rows of three values or more."""
    titles: list[str] = []
    for number, values in cells:
        texts = [_text(value) or "" for value in values]
        filled = [text for text in texts if text.strip()]
        wide = [m for m in merges if m[0][0] == number - 1 and m[1][1] > m[0][1]]
        if not filled or (len(filled) == 1 < len(texts) and (wide or full > 2)):
            titles += filled
            continue
        last = max([number, *(m[1][0] + 1 + (m[1][1] > m[0][1] and m[0][0] == m[1][0])
                              for m in merges if m[0][0] == number - 1)])  # fmt: skip
        levels = [_spread(texts, number, merges, left)]
        for _ in range(min(last - number, HEADER_ROWS - 1)):
            below, more = next(cells, (0, []))
            levels.append(_spread([_text(value) or "" for value in more], below, merges, left))
        names = [" / ".join(dict.fromkeys(t for t in column if t)) for column in zip(*levels, strict=True)]
        return names, number, titles
    raise UserError("E104", file)


def _spread(texts: list[str], number: int, merges: Merges, left: int) -> list[str]:
    """A row of the header in which each cell of a merged range holds the range's text."""
    held = [text.strip() for text in texts]
    for (top, first), (_, last) in merges:
        if top == number - 1:
            for column in range(max(first - left, 0), min(last - left + 1, len(held))):
                held[column] = held[first - left] if 0 <= first - left < len(held) else held[column]
    return held


def _filled(
    cells: Iterator[tuple[int, list[Any]]], merges: Merges, left: int, filled: Counter[int]
) -> Iterator[tuple[int, list[Any]]]:
    """Rows in which every cell of a range merged down one column holds the range's value; a row of none stays empty.

    Args: filled: counts these cells, by column.
    """
    down: dict[int, list[tuple[int, int]]] = {}
    for (top, first), (bottom, last) in merges:
        if first == last and top < bottom:
            down.setdefault(top + 1, []).append((first - left, bottom + 1))
    held: dict[int, tuple[Any, int]] = {}
    for line, values in cells:
        if any(value != "" for value in values):
            for column, (value, end) in held.items():
                if line <= end and values[column] == "":
                    values[column] = value
                    filled[column] += 1
            for column, end in down.get(line, ()):
                if 0 <= column < len(values) and values[column] != "":
                    held[column] = (values[column], end)
        yield line, values


def _text(value: Any) -> str | None:
    if value.__class__ is str:
        return value or None
    from zhinan.steps.values.written import text_of

    return text_of(value) or None
