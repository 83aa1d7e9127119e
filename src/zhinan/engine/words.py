"""What a text is written in and with, cheaply: its main script, and how many of its words were never met before."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["known_words", "script", "unseen"]

BITS = 1 << 16
"""Of a table of words: a set bit may be another word's, so a share of unseen words is told too low, never too high."""
MOST = 200
"""Words of a text that are looked at."""

_SCRIPTS = {
    "han": "\u3400-\u9fff\U00020000-\U0003ffff", "kana": "\u3040-\u30ff", "hangul": "\uac00-\ud7af\u1100-\u11ff",
    "cyrillic": "\u0400-\u052f", "arabic": "\u0600-\u06ff", "hebrew": "\u0590-\u05ff", "greek": "\u0370-\u03ff",
    "devanagari": "\u0900-\u097f", "thai": "\u0e00-\u0e7f", "latin": "A-Za-z\u00c0-\u024f",
}  # fmt: skip
_OF = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")


def script(text: str) -> str:
    """The script that most of its first letters are of; "none" without letters."""
    first = text[:400]
    counts = {name: len(letters.findall(first)) for name, letters in _OF.items()}
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] else "none"


def known_words(texts: Iterable[str]) -> str:
    """The words of some texts, and pairs of characters where none are parted, as bits in text."""
    table = bytearray(BITS // 8)
    for text in texts:
        for place in _places(text):
            table[place >> 3] |= 1 << (place & 7)
    return base64.b64encode(zlib.compress(bytes(table), 9)).decode()


def unseen(text: str, known: str) -> float | None:
    """The share of a text's words that are not among known ones; None of a text without any."""
    table, places = _table(known), _places(text)
    return sum(not table[place >> 3] >> (place & 7) & 1 for place in places) / len(places) if places else None


@lru_cache(maxsize=32)
def _table(known: str) -> bytes:
    return zlib.decompress(base64.b64decode(known))


def _places(text: str) -> list[int]:
    found = [match.lower() for match in _WORD.findall(text[: 20 * MOST])][:MOST]
    pairs = [
        one + after if len(one) == len(after) == 1 else one for one, after in zip(found, [*found[1:], ""], strict=True)
    ]
    return [zlib.crc32(word.encode()) % BITS for word in pairs]
