"""The packed tables of names, words and places, read when a text first needs them; tools/name_tables.py made them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from zipfile import ZipFile

__all__ = ["bits", "english", "section", "word_bits"]


_RARE = "区初普兰木青良占蹇爨矫呼晏"
"""Surnames so rare that the table of surnames leaves them out."""


def _lines(name: str) -> Iterator[list[str]]:
    """The lines of a section, each a value and its words. Nothing is kept of what is read here."""
    with files(__package__).joinpath("tables.zip").open("rb") as file, ZipFile(file) as packed:
        text = packed.read(name).decode("utf-16-le")
    return map(str.split, text.split("\n"))


@cache
def section(name: str) -> dict[str, str]:
    """Word → value of a section."""
    return {word: value for value, *words in _lines(name) for word in words}


def word_bits() -> dict[str, float]:
    """Chinese word → how rare it is, in bits. It is large, and made anew for each who asks."""
    found: dict[str, float] = {}
    for value, *alike in _lines("words"):
        found.update(dict.fromkeys(alike, float(value)))
    return found


@cache
def bits(name: str) -> dict[str, int]:
    """Word → how rare it is, in bits."""
    found = {word: int(value) for value, *words in _lines(name) for word in words}
    if name == "families":
        found |= dict.fromkeys(_RARE, 12)
    return found


@cache
def english() -> dict[str, tuple[int, int, int, int]]:
    """Word → how usual it is as a given name, as a surname and as an ordinary word (0 to 3), and whether a place."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for value, *words in _lines("english"):
        given, family, word, place = map(int, value)
        found.update(dict.fromkeys(words, (given, family, word, place)))
    return found
