"""Tables inside a text: below a line that names columns each cell is what its column is called."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from zhinan.steps.held import fits, holders
from zhinan.steps.masks._spans import Span

__all__ = ["tabulated"]

_SIGNS = "|\t;,"
"""What parts cells; of a line that has several the first of these."""
_NUMBER = re.compile("[0-9]{3}")
"""What stands in no column's name."""
_SPACED = re.compile("[一-龥]{2,8}(?: [一-龥]{2,8}){2,}")
"""Names of columns that only spaces part, as in 中文."""
_TITLE = 40
"""Letters of a column's name at most."""
_QUOTED = re.compile(r"(?<![^|\t;, ])(?:\"[^\"]*(?:\"|$))+")
"""A cell in quotes, "" within them being one (RFC 4180), or the first line of one that goes on in the next."""
_WORD = re.compile(r"(?:[^\W一-龥]|[.#-])+|(?:(?![了我你您他她它吗呢啊吧的是在就都也不没忘])[一-龥]){2,6}\d*")
"""One word: what names one of two columns as no sentence would."""

_held = lru_cache(1 << 9)(holders.__wrapped__)  # the words are a stranger's: no more of them may stay than these


def tabulated(text: str, masks: Collection[str]) -> dict[str, list[Span]]:
    """Mask → the cells of columns that are called after it, in lines of as many cells as the line that names them.

    A cell in quotes may hold what parts cells. Lines of another number of cells are passed over; an empty one ends the
    table, and so do two that have nothing to part; among cells that spaces part each line of another number does.

    Args: text: narrow. masks: which of them are asked for.
    """
    found: dict[str, list[Span]] = {}
    if "\n" not in text:
        return found
    wanted = frozenset(masks)
    columns: list[frozenset[str]] = []
    sign, at = "", 0
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        cells = _cells(line, sign)
        if columns and len(cells) == len(columns):
            for held, (start, end) in zip(columns, cells, strict=True):
                value = line[start:end].strip().strip("\"'")
                first = at + line.index(value, start)
                for mask in held & wanted:
                    if fits(value, mask):
                        found.setdefault(mask, []).append((first, first + len(value)))
        elif named := _named(line, following):
            sign, columns = named
        elif not line.strip() or sign == " " or max(len(cells), len(_cells(following, sign))) < 2:
            sign, columns = "", []
        at += len(line) + 1
    return found


def _cells(line: str, sign: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand; none without what parts them."""
    if not sign:
        return []
    found, start = [], 0
    for part in _bare(line, sign).split(sign):
        found.append((start, start + len(part)))
        start += len(part) + 1
    return found


def _bare(line: str, sign: str) -> str:
    """A line without the signs that stand in quotes, as long as before."""
    return _QUOTED.sub(lambda quoted: quoted[0].replace(sign, "\0"), line) if '"' in line else line


def _named(line: str, following: str) -> tuple[str, list[frozenset[str]]] | None:
    """What parts the cells of a table and the masks its columns are called after; None for a line that names none."""
    sign = next((sign for sign in _SIGNS if sign in _bare(line, sign)), "") or (" " if _SPACED.fullmatch(line) else "")
    titles = [line[start:end].strip("\r") for start, end in _cells(line, sign)]
    if not titles or len(titles) != len(_cells(following, sign)) or _NUMBER.search(line):
        return None
    if any(len(title) > _TITLE for title in titles):
        return None
    columns = [_held(title.strip().strip("\"'")) for title in titles]
    sentence = len(titles) == 2 and sign in ";," and not all(map(_is_word, titles, columns))
    return (sign, columns) if any(columns) and (all(columns) or not sentence) else None


def _is_word(title: str, held: Collection[str]) -> bool:
    """Whether a title is one word, right behind what parts it unless it is called after a mask: "password, sorry"."""
    return bool(_WORD.fullmatch((title.strip() if held else title).strip("\"'")))
