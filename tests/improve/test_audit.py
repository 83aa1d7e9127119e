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
from zhinan.engine import labels
from zhinan.engine.drawn import draw, drawn
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.engine.queues import queue
from zhinan.engine.shares import cut
from zhinan.improve import audit, monitors
from zhinan.improve.audit import take_audit
from zhinan.improve.estimates import estimates
from zhinan.proof import detect
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
        classes=("card", "login", "refund"), manifest=SimpleNamespace(facts={}), predict=predict, hands_over=False,
    )  # fmt: skip
    for room in (audit, monitors):
        monkeypatch.setattr(room, "open_version", lambda path: version)
    made = read_contract(shop(tmp_path, rows=60, must=MUST))
    held = labels.load(made)  # files are read by a process of their own: once is enough
    monkeypatch.setattr(labels, "load", lambda *_: held)
    return made


def ask(store: Store, n: int, start: int = 0) -> None:
    for i in range(start, n):
        row = {"message": f"{uuid.UUID(int=i * 7919).hex} of today, number {i * i}", "channel": "app"}
        made = {"version": 1, "label": "card", "probability": 0.8, "input": row}
        store.add_events("shop", [Event(str(uuid.UUID(int=i)), "prediction", made, time.time() - 60)])


def data(contract: Contract, store: Store) -> Any:
    loaded, _ = load_labelled(contract, store)
    return loaded, cut(contract, loaded)


def waiting(contract: Contract, store: Store) -> list[str]:
    """What is drawn and waits, in its order."""
    run = draw(contract, store, data(contract, store))
    assert run is not None
    rows: list[str] = run.state["groups"][""]["waiting"]
    return rows


def label(contract: Contract, store: Store, rows: list[str], said: str) -> dict[str, Any]:
    """Labels rows, and tells where the lines then stand on the audit."""
    loaded, _ = load_labelled(contract, store)
    record(contract, store, loaded, [Opinion(row, said, "mei", "sealed") for row in rows])
    take_audit(contract, store, data(contract, store))
    found = monitors.production(contract, store)
    return {one.line: one for one in found.monitors if one.on == "audit"} | {"estimate": found.estimates}


def test_drawn_rows_count_in_the_order_in_which_they_came_and_nothing_that_was_picked(
    contract: Contract, store: Store
) -> None:
    ask(store, 120)
    rows = waiting(contract, store)
    assert 30 < len(rows) < 70  # about half are for proof, whatever anybody answers
    line, share = MUST
    store.set_verdicts("shop", 1, [{"line": line, "verdict": "PROVED"}])
    assert label(contract, store, rows[:3], "card")[line].n == 3
    picked = label(contract, store, rows[4:8], "card")
    assert (picked[line].n, picked[share].n) == (3, 3)
    assert "audit" in store.verdicts("shop", 1)[0]
    assert label(contract, store, rows[3:4], "card")[line].n == 8
    ask(store, 160)
    later = waiting(contract, store)
    assert later[: len(rows) - 8] == rows[8:]  # newer rows wait behind older ones
    assert len(later) > len(rows) - 8
    told = label(contract, store, later[:40], "login")
    assert (told[line].n, told[line].alarm, told[share].alarm) == (48, True, True)
    assert told[share].n == 48
    assert told[line].value == pytest.approx(8 / 48)
    assert {one["by"] for one in told["estimate"]} == {"prediction powered"}
    assert all(one["high"] < 0.7 for one in told["estimate"])  # far below the 80 % that the version expects


def test_the_queue_asks_for_what_waits_first_when_no_line_is_open(contract: Contract, store: Store) -> None:
    ask(store, 60)
    store.set_verdicts("shop", 1, [{"line": line, "verdict": "PROVED", "on": "sealed"} for line in MUST])
    held, parts = data(contract, store)
    drawn = waiting(contract, store)
    asked = [item.row for item in queue(contract, store, (held, parts), (), "mei", "sealed", None, [drawn[:5]])]
    assert asked[:5] == drawn[:5]
    assert sorted(asked[5:]) == sorted({row for row in asked if row not in drawn[:5]})
    assert len(asked) > 20


