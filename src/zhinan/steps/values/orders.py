"""What three numbers that make a date mean, told from a whole column: which is the day, the month, the year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["MINGUO", "ORDERS", "SHORT", "AmbiguousDateError", "order_of_dates", "parts_of", "shows_years", "year_of"]

ORDERS = ("day-month", "month-day")
"""What 03/04/2024 may mean."""

SHORT = ("day-month-yy", "month-day-yy", "yy-month-day")
"""What 03/04/24 may mean, and 03/04/2024 beside it."""

MINGUO = "minguo"
"""113/05/01 in years of the Republic of China: 2024-05-01."""

_CENTURY = 69
"""Two digits from here on are a year of the last century, as in POSIX (strptime, %y)."""
_FIRST, _LAST, _YEARS = 3, 28, 9
"""Days of a column begin and end so low and so high at least, and its years are at most so far apart."""


class AmbiguousDateError(ValueError):
    """Dates such as 03/04/2024, with nothing in the column to tell day from month."""

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


def year_of(digits: str) -> int:
    """A year that is written with four digits, or with two."""
    return int(digits) if len(digits) > 2 else int(digits) + (1900 if int(digits) >= _CENTURY else 2000)


def parts_of(match: re.Match[str], order: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date in an order, of ORDERS, of SHORT or MINGUO; None where it is written otherwise.

    Args: match: its groups `first`, `second` and `y` are the three numbers from left to right.
    """
    first, second, last = match["first"], match["second"], match["y"]
    if order == MINGUO:
        return (int(first) + 1911, int(second), int(last)) if len(first) > 1 and len(last) < 3 else None
    if order == "yy-month-day":
        return (year_of(first), int(second), int(last)) if len(first) == 2 and len(last) < 3 else None
    if len(last) != 4 and (order not in SHORT or len(last) != 2):
        return None
    if len(first) > 2 or order not in (*ORDERS, *SHORT):
        return None
    day, month = (first, second) if order.startswith("day") else (second, first)
    return year_of(last), int(month), int(day)


def order_of_dates(dates: Iterable[re.Match[str]], otherwise: str = "") -> str:
    """What the dates of a column mean, of ORDERS, of SHORT or MINGUO; "" where there are none.

    No day is over 31 and no month over 12, and 113/05/01 is no other year than the Republic's. Where that leaves open
    at which end of 12/08/24 its year stands, days that go from the first of months to their last tell, if the other
    end stays within ten years.

    Args:
        dates: as for `parts_of`.
        otherwise: what they mean when no value decides, or some decide one way and some the other: "day-month",
            "month-day" or "year-month".
    Raises: AmbiguousDateError then, where nothing is said.
    """
    held = list(dates)
    if not held:
        return ""
    if any(len(match["first"]) > 2 for match in held):
        return MINGUO
    short = [match for match in held if len(match["y"]) < 4]
    known: Sequence[str] = SHORT if short else ORDERS
    possible = [order for order in known if all(_fits(match, order) for match in held)]
    if len(possible) > 1 and short:
        possible = _by_the_year(short, possible)
    if len(possible) == 1:
        return possible[0]
    said = [order for order in possible or known if otherwise and order.startswith(otherwise.replace("year", "yy"))]
    if said:
        return said[0]
    unclear = [match.string for match in held if match["first"] != match["second"]]
    if possible and not short and not unclear:
        return "month-day"
    raise AmbiguousDateError(min(unclear or (match.string for match in held)))


def _fits(match: re.Match[str], order: str) -> bool:
    parts = parts_of(match, order)
    return parts is not None and parts[1] <= 12 and parts[2] <= 31


def shows_years(dates: Iterable[re.Match[str]]) -> bool:
    """Whether dates with two digits for the year look like such: days go from the first of months to their last, and
    the other end of the three numbers stays within ten years. Args: as for `parts_of`."""
    short = [match for match in dates if len(match["first"]) < 3 and len(match["y"]) < 4]
    return any(_days_and_years(short)) if short else False


def _days_and_years(short: Sequence[re.Match[str]]) -> tuple[bool, bool]:
    """Whether days stand at the beginning and years at the end, and the other way round."""
    ends = [[int(match[end]) for match in short] for end in ("first", "y")]
    days = [min(end) <= _FIRST and max(end) >= _LAST for end in ends]
    years = [max(end) - min(end) <= _YEARS for end in ends]
    middle = [int(match["second"]) for match in short]
    days_within = min(middle) <= _FIRST and max(middle) >= _LAST
    return (days[0] or days_within) and years[1], days[1] and years[0]


def _by_the_year(short: list[re.Match[str]], possible: list[str]) -> list[str]:
    """Those of the possible orders that have the year at the end where it stands, if that shows."""
    last, first = _days_and_years(short)
    if last:
        return [order for order in possible if order.endswith("yy")]
    return [order for order in possible if not order.endswith("yy")] if first else possible
