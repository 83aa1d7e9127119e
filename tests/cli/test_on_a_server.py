"""Rows on a PostgreSQL server, everything else in a folder: the whole life of a product from the command line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import inspect, text
from tests.postgres import on_disk

from zhinan.engine import building
from zhinan.evaluate.costs import Costs
from zhinan.store import Store

pytestmark = pytest.mark.system

CANARY = "canary-5e1fd00d"
"""What one person wrote, and is called."""


@contextmanager
def served(product: Path) -> Iterator[str]:
    """`zhinan serve` in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "zhinan", "serve", str(product), "--port", str(port), "--workers", "1", "-q"]
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths})
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: get(f"{url}/readyz") == 200)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def get(url: str) -> int:
    try:
        return httpx.get(url).status_code
    except httpx.TransportError:
        return 0


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def asked(url: str, person: str = "bob") -> Any:
    inputs = [{"message": f"lost my card, {person}", "channel": "app"}]
    return httpx.post(f"{url}/predict", json={"inputs": inputs, "person": person}).json()


def kept(rows: str, folder: Path) -> str:
    """All that the database and the folder hold."""
    with Store(f"{rows}&folder={folder}") as store, store._database.read() as connection:
        names = inspect(connection).get_table_names()
        tables = [str(connection.execute(text(f"SELECT * FROM {name}")).fetchall()) for name in names]
        disk = on_disk(connection)
    files = [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    return "".join([*tables, disk.decode("latin-1"), *files])


def test_a_product_lives_on_a_server_from_its_first_build_to_a_receipt(
    shop: Callable[..., Path], tmp_path: Path, new_database: Callable[[], str], zhinan: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    latencies = 0.004 * np.tile(np.linspace(0.9, 1.1, 40), 10)
    told = Costs(latencies, np.repeat(np.arange(10), 40), np.full(10, 500.0), np.full(10, 2e8), 2_000_000)
    monkeypatch.setattr(building, "measure_costs", lambda *_, **__: told)
    product = shop(tmp_path / "shop", rows=240, must=("accuracy >= 60%",), more="  person: user_id\n")
    data = product.parent / "messages.csv"
    lines = [line.replace(",u7,", f",{CANARY},") for line in data.read_text("utf-8").splitlines()]
    rows = new_database()
    monkeypatch.setenv("ZHINAN_STORE", rows)
    data.write_text("\n".join(lines), "utf-8")
    assert zhinan("build", product, "--until", "shallow", "--json").code == 0
    with Store(f"{rows}&folder={product.parent / '.zhinan'}") as store:
        first = store.version("shop", 1)
        store.add_version("shop", "again", first.path, outcome="PROVED", summary=first.summary)
    assert zhinan("status", product, "--json").json["live"] == 1
    assert zhinan("improve", product, "--json").json["decision"] == "nothing new"
    with served(product) as url:
        said = {"prediction_id": asked(url, CANARY)["outputs"][0]["id"], "label": "card", "person": CANARY}
        until(lambda: httpx.post(f"{url}/feedback", json={"event_id": "f1", **said}).status_code in (200, 201))
        more = tmp_path / "more.csv"
        more.write_text(f"message,channel,user_id,intent\nwrong password,app,{CANARY},login\n", "utf-8")
        assert zhinan("feedback", product, "--input", more, "--json").json["new"] == 1
        assert zhinan("promote", product, "@2", "--json").json == {"live": 2, "previous": 1}
        assert zhinan("rollback", product, "--json").json == {"live": 1, "previous": 2}
        assert CANARY in kept(rows, product.parent / ".zhinan")
        forgotten = zhinan("forget", product, CANARY, "--json")
        assert forgotten.code == 0, forgotten
        receipt = forgotten.json
        until(lambda: asked(url)["version"] == receipt["retrained"]["version"])
    assert receipt["versions"] == {"trained_on": [1, 2], "deleted": [1, 2], "pending": []}
    assert receipt["erased"]["feedback"] == 2
    assert receipt["erased"]["predictions"] == 1
    assert zhinan("forget", product, "--verify", receipt["path"], "--json").json["ok"]
    assert CANARY not in kept(rows, product.parent / ".zhinan")
    elsewhere = zhinan("status", product, "--store", f"{rows}&folder={tmp_path / 'empty'}", "--json")
    assert elsewhere.json["error"]["code"] == "E427"
