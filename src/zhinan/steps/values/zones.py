"""The zones that moments name, and the clock of a product, on which all of its moments are read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from zhinan.core.zones import known_zones

__all__ = ["ZONE", "UnclearZoneError", "on_clock", "says_zone", "shown_on", "unclear_zone"]

_HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Letters that mean one zone, in hours from UTC: RFC 2822's without CST, which is China's too, and a few more."""

_NAME = r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)"
ZONE = (
    r"(?:(?P<z>[Zz]|(?:UTC?|GMT)[+-]\d{1,2}(?::?\d{2})?|UT|[A-Z]{3,5}|[+-]\d{2}:?\d{2}|[+-]\d{2})"
    rf"(?:\s*\[(?P<of>{_NAME}*)\])?(?:\s*\([^()]{{1,60}}\))?|\s*\[(?P<in>{_NAME}*)\]|(?P<at>{_NAME}+))?"
)
"""A regular expression of what follows an hour: an offset or letters (`z`), perhaps with a comment as mails and
JavaScript write it, or a name of the IANA's (`in`, `at`; beside an offset, `of`, it says nothing new)."""

_OFFSET = re.compile(r"(?:UTC?|GMT)?([+-])(\d{1,2}?):?(\d{2})?")


class UnclearZoneError(ValueError):
    """Moments with letters such as CST, which are those of several zones."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


def on_clock(moment: datetime, match: re.Match[str], zone: str) -> datetime:
    """A moment on the clock of a zone; one that says no zone is on it already.

    Args: match: of an expression with `ZONE`. zone: a name of `core.zones.known_zones`; "" is UTC.
    Raises: ValueError for a zone that nobody knows, UnclearZoneError for one that may be several; OverflowError.
    """
    said = match.groupdict()
    if offset := said.get("z"):
        return shown_on(moment - _offset(offset.upper(), moment, zone), zone)
    name = said.get("in") or said.get("at") or zone
    if name == zone:
        return moment
    return shown_on(moment.replace(tzinfo=_zone(name)).astimezone(UTC).replace(tzinfo=None), zone)


def says_zone(match: re.Match[str]) -> bool:
    """Whether a moment says its zone. Args: match: as for `on_clock`."""
    return any(match.groupdict().get(group) for group in ("z", "in", "at"))


def shown_on(moment: datetime, zone: str) -> datetime:
    """A moment of UTC, without a zone, as the clock of a zone shows it. Raises: OverflowError."""
    return moment.replace(tzinfo=UTC).astimezone(_zone(zone)).replace(tzinfo=None) if zone else moment


def unclear_zone(match: re.Match[str], zone: str) -> str:
    """The letters of a moment's zone where they may mean several, or none that is known; else "".

    Args: match, zone: as for `on_clock`.
    """
    letters = (match["z"] or "").upper()
    if not letters.isalpha() or letters in _HOURS or letters in _own(zone, int(match["y"])):
        return ""
    return letters


def _zone(name: str) -> ZoneInfo:
    if name not in known_zones():
        raise ValueError(name)
    return ZoneInfo(name)


def _offset(said: str, moment: datetime, zone: str) -> timedelta:
    """How far a clock is before UTC. A zone's own letters mean itself: CST where the contract says Asia/Shanghai."""
    if said.isalpha():
        own = _own(zone, moment.year)
        if said in own:
            return own[said]
        if said in _HOURS:
            return timedelta(hours=_HOURS[said])
        raise UnclearZoneError(said)
    match = _OFFSET.fullmatch(said)
    if match is None:
        raise ValueError(said)
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(days=1):
        raise ValueError(said)
    return -offset if match[1] == "-" else offset


@cache
def _own(zone: str, year: int) -> dict[str, timedelta]:
    """The letters by which a zone goes in winter and in summer, and what they meant that year."""
    if not zone or not 1 < year < 9999:
        return {}
    moments = (datetime(year, month, 1, tzinfo=_zone(zone)) for month in (1, 7))
    return {moment.tzname() or "": moment.utcoffset() or timedelta() for moment in moments}
