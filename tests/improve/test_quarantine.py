"""Words of users teach only after quarantine: no doubles, no crowds, no quarrels, no bad source, no test row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.data import for_sealed, split
from zhinan.engine.labels import load_labelled
from zhinan.improve.corrections import corrections
from zhinan.improve.quarantine import Screened, screened
from zhinan.improve.sources import strangers
from zhinan.store import Event, Store

Shop = Callable[..., Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        yield opened


@pytest.fixture
def contract(shop: Shop, tmp_path: Path) -> Contract:
    return read_contract(shop(tmp_path, rows=200))


NEW = {"card": "my crypto wallet was hacked", "refund": "give the coins back", "login": "two factor code fails"}


def word(i: int, label: str, who: str | None = None, **more: Any) -> Event:
    said = {"message": f"{NEW[label]} case {i} of {i * 7919 % 1009}", "channel": "app"}
    payload = {"input": said, "label": label, **more}
    return Event(f"w{i}-{who}-{label}", "feedback", payload, time.time(), who)


def screen(contract: Contract, store: Store, events: Sequence[Event]) -> Screened:
    store.add_events("shop", list(events))
    loaded, _ = load_labelled(contract, store)
    return screened(contract, store, (loaded, split(contract, loaded)), corrections(store, "shop", loaded))


def labels(found: Screened) -> list[str]:
    assert found.taught is not None
    return sorted(found.taught.values("intent"))


def test_a_new_input_with_its_right_label_is_taught(contract: Contract, store: Store) -> None:
    found = screen(contract, store, [word(0, "card"), word(1, "refund", "mei")])
    assert labels(found) == ["card", "refund"]
    assert found.to_dict() == {"rows": 2, "used": 2, "quarantined": {}}


def test_a_thumb_up_teaches_the_answer_and_a_thumb_down_none(contract: Contract, store: Store) -> None:
    made = [
        Event(f"p{i}", "prediction", {"version": 1, "label": "login", "input": word(i, "login").payload["input"]}, 1.0)
        for i in range(40)
    ]
    store.add_events("shop", made)
    loaded, _ = load_labelled(contract, store)
    assert loaded.pool is not None
    parts = split(contract, loaded)
    mine = for_sealed(contract, loaded.pool, (parts.train, parts.dev), parts.sealed)
    said = [Event(f"u{i}", "feedback", {"prediction_id": f"p{i}", "accepted": True}, 2.0) for i in range(40)]
    down = [Event("d", "feedback", {"prediction_id": "p1", "accepted": False}, 2.0)]
    lost = [Event("l", "feedback", {"prediction_id": "gone", "label": "card"}, 2.0)]
    found = screen(contract, store, [*said, *down, *lost])
    assert labels(found) == ["login"] * int((~mine).sum())
    assert found.quarantined == {"no_answer": 1, "no_prediction": 1, "audit": int(mine.sum())}
    assert mine.any()


def test_doubles_and_outvoted_words_are_set_aside(contract: Contract, store: Store) -> None:
    said = [
        word(0, "card", "mei"),
        Event("again", "feedback", word(0, "card").payload, time.time(), "mei"),
        Event("other", "feedback", {**word(0, "card").payload, "label": "login"}, time.time(), "jan"),
        Event("third", "feedback", word(0, "card").payload, time.time(), "li"),
        word(1, "refund", "mei"),
        Event("tie", "feedback", {**word(1, "refund").payload, "label": "login"}, time.time(), "jan"),
    ]
    found = screen(contract, store, said)
    assert labels(found) == ["card"]
    assert found.quarantined == {"repeated": 1, "conflict": 3}


def test_what_repeats_a_test_row_or_contradicts_the_data_teaches_nothing(contract: Contract, store: Store) -> None:
    loaded, _ = load_labelled(contract, store)
    parts = split(contract, loaded)

    def about(part: Any, place: int, label: str | None = None, more: str = "") -> Event:
        inputs = {"message": part.values("message")[place] + more, "channel": part.values("channel")[place]}
        said = label or part.values("intent")[place]
        return Event(f"{part.fingerprint[:9]}{place}{label}{more}", "feedback", {"input": inputs, "label": said}, 1.0)

    wrong = next(label for label in loaded.classes if label != parts.train.values("intent")[1])
    found = screen(
        contract,
        store,
        [about(parts.sealed, 0), about(parts.dev, 0, more="!"), about(parts.train, 0), about(parts.train, 1, wrong)],
    )
    assert found.taught is None
    assert found.quarantined == {"contradicts_data": 1, "known": 1, "repeats_test": 2}


def test_one_person_teaches_no_more_than_the_cap_and_is_named(contract: Contract, store: Store) -> None:
    said = [word(i, "card", "crowd") for i in range(300)] + [word(1000 + i, "refund", f"p{i}") for i in range(5)]
    found = screen(contract, store, said)
    cap = contract.improve.per_person_cap
    assert found.quarantined["over_cap"] == 300 - cap
    assert labels(found).count("card") <= cap
    assert [(one["person"], one["words"], one["reason"]) for one in found.named] == [("crowd", 300, "over_cap")]


def test_a_source_that_goes_against_everybody_is_set_aside_and_named(contract: Contract, store: Store) -> None:
    names = list(NEW)
    honest = [word(i, names[i % 3], f"p{i % 20}") for i in range(200)]
    lies = []
    for i in range(200, 230):
        true = names[i % 3]
        event = word(i, true, "liar")
        lies.append(Event(event.event_id, "feedback", {**event.payload, "label": names[(i + 1) % 3]}, 1.0, "liar"))
    found = screen(contract, store, [*honest, *lies])
    assert [(one["person"], one["reason"], one["used"]) for one in found.named] == [("liar", "source", 0)]
    assert found.quarantined["source"] == 30
    assert len(labels(found)) >= 190


def test_people_as_good_as_the_others_are_named_no_more_often_than_promised() -> None:
    draw = np.random.default_rng(0)
    named = 0
    for _ in range(300):
        people = [f"p{i}" for i in draw.integers(0, 25, 400)]
        named += bool(strangers(people, draw.random(400) < 0.3, 0.1))
    assert named <= 3  # 0.001 a time, and little more


def test_words_of_an_earlier_contract_or_class_are_counted_and_passed_over(contract: Contract, store: Store) -> None:
    old = Event("old", "feedback", {"input": {"text": "x"}, "label": "card"}, 1.0)
    unknown = Event("new", "feedback", {**word(0, "card").payload, "label": "crypto"}, 1.0)
    found = screen(contract, store, [old, unknown])
    assert found.taught is None
    assert found.quarantined == {"other_columns": 1, "unknown_class": 1}


def test_what_is_later_than_the_first_sealed_row_says_so(tmp_path: Path, store: Store) -> None:
    lines = [
        f"question {i} about {('cards', 'parcels')[i % 2]},{'ab'[i % 2]},2026-01-{1 + i // 10:02d}" for i in range(100)
    ]
    (tmp_path / "m.csv").write_text("\n".join(["text,team,at", *lines, ""]), "utf-8")
    text = "product: shop\ndata: {source: m.csv, target: team, time: at}\nmust: [accuracy >= 60%]\n"
    (tmp_path / "product.yaml").write_text(text, "utf-8")
    words = [{"input": {"text": f"a new one {i} of {i * 7919 % 1009}"}, "label": "a"} for i in range(3)]
    said = [Event(f"l{i}", "feedback", payload, time.time()) for i, payload in enumerate(words)]
    found = screen(read_contract(tmp_path / "product.yaml"), store, said)
    assert found.taught is None
    assert found.quarantined == {"later": 3}
