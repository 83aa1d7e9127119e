"""Feedback from a file is stored once, masked, and only when it says what would have been right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract, load, parse
from zhinan.core import UserError, Words, find
from zhinan.core.keys import new_key
from zhinan.data import load as load_data
from zhinan.improve import feedback as room
from zhinan.improve.corrections import corrections
from zhinan.improve.feedback import import_feedback
from zhinan.serve import feedback
from zhinan.serve.feedback import new_class, new_labels
from zhinan.steps.mask import armed, kept_person, person_secret
from zhinan.store import Event, Store

from ..serve.conftest import Place

ABOUT = "0b8f4a52-6c1e-4d3a-9b7f-1f2e3d4c5b6a"
CONTRACT = "product: shop\ndata: {source: m.csv, target: intent, person: who, mask: [email]}\nmust: [accuracy >= 80%]\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / ".zhinan") as opened:
        yield opened


@pytest.fixture
def contract() -> Contract:
    return parse(CONTRACT)


def table(folder: Path, *rows: str, head: str = "message,intent,who,event_id") -> Path:
    path = folder / "feedback.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def counted(found: dict[str, Any]) -> dict[str, int]:
    """The counts, without the reasons."""
    return {name: count for name, count in found.items() if name != "reasons"}


def test_a_file_imported_twice_stores_nothing_twice(store: Store, contract: Contract, tmp_path: Path) -> None:
    path = table(tmp_path, "退款,refund,u1,", "card gone,card,u2,mine", "退款,refund,u1,", "退款,refund,u3,")
    assert import_feedback(contract, store, path) == {
        "rows": 4,
        "new": 3,
        "repeat": 1,
        "conflict": 0,
        "rejected": 0,
        "unknown_class": 0,
        "not_counted": 0,
        "reasons": [],
    }
    assert import_feedback(contract, store, path) == {
        "rows": 4,
        "new": 0,
        "repeat": 4,
        "conflict": 0,
        "rejected": 0,
        "unknown_class": 0,
        "not_counted": 0,
        "reasons": [],
    }
    events = store.events("shop", "feedback")
    assert [e.payload for e in events] == [
        {"input": {"message": m}, "label": label}
        for m, label in (("退款", "refund"), ("card gone", "card"), ("退款", "refund"))
    ]
    assert [e.person for e in events] == ["u1", "u2", "u3"]


def test_a_file_imported_again_is_the_same_whatever_version_reads_it_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = parse("product: support\ndata: {source: m.csv, target: intent, person: who}\nmust: [accuracy >= 80%]\n")
    rows = ("hi,web,2,new,refund,li.lei@example.com", "hi,web,2,old,refund,u1", "hi,web,2,new,cancel,u1")
    path = table(tmp_path, *rows, head="message,channel,amount,note,intent,who")
    with Place.live(tmp_path).store as store:
        with monkeypatch.context() as before:
            before.setattr(room, "_answers", lambda *_: (find("task", "classify").target(), None, ()))
            first = import_feedback(contract, store, path)
        again = import_feedback(contract, store, path)
        other = import_feedback(
            contract,
            store,
            table(tmp_path, "hi,web,2,refund,mei@example.com", head="message,channel,amount,intent,who"),
        )
    assert [(one["new"], one["repeat"]) for one in (first, again, other)] == [(3, 0), (0, 3), (1, 0)]


def test_columns_in_another_order_are_the_same_feedback(store: Store, contract: Contract, tmp_path: Path) -> None:
    import_feedback(contract, store, table(tmp_path, "退款,app,refund", head="message,channel,intent"))
    again = import_feedback(contract, store, table(tmp_path, "refund,退款,app", head="intent,message,channel"))
    assert (again["new"], again["repeat"]) == (0, 1)


def test_an_id_used_for_another_answer_is_a_conflict_and_the_first_stays(
    store: Store, contract: Contract, tmp_path: Path
) -> None:
    import_feedback(contract, store, table(tmp_path, "hi,card,u1,one"))
    counts = import_feedback(contract, store, table(tmp_path, "hi,login,u1,one"))
    assert counts["conflict"] == 1
    assert [e.payload["label"] for e in store.events("shop")] == ["card"]


def test_rows_without_an_answer_and_broken_rows_are_counted_as_rejected(
    store: Store, contract: Contract, tmp_path: Path
) -> None:
    good = [f"hello {i},card,u{i}," for i in range(40)]
    counts = import_feedback(
        contract, store, table(tmp_path, *good, "no answer,,u1,", "blank,  ,u1,", "too,many,by,far,1")
    )
    assert {key: counts[key] for key in ("rows", "new", "rejected")} == {"rows": 43, "new": 40, "rejected": 3}
    blank, broken = counts["reasons"]
    assert (blank["code"], blank["rows"], broken["code"], broken["rows"]) == ("E473", 2, "E374", 1)
    assert "exactly one of" in blank["what"]["en"]
    assert [one["where"] for one in blank["first"]] == ["feedback.csv:42", "feedback.csv:43"]
    assert broken["first"] == [{"where": "feedback.csv:44", "row": "too,many,by,far,1"}]


def test_each_reason_for_a_refusal_is_told_once_with_its_first_rows_masked(
    store: Store, contract: Contract, tmp_path: Path
) -> None:
    phone = "13812345678"
    rows = [f"call {phone},7th of May 1987,{phone},e{i}" for i in range(40)]
    counts = import_feedback(contract, store, table(tmp_path, *rows, "hi,card,u1,"))
    (reason,) = counts["reasons"]
    assert (reason["rows"], len(reason["first"]), counts["new"]) == (40, 3, 1)
    assert reason["what"]["zh"] != reason["what"]["en"]
    assert phone not in json.dumps(counts)
    assert "[PHONE]" in reason["first"][0]["row"]


def test_personal_things_are_masked_whatever_the_contract_asks(
    store: Store, contract: Contract, tmp_path: Path
) -> None:
    personal = ("13812345678", "li.lei@example.com")
    rows = [f"call {personal[0]} or {personal[1]},card,{personal[1]},{personal[1]}", f"x,card,{personal[1]},"]
    import_feedback(contract, store, table(tmp_path, *rows))
    first, second = store.events("shop")
    kept = json.dumps([e.payload for e in (first, second)]) + f"{first.event_id}{first.person}{second.person}"
    assert not any(word in kept for word in personal)
    assert "[PHONE]" in kept
    assert first.person == second.person is not None, "one person's rows do not belong together any more"
    assert import_feedback(contract, store, table(tmp_path, *rows))["repeat"] == 2


def test_a_blank_cell_of_a_person_is_nobody_and_its_row_counts(
    store: Store, contract: Contract, tmp_path: Path
) -> None:
    assert import_feedback(contract, store, table(tmp_path, "退款,refund,　 ,"))["new"] == 1
    assert [e.person for e in store.events("shop")] == [None]


def test_rows_of_nobody_have_no_person(store: Store, contract: Contract, tmp_path: Path) -> None:
    import_feedback(contract, store, table(tmp_path, "hi,card,,"))
    assert [e.person for e in store.events("shop")] == [None]


def test_large_files_are_stored_in_pieces(
    store: Store, contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "CHUNK", 7)
    rows = [f"message {i % 50},card,u1," for i in range(60)]
    assert import_feedback(contract, store, table(tmp_path, *rows))["new"] == 50
    assert store.count_events("shop") == 50


def test_a_missing_column_of_answers_is_named(store: Store, contract: Contract, tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        import_feedback(contract, store, table(tmp_path, "hi,card", head="message,intnet"))
    assert error.value.code == "E500"
    assert "'intnet'" in error.value.fix()
    with pytest.raises(UserError) as error:
        import_feedback(contract, store, table(tmp_path, "hi", head="message"))
    assert "_line" not in error.value.fix()
    assert store.count_events("shop") == 0


def test_the_contracts_own_masks_come_first_and_a_stand_in_is_not_hidden_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    masks = "{email: pseudonym, phone: hash, order_no: {pattern: 'ORD-[0-9]{8}'}}"
    contract = parse(CONTRACT.replace("[email]", masks))
    path = table(tmp_path, "ORD-12345678 li.lei@example.com 4111111111111111 13812345678,card,li.lei@example.com,")
    with Store(tmp_path / "keyed") as store:
        import_feedback(contract, store, path)
        (event,) = store.events("shop")
    own, email, card, phone = event.payload["input"]["message"].split()
    trained = kept_person("li.lei@example.com", armed(contract.data.mask), person_secret())
    assert (own, card, phone[:7]) == ("[ORDER_NO]", "[BANK_CARD]", "[PHONE:")
    assert event.person == trained == email != "li.lei@example.com"
    assert email.endswith("@" + email.partition("@")[2])


def test_what_cleaning_uncovers_is_hidden_too(store: Store, tmp_path: Path) -> None:
    contract = parse(CONTRACT.replace("mask: [email]", "mask: [email], clean: {html: text}"))
    import_feedback(contract, store, table(tmp_path, "<b>li.lei</b>&#64;example.com and &#49;3812345678,card,u1,"))
    (event,) = store.events("shop")
    assert event.payload["input"]["message"] == "[EMAIL] and [PHONE]"


def test_a_label_that_is_somebodys_number_is_rejected(store: Store, contract: Contract, tmp_path: Path) -> None:
    counts = import_feedback(contract, store, table(tmp_path, "hi,13812345678,u1,", "hi,card,u1,"))
    assert (counts["rejected"], counts["new"]) == (1, 1)


def test_a_label_that_is_no_class_is_kept_and_counted_unless_it_is_a_slip_or_no_name(
    store: Store, contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = find("task", "classify").target()
    monkeypatch.setattr(room, "_answers", lambda *_: (task, None, ("card", "login")))
    said = ("topup", "card", "crad", "li.lei@example.com", "x" * 101, "1940-07-10")
    counts = import_feedback(contract, store, table(tmp_path, *(f"hi {name},{name},u1," for name in said)))
    assert counted(counts) == {
        "rows": 6,
        "new": 2,
        "repeat": 0,
        "conflict": 0,
        "rejected": 4,
        "unknown_class": 1,
        "not_counted": 0,
    }
    assert [event.payload["label"] for event in store.events("shop")] == ["topup", "card"]


def test_a_file_of_what_people_did_needs_no_right_answers(store: Store, contract: Contract, tmp_path: Path) -> None:
    rows = (f"order,12.5,{ABOUT},u1,", ",,,u2,4", "visit,,,u3,", "bad name,,,u4,", "order,many,,u5,", "order,,,,")
    path = table(tmp_path, *rows, head="event,value,prediction_id,who,rating")
    assert counted(import_feedback(contract, store, path)) == {
        "rows": 6,
        "new": 3,
        "repeat": 0,
        "conflict": 0,
        "rejected": 3,
        "unknown_class": 0,
        "not_counted": 0,
    }
    assert import_feedback(contract, store, path)["repeat"] == 3
    found = store.events("shop", "feedback")
    assert [(event.payload, event.person) for event in found] == [
        ({"event": "order", "amount": 12.5, "prediction_id": ABOUT}, "u1"),
        ({"rating": 4.0}, "u2"),
        ({"event": "visit"}, "u3"),
    ]


@pytest.mark.parametrize("key", ["price", "value"])
def test_a_row_that_names_a_prediction_is_about_it_and_a_bad_id_is_rejected(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    contract = parse("product: shop\ndata: {source: m.csv, target: price}\nmust: [mae <= 4]\n")
    monkeypatch.setattr(room, "_answers", lambda *_: (find("task", "regress").target(), None, ()))
    path = table(tmp_path, f"{ABOUT},50", "bad,50", f"{ABOUT},dear", f"{ABOUT},", head=f"prediction_id,{key}")
    counts = import_feedback(contract, store, path)
    assert (counts["new"], counts["rejected"]) == (1, 3)
    assert [event.payload for event in store.events("shop")] == [{"prediction_id": ABOUT, "value": 50.0}]


def test_rows_are_held_against_the_inputs_of_the_version_as_over_http(tmp_path: Path) -> None:
    contract = parse("product: support\ndata: {source: m.csv, target: intent, person: who}\nmust: [accuracy >= 80%]\n")
    rows = ("hi,web,2,refund,,u1", "hi,web,many,refund,,u2", f",,,cancel,{ABOUT},u3", "hi,web,,refund,,u4")
    head = "message,channel,amount,intent,prediction_id,who"
    with Place.live(tmp_path).store as store:
        counts = import_feedback(contract, store, table(tmp_path, *rows, head=head))
        assert (counts["new"], counts["rejected"]) == (3, 1)
        lacking = import_feedback(contract, store, table(tmp_path, "hi,web,refund", head="message,channel,intent"))
        thumbs = table(tmp_path, f"yes,{ABOUT}", f"perhaps,{ABOUT}", head="accepted,prediction_id")
        thumbed = import_feedback(contract, store, thumbs)
        kept = [event.payload for event in store.events("support")]
    assert [(one["new"], one["rejected"]) for one in (lacking, thumbed)] == [(0, 1), (1, 1)]
    assert kept == [
        {"input": {"message": "hi", "channel": "web", "amount": 2.0}, "label": "refund"},
        {"prediction_id": ABOUT, "label": "cancel"},
        {"input": {"message": "hi", "channel": "web", "amount": None}, "label": "refund"},
        {"prediction_id": ABOUT, "accepted": True},
    ]


def test_what_no_line_can_take_is_stored_and_counted_as_such(store: Store, tmp_path: Path) -> None:
    lines = "['accuracy >= 80%', satisfaction >= 60%, 'handle_time(ticket_closed) <= 5 min', conversion(order) >= 4%]"
    contract = parse(CONTRACT.replace("[accuracy >= 80%]", lines))
    rows = (
        "5,,,a",
        "9,,,b",
        ",ticket_closed,212,c",
        ",ticket_closed,,d",
        ",ticket_closed,-3,e",
        ",order,,f",
        ",visit,,g",
    )
    counts = import_feedback(contract, store, table(tmp_path, *rows, head="rating,event,value,person"))
    assert (counts["new"], counts["not_counted"]) == (7, 3)


def test_a_product_that_keeps_no_inputs_stores_none_from_a_file(store: Store, tmp_path: Path) -> None:
    contract = parse(f"{CONTRACT}serve: {{keep_inputs: none}}\n")
    with pytest.raises(UserError) as error:
        import_feedback(contract, store, table(tmp_path, "my secret,card,u1,"))
    rows = (f"my secret,card,{ABOUT}", "my secret,card,")
    counts = import_feedback(contract, store, table(tmp_path, *rows, head="message,intent,prediction_id"))
    assert (error.value.code, counts["new"], counts["rejected"]) == ("E504", 1, 1)
    assert [event.payload for event in store.events("shop")] == [{"prediction_id": ABOUT, "label": "card"}]


def test_what_nobody_would_say_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def near(name: str, _: Any) -> Words:
        looked.append(name)
        return Words("choose one", "请选择")

    monkeypatch.setattr(feedback, "suggest", near)
    monkeypatch.setattr(feedback, "redact", lambda name: "…")
    assert new_labels([f"name {i}" for i in range(50_000)], ("bug", "slow")) is None
    assert new_class("x" * 900_000, ("bug", "slow")) is None
    assert new_class("x" * 101, ("bug", "slow")) is None
    assert looked == []
    assert new_labels(["a@b.com", *("name" for _ in range(50))], ("bug", "slow")) is None
    assert looked == ["a@b.com"]


def test_of_several_labels_one_that_the_product_lacks_may_be_named_beside_others(tmp_path: Path) -> None:
    known = ("bug", "slow")
    assert new_labels(["slow", "refund", "bug"], known) == '["bug", "refund", "slow"]'
    for said in (["slow", "slwo"], ["refund", "a@b.com"], ["refund", 1], [], "bug|refund", None):
        assert new_labels(said, known) is None
    rows = "".join(f"text number {i},{('bug', 'slow', 'bug|slow', 'slow|bug')[i % 4]}\n" for i in range(40))
    (tmp_path / "m.csv").write_text(f"message,tags\n{rows}", "utf-8")
    text = "product: desk\ndata: {source: m.csv, target: tags}\nmust: [micro_f1 >= 60%]\n"
    (tmp_path / "product.yaml").write_text(text, "utf-8")
    loaded = load_data(load(tmp_path / "product.yaml"))
    told = ['["bug", "refund"]', '["refund"]', '["bug"]']
    with Store(tmp_path / "store") as store:
        given = [
            Event(f"e{i}", "feedback", {"input": {"message": f"said {i}"}, "labels": one}, 1.0, f"p{i}")
            for i, one in enumerate(told)
        ]
        store.add_events("desk", given)
        found = corrections(store, "desk", loaded)
        assert (found.labels, found.unusable) == (('["bug"]',), {"unknown_class": 2})
        assert found.strange == {"refund": ["p0", "p1"]}
        assert corrections(store, "desk", loaded, ("bug", "refund", "slow")).labels == tuple(told)
