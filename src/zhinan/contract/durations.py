"""A time as people write it, such as "10 min" or "30 days": the one reading of it, for keys and for must lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from zhinan.contract.tree import shown
from zhinan.core import UserError, Words, suggest

__all__ = ["AMOUNT", "duration"]

SECONDS: Mapping[str, int] = {
    "s": 1, "min": 60, "h": 3600, "d": 86400, "day": 86400, "days": 86400,
}  # fmt: skip
AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) *([^\d\s.]\S*)?")
"""A number and what is written behind it."""


def duration(text: str, where: str = "") -> float:
    """Seconds of a text such as "10 min", "90 s", "1 h" or "30 days".

    Raises:
        UserError: E022 without a unit, E023 for an unknown unit, E015 for anything else.
    """
    found = AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    wanted = Words("a time such as 10 min", "时长，例如 10 min")
    if not found:
        raise UserError("E015", where, key=shown(text), problem=Words("is not a time", "不是时长"), fix=wanted)
    number, unit = found[1], found[2]
    if unit is None:
        near = f"{number} {'s' if float(number) >= 60 else 'min'}"
        raise UserError("E022", where, metric=Words("a time", "时长"), number=number, near=near)
    if unit not in SECONDS:
        near_unit = suggest(unit[:40], SECONDS)
        raise UserError("E023", where, metric=Words("a time", "时长"), unit=shown(unit), suggestion=near_unit)
    seconds = float(Decimal(number) * SECONDS[unit])
    if seconds < 1:
        raise UserError("E015", where, key=shown(text), problem=Words("is less than a second", "不足一秒"), fix=wanted)
    return seconds
