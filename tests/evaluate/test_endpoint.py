"""An endpoint is asked within bounds, once for each case, on hosts that were named; its failures are never hidden."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.evaluate import posting
from zhinan.evaluate.endpoint import Endpoint, asking
from zhinan.evaluate.posting import FailedRequestError, knock
from zhinan.evaluate.predictions import prove_file
from zhinan.evaluate.prove import Proof
from zhinan.store import Blobs

HOST = "127.0.0.1"
Behaviour = Callable[[Any, int], tuple[int, dict[str, str], bytes]]


def right(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
    """Zhinan's own form: the label stands in the text."""
    label = body["inputs"][0]["text"].split()[0].lower().strip(".")
    return 200, {}, json.dumps({"outputs": [{"label": label}]}).encode()


@dataclass
class Service:
    """A server in this process that behaves as told and remembers what it was asked."""

    behave: Behaviour = right
    asked: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    busy: int = 0
    most: int = 0


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(posting, "PAUSE", 0.001)
    told, lock = Service(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                told.asked.append(body)
                told.headers.append(dict(self.headers))
                told.busy += 1
                told.most = max(told.most, told.busy)
                number = len(told.asked)
            status, headers, content = told.behave(body, number)
            with lock:
                told.busy -= 1
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.url = f"http://{HOST}:{server.server_port}/answer"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    rows = [f"{'card' if i % 2 else 'refund'} number {i},{'card' if i % 2 else 'refund'},u{i}" for i in range(120)]
    path.write_text("\n".join(["text,label,who", *rows]) + "\n", encoding="utf-8")
    return path


def judge(
    service: Service, cases: Path, *must: str, inputs: Any = None, blobs: Blobs | None = None, **more: Any
) -> Proof:
    endpoint = Endpoint(service.url, (HOST,), **more)
    ask = asking(endpoint, inputs=inputs or {"text": "text"}, blobs=blobs)
    return prove_file(cases, must=must or ("accuracy >= 90%",), asking=ask)


def refused(service: Service, cases: Path, *must: str, **more: Any) -> UserError:
    with pytest.raises(UserError) as error:
        judge(service, cases, *must, **more)
    return error.value


def test_its_answers_are_judged_like_anybodys(service: Service, cases: Path) -> None:
    found = judge(service, cases, "accuracy >= 90%", "recall[card] >= 90%")
    assert (found.outcome, found.n) == ("PROVED", 120)
    assert sorted(body["inputs"][0]["text"] for body in service.asked) == sorted(
        line.split(",")[0] for line in cases.read_text("utf-8").splitlines()[1:]
    )
    assert {tuple(body["inputs"][0]) for body in service.asked} == {("text",)}


def test_any_other_service_is_asked_with_plain_fields_and_answers_at_a_pointer(service: Service, cases: Path) -> None:
    def chat(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
        content = {"choices": [{"message": {"content": body["prompt"].split()[0]}}]}
        return 200, {}, json.dumps(content).encode()

    service.behave = chat
    found = judge(service, cases, inputs={"prompt": "text"}, pointer="/choices/0/message/content")
    assert found.outcome == "PROVED"
    assert refused(service, cases, inputs={"prompt": "text"}, pointer="answer").code == "E271"


def test_the_truth_and_what_has_another_use_are_never_sent_by_default(service: Service, cases: Path) -> None:
    prove_file(cases, must=["accuracy >= 90%"], person="who", asking=asking(Endpoint(service.url, (HOST,))))
    assert {name for body in service.asked for name in body["inputs"][0]} == {"text"}


def test_numbers_tags_and_rankings_may_be_answered_too(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(
        "\n".join(json.dumps({"x": i, "label": ["a"] if i % 2 else []}) for i in range(60)), encoding="utf-8"
    )

    def tag(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
        tags = [{"label": "a"}] if int(body["inputs"][0]["x"]) % 2 else []
        return 200, {}, json.dumps({"outputs": [{"labels": tags}]}).encode()

    service.behave = tag
    assert judge(service, path, "subset_accuracy >= 90%", inputs={"x": "x"}).outcome == "PROVED"


def test_running_again_asks_nothing_and_a_killed_run_goes_on(service: Service, cases: Path, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")

    def dying(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
        return right(body, number) if number <= 50 else (500, {}, b"")

    service.behave = dying
    assert refused(service, cases, blobs=blobs).code == "E271"
    service.behave = right
    before = len(service.asked)
    first = judge(service, cases, blobs=blobs)
    assert len(service.asked) - before == 70
    again = judge(service, cases, "accuracy >= 80%", blobs=blobs)
    assert len(service.asked) - before == 70
    assert first.verdicts[0].value == again.verdicts[0].value == 1
    judge(service, cases, blobs=blobs, fresh=True)
    assert len(service.asked) - before == 190


def test_the_same_case_is_asked_once(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("text,label\n" + "card,card\nrefund,refund\n" * 40, encoding="utf-8")
    assert judge(service, path).n == 80
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:9/", ()),
        ("http://127.0.0.1:9/", ("localhost",)),
        ("http://127.0.0.1:9/", ("127.0.0.1:9",)),
        ("http://example.com/", ("example.org",)),
        ("http://[::1]:9/", ("127.0.0.1",)),
        ("http://user:secret@127.0.0.1:9/", ("127.0.0.1",)),
        ("file:///etc/passwd", ("",)),
        ("127.0.0.1:9", ("127.0.0.1",)),
        ("http://127.0.0.1:99999/", ("127.0.0.1",)),
        ("http://nowhere.invalid/", ("nowhere.invalid",)),
    ],
)
def test_only_a_host_that_was_named_is_asked(url: str, allowed: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as error:
        knock(url, allowed)
    assert error.value.code == "E270"
    assert "secret" not in str(error.value)


def test_a_name_that_leads_to_a_link_local_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", ("169.254.169.254", port))]

    monkeypatch.setattr(posting.socket, "getaddrinfo", resolve)
    with pytest.raises(UserError) as error:
        knock("http://metadata.example/", ("metadata.example",))
    assert error.value.code == "E270"
    assert knock("http://169.254.169.254/", ("169.254.169.254",)).address == "169.254.169.254"


def test_a_token_is_sent_and_never_shown(service: Service, cases: Path) -> None:
    service.behave = lambda body, number: (401, {}, b"secret-token is wrong")
    error = refused(service, cases, token="secret-token")
    assert service.headers[0]["Authorization"] == "Bearer secret-token"
    assert "401" in error.what()
    assert "secret" not in str(error) + repr(Endpoint("u", (), token="secret-token"))
    assert len(service.asked) <= 8, "every request would be refused, yet it went on"


def test_a_key_in_the_address_is_sent_and_never_shown(service: Service, cases: Path) -> None:
    service.behave = lambda body, number: (500, {}, b"")
    error = refused(replace(service, url=f"{service.url}?key=hidden"), cases)
    assert error.where == service.url
    assert "hidden" not in str(error)


def test_a_token_does_not_travel_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("93.184.216.34", 80))])
    with pytest.raises(UserError) as error:
        knock("http://example.com/", ("example.com",), "secret")
    assert error.value.code == "E277"


def test_redirects_are_not_followed(service: Service, cases: Path) -> None:
    service.behave = lambda body, number: (307, {"Location": "http://example.com/"}, b"")
    error = refused(service, cases)
    assert (error.code, "redirect" in error.what()) == ("E271", True)


def test_a_busy_service_is_asked_again_later(service: Service, cases: Path) -> None:
    refused_once: set[str] = set()

    def busy(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
        text = body["inputs"][0]["text"]
        if "7" in text and text not in refused_once:
            refused_once.add(text)
            return (429, 503)[len(refused_once) % 2], {"Retry-After": "0"}, b""
        return right(body, number)

    service.behave = busy
    assert judge(service, cases).outcome == "PROVED"
    assert len(service.asked) == 120 + len(refused_once)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "not JSON"),
        (b"{}", "outputs[0]"),
        (b'{"outputs": [{"label": null}]}', "holds no answer"),
        (b'{"outputs": [{"label": NaN}]}', "holds no answer"),
        (b"[" * 100_000, "not JSON"),
        (b'{"outputs": "' + b"x" * posting.BODY + b'"}', "longer than"),
    ],
    ids=["html", "empty", "null", "nan", "deep", "huge"],
)
def test_a_reply_that_is_no_answer_is_a_failure_with_its_reason(
    service: Service, cases: Path, content: bytes, words: str
) -> None:
    service.behave = lambda body, number: (200, {}, content)
    error = refused(service, cases)
    assert error.code == "E271"
    assert words in error.what()
    assert len(service.asked) <= 12, "nothing was ever answered, yet it went on"


def test_failures_are_counted_and_refused_or_count_as_wrong(service: Service, cases: Path) -> None:
    def broken(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
        return (500, {}, b"") if "7" in body["inputs"][0]["text"] else right(body, number)

    service.behave = broken
    lost = sum("7" in line for line in cases.read_text("utf-8").splitlines()[1:])
    error = refused(service, cases)
    assert error.what().startswith(f"{lost} of 120")
    assert "500" in error.what()
    found = judge(service, cases, "accuracy >= 50%", errors="wrong")
    assert found.verdicts[0].value == pytest.approx(1 - lost / 120)


def test_a_failure_counted_as_wrong_stays_one(service: Service, cases: Path, tmp_path: Path) -> None:
    more: dict[str, Any] = {"errors": "wrong", "concurrency": 1, "blobs": Blobs(tmp_path / "blobs")}
    service.behave = lambda body, number: right(body, number) if number % 3 else (500, {}, b"")
    found = [judge(service, cases, "accuracy >= 50%", **more).verdicts[0].value for _ in range(2)]
    assert (found, len(service.asked)) == ([pytest.approx(2 / 3)] * 2, 120), "asked again until it answers"
    service.behave = right  # mended: who refuses failures asks those cases again
    assert judge(service, cases, **{**more, "errors": "refuse"}).verdicts[0].value == 1
    assert len(service.asked) == 160


def test_a_reply_that_never_comes_is_cut_off(service: Service, cases: Path) -> None:
    service.behave = lambda body, number: (time.sleep(0.4), right(body, number))[1]
    assert "no reply within" in refused(service, cases, timeout=0.05, concurrency=8).what()


def test_a_reply_that_drips_is_cut_off() -> None:
    with socket.create_server((HOST, 0)) as listening, closing(knock(_url(listening), (HOST,))) as door:
        stop = threading.Event()

        def drip() -> None:
            held, _ = listening.accept()
            with held, suppress(OSError):
                held.recv(4096)
                held.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not stop.wait(0.01):
                    held.sendall(b" ")

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(FailedRequestError, match="no reply within"):
            door.post(b"{}", 0.1, time.monotonic() + 60)
        stop.set()
        thread.join()


def _url(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}/"


def test_it_ends_with_its_deadline_or_its_most_requests_and_keeps_what_it_has(
    service: Service, cases: Path, tmp_path: Path
) -> None:
    blobs = Blobs(tmp_path / "blobs")
    assert refused(service, cases, most=100, blobs=blobs).code == "E272"
    assert service.asked == []
    service.behave = lambda body, number: (time.sleep(0.2 if number > 20 else 0), right(body, number))[1]
    error = refused(service, cases, deadline=1, concurrency=1, blobs=blobs)
    assert (error.code, "--deadline" in error.fix()) == ("E272", True)
    service.behave = right
    done = len(service.asked)
    judge(service, cases, blobs=blobs)
    assert len(service.asked) - done < 120


def test_several_are_asked_at_a_time_but_one_where_latency_is_judged(service: Service, cases: Path) -> None:
    service.behave = lambda body, number: (time.sleep(0.005), right(body, number))[1]
    judge(service, cases, concurrency=6)
    assert service.most > 1
    service.most = 0
    judge(service, cases, "latency_p95 <= 9 s", "accuracy >= 90%", concurrency=6)
    assert service.most == 1


def test_latency_is_judged_as_measured_from_here(service: Service, cases: Path, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    judge(service, cases, blobs=blobs)
    service.behave = lambda body, number: (time.sleep(0.01), right(body, number))[1]
    slow = judge(service, cases, "latency_p95 <= 5 ms", "latency_p50 <= 9 s", blobs=blobs)
    assert len(service.asked) == 240, "answers gathered side by side say nothing of latency"
    assert [verdict.on for verdict in slow.verdicts] == ["measured"] * 2
    assert slow.verdicts[0].verdict != "PROVED"
    assert slow.verdicts[0].value is not None
    assert slow.verdicts[0].value >= 0.01
    again = judge(service, cases, "latency_p95 <= 5 ms", blobs=blobs)
    assert len(service.asked) == 240
    assert again.verdicts[0].value == slow.verdicts[0].value


def test_a_failed_request_is_slower_than_any(service: Service, cases: Path) -> None:
    service.behave = lambda body, number: (500, {}, b"") if number % 5 == 0 else right(body, number)
    found = judge(service, cases, "latency_p95 <= 9 s", errors="wrong")
    assert found.verdicts[0].verdict != "PROVED"


def test_disturbed_inputs_are_sent_for_lines_that_ask_for_them(service: Service, cases: Path) -> None:
    found = judge(service, cases, "accuracy >= 90%", "accuracy[under case] >= 90%", "accuracy[under typos] >= 99%")
    texts = [body["inputs"][0]["text"] for body in service.asked]
    assert len(texts) > 240
    assert any(map(str.isupper, texts)) and found.verdicts[0].value == found.verdicts[1].value == 1  # noqa: PT018
    assert 0 < (found.verdicts[2].value or 0) < 1


def test_a_row_that_is_handed_over_is_not_answered(service: Service, cases: Path) -> None:
    def careful(body: Any, number: int) -> tuple[int, dict[str, str], bytes]:
        said = None if "7" in body["inputs"][0]["text"] else body["inputs"][0]["text"].split()[0]
        return 200, {}, json.dumps({"outputs": [{"label": said, "handover": said is None}]}).encode()

    service.behave = careful
    found = judge(service, cases, "auto_rate(precision >= 90%) >= 60%", "accuracy >= 60%")
    kept = sum("7" not in line for line in cases.read_text("utf-8").splitlines()[1:]) / 120
    assert [verdict.value for verdict in found.verdicts] == [pytest.approx(kept)] * 2


def test_a_wrong_input_column_names_the_nearest(service: Service, cases: Path) -> None:
    error = refused(service, cases, inputs={"text": "txet"})
    assert (error.code, "'text'" in error.fix()) == ("E273", True)


def test_no_connection_and_no_service_are_told(cases: Path, service: Service) -> None:
    assert "refused" in refused(replace(service, url="http://127.0.0.1:1/"), cases).what()
