"""Finds the names of the columns below what some exports write above them: a title, a period, an account."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["is_title", "lines_above"]

MOST = 50
"""Rows that may stand above."""

_ALIKE, _FOLLOWING = 0.9, 3
"""Share of the rows below that are as wide as the names, and how many there have to be."""
_LONGEST = 80
_NO_NAME = re.compile(r"[+-]?[0-9]*[.,:/ -]?[0-9.,:/ -]*%?")


def lines_above(lines: Sequence[str], delimiters: str) -> tuple[int, str]:
    """How many of the first lines stand above the names of the columns, and what parts the fields; (0, "") where the
    first line is not surely above them.

    Every row above has one value, or fills no more than a third of the table, which has at least three columns, and
    what is taken for names is full, of different short words and as wide as nearly all rows below.

    So do lines that begin with "#" and are not as wide as the table, which may have two columns then.

    Args: lines: of the beginning of a file. delimiters: what may part fields.
    """
    said = next((i for i, line in enumerate(lines) if not line.startswith("#")), 0)
    if said and (mark := _commented(lines, said, delimiters)):
        more, delimiter = lines_above(lines[said:], delimiters)
        return said + more, delimiter or mark
    found = [(sum(width == wide for width in map(len, rows)), delimiter, ends, rows, wide)
             for delimiter in delimiters for ends, rows, wide in [_rows(lines, delimiter)] if wide >= 3]  # fmt: skip
    if not found:
        return 0, ""
    _, delimiter, ends, rows, wide = max(found, key=lambda one: one[0])
    for place, row in enumerate(rows[:MOST]):
        if not is_title(row, wide):
            below = rows[place + 1 :]
            alike = sum(len(one) == wide for one in below)
            named = place > 0 and len(row) == wide and row not in below and _are_names(row)
            if named and alike >= max(_FOLLOWING, _ALIKE * len(below)):
                return ends[place - 1], delimiter
            break
    return 0, ""


def _commented(lines: Sequence[str], said: int, delimiters: str) -> str:
    """What parts the fields of a table below so many comments; "" where these are rows, or names, of it."""
    widths = {mark: _rows(lines[said:], mark)[2] for mark in delimiters}
    mark = max(delimiters, key=lambda one: widths[one])
    return mark if widths[mark] > 1 and all(line.count(mark) + 1 != widths[mark] for line in lines[:said]) else ""


def is_title(row: Sequence[str], wide: int) -> bool:
    """Whether a row is no row of a table so wide: it has one value, or fills no more than a third of it."""
    filled = sum(bool(text.strip()) for text in row)
    return filled <= max(1, wide // 3)


def _rows(lines: Sequence[str], delimiter: str) -> tuple[list[int], list[list[str]], int]:
    """Rows, the lines at which each ends, and how wide most are; nothing where quotes do not match."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    ends, rows = [], []
    try:
        for row in reader:
            ends.append(reader.line_num)
            rows.append(row)
    except csv.Error:  # the last one may be cut
        pass
    widths = Counter(len(row) for row in rows if row)
    return ends, rows, widths.most_common(1)[0][0] if widths else 0


def _are_names(row: Sequence[str]) -> bool:
    """Whether a row holds different short words, and no sentence that its commas part."""
    texts = [text.strip() for text in row]
    while texts and not texts[-1]:  # some write a delimiter behind the last column too
        texts.pop()
    sentence = all(text.startswith(" ") for text in row[1:])
    short = all(text and len(text) <= _LONGEST and not _NO_NAME.fullmatch(text) for text in texts)
    return short and not sentence and len({*texts}) == len(texts) > 1
