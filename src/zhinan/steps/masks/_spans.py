"""What every mask is made of: where a pattern stands in a text, and which words stand around a find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from zhinan.core.rules import rule

__all__ = ["NARROWED", "WIDE", "Span", "around", "digits", "merged", "narrow", "spans"]

Span = tuple[int, int]
"""Where a find begins and where it ends, in characters."""

NARROWED = {
    **{ord(c): ord(c) - 0xFEE0 for c in "＃＄％＆（）＋－．／０１２３４５６７８９：＝＠＿"},
    **{c: c - 0xFEE0 for first in (0xFF21, 0xFF41) for c in range(first, first + 26)},
    **dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800, 0x3000, 0x3164, 0xFFA0), ord(" ")),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63), ord("-")),
}
"""What a full-width letter, digit or sign and a typographic space or hyphen becomes before a mask looks at it.

Blank as well, though no spaces to Unicode, are U+2800 (of Braille), U+3164 and U+FFA0 (of Hangul)."""
WIDE = f"[{''.join(map(chr, NARROWED))}]"
"""These characters as a regular expression, for Python and for polars."""


_WIDE = rule(WIDE)


def narrow(text: str) -> str:
    """The text with wide and typographic characters made plain, each in its place.

    A whole number that a program wrote as a fraction, 13812345678.0, is without the end that says so.
    """
    if text.isascii():
        return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
    return text.translate(NARROWED) if _WIDE.search(text) else text


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


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same places without overlaps, in order: what overlaps becomes one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole


def around(text: str, span: Span, words: re.Pattern[str], before: int = 30, after: int = 0) -> bool:
    """Whether one of these words stands just before a find (or just after it)."""
    start, end = span
    if before and words.search(text, max(0, start - before), start):
        return True
    return bool(after and words.search(text, end, end + after))
