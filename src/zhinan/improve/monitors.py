"""Watches the must lines of the live version in production: an alarm is evidence that a line no longer holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhinan.contract import Contract, Line
from zhinan.core import UserError, Words
from zhinan.engine.witness import scores_of
from zhinan.evaluate.in_use import PRODUCTION
from zhinan.evaluate.measure import is_cost
from zhinan.improve.audit import audited
from zhinan.improve.automated import alone
from zhinan.improve.drift import Drift, unseen_labels
from zhinan.improve.estimates import ANSWERS, estimates
from zhinan.improve.hearing import ahead
from zhinan.improve.load import Load
from zhinan.improve.standing import Monitor
from zhinan.improve.traffic import spoken, unknown_answers
from zhinan.improve.voices import Voices, asked_of, unheard
from zhinan.package import Version, open_version
from zhinan.store import Event, Store, change_run, change_verdicts

__all__ = ["Monitor", "Production", "monitors", "production"]


@dataclass(frozen=True)
class Production:
    """How the live version does.

    Args:
        monitors: of each must line, in its order, then of those that the audit says something of.
        traffic: what was asked of it lately, as `Load.summary`. estimates: as `estimates`. advice: what moved, as
            `Drift.advice`, `unseen_labels`, `unknown_answers` and `ahead`. unopened: code of the error that keeps the
            live version from being opened, so that no line is watched; None when it opens.
    """

    monitors: tuple[Monitor, ...] = ()
    traffic: dict[str, Any] | None = None
    estimates: list[dict[str, Any]] = field(default_factory=list)
    advice: list[dict[str, Any]] = field(default_factory=list)
    unopened: str | None = None


def monitors(contract: Contract, store: Store) -> tuple[Monitor, ...]:
    """The monitors of `production`."""
    return production(contract, store).monitors


def production(contract: Contract, store: Store) -> Production:
    """Takes in what happened to the live version since the last time, and tells where each line stands.

    A line on which single answers can be bet (`evaluate.outcomes`) is watched on what people said by `Rounds` of
    detectors, one about latency on requests (`Load`). All alarms, over all looks, labels and lines of the contract
    together, are false with probability at most 1 − confidence as long as the lines hold over people (one who speaks
    often counts once a round) and over minutes. They stay on until another version is live. The findings are kept
    beside the live verdicts, as `live`, for the service to tell. People who complain are no random sample: an alarm
    says that what they speak about is below the line, and never promotes anything.

    Returns:
        Nothing without a live version. Where that cannot be opened, each line says so.

    Source: PROOF 11; Shin, Ramdas & Rinaldo (2024).
    """
    number = store.stages(contract.product).live
    if number is None:
        return Production()
    try:
        version = open_version(store.version(contract.product, number).path)
    except UserError as error:
        reason = Words(f"version {number} cannot be opened ({error.code})", f"版本 {number} 无法打开（{error.code}）")
        silent = tuple(_silent(line, contract.delta, reason) for line in contract.must)
        return Production(silent, unopened=error.code)
    asked, delta = asked_of(contract, version)
    heard = {one.line: one for one in _voices(contract, store, version, number, asked, delta)}
    load = _load(contract, store, number, delta)
    found = tuple(
        load.monitor(line)
        if is_cost(line)
        else heard.get(line.text) or _silent(line, delta, unheard(line, version, contract))
        for line in contract.must
    )
    machine = alone(contract, store, number, delta, version.hands_over)
    drawn, pairs = audited(contract, store, version, number)
    newest = store.events(contract.product, "prediction", limit=ANSWERS, newest=True)
    guessed = estimates(asked, newest, pairs, number, contract.delta)
    advised = _advice(contract, store, version, number, newest)
    _tell(store, contract.product, number, found, (*machine, *drawn))
    return Production((*found, *machine, *drawn), load.summary(), guessed, advised)


def _silent(line: Line, delta: float, why: Words | None) -> Monitor:
    return Monitor(line.text, 0, None, 0.0, 1 / delta, None, why)


def _voices(
    contract: Contract, store: Store, version: Version, number: int, lines: Sequence[Line], delta: float
) -> list[Monitor]:
    secret = store.sealing_key(contract.product)

    def heard(held: Mapping[str, Any]) -> Mapping[str, Any]:
        state = Voices(lines, version, delta, held, secret)
        before = state.read
        for seq, waits, chunk in spoken(store, version, before):
            state.take((seq, waits), chunk, version)
        return held if state.read == before else state.to_json()

    run = change_run(store, contract.product, f"monitors @{number}", {"version": number}, heard)
    return Voices(lines, version, delta, run.state, secret).monitors()


def _load(contract: Contract, store: Store, number: int, delta: float) -> Load:
    def read(held: Mapping[str, Any]) -> Mapping[str, Any]:
        load = Load(contract, number, delta, held)
        return load.to_json() if load.read(store) else held

    run = change_run(store, contract.product, f"traffic @{number}", {"version": number}, read)
    return Load(contract, number, delta, run.state)


def _advice(
    contract: Contract, store: Store, version: Version, number: int, newest: Sequence[Event]
) -> list[dict[str, Any]]:
    """What traffic has become since dev, the labels nobody taught, and words on answers that nobody gave."""
    reference = version.manifest.facts.get("reference", {})

    def see(inputs: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[float]]:
        rows = {name: [one.get(name) for one in inputs] for name in version.inputs}
        try:
            return scores_of(version.run, reference["witness"], version.check(rows))
        except UserError:  # inputs that it cannot read show nothing
            return {}

    def taken(held: Mapping[str, Any]) -> Mapping[str, Any]:
        drift = Drift(reference, number, contract.delta, held, see)
        return drift.to_json() if drift.take(newest) else held

    run = change_run(store, contract.product, f"drift @{number}", {"version": number}, taken)
    drift = Drift(reference, number, contract.delta, run.state, see)
    feedback = store.events(contract.product, "feedback", limit=ANSWERS, newest=True)
    unseen = unseen_labels(feedback, version.classes, contract.data.target or "label")
    unknown = unknown_answers(feedback, store, contract.product)
    return [*drift.advice(), *unseen, *unknown, *ahead([*newest, *feedback])]


def _tell(store: Store, product: str, number: int, found: Sequence[Monitor], more: Sequence[Monitor]) -> None:
    """Puts what production says of each line beside its verdict, where the service and `status` read it."""
    told = {
        "live": {one.line: one.live() for one in found if one.why is None or one.n},
        **{on: {one.line: one.live() for one in more if one.on == on} for on in ("answers", "audit")},
    }

    def beside(held: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        after: list[Mapping[str, Any]] = []
        for verdict in held:
            plain = {key: value for key, value in verdict.items() if key not in told or verdict.get("on") == PRODUCTION}
            mine = {key: by_line[plain["line"]] for key, by_line in told.items() if plain["line"] in by_line}
            after.append(plain | mine)
        return after

    change_verdicts(store, product, number, beside)
