"""Finds the names of the columns below what some exports write above them: a title, a period, an account."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence

__all__ = ["is_title", "lines_above", "more_names"]

MOST = 50
"""Rows that may stand above."""

_ALIKE, _FOLLOWING = 0.9, 3
"""Share of the rows below that are as wide as the names, and how many there have to be."""
_LONGEST = 80
_NO_NAME = re.compile(r"[+-]?[0-9]*[.,:/ -]?[0-9.,:/ -]*%?")


def lines_above(lines: Sequence[str], delimiters: str) -> tuple[int, str]:
    """How many of the first lines stand above the names of the columns, and what parts the fields; (0, "") where the
    first line is not surely above them.

    Every row above has one value, or fills no more than a third of the table, which has at least three columns (those
    that most rows leave empty at their end are none), and what is taken for names is full, of different short words
    none of which is a value of its column, and as wide as nearly all rows below.

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
    full = _usual(len(_trimmed(row)) for row in rows if any(row))
    for place, row in enumerate(rows[:MOST]):
        if not is_title(row, full):
            below = rows[place + 1 :]
            alike = sum(len(one) == wide for one in below)
            named = place > 0 and len(row) == wide and _are_names(row) and not _is_example(row, below)
            if named and alike >= max(_FOLLOWING, _ALIKE * len(below)):
                return ends[place - 1], delimiter
            break
    return 0, ""


def more_names(names: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The names of the columns with what more rows say of them, as exports of surveys have it, and how many rows do.

    One row that fills the gaps which the first leaves before its last name, with different words, and leaves gaps where
    that has names: the answers to the question at the left. A single gap shows it only where rows choose the option by
    its name. Or two rows, of questions and of Qualtrics' ids.

    Args: names: the first row. below: the rows behind it.
    """
    if len(below) > 1 and below[1] and all(text.startswith('{"ImportId"') for text in below[1]):
        return list(names), 2
    first, second = ([text.strip() for text in row] for row in (names, below[0] if below else ()))
    if len(second) != len(first) or len(below) <= _FOLLOWING:
        return list(names), 0
    last = max((place for place, name in enumerate(first) if name), default=0)
    gaps = [place for place in range(last) if not first[place]]
    words = [second[place] for place in gaps]
    options = {*gaps, *(place - 1 for place in gaps)}  # whose cells hold the option's name again
    others = [[text for place, text in enumerate(row) if place not in options] for row in below]
    full = gaps and all(words) and len({*words}) == len(words)
    if (
        not full
        or not first[0]
        or (len(gaps) == 1 and not _are_chosen(below, gaps[0]))
        or any(map(_NO_NAME.fullmatch, filter(None, second)))
        or all(second)
        or _is_example(others[0], others[1:])
    ):
        return list(names), 0
    made, question = [], ""
    for place, (name, said) in enumerate(zip(first, second, strict=True)):
        question = name or question
        made.append(f"{question} / {said}" if said and place in options else question)
    return made, 1


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
    return ends, rows, _usual(len(row) for row in rows if row)


def _usual(widths: Iterable[int]) -> int:
    """The most frequent one; 0 of none."""
    return next((width for width, _ in Counter(widths).most_common(1)), 0)


def _trimmed(row: Sequence[str]) -> list[str]:
    """Its values up to the last one that is not empty, stripped."""
    texts = [text.strip() for text in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _is_example(row: Sequence[str], below: Iterable[Sequence[str]]) -> bool:
    """Whether it has a value that its column has again below."""
    return any(text.strip() and text == other for one in below for text, other in zip(row, one, strict=False))


def _are_chosen(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column, and the one at its left, hold what the first row has there or nothing, and do so again."""
    pairs = [tuple(text.strip() for text in row[place - 1 : place + 1]) for row in rows]
    named, again = pairs[0], {text for pair in pairs[1:] for text in pair[1:]}
    return named[1] in again and all(
        text in ("", name) for pair in pairs for text, name in zip(pair, named, strict=False)
    )


def _are_names(row: Sequence[str]) -> bool:
    """Whether a row holds different short words, and no sentence that its commas part."""
    texts = _trimmed(row)  # some write a delimiter behind the last column too
    sentence = all(text.startswith(" ") for text in row[1:])
    short = all(text and len(text) <= _LONGEST and not _NO_NAME.fullmatch(text) for text in texts)
    return short and not sentence and len({*texts}) == len(texts) > 1
