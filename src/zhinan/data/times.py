"""Reads dates and times as people and databases write them, and says when day and month cannot be told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

__all__ = ["AmbiguousDateError", "read_times"]

_CLOCK = (
    r"(?:[T ]+(?P<H>\d{1,2})[:时](?P<M>\d{2})(?:[:分](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?秒?)?"
    r"\s*(?P<z>Z|[+-]\d{2}:?\d{2})?)?$"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _CLOCK)
_CHINESE = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?" + _CLOCK)
_DAY_MONTH = re.compile(r"(?P<d>\d{1,2})[- ](?P<b>[A-Za-z]{3})[a-z]*[- ,]+(?P<y>\d{4}|\d{2})" + _CLOCK)
_MONTH_DAY = re.compile(r"(?P<b>[A-Za-z]{3})[a-z]* (?P<d>\d{1,2}),? (?P<y>\d{4})" + _CLOCK)
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})" + _CLOCK)
_SLASHED = re.compile(r"(?P<first>\d{1,2})(?P<s>[/-])(?P<second>\d{1,2})(?P=s)(?P<y>\d{4})" + _CLOCK)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})$")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_EPOCHS = {9: 1, 10: 1, 13: 1000, 16: 1_000_000}


class AmbiguousDateError(ValueError):
    """Dates such as 03/04/2024, with nothing in the column to tell day from month."""

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


def read_times(values: Iterable[str], numeric: bool = False) -> dict[str, datetime | None]:
    """Each distinct value with the moment it names, in UTC without a zone; None when it names none.

    Args: numeric: also take 20240131 and seconds, milliseconds or microseconds since 1970.
    Raises: AmbiguousDateError.
    """
    found: dict[str, datetime | None] = {}
    slashed: dict[str, re.Match[str]] = {}
    for value in set(values):
        match = _SLASHED.match(value)
        if match:
            slashed[value] = match
        else:
            found[value] = _one(value, numeric)
    if slashed:
        month_first = _month_first(slashed)
        for value, match in slashed.items():
            month, day = (match["first"], match["second"]) if month_first else (match["second"], match["first"])
            found[value] = _moment(match, int(match["y"]), int(month), int(day))
    return found


def _month_first(slashed: dict[str, re.Match[str]]) -> bool:
    if any(int(match["first"]) > 12 for match in slashed.values()):
        return False
    if any(int(match["second"]) > 12 for match in slashed.values()):
        return True
    if all(match["first"] == match["second"] for match in slashed.values()):
        return True
    raise AmbiguousDateError(min(slashed))


def _one(value: str, numeric: bool) -> datetime | None:
    for pattern in (_YEAR_FIRST, _CHINESE, _DOTTED):
        if match := pattern.match(value):
            return _moment(match, int(match["y"]), int(match["m"]), int(match["d"]))
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        if match := pattern.match(value):
            year = int(match["y"])
            year += 0 if year > 99 else 2000 if year < 70 else 1900
            return _moment(match, year, _MONTHS.get(match["b"].lower(), 0), int(match["d"]))
    if numeric and (match := _COMPACT.match(value)):
        return _moment(match, int(match["y"]), int(match["m"]), int(match["d"]))
    if numeric and value.isascii() and value.isdigit() and len(value) in _EPOCHS:
        return datetime(1970, 1, 1) + timedelta(seconds=int(value) / _EPOCHS[len(value)])
    return None


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    parts = match.groupdict()
    micro = int((parts.get("f") or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(
            year, month, day, int(parts.get("H") or 0), int(parts.get("M") or 0), int(parts.get("S") or 0), micro
        )
        zone = parts.get("z")
        if zone and zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            aware = moment.replace(tzinfo=timezone(-offset if zone[0] == "-" else offset))
            moment = aware.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment
