"""The service refuses to start where it would be unsafe or wrong, and carries no library it does not need."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.serve import serve
from zhinan.serve.server import _hosts, _loopback
from zhinan.serve.settings import Settings
from zhinan.store import Store
from zhinan.store.claims import Claim, claims

CLEAN = """
import asyncio, httpx, sys
from zhinan.serve.app import Worker
from zhinan.serve.server import serve
from zhinan.serve.settings import Settings

async def main():
    worker = Worker(Settings(product="support", source=None, store=sys.argv[1]))
    await worker._start()
    assert "zhinan.steps.masks.phone" not in sys.modules, "who waits for the worker waits for no mask"
    assert "zhinan.contract" not in sys.modules, "nor for what reads contracts, where the version's has nothing to say"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(worker.app), base_url="http://127.0.0.1") as client:
        row = {"message": "hi", "channel": "web", "amount": 1}
        for path in ("/readyz", "/contract", "/metrics", "/openapi.json"):
            assert (await client.get(path)).status_code == 200
        assert (await client.post("/predict", json={"inputs": [row]})).status_code == 200
    await worker._stop()
    heavy = {"torch", "sklearn", "scipy", "polars", "pandas", "onnx", "matplotlib", "zhinan.data", "zhinan.evaluate"}
    print(sorted(heavy & sys.modules.keys()))

