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

_held = lru_cache(1 << 9)(holders.__wrapped__)  # the words are a stranger's: no more of them may stay than these


def tabulated(text: str, masks: Collection[str]) -> dict[str, list[Span]]:
    """Mask → the cells of columns that are called after it, in lines of as many cells as the line that names them.

    Args: text: narrow. masks: which of them are asked for.
    """
    found: dict[str, list[Span]] = {}
    if "\n" not in text:
        return found
    columns: list[frozenset[str]] = []
    sign, at = "", 0
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        parts = line.split(sign) if sign else []
        if len(parts) != len(columns) or not parts:
            sign = next((sign for sign in _SIGNS if sign in line), "") or (" " if _SPACED.fullmatch(line) else "")
            titles = line.split(sign) if sign and following.count(sign) == line.count(sign) else []
            columns = [_held(title.strip().strip("\"'")) for title in titles if len(title) <= _TITLE]
            if len(columns) != len(titles) or not any(columns) or _NUMBER.search(line):
                columns, sign = [], ""
        else:
            start = at
            for held, part in zip(columns, parts, strict=True):
                value = part.strip().strip("\"'")
                for mask in held & set(masks):
                    if fits(value, mask):
                        first = start + part.index(value)
                        found.setdefault(mask, []).append((first, first + len(value)))
                start += len(part) + 1
        at += len(line) + 1
    return found
