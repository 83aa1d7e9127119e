"""A random sample of traffic, labelled in its own order, watches the lines a second time and corrects an estimate."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract, parse_line
from zhinan.contract import load as read_contract
from zhinan.core import find
from zhinan.data import split
from zhinan.engine import labels
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.engine.queues import frames
from zhinan.engine.shares import needed_rows
from zhinan.improve import audit, monitors
from zhinan.improve.audit import take_audit
from zhinan.improve.estimates import estimates
from zhinan.store import Event, Store

MUST = ("accuracy >= 70%", "precision[card] >= 60%")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        opened.add_version("shop", "d", tmp_path, outcome="PROVED", summary={})
        opened.promote("shop", 1, revision=0, who="test", why="first")
        yield opened


@pytest.fixture
def contract(shop: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """A product whose live version answers "card" to everything."""

    def predict(rows: list[Any]) -> list[dict[str, Any]]:
        return [{"label": "card", "probability": 0.8} for _ in rows]

    version = SimpleNamespace(
        product="shop", number=1, task=find("task", "classify").target(), inputs=("message", "channel"),
        classes=("card", "login", "refund"), manifest=SimpleNamespace(facts={}), predict=predict,
    )  # fmt: skip
    for room in (audit, monitors):
        monkeypatch.setattr(room, "open_version", lambda path: version)
    made = read_contract(shop(tmp_path, rows=60, must=MUST))
    held = labels.load(made)  # files are read by a process of their own: once is enough
    monkeypatch.setattr(labels, "load", lambda *_: held)
    return made


def ask(store: Store, n: int) -> None:
    for i in range(n):
        row = {"message": f"{uuid.UUID(int=i * 7919).hex} of today, number {i * i}", "channel": "app"}
        made = {"version": 1, "label": "card", "probability": 0.8, "input": row}
        store.add_events("shop", [Event(str(uuid.UUID(int=i)), "prediction", made, time.time() - 60)])


def data(contract: Contract, store: Store) -> Any:
    loaded, _ = load_labelled(contract, store)
    return loaded, split(contract, loaded, needed_rows(contract, loaded))


def in_order(contract: Contract, store: Store) -> list[str]:
    loaded, parts = data(contract, store)
    (frame,) = frames(contract, loaded.pool, parts, contract.must[:1])
    return [row for unit in frame.rows for row in unit]


def label(contract: Contract, store: Store, rows: list[str], said: str) -> dict[str, Any]:
    """Labels rows, and tells where the lines then stand on the audit."""
    loaded, _ = load_labelled(contract, store)
    record(contract, store, loaded, [Opinion(row, said, "mei", "sealed") for row in rows])
    take_audit(contract, store, data(contract, store))
    found = monitors.production(contract, store)
    return {one.line: one for one in found.monitors if one.on == "audit"} | {"estimate": found.estimates}


def test_the_labelled_beginning_of_a_fixed_order_counts_and_nothing_that_was_picked(
    contract: Contract, store: Store
) -> None:
    ask(store, 120)
    rows = in_order(contract, store)
    assert 30 < len(rows) < 90  # about half, whatever anybody answers
    line, share = MUST
    store.set_verdicts("shop", 1, [{"line": line, "verdict": "PROVED"}])
    assert label(contract, store, rows[:3], "card")[line].n == 3
    picked = label(contract, store, rows[4:8], "card")
    assert (picked[line].n, picked[share].n) == (3, 3)
    assert "audit" in store.verdicts("shop", 1)[0]
    assert label(contract, store, rows[3:4], "card")[line].n == 8
    ask(store, 160)  # newer rows stand between the older ones, and are asked for first; what counted stays
    fresh = [row for row in in_order(contract, store) if row not in rows]
    assert fresh
    told = label(contract, store, [one for one in in_order(contract, store)[:40] if one not in rows[:8]], "login")
    assert (told[line].n, told[line].alarm, told[share].alarm) == (told[share].n, True, True)
    assert told[line].n >= 40
    assert told[line].value == pytest.approx(8 / told[line].n)
    assert {one["by"] for one in told["estimate"]} == {"prediction powered"}
    assert all(one["high"] < 0.7 for one in told["estimate"])  # far below the 80 % that the version expects


def test_labels_that_the_build_knew_do_not_count(contract: Contract, store: Store) -> None:
    ask(store, 40)
    rows = in_order(contract, store)
    loaded, _ = load_labelled(contract, store)
    record(contract, store, loaded, [Opinion(rows[0], "card", "mei", "sealed")])
    version: Any = audit.open_version("")  # type: ignore[arg-type]
    version.manifest.facts["labels"] = store.events("shop", "label")[-1].seq
    assert MUST[0] not in label(contract, store, rows[1:3], "card")


def answers(sure: Any, label: str = "card", version: int = 1) -> list[Event]:
    made = [{"version": version, "label": label, "probability": float(one)} for one in sure]
    return [Event(f"e{i}", "prediction", one, 0.0) for i, one in enumerate(made)]


def test_an_estimate_is_the_versions_confidence_until_audited_answers_correct_it() -> None:
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.8, 1.0, 1000)
    lines = [parse_line(one) for one in (*MUST, "recall[card] >= 50%", "accuracy[channel=app] >= 50%")]
    newest = [*answers(sure), *answers([0.1] * 50, version=2)]
    plain = estimates(lines, newest, {}, 1, 0.05)
    assert [(one["line"], one["by"], one["n_labelled"], one["n_traffic"]) for one in plain] == [
        (line, "confidence", 0, 1000) for line in MUST
    ]
    assert plain[0]["value"] == pytest.approx(sure.mean())
    assert plain[0]["low"] < plain[0]["value"] < plain[0]["high"]
    # right only as often as it is sure less 20 points: what the version expects is wrong, and the audit says so
    seen = rng.uniform(0.8, 1.0, 400)
    pairs = {MUST[0]: [[one, float(rng.random() < one - 0.2)] for one in seen]}
    fixed = estimates(lines[:1], newest, pairs, 1, 0.05)[0]
    assert (fixed["by"], fixed["n_labelled"]) == ("prediction powered", 400)
    assert fixed["low"] < 0.7 < fixed["high"] < 0.8


def test_flawless_audits_are_not_called_certain() -> None:
    line = [parse_line(MUST[0])]
    one = estimates(line, answers([1.0] * 300), {MUST[0]: [[1.0, 1.0]] * 59}, 1, 0.05)[0]
    assert (one["by"], one["value"], one["high"]) == ("audited", 1.0, 1.0)
    assert one["low"] == pytest.approx(0.95049, abs=1e-4)


def test_an_estimate_by_audit_holds_the_truth_as_often_as_it_says() -> None:
    rng, held = np.random.default_rng(1), 0
    line = [parse_line(MUST[0])]
    for _ in range(200):
        sure = rng.uniform(0.5, 1.0, 600)
        seen = rng.uniform(0.5, 1.0, 100)
        pairs = {MUST[0]: [[one, float(rng.random() < one * 0.9)] for one in seen]}
        one = estimates(line, answers(sure), pairs, 1, 0.05)[0]
        held += one["low"] <= 0.675 <= one["high"]
    assert held >= 200 * 0.9 - 2 * np.sqrt(200 * 0.9 * 0.1)
