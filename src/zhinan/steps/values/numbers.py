"""Numbers as people and spreadsheets write them: grouped, with a unit, in 万 or k, negative in parentheses."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhinan.steps.values.durations import seconds_in

__all__ = ["UNITS", "Amount", "MixedUnitsError", "missing_numbers", "number_notation", "read_number"]


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


_SPELT: Mapping[str, str] = {
    # shares
    "%": "percent", "‰": "", "pt": "pp 个百分点 百分点", "bp": "bps",
    # money
    "CNY": "¥ 元 圆 块 块钱 cny RMB rmb 人民币 元人民币 CN¥", "USD": "$ usd US$ 美元 美金", "EUR": "€ eur 欧元",
    "GBP": "£ gbp 英镑", "JPY": "円 jpy 日元", "HKD": "HK$ hkd 港元 港币", "INR": "₹ Rs Rs.", "KRW": "₩ 韩元",
    "TWD": "NT$ 新台币", "CHF": "Fr.", "RUB": "₽",
    # mass, length, area, volume
    "kg": "KG Kg kgs ㎏ 公斤 千克", "g": "克", "mg": "㎎ 毫克", "t": "吨", "lb": "lbs", "oz": "", "斤": "",
    "km": "KM ㎞ 公里 千米", "m": "米", "cm": "CM ㎝ 厘米", "mm": "㎜ 毫米", "in": "inch inches", "ft": "",
    "mi": "mile miles", "m²": "㎡ m2 sqm 平方米 平米", "L": "l 升", "mL": "ml ML 毫升",
    # time
    "ms": "毫秒", "s": "sec secs second seconds 秒", "min": "mins minute minutes 分钟", "h": "hr hrs hour hours 小时",
    "d": "day days 天 日", "week": "weeks 周", "month": "months 个月 月", "year": "years yr yrs 年 岁",
    # technical
    "B": "byte bytes", "KB": "kB", "MB": "", "GB": "", "TB": "", "℃": "°C", "℉": "°F", "km/h": "kmh 公里/小时",
    "W": "", "kW": "", "kWh": "度", "V": "", "mmHg": "", "mmol/L": "", "mg/dL": "",
    # things counted
    "个": "", "件": "", "人": "", "次": "", "条": "", "台": "", "分": "", "笔": "", "张": "", "名": "",
}  # fmt: skip

UNITS: Mapping[str, str] = {word: unit for unit, others in _SPELT.items() for word in (unit, *others.split())}
"""A unit as it is written → its one name. ¥ is taken for CNY; other words behind a number make it no number."""

_SCALES: Mapping[str, int] = {
    "k": 3, "K": 3, "M": 6, "mn": 6, "bn": 9, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8,
    "億": 8, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
"""What multiplies a number, as the power of ten."""

_ONE_UNIT = 0.95
_LONGEST = 40
"""Characters of the longest duration."""
_DAYS = ("day", "days")
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


def _pattern(decimal: str) -> re.Pattern[str]:
    point, comma = re.escape(decimal), re.escape("," if decimal == "." else ".")
    digits = (
        rf"[0-9]{{1,3}}(?:(?P<group>[{comma}' ])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*(?:{point}[0-9]+)?"
        rf"|[0-9]{{1,2}}(?:{comma}[0-9]{{2}})+{comma}[0-9]{{3}}(?:{point}[0-9]+)?"
        rf"|[0-9]+{point}?[0-9]*{_EXPONENT}|{point}[0-9]+{_EXPONENT}"
    )
    unit = _written(UNITS)
    return re.compile(
        rf"(?P<open>\( *)?(?P<sign>[+-] *)?(?:(?P<before>{unit}) *(?P<inner>[+-])?)?(?P<digits>{digits})"
        rf"(?: *(?P<scale>(?:{_written(_SCALES)})(?![A-Za-z])))?(?: *(?P<after>{unit}))?(?(open) *\))"
    )


_PATTERNS = {decimal: _pattern(decimal) for decimal in ".,"}


def read_number(text: str, decimal: str = ".", unit: str = "") -> Amount | None:
    """The number that a text writes, or None when it is none, is infinite, or names two units. A duration is in "s".

    Args:
        decimal: what stands before the fraction, "." or ","; the other one groups thousands.
        unit: of the column; in one of "s" whole days, as pandas writes "2 days", are seconds too.
    """
    plain = text.translate(_PLAIN).strip()
    match = _PATTERNS[decimal].fullmatch(plain)
    if match is None or (unit == "s" and match["after"] in _DAYS):
        seconds = seconds_in(plain) if len(plain) <= _LONGEST else None
        return None if seconds is None else Amount(seconds, "s")
    sign, inner = match["sign"], match["inner"]
    if (sign and inner) or (match["open"] and (sign or inner)):
        return None
    units = {UNITS[match[side]] for side in ("before", "after") if match[side]}
    if len(units) > 1:
        return None
    digits = re.sub(r"[,.' ]", "", match["digits"].replace(decimal, "\0")).replace("\0", ".")
    number, _, power = digits.lower().partition("e")
    value = float(f"{number}e{int(power or 0) + _SCALES.get(match['scale'], 0)}")
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
    """How a column writes its numbers: {"decimal", "unit"}, each only where it is not "." and none.

    A value that can be read in one way only decides what its comma and its point mean; while every one could be both,
    as in 1,234, the comma groups. Values that are no number have no say. Whole days among durations are in "s" too.

    Raises: MixedUnitsError when more than one in twenty has another unit than the most frequent one.
    """
    votes: Counter[str] = Counter()
    units: Counter[str] = Counter()
    days = 0
    for value in values:
        read = {decimal: amount for decimal in ".," if (amount := read_number(value, decimal)) is not None}
        if len(read) == 1:
            votes.update(read.keys())
        for amount in list(read.values())[:1]:
            units[amount.unit] += 1
            days += amount.unit == "d" and seconds_in(value.strip()) is not None
    del units[""]
    if units["s"]:
        units.update(s=days, d=-days)
    units = +units
    notation = {"decimal": ","} if votes[","] > votes["."] else {}
    if not units:
        return notation
    unit, most = units.most_common(1)[0]
    if most < _ONE_UNIT * units.total():
        raise MixedUnitsError(dict(sorted(units.items(), key=lambda pair: (-pair[1], pair[0]))))
    return {**notation, "unit": unit}
