"""Regular expressions in RE2: a user's own, bounded, that no text can make slow; and many looked for at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from zhinan.core.errors import UserError, Words

__all__ = ["LONGEST", "compiled", "which_of"]

LONGEST = 300
"""Characters of a pattern, at most."""
_MEMORY, _MEMORY_OF_MANY = 8 << 20, 32 << 20
_SKIPPED = re.compile(r"\\Q.*?\\E|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^]\\])*\]", re.DOTALL)
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")


@cache
def compiled(pattern: str, where: str = "") -> Callable[[str], list[tuple[int, int]]]:
    """A function from a text to the spans of what a pattern finds (of its group `find`, where it names one).

    RE2 looks at each character once and a find has a longest length, so the time is linear in the text's length.

    Raises: UserError E150 when it cannot be read (look-around and back references cannot) or has no longest find,
        E151 when it finds the empty text.
    """
    import re2

    if len(pattern) > LONGEST:
        raise UserError(
            "E150", where, reason=Words(f"it is longer than {LONGEST} characters", f"超过 {LONGEST} 个字符")
        )
    endless = _ENDLESS.search(_SKIPPED.sub("", pattern))
    if endless:
        sign = endless[0]
        raise UserError(
            "E150", where, reason=Words(f"'{sign}' has no end; write {{1,40}}", f"“{sign}”没有上限；请写成 {{1,40}}")
        )
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    try:
        machine: Any = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        raise UserError("E150", where, reason=reason.decode() if isinstance(reason, bytes) else reason) from None
    if machine.search("") is not None:
        raise UserError("E151", where)
    part = machine.groupindex.get("find", 0)

    def find(text: str) -> list[tuple[int, int]]:
        met = ((m.span(part) if m.span(part)[0] >= 0 else m.span()) for m in machine.finditer(text))
        return [span for span in met if span[0] < span[1]]

    return find


@cache
def which_of(patterns: tuple[str, ...]) -> Callable[[str], Iterable[int]]:
    """The places of the patterns that may stand in a text: one look at each character, however many they are.

    "May", as RE2's letters are a little wider where case does not count, and a text that is no valid Unicode may hold
    anything. Patterns are read as by `re` with re.ASCII. Raises: ValueError for one that RE2 cannot read.
    """
    import re2

    options = re2.Options()
    options.max_mem, options.log_errors, options.never_capture = _MEMORY_OF_MANY, False, True
    machines: Any = re2.Set.SearchSet(options)
    try:
        for pattern in patterns:
            machines.Add(pattern)
    except re2.error as error:
        raise ValueError(f"RE2 cannot read one of these patterns: {error}") from error
    machines.Compile()
    every = range(len(patterns))

    def found(text: str) -> Iterable[int]:
        try:
            places: Iterable[int] | None = machines.Match(text)
        except UnicodeEncodeError:
            return every
        return places or ()

    return found if patterns else lambda text: ()
