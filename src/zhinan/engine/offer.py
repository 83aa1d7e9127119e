"""The counter-offer: what could be had instead when a contract is not proved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from zhinan.contract import Contract, Line, parse_line
from zhinan.contract.units import UNITS, written
from zhinan.core import UserError
from zhinan.engine.climb import Tried
from zhinan.evaluate.certify import Findings

__all__ = ["offer"]


def offer(contract: Contract, found: Findings, tried: Sequence[Tried]) -> Mapping[str, Any] | None:
    """The candidates nobody beats in quality and cost, and the smallest single change that would be proved.

    Returns:
        None when the contract is proved. "labels", "suspect_labels" and "weak_slices" are None: not looked for.
    """
    if found.outcome == "PROVED":
        return None
    open_lines = [line for line, v in zip(contract.must, found.verdicts, strict=True) if v.verdict != "PROVED"]
    return {
        "pareto": _pareto(contract, tried),
        "relax": _relax(open_lines[0], found) if len(open_lines) == 1 else None,
        "labels": None,
        "suspect_labels": None,
        "weak_slices": None,
    }


def _pareto(contract: Contract, tried: Sequence[Tried]) -> list[dict[str, Any]]:
    shown = []
    for one in tried:
        if one.candidate is None or one.standing is None:
            continue
        size = sum(map(len, one.candidate.files.values()))
        shown.append((one.standing.least(contract.must), size, one))
    best = []
    for margin, size, one in shown:
        beaten = any(m >= margin and s <= size and (m, s) != (margin, size) for m, s, _ in shown)
        if not beaten:
            best.append(
                {
                    "recipe": one.rung.recipe,
                    "encoder": " + ".join(one.rung.encoders),
                    "dev": one.standing.shown() if one.standing else {},
                    "size_bytes": size,
                    "cpu_seconds": round(one.cpu_seconds, 2),
                }
            )
    return best


def _relax(line: Line, found: Findings) -> dict[str, str] | None:
    """The line with the target that its bound would have proved, rounded to the safe side; None when none would."""
    verdict = next(v for v in found.verdicts if v.line == line.text)
    blocked = found.measured[line.text].reason is not None
    if verdict.verdict != "UNDECIDED" or verdict.bound is None or verdict.on == "dev" or blocked:
        return None
    factor = UNITS[line.unit].factor
    written_out = Decimal(verdict.bound) / factor * 10
    safe = (math.floor if line.op == ">=" else math.ceil)(written_out) / Decimal(10)
    relaxed = f"{line.text.rpartition(line.op)[0]}{line.op} {written(safe, line.unit)}"
    try:
        parse_line(relaxed)
    except UserError:  # such as accuracy >= 0.3%, which no contract may say
        return None
    return {"line": line.text, "to": relaxed}
