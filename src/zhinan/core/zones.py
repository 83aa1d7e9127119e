"""The names of time zones, as contracts and moments write them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

__all__ = ["known_zones"]


@cache
def known_zones() -> frozenset[str]:
    """Those of the IANA's database, as the system or the package tzdata has it."""
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})
