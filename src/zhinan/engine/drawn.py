"""Which inputs of traffic are audited: each is drawn as it arrives, by a secret coin whose chance was fixed before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.data import Loaded, Split
from zhinan.data.places import draws
from zhinan.engine.queues import frames
from zhinan.engine.taught import KEPT, TRAFFIC, audit_key, names_of_inputs
from zhinan.evaluate.measure import is_cost
from zhinan.store import Run, Store

__all__ = ["audit_groups", "draw", "drawn"]

WAITING = 50
"""Inputs that may wait for a label before fewer are drawn."""
_PAGE = 5_000


def _chance(waiting: int) -> float:
    """That the next input is drawn while so many wait for their label: what waits grows with traffic's fourth root."""
    return min(1.0, (WAITING / (waiting + 1)) ** 3)


def drawn(waiting: int, tosses: Mapping[str, float]) -> list[str]:
    """Which of some inputs are drawn, in the order in which they came.

    Args: waiting: inputs that waited for a label before. tosses: input → a number in [0, 1), its coin.
    """
    found: list[str] = []
    for name, toss in tosses.items():
        if toss < _chance(waiting + len(found)):
            found.append(name)
    return found


def draw(contract: Contract, store: Store, data: tuple[Loaded, Split]) -> Run | None:
    """Draws from what the live version was asked since the last time, for all lines and for those of each group.

    An input is drawn, or not, by a keyed hash nobody knows and a chance that follows from what had been drawn and
    labelled before it came, never from what it says or what anybody answered. The drawn ones wait in the order in
    which they came. So they are one sequence that no labeller can bend, who only decides how far it is known. Where a
    waiting input is gone (it expired, or its person was forgotten), what waited is given up, and the next epoch begins
    with what comes from now on.

    Returns:
        The run whose state holds {"seq", "groups": {name: {"epoch", "rows", "waiting", …}}}; None without traffic.
    """
    loaded, _ = data
    number = store.stages(contract.product).live
    groups = audit_groups(contract.must)
    if number is None or loaded.pool is None or not groups:
        return None
    key = audit_key(number)
    run = store.last_run(contract.product, key) or store.start_run(contract.product, key, {"version": number})
    here = frozenset(loaded.pool.values("_row"))
    state = {"seq": run.state.get("seq", 0), "groups": {}}
    held = run.state.get("groups", {})
    lost = set[str]()
    for name in groups:
        kept = {"epoch": 1, "rows": [], "waiting": [], **held.get(name, {})}
        if not here.issuperset(kept["waiting"]):
            lost.add(name)
            kept |= {"epoch": kept["epoch"] + 1, "waiting": []}
        state["groups"][name] = kept
    _take(contract, store, data, {name: one for name, one in state["groups"].items() if name not in lost}, state)
    if state != run.state:
        store.update_run(run.id, state)
    return store.last_run(contract.product, key)


def _take(
    contract: Contract, store: Store, data: tuple[Loaded, Split], groups: Mapping[str, Any], state: dict[str, Any]
) -> None:
    """Tosses the coin of each new input, for each group that it belongs to."""
    loaded, _ = data
    number = store.stages(contract.product).live
    asked: dict[str, frozenset[str]] | None = None
    coin = f"{store.sealing_key(contract.product).hex()}\x1faudit\x1f{number}"
    while events := store.events(contract.product, "prediction", state["seq"], _PAGE):
        state["seq"] = events[-1].seq
        inputs = [
            event.payload[KEPT]
            for event in events
            if event.payload.get("version") == number and isinstance(event.payload.get(KEPT), Mapping)
        ]
        if not inputs:
            continue
        asked = asked or _asked(contract, data)
        rows = [row for row in names_of_inputs(loaded, inputs) if row is not None]
        tossed = draws(coin, rows)[0]
        for name, kept in groups.items():
            known = {*kept["rows"], *kept["waiting"]}
            mine = {row: toss for row, toss in zip(rows, tossed, strict=True) if row in asked[name]}
            new = {row: toss for row, toss in mine.items() if row not in known}
            kept["waiting"] = [*kept["waiting"], *drawn(len(kept["waiting"]), new)]


def _asked(contract: Contract, data: tuple[Loaded, Split]) -> dict[str, frozenset[str]]:
    """Group → rows of traffic that are for the proof of its lines."""
    loaded, parts = data
    groups = audit_groups(contract.must)
    if loaded.pool is None:
        return {}
    files = [place for place, name in enumerate(loaded.files) if name != TRAFFIC]
    in_files = frozenset(loaded.origins.filter(loaded.origins["file"].is_in(files))["_row"])
    framed = frames(contract, loaded.pool, parts, [mine[0] for mine in groups.values()])
    return {
        name: frozenset(row for unit in frame.rows for row in unit) - in_files
        for name, frame in zip(groups, framed, strict=True)
    }


def audit_groups(lines: tuple[Line, ...]) -> dict[str, list[Line]]:
    """The quality lines that labels of traffic can speak of, by whose rows: all, or those of one group."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if is_cost(line) or line.relative is not None or (line.part is not None and line.part.under is not None):
            continue
        column = None if line.part is None else line.part.column
        name = "" if column is None or line.part is None else f"{column}={line.part.value}"
        found.setdefault(name, []).append(line)
    return found
