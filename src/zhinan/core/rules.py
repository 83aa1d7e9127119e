"""Regular expressions that are compiled when something is first looked for: most texts meet few of many rules."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast

__all__ = ["rule"]

_OFTEN = ("search", "match", "fullmatch", "finditer", "sub", "groupindex")


def rule(pattern: str) -> re.Pattern[str]:
    """What `re.compile(pattern)` gives, for the price of a name. Flags stand in the pattern: (?i)."""
    return cast("re.Pattern[str]", _Rule(pattern))


class _Rule:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        compiled = re.compile(self.pattern)
        self.__dict__.update({each: getattr(compiled, each) for each in _OFTEN})
        return compiled

    def __getattr__(self, name: str) -> Any:
        """Asked for what is not there (yet): from then on, what is often used is."""
        if name.startswith("__"):  # copying it compiles nothing
            raise AttributeError(name)
        return getattr(self._compiled, name)

    def __repr__(self) -> str:
        return f"rule({self.pattern!r})"
