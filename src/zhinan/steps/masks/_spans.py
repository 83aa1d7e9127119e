"""Replaces what a pattern finds, also when it is written in full-width characters, and leaves every other one alone."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["digits", "replace"]

_NARROW = str.maketrans("０１２３４５６７８９＋－（）＠．　Ｘｘ", "0123456789+-()@. Xx")


def digits(text: str) -> str:
    """Only the digits 0–9 of a text."""
    return "".join(c for c in text if "0" <= c <= "9")


def replace(text: str, pattern: re.Pattern[str], placeholder: str, accept: Callable[[str], bool] | None = None) -> str:
    """The text with every accepted find replaced.

    Args:
        pattern: matched against the text with full-width digits and signs made narrow, which keeps positions;
            where it names a group `find`, only that part is replaced.
        accept: called with the find; False leaves it as it is.
    """
    pieces: list[str] = []
    end = 0
    narrow = text if text.isascii() else text.translate(_NARROW)
    for match in pattern.finditer(narrow):
        group = "find" if "find" in pattern.groupindex and match["find"] is not None else 0
        if accept is None or accept(match[group]):
            pieces += text[end : match.start(group)], placeholder
            end = match.end(group)
    return text if not pieces else "".join(pieces) + text[end:]
