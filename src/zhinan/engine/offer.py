"""The counter-offer: what could be had instead when a contract is not proved, and what would get it proved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Contract, Line, parse_line
from zhinan.contract.units import UNITS, written
from zhinan.core import UserError
from zhinan.engine.climb import Tried
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.costs import Costs, energy_wh
from zhinan.evaluate.measure import is_cost
from zhinan.proof import Verdict

if TYPE_CHECKING:
    from zhinan.engine.outlook import Outlook

__all__ = ["offer", "pareto", "relaxations"]

DIGITS = 2
"""Times of one machine repeat within about a tenth, so no difference beyond two digits counts."""


def offer(
    contract: Contract, found: Findings, tried: Sequence[Tried], outlook: Outlook | None = None
) -> Mapping[str, Any] | None:
    """The candidates nobody beats, the smallest change that would be proved, and what more would be needed.

    Args:
        outlook: what was found out about labels, slices and costs in the time left.

    Returns:
        None when the contract is proved. "relax" is the one change that is enough, None when there is none or several
        lines are open ("next" then has one for each). What was not looked for is None.
    """
    if found.outcome == "PROVED":
        return None
    changes, alone = relaxations(contract, found)
    shown: dict[str, Any] = {
        "pareto": pareto(contract, tried, {} if outlook is None else outlook.costs),
        "relax": changes[0] if alone and changes else None,
        "labels": None,
        "suspect_labels": None,
        "weak_slices": None,
        "next": [],
    }
    return shown if outlook is None else {**shown, **outlook.offered()}


def pareto(contract: Contract, tried: Sequence[Tried], costs: Mapping[int, Costs]) -> list[dict[str, Any]]:
    """The candidates that no other one equals or beats in quality, latency, size and energy at once.

    Args:
        costs: place among `tried` → rough figures; a figure that is not known for every candidate decides nothing.
    """
    quality = [line for line in contract.must if not is_cost(line)] or list(contract.must)
    rows: list[dict[str, Any]] = []
    axes: list[tuple[float | None, ...]] = []
    for place, one in enumerate(tried):
        if one.candidate is None or one.standing is None:
            continue
        rough = costs.get(place)
        latency = None if rough is None else float(np.median(rough.latencies)) * 1000
        energy = None if rough is None else _energy(rough)
        size = sum(map(len, one.candidate.files.values()))
        rows.append(
            {
                "recipe": one.rung.recipe,
                "encoder": " + ".join(one.rung.encoders),
                "dev": one.standing.shown(),
                "latency_ms": None if latency is None else _digits(latency),
                "size_bytes": size,
                "energy_wh_per_1k": None if energy is None else _digits(energy),
                "cpu_seconds": round(one.cpu_seconds, 2),
                "energy_wh": None if rough is None else energy_wh(one.cpu_seconds, rough),
            }
        )
        axes.append((-one.standing.least(quality), rows[-1]["latency_ms"], size, rows[-1]["energy_wh_per_1k"]))
    known = [i for i in range(4) if all(axis[i] is not None for axis in axes)]
    points = [tuple(float(axis[i] or 0.0) for i in known) for axis in axes]
    return [row for row, point in zip(rows, points, strict=True) if not any(_beats(other, point) for other in points)]


def relaxations(contract: Contract, found: Findings) -> tuple[list[dict[str, str]], bool]:
    """For each line that is not proved the target that its bound would have proved; whether one change is enough.

    Rounded to the safe side. A line that no evidence on the sealed rows would have proved has none.
    """
    pairs = list(zip(contract.must, found.verdicts, strict=True))
    lines = [(line, verdict) for line, verdict in pairs if verdict.verdict != "PROVED"]
    changes = [change for line, verdict in lines if (change := _relax(line, verdict, found)) is not None]
    return changes, len(lines) == 1


def _relax(line: Line, verdict: Verdict, found: Findings) -> dict[str, str] | None:
    blocked = found.measured[line.text].reason is not None
    if verdict.verdict != "UNDECIDED" or verdict.bound is None or verdict.on == "dev" or blocked:
        return None
    base = Decimal(verdict.bound) / UNITS[line.unit].factor
    step = _step(line, base)
    safe = (math.floor if line.op == ">=" else math.ceil)(base / step) * step
    relaxed = f"{line.text.rpartition(line.op)[0]}{line.op} {_target(line, safe)}"
    try:
        looser = parse_line(relaxed)
    except UserError:  # such as accuracy >= 0.3%, which no contract may say
        return None
    if (looser.target >= line.target) == (line.op == ">="):
        return None  # what blocks it is no matter of the target, as after an opening that proved nothing
    return {"line": line.text, "to": relaxed}


def _step(line: Line, value: Decimal) -> Decimal:
    """The place a target is rounded at: tenths of percent, points, ms and bytes; else three digits."""
    if line.unit in ("%", "pt", "ms", "KB", "MB", "rps"):
        return Decimal("0.1")
    return Decimal(10) ** (value.adjusted() - 2) if value else Decimal("0.001")


def _target(line: Line, number: Decimal) -> str:
    """A target as a contract writes it, `current` included."""
    if line.relative is None:
        return written(number, line.unit)
    if line.relative == "ratio":
        return f"{written(number, line.unit)} of current"
    sign = "-" if number < 0 else "+"
    return f"current {sign} {written(abs(number), line.unit)}" if number else "current"


def _energy(costs: Costs) -> float | None:
    """Watt-hours of 1,000 predictions; None where neither the machine nor the contract tells a power."""
    if not costs.joules.size and costs.prices.watts is None:
        return None
    return float(costs.energies().mean()) if costs.cpu_seconds.size else None


def _beats(other: tuple[float, ...], one: tuple[float, ...]) -> bool:
    return other != one and all(a <= b for a, b in zip(other, one, strict=True))


def _digits(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
