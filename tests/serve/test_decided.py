"""A service of a version that hands over or gives sets says so in its answers, its OpenAPI document and its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from zhinan.serve.archive import Archive
from zhinan.serve.masking import Masking
from zhinan.serve.openapi import document, row_of
from zhinan.serve.record import Recorder
from zhinan.serve.settings import Limits
from zhinan.store import Store
from zhinan.tasks.classify import Classify


def described(**decides: float) -> dict[str, Any]:
    """What a service says that it answers."""
    paths = document(deciding(decides), Limits(), secured=False)["paths"]
    answer = paths["/predict"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    items: dict[str, Any] = answer["properties"]["outputs"]["items"]
    return items


def deciding(decides: dict[str, float], **inputs: str) -> Any:
    return SimpleNamespace(
        inputs={"message": "text", **inputs},
        manifest=SimpleNamespace(notations={"items": {"json": "true"}}),
        classes=("a", "b"),
        product="support",
        number=1,
        task=Classify(),
        decision=decides,
        person_columns=(),
        read=lambda name: b"",
    )


def test_the_openapi_document_promises_what_the_version_gives_and_no_more() -> None:
    assert {"handover", "labels"}.isdisjoint(described()["properties"])
    hands = described(abstain=0.5)
    assert hands["properties"]["handover"]["type"] == "boolean"
    assert "handover" in hands["required"]
    assert "labels" not in hands["properties"]
    assert described(sets=0.1)["properties"]["labels"]["items"] == {"type": "string", "enum": ["a", "b"]}


def test_the_openapi_document_says_which_inputs_may_be_objects() -> None:
    version = deciding({}, items="text", **{"user.age": "number"})
    body = document(version, Limits(), secured=False)["paths"]["/predict"]["post"]["requestBody"]
    row = body["content"]["application/json"]["schema"]["properties"]["inputs"]["items"]
    assert ("object" in row["properties"]["items"]["type"], "a.b" in row["description"]) == (True, True)
    assert "object" not in row["properties"]["message"]["type"]


def test_inputs_whose_names_go_on_from_each_other_may_be_values_or_objects() -> None:
    names = ("user", "user.plan", "user.plan.name", "Q1.2", "Q1.2.a", "v1.0", "v1.0.1")
    row = row_of(deciding({}, **dict.fromkeys(names, "text")))["properties"]
    value, user = row["user"]["anyOf"]
    assert (value, "object" in user["type"]) == (row["message"], True)
    assert user["properties"]["plan"] == row["user.plan"]
    assert row["user.plan"]["anyOf"][1]["properties"] == {"name": row["user.plan.name"]}
    assert row["Q1"]["properties"]["2"]["anyOf"][1]["properties"].keys() == {"a"}
    assert row["v1"]["properties"]["0"]["anyOf"][1]["properties"].keys() == {"1"}


def test_an_answer_over_http_says_whether_a_person_should_take_over(
    place: Any, ask: Callable[..., httpx.Response]
) -> None:
    rows = [{"message": "hi", "channel": "web", "amount": amount} for amount in (0, 3)]
    assert "handover" not in ask(place.fixed, "POST", "/predict", {"inputs": rows}).json()["outputs"][0]
    unsure = place.add(3, abstain=0.7, sets=0.2)
    told = ask(replace(place.fixed, source=str(unsure)), "POST", "/predict", {"inputs": rows}).json()["outputs"]
    assert [one["handover"] for one in told] == [one["probability"] < 0.7 for one in told]
    assert all(one["label"] in one["labels"] for one in told)


def test_a_record_keeps_whether_the_row_was_handed_over(tmp_path: Path) -> None:
    with Store(tmp_path / ".zhinan") as store:
        recorder = Recorder(Archive(lambda: store, "support"), lambda outcome, count: None)
        recorder.add("one", {"label": "a", "probability": 0.4, "handover": True}, None, Masking())
        recorder.add("two", {"label": "a", "probability": 0.9}, None, Masking())
        recorder.close()
        kept = {event.event_id: event.payload for event in store.events("support", "prediction")}
    assert kept["one"]["handover"] is True
    assert "handover" not in kept["two"]
