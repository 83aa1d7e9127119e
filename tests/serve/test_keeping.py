"""What is kept of what people send is what the version's contract says, and the product file where it is stricter."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from zhinan.package.keeping import Keeping, in_force
from zhinan.store import Event, Stages, Store

ROW = {"message": "my card is lost", "channel": "web", "amount": 2}
Ask = Callable[..., httpx.Response]
Talk = Callable[..., Any]


@pytest.mark.parametrize(
    ("contract", "keeps", "seconds"),
    [
        ("product: p", True, 30 * 86400),
        ("goal: serve  # serve: {keep_inputs: none}", True, 30 * 86400),
        ("serve: {keep_inputs: none, retention: 2 days}", False, 2 * 86400),
        ('"\\x73erv\\u0065": {keep_inputs: none, retention: 2 days}', False, 2 * 86400),
    ],
)
def test_what_is_kept_is_what_the_contract_says_however_its_key_is_written(
    contract: str, keeps: bool, seconds: float
) -> None:
    found = Keeping.sealed(contract)
    assert (found.inputs, found.retention) == (keeps, seconds)


@pytest.mark.parametrize("said", ["none", "false"])  # what is not understood keeps nothing
def test_a_contract_may_forbid_to_keep_inputs(place: Any, ask: Ask, said: str) -> None:
    path = place.add(3, f"product: support\nserve:\n  keep_inputs: {said}\n".encode())
    ask(replace(place.settings, source=str(path)), "POST", "/predict", {"inputs": [ROW]})
    with place.store as store:
        (event,) = store.events("support", "prediction")
    assert event.payload.keys() == {"version", "label", "probability"}


def test_the_stricter_of_the_product_file_and_the_live_version_holds(place: Any, ask: Ask) -> None:
    body = {"inputs": [{**ROW, "message": "order 4711-x"}]}
    for keeping in (Keeping(patterns={"order": r"\d{4}-x"}), Keeping(inputs=False)):
        ask(replace(place.settings, keeping=keeping), "POST", "/predict", body)
    with place.store as store:
        masked, none = store.events("support", "prediction")
    assert masked.payload["input"]["message"] == "order [ORDER]"
    assert "input" not in none.payload


def test_what_is_in_force_is_said_of_the_version_that_says_it(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    place.add(3, b"product: support\nserve: {keep_inputs: none}\n")
    answers = [Stages(1, 3, 3), Stages(3, 1, 2)]  # put back meanwhile
    monkeypatch.setattr(Store, "stages", lambda store, product: answers.pop())
    with place.store as store:
        told = in_force(Keeping(), store, "support")
    assert (told["keep_inputs"], told["version"]) == ("none", 3)


def test_a_contract_says_how_long_events_are_kept_whatever_else_fails(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_right(store: Store, product: str) -> tuple[int, ...]:
        raise PermissionError("the folder of a version that somebody was forgotten from")

    monkeypatch.setattr("zhinan.serve.app.erase_waiting", no_right)
    path = place.add(3, b"product: support\nserve: {retention: 2 h}\n")
    with place.store as store:
        aged = [Event(f"e{hours}", "feedback", {"rating": 5}, time.time() - 3600 * hours) for hours in (1, 3)]
        store.add_events("support", aged)

    async def wait(client: httpx.AsyncClient) -> None:
        for _ in range(100):
            await asyncio.sleep(0.1)
            with place.store as store:
                if store.count_events("support") < 2:
                    return

    talk(replace(place.settings, source=str(path)), wait)
    with place.store as store:
        assert [event.event_id for event in store.events("support")] == ["e1"]
