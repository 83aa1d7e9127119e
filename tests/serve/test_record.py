"""What was answered is written down once, however long the store can take nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.serve import record
from zhinan.serve.record import Recorder
from zhinan.steps.kept import Keeper
from zhinan.store import Event, Store


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(record, "LONGEST_SECONDS", 0.002)


class Failing:
    """A store that fails as it is told before it takes anything; one failure comes after it did."""

    def __init__(self, store: Store, codes: Sequence[str], late: str | None = None) -> None:
        self._store, self._codes, self._late = store, [*codes], late

    def add_events(self, product: str, events: Sequence[Event]) -> Any:
        if self._codes:
            raise UserError(self._codes.pop(), "here", reason="busy", seconds=30.0)
        done = self._store.add_events(product, events)
        if self._late is not None:
            code, self._late = self._late, None
            raise UserError(code, "here", reason="gone")
        return done


def recorded(
    store: Any, names: Sequence[str], until: Callable[[Counter[str]], bool], backlog: int = 1000
) -> Counter[str]:
    counts: Counter[str] = Counter()
    recorder = Recorder(store, "p", lambda outcome, n: counts.update({outcome: n}), backlog)
    for name in names:
        recorder.add(name, {"label": "a"}, {"text": "hi"}, Keeper(()))
    deadline = time.monotonic() + 60
    while not until(counts) and time.monotonic() < deadline:
        time.sleep(0.001)
    recorder.close()
    return counts


def test_a_group_waits_for_a_store_that_is_held_full_or_out_of_reach_and_is_stored_once(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        failing: Any = Failing(store, ["E405", "E404", "E407"], late="E407")
        counts = recorded(failing, ["1", "2"], lambda counts: counts["stored"] == 2)
        assert (counts["stored"], counts["dropped"]) == (2, 0)
        assert counts["held"] in (1, 2)  # as many as stood in the group that failed
        assert [event.event_id for event in store.events("p")] == ["1", "2"]


def test_one_that_cannot_be_stored_takes_no_other_with_it(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        counts = recorded(store, ["1", "x" * 201, "2"], lambda counts: counts.total() == 3)
        assert counts == {"stored": 2, "dropped": 1}
        assert [event.event_id for event in store.events("p")] == ["1", "2"]


def test_each_that_is_lost_is_counted_when_the_store_never_comes_back(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        failing: Any = Failing(store, ["E405"] * 100_000)
        counts = recorded(failing, [str(n) for n in range(50)], lambda counts: counts["held"] > 0, backlog=10)
        assert (counts["stored"], counts["dropped"]) == (0, 50)
        assert store.count_events("p") == 0
