"""`GET /contract` tells what the store has, or what was known before where the store does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from zhinan.core import UserError
from zhinan.serve import known
from zhinan.store import Store

from .conftest import VERDICT

Ask = Callable[..., httpx.Response]
Talk = Callable[..., Any]


def test_contract_tells_the_stored_verdicts_in_the_readers_language(place: Any, ask: Ask) -> None:
    answer = ask(place.settings, "GET", "/contract").json()
    assert answer == {
        "product": "support", "version": 1, "outcome": "PROVED", "watched_at": None, "advice": [],
        "verdicts": [{**VERDICT, "word": "PROVED"}],
    }  # fmt: skip
    with place.store as store:
        store.set_verdicts("support", 1, [{**VERDICT, "verdict": "REFUTED", "why": {"en": "drift", "zh": "漂移"}}])
    (verdict,) = ask(place.settings, "GET", "/contract", **{"accept-language": "zh"}).json()["verdicts"]
    assert (verdict["verdict"], verdict["word"], verdict["why"]) == ("REFUTED", "不达标", "漂移")


def test_contract_tells_what_is_known_while_the_store_hangs_or_is_busy(
    place: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = [{**VERDICT, "verdict": "REFUTED"}]
    with place.store as store:
        store.set_verdicts("support", 1, changed)
    answers, back = Store.verdicts, threading.Event()

    def hangs(store: Store, product: str, number: int) -> Any:
        back.wait()
        return answers(store, product, number)

    def busy(*asked: Any) -> Any:
        raise UserError("E405", "store", seconds=30)

    async def say(client: httpx.AsyncClient) -> list[Any]:
        said = []
        for store in (busy, hangs, answers, hangs, busy):
            back.clear()
            monkeypatch.setattr(Store, "verdicts", store)
            monkeypatch.setattr(known, "PATIENCE", 0.05 if store is hangs else 60)
            said.append((await client.get("/contract", headers={"accept-language": "en"})).json())
            back.set()
        return said

    found = talk(place.settings, say)
    notes = [answer.get("note", "") for answer in found]
    assert [note.partition(": ")[2][:12] for note in notes] == ["this is what"] * 2 + [""] + ["this is what"] * 2
    assert [answer["verdicts"][0]["verdict"] for answer in found] == ["PROVED"] * 2 + ["REFUTED"] * 3
    assert ["build" in note for note in notes] == [True, True, False, False, False]
    assert {answer["version"] for answer in found} == {1}
