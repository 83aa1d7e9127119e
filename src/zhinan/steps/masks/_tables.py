"""The packed tables of names, words and places, read when a text first needs them; tools/name_tables.py made them."""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files

__all__ = ["bits", "english", "section"]


_RARE = "区初普兰木青良占蹇爨矫呼晏"
"""Surnames so rare that the table of surnames leaves them out."""


@cache
def _sections() -> dict[str, str]:
    packed = files(__package__).joinpath("tables.zlib").read_bytes()
    parts = zlib.decompress(packed).decode("utf-16-le").split("\n\n")
    return dict(part.split("\n", 1) for part in parts)


@cache
def section(name: str) -> dict[str, str]:
    """Word → value of a section."""
    lines = (line.split() for line in _sections()[name].split("\n"))
    return {word: line[0] for line in lines for word in line[1:]}


@cache
def bits(name: str) -> dict[str, int]:
    """Word → how rare it is, in bits."""
    found = {word: int(value) for word, value in section(name).items()}
    if name == "families":
        found |= dict.fromkeys(_RARE, 12)
    return found


@cache
def english() -> dict[str, tuple[int, int, int, int]]:
    """Word → how usual it is as a given name, as a surname and as an ordinary word (0 to 3), and whether a place."""
    lines = (line.split() for line in _sections()["english"].split("\n"))
    found: dict[str, tuple[int, int, int, int]] = {}
    for value, *words in lines:
        given, family, word, place = map(int, value)
        found.update(dict.fromkeys(words, (given, family, word, place)))
    return found
