"""Whoever rolls back twice, in haste or by a retry, does not bring back what was just taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

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
