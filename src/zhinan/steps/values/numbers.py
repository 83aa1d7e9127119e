"""Numbers as people and spreadsheets write them: grouped, with a unit, in 万 or k, negative in parentheses."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhinan.steps.values.durations import seconds_in
from zhinan.steps.values.units import LETTERED, LETTERS, MONEY, SCALES, UNITS, Ladder

__all__ = ["Amount", "MixedUnitsError", "head_of", "missing_numbers", "number_notation", "plain_of", "read_number"]


@dataclass(frozen=True)
class Amount:
    """A number and the unit it was written in, "" for none. A percentage keeps its number: 30 % is 30 in "%"."""

    value: float
    unit: str = ""


class MixedUnitsError(ValueError):
    """One column with several units. `counts`: unit → values, most frequent first."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        super().__init__(", ".join(counts))
        self.counts = dict(counts)


_ONE_UNIT = 0.95
_LONGEST = 40
"""Characters of the longest duration."""
_TIMES = ("d", "h", "min")
_EXPONENT = r"(?:[eE][+-]?[0-9]{1,3})?"
_SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
_PLAIN = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys("−﹣‒–", "-"),
        **dict.fromkeys("’ʼ", "'"),
        "￥": "¥", "￡": "£", "￦": "₩", "﹪": "%", "﹩": "$",
    }
)  # fmt: skip
"""Full-width signs and other spaces, minuses and apostrophes as ASCII. Not NFKC, which makes 52 of 5²."""


