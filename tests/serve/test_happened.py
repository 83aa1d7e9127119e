"""What people did is taken strictly, hidden, and stored once; answers say for whom they were."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from zhinan.contract.lines import parse_line
from zhinan.evaluate.in_use import takes
from zhinan.store import Event

Ask = Callable[..., httpx.Response]
ABOUT = str(uuid.uuid4())


def test_an_event_is_stored_with_what_it_says_and_for_whom(place: Any, ask: Ask) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    told = {
        "event_id": "o-1",
        "event": "order",
        "value": 12.5,
        "prediction_id": ABOUT,
        "person": "u7",
        "at": at.isoformat(),
    }
    assert [ask(place.settings, "POST", "/feedback", told).status_code for _ in range(2)] == [201, 200]
    with place.store as store:
        (event,) = store.events("support", "feedback")
    assert event.payload == {
        "event": "order",
        "amount": 12.5,
        "prediction_id": ABOUT,
        "at": pytest.approx(at.timestamp()),
    }
    assert (event.person, time.time() - event.at < 60) == ("u7", True)


def test_a_rating_of_a_person_alone_and_one_with_its_time_are_taken(place: Any, ask: Ask) -> None:
    at = datetime.now(UTC) - timedelta(days=2)
    said = [
        {"event_id": "r1", "rating": 4, "person": "u7", "label": None},
        {"event_id": "r2", "rating": 3, "prediction_id": ABOUT, "at": at.isoformat()},
    ]
    assert [ask(place.settings, "POST", "/feedback", one).status_code for one in said] == [201, 201]
    refused = [
        ({"rating": 4}, "answer or of a person"),
        ({"rating": 4, "person": "u7", "value": 2}, "unknown"),
        ({"rating": 101, "person": "u7"}, "from 0 to 100"),
        ({"rating": 4, "accepted": True, "prediction_id": ABOUT}, "exactly one of"),
    ]
    for body, words in refused:
        answer = ask(place.settings, "POST", "/feedback", {"event_id": "r3", **body})
        assert (answer.status_code, words in answer.json()["error"]["what"]) == (422, True), body
    with place.store as store:
        person, dated = store.events("support", "feedback")
    assert (person.payload, person.person) == ({"rating": 4.0}, "u7")
    assert dated.payload == {"rating": 3.0, "prediction_id": ABOUT, "at": pytest.approx(at.timestamp())}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": "or der"}, "no name of an event"),
        ({"event": "13812345678"}, "no name of an event"),
        ({"event": ["order"]}, "no name of an event"),
        ({"value": "a dozen"}, "no number"),
        ({"value": True}, "no number"),
        ({"value": 1e13}, "no number"),
        ({"value": 10**400}, "no number"),
        ({"at": "2026-02-01T10:30:00"}, "offset"),
        ({"at": "2999-01-31T09:00:00Z"}, "future"),
        ({"at": 12}, "offset"),
        ({"person": None, "prediction_id": None}, "answer or of a person"),
        ({"person": ""}, "person is no text"),
        ({"label": "refund"}, "unknown"),
        ({"valu": 1}, "unknown"),
        ({"event_id": "x y"}, "no id"),
    ],
)
def test_an_event_that_is_none_is_refused_and_not_repeated(
    place: Any, ask: Ask, change: dict[str, Any], words: str
) -> None:
    told = {"event_id": "e", "event": "order", "prediction_id": ABOUT, "person": "u1", **change}
    answer = ask(place.settings, "POST", "/feedback", told)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "E473")
    assert words in answer.json()["error"]["what"]
    assert not any(str(value) in answer.text for value in change.values() if isinstance(value, str) and value)


def test_who_sends_what_counts_for_no_line_is_told(place: Any, ask: Ask) -> None:
    lines = [parse_line(text) for text in ("satisfaction >= 60%", "handle_time(ticket_closed) <= 5 min")]
    asked = [{"line": line.text, "takes": takes(line)} for line in lines]
    settings = replace(place.settings, source=str(place.add(3, in_use=asked)))
    said = [
        ({"rating": 9}, {"status": "new", "counts": False}),
        ({"rating": 5}, {"status": "new"}),
        ({"event": "ticket_closed"}, {"status": "new", "counts": False}),
        ({"event": "ticket_closed", "value": 212}, {"status": "new"}),
        ({"event": "visit"}, {"status": "new"}),
    ]
    for place_of, (body, told) in enumerate(said):
        answer = ask(settings, "POST", "/feedback", {"event_id": f"e{place_of}", "person": "u1", **body})
        assert answer.json() == told, body


def test_feedback_brings_no_input_to_a_product_that_keeps_none(place: Any, ask: Ask) -> None:
    path = place.add(3, b"product: support\nserve: {keep_inputs: none}\n")
    settings = replace(place.settings, source=str(path))
    row = {"message": "hello", "channel": "web", "amount": 2.0}
    refused = ask(settings, "POST", "/feedback", {"event_id": "f1", "label": "refund", "input": row})
    assert (refused.status_code, "keeps no inputs" in refused.json()["error"]["what"]) == (422, True)
    said = {"event_id": "f2", "label": "refund", "prediction_id": ABOUT}
    assert ask(settings, "POST", "/feedback", said).status_code == 201
    with place.store as store:
        (event,) = store.events("support")
    assert event.payload == {"label": "refund", "prediction_id": ABOUT}


def test_an_answer_remembers_for_whom_it_was(place: Any, ask: Ask) -> None:
    row = {"message": "hello", "channel": "web", "amount": 2.0}
    assert ask(place.settings, "POST", "/predict", {"inputs": [row], "person": "ann@example.com"}).status_code == 200
    refused = ask(place.settings, "POST", "/predict", {"inputs": [row], "person": 7})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "E473")
    with place.store as store:
        (event,) = store.events("support", "prediction")
    assert event.person is not None
    assert "ann@example.com" not in event.person


def test_feedback_may_go_by_the_id_of_the_answer_that_it_is_about(place: Any, ask: Ask) -> None:
    told = {"event_id": ABOUT, "prediction_id": ABOUT, "label": "refund"}
    with place.store as store:
        store.add_events("support", [Event(ABOUT, "prediction", {"version": 1, "label": "refund"}, time.time())])
    assert [ask(place.settings, "POST", "/feedback", told).status_code for _ in range(2)] == [201, 200]
    with place.store as store:
        kinds = [event.kind for event in store.events("support")]
    assert sorted(kinds) == ["feedback", "prediction"]
