"""Which inputs of traffic are audited: each is drawn as it arrives, by a secret coin whose chance was fixed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from zhinan.contract import Contract, Line, Part
from zhinan.core import Dataset
from zhinan.data import Loaded, Split, for_sealed
from zhinan.data.places import draws
from zhinan.engine.taught import KEPT, TRAFFIC, audit_key, names_of_inputs, with_traffic
from zhinan.evaluate.measure import is_cost
from zhinan.steps.values.written import part_of
from zhinan.store import Run, Store, change_run

__all__ = ["arrivals", "audit_groups", "draw", "drawn", "for_proof", "group_of", "in_files"]

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

    def drawn_on(held: Mapping[str, Any]) -> dict[str, Any]:
        state: dict[str, Any] = {"seq": held.get("seq", 0), "groups": {**held.get("groups", {})}}
        waiting = {row for name in groups for row in state["groups"].get(name, {}).get("waiting", ())}
        here, whole = _here(contract, store, loaded, waiting), {}
        for name in groups:  # what is known of a group whose lines are not in the contract now stays
            kept = {"epoch": 1, "rows": [], "waiting": [], **state["groups"].get(name, {})}
            if here.issuperset(kept["waiting"]):
                whole[name] = kept
            else:
                kept |= {"epoch": kept["epoch"] + 1, "waiting": []}
            state["groups"][name] = kept
        _take(contract, store, data, whole, state)
        return state

    return change_run(store, contract.product, key, {"version": number}, drawn_on, contract.forgotten)


def _here(contract: Contract, store: Store, loaded: Loaded, waiting: Set[str]) -> frozenset[str]:
    """The rows that are there; what another desk drew since the data were read is no less there."""
    rows = frozenset(loaded.pool.values("_row")) if loaded.pool is not None else frozenset()
    if waiting <= rows:
        return rows
    now = with_traffic(contract, store, loaded).pool
    return rows if now is None else rows | frozenset(now.values("_row"))


def _take(
    contract: Contract, store: Store, data: tuple[Loaded, Split], groups: Mapping[str, Any], state: dict[str, Any]
) -> None:
    """Tosses the coin of each new input, for each group that it belongs to."""
    loaded, parts = data
    number = store.stages(contract.product).live
    asked: dict[str, frozenset[str]] | None = None
    coin = f"{store.sealing_key(contract.product).hex()}\x1faudit\x1f{number}"
    for rows in arrivals(contract, store, loaded, state, number):
        asked = asked or _asked(contract, loaded, parts)
        tossed = draws(coin, rows)[0]
        for name, kept in groups.items():
            known = {*kept["rows"], *kept["waiting"]}
            mine = {row: toss for row, toss in zip(rows, tossed, strict=True) if row in asked[name]}
            new = {row: toss for row, toss in mine.items() if row not in known}
            kept["waiting"] = [*kept["waiting"], *drawn(len(kept["waiting"]), new)]


def arrivals(
    contract: Contract, store: Store, loaded: Loaded, state: dict[str, Any], number: int | None = None, since: float = 0
) -> Iterator[list[str]]:
    """The rows that inputs asked after `state["seq"]` are, in the order in which they came, some thousand at a time.

    Args: number: of the version that was asked, None for any. since: the time before which none counts.
    """
    while events := store.events(contract.product, "prediction", state["seq"], _PAGE):
        state["seq"] = events[-1].seq
        mine = [one for one in events if number in (None, one.payload.get("version")) and one.at >= since]
        inputs = [one.payload[KEPT] for one in mine if isinstance(one.payload.get(KEPT), Mapping)]
        if rows := [row for row in names_of_inputs(loaded, inputs) if row is not None] if inputs else []:
            yield rows


def _asked(contract: Contract, loaded: Loaded, parts: Split) -> dict[str, frozenset[str]]:
    """Group → rows of traffic that are for the proof of its lines."""
    groups = {name: lines[0].part for name, lines in audit_groups(contract.must).items()}
    if loaded.pool is None:
        return {}
    files = in_files(loaded)
    return {name: rows - files for name, rows in for_proof(contract, loaded.pool, parts, groups).items()}


def in_files(loaded: Loaded) -> frozenset[str]:
    """Rows that files have; the others came as traffic."""
    files = [place for place, name in enumerate(loaded.files) if name != TRAFFIC]
    return frozenset(loaded.origins.filter(loaded.origins["file"].is_in(files))["_row"])


def for_proof(
    contract: Contract, pool: Dataset, parts: Split, groups: Mapping[str, Part | None]
) -> dict[str, frozenset[str]]:
    """Group → the rows of the pool that are for the proof of its lines."""
    mine = for_sealed(contract, pool, (parts.train, parts.dev), parts.sealed)
    rows = [row for row, keep in zip(pool.values("_row"), mine, strict=True) if keep]
    found = {}
    for name, part in groups.items():
        if part is None or part.column is None:
            found[name] = frozenset(rows)
            continue
        values = dict(zip(pool.values("_row"), map(part_of, pool.values(part.column)), strict=True))
        found[name] = frozenset(row for row in rows if values[row] == part.value)
    return found


def group_of(line: Line) -> str:
    """Whose rows a line is about: "" for all, else those of one group."""
    column = None if line.part is None else line.part.column
    return "" if column is None or line.part is None else f"{column}={line.part.value}"


def audit_groups(lines: tuple[Line, ...]) -> dict[str, list[Line]]:
    """The quality lines that labels of traffic can speak of, by whose rows: all, or those of one group."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if is_cost(line) or line.relative is not None or (line.part is not None and line.part.under is not None):
            continue
        found.setdefault(group_of(line), []).append(line)
    return found
