"""Words of users teach only after quarantine: no doubles, no crowds, no quarrels, no bad source, no test row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.data import Loaded, for_sealed, split
from zhinan.engine.labels import load_labelled
from zhinan.improve import quarantine, sources
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
    assert found.to_dict() == {"rows": 2, "used": 2, "quarantined": {}, "judged": None}


def test_a_row_is_of_who_asked_whoever_corrects_the_answer(shop: Shop, tmp_path: Path, store: Store) -> None:
    contract = read_contract(shop(tmp_path / "people", rows=200, more="  person: user_id\n"))
    loaded, _ = load_labelled(contract, store)
    parts = split(contract, loaded)
    tested = next(one for one in parts.sealed.values("user_id") if one not in parts.train.values("user_id"))
    asked = {"p1": "somebody new", "p2": tested, "p3": None}
    events = []
    for place, (name, who) in enumerate(asked.items()):
        said = word(place, "card").payload
        answer = {"version": 1, "label": "login", "input": said["input"]}
        events += [
            Event(name, "prediction", answer, time.time(), who),
            Event(f"f{name}", "feedback", {"prediction_id": name, "label": "card"}, time.time(), "an agent"),
        ]
    store.add_events("shop", events)
    said = corrections(store, "shop", loaded)
    assert said.rows["user_id"].to_list() == ["somebody new", tested, "an agent"]
    assert said.people == ("an agent",) * 3
    found = screened(contract, store, (loaded, parts), said)
    assert found.quarantined["tested_person"] == 1


def test_who_speaks_of_many_persons_inputs_is_one_voice_and_the_rows_stay_theirs(
    shop: Shop, tmp_path: Path, store: Store
) -> None:
    contract = read_contract(shop(tmp_path / "people", rows=200, more="  person: user_id\n"))
    store.add_events("shop", [word(place, "card", "an agent", whose=f"new{place}") for place in range(100)])
    loaded, _ = load_labelled(contract, store)
    said = corrections(store, "shop", loaded)
    assert said.people == ("an agent",) * 100
    assert said.rows["user_id"].to_list() == [f"new{place}" for place in range(100)]
    found = screened(contract, store, (loaded, split(contract, loaded)), said)
    assert found.quarantined["over_cap"] == 100 - contract.improve.per_person_cap


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


def test_sources_that_go_against_everybody_are_set_aside_and_named(contract: Contract, store: Store) -> None:
    """One person who always does, and one most of whose words are good: of that one only those that are not."""
    names = list(NEW)
    said = [word(i, names[i % 3], f"p{i % 20}") for i in range(200)]
    for i in range(200, 240):
        who, lies = ("liar", i < 220) if i < 220 else ("sloppy", i % 20 < 8)
        event = word(i, names[i % 3], who)
        label = names[(i + lies) % 3]
        said.append(Event(event.event_id, "feedback", {**event.payload, "label": label}, 1.0, who))
    found = screen(contract, store, said)
    assert {(one["person"], one["reason"], one["used"]) for one in found.named} == {
        ("liar", "source", 0), ("sloppy", "doubted", 12)
    }  # fmt: skip
    assert (found.quarantined["source"], found.quarantined["doubted"]) == (20, 8)
    judged = found.to_dict()["judged"]
    assert (judged["words"], judged["against"]) == (240, 28), "and nobody else"
    assert len(labels(found)) >= 200


def test_wrong_words_of_everybody_name_nobody_and_are_counted(contract: Contract, store: Store) -> None:
    names = list(NEW)
    said = [word(i, names[i % 3], f"p{i % 20}") for i in range(200)]
    for i in range(0, 200, 9):
        said[i] = replace(said[i], payload={**said[i].payload, "label": names[(i + 1) % 3]})
    found = screen(contract, store, said)
    assert found.named == ()
    judged = found.to_dict()["judged"]
    assert judged["against"] >= 12, "most of 23"
    assert judged["against"] > 2 * judged["on_dev"] * judged["words"]


def test_without_time_nobody_is_judged_and_it_is_said(contract: Contract, store: Store) -> None:
    store.add_events("shop", [word(i, list(NEW)[i % 3], f"p{i % 4}") for i in range(40)])
    loaded, _ = load_labelled(contract, store)
    data, said = (loaded, split(contract, loaded)), corrections(store, "shop", loaded)
    found = screened(contract, store, data, said, time.perf_counter())
    assert found.to_dict()["judged"] is None
    assert [one.en for one in found.skipped()] == ["40 words were not judged for going against all others'"]
    assert found.taught is not None
    assert screened(contract, store, data, said).skipped() == ()


def test_answers_are_learned_from_as_many_rows_as_there_is_time_for(
    contract: Contract, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that only fits move, a millisecond a row: 600 rows five times would take 4.5 s."""
    clock, learned = [100.0], []
    monkeypatch.setattr(sources, "time", SimpleNamespace(perf_counter=lambda: clock[0]))

    def fitted(_contract: Any, _store: Any, loaded: Loaded, parts: Any, seconds: float) -> Any:
        clock[0] += len(parts[0]) / 1000
        learned.append(len(parts[0]))
        truth = np.zeros(len(parts[1]), int)
        return np.eye(len(loaded.classes))[truth], truth

    monkeypatch.setattr(sources, "_answers", fitted)
    monkeypatch.setattr(sources, "FEW", 50)
    store.add_events("shop", [word(i, list(NEW)[i % 3], f"p{i}") for i in range(400)])
    loaded, _ = load_labelled(contract, store)
    parts, said = split(contract, loaded), corrections(store, "shop", loaded)
    words = quarantine._labelled(loaded, said), said.people
    heard = sources.against_all(contract, store, loaded, (parts.train, parts.dev), words, clock[0] + 2.0)
    assert learned[:2] == [30, 300]
    assert set(learned[2:]) == {heard.learned[0]}
    assert len(learned) == 7
    assert heard.learned[0] < heard.learned[1]
    assert clock[0] <= 102.0
    assert heard.asked.all()


