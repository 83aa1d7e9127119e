"""Stages that change: a rollback twice does not bring back what was taken away, and no worker misses a promotion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from zhinan.serve import live as module
from zhinan.serve.live import Live

from .conftest import place, talk

__all__ = ["place", "talk"]


def test_a_rollback_that_is_sent_again_changes_nothing(place: Any, talk: Callable[..., Any]) -> None:
    async def say(client: httpx.AsyncClient) -> list[Any]:
        asked = [
            ("/promote", {"version": 2}),
            *(("/rollback", body) for body in ({"from": 2}, {"from": 2}, {}, {"from": "2"})),
        ]
        replies = [await client.post(path, json=body) for path, body in asked]
        return [(one.status_code, one.json().get("error", {}).get("code")) for one in replies]

    assert talk(place.settings, say)[1:] == [(200, None), (409, "E432"), (409, "E431"), (422, "E473")]
    with place.store as store:
        assert store.stages("support").live == 1


def test_a_worker_that_begins_while_somebody_promotes_follows(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.store as store:
        found = module.live_source

        def late(*about: Any) -> str:
            source = found(*about)
            store.promote("support", 2, revision=1, who="t", why="")
            return source

        monkeypatch.setattr(module, "live_source", late)
        live = Live("support", None, store)
        assert live.version.number == 1
        live.refresh()
        assert live.version.number == 2


@pytest.mark.parametrize(("harm", "code"), [("changed", "E360"), ("missing", "E363")])
def test_no_version_goes_live_that_the_next_start_could_not_open(
    place: Any, talk: Callable[..., Any], harm: str, code: str
) -> None:
    async def say(client: httpx.AsyncClient) -> list[Any]:
        assert (await client.post("/promote", json={"version": 2})).status_code == 200
        head = place.folder / "versions" / "1" / "head.onnx"  # it is open still
        head.unlink() if harm == "missing" else head.write_bytes(b"else")
        replies = [
            await client.post(path, json=body) for path, body in (("/rollback", {}), ("/promote", {"version": 1}))
        ]
        return [(one.status_code, one.json()["error"]["code"]) for one in replies]

    assert talk(place.settings, say) == [(409, code)] * 2
    with place.store as store:
        assert store.stages("support").live == 2
