"""Whatever arrives is answered below 500 and never repeated, and nobody comes in who may not."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.serve.allowance import Allowance
from zhinan.serve.body import read_json
from zhinan.serve.guard import STATUS
from zhinan.serve.settings import Limits
from zhinan.serve.tokens import Token, find_token, load_tokens

CANARY = "13812345678"
ROW = {"message": CANARY, "channel": "web", "amount": 2}
JSON = "application/json"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def code(body: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read_json(body, 20)
    assert CANARY not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": 1, "a": 2}', b'{"b": {"a": 1, "a": 1}}',
        b"\xff\xfe", b"\xef\xbb\xbf{}", b'"\\ud800"', b"{'a': 1}", b"[1,]", b"{", b"nul", b"\0", b'{"a": 01}',
        b"[" * 21 + b"]" * 21, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 30 + b"1" + b"}" * 30, b"1" * 5000,
        b'"13812345678', b'{"13812345678": 1, "13812345678": 2}',
    ],
)  # fmt: skip
def test_loose_json_is_refused_and_not_repeated(body: bytes) -> None:
    assert code(body) == "E460"


def test_json_may_be_as_deep_as_allowed() -> None:
    assert read_json(b"[" * 20 + b"]" * 20, 20) is not None
    assert read_json(b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[["}', 20) == {"a": "[" * 24}
    assert read_json('"\\ud83d\\ude00 你好"'.encode(), 20) == "😀 你好"


@given(VALUES)
def test_strict_json_reads_what_json_writes(value: Any) -> None:
    assert read_json(json.dumps(value).encode(), 20) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode(), 20) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    outcome = ""
    try:
        read_json(body, 20)
    except UserError as error:
        outcome = error.code
    assert outcome in ("", "E460")


def malformed(seed: int, count: int) -> Iterator[tuple[str, str, list[tuple[bytes, bytes]], list[bytes]]]:
    """(method, target, headers, body in parts) that are wrong in one or several ways."""
    chance = random.Random(seed)
    good = json.dumps({"inputs": [ROW]}).encode()
    paths = ["/predict", "/feedback", "/promote", "/rollback", "/contract", "/", "/predict/", "/%00", f"/{CANARY}"]
    values: list[Any] = [None, True, -1, 10**40, 1e308, "", CANARY, "\ud800", "\0", [], {}, [[]], {CANARY: CANARY}]
    keys = ["inputs", "event_id", "prediction_id", "input", "label", "accepted", "rating", "person", "version", CANARY]
    for _ in range(count):
        method = chance.choice(["POST"] * 8 + ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
        target = chance.choice(paths[:4] * 3 + paths)
        if chance.random() < 0.2:
            target += chance.choice(["?probabilities=2", f"?{CANARY}", "?%ff=%ff", "?a=1&a=2", "?probabilities=%00"])
        kind = chance.random()
        if kind < 0.3:
            body = bytearray(good)
            for _ in range(chance.randint(1, 6)):
                body[chance.randrange(len(body))] = chance.randrange(256)
        elif kind < 0.4:
            body = bytearray(good[: chance.randrange(len(good))])
        elif kind < 0.5:
            body = bytearray(chance.randbytes(chance.randrange(300)))
        else:
            told = {chance.choice(keys): chance.choice(values) for _ in range(chance.randrange(4))}
            row = {name: chance.choice([*values, ROW[name]]) for name in ROW if chance.random() < 0.9}
            body = bytearray(json.dumps(chance.choice([told, {"inputs": [row] * 2}, {**told, "inputs": row}])).encode())
        headers = [(b"host", b"127.0.0.1"), (b"content-type", JSON.encode()), (b"content-length", b"%d" % len(body))]
        if chance.random() < 0.2:
            wrong = [
                (b"content-type", b"text/plain"), (b"content-length", b"-5"), (b"content-length", b"9" * 30),
                (b"content-encoding", b"gzip"), (b"transfer-encoding", b"chunked"), (b"host", CANARY.encode()),
                (b"accept-language", b"\xff\xfe"), (b"authorization", b"Bearer \xff"), (b"x", b"y" * 20_000),
            ]  # fmt: skip
            changed = chance.choice(wrong)
            headers = [pair for pair in headers if pair[0] != changed[0] or chance.random() < 0.3] + [changed]
        cut = chance.randrange(len(body) + 1)
        yield method, target, headers, [bytes(body[:cut]), bytes(body[cut:])]


async def put(
    app: Any, method: str, target: str, headers: list[tuple[bytes, bytes]], body: list[bytes]
) -> tuple[int, bytes]:
    """One request straight to the application, past any client that would mend it."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": headers, "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    parts = [{"type": "http.request", "body": part, "more_body": i + 1 < len(body)} for i, part in enumerate(body)]
    said: list[Any] = []

    async def receive() -> Any:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    await app(scope, receive, send)
    return said[0]["status"], said[1]["body"]