def test_when_a_waiting_row_expires_the_audit_begins_anew_and_an_alarm_stays(contract: Contract, store: Store) -> None:
    ask(store, 60)
    rows = waiting(contract, store)
    told = label(contract, store, rows[:-2], "login")
    assert told[MUST[0]].alarm
    store.expire_events("shop", time.time() + 1)
    ask(store, 100, 60)  # those that nobody labelled are gone; what comes before this is seen is nobody's sample
    assert waiting(contract, store) == []
    ask(store, 140, 100)
    fresh = waiting(contract, store)
    assert fresh
    again = label(contract, store, fresh[:3], "card")
    assert (again[MUST[0]].n, again[MUST[0]].alarm) == (len(rows) - 2, True)
    run = store.last_run("shop", "audit @1")
    assert run is not None
    assert (run.state["groups"][""]["epoch"], len(run.state["groups"][""]["alarms"])) == (2, 2)


def test_labels_that_are_corrected_are_counted_anew_while_their_inputs_are_there(
    contract: Contract, store: Store
) -> None:
    ask(store, 120)
    rows = waiting(contract, store)
    line = MUST[0]
    slip = label(contract, store, rows[:40], "login")
    assert (slip[line].alarm, slip[line].value) == (True, 0.0)
    mended = label(contract, store, rows[:40], "card")
    assert (mended[line].n, mended[line].alarm, mended[line].value) == (40, False, 1.0)
    assert {one["value"] for one in mended["estimate"]} == {1.0}
    whole = label(contract, store, rows[40:42], "card")
    assert (whole[line].n, whole[line].value) == (42, 1.0)
    assert label(contract, store, rows[:42], "login")[line].alarm
    ask(store, 130, 120)
    store.expire_events("shop", time.time() - 30)
    ask(store, 140, 130)
    late = label(contract, store, rows[:42], "card")
    assert (late[line].alarm, late[line].n) == (True, 42), "what was counted cannot be got rid of"


def test_what_is_counted_anew_keeps_the_order_in_which_it_was_drawn(
    contract: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(store, 120)
    rows = waiting(contract, store)[:20]
    label(contract, store, rows, "card")
    orders: list[list[str]] = []
    real = audit._spoken
    monkeypatch.setattr(
        audit, "_spoken", lambda loaded, of, new, said: orders.append([*new]) or real(loaded, of, new, said)
    )
    label(contract, store, rows[3:4], "login")
    assert rows in orders
    assert rows != sorted(rows), "an order of their own, else this tells nothing"


def test_a_labeller_who_waits_for_errors_sets_no_alarm_off() -> None:
    rng, alarms, streams = np.random.default_rng(5), 0, 200
    for _ in range(streams):
        right = rng.random(300) < 0.5
        held: list[str] = []
        seen: list[float] = []
        for at in range(0, 300, 5):  # some traffic, then a look: wrong answers are labelled, right ones are put off
            held += drawn(len(held), {str(i): float(rng.random()) for i in range(at, at + 5)})
            while held and (not right[int(held[0])] or rng.random() < 0.05):
                seen.append(float(right[int(held.pop(0))]))
        alarms += bool(seen) and bool(detect([seen], 0.5, 0.05)[0])
    assert alarms <= streams * 0.05 + 2 * np.sqrt(streams * 0.05 * 0.95)


def test_what_waits_grows_slowly_and_labels_make_room() -> None:
    rng = np.random.default_rng(6)
    tosses = {str(i): float(u) for i, u in enumerate(rng.random(20_000))}
    assert drawn(0, tosses)[:50] == [str(i) for i in range(50)]
    assert 250 < len(drawn(0, tosses)) < 400
    assert len(drawn(300, tosses)) < 100


def test_labels_that_the_build_knew_do_not_count(contract: Contract, store: Store) -> None:
    ask(store, 40)
    rows = waiting(contract, store)
    loaded, _ = load_labelled(contract, store)
    record(contract, store, loaded, [Opinion(rows[0], "card", "mei", "sealed")])
    version: Any = audit.open_version("")  # type: ignore[arg-type]
    version.manifest.facts["labels"] = store.events("shop", "label")[-1].seq
    assert label(contract, store, rows[1:3], "card")[MUST[0]].n == 2


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
