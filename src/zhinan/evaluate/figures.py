"""How the report writes numbers: in the unit the contract was written in, never rounded to the flattering side."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from zhinan.contract import Line
from zhinan.contract.units import UNITS, plain
from zhinan.core import entries

__all__ = ["GAP", "NOTHING", "amount", "bytes_", "count", "duration", "general", "in_unit", "share", "told_in"]

NOTHING = "–"
GAP = "\N{NO-BREAK SPACE}"
SIDES = {"near": ROUND_HALF_EVEN, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def in_unit(value: float, unit: str) -> float:
    """A number in the base unit (a fraction, seconds, bytes) as a number in `unit`."""
    return float(Decimal(f"{value:.12g}") / _factor(unit))


def told_in(line: Line, target: str) -> str:
    """The unit that a line's values are told in: its own, or that of the target where it measures in the target's."""
    known = entries("metric")
    named = [known[name] for name in (line.metric, str(line.args.get("of"))) if name in known]
    return line.unit or (target if any(one.facts.get("scale") == "target" for one in named) else "")


def amount(value: float | None, unit: str, side: Literal["near", "down", "up"] = "near") -> str:
    """A number in the base unit, written in `unit`: `91.23 %`.

    Shares keep two decimals, everything else three digits. side: "down" for a lower bound, "up" for an upper one, so
    that the printed bound is true as well.
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    number = Decimal(f"{value:.12g}") / _factor(unit)
    if unit in ("%", "pt"):
        decimals = 2
    elif number == 0:
        decimals = 0
    else:
        decimals = 2 - number.adjusted() if abs(number) < 1000 else 0
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=SIDES[side])
    text = _thousands(plain(rounded))
    return f"{text}{GAP}{unit}" if unit else text


def share(value: float | None) -> str:
    """A fraction with one decimal: `93.1 %`."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{100 * value:.1f}{GAP}%"


def count(value: float | None) -> str:
    """A whole number with separators: `3,080`."""
    return NOTHING if value is None or not math.isfinite(value) else f"{round(value):,}"


def duration(seconds: float | None) -> str:
    """Seconds as people say them: `420 ms`, `41 s`, `2 min 11 s`, `1 h 5 min`."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    if seconds < 1:
        return amount(seconds, "ms")
    if seconds < 100:
        return amount(seconds, "s")
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}{GAP}min {whole % 60}{GAP}s"
    return f"{whole // 3600:,}{GAP}h {whole % 3600 // 60}{GAP}min"


def bytes_(value: float | None) -> str:
    """Bytes in the unit that suits: `812 KB`, `12.4 MB`."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return amount(value, "GB" if value >= 1e9 else "MB" if value >= 1e6 else "KB")


def general(value: Any) -> str:
    """Any JSON value as a short text; numbers with four digits."""
    if value is None:
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not math.isfinite(value):
        return NOTHING
    return _thousands(plain(Decimal(f"{value:.4g}"))) if isinstance(value, float) else f"{value:,}"


def _factor(unit: str) -> Decimal:
    return UNITS[unit].factor if unit in UNITS else Decimal(1)


def _thousands(text: str) -> str:
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() and len(whole.lstrip("-")) > 3 else text
