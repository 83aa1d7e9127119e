"""Evidence under continuous looking: labels until a line is proved, and until a broken floor is noticed.

    python benchmarks/proof.py sequential

Floor .90, δ = .05, right or wrong answers at random. Streams stop at their first decision.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zhinan.proof import count_size, detect, hits_to_prove, oracle_delay

FLOOR, TRUTH, DELTA, STREAMS = 0.9, 0.93, 0.05, 10_000

Row = dict[str, Any]


def run() -> list[Row]:
    """Rows of the table."""
    rng = np.random.default_rng(0)
    return [false_proofs(rng), soon(rng), *(broken(rng, truth) for truth in (0.85, 0.8, 0.7)), later(rng), alarms(rng)]


def proved_at(rng: np.random.Generator, rate: float, most: int) -> np.ndarray:
    """Labels each stream needs until proved, `most` + 1 when more."""
    boundary, found = hits_to_prove(FLOOR, DELTA, most), []
    for _ in range(10):
        hits = np.cumsum(rng.random((STREAMS // 10, most)) < rate, axis=1, dtype=np.int32)
        reached = hits >= boundary
        found.append(np.where(reached.any(axis=1), reached.argmax(axis=1) + 1, most + 1))
    return np.concatenate(found)


def false_proofs(rng: np.random.Generator) -> Row:
    """Streams exactly at the floor that are ever proved."""
    share = float((proved_at(rng, FLOOR, 5000) <= 5000).mean())
    return {
        "what": f"false PROVED at any of 5,000 peeks, {STREAMS:,} streams at the floor {FLOOR}",
        "figure": f"{share:.2%}",
        "asked": f"≤ {DELTA:.0%}",
        "held": share <= DELTA,
    }


def soon(rng: np.random.Generator) -> Row:
    """Labels that are enough four times in five, against the fixed sample with power .8."""
    fixed = count_size(TRUTH, FLOOR, DELTA, 0.8)
    if fixed is None:
        raise RuntimeError("no fixed sample decides this")
    needed = float(np.quantile(proved_at(rng, TRUTH, 4000), 0.8))
    return {
        "what": f"labels until PROVED, 80 % quantile, floor {FLOOR}, truth {TRUTH} (fixed n {fixed.stays})",
        "figure": f"{needed:.0f} = {needed / fixed.stays:.2f} × fixed",
        "asked": "≤ 1.5 ×",
        "held": needed <= 1.5 * fixed.stays,
    }


def broken(rng: np.random.Generator, truth: float) -> Row:
    """Labels until an alarm when the floor is broken from the first one."""
    oracle = oracle_delay(FLOOR, truth, DELTA)
    at = detect(rng.random((2000, 15 * oracle)) < truth, FLOOR, DELTA)
    mean = float(np.where(at > 0, at, 15 * oracle).mean())
    return {
        "what": f"labels until an alarm, mean, broken from the start at {truth} (oracle bettor {oracle})",
        "figure": f"{mean:.0f} = {mean / oracle:.2f} × oracle",
        "asked": "≤ 2 ×",
        "held": mean <= 2 * oracle,
    }


def later(rng: np.random.Generator) -> Row:
    """Labels until an alarm after 2,000 good ones."""
    streams = rng.random((400, 6000)) < np.repeat([TRUTH, 0.85], [2000, 4000])
    at = detect(streams, FLOOR, DELTA)
    delay = float(np.median(np.where(at > 0, at, 6000))) - 2000
    early = float(((at > 0) & (at <= 2000)).mean())
    return {
        "what": "labels until an alarm, median, .93 → .85 after 2,000 good ones",
        "figure": f"{delay:.0f} ({early:.1%} alarmed before)",
        "asked": "≤ 2,000",
        "held": 0 < delay <= 2000,
    }


def alarms(rng: np.random.Generator) -> Row:
    """Streams at the floor that ever alarm."""
    share = float((detect(rng.random((1000, 10_000)) < FLOOR, FLOOR, DELTA) > 0).mean())
    most = DELTA + 2 * (DELTA * (1 - DELTA) / 1000) ** 0.5
    return {
        "what": "false alarms, 1,000 streams of 10,000 at the floor",
        "figure": f"{share:.1%}",
        "asked": f"≤ {most:.1%} (5 % + 2 s.e.)",
        "held": share <= most,
    }
