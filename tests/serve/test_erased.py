"""A version that somebody was forgotten from leaves a worker's memory and fails no request on its way out."""

from __future__ import annotations

import gc
import shutil
import weakref
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from zhinan.core import UserError
from zhinan.serve.live import Live
from zhinan.store.erasing import erase_version

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
