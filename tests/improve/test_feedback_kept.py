"""Of feedback from a file as much is kept, and as much hidden, as of what the service is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import parse
from zhinan.core import MaskSpec, UserError, find
from zhinan.improve import feedback as room
from zhinan.improve.feedback import import_feedback
from zhinan.package import Version, open_version
from zhinan.store import Store

from ..serve.conftest import Place, place

__all__ = ["place"]

CONTRACT = "product: support\ndata: {source: m.csv, target: intent}\nmust: [accuracy >= 80%]\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A right answer about an input."""
    made = tmp_path / "feedback.csv"
    made.write_text("message,channel,amount,intent\norder 4711-x,web,2,refund\n", "utf-8")
    return made


def promoted(place: Place) -> None:
    """The third version goes live, and a fourth is the newest."""
    place.add(4)
    with place.store as store:
        store.promote("support", 3, revision=1, who="test", why="")


def test_where_the_live_version_keeps_no_inputs_none_is_stored_from_a_file(place: Place, path: Path) -> None:
    place.add(3, b"product: support\nserve: {keep_inputs: none}\n")
    promoted(place)
    with place.store as store, pytest.raises(UserError, match="E504"):
        import_feedback(parse(CONTRACT), store, path)


@pytest.mark.parametrize("own", ["", "mask: {order: {pattern: order}}"], ids=["none now", "another now"])
def test_what_a_pattern_of_the_live_version_finds_is_hidden_in_rows_of_a_file(
    place: Place, path: Path, own: str
) -> None:
    place.add(3, masks=(MaskSpec("order", "mask", r"\d{4}-x"),))
    promoted(place)
    contract = parse(CONTRACT.replace("target: intent", f"target: intent, {own}" if own else "target: intent"))
    with place.store as store:
        assert import_feedback(contract, store, path)["new"] == 1
        (event,) = store.events("support", "feedback")
    assert event.payload["input"]["message"] == ("[ORDER] [ORDER]" if own else "order [ORDER]")


@pytest.mark.parametrize("secret", ["order4711-x", "47 11-x", "o.k: 4711-x"])
@pytest.mark.parametrize("before", ["", f"{'x' * 73},"], ids=["whole", "cut in the middle"])
def test_the_own_patterns_of_a_product_hide_in_rows_that_cannot_be_read(
    place: Place, tmp_path: Path, before: str, secret: str
) -> None:
    good = "".join(f"hello {i},web,2,refund\n" for i in range(40))
    path = tmp_path / "feedback.csv"
    path.write_text(f"message,channel,amount,intent\n{good}{before}{secret},web,2,refund,too,many\n", "utf-8")
    contract = parse(CONTRACT.replace("target:", "mask: {order: {pattern: '(order|47 |o.k: )\\d{1,4}-x'}}, target:"))
    with place.store as store:
        (reason,) = import_feedback(contract, store, path)["reasons"]
    assert reason["code"] == "E374"
    assert [one["row"] for one in reason["first"]] == [f"{before}…" if before else "[ORDER],web,2,refund,too,many"]


def test_the_objects_of_a_row_in_a_file_are_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text('{"message": "hello", "more": {"channel": "web"}, "intent": "refund"}\n', "utf-8")
    with Store(tmp_path / "empty") as store:
        assert import_feedback(parse(CONTRACT), store, path)["new"] == 1
        (event,) = store.events("support", "feedback")
    assert event.payload["input"] == {"message": "hello", "more.channel": "web"}


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


def test_a_column_that_the_version_reads_whole_stays_whole_in_a_file(place: Place, tmp_path: Path) -> None:
    path = lines(tmp_path / "f.jsonl", {"message": {"t": "hello"}, "channel": "web", "amount": 2, "intent": "refund"})
    with place.store as store:
        assert import_feedback(parse(CONTRACT), store, path)["new"] == 1
        (event,) = store.events("support", "feedback")
    assert event.payload["input"]["message"] == '{"t": "hello"}'


