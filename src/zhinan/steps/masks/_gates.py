"""Which of many rules may stand in a text: RE2 looks once for something wider, which tools/gates.py wrote for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from hashlib import blake2b
from importlib.resources import files

from zhinan.core.patterns import which_of
from zhinan.core.rules import rule

__all__ = ["FILE", "WANTED", "Gate", "firsts", "key", "lasts"]

FILE = "gates.txt"
WANTED: dict[str, tuple[str, str]] = {}
"""Key → what is needed of which pattern (`wider`, `firsts` or `lasts`): every line that the file has to have."""


class Gate:
    """Of some rules, those that may stand in a text, in their order; nothing that one of them matches is missed.

    Args: patterns: looked for in the whole text. A look costs some two microseconds, however many they are.
    """

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self.patterns = tuple(patterns)
        self._keys = [_wanted("wider", pattern) for pattern in self.patterns]

    @cached_property
    def _look(self) -> Callable[[str], Iterable[int]]:
        return which_of(tuple(map(_written, self._keys)))

    def __call__(self, text: str) -> Sequence[re.Pattern[str]]:
        """The rules that may stand in a text."""
        places = self._look(text)
        return [self.patterns[place] for place in sorted(places)] if places else ()


def firsts(pattern: re.Pattern[str]) -> Callable[[], re.Pattern[str]]:
    """Gives a rule of every character that a match begins with; of any, where a match may be empty."""
    return _edge("firsts", pattern)


def lasts(pattern: re.Pattern[str]) -> Callable[[], re.Pattern[str]]:
    """Gives a rule of every character that a match ends with; of any, where a match may be empty."""
    return _edge("lasts", pattern)


def _edge(what: str, pattern: re.Pattern[str]) -> Callable[[], re.Pattern[str]]:
    wanted = _wanted(what, pattern)
    return lambda: rule(_written(wanted))


def key(what: str, pattern: str) -> str:
    """The name of a line of the file; a pattern that was changed has another."""
    return blake2b(f"{what} {pattern}".encode(), digest_size=8).hexdigest()


def _wanted(what: str, pattern: re.Pattern[str]) -> str:
    name = key(what, pattern.pattern)
    WANTED[name] = what, pattern.pattern
    return name


def _written(name: str) -> str:
    try:
        return _lines()[name]
    except KeyError:
        raise LookupError(f"{FILE} lacks a line for {WANTED[name]}: run `python tools/gates.py`") from None


@cache
def _lines() -> dict[str, str]:
    text = files(__package__).joinpath(FILE).read_text("utf-8")
    return {line[:16]: line[17:] for line in text.split("\n")}
