"""What every mask is made of: where a pattern stands in a text, and which words stand around a find."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["WIDE", "Span", "around", "digits", "narrow", "spans"]

Span = tuple[int, int]
"""Where a find begins and where it ends, in characters."""

WIDE = "[\uff03-\uff06\uff08\uff09\uff0b\uff0d-\uff1a\uff1d\uff20-\uff3a\uff3f\uff41-\uff5a\u3000]"
"""Full-width letters, digits and the signs that numbers and addresses are written with, for Python and for polars."""

_WIDE = re.compile(WIDE)


def narrow(text: str) -> str:
    """The text with full-width letters, digits and signs made narrow, each character in its place."""
    if text.isascii():
        return text
    return _WIDE.sub(lambda found: " " if found[0] == "\u3000" else chr(ord(found[0]) - 0xFEE0), text)


def digits(text: str) -> str:
    """Only the digits 0–9 of a text."""
    return "".join(c for c in text if "0" <= c <= "9")


def spans(text: str, pattern: re.Pattern[str], accept: Callable[[str, Span], bool] | None = None) -> list[Span]:
    """Where a pattern stands, in order.

    Args:
        pattern: where it names a group `find` and that took part, only this part is a find.
        accept: called with the text and a span; False leaves it as it is.
    """
    named = "find" in pattern.groupindex
    found = []
    for match in pattern.finditer(text):
        span = match.span("find") if named and match["find"] is not None else match.span()
        if accept is None or accept(text, span):
            found.append(span)
    return found


def around(text: str, span: Span, words: re.Pattern[str], before: int = 30, after: int = 0) -> bool:
    """Whether one of these words stands just before a find (or just after it)."""
    start, end = span
    if before and words.search(text, max(0, start - before), start):
        return True
    return bool(after and words.search(text, end, end + after))