def test_columns_that_the_contract_names_stay_whole_before_there_is_a_version(tmp_path: Path) -> None:
    contract = parse(CONTRACT.replace("target: intent", "target: intent, inputs: {user: text, more.channel: category}"))
    row = {"user": {"age": 3}, "more": {"channel": "web"}, "intent": "refund"}
    with Store(tmp_path / "empty") as store:
        assert import_feedback(contract, store, lines(tmp_path / "f.jsonl", row))["new"] == 1
        (event,) = store.events("support", "feedback")
    assert event.payload["input"] == {"user": '{"age": 3}', "more.channel": "web"}


def nested(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest version reads fields of objects."""
    version, inputs = open_version(place.add(3)), {"message": "text", "user.age": "number", "user.plan": "category"}
    monkeypatch.setattr(Version, "inputs", inputs)
    answers = (find("task", "classify").target(), version, ("login", "refund"))
    monkeypatch.setattr(room, "_answers", lambda *_: answers)


def test_rows_hold_the_fields_that_the_version_reads_whatever_other_rows_have_there(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nested(place, monkeypatch)
    contract = parse(CONTRACT.replace("target: intent", "target: said.intent, person: user.id"))
    good = [
        {"message": "a", "user": {"id": 17, "age": 3, "plan": "pro"}, "said": {"intent": "refund"}},
        {"message": "b", "user": {"age": 4}, "said": {"intent": "login"}},
        {"message": "c", "user": None, "said": {"intent": "login"}},
    ]
    stray = {"message": "d", "user": "somebody", "said": {"intent": "refund"}}
    unsaid = {"message": "e", "user": {"age": 5}, "said": "refund"}
    with place.store as store:
        counts = import_feedback(contract, store, lines(tmp_path / "some.jsonl", *good, stray, unsaid))
        assert [one["code"] for one in counts["reasons"]] == ["E370", "E473"]
        assert (counts["new"], counts["rejected"]) == (3, 2)
        kept = [(one.person, one.payload["input"]) for one in store.events("support", "feedback")]
        assert kept == [
            ("17", {"message": "a", "user.age": 3.0, "user.plan": "pro"}),
            (None, {"message": "b", "user.age": 4.0, "user.plan": None}),
            (None, {"message": "c", "user.age": None, "user.plan": None}),
        ]
        again = import_feedback(contract, store, lines(tmp_path / "good.jsonl", *good))
    assert (again["new"], again["repeat"]) == (0, 3)


def test_person_of_a_file_speaks_and_the_contracts_column_says_whose_the_input_is(tmp_path: Path) -> None:
    named = CONTRACT.replace("target: intent", "target: intent, person: user_id")
    place = Place.live(tmp_path)
    place.add(3, contract=b"product: support\ndata: {person: user_id}\n")
    row = {"message": "hi", "channel": "web", "amount": 2, "intent": "refund", "user_id": "u7"}
    about = {"prediction_id": "0b8f4a52-6c1e-4d3a-9b7f-1f2e3d4c5b6a", "intent": "refund", "user_id": "u8"}
    rows = [row, {**row, "person": "agent"}, {**about, "person": "agent"}]
    with place.store as store:
        assert import_feedback(parse(named), store, lines(tmp_path / "f.jsonl", *rows))["new"] == 3
        said = store.events("support", "feedback")
    assert [(one.person, one.whose) for one in said] == [("u7", "u7"), ("agent", "u7"), ("agent", "agent")]


def test_a_row_is_the_same_feedback_whatever_other_rows_of_its_file_hold(tmp_path: Path) -> None:
    row = {"message": "hello", "more": {"channel": "web"}, "intent": "refund"}
    with Store(tmp_path / "empty") as store:
        assert import_feedback(parse(CONTRACT), store, lines(tmp_path / "one.jsonl", row))["new"] == 1
        other = {"message": "hi", "more": "none", "intent": "refund"}
        again = import_feedback(parse(CONTRACT), store, lines(tmp_path / "two.jsonl", row, other))
    assert (again["new"], again["repeat"]) == (1, 1)
