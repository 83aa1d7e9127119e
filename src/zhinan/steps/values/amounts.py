"""Numbers in the unit of their column: one known everywhere, or the word that stands behind nearly all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhinan.core.rules import rule
from zhinan.steps.values.numbers import MixedUnitsError, head_of, number_notation, plain_of, read_number
from zhinan.steps.values.units import SCALES, UNITS

__all__ = ["number_in", "own_notation"]

NEARLY, STRAY = 0.95, 0.005
"""Share of the different values that have the unit of their column, and of those that may be no number at all."""

_LONGEST, _MOST, _ENOUGH = 40, 24, 20
"""Characters of a value and of a unit; different values of a column that is said to mix units."""

_KNOWN = frozenset(UNITS.values())
_NAME = r"[^\W\d_][\w²³·*/^%.-]*"
_WORD = rule(
    # hp, sq ft, l/100km, €/month, out of 5
    rf"(?![xX×][0-9])(?:[/°] ?|[$€£¥₹]/?)?{_NAME}(?: (?:{_NAME}|[0-9]{{1,4}})){{0,3}}"
    r"|[°\"″'′+]"
)
_SCALE = rule("|".join(rf"{re.escape(scale)}(?![A-Za-zÀ-ɏ])" for scale in sorted(SCALES, key=len, reverse=True)))
_NO_UNIT = frozenset({"st", "nd", "rd", "th", "am", "pm", "a.m.", "p.m."})
"""Words that make a place in a row, or an hour, of a number."""


@dataclass(frozen=True)
class _Parted:
    """A number as it is written, the word behind it, and whether both are written as one."""

    number: str
    word: str
    glued: bool


def _either(text: str) -> _Parted | None:
    return _parted(text, ".") or _parted(text, ",")


def _parted(text: str, decimal: str) -> _Parted | None:
    plain = plain_of(text)
    head = head_of(plain, decimal) if len(plain) <= _LONGEST else ""
    rest = plain[len(head) :].lstrip()
    if head.endswith((".", ",")):  # of a file's name, or of a sentence
        return None
    if head and (scale := _SCALE.match(rest)):
        head, rest = f"{head} {scale[0]}", rest[scale.end() :].lstrip()
    if not head or len(rest) > _MOST or not _WORD.fullmatch(rest):
        return None
    return _Parted(head, rest, plain.endswith(f"{head[-1]}{rest}"))


def number_in(text: str, notation: Mapping[str, Any]) -> float | None:
    """The number that a text writes in a column's notation, in its unit or in none; None for anything else."""
    unit, decimal = notation.get("unit", ""), notation.get("decimal", ".")
    scales = notation.get("scales", "")
    own = bool(unit) and unit not in _KNOWN
    if own and text.endswith(unit) and not text[-len(unit) - 1 : -len(unit)].isalpha():  # most: the shortest way
        amount = read_number(text[: -len(unit)], decimal, "", scales)
        if amount is not None and not amount.unit:
            return amount.value
    amount = read_number(text, decimal, unit, scales)
    if amount is not None and amount.unit in ("", unit):
        return amount.value
    if not own or (parted := _parted(text, decimal)) is None:
        return None
    amount = read_number(parted.number, decimal, "", scales)
    same = amount is not None and _singular(_joined(amount.unit, parted.word)) == _singular(unit)
    return amount.value if amount is not None and same else None


def own_notation(values: Iterable[str]) -> dict[str, str] | None:
    """`number_notation` of a column whose different values are numbers with the same word or sign behind nearly all of
    them, which is their unit; None for any other.

    A word in the plural is the same unit. No unit is what makes a code of a number and is written as one with it:
    a letter (4G, 12b), capitals (3XL) unless many numbers of different lengths have them, and what is behind long
    numbers of one length.

    Raises: MixedUnitsError where a few words, parted from their numbers, share the values among themselves.
    """
    held = list(values)
    if sum(_either(value) is not None for value in held[:_ENOUGH]) < 0.8 * len(held[:_ENOUGH]):
        return None
    parted = [one for value in held if (one := _either(value)) is not None]
    bare = [value for value in held if _is_bare(value)]
    if not parted or len(held) - len(parted) - len(bare) > STRAY * len(held):
        return None
    words = Counter(_singular(one.word) for one in parted)
    unit, most = words.most_common(1)[0]
    if unit.lower() in _NO_UNIT:
        return None
    if most < NEARLY * len(held):
        _refuse_mixed(parted, words, len(held))
        return None
    mine = [one for one in parted if _singular(one.word) == unit]
    if _are_codes(mine):
        return None
    notation = number_notation([*(one.number for one in mine), *bare])
    written = Counter(one.word for one in mine).most_common(1)[0][0]
    return {**notation, "unit": _joined(notation.get("unit", ""), written)}


def _is_bare(text: str) -> bool:
    read = read_number(text) or read_number(text, ",")
    return read is not None and not read.unit


def _refuse_mixed(parted: list[_Parted], words: Counter[str], count: int) -> None:
    apart = all(not one.glued or not one.word.isalpha() for one in parted)
    few = 1 < len(words) <= 4 and min(words.values()) >= (1 - NEARLY) * count and len(parted) >= NEARLY * count
    if apart and few and count >= _ENOUGH and not any(word.lower() in _NO_UNIT for word in words):
        raise MixedUnitsError(dict(words.most_common()))


def _are_codes(parted: list[_Parted]) -> bool:
    """Whether what stands behind numbers is part of a code, and they count or measure nothing."""
    glued = [one for one in parted if one.glued and one.word.isalpha()]
    if 2 * len(glued) <= len(parted) or any(not one.number.isdigit() for one in parted):
        return False
    lengths = {len(one.number) for one in parted}
    word = glued[0].word
    if (min(lengths) >= 4 and len(lengths) == 1) or (len(word) == 1 and word.isascii()):
        return True
    return word.isupper() and (len(parted) < _ENOUGH or len(lengths) == 1)


def _joined(money: str, word: str) -> str:
    return f"{money}{word}" if not money or word.startswith("/") else f"{money} {word}"


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and word[-2].isalpha() else word
