"""Labels of a random sample of traffic: drawn as it arrived, heard in that order, whoever labels what and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import takewhile
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import UserError
from zhinan.data import Loaded, Split
from zhinan.engine.drawn import audit_groups, draw
from zhinan.engine.labels import opinions, settled
from zhinan.engine.taught import audit_key, kept_of
from zhinan.improve.estimates import guess_of
from zhinan.improve.standing import Monitor
from zhinan.improve.traffic import Spoken, answered
from zhinan.improve.voices import Voices, asked_of
from zhinan.package import Version, open_version
from zhinan.store import Store, change_run

__all__ = ["audited", "take_audit"]

PAIRS = 5_000
"""Audited answers that an estimate looks back on."""
FIRST = 0.8
"""Share of the first epoch in the chance of a false alarm; most versions have no other."""


def take_audit(contract: Contract, store: Store, data: tuple[Loaded, Split]) -> None:
    """Feeds labels that people gave to drawn rows of traffic to the second detector of each line of the live version.

    Rows are drawn as `engine.drawn` says and count in that order, up to the first that waits for its label: whoever
    labels decides how far a fixed sequence is known, and not what is in it, so its alarms are false with probability
    at most δ whatever labellers do, as long as the line holds for each input as it comes. Rows once counted stay
    counted. Where labels of some were corrected, all of the epoch are counted anew, in their order and by the labels as
    they are now, so that an alarm goes which a slip set off; no more once an input of theirs has expired, or what was
    counted could be got rid of. Labels that the version's build knew do not count.

    Args: data: with all labels known now, and traffic among the pool.
    """
    loaded, _ = data
    number = store.stages(contract.product).live
    if number is None or loaded.pool is None:
        return
    try:
        version = open_version(store.version(contract.product, number).path)
    except UserError:
        return  # status says so
    lines, delta = asked_of(contract, version)
    if draw(contract, store, data) is None or not lines:
        return
    earlier = opinions(store, contract.product, int(version.manifest.facts.get("labels", 0)))
    old = settled(earlier, numbers=not version.classes)
    secret = store.sealing_key(contract.product)

    def heard(held: Mapping[str, Any]) -> dict[str, Any]:
        state = {**held, "groups": {name: dict(kept) for name, kept in held["groups"].items()}}
        for name, mine in audit_groups(tuple(lines)).items():
            kept = state["groups"][name]
            settled_now = list(takewhile(lambda row: row in loaded.labels, kept["waiting"]))
            new = [row for row in settled_now if row not in old]
            before = _heard(mine, version, delta, kept, secret)
            if kept.get("heard", kept["epoch"]) != kept["epoch"]:  # another draw, other evidence
                kept["alarms"] = {one.line: asdict(one) for one in before if one.alarm}
                kept |= {"voices": {**kept.get("voices", {}), "lines": {}}, "counted": {}}
            counted = {**kept.get("counted", {}), **{row: loaded.labels[row] for row in new}}
            if _corrected(loaded, kept.get("counted", {})):
                counted = {row: loaded.labels.get(row, said) for row, said in counted.items()}
                drawn = dict.fromkeys((*kept["rows"], *new))  # a state keeps its keys in no order
                new, kept["voices"] = [row for row in drawn if row and row in counted], {}
            rows = _spoken(loaded, version, new, counted)
            voices = Voices(mine, version, delta * _share(kept["epoch"]), kept.get("voices", {}), secret, "audit")
            voices.take((0, ()), rows, version)
            known = {*kept["rows"]}
            kept |= {"heard": kept["epoch"], "voices": voices.to_json(), "counted": counted}
            kept |= {"rows": [*kept["rows"], *(row for row in new if row not in known)]}
            kept["waiting"] = kept["waiting"][len(settled_now) :]
            kept["pairs"] = _remembered(kept.get("pairs", {}), mine, (new, rows), loaded.labels)
        return state

    change_run(store, contract.product, audit_key(number), {"version": number}, heard, contract.forgotten)


def audited(contract: Contract, store: Store, version: Version, number: int) -> tuple[list[Monitor], dict[str, Any]]:
    """What the audit says of each line so far, and line → [[guess, outcome]] of what an estimate can use."""
    run = store.last_run(contract.product, audit_key(number))
    lines, delta = asked_of(contract, version)
    groups: Mapping[str, Any] = {} if run is None else run.state.get("groups", {})
    found: list[Monitor] = []
    pairs: dict[str, Any] = {}
    for name, mine in audit_groups(tuple(lines)).items():
        if "voices" in groups.get(name, {}):
            found += [one for one in _heard(mine, version, delta, groups[name], b"") if one.n]
            pairs |= groups[name]["pairs"]
    return found, pairs


def _heard(
    lines: Sequence[Line], version: Version, delta: float, kept: Mapping[str, Any], secret: bytes
) -> list[Monitor]:
    """Where the lines stand in the epoch that was heard last; an alarm of an earlier one stays on."""
    share = _share(kept.get("heard", kept["epoch"]))
    voices = Voices(lines, version, delta * share, kept.get("voices", {}), secret, "audit")
    alarms = kept.get("alarms", {})
    return [Monitor(**alarms[one.line]) if one.line in alarms else one for one in voices.monitors()]


def _share(epoch: int) -> float:
    """Of the chance of a false alarm; the shares of the epochs 1, 2, … sum to 1."""
    return FIRST if epoch == 1 else (1 - FIRST) / (epoch * (epoch - 1))


def _corrected(loaded: Loaded, counted: Mapping[str, str]) -> bool:
    """Whether rows have another label than was counted, and the inputs of all are there; of the forgotten none are."""
    if loaded.pool is None or all(loaded.labels.get(row, said) == said for row, said in counted.items()):
        return False
    return {*counted} - {""} <= {*loaded.pool.values("_row")}


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
        Spoken(place, None, inputs[row]["input"], answer, label, _right(version, known[row]), people[row], 0.0)
        for place, (row, answer) in enumerate(zip(rows, answers, strict=True))
        if answer is not None
    ]


def _right(version: Version, said: str) -> Any:
    return said if version.classes else float(said)


def _remembered(
    pairs: Mapping[str, Any], lines: Sequence[Line], new: tuple[Sequence[str], Sequence[Spoken]], now: Mapping[str, str]
) -> dict[str, Any]:
    """Beside each line that an estimate exists for: [what the version guessed of a row, what turned out, row, answer].

    Args: new: rows, and what was said of them, `seq` being the place of the row. now: the labels, as corrected.
    """
    names, rows = new
    kept = dict(pairs)
    for line in lines:
        told = [*kept.get(line.text, ())]
        for one in rows:
            if (guess := guess_of(line, one.answer)) is not None:
                answer = str(one.answer["label"])
                told.append([guess, float(str(one.right) == answer), names[one.seq], answer])
        last = {row or place: (guess, out, row, answer) for place, (guess, out, row, answer) in enumerate(told)}
        kept[line.text] = [
            [guess, float(now[row] == answer) if row in now else out, row, answer]
            for guess, out, row, answer in last.values()
        ][-PAIRS:]
    return kept
