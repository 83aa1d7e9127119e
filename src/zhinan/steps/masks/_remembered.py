"""What is known of words and was found out a moment ago, in memory that has a bound however long and many they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

__all__ = ["remembered"]

WORDS = 1 << 14
LONGEST = 40
"""So many words of at most so many letters take some five megabytes; what is longer is no word of a language."""

_Known = TypeVar("_Known")


def remembered(function: Callable[[str], _Known]) -> Callable[[str], _Known]:
    """The function of a word, asked once of each of the last words."""
    kept = lru_cache(WORDS)(function)

    @wraps(function)
    def known(word: str) -> _Known:
        return kept(word) if len(word) <= LONGEST else function(word)

    return known
