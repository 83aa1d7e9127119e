"""A worker on its way out tells whoever is connected, so that nobody asks on a connection that is about to end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import Any

import httpx
import pytest

from zhinan.serve.app import Worker
from zhinan.serve.leaving import Leaving

from .conftest import place

__all__ = ["place"]


def test_from_the_word_to_leave_on_every_answer_ends_its_connection(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhinan.serve.leaving.SECONDS", 60.0)  # the end itself is the server's

    async def talk() -> list[str | None]:
        with socket.socket() as listens:
            listens.bind(("127.0.0.1", 0))
            worker = Worker(place.fixed)
            worker.app.leaving = Leaving(listens)
            worker.app.leaving.arm()
            transport = httpx.ASGITransport(worker.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                before = await client.get("/livez")
                os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.sleep(0.05)
                after = [await client.get("/livez"), await client.post("/livez")]
            asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
            worker.app.leaving._silent.close()
            return [one.headers.get("connection") for one in (before, *after)]

    assert asyncio.run(talk()) == [None, "close", "close"]
