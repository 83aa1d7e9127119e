"""Every row may say for whom it is answered, one by one or in a job; so people are counted, found and forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from zhinan.serve.archive import Archive
from zhinan.store import Jobs
from zhinan.store.erasing import enter_forgotten
from zhinan.store.persons import person_code

ROW = {"message": "my card is lost", "channel": "web", "amount": 2}
CANARY = "13812345678"
NAMED = [{**ROW, "user_id": "u7"}, {**ROW, "user_id": 77}, {**ROW, "person": CANARY}, ROW, {**ROW, "user_id": ""}]
JSONL, CSV = {"content-type": "application/jsonl"}, {"content-type": "text/csv"}
Talk = Callable[..., Any]
Ask = Callable[..., httpx.Response]


@pytest.fixture
def named(place: Any) -> Any:
    """A service of a version whose training rows say in `user_id` whose they are."""
    path = place.add(3, contract=b"product: support\ndata: {person: user_id}\n")
    return replace(place.settings, source=str(path))


def people(place: Any) -> list[str | None]:
    with place.store as store:
        return [event.person for event in store.events("support", "prediction")]


async def lines(client: httpx.AsyncClient, content: str, headers: dict[str, str]) -> list[Any]:
    """What became of each row of a job."""
    job = (await client.post("/jobs", content=content.encode(), headers=headers)).json()["job"]
    for _ in range(500):
        if (await client.get(f"/jobs/{job}")).json()["status"] == "done":
            break
        await asyncio.sleep(0.02)
    return [json.loads(line) for line in (await client.get(f"/jobs/{job}/result")).text.splitlines()]


def test_each_input_may_say_for_whom_it_is_answered(place: Any, named: Any, ask: Ask) -> None:
    answer = ask(named, "POST", "/predict", {"inputs": NAMED, "person": "else"})
    assert answer.status_code == 200
    assert "notes" not in answer.json()  # whoever a row names is read
    first, second, hidden, *others = people(place)
    assert [first, second, *others] == ["u7", "77", "else", "else"]
    assert hidden is not None
    assert hidden.startswith("person-")


def test_a_name_of_nothing_but_white_space_is_nobodys(place: Any, named: Any, ask: Ask) -> None:
    assert ask(named, "POST", "/predict", {"inputs": [{**ROW, "user_id": " \u3000\t"}], "person": "else"}).is_success
    assert people(place) == ["else"]
    refused = ask(named, "POST", "/predict", {"inputs": [ROW], "person": "  "})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "E473")


def test_an_id_that_comes_as_a_number_with_a_point_is_that_whole_number(place: Any, named: Any, ask: Ask) -> None:
    answer = ask(
        named, "POST", "/predict", {"inputs": [{**ROW, "user_id": who} for who in (17.0, 17, "17.0", "007.0", None)]}
    )
    assert answer.is_success
    assert people(place) == ["17", "17", "17", "007.0", None]


def test_a_column_person_of_something_else_names_nobody(place: Any, named: Any, ask: Ask) -> None:
    others = [{**ROW, "person": one} for one in (0.5, True, ["u7"], {"a": 1}, None)]
    assert ask(named, "POST", "/predict", {"inputs": others}).is_success
    assert people(place) == [None] * 5


def test_an_input_of_feedback_may_say_whose_it_is_as_well(place: Any, named: Any, talk: Talk) -> None:
    told = [{"input": {**ROW, "user_id": "u7"}}, {"input": {**ROW, "user_id": "u7"}, "person": "u8"}, {"input": ROW}]

    async def say(client: httpx.AsyncClient) -> list[int]:
        bodies = [{"event_id": f"e{n}", "label": "refund", **one} for n, one in enumerate(told)]
        return [(await client.post("/feedback", json=body)).status_code for body in bodies]

    assert talk(named, say) == [201] * 3
    with place.store as store:
        said = store.events("support", "feedback")
    assert [event.person for event in said] == ["u7", "u8", None], "who speaks"
    assert [event.whose for event in said] == ["u7", "u7", None]


def test_a_column_of_the_product_is_no_name_of_a_person(place: Any, ask: Ask) -> None:
    ask(place.settings, "POST", "/predict", {"inputs": [{**ROW, "user_id": "u7"}, {**ROW, "person": "u8"}]})
    assert people(place) == [None, "u8"]


@pytest.mark.parametrize("name", [0.5, True, ["u7"], {"a": 1}, "x" * 201, "a\0b"])
def test_a_row_that_names_nobody_that_can_be_is_refused_in_its_place(
    place: Any, named: Any, talk: Talk, name: Any
) -> None:
    rows = [ROW, {**ROW, "user_id": name}]

    async def say(client: httpx.AsyncClient) -> Any:
        refused = await client.post("/predict", json={"inputs": rows})
        return refused, await lines(client, "\n".join(map(json.dumps, rows)), JSONL)

    refused, told = talk(named, say)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "E473")
    assert refused.json()["error"]["what"].startswith("row 2: ")
    assert "user_id" in refused.json()["error"]["what"]
    assert [row.get("error", {}).get("code") for row in told] == [None, "E473"]
    assert people(place) == [None]


def test_rows_of_a_job_are_somebodys_and_marked_as_a_jobs(place: Any, named: Any, talk: Talk) -> None:
    async def say(client: httpx.AsyncClient) -> None:
        await lines(client, "\n".join(map(json.dumps, NAMED)), JSONL)
        await lines(client, "user_id,message,channel,amount\nu7,hi,web,1\n,hi,web,1\n", CSV)

    talk(named, say)
    first, second, hidden, *others = people(place)
    assert [first, second, *others] == ["u7", "77", None, None, "u7", None]
    assert hidden is not None
    assert hidden.startswith("person-")
    with place.store as store:
        made = [event.payload for event in store.events("support", "prediction")]
    assert all(payload["job"] and payload["input"].keys() == ROW.keys() for payload in made)
    for path in place.folder.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def test_names_in_a_job_wait_as_they_are_kept_and_are_hidden_again_only_under_other_masks(
    place: Any, named: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: list[str] = []
    real = Archive.persons
    monkeypatch.setattr(Archive, "persons", lambda *a: hidden.extend(a[1]) or real(*a))
    with place.store as store:
        jobs = Jobs(store, "support")
        job = jobs.begin("", {"probabilities": False, "lang": "en", "masks": "those of another version"}, 9)
        jobs.add(job, 0, [[ROW, "u7"], [ROW], [ROW, "ann@example.com"], [ROW, "u7"]])
        jobs.ready(job)

    async def say(client: httpx.AsyncClient) -> None:
        for _ in range(500):
            if (await client.get(f"/jobs/{job}")).json()["status"] == "done":
                break
            await asyncio.sleep(0.02)

    talk(named, say)
    assert hidden == ["u7", "ann@example.com"]
    first, nobody, masked, again = people(place)
    assert (first, nobody, again) == ("u7", None, "u7")
    assert masked is not None
    assert masked.startswith("person-")


def test_the_openapi_document_says_where_a_row_names_its_person(named: Any, ask: Ask) -> None:
    paths = ask(named, "GET", "/openapi.json").json()["paths"]
    body = paths["/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    row = body["properties"]["inputs"]["items"]
    assert {"user_id", "person"} <= row["properties"].keys() - set(row["required"])
    assert paths["/jobs"]["post"]["requestBody"]["content"]["application/jsonl"]["schema"] == row


def test_rows_of_a_job_that_are_a_forgotten_persons_are_never_written_down(place: Any, named: Any, talk: Talk) -> None:
    with place.store as store:
        secret = store.sealing_key("support")
        codes = {"ann": [person_code(secret, "u7")]}
        enter_forgotten(store, "support", codes, lambda person, held: {"column": "user_id"})
    rows = [{**ROW, "user_id": "u7", "message": "AFTERJOB"}, {**ROW, "user_id": "u8"}]
    told = talk(named, lambda client: lines(client, "".join(json.dumps(row) + "\n" for row in rows), JSONL))
    assert (told[0]["error"]["code"], told[0]["error"]["row"]) == ("E486", 1)
    assert "label" in told[1]
    held = b"".join(path.read_bytes() for path in (place.folder / ".zhinan").rglob("*") if path.is_file())
    assert b"AFTERJOB" not in held


def test_who_is_forgotten_while_rows_are_taken_in_has_none_of_them_kept(
    place: Any, named: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Jobs.forgotten

    def late(self: Jobs) -> Any:
        found = known(self)
        monkeypatch.setattr(Jobs, "forgotten", known)
        with place.store as store:
            codes = {"ann": [person_code(store.sealing_key("support"), "u7")]}
            enter_forgotten(store, "support", codes, lambda person, held: {"column": "user_id"})
        return found

    monkeypatch.setattr(Jobs, "forgotten", late)
    rows = [{**ROW, "user_id": "u7"}, {**ROW, "user_id": "u8"}]
    told = talk(named, lambda client: lines(client, "".join(json.dumps(row) + "\n" for row in rows), JSONL))
    assert told[0]["error"]["code"] == "E486"
    assert "label" in told[1]
