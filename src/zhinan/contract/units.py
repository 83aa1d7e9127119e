"""Units of a must line: which may be written for a metric, and what a number in them means in the base unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["UNITS", "Unit", "plain", "siblings", "written"]


@dataclass(frozen=True)
class Unit:
    """A unit users write: what it measures, its base unit and how many base units one of it is."""

    dimension: str
    base: str
    factor: Decimal


UNITS: dict[str, Unit] = {
    "": Unit("the target's own unit", "", Decimal(1)),
    "%": Unit("share", "", Decimal("0.01")),
    "pt": Unit("points", "", Decimal("0.01")),
    "ms": Unit("time", "s", Decimal("0.001")),
    "s": Unit("time", "s", Decimal(1)),
    "min": Unit("time", "s", Decimal(60)),
    "h": Unit("time", "s", Decimal(3600)),
    "KB": Unit("bytes", "B", Decimal(10**3)),
    "MB": Unit("bytes", "B", Decimal(10**6)),
    "GB": Unit("bytes", "B", Decimal(10**9)),
    "rps": Unit("rate", "rps", Decimal(1)),
    "Wh": Unit("energy", "Wh", Decimal(1)),
    "USD": Unit("money", "USD", Decimal(1)),
    "CNY": Unit("money", "CNY", Decimal(1)),
}


def siblings(unit: str) -> list[str]:
    """The units that measure the same thing as this one, itself first."""
    same = [name for name, other in UNITS.items() if other.dimension == UNITS[unit].dimension]
    return sorted(same, key=lambda name: name != unit)


def plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def written(number: Decimal, unit: str) -> str:
    """A number with its unit in canonical spelling: `90%`, `15 pt`, `0.5`."""
    return plain(number) + (unit if unit in ("", "%") else f" {unit}")
