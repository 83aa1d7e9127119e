"""What a service was asked joins the rows that people label, once each, and what they labelled outlives it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.data import load, split
from zhinan.engine import taught
from zhinan.engine.labelling import Desk
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.engine.lineage import keep_lineage
from zhinan.engine.taught import names_of_inputs, with_traffic
from zhinan.store import Event, Store

Shop = Callable[..., Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        yield opened


@pytest.fixture
def contract(shop: Shop, tmp_path: Path) -> Contract:
    return read_contract(shop(tmp_path, rows=60, more="  person: user_id\n"))


def sent(i: int, **more: Any) -> dict[str, Any]:
    return {"message": f"crypto question number {i} of today", "channel": "app", **more}


def ask(store: Store, rows: list[dict[str, Any]], person: str | None = None, start: int = 0) -> None:
    payloads = [{"version": 1, "label": "card", "input": row} for row in rows]
    events = [Event(f"p{start + i}", "prediction", one, time.time(), person) for i, one in enumerate(payloads)]
    store.add_events("shop", events)


def pool(contract: Contract, store: Store) -> Any:
    found = with_traffic(contract, store, load(contract)).pool
    assert found is not None
    return found


def test_each_input_is_one_row_that_no_data_hold_and_keeps_its_person(contract: Contract, store: Store) -> None:
    known = load(contract).dataset
    old = {name: known.values(name)[0] for name in ("message", "channel")}
    ask(store, [sent(0), sent(1), old, sent(0)], "mei")
    found = pool(contract, store)
    assert sorted(found.values("message")) == [sent(0)["message"], sent(1)["message"]]
    assert found.values("user_id") == ["mei", "mei"]
    assert found.values("intent") == [None, None]
    assert names_of_inputs(load(contract), [sent(1), {"other": 1}, sent(0)]) == [
        dict(zip(found.values("message"), found.values("_row"), strict=True))[sent(1)["message"]],
        None,
        dict(zip(found.values("message"), found.values("_row"), strict=True))[sent(0)["message"]],
    ]


def test_what_is_no_row_of_the_data_is_passed_over(contract: Contract, store: Store) -> None:
    ask(store, [{"message": "no channel"}, sent(3), sent(4, message=7), sent(5, message=None, channel=None)])
    store.add_events("shop", [Event("bare", "prediction", {"version": 1, "label": "card"}, time.time())])
    assert pool(contract, store).values("message") == [sent(3)["message"]]


def test_traffic_of_a_forgotten_person_is_no_row(contract: Contract, store: Store) -> None:
    for i, person in enumerate(("mei", "li")):
        ask(store, [sent(i)], person, start=i)
    left = contract.without(lambda name: name == "mei")
    assert pool(left, store).values("message") == [sent(1)["message"]]


def test_of_much_traffic_a_sample_is_taken_that_more_traffic_only_thins(
    contract: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taught, "MOST", 20)
    monkeypatch.setattr(taught, "_PAGE", 16)
    ask(store, [sent(i) for i in range(50)])
    before = set(pool(contract, store).values("message"))
    ask(store, [sent(i) for i in range(50, 70)], start=50)
    after = set(pool(contract, store).values("message"))
    old = {sent(i)["message"] for i in range(50)}
    assert len(before) == len(after) == 20
    assert after & old <= before


def test_labelled_traffic_joins_the_parts_and_outlives_its_prediction(contract: Contract, store: Store) -> None:
    ask(store, [sent(i) for i in range(40)], "mei")
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    rows = loaded.pool.values("_row")
    record(contract, store, loaded, [Opinion(row, "card", "li", "sealed") for row in rows[:10]])
    store.expire_events("shop", time.time() + 1)
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    assert loaded.pool.values("_row") == sorted(rows[:10])
    assert loaded.pool.values("user_id") == ["mei"] * 10
    parts = split(contract, loaded)
    learned = [row for row in parts.train.values("message") if "crypto" in row]
    judged = [row for row in parts.sealed.values("message") if "crypto" in row]
    assert len(learned) + len(judged) == 10
    assert parts.audited == len(judged)
    kept = keep_lineage(store, contract, (loaded, parts), opened=False)
    assert kept["rows"]
    assert loaded.files[-1] == "traffic"


def test_the_desk_asks_about_traffic_and_takes_its_labels(contract: Contract, store: Store) -> None:
    ask(store, [sent(i) for i in range(30)])
    desk = Desk(contract, store, "mei")
    asked = desk.waiting("sealed")
    assert asked
    assert {item.queue for item in asked} == {"sealed"}
    assert desk.say(asked[0], "card") == {"new": 1, "changed": 0, "repeat": 0}
    assert asked[0].row not in {item.row for item in desk.waiting("sealed")}


def test_traffic_has_the_moment_at_which_it_came(shop: Shop, tmp_path: Path, store: Store) -> None:
    path = shop(tmp_path, rows=60, more="  time: at\n")
    data = tmp_path / "messages.csv"
    head, *rows = data.read_text("utf-8").splitlines()
    dated = [f"{head},at", *(f"{row},2026-01-{1 + i % 28:02d}" for i, row in enumerate(rows))]
    data.write_text("\n".join(dated) + "\n", "utf-8")
    contract = read_contract(path)
    ask(store, [sent(0)])
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    moment = loaded.pool.values("at")[0]
    assert abs((datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds()) < 60
    record(contract, store, loaded, [Opinion(loaded.pool.values("_row")[0], "card", "li", "sealed")])
    store.expire_events("shop", time.time() + 1)
    again, _ = load_labelled(contract, store)
    assert again.pool is not None
    assert again.pool.values("at") == [moment]
