"""However late, in whatever bursts and by whom labels are given, a line at its limit is rarely proved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from zhinan.contract import parse_line
from zhinan.engine.fresh import _fed, _prefix, _sum
from zhinan.engine.ordered import Frame

Labeller = Callable[[np.random.Generator, list[int], np.ndarray], list[int]]
LINE = parse_line("accuracy >= 80%")
EXPIRES = 20
"""Looks after which an input that nobody labelled is gone."""


def late(rng: np.random.Generator, waiting: list[int], right: np.ndarray) -> list[int]:
    """Labels few of what waits, in any order."""
    return [i for i in waiting if rng.random() < 0.2]


def bursty(rng: np.random.Generator, waiting: list[int], right: np.ndarray) -> list[int]:
    """Labels nothing for long, then all of it."""
    return waiting if rng.random() < 0.2 else []


def spiteful(rng: np.random.Generator, waiting: list[int], right: np.ndarray) -> list[int]:
    """Labels what flatters at once, and lets errors wait until they are gone."""
    return [i for i in waiting if right[i] or rng.random() < 0.02]


def stream(rng: np.random.Generator, labeller: Labeller, rate: float = LINE.target, looks: int = 40) -> bool:
    """What traffic that comes row by row, and a labeller, make of a line: places are those of arrival."""
    right = rng.random(10 * looks) < rate
    came, known, gone = np.repeat(np.arange(looks), 10), set[int](), set[int]()
    for look in range(looks):
        here = [i for i in range(10 * (look + 1)) if i not in known and i not in gone]
        gone |= {i for i in here if look - came[i] >= EXPIRES}
        known |= set(labeller(rng, [i for i in here if i not in gone], right))
    names = [str(i) for i in range(right.size)]
    frame = Frame(LINE, tuple((name,) for name in names))
    scores = {name: float(hit) for name, hit in zip(names, right, strict=True)}
    labelled = {names[i] for i in known}
    units = _prefix(frame, labelled, (), {names[i] for i in range(right.size) if i not in gone})
    drawn = [(0.0, -len(unit)) if lost else _sum(unit, frame, scores) for unit, lost in units]
    return _fed(LINE, 1, drawn, (0.05, 1))[0].proved


@pytest.mark.parametrize("labeller", [late, bursty, spiteful])
def test_no_labeller_proves_a_line_at_its_limit_more_often_than_promised(labeller: Labeller) -> None:
    rng = np.random.default_rng(11)
    proved = sum(stream(rng, labeller) for _ in range(60))
    assert proved <= 60 * 0.05 + 2 * np.sqrt(60 * 0.05 * 0.95)


def test_labels_that_are_late_or_come_in_bursts_still_prove_a_line_that_holds() -> None:
    rng = np.random.default_rng(12)
    assert all(stream(rng, labeller, 0.95) for labeller in (late, bursty) for _ in range(5))


def test_a_false_line_is_proved_no_more_often_than_promised() -> None:
    """Persons of one to three rows, all of one fate, true rate at the target: peeking at each must not exceed δ."""
    draw, proved = np.random.default_rng(3), 0
    for _ in range(400):
        sizes = draw.integers(1, 4, 150)
        right = draw.random(150) < LINE.target
        units = [(float(size * hit), int(size)) for size, hit in zip(sizes, right, strict=True)]
        proved += _fed(LINE, 3, units, (0.05, 1))[0].proved
    assert proved <= 400 * 0.05 + 4 * np.sqrt(400 * 0.05 * 0.95)
