"""Dates and times as people and databases write them; says when day and month cannot be told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from zhinan.core.rules import rule
from zhinan.steps.values.orders import order_of_dates, parts_of, shows_years, year_of
from zhinan.steps.values.periods import ERA, ERAS, MONTHS, NAMED, begin_of_period
from zhinan.steps.values.zones import ZONE, on_clock, says_zone, shown_on, unclear_zone

__all__ = ["day_month_order", "has_zone", "in_full", "letters_of_zone", "read_time", "shows_short_years"]

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
_OF_ERA = rule(
    rf"(?a){ERA}(?P<y>\d{{1,3}}|元)\s*(?P<s>[-/.年])\s*(?P<m>\d{{1,2}})\s*(?:(?P=s)|月)\s*(?P<d>\d{{1,2}})\s*[日号]?"
    + _CLOCK
)
_DAY_MONTH = rule(
    "(?a)"
    + _WEEKDAY
    + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[- ](?P<b>[A-Za-z]{3})[a-z]*\.?[- ,]+(?P<y>\d{4}|\d{2})"
    + _CLOCK,
)
_MONTH_DAY = rule(
    "(?a)" + _WEEKDAY + r"(?P<b>[A-Za-z]{3})[a-z]*\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})" + _CLOCK
)
_NAMED = rule(
    r"(?P<d>[0-9]{1,2})(?:\.|er|º)?\s+(?:de\s+)?(?P<b>[^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(?P<y>[0-9]{4})" + _CLOCK
)
_UNIX = rule(
    r"(?a)(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<b>[A-Za-z]{3}) +(?P<d>\d{1,2}) (?P<H>\d{2}):(?P<M>\d{2}):(?P<S>\d{2})"
    r"(?: (?P<z>[A-Z]{3,5}))? (?P<y>\d{4})$",
)
_DOTTED = rule(r"(?a)(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})" + _CLOCK)
_NUMBERS = rule(r"(?a)(?P<first>\d{1,3})(?P<s>[/.-])(?P<second>\d{1,2})(?P=s)(?P<y>(?<!\.)\d{4}|\d{1,2})" + _CLOCK)
"""Dates whose numbers say only together with the rest of their column what they are."""
_COMPACT = rule(
    r"(?a)(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?:(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?" + ZONE + r")?)?$",
)
_SIX = rule(r"(?a)(?P<y>\d{2})(?P<m>\d{2})(?P<d>\d{2})$")
_COMPACT_REPUBLIC = rule(r"(?a)(?P<y>[01]\d{2})(?P<m>\d{2})(?P<d>\d{2})$")
_SERIAL = rule(r"(?a)\d{1,6}(?:\.\d{1,12})?$")
_EPOCHS = {9: 1, 10: 1, 13: 1000, 16: 1_000_000}
_SINCE = rule(r"(?a)(?P<whole>\d{9,16})(?:\.\d{1,9})?$")
_EPOCH = datetime(1970, 1, 1)
_LONGEST_COUNT = 6
"""Digits of the last row that is counted: more days than that end after the year 9999."""
_EXCEL = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet; right from 1900-03-01 on, before which Excel counts a day that never was."""