def _written(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _pattern(decimal: str, scales: Iterable[str]) -> re.Pattern[str]:
    """A number with its unit; without scales only as far as its digits."""
    point, comma = re.escape(decimal), re.escape("," if decimal == "." else ".")
    digits = (
        rf"[0-9]{{1,3}}(?:(?P<group>[{comma}' ])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*(?:{point}[0-9]+)?"
        rf"|[0-9]{{1,2}}(?:{comma}[0-9]{{2}})+{comma}[0-9]{{3}}(?:{point}[0-9]+)?"
        rf"|[0-9]+{point}?[0-9]*{_EXPONENT}|{point}[0-9]+{_EXPONENT}"
    )
    unit = _written(UNITS)
    tail = rf"(?: *(?P<scale>(?:{_written(scales)})(?![A-Za-zÀ-ɏ])))?(?: *(?P<after>{unit}))?(?(open) *\))(?:/[-=])?"
    return re.compile(
        rf"(?:[~≈∼] *)?(?P<open>\( *)?(?P<sign>[+-] *)?(?:(?P<before>{unit}) *(?P<inner>[+-])?)?(?P<digits>{digits})"
        rf"{tail if scales else ''}"
    )


_PATTERNS = {decimal: _pattern(decimal, SCALES) for decimal in ".,"}
_LETTERED = {decimal: _pattern(decimal, (*SCALES, *LETTERS)) for decimal in ".,"}
"""The same where B, m and T multiply; they match all that _PATTERNS do."""
_HAN = _written(scale for scale in SCALES if not scale.isascii())
_PIECE = re.compile(rf"([0-9]+)({_HAN})")
_PIECES = re.compile(rf"(?:[0-9]{{1,4}}(?:{_HAN})){{2,}}")
_LETTER = re.compile(LETTERED)
_HEADS = {decimal: _pattern(decimal, ()) for decimal in ".,"}


def plain_of(text: str) -> str:
    """A text with ASCII digits, signs and blanks, and none around it."""
    return text.translate(_PLAIN).strip()


def _summed(plain: str) -> str:
    """7万9千元 as 79000元; any other text as it is. The scales fall from piece to piece."""
    pieces = _PIECES.match(plain)
    if pieces is None or not (plain[pieces.end() :] in UNITS or pieces.end() == len(plain)):
        return plain
    parts = [(int(number), SCALES[scale]) for number, scale in _PIECE.findall(pieces[0])]
    falls = all(number * 10**power < 10**above for (_, above), (number, power) in itertools.pairwise(parts))
    return f"{sum(number * 10**power for number, power in parts)}{plain[pieces.end() :]}" if falls else plain


def head_of(plain: str, decimal: str) -> str:
    """What stands at the beginning of a text up to the end of its first number; "" where it begins with none."""
    match = _HEADS[decimal].match(plain)
    return match[0] if match else ""


def _units(match: re.Match[str]) -> set[str]:
    return {UNITS[match[side]] for side in ("before", "after") if match[side]}


def _match(plain: str, decimal: str, unit: str, scales: str) -> re.Match[str] | None:
    match = _LETTERED[decimal].fullmatch(plain)
    if match is None or match["scale"] not in LETTERS:
        return match
    money = _units(match) or {unit}
    multiplies = money <= MONEY or match["scale"] in scales.split()
    return match if multiplies else _PATTERNS[decimal].fullmatch(plain)


def _number(match: re.Match[str], decimal: str, power: int = 0) -> float:
    """What stands before the scale, times a power of ten."""
    digits = re.sub(r"[,.' ]", "", match["digits"].replace(decimal, "\0")).replace("\0", ".")
    number, _, exponent = digits.lower().partition("e")
    return float(f"{number}e{int(exponent or 0) + power}")


def read_number(text: str, decimal: str = ".", unit: str = "", scales: str = "") -> Amount | None:
    """The number that a text writes, or None when it is none, is infinite, or names two units. A duration is in "s".

    Args:
        decimal: what stands before the fraction, "." or ","; the other one groups thousands.
        unit: of the column; in one of "s" days, hours and minutes are seconds too.
        scales: which of LETTERS multiply there, parted by blanks; behind money they all do.
    """
    plain = _summed(plain_of(text))
    match = _match(plain, decimal, unit, scales)
    if match is None or (unit == "s" and match["after"] and UNITS[match["after"]] in _TIMES):
        seconds = seconds_in(plain) if len(plain) <= _LONGEST else None
        return None if seconds is None else Amount(seconds, "s")
    sign, inner = match["sign"], match["inner"]
    if (sign and inner) or (match["open"] and (sign or inner)):
        return None
    units = _units(match)
    if len(units) > 1:
        return None
    value = _number(match, decimal, {**SCALES, **LETTERS}.get(match["scale"], 0))
    if not math.isfinite(value):
        return None
    negative = match["open"] or (sign or inner or "").startswith("-")
    return Amount(-value if negative else value, next(iter(units), ""))


def missing_numbers(notation: Mapping[str, Any]) -> frozenset[float]:
    """The numbers that mean nothing in a column, such as -999, however they are written."""
    words = notation.get("missing", ())
    read = (read_number(word, notation.get("decimal", ".")) for word in words)
    return frozenset(amount.value for amount in read if amount is not None)


def number_notation(values: Iterable[str]) -> dict[str, str]:
    """How a column writes its numbers: {"decimal", "unit", "scales"}, each only where it says something.

    A value that can be read in one way only decides what its comma and its point mean; while every one could be both,
    as in 1,234, the comma groups. Values that are no number have no say. Days, hours and minutes among durations are in
    "s" too.

    Raises: MixedUnitsError when more than one in twenty has another unit than the most frequent one, and where B or m
        stands beside k or M and may be a unit or not.
    """
    values = list(values)
    scales, money = _scales(values)
    votes: Counter[str] = Counter()
    units: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for value in values:
        read = {d: amount for d in ".," if (amount := read_number(value, d, money, scales)) is not None}
        if len(read) == 1:
            votes.update(read.keys())
        for amount in list(read.values())[:1]:
            units[amount.unit] += 1
            times[amount.unit] += amount.unit in _TIMES and seconds_in(value.strip()) is not None
    del units[""]
    if units["s"]:
        units.update(s=times.total())
        units.subtract(times)
    units = +units
    notation = {"decimal": ","} if votes[","] > votes["."] else {}
    notation |= {"scales": scales} if scales else {}
    if not units:
        return notation
    unit, most = units.most_common(1)[0]
    if most < _ONE_UNIT * units.total():
        raise MixedUnitsError(dict(sorted(units.items(), key=lambda pair: (-pair[1], pair[0]))))
    return {**notation, "unit": unit}


def _scales(values: Iterable[str]) -> tuple[str, str]:
    """Which letters multiply, and the unit of money of most amounts, if many have one. Raises: MixedUnitsError."""
    values = list(values)
    if not any(map(_LETTER.search, values)):
        return "", ""
    ladder, scaled, money = Ladder(), Counter[str](), Counter[str]()
    for value in values:
        read = ((decimal, _LETTERED[decimal].fullmatch(plain_of(value))) for decimal in ".,")
        for decimal, match in [(decimal, match) for decimal, match in read if match is not None][:1]:
            units = _units(match)
            money.update(units & MONEY)
            if match["scale"] and not units:
                ladder.add(match["scale"], _number(match, decimal))
                scaled[match["scale"]] += 1
    told, unclear = ladder.told()
    if money.total() > sum(unclear.values()):
        return told, money.most_common(1)[0][0]
    if unclear:
        raise MixedUnitsError({scale: n for scale, n in scaled.most_common() if scale not in told.split()})
    return told, ""
