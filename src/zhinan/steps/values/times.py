"""Dates and times as people and databases write them; says when day and month cannot be told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from zhinan.core.rules import rule
from zhinan.steps.values.zones import ZONE, on_clock, says_zone, shown_on, unclear_zone

__all__ = ["ORDERS", "AmbiguousDateError", "day_month_order", "has_zone", "letters_of_zone", "read_time"]

ORDERS = ("day-month", "month-day")
"""What 03/04/2024 may mean."""

_HALF = r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚)?\s*"
_CLOCK = (
    rf"(?:(?:[T ]\s*|(?<=[日号]))\(?(?:星期[一二三四五六日天]|周[一二三四五六日天])?\)?\s*(?:{_HALF}"
    r"(?P<H>\d{1,2})(?:[:：](?P<M>\d{2})(?:[:：](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"|[点时](?:(?P<M2>\d{1,2})分?(?:(?P<S2>\d{1,2})秒)?|(?P<h30>半)|整)?|(?=\s*[AaPp]\.?[Mm]))"
    rf"\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*{ZONE})?)?$"
)
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?"
_YEAR_FIRST = rule(r"(?a)(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _CLOCK)
_CHINESE = rule(r"(?a)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?" + _CLOCK)
_MONTH_ONLY = rule(r"(?a)(?P<y>(?:19|20)\d{2})(?:[-/](?P<m>\d{2})|\s*年\s*(?P<m2>\d{1,2})\s*月)$")
_DAY_MONTH = rule(
    "(?a)"
    + _WEEKDAY
    + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[- ](?P<b>[A-Za-z]{3})[a-z]*\.?[- ,]+(?P<y>\d{4}|\d{2})"
    + _CLOCK,
)
_MONTH_DAY = rule(
    "(?a)" + _WEEKDAY + r"(?P<b>[A-Za-z]{3})[a-z]*\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})" + _CLOCK
)
_UNIX = rule(
    r"(?a)(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<b>[A-Za-z]{3}) +(?P<d>\d{1,2}) (?P<H>\d{2}):(?P<M>\d{2}):(?P<S>\d{2})"
    r"(?: (?P<z>[A-Z]{3,5}))? (?P<y>\d{4})$",
)
_DOTTED = rule(r"(?a)(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})" + _CLOCK)
_SLASHED = rule(r"(?a)(?P<first>\d{1,2})(?P<s>[/-])(?P<second>\d{1,2})(?P=s)(?P<y>\d{4})" + _CLOCK)
_COMPACT = rule(
    r"(?a)(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?" + ZONE + r")?$",
)
_SERIAL = rule(r"(?a)\d{1,6}(?:\.\d{1,12})?$")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_EPOCHS = {9: 1, 10: 1, 13: 1000, 16: 1_000_000}
_EXCEL = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet; right from 1900-03-01 on, before which Excel counts a day that never was."""

