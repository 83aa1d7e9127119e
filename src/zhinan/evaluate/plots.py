"""Geometry of the report's curves: learning, reliability, ROC and intervals; the template only draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.evaluate.charts import scale
from zhinan.evaluate.figures import amount, count

__all__ = ["area", "cloud", "forest", "learning", "reliability"]

POINTS = 100
"""Points of a curve that are drawn; more cannot be told apart."""

TICKS = (1, 2, 5)


def learning(
    sizes: Sequence[float],
    errors: Sequence[float],
    band: Sequence[Mapping[str, Any]],
    target: float | None,
    unit: str = "%",
) -> dict[str, Any] | None:
    """Error (up) against training examples (right, logarithmic) in a box of 400 × 230; None for fewer than two points.

    Args:
        sizes, errors: what was measured. band: n, low, mid and high of the forecast. target: the error asked.
        unit: of errors.
    """
    dots = sorted((float(n), float(e)) for n, e in zip(sizes, errors, strict=False) if _real(n, e) and n > 0)
    ahead = sorted(
        (float(b["n"]), float(b["low"]), float(b["mid"]), float(b["high"]))
        for b in band
        if _real(*(b.get(key) for key in ("n", "low", "mid", "high"))) and b["n"] > 0
    )
    if len(dots) < 2:
        return None
    left, right, top, bottom = 46.0, 374.0, 14.0, 178.0
    seen = [n for n, *_ in (*dots, *ahead)]
    first, last = math.log10(min(seen)), math.log10(max(seen))
    last = max(last, first + 0.3)
    worst = 1.25 * max(e for _, e in dots)
    asked = target if target is not None and math.isfinite(target) else None
    heights = [e for _, e in dots] + [min(h, worst) for _, low, _, high in ahead for h in (low, high)]
    low, high, ticks = scale(0.0, max([*heights, *([asked] if asked is not None and asked <= worst else [])]))

    def x(n: float) -> float:
        return round(left + (right - left) * (math.log10(n) - first) / (last - first), 1)

    def y(error: float) -> float:
        return round(bottom - (bottom - top) * (min(max(error, low), high) - low) / (high - low), 1)

    edge = [(x(n), y(up)) for n, _, _, up in ahead] + [(x(n), y(down)) for n, down, _, _ in reversed(ahead)]
    return {
        "dots": [(x(n), y(e)) for n, e in dots],
        "band": _path(edge) if len(ahead) > 1 else None,
        "mid": _path([(x(n), y(mid)) for n, _, mid, _ in ahead]) if len(ahead) > 1 else None,
        "known": x(dots[-1][0]) if len(ahead) > 1 and ahead[-1][0] > dots[-1][0] else None,
        "x": [(x(n), count(n)) for n in _decades(10**first, 10**last)],
        "y": [(y(tick), amount(tick, unit)) for tick in ticks],
        "target": None if asked is None or asked > high else y(asked),
        "box": (left, right, top, bottom),
    }  # fmt: skip


def reliability(bins: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Share answered right (up) against mean probability (right) in a box of 250 × 240; None without a filled bin."""
    filled = [b for b in bins if _real(b.get("mean"), b.get("right")) and (b.get("n") is None or b["n"] > 0)]
    if not filled:
        return None
    most = max(float(b.get("n") or 1) for b in filled)
    at = _square()
    dots = [
        {"x": at(b["mean"], 0)[0], "y": at(0, b["right"])[1],
         "r": round(2.5 + 5.5 * math.sqrt(float(b.get("n") or 1) / most), 1), "n": count(b.get("n"))}
        for b in sorted(filled, key=lambda b: float(b["mean"]))
    ]  # fmt: skip
    return {"dots": dots, "line": _path([(d["x"], d["y"]) for d in dots]), "ideal": (*at(0, 0), *at(1, 1)), **_frame()}


