"""What goes wrong over a job is told where it happened, and holds up nobody longer than that."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest

from zhinan.steps.kept import Keeper
from zhinan.store import Jobs

from .test_jobs import CANARY, JSONL, ROW, Talk, lines, result


def test_a_job_over_which_something_failed_waits_for_no_lease_when_the_worker_ends(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed = Jobs.next_rows, threading.Event()

    def next_rows(jobs: Jobs, job: str) -> Any:
        failed.set()
        raise ConnectionResetError

    monkeypatch.setattr(Jobs, "next_rows", next_rows)

    async def leave(client: httpx.AsyncClient) -> str:
        job = (await client.post("/jobs", content=lines([ROW]), headers=JSONL)).json()["job"]
        await asyncio.to_thread(failed.wait)
        return str(job)

    job = talk(place.settings, leave)
    monkeypatch.setattr(Jobs, "next_rows", real)
    with place.store as store:
        taken = Jobs(store, "support").take("another")
    assert taken is not None
    assert taken.id == job


def test_a_row_that_cannot_be_hidden_is_told_in_its_place_and_not_kept(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Keeper.rows

    def rows(keeper: Keeper, some: Any) -> Any:
        if any(row["amount"] == 13 for row in some):
            raise ValueError(CANARY)
        return real(keeper, some)

    monkeypatch.setattr(Keeper, "rows", rows)

    async def say(client: httpx.AsyncClient) -> Any:
        return await result(client, lines([{**ROW, "amount": n} for n in (12, 13, 14)]))

    told = talk(place.settings, say)
    assert [row.get("error", {}).get("code") for row in told] == [None, "E472", None]
    with place.store as store:
        assert [event.payload["input"]["amount"] for event in store.events("support", "prediction")] == [12, 14]
