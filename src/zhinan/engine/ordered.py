"""The rows that can prove a line, in one order: each gets its place by a secret coin when it comes, and keeps it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import Dataset
from zhinan.data import Loaded, Split, units_of
from zhinan.data.places import draws
from zhinan.engine.drawn import arrivals, drawn, for_proof, group_of, in_files
from zhinan.engine.taught import ORDER, compared
from zhinan.evaluate.measure import is_cost
from zhinan.package.keeping import Keeping, stricter
from zhinan.store import Run, Store, change_run

__all__ = ["Frame", "frames"]

BOTH = "both\x1f"
"""Begins the names of orders of rows that two were asked about."""
_MOST = 100_000
"""Units of an order: more than any line needs."""


@dataclass(frozen=True, eq=False)
class Frame:
    """The rows that one line can be proved on, unit by unit in the order in which they count.

    Args:
        line: None for the whole pool. units: row ids of each unit, one person's or one example's; ids of rows that
            are gone stay in their places. start: the place from which they count. largest: rows of a unit, at most.
        free: rows that decide nothing, because the line compares two answers and they are the same.
    """

    line: Line | None
    units: tuple[tuple[str, ...], ...] = field(repr=False)
    start: int = 0
    largest: int = 1
    free: frozenset[str] = field(default=frozenset(), repr=False)


def frames(
    contract: Contract,
    store: Store,
    data: tuple[Loaded, Split],
    lines: Iterable[Line],
    labels: Sequence[str] | None = None,
    judged: tuple[int, Mapping[str, str]] | None = None,
) -> tuple[Frame, ...]:
    """The proving side of the pool as each line needs it, the rows of its group, else all; new rows get their places.

    Rows of files take their places by a keyed hash nobody knows, behind those that had one before; an input of traffic
    gets one, or none, as for the audit. No place depends on what anybody answered, and none is ever given up: whoever
    labels decides how far the order is known, not what is in it.

    Args:
        labels: the version's answers to the pool, shape (n,), so that lines relative to `current` can tell which rows
            are worth a label. judged: a version, and the labels that its build knew: its rows count from the first
            place on that nobody had labelled then.
    """
    pool = data[0].pool
    if pool is None:
        return ()
    run = _order(contract, store, data, judged)
    agreed = _agreed(contract, pool, labels)
    wanted: list[Line | None] = [line for line in lines if line.part is None or line.part.under is None]
    found = []
    for line in wanted or [None]:
        kept = run.state["groups"][_order_of(contract, line)]
        start = 0 if judged is None else kept["starts"][str(judged[0])]
        paired = line is not None and line.relative == "difference" and line.metric == "accuracy"
        units = tuple(tuple(unit) for unit in kept["units"])
        found.append(Frame(line, units, start, kept["largest"], agreed if paired else frozenset()))
    return tuple(found)


def _agreed(contract: Contract, pool: Dataset, labels: Sequence[str] | None) -> frozenset[str]:
    """Rows of the pool that the version and `current` answer alike: no label can tell the two apart there."""
    current = contract.data.current
    if labels is None or current is None:
        return frozenset()
    pairs = zip(pool.values("_row"), labels, pool.values(current), strict=True)
    return frozenset(row for row, ours, theirs in pairs if ours == str(theirs))


def _order(
    contract: Contract, store: Store, data: tuple[Loaded, Split], judged: tuple[int, Mapping[str, str]] | None
) -> Run:
    """The order with the rows that came since the last time behind, and with the place where a version begins."""
    loaded, parts = data
    assert loaded.pool is not None
    lines = {_order_of(contract, line): line for line in contract.must if not is_cost(line)}
    groups = {"": None, **{name: line.part for name, line in lines.items()}}
    files, mine = in_files(loaded), for_proof(contract, loaded.pool, parts, groups)
    both = compared(contract, loaded.pool)
    mine = {name: rows & both if name.startswith(BOTH) else rows for name, rows in mine.items()}
    unit_of = dict(zip(loaded.pool.values("_row"), units_of(loaded.pool), strict=True))
    asked = {row for row in unit_of if row not in files and row not in loaded.labels}
    coin = f"{store.sealing_key(contract.product).hex()}\x1ffresh"
    kept_for = stricter(Keeping.of(contract), store, contract.product).retention

    def longer(held: Mapping[str, Any]) -> dict[str, Any]:
        state: dict[str, Any] = {"seq": held.get("seq", 0), "groups": {**held.get("groups", {})}}
        for name in groups:  # an order whose line is not in the contract now stays as it is until it is again
            kept = {"units": [], "largest": 0, "starts": {}, **state["groups"].get(name, {})}
            new = _units(unit_of, kept["units"], sorted(mine[name] & files))
            kept["largest"] = kept["largest"] or max(map(len, new.values()), default=1)
            places = dict(zip(new, draws(coin, new)[0], strict=True))
            units = [new[unit][: kept["largest"]] for unit in sorted(new, key=lambda unit: places[unit])]
            state["groups"][name] = kept | {"units": [*kept["units"], *units][:_MOST], "starts": {**kept["starts"]}}
        now = {name: state["groups"][name] for name in groups}
        since = 0.0 if "seq" in held else time.time() - kept_for / 2  # older ones expire too soon
        for rows in arrivals(contract, store, loaded, state, since=since):
            tosses = dict(zip(rows, draws(coin, rows)[0], strict=True))
            for name, kept in now.items():
                new = _units(unit_of, kept["units"], [row for row in rows if row in mine[name] - files])
                waiting = sum(unit[0] in asked for unit in kept["units"])
                some = drawn(waiting, {unit[0]: tosses[unit[0]] for unit in new.values()})
                kept["units"] = [*kept["units"], *([row] for row in some)][:_MOST]
        if judged is not None:
            for kept in now.values():
                kept["starts"].setdefault(str(judged[0]), _start(kept["units"], judged[1], unit_of))
        return state

    return change_run(store, contract.product, ORDER, {}, longer, contract.forgotten)


def _order_of(contract: Contract, line: Line | None) -> str:
    """Whose rows a line is proved on; one relative to `data.current` on those that its author was asked about too."""
    relative = line is not None and line.relative is not None and contract.data.current is not None
    return ("" if line is None else group_of(line)) if not relative or line is None else f"{BOTH}{group_of(line)}"


def _units(unit_of: Mapping[str, str], placed: Sequence[Sequence[str]], rows: Iterable[str]) -> dict[str, list[str]]:
    """Unit → its rows, of units that have no row in a place yet."""
    taken = {unit_of[row] for unit in placed for row in unit if row in unit_of}
    found: dict[str, list[str]] = {}
    for row in rows:
        if unit_of[row] not in taken:
            found.setdefault(unit_of[row], []).append(row)
    return found


def _start(units: Sequence[Sequence[str]], known: Mapping[str, str], here: Mapping[str, Any]) -> int:
    """The first place that somebody can still label and nobody had labelled."""
    waits = (at for at, unit in enumerate(units) if all(row in here and row not in known for row in unit))
    return next(waits, len(units))