def area(points: Sequence[Sequence[float]], *, diagonal: bool) -> dict[str, Any] | None:
    """A curve within the unit square in a box of 250 × 240; None for fewer than two points.

    Args:
        points: (x, y) in order, as many as there are; the drawing keeps 100. diagonal: whether chance is drawn.
    """
    real = [(float(p[0]), float(p[1])) for p in points if len(p) > 1 and _real(p[0], p[1])]
    if len(real) < 2:
        return None
    if len(real) > POINTS:
        real = [real[round(i * (len(real) - 1) / (POINTS - 1))] for i in range(POINTS)]
    at = _square()
    ideal = (*at(0, 0), *at(1, 1)) if diagonal else None
    return {"line": _path([at(x, y) for x, y in real]), "ideal": ideal, **_frame()}


def cloud(points: Sequence[tuple[float, float, bool]], *, diagonal: bool) -> dict[str, Any] | None:
    """Points in their own units in a box of 250 × 240; None for fewer than two.

    Args:
        points: (across, up, whether it is filled). diagonal: both axes alike with the line on which they are equal;
            else the line on which nothing is off.
    """
    real = [(float(x), float(y), bool(on)) for x, y, on in points if _real(x, y)]
    if len(real) < 2:
        return None
    across, up = [x for x, _, _ in real], [y for _, y, _ in real]
    if diagonal:
        across = up = [*across, *up]
    else:
        up = [*up, 0.0]
    (low, high, marks), (floor, roof, ticks) = scale(min(across), max(across)), scale(min(up), max(up))
    left, right, top, bottom = _frame()["box"]

    def x(number: float) -> float:
        return float(round(left + (right - left) * (number - low) / (high - low), 1))

    def y(number: float) -> float:
        return float(round(bottom - (bottom - top) * (number - floor) / (roof - floor), 1))

    ideal = (x(low), y(low), x(high), y(high)) if diagonal else (left, y(0.0), right, y(0.0))
    every = max(1, math.ceil(len(marks) / 4))
    return {
        "dots": [{"x": x(a), "y": y(b), "on": on} for a, b, on in real],
        "ideal": ideal, "box": (left, right, top, bottom),
        "x": [(x(mark), amount(mark, "")) for mark in marks[::every]],
        "y": [(y(tick), amount(tick, "")) for tick in ticks],
    }  # fmt: skip


def forest(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
    """For each group its value and interval along one common axis of 160 × 14; None for a group without a value."""
    known = [float(g[key]) for g in groups for key in ("value", "low", "high") if _real(g.get(key))]
    if not known:
        return [None for _ in groups]
    low, high = min(known), max(known)
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0

    def x(number: float) -> float:
        return round(6 + 148 * (number - low + room) / (high - low + 2 * room), 1)

    return [
        {"value": x(g["value"]), "band": (x(g["low"]), x(g["high"])) if _real(g.get("low"), g.get("high")) else None}
        if _real(g.get("value"))
        else None
        for g in groups
    ]


def _square() -> Any:
    left, right, top, bottom = _frame()["box"]

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = min(max(float(x), 0.0), 1.0), min(max(float(y), 0.0), 1.0)
        return round(left + (right - left) * across, 1), round(bottom - (bottom - top) * up, 1)

    return at


def _frame() -> dict[str, Any]:
    left, right, top, bottom = 44.0, 238.0, 10.0, 204.0
    marks = (0.0, 0.25, 0.5, 0.75, 1.0)
    return {
        "box": (left, right, top, bottom),
        "x": [(round(left + (right - left) * m, 1), f"{m:.0%}".replace("%", "")) for m in marks],
        "y": [(round(bottom - (bottom - top) * m, 1), amount(m, "%")) for m in marks],
    }


def _decades(low: float, high: float) -> list[float]:
    """Round numbers within a range, at most seven; its ends where there is none."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [n * 10.0**p for p in powers for n in TICKS if low * 0.999 <= n * 10.0**p <= high * 1.001]
    if len(found) > 7:
        found = [n for n in found if str(n)[0] == "1"]
    return found if len(found) > 1 else [low, high]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _real(*values: Any) -> bool:
    return all(isinstance(v, int | float) and math.isfinite(v) for v in values)
