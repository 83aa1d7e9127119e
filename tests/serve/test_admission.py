"""Who is let in is answered; who waits is let in in turn, or told to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.serve.admission import Admission
from zhinan.serve.inference import Inference
from zhinan.serve.settings import Limits

from .test_turns import Echo


def told(monkeypatch: pytest.MonkeyPatch, patience: float, count: int, held: int = 10**6) -> list[Any]:
    """What becomes of so many requests of 3 rows and 100 bytes, where 5 rows may wait; and the thread is held."""
    monkeypatch.setattr("zhinan.serve.admission.ROOM_SECONDS", patience)
    echo, inference = Echo(), Inference(batch=1, waiting=5)
    order: list[Any] = []

    async def ask(admission: Admission, name: int) -> None:
        try:
            await admission.enter(100)
        except UserError as error:
            order.append((name, error.code))
            return
        order.append(name)
        await inference.answer(echo, {"x": [name] * 3}, False)  # type: ignore[arg-type]

    async def talk() -> None:
        admission = Admission(inference, held)
        echo.gate.clear()
        asked = [asyncio.create_task(ask(admission, name)) for name in range(count)]
        await asyncio.sleep(0.05)
        order.append("open")
        echo.gate.set()
        await asyncio.gather(*asked)

    asyncio.run(talk())
    inference.close()
    return order


def test_everybody_let_in_is_answered_in_the_order_in_which_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    order = told(monkeypatch, patience=60, count=30)
    assert [name for name in order if name != "open"] == list(range(30))
    assert order.index("open") == 2, "the second is let in with the sixth row: its size is not known before it is read"


def test_who_waits_too_long_is_refused_and_let_in_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    order = told(monkeypatch, patience=0.01, count=6)
    assert order == [0, 1, *((name, "E471") for name in range(2, 6)), "open"]


def test_what_stands_in_line_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    order = told(monkeypatch, patience=60, count=12, held=300)
    assert order == [0, 1, *((name, "E471") for name in range(5, 12)), "open", 2, 3, 4]


def test_who_left_the_line_keeps_nobody_from_coming_in(monkeypatch: pytest.MonkeyPatch) -> None:
    echo, inference = Echo(), Inference(batch=1, waiting=1)

    async def talk() -> None:
        admission = Admission(inference, 10**6)
        echo.gate.clear()
        held = [asyncio.create_task(inference.answer(echo, {"x": [0, 0]}, False))]  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        line = [asyncio.create_task(admission.enter(1)) for _ in range(3)]
        await asyncio.sleep(0.02)
        line[0].cancel()
        echo.gate.set()
        await asyncio.gather(*held, *line[1:])

    asyncio.run(asyncio.wait_for(talk(), 30))
    inference.close()


def test_a_request_with_more_rows_than_may_wait_is_answered_when_none_does(place: Any, ask: Callable[..., Any]) -> None:
    settings = replace(place.fixed, limits=Limits(waiting=4))
    assert (
        ask(
            settings, "POST", "/predict", {"inputs": [{"message": "lost", "channel": "web", "amount": 2}] * 5}
        ).status_code
        == 200
    )
