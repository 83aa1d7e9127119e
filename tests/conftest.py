"""What every test shares: no network outside the named suites, one thread a worker, skips that say why."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("zhinan", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("zhinan")

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ZHINAN_DATA", ROOT.parent / "shared" / "data"))
NAMED_SUITES = {"real", "system", "weights"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the public data sets, tests marked `real` are skipped and say so."""
    if DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("real"):
            item.add_marker(pytest.mark.skip(reason=f"the public data sets are not at {DATA} (set ZHINAN_DATA)"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets, for tests marked `real`."""
    return DATA


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit suite must pass without a network: only this machine may be called."""
    if NAMED_SUITES & {mark.name for mark in request.node.iter_markers()}:
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a unit test called {address}; mark it system, weights or real")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
