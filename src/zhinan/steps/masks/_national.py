"""What numbers countries give to persons: how each is written, what it is called and how it is checked."""

from __future__ import annotations

from importlib.resources import files
from typing import NamedTuple

from zhinan.steps.masks._check_digits import CHECKS, Check, anybody

__all__ = ["NUMBERS", "Number"]

_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_DATES = {"<month>": _MONTH, "<day>": _DAY, "<ymd>": rf"\d\d{_MONTH}{_DAY}", "<dmy>": rf"{_DAY}{_MONTH}\d\d"}


_CHECKS = {**CHECKS, "any": anybody}


class Number(NamedTuple):
    """One number.

    Args:
        what: its name and country, and who gives it.
        check: what its check digit has to be; None where nothing can be computed.
        strict: whether it has to be right even behind what the number is called, as that says too little.
        sure: whether its form alone is enough, without a right check digit.
        cues: what it is called; capitals alone are read as such, all else in either case.
        form: how it is written where nothing else is; it is then found without a word. Empty where there is no such.
        bare: how it is written where it is called so.
    """

    what: str
    check: Check | None
    strict: bool
    sure: bool
    cues: list[str]
    form: str
    bare: str


def _read(line: str) -> Number:
    for name, date in _DATES.items():
        line = line.replace(name, date)
    what, check, cues, form, bare = line.split("\t")
    name = check.strip("()!")
    sure, strict = name == "" or check[0] == "(", check[-1:] == "!"
    return Number(what, _CHECKS[name] if name else None, strict, sure, _alternatives(cues), form, bare)


def _alternatives(pattern: str) -> list[str]:
    """What stands between | that are in no brackets."""
    depth, words = 0, [""]
    for char in pattern:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            words.append("")
        else:
            words[-1] += char
    return words


NUMBERS = tuple(
    _read(line)
    for line in files(__package__).joinpath("national.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