def test_malformed_requests_are_answered_below_500_and_not_repeated(
    place: Any, talk: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def say(client: httpx.AsyncClient) -> dict[int, int]:
        app = client._transport.app  # type: ignore[attr-defined]
        counts: dict[int, int] = {}
        for request in malformed(1, 1500):
            status, answer = await put(app, *request)
            counts[status] = counts.get(status, 0) + 1
            assert CANARY.encode() not in answer, request
        return counts

    counts = talk(place.settings, say)
    assert not [status for status in counts if status >= 500], counts
    assert {400, 404, 405, 415, 422} <= counts.keys()
    assert CANARY not in caplog.text


def test_bodies_and_headers_have_a_limit(place: Any, talk: Callable[..., Any]) -> None:
    async def say(client: httpx.AsyncClient) -> list[int]:
        async def parts() -> Any:
            for _ in range(20):
                yield b" " * 100_000

        kind = {"content-type": JSON}
        whole = await client.post("/predict", content=b" " * 1_000_001, headers=kind)
        streamed = await client.post("/predict", content=parts(), headers=kind)
        headers = await client.get("/livez", headers={"x": "y" * 17_000})
        return [whole.status_code, streamed.status_code, headers.status_code]

    assert talk(place.fixed, say) == [413, 413, 431]


def test_a_body_that_never_comes_is_given_up(place: Any, talk: Callable[..., Any]) -> None:
    async def say(client: httpx.AsyncClient) -> int:
        async def slow() -> Any:
            yield b"{"
            await asyncio.sleep(30)

        return (await client.post("/predict", content=slow(), headers={"content-type": JSON})).status_code

    assert talk(replace(place.fixed, limits=Limits(body_seconds=0.05)), say) == 408


def test_an_answer_that_never_comes_is_given_up(
    place: Any, ask: Callable[..., httpx.Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr("zhinan.serve.inference.Inference.answer", never)
    answer = ask(replace(place.fixed, limits=Limits(answer_seconds=0.05)), "POST", "/predict", {"inputs": [ROW]})
    assert answer.status_code == 503


def test_a_fault_of_ours_is_logged_by_place_and_without_data(
    place: Any, ask: Callable[..., httpx.Response], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise ValueError(f"cannot convert {CANARY}")

    monkeypatch.setattr("zhinan.serve.inference.Inference.answer", fail)
    answer = ask(place.fixed, "POST", "/predict", {"inputs": [ROW]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "E472")
    assert "ValueError at " in caplog.text
    assert CANARY not in caplog.text + answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:80", "[::2]"])
def test_other_hosts_are_refused_everywhere(place: Any, ask: Callable[..., httpx.Response], host: str) -> None:
    assert ask(place.fixed, "GET", "/livez", host=host).status_code == 421
    assert ask(place.fixed, "GET", "/livez", host="LOCALHOST:8000").status_code == 200


def test_a_web_page_cannot_post_across_origins(place: Any, ask: Callable[..., httpx.Response]) -> None:
    """A browser asks first before it sends JSON elsewhere, and the answer to that question is no."""
    headers = {"origin": "https://evil.example", "content-type": "text/plain"}
    assert ask(place.settings, "POST", "/rollback", {}, **headers).status_code == 415
    asked = ask(place.settings, "OPTIONS", "/rollback", **{"access-control-request-method": "POST", **headers})
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control")]


def token(secret: str, *scopes: str) -> Token:
    return Token(hashlib.sha256(secret.encode()).digest(), frozenset(scopes))


def test_every_route_but_livez_asks_for_a_token_of_its_scope(place: Any, talk: Callable[..., Any]) -> None:
    reader, admin = "r" * 32, "a" * 32
    settings = replace(place.settings, tokens=(token(reader, "predict"), token(admin, "admin")))

    async def say(client: httpx.AsyncClient) -> list[tuple[int, int, int]]:
        told = []
        for method, path, body in (
            ("GET", "/livez", None), ("GET", "/readyz", None), ("GET", "/metrics", None), ("GET", "/contract", None),
            ("GET", "/openapi.json", None), ("GET", "/nowhere", None), ("POST", "/predict", {"inputs": [ROW]}),
            ("POST", "/feedback", {}), ("POST", "/rollback", {}),
        ):  # fmt: skip
            headers = [{}, {"authorization": f"Bearer {reader}"}, {"authorization": f"bearer {admin}"}]
            answers = [await client.request(method, path, json=body, headers=given) for given in headers]
            told.append(tuple(answer.status_code for answer in answers))
        return told

    assert talk(settings, say) == [
        (200, 200, 200), (401, 200, 200), (401, 200, 200), (401, 200, 200), (401, 200, 200), (401, 404, 404),
        (401, 200, 200), (401, 403, 422), (401, 403, 409),
    ]  # fmt: skip


def test_the_audit_tells_which_token_changed_what_is_live(place: Any, talk: Callable[..., Any]) -> None:
    one, other = "a" * 32, "b" * 32
    settings = replace(place.settings, tokens=(token(one, "admin"), token(other, "admin")))

    async def say(client: httpx.AsyncClient) -> None:
        for secret, path, body in ((one, "/promote", {"version": 2}), (other, "/rollback", {})):
            await client.post(path, json=body, headers={"authorization": f"Bearer {secret}"})

    talk(settings, say)
    with place.store as store:
        told = [row.who for row in store.audit("support")][1:]
    assert told == [f"http: token {hashlib.sha256(secret.encode()).hexdigest()[:8]}" for secret in (one, other)]


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer wrong", b"Basic " + b"r" * 32, b"r" * 32, b"Bearer \xff"])
def test_only_the_whole_token_opens(header: bytes) -> None:
    known = (token("r" * 32, "predict"),)
    assert find_token(known, header) is None
    assert find_token(known, None) is None
    assert find_token(known, b"Bearer " + b"r" * 32) is known[0]


def test_a_token_that_asks_too_often_waits(place: Any, talk: Callable[..., Any]) -> None:
    settings = replace(place.fixed, tokens=(token("r" * 32, "predict"),), limits=Limits(rate=1))

    async def say(client: httpx.AsyncClient) -> list[int]:
        headers = {"authorization": f"Bearer {'r' * 32}"}
        answers = [await client.get("/readyz", headers=headers) for _ in range(4)]
        assert answers[-1].headers["retry-after"] == "1"
        return [answer.status_code for answer in answers]

    assert talk(settings, say) == [200, 200, 429, 429]
    allowance, one = Allowance(10), token("x" * 16)
    assert [allowance.wait(one, 0.0) for _ in range(20)] == [0.0] * 20
    assert allowance.wait(one, 0.0) == pytest.approx(0.1)
    assert allowance.wait(one, 0.11) == 0.0


def test_a_token_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_text(f"# who may call\n\n{'a' * 16}\nadmin:{'b' * 16}\npredict,feedback:{'c' * 16}\n")
    path.chmod(0o600)
    tokens = load_tokens(path)
    assert [sorted(t.scopes) for t in tokens] == [["feedback", "predict"], ["admin"], ["feedback", "predict"]]
    assert find_token(tokens, b"Bearer " + b"b" * 16) is tokens[1]
    assert not tokens[0].may("admin")
    assert tokens[1].may("predict")


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("a" * 16, 0o644, "may read it"),
        ("short", 0o600, "no token"),
        (f"amdin:{'a' * 16}", 0o600, "did you mean 'admin'"),
        ("# nothing\n", 0o600, "no token in it"),
        (f"predict:two words {'a' * 16}", 0o600, "no token"),
    ],
)
def test_a_token_file_that_is_unsafe_or_unclear_is_refused(tmp_path: Path, content: str, mode: int, words: str) -> None:
    path = tmp_path / "tokens"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(UserError, match="E451") as caught:
        load_tokens(path)
    assert words in caught.value.what()
    assert "a" * 16 not in str(caught.value)
    with pytest.raises(UserError, match="E451"):
        load_tokens(tmp_path / "nowhere")


def test_tokens_are_rotated_without_a_restart_and_a_broken_file_opens_and_closes_nothing(
    place: Any, talk: Callable[..., Any], tmp_path: Path
) -> None:
    old, new = "old-" + "x" * 20, "new-" + "y" * 20
    path = tmp_path / "tokens"

    def write(*lines: str) -> None:
        beside = tmp_path / "beside"
        beside.write_text("\n".join(lines), encoding="utf-8")
        beside.chmod(0o600)
        beside.replace(path)

    write(old)
    settings = replace(place.settings, tokens=load_tokens(path), token_file=str(path))

    async def status(client: httpx.AsyncClient, secret: str) -> int:
        return (await client.get("/contract", headers={"authorization": f"Bearer {secret}"})).status_code

    async def until(client: httpx.AsyncClient, secret: str, wanted: int) -> None:
        for _ in range(50):
            if await status(client, secret) == wanted:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{secret[:3]} never got {wanted}")

    async def say(client: httpx.AsyncClient) -> None:
        assert (await status(client, old), await status(client, new)) == (200, 401)
        write(old, new)
        await until(client, new, 200)
        assert await status(client, old) == 200
        write(new)
        await until(client, old, 401)
        write("no token")
        await asyncio.sleep(1.2)
        assert (await status(client, old), await status(client, new)) == (401, 200)

    talk(settings, say)


def test_a_wrong_method_is_told_which_there_are(place: Any, ask: Callable[..., httpx.Response]) -> None:
    answer = ask(place.settings, "PUT", "/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_every_status_belongs_to_a_code_of_the_catalogue() -> None:
    from zhinan.core.errors import catalogue

    assert STATUS.keys() <= catalogue().keys()