_DIGITS = str.maketrans(
    {
        **{chr(0xFF10 + i): str(i) for i in range(10)},
        "：": ":", "／": "/", "－": "-", "−": "-", "．": ".", "，": ",", "時": "时", "點": "点",
        "號": "号",
        **dict.fromkeys("\u3000\u00a0\u202f", " "),
    }
)  # fmt: skip
"""Full-width signs as ASCII."""
_HAN = {han: str(i) for i, han in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_SPOKEN = rule("[〇零一二三四五六七八九十百]+")


def read_time(text: str, order: str = "", numbers: str = "", zone: str = "") -> datetime | None:
    """The moment that a text names, as a clock of `zone` shows it (UTC without one), or None.

    What says no zone, such as a day, is on that clock already. A month, a quarter or a week is its first day.

    Args:
        order: what 03/04/2024 or 03/04/24 means, as `day_month_order` tells; without it such a date is none.
        numbers: "epoch" to take seconds, milliseconds or microseconds since 1970, 20240131, 202401 and, of the
            Republic of China, 1130131; "excel" to take days since 1900 as spreadsheets count them; "year" to take a
            year for its first day; "yymmdd" to take 240131; "count" to take what counts rows for days since 1970.
        zone: a name such as Asia/Shanghai, one of `core.zones.known_zones`.
    """
    plain = _plain(text)
    for pattern in (_YEAR_FIRST, _CHINESE, _DOTTED):
        if match := pattern.match(plain):
            return _moment(match, int(match["y"]), int(match["m"]), int(match["d"]), zone)
    for pattern in (_DAY_MONTH, _MONTH_DAY, _UNIX, _NAMED):
        if (match := pattern.match(plain)) and (month := _month(match["b"])):
            return _moment(match, year_of(match["y"]), month, int(match["d"]), zone)
    if match := _OF_ERA.match(plain):
        year = 1 if match["y"] == "元" else int(match["y"])
        return _moment(match, year + ERAS[match["era"]], int(match["m"]), int(match["d"]), zone)
    if match := _NUMBERS.match(plain):
        parts = parts_of(match, order)
        return None if parts is None else _moment(match, *parts, zone)
    return begin_of_period(plain) or _of_digits(plain, numbers, zone)


def _month(name: str) -> int:
    """A month by its name, in full, or by its first three letters in English; 0 for what is none."""
    return MONTHS.get(name.lower(), 0) or NAMED.get(name.lower(), 0)


def in_full(text: str) -> bool:
    """Whether a moment's text says by itself, with four digits for the year, which day it is."""
    plain = _plain(text)
    for pattern in (_YEAR_FIRST, _CHINESE, _DOTTED, _DAY_MONTH, _MONTH_DAY, _UNIX, _NAMED, _NUMBERS):
        if match := pattern.match(plain):
            return len(match["y"]) == 4
    match = _COMPACT.match(plain)
    return (match is not None and bool(match["d"])) or _SINCE.match(plain) is not None


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
    for pattern in (_YEAR_FIRST, _CHINESE, _DOTTED, _DAY_MONTH, _MONTH_DAY, _UNIX, _NAMED, _NUMBERS, _COMPACT):
        if (match := pattern.match(plain)) and match["H"]:
            return match
    return None


def day_month_order(values: Iterable[str], otherwise: str = "") -> str:
    """What dates such as 03/04/2024, 03/04/24 or 113/05/01 mean in a column; "" when it has none.

    Args, Raises: as `order_of_dates`.
    """
    return order_of_dates((match for value in values if (match := _NUMBERS.match(_plain(value)))), otherwise)


def shows_short_years(values: Iterable[str]) -> bool:
    """Whether texts such as 12.08.24 look like dates by themselves, as `shows_years` tells."""
    return shows_years(match for value in values if (match := _NUMBERS.match(_plain(value))))


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
    """二〇二四 is 2024, 十二 is 12, 二十 is 20, 一百一十三 is 113."""
    if "百" in han:
        hundreds, _, rest = han.partition("百")
        rest = rest.lstrip("〇零")
        return (_HAN.get(hundreds, "1") + (_spoken(rest) if rest else "0").zfill(2)) if "百" not in rest else han
    if "十" not in han:
        return "".join(_HAN[letter] for letter in han)
    tens, _, ones = han.partition("十")
    return (_HAN.get(tens, "1") if tens else "1") + (_HAN.get(ones, "0") if ones else "0")


def _of_digits(plain: str, numbers: str, zone: str) -> datetime | None:
    if ("T" in plain or numbers == "epoch") and (match := _COMPACT.match(plain)):
        return _moment(match, int(match["y"]), int(match["m"]), int(match["d"] or 1), zone)
    if numbers == "epoch":
        if match := _COMPACT_REPUBLIC.match(plain):
            return _moment(match, int(match["y"]) + 1911, int(match["m"]), int(match["d"]), zone)
        if (match := _SINCE.match(plain)) and len(match["whole"]) in _EPOCHS:
            return shown_on(_EPOCH + timedelta(seconds=float(plain) / _EPOCHS[len(match["whole"])]), zone)
    if numbers == "year" and plain.isascii() and plain.isdigit() and len(plain) == 4 and int(plain):
        return datetime(int(plain), 1, 1)
    if numbers == "yymmdd" and (match := _SIX.match(plain)):
        return _moment(match, year_of(match["y"]), int(match["m"]), int(match["d"]), zone)
    if numbers == "count" and plain.isascii() and plain.isdigit() and len(plain) <= _LONGEST_COUNT:
        return _EPOCH + timedelta(days=int(plain))
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
