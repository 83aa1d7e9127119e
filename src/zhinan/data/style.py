"""How a delimited file writes its quotes, told from its first lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

__all__ = ["Style", "style_of"]

_QUOTED = re.compile(r'[ \t]+"')


class Style(NamedTuple):
    """What parts fields and how they are quoted.

    Args: blanks: whether blanks may stand before a quote, as in `a, "b, c"`. escape: what stands before a quote within
        quotes, and before itself, where that is no second quote.
    """

    delimiter: str
    blanks: bool = False
    escape: str | None = None

    def records(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The fields of each record. Raises: csv.Error where its quotes do not match, or a field is too long."""
        return csv.reader(
            lines, delimiter=self.delimiter, skipinitialspace=self.blanks, escapechar=self.escape, strict=True
        )

    def beginning(self, lines: Iterable[str]) -> list[list[str]]:
        """The records up to one whose quotes do not match."""
        found: list[list[str]] = []
        with suppress(csv.Error):
            for record in self.records(lines):
                found.append(record)
        return found


def style_of(lines: Sequence[str], delimiter: str) -> Style:
    """The style of a file that begins with these lines.

    Blanks stand before quotes where they do in half of the records; quotes are escaped where that reads on further.
    """
    style = Style(delimiter)
    if any('\\"' in line for line in lines):
        escaped = style._replace(escape="\\")
        style = escaped if _reach(lines, escaped) > _reach(lines, style) else style
    apart = [row for row in style.beginning(lines) if any(map(_QUOTED.match, row[1:]))]
    return style._replace(blanks=2 * len(apart) >= max(1, len(lines) - 1) and delimiter not in " \t")


def _reach(lines: Sequence[str], style: Style) -> int:
    return len(style.beginning(lines))
