"""`zhinan prove` from a file or an endpoint: what it prints, what it refuses, and that a second run asks nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

Zhinan = Callable[..., Any]

ASKED: list[Any] = []
HEADERS: list[str | None] = []


class Answering(BaseHTTPRequestHandler):
    """Answers the first word of `text`, in Zhinan's form or as a plain field."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        ASKED.append(body)
        HEADERS.append(self.headers.get("Authorization"))
        own = "inputs" in body
        label = (body["inputs"][0] if own else body)["text"].split()[0]
        content = json.dumps({"outputs": [{"label": label}]} if own else {"answer": {"intent": label}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    ASKED.clear()
    HEADERS.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/predict"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    rows = "".join(f"{'card' if i % 2 else 'refund'} {i},{'card' if i % 2 else 'refund'},{i % 7}\n" for i in range(100))
    path.write_text("text,label,who\n" + rows, encoding="utf-8")
    return path


def test_an_endpoint_is_judged_and_a_second_run_is_free(cases: Path, url: str, zhinan: Zhinan) -> None:
    given = ("prove", cases, "--must", "accuracy >= 90%", "--endpoint", url, "--input", "text")
    closed = zhinan(*given)
    assert closed.code == 3
    assert "E270" in closed.err
    assert "--allow-host 127.0.0.1" in closed.err
    said = zhinan(*given, "--allow-host", "127.0.0.1", "--json")
    assert (said.code, said.json["outcome"], said.json["n"]) == (0, "PROVED", 100)
    assert set(said.json) == {"outcome", "verdicts", "n", "confidence"}
    assert len(ASKED) == 100
    assert zhinan(*given, "--allow-host", "127.0.0.1").code == 0
    assert len(ASKED) == 100
    assert (cases.parent / ".zhinan").is_dir()
    assert zhinan(*given, "--allow-host", "127.0.0.1", "--fresh").code == 0
    assert len(ASKED) == 200


def test_another_form_of_service_and_a_token(
    cases: Path, url: str, zhinan: Zhinan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "not-to-be-shown")
    said = zhinan(
        "prove", cases, "--must", "accuracy >= 90%", "--must", "latency_p95 <= 9 s", "--endpoint", url, "--allow-host",
        "127.0.0.1", "--field", "/answer/intent", "--input", "text=text", "--token-env", "MY_TOKEN",
    )  # fmt: skip
    assert said.code in (0, 2), said.err
    assert ASKED[0] == {"text": "refund 0"}
    assert set(HEADERS) == {"Bearer not-to-be-shown"}
    assert "not-to-be-shown" not in said.out + said.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--allow-host", "127.0.0.1"), "--endpoint"),
        (("--timeout", "3"), "--endpoint"),
        (("--endpoint", "http://127.0.0.1/", "--prediction", "label"), "--prediction"),
        (("--endpoint", "http://127.0.0.1/", "--token-env", "NOT_SET_ANYWHERE"), "NOT_SET_ANYWHERE"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    cases: Path, zhinan: Zhinan, arguments: tuple[str, ...], word: str
) -> None:
    said = zhinan("prove", cases, "--must", "accuracy >= 90%", *arguments)
    assert said.code == 3
    assert said.err.startswith("error[E317]")
    assert word in said.err


def test_columns_for_everything_that_may_be_known(tmp_path: Path, zhinan: Zhinan) -> None:
    path = tmp_path / "answers.csv"
    rows = "a,a,a,no,0.01,0.2\nb,b,a,no,0.02,0.2\na,,b,yes,0.01,0.1\n" * 60
    path.write_text("label,prediction,llm,handed,ours,theirs\n" + rows, encoding="utf-8")
    said = zhinan(
        "prove", path, "--current", "llm", "--handover", "handed", "--cost", "ours", "--current-cost", "theirs",
        "--must", "accuracy >= current + 10 pt", "--must", "auto_rate(precision >= 95%) >= 55%",
        "--must", "cost <= 20% of current", "--json",
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert [row["verdict"] for row in said.json["verdicts"]] == ["PROVED"] * 3
    assert [row["on"] for row in said.json["verdicts"]] == ["sealed", "sealed", "measured"]
    assert zhinan("prove", path, "--must", "cost <= 1 USD").code == 3


def test_lines_that_only_use_can_judge_are_named_and_never_judged_on_predictions(
    zhinan: Zhinan, tmp_path: Path
) -> None:
    product, file = tmp_path / "product.yaml", tmp_path / "answers.csv"
    must = "must: ['accuracy >= 50%', 'conversion(order) >= 4%']\n"
    product.write_text(f"product: shop\ndata: {{source: m.csv, target: intent}}\n{must}", encoding="utf-8")
    file.write_text("intent,prediction\n" + "refund,refund\n" * 40, encoding="utf-8")
    asked = ("prove", file, "--contract", product, "--truth", "intent", "--prediction", "prediction")
    found = zhinan(*asked, "--json").json
    assert ([v["line"] for v in found["verdicts"]], found["outcome"]) == (["accuracy >= 50%"], "PROVED")
    assert found["in_use"] == ["conversion(event=order) >= 4%"]
    assert "is judged in use" in zhinan(*asked).out
    refused = zhinan(
        "prove", file, "--must", "conversion(order) >= 4%", "--truth", "intent", "--prediction", "prediction"
    )
    assert (refused.code, "E540" in refused.err + refused.out) == (3, True)
