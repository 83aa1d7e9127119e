"""Large batches are answered as single requests are, masked on disk, whole after any death, and refused when wrong."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhinan.core import UserError
from zhinan.package import open_version
from zhinan.serve.archive import Archive
from zhinan.serve.jobs import JobDesk
from zhinan.serve.rows import Rows
from zhinan.serve.settings import Limits
from zhinan.serve.tokens import Token, load_tokens
from zhinan.store import Jobs

ROW = {"message": "my card is lost", "channel": "web", "amount": 2}
CANARY = "13812345678"
JSONL, CSV = {"content-type": "application/jsonl"}, {"content-type": "text/csv; charset=utf-8"}
Talk = Callable[..., Any]


def lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


async def done(client: httpx.AsyncClient, job: str) -> dict[str, Any]:
    """How the job stands when it is over."""
    for _ in range(500):
        state: dict[str, Any] = (await client.get(f"/jobs/{job}")).json()
        if state["status"] in ("done", "failed"):
            return state
        await asyncio.sleep(0.02)
    raise AssertionError(state)


async def result(client: httpx.AsyncClient, content: bytes, headers: dict[str, str] = JSONL, query: str = "") -> Any:
    """Sends a job, waits for it and gives its lines."""
    sent = await client.post(f"/jobs{query}", content=content, headers=headers)
    assert sent.status_code == 202, sent.text
    assert (await done(client, sent.json()["job"]))["status"] == "done"
    answer = await client.get(f"/jobs/{sent.json()['job']}/result")
    assert answer.headers["content-type"] == "application/jsonl"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_job_gives_what_single_requests_give_in_row_order(place: Any, talk: Talk) -> None:
    rows = [{**ROW, "amount": amount, "channel": ("web", "app")[amount % 2]} for amount in range(700)]

    async def say(client: httpx.AsyncClient) -> Any:
        sent = (await client.post("/jobs?probabilities=1", content=lines(rows), headers=JSONL)).json()
        assert sent == {"job": sent["job"], "status": "queued"}
        assert await done(client, sent["job"]) == {"job": sent["job"], "status": "done", "done": 700, "of": 700}
        return (await client.get(f"/jobs/{sent['job']}/result")).text.splitlines()

    told = [json.loads(line) for line in talk(place.settings, say)]
    assert [row.pop("version") for row in told] == [1] * 700
    assert len({row.pop("id") for row in told}) == 700
    assert told == open_version(place.folder / "versions" / "1").predict(rows, probabilities=True)


def test_while_a_job_is_worked_on_others_get_the_interpreter_sooner(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, found = sys.getswitchinterval(), []
    for name in ("add", "finish"):
        real = getattr(Jobs, name)
        monkeypatch.setattr(Jobs, name, lambda *a, real=real: found.append(sys.getswitchinterval()) or real(*a))

    async def say(client: httpx.AsyncClient) -> float:
        await result(client, lines([ROW] * 300))
        for _ in range(500):  # until the worker has looked for another piece and found none
            if sys.getswitchinterval() == usual:
                break
            await asyncio.sleep(0.02)
        return sys.getswitchinterval()

    assert talk(place.settings, say) == usual
    assert len(found) == 4
    assert max(found) < usual / 5


def test_csv_is_read_as_json_is_and_empty_fields_are_missing(place: Any, talk: Talk) -> None:
    text = '\ufeffamount,message,other,channel\r\n2,"a ""card"",\nlost",x,web\r\n,你好,,app'
    rows = [{**ROW, "message": 'a "card",\nlost'}, {"message": "你好", "channel": "app", "amount": None}]

    async def say(client: httpx.AsyncClient) -> Any:
        return await result(client, text.encode(), CSV)

    told = talk(place.settings, say)
    wanted = open_version(place.folder / "versions" / "1").predict(rows)
    assert [{"label": row["label"], "probability": row["probability"]} for row in told] == wanted


def test_a_row_that_does_not_fit_has_its_error_in_its_place(place: Any, talk: Talk) -> None:
    rows = [ROW, {**ROW, "amount": f"{CANARY}x"}, {"channel": "web"}, ROW]

    async def say(client: httpx.AsyncClient) -> Any:
        told = await result(client, lines(rows), {**JSONL, "accept-language": "zh"})
        counts = (await client.get("/metrics")).text
        assert 'zhinan_job_rows_total{outcome="answered"} 2' in counts
        assert 'zhinan_job_rows_total{outcome="refused"} 2' in counts
        return told

    told = talk(place.settings, say)
    assert [row.get("error", {}).get("code") for row in told] == [None, "E371", "E370", None]
    assert [row["error"].get("row") for row in told[1:3]] == [2, 3]
    assert [row["error"].get("column") for row in told[1:3]] == ["amount", "message"]
    assert "列" in told[2]["error"]["what"]
    assert CANARY not in json.dumps(told)


def test_rows_are_masked_on_disk_and_predictions_recorded_as_live_ones(place: Any, talk: Talk) -> None:
    row = {**ROW, "message": f"I am ann@example.com, call {CANARY}", "secret": CANARY}

    async def say(client: httpx.AsyncClient) -> Any:
        return await result(client, lines([row]))

    (told,) = talk(place.settings, say)
    with place.store as store:
        (event,) = store.events("support", "prediction")
    assert event.event_id == told["id"]
    assert event.payload["version"] == 1
    assert event.payload["input"]["message"] == "I am [EMAIL], call [PHONE]"
    for path in place.folder.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def test_rows_are_hidden_once_and_again_only_where_other_masks_hid_them(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: list[int] = []
    real = Archive.hide
    monkeypatch.setattr(Archive, "hide", lambda *a: hidden.append(len(a[1])) or real(*a))
    row = {**ROW, "message": f"call {CANARY}"}
    with place.store as store:
        jobs = Jobs(store, "support")
        job = jobs.begin("", {"probabilities": False, "lang": "en", "masks": "those of another version"}, 9)
        jobs.add(job, 0, [[row]])
        jobs.ready(job)

    async def say(client: httpx.AsyncClient) -> Any:
        assert (await done(client, job))["done"] == 1
        assert hidden == [1]
        await result(client, lines([row] * 300))

    talk(place.settings, say)
    assert sum(hidden) == 1 + 300
    with place.store as store:
        told = [event.payload["input"] for event in store.events("support", "prediction")]
    assert told == [{**ROW, "message": "call [PHONE]"}] * 301


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"", JSONL, 422, "E479"), (b"\n \n", JSONL, 422, "E479"), (b"message,channel,amount\n", CSV, 422, "E479"),
        (b'{"message": "13812345678"', JSONL, 400, "E478"), (b"[1]\n", JSONL, 400, "E478"),
        (b'{"a": NaN}', JSONL, 400, "E478"), (b"\xff\xfe", JSONL, 400, "E478"), (b"[" * 99, JSONL, 400, "E478"),
        (b"message,channel\nhi,web\n", CSV, 422, "E370"), (b"a,a\n1,2\n", CSV, 400, "E478"),
        (b"message,channel,amount\nhi,web\n", CSV, 400, "E478"), (b'message\n"open', CSV, 400, "E478"),
        (b"{}\n", {"content-type": "application/json"}, 415, "E485"), (b"{}\n", {}, 415, "E485"),
        (b"{}\n", {**JSONL, "content-encoding": "gzip"}, 415, "E485"), (b"{}\n" * 11, JSONL, 413, "E480"),
        (b" " * 6_000, JSONL, 413, "E469"), (b" " * 9_001, JSONL, 413, "E469"),
    ],
)  # fmt: skip
def test_what_is_no_job_is_refused_and_leaves_nothing(
    place: Any, talk: Talk, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    async def say(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/jobs", content=content, headers=headers)

    answer = talk(replace(place.settings, limits=Limits(upload=9_000, body=5_000, job_rows=10)), say)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert CANARY not in answer.text
    with place.store as store, store._database.read() as connection:
        for table in ("jobs", "job_pieces"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_any_body_is_taken_or_refused_below_500(place: Any, talk: Talk) -> None:
    chance = random.Random(5)

    async def say(client: httpx.AsyncClient) -> set[int]:
        seen = set()
        for _ in range(60):
            body = bytearray(lines([ROW] * 2) if chance.random() < 0.5 else b'message,channel,amount\nhi,"web",2\n')
            for _ in range(chance.randint(0, 4)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            kind = chance.choice([JSONL, CSV])
            seen.add((await client.post("/jobs", content=bytes(body), headers=kind)).status_code)
        return seen

    seen = talk(replace(place.settings, limits=Limits(jobs=500)), say)
    assert max(seen) < 500
    assert {202, 400} <= seen


def test_rows_may_be_cut_anywhere_on_their_way() -> None:
    whole = {"jsonl": lines([ROW, {**ROW, "message": "你好"}]), "csv": 'a,b\n"x,\n""1",2\r\n你,\n'.encode()}
    for kind, content in whole.items():
        together, single = Rows(kind, Limits()), Rows(kind, Limits())
        wanted = [*together.feed(content), *together.end()]
        assert len(wanted) == 2
        assert [row for byte in content for row in single.feed(bytes([byte]))] + [*single.end()] == wanted


def test_jobs_are_told_erased_and_unknown(place: Any, talk: Talk) -> None:
    with place.store as store:
        jobs = Jobs(store, "support")
        job = jobs.begin("", {"probabilities": False, "lang": "en"}, 9)
        jobs.add(job, 0, [[ROW]])
        jobs.ready(job)
        jobs.take("another worker")

    async def say(client: httpx.AsyncClient) -> list[tuple[int, Any]]:
        nobody = "00000000-0000-4000-8000-000000000000"
        asked = [
            ("GET", f"/jobs/{job}"), ("GET", f"/jobs/{job}/result"), ("PUT", f"/jobs/{job}"),
            ("DELETE", f"/jobs/{job}"), ("GET", f"/jobs/{job}"), ("DELETE", f"/jobs/{job}"),
            ("GET", f"/jobs/{nobody}/result"), ("GET", "/jobs/7"), ("GET", "/jobs/{id}"), ("GET", "/jobs"),
        ]  # fmt: skip
        answers = [await client.request(method, path) for method, path in asked]
        return [(a.status_code, a.json().get("status") or a.json()["error"]["code"]) for a in answers]

    assert talk(place.settings, say) == [
        (200, "running"), (409, "E482"), (405, "E467"), (200, "erased"), (404, "E481"), (404, "E481"), (404, "E481"),
        (404, "E466"), (404, "E481"), (405, "E467"),
    ]  # fmt: skip


def test_a_job_needs_a_token_for_predictions_and_a_store(place: Any, talk: Talk, ask: Any) -> None:
    import hashlib

    secret = "f" * 32
    token = Token(hashlib.sha256(secret.encode()).digest(), frozenset(["feedback"]))

    async def say(client: httpx.AsyncClient) -> list[int]:
        known = {**JSONL, "authorization": f"Bearer {secret}"}
        return [
            (await client.post("/jobs", content=lines([ROW]), headers=given)).status_code for given in (JSONL, known)
        ]

    assert talk(replace(place.settings, tokens=(token,)), say) == [401, 403]

    async def alone(client: httpx.AsyncClient) -> Any:
        return (await client.post("/jobs", content=lines([ROW]), headers=JSONL)).json()["error"]["code"]

    assert talk(place.fixed, alone) == "E476"


def test_a_token_has_so_many_open_jobs(place: Any, talk: Talk) -> None:
    with place.store as store:
        Jobs(store, "support").begin("", {}, 9)

    async def say(client: httpx.AsyncClient) -> tuple[int, str]:
        answer = await client.post("/jobs", content=lines([ROW]), headers=JSONL)
        return answer.status_code, answer.json()["error"]["code"]

    assert talk(replace(place.settings, limits=Limits(jobs=1)), say) == (429, "E483")


def test_what_a_worker_leaves_the_next_one_finishes(place: Any, talk: Talk) -> None:
    rows = [{**ROW, "amount": amount} for amount in range(1500)]

    async def leave(client: httpx.AsyncClient) -> str:
        return str((await client.post("/jobs", content=lines(rows), headers=JSONL)).json()["job"])

    job = talk(place.settings, leave)

    async def come(client: httpx.AsyncClient) -> int:
        assert (await done(client, job))["done"] == 1500
        return len((await client.get(f"/jobs/{job}/result")).text.splitlines())

    assert talk(place.settings, come) == 1500
    with place.store as store:
        assert store.count_events("support", "prediction") == 1500


def test_a_job_that_a_worker_takes_as_it_ends_is_given_back_at_once(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, ends = Jobs.take, threading.Event(), threading.Event()

    def take(jobs: Jobs, worker: str) -> Any:
        begun.set()
        ends.wait()
        return real(jobs, worker)

    async def close(desk: JobDesk) -> None:
        asyncio.get_running_loop().call_later(0.01, ends.set)
        await closed(desk)

    closed = JobDesk.close
    monkeypatch.setattr(Jobs, "take", take)
    monkeypatch.setattr(JobDesk, "close", close)

    async def leave(client: httpx.AsyncClient) -> str:
        job = (await client.post("/jobs", content=lines([ROW]), headers=JSONL)).json()["job"]
        await asyncio.to_thread(begun.wait)
        return str(job)

    job = talk(place.settings, leave)
    with place.store as store:
        assert Jobs(store, "support").one(job).status == "queued"


def test_a_full_disk_refuses_a_job_and_holds_one_up(place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Any:
        raise UserError("E404", "here", reason="full")

    monkeypatch.setattr("zhinan.serve.jobs.TROUBLE_SECONDS", 0.05)

    async def say(client: httpx.AsyncClient) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Jobs, "add", full)
            assert (await client.post("/jobs", content=lines([ROW]), headers=JSONL)).status_code == 507
        with monkeypatch.context() as patch:
            patch.setattr(Jobs, "finish", full)
            job = (await client.post("/jobs", content=lines([ROW]), headers=JSONL)).json()["job"]
            await asyncio.sleep(0.2)
            assert (await client.get(f"/jobs/{job}")).json()["status"] == "running"
            assert (await client.post("/predict", json={"inputs": [ROW]})).status_code == 200
        return await done(client, job)

    assert talk(place.settings, say)["status"] == "done"


def test_a_row_that_cannot_be_computed_fails_alone(place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhinan.package import Version

    real = Version.answer

    def answer(self: Version, columns: Any, probabilities: bool = False) -> Any:
        if 13.0 in columns["amount"]:
            raise ValueError(f"{CANARY} is not computable")
        return real(self, columns, probabilities)

    async def say(client: httpx.AsyncClient) -> Any:
        monkeypatch.setattr(Version, "answer", answer)
        return await result(client, lines([{**ROW, "amount": n} for n in (12, 13, 14)]))

    told = talk(place.settings, say)
    assert [row.get("error", {}).get("code") for row in told] == [None, "E472", None]
    assert told[1]["error"]["row"] == 2


def test_a_job_is_its_tokens_own_and_the_admins(place: Any, talk: Talk, tmp_path: Path) -> None:
    mine, other, admin = (letter * 20 for letter in "abc")
    (tmp_path / "tokens").write_text(f"predict:{mine}\npredict:{other}\nadmin:{admin}\n")
    (tmp_path / "tokens").chmod(0o600)
    settings = replace(place.settings, tokens=load_tokens(tmp_path / "tokens"))

    async def say(client: httpx.AsyncClient) -> list[int]:
        def by(token: str) -> dict[str, str]:
            return {"authorization": f"Bearer {token}"}

        sent = {**by(mine), "content-type": "application/jsonl"}
        job = f"/jobs/{(await client.post('/jobs', content=lines([ROW]), headers=sent)).json()['job']}"
        asked = [("GET", "", other), ("GET", "/result", other), ("DELETE", "", other), ("GET", "", mine),
                 ("GET", "", admin), ("DELETE", "", admin)]  # fmt: skip
        return [(await client.request(how, job + path, headers=by(token))).status_code for how, path, token in asked]

    assert talk(settings, say) == [404, 404, 404, 200, 200, 200]
