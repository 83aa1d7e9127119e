"""However late, in whatever bursts and by whom labels are given, a line at its limit is rarely proved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract, parse_line
from zhinan.contract import load as read_contract
from zhinan.data import Loaded, Split, split
from zhinan.data import load as load_data
from zhinan.engine import drawn, ordered
from zhinan.engine.drawn import draw
from zhinan.engine.fresh import _fed, _prefix, _sum
from zhinan.engine.ordered import Frame, frames
from zhinan.engine.taught import with_traffic
from zhinan.store import Event, Store

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


Ask = Callable[[range], tuple[Loaded, Split]]
GROUP = parse_line("accuracy[channel=app] >= 80%")


@pytest.fixture
def contract(shop: Callable[..., Path], tmp_path: Path) -> Contract:
    return replace(read_contract(shop(tmp_path, rows=60)), must=(LINE, GROUP))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        opened.add_version("shop", "a" * 64, "nowhere", outcome="PROVED", summary={})
        opened.promote("shop", 1, revision=0, who="test", why="test")
        yield opened


@pytest.fixture
def asked(contract: Contract, store: Store) -> Ask:
    """Gives the data with such new inputs of traffic in the pool."""
    loaded = load_data(contract)
    parts = split(contract, loaded)

    def ask(some: range) -> tuple[Loaded, Split]:
        inputs = [{"message": f"crypto question number {i} of today", "channel": "app"} for i in some]
        rows = [{"version": 1, "label": "card", "input": one} for one in inputs]
        events = [Event(f"p{i}", "prediction", one, time.time()) for i, one in zip(some, rows, strict=True)]
        store.add_events("shop", events)
        return with_traffic(contract, store, loaded), parts

    return ask


def drawn_of(contract: Contract, store: Store, data: tuple[Loaded, Split], group: str) -> list[str]:
    """What waits for the audit of a group."""
    run = draw(contract, store, data)
    assert run is not None
    return list(run.state["groups"][group]["waiting"])


def between(monkeypatch: pytest.MonkeyPatch, room: Any, other: Callable[[], object]) -> None:
    """Another desk does so once, when this one has looked and not yet written."""
    real, waiting = room.arrivals, [other]

    def arrivals(*given: Any, **more: Any) -> Any:
        while waiting:
            waiting.pop()()
        return real(*given, **more)

    monkeypatch.setattr(room, "arrivals", arrivals)


def test_an_order_outlives_a_contract_that_leaves_its_line_out(contract: Contract, store: Store, asked: Ask) -> None:
    data, without = asked(range(40)), replace(contract, must=(LINE,))
    before = frames(contract, store, data, [GROUP], judged=(1, {}))[0]
    waiting = drawn_of(contract, store, data, "channel=app")
    more = asked(range(40, 60))
    frames(without, store, more, [LINE], judged=(2, {}))
    assert drawn_of(without, store, more, "channel=app") == waiting != []
    after = frames(contract, store, more, [GROUP], judged=(1, {}))[0]
    assert len(before.units) > 5
    assert (after.units[: len(before.units)], after.start) == (before.units, before.start)
    assert drawn_of(contract, store, more, "channel=app") == waiting


def test_two_desks_that_look_at_once_lose_nothing_of_an_order(
    contract: Contract, store: Store, asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, theirs = asked(range(20)), list[Frame]()
    frames(contract, store, data, [LINE], judged=(1, {}))
    more = asked(range(20, 60))
    with Store(store.where) as desk:
        between(monkeypatch, ordered, lambda: theirs.extend(frames(contract, desk, more, [LINE], judged=(2, {}))))
        ours = frames(contract, store, data, [LINE], judged=(3, {}))[0]
        assert ours.units == theirs[0].units
        run = store.last_run("shop", "fresh")
        assert run is not None
        assert set(run.state["groups"][""]["starts"]) == {"1", "2", "3"}
        waiting = list[str]()
        between(monkeypatch, drawn, lambda: waiting.extend(drawn_of(contract, desk, more, "")))
        assert drawn_of(contract, store, data, "") == waiting != []


def test_rows_that_the_live_version_keeps_for_a_short_time_are_taken_while_young(
    contract: Contract, asked: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, since, hour = ordered.arrivals, list[float](), 3_600.0

    def arrivals(*given: Any, **more: Any) -> Any:
        since.append(more["since"])
        return real(*given, **more)

    monkeypatch.setattr(ordered, "arrivals", arrivals)
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "contract.yaml").write_text("serve: {retention: 2 h}", "utf-8")
    data = asked(range(5))
    with Store(tmp_path / "other") as other:
        other.add_version("shop", "a" * 64, tmp_path / "live", outcome="PROVED", summary={})
        other.promote("shop", 1, revision=0, who="test", why="test")
        frames(contract, other, data, [LINE])
    assert contract.serve.retention > 2 * hour
    assert since == [pytest.approx(time.time() - hour, abs=600)]
