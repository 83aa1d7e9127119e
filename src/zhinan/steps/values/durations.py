"""Durations in seconds: ISO 8601, pandas, hours, minutes and seconds of a clock, and 5h 16min as people write them."""

from __future__ import annotations

from zhinan.core.rules import rule

__all__ = ["seconds_in"]

_ISO = rule(
    r"(?a)(?P<sign>[+-])?P(?=\d|T)(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:[.,]\d+)?)S)?)?$"
)
"""Without years and months, which are not always as long."""
_PANDAS = rule(
    r"(?a)(?P<sign>-)?(?P<d>\d+) days?(?:,? [+]?(?P<h>\d{1,2}):(?P<m>[0-5]\d):(?P<s>[0-5]\d(?:\.\d{1,9})?))?$"
)
_CLOCK = rule(r"(?a)(?P<sign>[+-])?(?P<h>\d{1,4}):(?P<m>[0-5]\d):(?P<s>[0-5]\d(?:\.\d{1,9})?)$")
_SAID = rule(
    r"(?a)(?:(?P<d>\d+) ?(?:d|days?|天))?(?: ?(?P<h>\d+(?:\.\d+)?) ?(?:h|hrs?|hours?|小时|小時))?"
    r"(?: ?(?P<m>\d+(?:\.\d+)?) ?(?:m|mins?|minutes?|分钟|分鐘|分))?"
    r"(?: ?(?P<s>\d+(?:\.\d+)?) ?(?:s|secs?|seconds?|秒))?$"
)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


def seconds_in(text: str) -> float | None:
    """The seconds of a duration such as PT1M30S, 1 days 00:01:30, 25:01:30 or 5h 16min; None for anything else.

    Two numbers, as in 1:30, may be hours or minutes and are none.
    """
    for pattern in (_CLOCK, _PANDAS, _ISO, _SAID):
        if text and (match := pattern.match(text)):
            said = match.groupdict()
            parts = {unit: float(said[unit].replace(",", ".")) * size
                     for unit, size in _SECONDS.items() if said.get(unit)}  # fmt: skip
            if pattern is _PANDAS and said.get("sign"):  # -1 days +23:59:00 is one minute less than nothing
                parts["d"] = -parts["d"]
                return sum(parts.values())
            return -sum(parts.values()) if said.get("sign") == "-" else sum(parts.values())
    return None