_DIGITS = str.maketrans(
    {
        **{chr(0xFF10 + i): str(i) for i in range(10)},
        "：": ":", "／": "/", "－": "-", "−": "-", "．": ".", "，": ",", "時": "时", "點": "点",
        **dict.fromkeys("\u3000\u00a0\u202f", " "),
    }
)  # fmt: skip
"""Full-width signs as ASCII."""
_HAN = {han: str(i) for i, han in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_SPOKEN = rule("[〇零一二三四五六七八九十]+")


class AmbiguousDateError(ValueError):
    """Dates such as 03/04/2024, with nothing in the column to tell day from month."""

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


def read_time(text: str, order: str = "", numbers: str = "", zone: str = "") -> datetime | None:
    """The moment that a text names, as a clock of `zone` shows it (UTC without one), or None.

    What says no zone, such as a day, is on that clock already.

    Args:
        order: what 03/04/2024 means, one of ORDERS; without it such a date is none.
        numbers: "epoch" to take seconds, milliseconds or microseconds since 1970 and 20240131 too; "excel" to take
            days since 1900 as spreadsheets count them; "year" to take a year for its first day.
        zone: a name such as Asia/Shanghai, one of `core.zones.known_zones`.
    """
    plain = _plain(text)
    for pattern in (_YEAR_FIRST, _CHINESE, _DOTTED):
        if match := pattern.match(plain):
            return _moment(match, int(match["y"]), int(match["m"]), int(match["d"]), zone)
    for pattern in (_DAY_MONTH, _MONTH_DAY, _UNIX):
        if match := pattern.match(plain):
            year = int(match["y"])
            year += 0 if year > 99 else 2000 if year < 70 else 1900
            return _moment(match, year, _MONTHS.get(match["b"].lower(), 0), int(match["d"]), zone)
    if match := _MONTH_ONLY.match(plain):
        return _moment(match, int(match["y"]), int(match["m"] or match["m2"]), 1, zone)
    if match := _SLASHED.match(plain):
        if order not in ORDERS:
            return None
        month, day = (match["first"], match["second"]) if order == "month-day" else (match["second"], match["first"])
        return _moment(match, int(match["y"]), int(month), int(day), zone)
    return _of_digits(plain, numbers, zone)


def has_zone(text: str) -> bool | None:
    """Whether a moment says its zone; None for a date without an hour and for what is no moment."""
    match = _with_hour(text)
    return None if match is None else says_zone(match)


def letters_of_zone(text: str, zone: str = "") -> str:
    """The letters of a moment's zone where they keep it from being read: CST is America's and China's. Else "".

    Args: zone: whose own letters are known.
    """
    match = _with_hour(text)
    return "" if match is None else unclear_zone(match, zone)


def _with_hour(text: str) -> re.Match[str] | None:
    plain = _plain(text)
    for pattern in (_YEAR_FIRST, _CHINESE, _DOTTED, _DAY_MONTH, _MONTH_DAY, _UNIX, _SLASHED, _COMPACT):
        if (match := pattern.match(plain)) and match["H"]:
            return match
    return None


def day_month_order(values: Iterable[str], otherwise: str = "") -> str:
    """What dates such as 03/04/2024 mean in a column; "" when it has none.

    Args: otherwise: what they mean when no value decides, or when some decide one way and some the other.

    Raises: AmbiguousDateError then, where nothing is said.
    """
    dates = [match for value in values if (match := _SLASHED.match(_plain(value)))]
    if not dates:
        return ""
    day_first = any(int(match["first"]) > 12 for match in dates)
    month_first = any(int(match["second"]) > 12 for match in dates)
    if day_first != month_first:
        return ORDERS[month_first]
    if otherwise:
        return otherwise
    if not day_first and all(match["first"] == match["second"] for match in dates):
        return "month-day"
    unclear = [match.string for match in dates if match["first"] != match["second"]]
    raise AmbiguousDateError(min(unclear or (match.string for match in dates)))


def _plain(text: str) -> str:
    plain = text.strip()
    if plain.isascii():
        return plain
    plain = plain.translate(_DIGITS)
    if "年" in plain and _SPOKEN.search(plain):
        plain = re.sub(r"(星期|周)[一二三四五六日天]", "", plain)
        plain = _SPOKEN.sub(lambda found: _spoken(found[0]), plain)
    return plain


def _spoken(han: str) -> str:
    """二〇二四 is 2024, 十二 is 12, 二十 is 20."""
    if "十" not in han:
        return "".join(_HAN[letter] for letter in han)
    tens, _, ones = han.partition("十")
    return (_HAN.get(tens, "1") if tens else "1") + (_HAN.get(ones, "0") if ones else "0")


def _of_digits(plain: str, numbers: str, zone: str) -> datetime | None:
    if ("T" in plain or numbers == "epoch") and (match := _COMPACT.match(plain)):
        return _moment(match, int(match["y"]), int(match["m"]), int(match["d"]), zone)
    if numbers == "epoch" and plain.isascii() and plain.isdigit() and len(plain) in _EPOCHS:
        return shown_on(datetime(1970, 1, 1) + timedelta(seconds=int(plain) / _EPOCHS[len(plain)]), zone)
    if numbers == "year" and plain.isascii() and plain.isdigit() and len(plain) == 4 and int(plain):
        return datetime(int(plain), 1, 1)
    if numbers == "excel" and _SERIAL.match(plain) and 1 <= float(plain) < 2_958_466:
        return _EXCEL + timedelta(seconds=round(float(plain) * 86_400, 3))
    return None


def _moment(match: re.Match[str], year: int, month: int, day: int, zone: str) -> datetime | None:
    parts = match.groupdict()
    minute = "30" if parts.get("h30") else parts.get("M") or parts.get("M2") or 0
    micro = int((parts.get("f") or "0").ljust(6, "0")[:6])
    hour = _hour(int(parts.get("H") or 0), parts.get("half") or "", (parts.get("ap") or "").lower()[:1])
    second = int(parts.get("S") or parts.get("S2") or 0)
    leap = second == 60 and int(minute) % 15 == 14  # at 23:59:60 in UTC; zones differ by quarters of an hour
    midnight = hour == 24 and not (int(minute) or second or micro)  # ISO 8601: the end of the day
    try:
        moment = datetime(year, month, day, 0 if midnight else hour, int(minute), 59 if leap else second, micro)
        moment += timedelta(days=midnight, seconds=leap)
        return on_clock(moment, match, zone)
    except (ValueError, OverflowError):
        return None


def _hour(hour: int, half: str, ap: str) -> int:
    """The hour of 24; one that its half of the day does not have becomes 99, which no clock shows."""
    if ap:
        return 99 if not 1 <= hour <= 12 else hour % 12 + 12 * (ap == "p")
    if half in ("下午", "傍晚", "晚上", "夜里", "晚") and 1 <= hour < 12:
        return hour + 12
    if half == "中午" and 1 <= hour <= 2:
        return hour + 12
    if half == "凌晨" and hour == 12:
        return 0
    return hour
