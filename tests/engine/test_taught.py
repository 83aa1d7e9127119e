"""What a service was asked joins the rows that people label, once each, and what they labelled outlives it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.data import load, split
from zhinan.engine import taught
from zhinan.engine.drawn import in_files
from zhinan.engine.labelling import Desk
from zhinan.engine.labels import Opinion, load_labelled, record
from zhinan.engine.lineage import keep_lineage
from zhinan.engine.ordered import frames
from zhinan.engine.taught import names_of_inputs, with_traffic
from zhinan.evaluate.answers import Answers, Values
from zhinan.evaluate.current import beside, current_of
from zhinan.evaluate.measure import judge_dataset, measure
from zhinan.evaluate.sealed import parts, stakes_of
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


def test_traffic_proves_lines_of_our_own_answers_and_none_that_compares_with_somebody_who_was_not_asked(
    shop: Shop, tmp_path: Path, store: Store
) -> None:
    must = ("accuracy >= 60%", "accuracy >= current - 10 pt")
    path = with_answers(shop(tmp_path, rows=120, must=must, more="  current: llm\n"), wrong=3, unlabeled=40)
    contract = read_contract(path)
    ask(store, [sent(i) for i in range(60)])
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    traffic = {row for row in loaded.pool.values("_row") if row not in in_files(loaded)}
    assert len(traffic) == 60
    data = loaded, split(contract, loaded)
    own, both = (
        {row for unit in frame.units for row in unit} for frame in frames(contract, store, data, contract.must)
    )
    assert own & traffic
    assert both == own - traffic != set()
    record(contract, store, loaded, [Opinion(row, "card", "li", "sealed") for row in traffic])
    loaded, _ = load_labelled(contract, store)
    sealed = split(contract, loaded).sealed
    assert traffic & {*sealed.values("_row")}
    current = current_of(contract, store, sealed)
    truth = sealed.values("intent")
    ours = beside(judge_dataset(sealed, Answers(truth), loaded.classes), sealed, contract, current)
    absolute, relative = (measure(line, ours) for line in contract.must)
    known = [row for row in sealed.values("_row") if row not in traffic]
    assert (absolute.n, relative.n) == (len(sealed), len(known))
    same = [ours == theirs for ours, theirs in zip(truth, sealed.values("llm"), strict=True)]
    right = dict(zip(sealed.values("_row"), same, strict=True))
    assert relative.value == pytest.approx(1 - sum(right[row] for row in known) / len(known)), "an empty cell is wrong"
    stakes = {stake.line: stake.rows(0.025) for stake in stakes_of(contract, parts(sealed, store)[0])}
    assert stakes == {must[0]: len(sealed), must[1]: len(known)}


def test_numbers_of_traffic_are_compared_with_nobodys_either(shop: Shop, tmp_path: Path, store: Store) -> None:
    path = shop(tmp_path, rows=60, must=("mae <= 5", "mae <= 90% of current"), more="  current: old\n")
    path.write_text(path.read_text("utf-8").replace("target: intent", "target: amount"), "utf-8")
    data = tmp_path / "messages.csv"
    head, *rows = data.read_text("utf-8").splitlines()
    priced = [f"{head},amount,old", *(f"{row},{i}.5,{i + 2}.5" for i, row in enumerate(rows))]
    data.write_text("\n".join(priced) + "\n", "utf-8")
    contract = read_contract(path)
    ask(store, [sent(i) for i in range(40)])
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    record(contract, store, loaded, [Opinion(row, "7", "li", "sealed") for row in loaded.pool.values("_row")])
    loaded, _ = load_labelled(contract, store)
    sealed = split(contract, loaded).sealed
    said = Values(np.array(sealed.values("amount")) + 1.0)
    ours = beside(judge_dataset(sealed, said, ()), sealed, contract, current_of(contract, store, sealed))
    absolute, relative = (measure(line, ours) for line in contract.must)
    assert absolute.n == len(sealed) > relative.n
    assert relative.value == pytest.approx(0.5)


def with_answers(path: Path, *, wrong: int, unlabeled: int) -> Path:
    """Adds the column llm: the right answer, but `card` in every `wrong`th row and nothing in the first; the last rows
    lose their labels."""
    file = path.parent / "messages.csv"
    head, *lines = file.read_text("utf-8").splitlines()
    said = []
    for i, line in enumerate(lines):
        inputs, _, label = line.rpartition(",")
        answer = "" if i == 0 else "card" if i % wrong == 0 else label
        said.append(f"{inputs},{label if i < len(lines) - unlabeled else ''},{answer}")
    file.write_text("\n".join([f"{head},llm", *said]) + "\n", encoding="utf-8")
    return path


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
