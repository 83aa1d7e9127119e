"""Undoes mojibake: UTF-8 that was read as Windows-1252 (cafÃ©) or as GBK (锘挎垜), where that is certain.

A text that lost bytes on the way (鎴戠殑鍗?) is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["SUSPECT", "repaired"]


def _western() -> dict[str, int]:
    """Windows-1252, with Latin-1 where that has nothing."""
    table = {}
    for code in range(0x80, 0x100):
        try:
            table[bytes([code]).decode("cp1252")] = code
        except UnicodeDecodeError:
            table[chr(code)] = code
    return table


def _eastern() -> str:
    """汉字 that GBK makes of the first two bytes of a 汉字 or of a byte-order mark in UTF-8; rare in real texts."""
    leads = (*range(0xE3, 0xEA), 0xEF)
    made = (bytes([lead, second]).decode("gbk", "ignore") for lead in leads for second in range(0x80, 0xC0))
    return "".join(letter for letter in made if len(letter) == 1)


_BYTES = _western()
_RUN = re.compile(f"[{re.escape(''.join(_BYTES))}]{{2,}}")
_LEAD = "".join(letter for letter, code in _BYTES.items() if 0xC2 <= code <= 0xF4)
_NEXT = "".join(letter for letter, code in _BYTES.items() if 0x80 <= code <= 0xBF)
_WIDE_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_EASTERN = re.compile(f"[{_eastern()}]")

_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""How the first letter of a run begins in UTF-8: few runs of 汉字 do, and to try costs twenty times as much."""

SUSPECT = f"[{_LEAD}][{re.escape(_NEXT)}]|[{_eastern()}]"
"""A regular expression (for Python and for polars) that finds every text which `repaired` may change."""


def repaired(text: str) -> str:
    """The text with what was surely decoded wrongly decoded right, as often as it was decoded wrongly."""
    if text.isascii():
        return text
    while True:
        again = _RUN.sub(_western_run, text)
        if _EASTERN.search(again):
            again = _WIDE_RUN.sub(_eastern_run, again)
        if again == text:
            return text
        text = again


def _western_run(match: re.Match[str]) -> str:
    raw = bytes(_BYTES[letter] for letter in match[0])
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return decoded if len(decoded) > 1 or _expected(decoded) else match[0]


def _expected(letter: str) -> bool:
    """Whether a single letter is likely enough by itself: of Latin-1, a quotation mark, a dash, €, an emoji."""
    code = ord(letter)
    return 0xA0 <= code <= 0x17F or 0x2010 <= code <= 0x203A or code in (0x20AC, 0x2122) or code >= 0x1F300


def _eastern_run(match: re.Match[str]) -> str:
    run = match[0]
    try:
        raw = run.encode("gb18030")
        if _UTF8.match(raw) is None:
            return run
        decoded = raw.decode("utf-8")
    except UnicodeError:
        return run
    letters = [letter for letter in decoded if "一" <= letter <= "鿿"]
    marked = decoded.startswith("\ufeff")
    strange = [
        c
        for c in decoded
        if not ("一" <= c <= "鿿" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" or c in "“”‘’…—\ufeff")
    ]
    if strange or len(letters) < 2 - marked or _common(letters) < 0.8 or _common(run) >= _common(letters):
        return run
    return decoded.removeprefix("\ufeff")


def _common(letters: Iterable[str]) -> float:
    """Share of 汉字 that are among the 3,755 common ones of GB 2312."""
    found = ["一" <= letter <= "鿿" and 0xB0 <= letter.encode("gb2312", "replace")[0] <= 0xD7 for letter in letters]
    return sum(found) / len(found) if found else 0.0
