"""A webhook hears each alarm until it takes it, wherever its name leads by then, and its key is never shown."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.improve.alarms import Webhook

from ..serve.conftest import Place, place
from .watched import complain, product

__all__ = ["place", "product"]


@pytest.fixture
def hook() -> Iterator[tuple[str, list[Any]]]:
    """A webhook that refuses the first POST."""
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.headers.get("Authorization"), json.loads(body)))
            self.send_response(400 if len(heard) == 1 else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alarms", heard
    server.shutdown()
    server.server_close()


def test_a_webhook_hears_each_alarm_until_it_takes_it(
    place: Place,
    product: Path,
    zhinan: Callable[..., Any],
    hook: tuple[str, list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, heard = hook
    monkeypatch.setenv("ZHINAN_WEBHOOK_TOKEN", "secret")
    complain(place, 30)
    refused = zhinan("status", product, "--webhook", url)
    assert "webhook" in refused.err
    assert "secret" not in refused.err
    assert zhinan("status", product, "--webhook", url).err == ""
    (bearer, first), (_, second) = heard
    assert bearer == "Bearer secret"
    assert first == second
    assert first["alarm"]["id"] == "support@1: accuracy >= 90%"
    assert (first["alarm"]["n"], first["alarm"]["version"]) == (30, 1)


def test_a_live_version_that_cannot_be_opened_is_an_alarm(
    place: Place, product: Path, zhinan: Callable[..., Any], hook: tuple[str, list[Any]]
) -> None:
    url, heard = hook
    complain(place, 30)
    file = place.folder / "versions" / "1" / "manifest.json"
    file.chmod(0o644)
    file.write_bytes(b"{}")
    said = zhinan("status", product, "--webhook", url)
    assert said.code == 1
    assert "@1 cannot be opened (E360)" in said.out
    assert "无法打开" in zhinan("status", product, "--lang", "zh").out
    assert zhinan("status", product, "--json").json["unopened"] == "E360"
    ((_, told),) = heard
    assert (told["alarm"]["id"], told["alarm"]["code"]) == ("support@1: cannot be opened", "E360")


def test_a_webhook_is_looked_up_anew_and_hears_each_alarm(
    hook: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, heard = hook
    known, asked = socket.getaddrinfo, list[str]()

    def look_up(host: str, *args: Any, **more: Any) -> Any:
        asked.append(host)
        if len(asked) in (1, 2):
            raise socket.gaierror
        return known("127.0.0.1", *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = url.replace("127.0.0.1", "hooks.example").replace("/alarms", "/T0/SECRETPATH?token=SECRETQ")
    with pytest.raises(UserError, match="E270"):
        Webhook(url)
    watching = Webhook(url, patient=True)
    assert "leads nowhere" in str(watching.send([]))
    assert watching.send([]) is None
    alarms = [{"id": "first", "n": 1}, {"id": "second", "n": 2}]
    failed = str(watching.send(alarms))
    assert failed.startswith("http://hooks.example:")
    assert "status 400" in failed
    assert "SECRET" not in failed
    assert [one["alarm"]["id"] for _, one in heard] == ["first", "second"]
    assert watching.send(alarms) is None
    assert [one["alarm"]["id"] for _, one in heard] == ["first", "second", "first"]
    assert len([host for host in asked if host == "hooks.example"]) == 4


def test_a_webhook_that_is_no_address_is_refused() -> None:
    for url in ("http://[::1", "ftp://x/", "hooks"):
        with pytest.raises(UserError, match="E270"):
            Webhook(url, patient=True)
