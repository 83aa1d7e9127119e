"""Several values in one cell, as JSON or between signs; they travel as a JSON text, the same wherever they are read."""

from __future__ import annotations

import ast
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from zhinan.steps.values.written import word_of

__all__ = [
    "ASKED", "JSON", "SEPARATORS", "is_written", "items_of", "list_notation", "parted_by", "read_list", "written_list",
]  # fmt: skip

JSON = "json"
SEPARATORS = ("|", ";", "；", "、", "，", ",")
"""What may stand between two items, the least ambiguous first."""

ASKED = (*SEPARATORS, "/", " ")
"""The same where somebody says that a column holds lists."""

_ESCAPED = r"""\\(?:[\\'"nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})"""
_ITEM = rf"""(?:'(?:[^'\\]|{_ESCAPED})*'|"(?:[^"\\]|{_ESCAPED})*"|[+-]?[0-9]+(?:\.[0-9]+)?)"""
_PYTHON = re.compile(rf"\[\s*(?:{_ITEM}\s*(?:,\s*{_ITEM}\s*)*)?\]", re.DOTALL)
"""A list as Python and pandas print it: with signs between the items, which numpy leaves out."""

_PRINTED = 100_000
"""Characters of the longest printed list that is read: reading one is slow."""

_LONGEST = 40
_MOST = 50
_REUSED = 3.0


def read_list(text: str, separator: str) -> tuple[str, ...] | None:
    """The items of a cell, each once, in their order; None when JSON was wanted and it is none of texts and numbers.

    Half a surrogate pair, which JSON and Python can escape, is no text. With JSON goes what Python prints: `['a', 'b']`
    is how frames of lists are written to a CSV file.
    """
    if separator != JSON:
        return tuple(dict.fromkeys(item for part in text.split(separator) if (item := part.strip())))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _printed(text)
    if not isinstance(found, list) or not all(_is_word(item) for item in found):
        return None
    items = tuple(dict.fromkeys(item for part in found if (item := (word_of(part) or "").strip())))
    return items if _is_text("".join(items)) else None


def _printed(text: str) -> object:
    """A list that Python printed; None for anything else."""
    if len(text) > _PRINTED or not _PYTHON.fullmatch(text.strip()):
        return None
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):  # no such letter, or too long a number
        return None


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_word(item: object) -> bool:
    return math.isfinite(item) if isinstance(item, float) else type(item) in (str, int)


def written_list(items: Iterable[str]) -> str:
    """The one text by which a list travels: JSON, its items sorted, so that equal sets are equal texts."""
    return json.dumps(sorted(set(items)), ensure_ascii=False)


def items_of(text: str) -> tuple[str, ...]:
    """The items of `written_list`; any other text is one item."""
    found = read_list(text, JSON)
    return (text,) if found is None else found


def is_written(text: str) -> bool:
    """Whether a text is what `written_list` writes."""
    items = read_list(text, JSON) if text.startswith("[") else None
    return items is not None and text == written_list(items)


def list_notation(values: Sequence[str]) -> dict[str, str] | None:
    """{"separator"} of a column that holds lists, or None when nothing says so.

    Every value JSON, or one sign that parts at least a fifth of the values into short items which are used over and
    over: three times each on average, and not always at the same place.
    """
    if values and all(value.startswith("[") and read_list(value, JSON) is not None for value in values):
        return {"separator": JSON}
    for separator in SEPARATORS:
        parted = [value for value in values if separator in value]
        if len(parted) < 2 or 5 * len(parted) < len(values):
            continue
        if _reused([read_list(value, separator) or () for value in values]):
            return {"separator": separator}
    return None


def parted_by(values: Sequence[str]) -> str:
    """The sign between items of a column that holds lists, as somebody says; "" where none is seen to part any.

    One cell is enough. At least half of the different items that a sign parts occur elsewhere, alone or beside others;
    those that a blank parts stand alone in cells of their own, all of them.
    """
    cells = set(values)
    for sign in ASKED:
        parted = [found for cell in cells if sign in cell and len(found := read_list(cell, sign) or ()) > 1]
        counts = Counter(item for found in parted for item in found)
        known = [item for item, times in counts.items() if item in cells or (times > 1 and sign != " ")]
        if counts and (len(known) == len(counts) if sign == " " else 2 * len(known) >= len(counts)):
            return sign
    return ""


def _reused(lists: Sequence[tuple[str, ...]]) -> bool:
    counts = Counter(item for items in lists for item in items)
    if not counts or any(len(item) > _LONGEST for item in counts) or max(map(len, lists)) > _MOST:
        return False
    first = {items[0] for items in lists if items}
    later = {item for items in lists for item in items[1:]}
    both = len(first & later)
    return counts.total() >= _REUSED * len(counts) and 4 * both >= min(len(first), len(later)) and both > 0
