"""What product.yaml says counts for a service that follows it: from its start, and anew when it is told to look."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhinan.contract import load
from zhinan.package.asked import Asked
from zhinan.package.keeping import Keeping
from zhinan.serve import serve
from zhinan.serve.server import _Loader, _with
from zhinan.serve.settings import Settings

from .test_server import until

CONTRACT = "product: support\ntask: classify\ndata: {source: rows.csv, target: label}\nmust: [accuracy >= 90%]\n"
STRICTER = CONTRACT.replace("90%", "99%") + "serve: {keep_inputs: none, retention: 2 days}\n"


@pytest.fixture
def product(place: Any) -> Path:
    path: Path = place.folder / "product.yaml"
    path.write_text(CONTRACT, "utf-8")
    (place.folder / "rows.csv").write_text("message,label\nhello,refund\n", "utf-8")
    with place.store as store:
        for number in (1, 2):
            store.set_outcome("support", number, "PROVED", {"contract": load(path).hash}, who="test", why="")
    return path


def test_who_puts_a_version_live_over_http_hears_what_it_was_not_judged_by(
    place: Any, product: Path, ask: Callable[..., httpx.Response]
) -> None:
    settings = _with(load(product), place.settings)
    assert ask(settings, "POST", "/promote", {"version": 2}).json()["unasked"] == []
    product.write_text(STRICTER, "utf-8")
    settings = _with(load(product), place.settings)
    assert ask(settings, "POST", "/rollback", {}).json() == {
        "product": "support", "live": 1, "previous": 2, "revision": 3, "unasked": ["accuracy >= 99%"],
    }  # fmt: skip
    assert ask(place.settings, "POST", "/promote", {"version": 2}).json()["unasked"] == []


def test_a_service_takes_the_file_in_and_one_that_cannot_be_used_changes_nothing(
    place: Any, product: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun: list[Settings] = []
    monkeypatch.setattr("zhinan.serve.server.run", begun.append)
    serve(None, store=place.settings.store, follow=product, port=0)
    loader, (first,) = _Loader(begun[0]), begun
    assert (first.product, first.keeping, first.asked) == (
        "support", Keeping.of(load(product)), Asked.of(load(product)),
    )  # fmt: skip
    for unusable in ("must: [", CONTRACT.replace("support", "another")):
        product.write_text(unusable, "utf-8")
        loader.take_in()
        assert loader._settings == first
    assert len(caplog.records) == 2
    product.write_text(STRICTER, "utf-8")
    loader.take_in()
    assert loader._settings == replace(first, keeping=Keeping.of(load(product)), asked=Asked.of(load(product)))
    assert not loader._settings.keeping.inputs


@pytest.mark.system
@pytest.mark.skipif(sys.platform != "linux", reason="workers are replaced one by one")
def test_a_running_service_takes_it_in_on_sighup(product: Path, root: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "zhinan", "serve", str(product), "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, cwd=product.parent, env={**os.environ, "PYTHONPATH": str(root / "src")}) as service:

        def unasked() -> list[str] | None:
            try:
                told = httpx.post(f"http://127.0.0.1:{port}/promote", json={"version": 1}, timeout=10).json()
            except httpx.TransportError:
                return None
            found: list[str] = told["unasked"]
            return found

        try:
            until(lambda: unasked() == [])
            product.write_text(STRICTER, "utf-8")
            service.send_signal(signal.SIGHUP)
            until(lambda: unasked() == ["accuracy >= 99%"])
        finally:
            service.terminate()
