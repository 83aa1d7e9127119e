"""The routes give what COMMANDS.md promises, and what is stored is masked."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from zhinan.core import MaskSpec, UserError
from zhinan.core.keys import new_key
from zhinan.package import open_version
from zhinan.serve.settings import Limits
from zhinan.store import Store

ROW = {"message": "my card is lost", "channel": "web", "amount": 2}
VERDICT = {"line": "accuracy >= 90%", "verdict": "PROVED", "value": 0.93, "n": 800}
Ask = Callable[..., httpx.Response]
Talk = Callable[..., Any]


def test_predict_answers_each_input_in_order_with_an_id(place: Any, ask: Ask) -> None:
    rows = [ROW, {**ROW, "channel": "app", "amount": None}, {**ROW, "amount": "-3"}]
    answer = ask(place.fixed, "POST", "/predict?probabilities=1", {"inputs": rows}).json()
    assert answer.keys() == {"product", "version", "outputs"}
    assert (answer["product"], answer["version"]) == ("support", 1)
    ids = [output.pop("id") for output in answer["outputs"]]
    assert len({uuid.UUID(i) for i in ids}) == 3
    assert answer["outputs"] == open_version(place.folder / "versions" / "1").predict(rows, probabilities=True)
    plain = ask(place.fixed, "POST", "/predict", {"inputs": [ROW]}).json()["outputs"]
    assert plain[0].keys() == {"id", "label", "probability"}


def test_a_request_waits_for_room_and_is_refused_unread_and_counted(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def say(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        waited = await client.post("/predict", json={"inputs": [ROW]})
        monkeypatch.setattr("zhinan.serve.admission.ROOM_SECONDS", 0.01)
        monkeypatch.setattr("zhinan.serve.inference.Inference.room", property(lambda _: False))
        kind = {"content-type": "application/json"}
        return waited, await client.post("/predict", content=b"no JSON", headers=kind)

    waited, refused = talk(place.settings, say)
    assert waited.status_code == 200
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    with place.store as store:
        (minute,) = store.events("support", "traffic")
    assert (minute.payload["requests"], minute.payload["failed"]) == (2, 1)


def test_unknown_categories_and_other_columns_are_said_beside_the_answers(place: Any, ask: Ask) -> None:
    rows = [{**ROW, "channel": "fax"}, {**ROW, "channel": " app"}, {**ROW, "channel": None}, {**ROW, "secret": 1}]
    answer = ask(place.fixed, "POST", "/predict", {"inputs": rows}).json()
    assert answer["notes"] == {"unknown_values": {"channel": 1}, "ignored_columns": 1}
    assert "secret" not in json.dumps(answer)
    assert len(answer["outputs"]) == 4


def test_what_does_not_fit_is_named_by_row_and_column_and_not_repeated(place: Any, ask: Ask) -> None:
    secret = "13812345678"
    for body, code, words in (
        ({"inputs": [ROW, {**ROW, "amount": secret + "x"}]}, "E371", "row 2: the value of 'amount'"),
        ({"inputs": [{**ROW, "message": 5}]}, "E371", "'message'"),
        ({"inputs": [{"mesage": secret, "channel": "web", "amount": 1}]}, "E370", "'message'"),
        ({"inputs": secret}, "E473", "inputs"),
        ({"inputs": []}, "E473", "inputs"),
        ({"inputs": [ROW] * 1001}, "E473", "1000"),
        ({"input": [secret]}, "E473", "unknown"),
        ([secret], "E473", "object"),
        ({"inputs": [secret]}, "E372", "rows"),
    ):
        answer = ask(place.fixed, "POST", "/predict", body)
        assert answer.status_code == 422, body
        error = answer.json()["error"]
        assert error.keys() == {"code", "what", "fix"}
        assert error["code"] == code
        assert words in error["what"]
        assert secret not in answer.text


def test_errors_speak_the_readers_language(place: Any, ask: Ask) -> None:
    answer = ask(place.fixed, "POST", "/predict", {"inputs": []}, **{"accept-language": "zh-CN,zh;q=0.9"})
    assert "请求体不符合此路由" in answer.json()["error"]["what"]


def test_predictions_are_recorded_masked_with_the_id_that_was_answered(place: Any, ask: Ask) -> None:
    row = {**ROW, "message": "I am ann@example.com, call 13812345678"}
    answer = ask(place.settings, "POST", "/predict", {"inputs": [row]}).json()["outputs"][0]
    with place.store as store:
        (event,) = store.events("support", "prediction")
    assert (event.event_id, event.kind) == (answer["id"], "prediction")
    assert event.payload == {
        "version": 1,
        "label": answer["label"],
        "probability": answer["probability"],
        "input": {"message": "I am [EMAIL], call [PHONE]", "channel": "web", "amount": 2.0},
    }


def test_feedback_is_new_once_then_a_repeat_and_never_overwritten(place: Any, talk: Talk) -> None:
    told = {"event_id": "e-1", "prediction_id": str(uuid.uuid4()), "label": "refund", "person": "u7"}

    async def say(client: httpx.AsyncClient) -> list[tuple[int, Any]]:
        bodies = [told, told, {**told, "label": "cancel"}, {**told, "event_id": "e-2"}]
        answers = [await client.post("/feedback", json=body) for body in bodies]
        return [(answer.status_code, answer.json().get("status")) for answer in answers]

    assert talk(place.settings, say) == [(201, "new"), (200, "repeat"), (409, None), (201, "new")]
    with place.store as store:
        events = store.events("support", "feedback")
    assert [(event.event_id, event.person) for event in events] == [("e-1", "u7"), ("e-2", "u7")]
    assert events[0].payload == {"label": "refund", "prediction_id": told["prediction_id"]}


def test_feedback_may_name_a_class_that_the_product_lacks_but_no_slip(place: Any, ask: Ask) -> None:
    told = {"event_id": "e", "prediction_id": str(uuid.uuid4()), "label": "top up"}
    first, again = (ask(place.settings, "POST", "/feedback", told) for _ in range(2))
    assert (first.status_code, first.json()) == (201, {"status": "new", "unknown_class": True})
    assert (again.status_code, again.json()) == (200, {"status": "repeat", "unknown_class": True})
    slip = ask(place.settings, "POST", "/feedback", {**told, "event_id": "f", "label": "refnud"})
    assert slip.status_code == 422
    assert "did you mean 'refund'" in slip.text


def test_feedback_on_an_input_is_stored_masked(place: Any, ask: Ask) -> None:
    told = {"event_id": "e", "input": {**ROW, "message": "13812345678 is my number"}, "label": "refund"}
    assert ask(place.settings, "POST", "/feedback", told).status_code == 201
    with place.store as store:
        (event,) = store.events("support")
    assert event.payload["input"]["message"] == "[PHONE] is my number"


def test_predictions_and_feedback_are_hidden_as_training_rows_were(
    place: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    masks = (MaskSpec("email", "pseudonym"), MaskSpec("phone", "hash"), MaskSpec("order_no", "mask", "ORD-[0-9]{8}"))
    path = place.add(3, masks=masks)
    text = "ann@example.com, 13812345678, ORD-12345678"
    trained = open_version(path).run({"message": [text], "channel": ["web"], "amount": [2.0]})["message"][0]
    row = {**ROW, "message": f"{text}, 4111111111111111"}
    told = {"event_id": "e", "input": row, "label": "refund", "person": "ann@example.com"}
    service = replace(place.settings, source=str(path))
    assert ask(service, "POST", "/feedback", told).status_code == 201
    ask(service, "POST", "/predict", {"inputs": [row]})
    with place.store as store:
        said, asked = (one for one in store.events("support") if one.kind != "traffic")
    assert said.payload["input"]["message"] == asked.payload["input"]["message"] == f"{trained}, [BANK_CARD]"
    assert said.person == trained.split(",")[0]


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": None}, {"event_id": "has spaces"}, {"event_id": "x" * 200}, {"prediction_id": "13812345678"},
        {"label": "13812345678"}, {"label": None}, {"accepted": True}, {"input": ROW}, {"person": ""}, {"person": 5},
        {"more": 1}, {"label": None, "rating": "13812345678"}, {"label": None, "accepted": "yes"},
        {"prediction_id": None, "input": {"message": "13812345678"}},
    ],
)  # fmt: skip
def test_feedback_that_is_none_is_refused_and_not_repeated(place: Any, ask: Ask, change: dict[str, Any]) -> None:
    told = {"event_id": "e", "prediction_id": str(uuid.uuid4()), "label": "refund", **change}
    answer = ask(place.settings, "POST", "/feedback", told)
    assert answer.status_code == 422
    assert "13812345678" not in answer.text
    with place.store as store:
        assert store.count_events("support") == 0


def test_predictions_go_on_when_the_disk_is_full(place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Any:
        raise UserError("E404", "here", reason="full")

    monkeypatch.setattr(Store, "add_events", full)
    monkeypatch.setattr(Store, "_add_rows", full)

    async def say(client: httpx.AsyncClient) -> list[int]:
        told = {"event_id": "e", "prediction_id": str(uuid.uuid4()), "label": "refund"}
        one = await client.post("/predict", json={"inputs": [ROW]})
        two = await client.post("/feedback", json=told)
        await asyncio.sleep(0.5)
        three = await client.post("/predict", json={"inputs": [ROW]})
        counts = (await client.get("/metrics")).text
        assert 'zhinan_records_total{outcome="held"} 1' in counts
        assert 'outcome="dropped"' not in counts
        return [one.status_code, two.status_code, three.status_code]

    assert talk(place.settings, say) == [200, 507, 200]


@pytest.mark.parametrize(
    "error",
    [
        UserError("E407", "postgresql://inside", reason="db.inside is away"),
        UserError("E420", "inside", id="k", held="none"),
    ],
)
def test_feedback_comes_back_when_the_store_or_its_key_was_away(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch, error: UserError
) -> None:
    taken = Store._add_rows

    def away(*_: object) -> Any:
        monkeypatch.setattr(Store, "_add_rows", taken)
        raise error

    monkeypatch.setattr(Store, "_add_rows", away)

    async def say(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        told = {"event_id": "e", "prediction_id": str(uuid.uuid4()), "label": "refund"}
        return await client.post("/feedback", json=told), await client.post("/feedback", json=told)

    refused, taken_in = talk(place.settings, say)
    assert (refused.status_code, refused.headers["retry-after"], taken_in.status_code) == (503, "1", 201)
    assert "inside" not in refused.text


def test_a_service_without_a_store_says_so(place: Any, ask: Ask) -> None:
    told = {"event_id": "e", "prediction_id": str(uuid.uuid4()), "label": "refund"}
    assert ask(place.fixed, "POST", "/feedback", told).json()["error"]["code"] == "E476"
    assert ask(place.fixed, "POST", "/promote", {"version": 2}).json()["error"]["code"] == "E475"


def test_metrics_add_up_over_workers(place: Any, talk: Talk) -> None:
    shared = place.folder / "shared"
    shared.mkdir()
    other = [["zhinan_requests_total", [["route", "/predict"], ["status", "200"]], 41.0]]
    (shared / "worker-0.json").write_text(json.dumps(other))

    async def say(client: httpx.AsyncClient) -> str:
        for _ in range(2):
            await client.post("/predict", json={"inputs": [ROW]})
        await client.get("/nowhere/13812345678")
        return (await client.get("/metrics")).text

    text = talk(replace(place.settings, shared=str(shared)), say)
    assert 'zhinan_requests_total{route="/predict",status="200"} 43' in text
    assert 'zhinan_requests_total{route="other",status="404"} 1' in text
    assert re.search(r'zhinan_predictions_total\{version="1",label="[a-z ]+"\} 2', text)
    assert 'zhinan_request_seconds_bucket{route="/predict",le="+Inf"} 2' in text
    assert 'zhinan_request_seconds_count{route="/predict"} 2' in text
    assert "zhinan_version 1" in text
    assert "13812345678" not in text
    for line in text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) .+|\w+(\{[^}]+\})? [0-9.e+-]+", line), line


def test_the_description_is_that_of_the_version(place: Any, ask: Ask) -> None:
    described = ask(place.fixed, "GET", "/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/predict", "/feedback", "/contract", "/metrics", "/livez", "/readyz", "/openapi.json", "/promote", "/rollback",
        "/jobs", "/jobs/{id}", "/jobs/{id}/result",
    }  # fmt: skip
    assert set(described["paths"]["/jobs"]["post"]["requestBody"]["content"]) == {"application/jsonl", "text/csv"}
    body = described["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    row = body["properties"]["inputs"]["items"]
    assert row["required"] == ["message", "channel", "amount"]
    answer = described["paths"]["/predict"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["properties"]["outputs"]["items"]["properties"]["label"]["enum"] == ["cancel", "lost card", "refund"]


def test_promote_and_rollback_swap_at_once_and_are_audited(place: Any, talk: Talk) -> None:
    async def say(client: httpx.AsyncClient) -> list[Any]:
        told = []
        for path, body in (("/promote", {"version": 2, "why": "call 13812345678"}), ("/rollback", {})):
            changed = (await client.post(path, json=body)).json()
            answered = (await client.post("/predict", json={"inputs": [ROW]})).json()
            told.append((changed["live"], changed["previous"], answered["version"]))
        return told

    assert talk(place.settings, say) == [(2, 1, 2), (1, 2, 1)]
    with place.store as store:
        audit = store.audit("support")
    assert [(row.who, row.action, row.why) for row in audit][1:] == [
        ("http", "promote", "call [PHONE]"), ("http", "rollback", ""),
    ]  # fmt: skip


def test_a_broken_version_never_goes_live(place: Any, talk: Talk) -> None:
    graph = place.folder / "versions" / "2" / "head.onnx"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")

    async def say(client: httpx.AsyncClient) -> tuple[int, str, int]:
        refused = await client.post("/promote", json={"version": 2})
        assert (await client.post("/promote", json={"version": 2, "why": "x" * 501})).status_code == 422
        with place.store as store:  # somebody promotes it past the service
            store.promote("support", 2, revision=1, who="cli", why="")
        await asyncio.sleep(1.2)
        answered = await client.post("/predict", json={"inputs": [ROW]})
        return refused.status_code, refused.json()["error"]["code"], answered.json()["version"]

    assert talk(place.settings, say) == (409, "E360", 1)


@pytest.mark.parametrize("body", [{}, {"version": "2"}, {"version": True}, {"version": 0}, {"version": 2, "x": 1}])
def test_a_promotion_of_nothing_is_refused(place: Any, ask: Ask, body: Any) -> None:
    assert ask(place.settings, "POST", "/promote", body).status_code == 422
    assert ask(place.settings, "POST", "/promote", {"version": 99}).status_code == 404
    assert ask(place.settings, "POST", "/rollback", {}).json()["error"]["code"] == "E403"


def test_a_swap_under_load_loses_no_request(place: Any, talk: Talk) -> None:
    async def say(client: httpx.AsyncClient) -> set[tuple[int, int]]:
        over = asyncio.Event()
        seen: set[tuple[int, int]] = set()

        async def keep_asking() -> None:
            while not over.is_set():
                answer = await client.post("/predict", json={"inputs": [ROW] * 3})
                seen.add((answer.status_code, answer.json()["version"]))

        askers = [asyncio.create_task(keep_asking()) for _ in range(8)]
        for number in (2, 1, 2):
            await client.post("/promote", json={"version": number})
            await asyncio.sleep(0.05)
        over.set()
        await asyncio.gather(*askers)
        return seen

    assert talk(place.settings, say) == {(200, 1), (200, 2)}


def test_the_live_stage_is_followed_within_a_second(place: Any, talk: Talk) -> None:
    async def say(client: httpx.AsyncClient) -> int:
        with place.store as store:
            store.promote("support", 2, revision=1, who="cli", why="")
        await asyncio.sleep(1.0)
        version: int = (await client.get("/readyz")).json()["version"]
        return version

    assert talk(place.settings, say) == 2


def test_a_full_line_answers_busy_and_when_to_come_again(place: Any, ask: Ask) -> None:
    settings = replace(place.fixed, limits=Limits(waiting=0, held=10))
    answer = ask(settings, "POST", "/predict", {"inputs": [ROW] * 5})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_the_version_before_is_open_in_every_worker_also_in_one_that_starts_later(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.store as store:
        store.promote("support", 2, revision=1, who="cli", why="")
    opened: list[str] = []
    monkeypatch.setattr("zhinan.serve.live.open_version", lambda path: opened.append(str(path)) or open_version(path))

    async def say(client: httpx.AsyncClient) -> int:
        for _ in range(100):
            await asyncio.sleep(0.05)
            if len(opened) == 2:
                break
        await client.post("/rollback", json={})
        answered: int = (await client.post("/predict", json={"inputs": [ROW]})).json()["version"]
        return answered

    assert talk(place.settings, say) == 1
    assert [path.rpartition("/")[2] for path in opened] == ["2", "1"]
