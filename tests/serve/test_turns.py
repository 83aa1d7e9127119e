"""One thread computes for everybody: in fair turns, and what one asks never changes what another is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.serve.inference import Inference
from zhinan.tasks.classify import Classify


class Echo:
    """Answers each row with its own number; remembers the sizes of its batches. A row −1 cannot be computed."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()

    @property
    def task(self) -> Classify:
        return Classify()

    def answer(self, columns: Mapping[str, list[int]], probabilities: bool) -> Any:
        self.gate.wait()
        self.sizes.append(len(columns["x"]))
        self.threads.add(threading.get_ident())
        if -1 in columns["x"]:
            raise ValueError("not computable")
        chances = {"probabilities": {}} if probabilities else {}
        return [{"label": str(x), **chances} for x in columns["x"]]


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=9), min_size=1, max_size=9), st.integers(1, 8))
@settings(max_examples=40)
def test_everybody_gets_the_answers_to_what_they_asked(requests: list[list[int]], batch: int) -> None:
    echo, inference = Echo(), Inference(batch=batch)

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(
            *(inference.answer(echo, {"x": rows}, i % 2 == 0) for i, rows in enumerate(requests))  # type: ignore[arg-type]
        )

    told = asyncio.run(all_at_once())
    inference.close()
    for i, (rows, answers) in enumerate(zip(requests, told, strict=True)):
        assert [answer["label"] for answer in answers] == [str(row) for row in rows]
        assert [("probabilities" in answer) for answer in answers] == [i % 2 == 0] * len(rows)
    assert max(echo.sizes) <= batch
    assert len(echo.threads) == 1


def test_what_waits_is_computed_together_and_a_long_request_lets_others_pass() -> None:
    echo, inference = Echo(), Inference(batch=4)
    order: list[str] = []

    async def asked(name: str, rows: int) -> None:
        await inference.answer(echo, {"x": [1] * rows}, False)  # type: ignore[arg-type]
        order.append(name)

    async def talk() -> None:
        echo.gate.clear()
        first = asyncio.create_task(asked("first", 1))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(asked(name, rows)) for name, rows in (("long", 20), ("a", 1), ("b", 1))]
        await asyncio.sleep(0.05)
        echo.gate.set()
        await asyncio.gather(first, *others)

    asyncio.run(talk())
    inference.close()
    assert order[0] == "first"
    assert order[-1] == "long"
    assert sum(echo.sizes) == 23
    assert len(echo.sizes) == 7


def test_one_request_that_cannot_be_computed_fails_alone() -> None:
    echo, inference = Echo(), Inference()

    async def talk() -> list[Any]:
        echo.gate.clear()
        tasks = [asyncio.create_task(inference.answer(echo, {"x": [x]}, False)) for x in (5, -1, 6)]  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        echo.gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    five, failed, six = asyncio.run(talk())
    assert (five[0]["label"], six[0]["label"]) == ("5", "6")
    assert isinstance(failed, ValueError)
    assert inference.alive
    assert inference.waiting == 0
    inference.close()


def test_the_queue_is_bounded_and_who_left_is_not_computed_for() -> None:
    echo, inference = Echo(), Inference(batch=1, waiting=3)

    async def talk() -> None:
        echo.gate.clear()
        held = asyncio.create_task(inference.answer(echo, {"x": [0]}, False))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        left = asyncio.create_task(inference.answer(echo, {"x": [7, 8, 9]}, False))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        with pytest.raises(UserError, match="E471"):
            await inference.answer(echo, {"x": [1]}, False)  # type: ignore[arg-type]
        assert not inference.room
        left.cancel()
        echo.gate.set()
        await held
        await asyncio.sleep(0.05)
        assert inference.room

    asyncio.run(talk())
    inference.close()
    assert echo.sizes == [1]
    assert inference.waiting == 0


def test_rows_that_nobody_waits_for_come_last_a_few_at_a_time_and_yet_get_a_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    echo, inference = Echo(), Inference(batch=4)
    order: list[str] = []

    async def asked(name: str, rows: int, last: bool = False) -> None:
        await inference.answer(echo, {"x": [1] * rows}, False, last=last)  # type: ignore[arg-type]
        order.append(name)

    async def talk(starved: float) -> None:
        monkeypatch.setattr("zhinan.serve.inference.STARVED_SECONDS", starved)
        echo.gate.clear()
        first = asyncio.create_task(asked("first", 1))
        await asyncio.sleep(0.05)
        job = asyncio.create_task(asked("job", 5, last=True))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(asked(name, 4)) for name in "abcdef"]
        await asyncio.sleep(0.05)
        assert inference.waiting == 24
        echo.gate.set()
        await asyncio.gather(first, job, *others)

    asyncio.run(talk(starved=60))
    assert order == ["first", *"abcdef", "job"]
    assert echo.sizes[7] == 1  # before anything is known of how long a row takes
    asyncio.run(talk(starved=0))
    inference.close()
    assert order[8:].index("job") < 6
