"""A version that somebody was forgotten from leaves a worker's memory and fails no request on its way out."""

from __future__ import annotations

import asyncio
import gc
import shutil
import weakref
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from zhinan.core import UserError
from zhinan.serve.live import Live
from zhinan.store.erasing import enter_forgotten, erase_version

ROW = {"message": "my card is lost", "channel": "web", "amount": 2}
Talk = Callable[..., Any]


def test_a_version_that_was_erased_is_not_held_in_memory(place: Any) -> None:
    with place.store as store:
        live = Live("support", None, store)
        store.promote("support", 2, revision=1, who="t", why="")
        live.refresh()
        assert (live.version.number, live.candidate(1).number) == (2, 1), "open, for a rollback"
        before = weakref.ref(live.candidate(1))
        erase_version(store, "support", 1, who="forget", why="")
        live.refresh()
        gc.collect()
        assert before() is None
        assert live.version.number == 2
        with pytest.raises(UserError, match="E401"):
            live.candidate(1)


def test_a_version_erased_while_it_still_answers_fails_no_request(place: Any, talk: Talk) -> None:
    async def say(client: httpx.AsyncClient) -> list[int]:
        assert (await client.post("/promote", json={"version": 2})).status_code == 200
        shutil.rmtree(place.folder / "versions")  # forgotten, before this worker noticed
        asked = [client.post("/predict", json={"inputs": [ROW]}), client.get("/contract"), client.get("/openapi.json")]
        return [(await one).status_code for one in asked]

    assert talk(place.settings, say) == [200, 200, 200]


def test_what_a_forgetting_waited_with_goes_soon_after_a_promotion_and_is_no_way_back(place: Any, talk: Talk) -> None:
    place.add(3)
    state = {"versions": [1], "sources": [], "erased": {}, "done": False}
    with place.store as store:
        enter_forgotten(store, "support", {"ann": ["code"]}, lambda person, held: state)
        store.promote("support", 2, revision=1, who="t", why="")

    async def say(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        attempts = [client.post("/promote", json={"version": 1}), client.post("/rollback", json={})]
        refused = [(said.status_code, said.json()["error"]["code"]) for said in [await one for one in attempts]]
        await client.post("/promote", json={"version": 3})
        for _ in range(100):
            await asyncio.sleep(0.1)
            with place.store as store:
                if [row.number for row in store.versions("support")] == [2, 3]:
                    break
        return refused

    refused = talk(place.settings, say)
    assert all(one in ((409, "E556"), (404, "E401"), (409, "E403")) for one in refused), refused
    with place.store as store:
        assert [row.number for row in store.versions("support")] == [2, 3]
        assert store.stages("support").live == 3
