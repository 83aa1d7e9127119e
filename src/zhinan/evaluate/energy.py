"""Reads how much energy the machine has used, where its processor tells (RAPL), and estimates it where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["POWERCAP", "joules_between", "readable", "reading", "watt_hours"]

POWERCAP = Path("/sys/class/powercap")
COUNTED = ("package", "dram")
"""Domains that are added up: `core` and `uncore` are parts of a package, `psys` is the whole board again."""

JOULES = 3600.0
"""In a watt-hour."""


def reading(folder: Path = POWERCAP) -> dict[str, tuple[int, int]]:
    """The energy counters now: domain → (microjoules, where the counter starts over); empty where none may be read.

    Source: https://docs.kernel.org/power/powercap/powercap.html
    """
    found = {}
    for zone in sorted(folder.glob("intel-rapl:*")):  # AMD's counters have the same name
        try:
            if not (zone / "name").read_text("ascii").startswith(COUNTED):
                continue
            counts = [int((zone / file).read_text("ascii")) for file in ("energy_uj", "max_energy_range_uj")]
        except (OSError, ValueError):  # since 2020 kernels let only the administrator read them
            return {}
        found[zone.name] = (counts[0], counts[1])
    return found


def readable(folder: Path = POWERCAP) -> bool:
    """Whether this machine tells its energy."""
    return bool(reading(folder))


def joules_between(before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]) -> float | None:
    """Joules between two readings, a counter that started over in between counted once; None without counters."""
    if not before or before.keys() != after.keys():
        return None
    used = 0
    for zone, (end, most) in after.items():
        start = before[zone][0]
        used += end - start if end >= start else end - start + most
    return used / 1e6


def watt_hours(cpu_seconds: float, watts: float | None) -> float | None:
    """An estimate of the energy of work done on this machine: CPU-seconds times watts; None when no power is known.

    It errs on the high side where `watts` is the power of many cores, since each CPU-second is charged the whole of it.
    """
    return None if watts is None else cpu_seconds * watts / JOULES
