"""Geometry of the report's drawings: plain numbers in, plain coordinates out; the template only draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.evaluate.figures import amount, in_unit

__all__ = ["blocks", "heat", "interval", "scale", "scatter", "splits"]

LEVELS = 8
SHOWN = 20


def interval(value: float, bound: float | None, target: float, op: str, unit: str) -> dict[str, Any]:
    """Where the true value lies against what is asked, in a box of 220 × 46.

    The band runs from the bound to the end of the axis on the side of the value; it is empty when the value is exact.
    """
    width, edge = 220.0, 6.0
    numbers = [value, target] if bound is None else [value, target, bound]
    low, high = min(numbers), max(numbers)
    room = 0.28 * (high - low) or 0.1 * abs(high) or 1.0
    low, high = low - room, high + room
    if unit not in ("pt", "%"):
        low = 0.0 if min(numbers) >= 0 else low
    elif min(numbers) >= 0:
        low, high = max(low, 0.0), high if unit == "pt" else min(high, 1.0)

    def at(number: float) -> float:
        return round(edge + (width - 2 * edge) * (number - low) / (high - low), 1)

    good = (at(target), width - edge) if op == ">=" else (edge, at(target))
    band = None
    if bound is not None and bound != value:
        band = (at(bound), width - edge) if bound < value else (edge, at(bound))
    x = at(target)
    anchor = "start" if x < 30 else "end" if x > width - 30 else "middle"
    return {
        "good": good, "band": band, "value": at(value), "bound": at(bound) if band and bound is not None else None,
        "target": x, "label": amount(target, unit), "anchor": anchor, "edge": edge, "width": width,
    }  # fmt: skip


def scatter(points: Sequence[tuple[str, float, float, bool]], target: float | None) -> dict[str, Any] | None:
    """Dev quality (up) against CPU seconds (right, logarithmic) in a box of 360 × 210; None for fewer than two points.

    What lies 30 percentage points under the best stands at the lower edge with their value.

    Args:
        points: (label, seconds, quality as a fraction, chosen). target: drawn as a line where it falls inside.
    """
    if len(points) < 2:
        return None
    left, right, top, bottom = 46.0, 338.0, 14.0, 168.0
    logs = [math.log10(max(seconds, 1e-3)) for _, seconds, _, _ in points]
    first, last = math.floor(min(logs)), math.ceil(max(logs))
    last = max(last, first + 1)
    heights = [quality for _, _, quality, _ in points] + ([] if target is None else [target])
    low, high, ticks = scale(max(min(heights), max(heights) - 0.3), max(heights))

    def x(log: float) -> float:
        return round(left + (right - left) * (log - first) / (last - first), 1)

    def y(quality: float) -> float:
        return round(bottom - (bottom - top) * (quality - low) / (high - low), 1)

    every = max(1, math.ceil((last - first) / 5))
    return {
        "points": [
            {"label": label, "x": x(log), "y": y(max(quality, low)), "chosen": chosen,
             "below": amount(quality, "%") if quality < low else None}
            for (label, _, quality, chosen), log in zip(points, logs, strict=True)
        ],
        "x": [(x(power), amount(10.0**power, "s" if power >= 0 else "ms")) for power in range(first, last + 1, every)],
        "y": [(y(tick), amount(tick, "%")) for tick in ticks],
        "target": None if target is None or target < low else y(target),
        "box": (left, right, top, bottom),
    }  # fmt: skip


def blocks(values: Sequence[float], target: float | None) -> dict[str, Any] | None:
    """One column a block, milliseconds, in a box of 360 × 170; None for fewer than two blocks.

    target: seconds; left out when it is so far above that the columns could not be told apart.
    """
    if len(values) < 2:
        return None
    left, right, top, bottom = 46.0, 346.0, 14.0, 140.0
    limit = None if target is None else in_unit(target, "ms")
    shown = limit if limit is not None and limit <= 6 * max(values) else None
    _, high, ticks = scale(0.0, max([*values, shown or 0.0]))
    step = (right - left) / len(values)

    def y(number: float) -> float:
        return round(bottom - (bottom - top) * number / high, 1)

    return {
        "bars": [
            {"x": round(left + i * step + step * 0.18, 1), "y": y(v), "width": round(step * 0.64, 1),
             "height": round(bottom - y(v), 1), "label": str(i + 1), "value": amount(v / 1000, "ms")}
            for i, v in enumerate(values)
        ],
        "y": [(y(tick), amount(tick / 1000, "ms")) for tick in ticks],
        "target": None if shown is None else y(shown),
        "box": (left, right, top, bottom),
    }  # fmt: skip


def splits(parts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The shares of train, dev and sealed along a bar of 360, in the order given."""
    total = sum(parts.values())
    found, x = [], 0.0
    for name, size in parts.items():
        width = 360.0 * size / total if total else 0.0
        found.append({"name": name, "x": round(x, 1), "width": round(max(width - 1.5, 0.0), 1), "count": size})
        x += width
    return found


def heat(classes: Sequence[str], counts: Sequence[Sequence[int]]) -> dict[str, Any]:
    """The confusion matrix as rows of cells with a colour level, and the most frequent mistakes.

    With more than 20 classes: the 20 with most mistakes, in their own order, and one row and column for the rest.
    """
    size = len(classes)
    wrong = [sum(counts[i]) + sum(row[i] for row in counts) - 2 * counts[i][i] for i in range(size)]
    kept = list(range(size))
    if size > SHOWN:
        kept = sorted(sorted(kept, key=lambda i: (-wrong[i], i))[:SHOWN])
    rest = [i for i in range(size) if i not in set(kept)]
    groups = [[i] for i in kept] + ([rest] if rest else [])
    rows = []
    for row_at, members in enumerate(groups):
        cells = [sum(counts[i][j] for i in members for j in others) for others in groups]
        total = sum(cells)
        rows.append({
            "name": classes[members[0]] if len(members) == 1 else None,
            "cells": [{"n": n, "right": at == row_at, "level": _level(n, total, at == row_at)}
                      for at, n in enumerate(cells)],
            "total": total,
        })  # fmt: skip
    pairs = sorted(
        ((counts[i][j], i, j) for i in range(size) for j in range(size) if i != j and counts[i][j]),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    examples = sum(sum(counts[i]) for i in rest)
    right = sum(counts[i][i] for i in rest)
    return {
        "rows": rows,
        "rest": {"classes": len(rest), "examples": examples, "right": right,
                 "among": sum(counts[i][j] for i in rest for j in rest) - right} if rest else None,
        "pairs": [{"truth": classes[i], "answer": classes[j], "n": n, "share": n / sum(counts[i])}
                  for n, i, j in pairs[:10]],
        "examples": sum(map(sum, counts)), "right": sum(counts[i][i] for i in range(size)),
    }  # fmt: skip


def _level(n: int, total: int, right: bool) -> int:
    """0 (nothing) … 8; a mistake is at its darkest from a quarter of the class on."""
    if not n or not total:
        return 0
    return max(1, math.ceil(LEVELS * min(1.0, n / total / (1.0 if right else 0.25))))


def scale(low: float, high: float) -> tuple[float, float, list[float]]:
    """A range that begins and ends on round numbers, with its three to six ticks."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 3))
    step = next(power * m for m in (1, 2, 5, 10) if span / (power * m) <= 4.5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return first * step, last * step, [round(i * step, 12) for i in range(first, last + 1)]
