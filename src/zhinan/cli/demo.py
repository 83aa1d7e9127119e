"""The shipped example end to end: build, serve, ask, give feedback, then ask for more and let fresh labels decide."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from zhinan.cli import show
from zhinan.cli.options import Asked
from zhinan.cli.progress import told
from zhinan.contract import Contract, load
from zhinan.core import UserError
from zhinan.engine import Build, build
from zhinan.engine.labelling import Desk
from zhinan.engine.starting import copy_example
from zhinan.store import Store

__all__ = ["play"]

MESSAGES = (
    {"message": "someone took my wallet on the tram, please stop the card now!!", "channel": "app"},
    {"message": "我的卡好像掉在出租车上了，先帮我冻结一下", "channel": "wechat"},
    {"message": "why was i charged 2.50 for taking out cash abroad", "channel": "web"},
)
WALK = "accuracy[channel=wechat] >= 70%"
"""A line with too few sealed examples to be decided by them."""
PATIENCE = 120.0
"""Seconds in which a service that has not ended must answer, also beside whatever else a machine does."""
CODES = {"PROVED": 0, "REFUTED": 1, "UNDECIDED": 2}


def play(asked: Asked, folder: Path | None, port: int) -> int:
    """Runs the demo; the exit code is that of its first build, 0 when its contract is proved."""
    place = folder or Path(tempfile.mkdtemp(prefix="zhinan-demo-"))
    path = copy_example("support", place)
    contract = load(path)
    _say(asked, f"$ zhinan build {path}")
    built = _build(asked, contract)
    first: dict[str, Any] = {"build": built.to_dict()}
    if built.stage == "live":
        _say(asked, f"$ zhinan serve {path} --port {port}")
        with _service(path, port):
            first["answers"] = _ask(asked, port)
            first["contract"] = _call(port, "GET", "/contract")
            _say(asked, f"$ curl :{port}/contract")
            _say(asked, json.dumps(first["contract"], ensure_ascii=False)[:400] + " …")
    path.write_text(path.read_text(encoding="utf-8").replace("must:\n", f"must:\n  - {WALK}\n"), encoding="utf-8")
    _say(asked, f"\n# {'再加一条' if asked.zh else 'now add one line'}: {WALK}\n$ zhinan build {path}")
    contract = load(path)
    first["added"] = _build(asked, contract).to_dict()
    _say(asked, f"$ zhinan label {path} --from {path.parent / 'labels.csv'} --by colleague")
    first["labelled"] = _label(asked, contract)
    if asked.json:
        click.echo(json.dumps(first, ensure_ascii=False, default=str))
    return CODES[built.outcome]


def _say(asked: Asked, text: str) -> None:
    if not asked.json:
        click.secho(text, bold=text.startswith("$"))


def _build(asked: Asked, contract: Contract) -> Build:
    with told(asked.quiet, asked.zh) as tell:
        built = build(contract, store=asked.place(contract.path), progress=tell)
    if not asked.json:
        show.build(built, contract, asked.zh)
        click.echo()
    return built


@contextmanager
def _service(path: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "zhinan", "serve", str(path), "--port", str(port), "--workers", "1", "-q"]
    with tempfile.TemporaryFile() as heard:
        process = subprocess.Popen(command, stdout=heard, stderr=heard)
        try:
            _wait(process, port, heard)
            yield
        finally:
            process.terminate()
            process.wait(60)


def _wait(process: subprocess.Popen[bytes], port: int, heard: Any) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if _status(port) == 200:
                return
        except OSError:
            time.sleep(0.1)
    heard.seek(0)
    raise UserError("E950", f"127.0.0.1:{port}", reason=heard.read().decode(errors="replace")[-500:] or "no answer")


def _status(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/readyz")
        return connection.getresponse().status


def _call(port: int, method: str, path: str, body: Any = None) -> Any:
    sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, sent, {"Content-Type": "application/json"} if sent else {})
        return json.loads(connection.getresponse().read())


def _ask(asked: Asked, port: int) -> list[Any]:
    answers = []
    for row in MESSAGES:
        answer = _call(port, "POST", "/predict", {"inputs": [row]})
        answers.append(answer)
        output = answer["outputs"][0]
        _say(asked, f"  {row['message']}  →  {output['label']} ({output['probability']:.2f})")
    given = {"event_id": "demo-1", "prediction_id": answers[0]["outputs"][0]["id"], "label": "lost_or_stolen_card"}
    said = _call(port, "POST", "/feedback", given)
    _say(asked, f"  feedback: {json.dumps(said, ensure_ascii=False)}")
    return answers


def _label(asked: Asked, contract: Contract) -> dict[str, Any]:
    """What a colleague said of fresh messages, and what that proves of the newest version."""
    with Store(asked.place(contract.path)) as store:
        desk = Desk(contract, store, "colleague")
        counts = desk.take(contract.root / "labels.csv")
        result = {**desk.result(), "labelled": counts}
    if not asked.json:
        show.labels(result, asked.zh)
    return result