asyncio.run(main())
"""


def started(*arguments: Any, **named: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        serve(*arguments, **named)
    return caught.value


def test_the_process_holds_neither_torch_nor_sklearn_nor_polars_nor_scipy(place: Any, root: Path) -> None:
    place.add(3, masks=())
    with place.store as store:
        store.promote("support", 3, revision=1, who="test", why="it masks nothing by itself")
    done = subprocess.run(
        [sys.executable, "-c", CLEAN, place.settings.store],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.com"])
def test_an_open_address_without_tokens_refuses_to_start(place: Any, host: str) -> None:
    assert started(None, store=place.settings.store, product="support", follow=True, host=host).code == "E450"


def test_only_this_machines_addresses_count_as_closed() -> None:
    assert all(map(_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(_loopback, ("0.0.0.0", "::", "10.0.0.1", "localhost.example.com", "")))


def test_hosts_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _hosts("127.0.0.1") == ("127.0.0.1", "localhost", "::1")
    assert _hosts("0.0.0.0") == ()
    monkeypatch.setenv("ZHINAN_HOSTS", "API.example.com, ")
    assert _hosts("0.0.0.0") == ("0.0.0.0", "127.0.0.1", "localhost", "::1", "api.example.com")


def test_a_taken_port_is_said(place: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = started(place.fixed.source, store=None, product="support", port=port)
    assert (error.code, error.values["port"]) == ("E452", port)


def test_a_product_without_a_live_version_names_the_ready_one(place: Any, tmp_path: Path) -> None:
    with Store(tmp_path / "other") as store:
        where = str(tmp_path / "other")
        assert "zhinan build" in started(None, store=where, product="support", follow=True).fix()
        store.add_version("support", "d" * 64, "somewhere", outcome="UNDECIDED", summary={})
        error = started(None, store=where, product="support", follow=True)
    assert error.code == "E453"
    assert "promote @1" in error.fix()
    assert started(None, store=None, product="support", follow=True).code == "E476"


@pytest.mark.parametrize("copies", [True, False], ids=["copied workers", "fresh workers"])
def test_a_changed_or_foreign_version_is_refused_before_a_worker_starts(
    place: Any, monkeypatch: pytest.MonkeyPatch, copies: bool
) -> None:
    monkeypatch.setattr("zhinan.serve.server._may_fork", lambda: copies)
    monkeypatch.setattr("zhinan.serve.server._supervise", lambda settings, recording: None)
    monkeypatch.setattr("zhinan.serve.preload._opened", {})
    monkeypatch.setattr("gc.freeze", lambda: None)
    path = place.folder / "versions" / "2"
    assert started(path, store=None, product="other", port=0).code == "E454"
    serve(path, store=None, port=0)
    (path / "head.onnx").chmod(0o644)
    (path / "head.onnx").write_bytes(b"x")
    assert started(path, store=None, product="support", port=0).code == "E360"


@pytest.mark.parametrize("copies", [True, False], ids=["copied workers", "fresh workers"])
def test_a_store_that_cannot_be_used_is_refused_before_a_worker_starts(
    place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copies: bool
) -> None:
    monkeypatch.setattr("zhinan.serve.server._may_fork", lambda: copies)
    monkeypatch.setattr("zhinan.serve.server._supervise", lambda settings, recording: None)
    monkeypatch.setattr("zhinan.serve.preload._opened", {})
    monkeypatch.setattr("gc.freeze", lambda: None)
    (tmp_path / "zhinan.db").write_bytes(b"this is no database " * 500)
    source = place.folder / "versions" / "2"
    assert started(source, store=tmp_path, product="support", port=0).code == "E406"


@pytest.mark.parametrize("copies", [True, False], ids=["copied workers", "fresh workers"])
def test_the_store_of_a_service_that_follows_is_opened_once_before_its_workers(
    place: Any, monkeypatch: pytest.MonkeyPatch, copies: bool
) -> None:
    monkeypatch.setattr("zhinan.serve.server._may_fork", lambda: copies)
    monkeypatch.setattr("zhinan.serve.server._supervise", lambda settings, recording: None)
    monkeypatch.setattr("zhinan.serve.preload._opened", {})
    monkeypatch.setattr("gc.freeze", lambda: None)
    opened: list[Any] = []
    real = Store.__init__
    monkeypatch.setattr(Store, "__init__", lambda *a, **k: opened.append(a[1]) or real(*a, **k))
    serve(None, store=place.settings.store, product="support", follow=True, port=0)
    assert len(opened) == 1


def test_an_exported_zip_is_served_from_a_folder_that_goes_away(
    place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhinan.package import export_zip

    seen: list[Path] = []
    check: Callable[[Any], None] = lambda settings: seen.append(Path(settings.source))  # noqa: E731
    monkeypatch.setattr("zhinan.serve.server.run", check)
    serve(export_zip(place.fixed.source, tmp_path / "v.zip"), store=None, product="support")
    assert len(seen) == 1
    assert not seen[0].exists()


@pytest.mark.parametrize("copies", [True, False], ids=["copied workers", "fresh workers"])
def test_a_version_from_elsewhere_is_not_taken_for_the_stores_own(
    place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copies: bool
) -> None:
    monkeypatch.setattr("zhinan.serve.server._may_fork", lambda: copies)
    monkeypatch.setattr("zhinan.serve.server._supervise", lambda settings, recording: None)
    monkeypatch.setattr("zhinan.serve.preload._opened", {})
    monkeypatch.setattr("gc.freeze", lambda: None)
    other = type(place)(tmp_path / "other")
    source = other.add(1, contract=b"product: support\ngoal: another\n")
    assert started(source, store=place.settings.store, product="support", port=0).code == "E488"
    serve(source, store=tmp_path / "own", port=0)
    serve(place.folder / "versions" / "1", store=place.settings.store, port=0)


@pytest.mark.parametrize("copies", [True, False], ids=["copied workers", "fresh workers"])
def test_an_exported_version_is_served_beside_its_store_when_the_folder_there_is_lost(
    place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copies: bool
) -> None:
    monkeypatch.setattr("zhinan.serve.server._may_fork", lambda: copies)
    monkeypatch.setattr("zhinan.serve.preload._opened", {})
    monkeypatch.setattr("gc.freeze", lambda: None)
    served, kept = list[Settings](), list[Claim]()

    def supervise(settings: Settings, recording: Any) -> None:
        served.append(settings)
        with place.store as store, store._database.write():
            kept.extend(claims(store))

    monkeypatch.setattr("zhinan.serve.server._supervise", supervise)
    moved = (place.folder / "versions" / "1").rename(tmp_path / "exported")
    serve(moved, store=place.settings.store, port=0)
    assert [settings.source for settings in served] == [str(moved)]
    assert [(one.work, one.product, one.numbers) for one in kept] == [("serve", "support", (1,))], "it stays meanwhile"
    another = type(place)(tmp_path / "other").add(1, contract=b"product: support\ngoal: another\n")
    assert started(another, store=place.settings.store, port=0).code == "E488"


def test_a_name_is_listened_on_at_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Settings] = []
    monkeypatch.setattr("zhinan.serve.server.run", seen.append)
    serve(None, store=None, product="p", follow=True, host="localhost")
    assert seen[0].host in ("127.0.0.1", "::1")
    assert "localhost" in seen[0].hosts
    assert started(None, store=None, product="p", follow=True, host="localhost.invalid").code in ("E450", "E452")