@pytest.mark.parametrize(("task", "rare", "usual"), [("classify", "fraud", "ok"), ("regress", "7", "0")])
def test_the_fits_that_tell_the_time_learn_a_rare_label_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str, rare: str, usual: str
) -> None:
    """A fit of one label alone takes no time and loads nothing: it would tell nothing of the others."""
    lines = [f"{i * 7919 % 1009 % 90},{rare if i % 100 == 0 else usual}" for i in range(700)]
    (tmp_path / "m.csv").write_text("\n".join(["a,y", *lines, ""]), "utf-8")
    must = "accuracy >= 80%" if task == "classify" else "mae <= 3"
    text = f"product: shop\ntask: {task}\ndata: {{source: m.csv, target: y}}\nmust: ['{must}']\n"
    (tmp_path / "product.yaml").write_text(text, "utf-8")
    learned: list[Any] = []
    monkeypatch.setattr(sources, "_answers", lambda *given: learned.append(given[3][0].values("y")))
    contract = read_contract(tmp_path / "product.yaml")
    loaded, _ = load_labelled(contract, store)
    parts = split(contract, loaded)
    rows = sources._affordable(contract, store, loaded, (parts.train, parts.dev), time.perf_counter() + 60)
    assert ([len(one) for one in learned], rows) == ([30, 300], len(parts.train))
    assert all(len(set(one)) == 2 for one in learned)


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


def test_several_labels_go_against_the_answer_together_where_none_does_alone() -> None:
    learned = np.array([0.736, 0.309, 0.299, 0.298])  # card, login, parcel, refund: of a text about a card
    lie, slip, truth = [False, True, False, True], [True, True, False, False], [True, False, False, False]
    found = sources._contradicted(np.tile(learned, (3, 1)), np.array([lie, slip, truth]))
    assert found.tolist() == [True, False, False]
    unsure = np.full((1, 30), 0.45)
    assert not sources._contradicted(unsure, np.zeros((1, 30), bool)).any(), "what is answered goes against nothing"
