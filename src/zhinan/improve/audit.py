"""Labels of a random sample of traffic: what `zhinan label` asked for, in an order fixed before anybody labelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import UserError
from zhinan.data import Loaded, Split
from zhinan.engine.labels import opinions, settled
from zhinan.engine.queues import Frame, frames
from zhinan.engine.taught import TRAFFIC, kept_of
from zhinan.improve.estimates import guess_of
from zhinan.improve.standing import Monitor
from zhinan.improve.traffic import Spoken, answered
from zhinan.improve.voices import Voices, asked_of
from zhinan.package import Version, open_version
from zhinan.store import Store

__all__ = ["audited", "take_audit"]

PAIRS = 5_000
"""Audited answers that an estimate looks back on."""


def take_audit(contract: Contract, store: Store, data: tuple[Loaded, Split]) -> None:
    """Feeds the labels that people gave to rows of traffic to the second detector of each line of the live version.

    A line's rows are the sealed side of the traffic (in its group), each input once and none that the data hold, in
    the order of a keyed hash. The labelled prefix of that order counts: a row that was skipped holds back those
    behind it until it is labelled, so nobody can choose what is seen. Rows once counted stay counted. Labels that
    the version's build knew do not count.

    Args: data: with all labels known now, and traffic among the pool.
    """
    loaded, parts = data
    number = store.stages(contract.product).live
    if number is None or loaded.pool is None:
        return
    try:
        version = open_version(store.version(contract.product, number).path)
    except UserError:
        return  # status says so
    lines, delta = asked_of(contract, version)
    traffic = _traffic(loaded)
    if not traffic or not lines:
        return
    earlier = opinions(store, contract.product, int(version.manifest.facts.get("labels", 0)))
    old = settled(earlier, numbers=not version.classes)
    known = {row: said for row, said in loaded.labels.items() if row not in old}
    key = f"audit @{number}"
    run = store.last_run(contract.product, key) or store.start_run(contract.product, key, {"version": number})
    state = _state(run.state, delta)
    for name, mine in _by_group(lines).items():
        (frame,) = frames(contract, loaded.pool, parts, mine[:1])
        kept = state["groups"].setdefault(name, {"rows": [], "voices": {}, "pairs": {}})
        new = _next(frame, traffic, known, frozenset(kept["rows"]))
        rows = _spoken(loaded, version, new, known)
        voices = Voices(mine, version, delta, kept["voices"], store.sealing_key(contract.product), "audit")
        voices.take(0, rows, version)
        kept["rows"] += new
        kept["voices"] = voices.to_json()
        _remember(kept["pairs"], mine, rows, version)
    store.update_run(run.id, state)


def audited(contract: Contract, store: Store, version: Version, number: int) -> tuple[list[Monitor], dict[str, Any]]:
    """What the audit says of each line so far, and line → [[guess, outcome]] of what an estimate can use."""
    run = store.last_run(contract.product, f"audit @{number}")
    lines, delta = asked_of(contract, version)
    groups = {} if run is None else _state(run.state, delta)["groups"]
    found: list[Monitor] = []
    pairs: dict[str, Any] = {}
    for name, mine in _by_group(lines).items():
        kept = groups.get(name)
        if kept is None:
            continue
        voices = Voices(mine, version, delta, kept["voices"], b"", "audit")
        found += [one for one in voices.monitors() if one.n]
        pairs |= kept["pairs"]
    return found, pairs


def _state(kept: Mapping[str, Any], delta: float) -> dict[str, Any]:
    """What goes on; anew where the contract shares its error otherwise now."""
    same = kept.get("delta") == delta
    return {"delta": delta, "groups": dict(kept["groups"]) if same else {}}


def _by_group(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines by the rows that are theirs: all, or those of one group."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        column = None if line.part is None else line.part.column
        name = "" if column is None or line.part is None else f"{column}={line.part.value}"
        found.setdefault(name, []).append(line)
    return found


def _traffic(loaded: Loaded) -> frozenset[str]:
    """Rows of the pool that came as traffic: those that stand in no file."""
    known = loaded.origins
    files = [place for place, name in enumerate(loaded.files) if name != TRAFFIC]
    in_files = set(known.filter(known["file"].is_in(files))["_row"])
    return frozenset() if loaded.pool is None else frozenset(loaded.pool.values("_row")) - in_files


def _next(frame: Frame, traffic: frozenset[str], known: Mapping[str, str], taken: frozenset[str]) -> list[str]:
    """Rows of the labelled prefix that did not count before, whole units in order."""
    found: list[str] = []
    for unit in frame.rows:
        mine = [row for row in unit if row in traffic]
        if not all(row in known or row in taken for row in mine):
            break
        found += [row for row in mine if row not in taken]
    return found


def _spoken(loaded: Loaded, version: Version, rows: Sequence[str], known: Mapping[str, str]) -> list[Spoken]:
    """The rows as what was said of the version's answers to them; one that it cannot read says nothing."""
    pool = loaded.pool
    if pool is None or not rows:
        return []
    inputs = kept_of(pool, rows)
    people = dict(
        zip(pool.values("_row"), pool.values(pool.person) if pool.person else [None] * len(pool), strict=True)
    )
    answers = answered(version, [inputs[row]["input"] for row in rows])
    label = version.task.label
    return [
        Spoken(0, None, inputs[row]["input"], answer, label, _right(version, known[row]), people[row], 0.0)
        for row, answer in zip(rows, answers, strict=True)
        if answer is not None
    ]


def _right(version: Version, said: str) -> Any:
    return said if version.classes else float(said)


def _remember(pairs: dict[str, Any], lines: Sequence[Line], rows: Sequence[Spoken], version: Version) -> None:
    """Beside each line that an estimate exists for: what the version guessed of a row, and what turned out."""
    for line in lines:
        found = [(guess_of(line, row.answer), row) for row in rows]
        mine = [[guess, float(str(row.right) == str(row.answer["label"]))] for guess, row in found if guess is not None]
        pairs[line.text] = (pairs.get(line.text, []) + mine)[-PAIRS:]
