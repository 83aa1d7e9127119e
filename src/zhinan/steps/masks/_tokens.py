"""The words of an English text, and what the tables know of each."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from zhinan.steps.masks._tables import english

__all__ = ["Token", "bare", "tokens_of"]

_WORD = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]+(?:['’-][A-Za-zÀ-ɏḀ-ỿ]+)*")
_SHORTENED = re.compile(r"(?i:['’](?:ve|ll|t|d|re|m))\Z")


class Token(NamedTuple):
    """A word of the text and what is known of it."""

    start: int
    end: int
    word: str
    shown: str
    given: int
    family: int
    plain: int
    place: int

    @property
    def known(self) -> int:
        return max(self.given, self.family)


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order."""
    return [_token(text, match) for match in _WORD.finditer(text)]


def _token(text: str, match: re.Match[str]) -> Token:
    shown = match[0]
    end = match.end()
    if shown[-2:] in ("'s", "’s"):
        shown, end = shown[:-2], end - 2
    if shortened := _SHORTENED.search(shown):
        return Token(match.start(), end, bare(shown[: shortened.start()]), shown, 0, 0, 2, 0)
    word = bare(shown)
    if "-" in word or "'" in word:
        parts = [part for part in re.split("['-]", word) if part not in ("o", "d", "al", "el", "mc")]
        facts = [english().get(part, (0, 0, 0, 0)) for part in parts] or [(0, 0, 0, 0)]
        given, family, plain, place = max(f[0] for f in facts), max(f[1] for f in facts), min(f[2] for f in facts), 0
        if len(parts) < word.count("'") + word.count("-") + 1:  # O'Neill, D'Angelo
            family = max(family, 2)
    else:
        given, family, plain, place = english().get(word, (0, 0, 0, 0))
        if word.startswith(("mc", "mac")) and shown[:2] in ("Mc", "Ma") and any(c.isupper() for c in shown[2:]):
            family = 3
    return Token(match.start(), end, word, shown, given, family, plain, place)


@cache
def bare(word: str) -> str:
    """A word in small letters without accents."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize(
        "NFD", word.lower().replace("’", "'").replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ß", "ss")
    )
    return "".join(c for c in bare if not unicodedata.combining(c))
