"""What was answered is written down once, however long the store can take nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.postgres import end_connections

from zhinan.core import UserError
from zhinan.serve import record
from zhinan.serve.archive import Archive
from zhinan.serve.jobs import JobDesk
from zhinan.serve.masking import Masking
from zhinan.serve.record import Recorder
from zhinan.steps.kept import Keeper
from zhinan.store import Event, Store


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(record, "LONGEST_SECONDS", 0.002)


class Failing:
    """A store that fails as it is told before it takes anything; one failure comes after it did."""

    def __init__(self, store: Store, codes: Sequence[str | Exception], late: str | None = None) -> None:
        self._store, self._codes, self._late = store, [*codes], late

    def add_events(self, product: str, events: Sequence[Event]) -> Any:
        if self._codes:
            code = self._codes.pop()
            raise UserError(code, "here", reason="busy", seconds=30.0) if isinstance(code, str) else code
        done = self._store.add_events(product, events)
        if self._late is not None:
            code, self._late = self._late, None
            raise UserError(code, "here", reason="gone")
        return done


def recorded(
    store: Any, names: Sequence[str], until: Callable[[Counter[str]], bool], backlog: int = 1000,
    texts: Sequence[str] = (),
) -> Counter[str]:  # fmt: skip
    counts: Counter[str] = Counter()
    recorder = Recorder(Archive(lambda: store, "p"), lambda outcome, n: counts.update({outcome: n}), backlog)
    for name, said in zip(names, texts or ["hi"] * len(names), strict=True):
        recorder.add(name, {"label": "a"}, {"text": said}, Masking())
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


def test_no_error_ends_the_recording(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store(tmp_path) as store:
        failing: Any = Failing(store, [RuntimeError("hi")] * 2)
        counts = recorded(failing, ["1", "2"], lambda counts: counts["stored"] == 2)
        assert (counts["stored"], counts["dropped"]) == (2, 0)
        assert counts["held"] in (1, 2)
    assert "RuntimeError at" in caplog.text
    assert "hi" not in caplog.text.split()


def test_what_cannot_be_masked_is_dropped_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(_: Keeper, some: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [{"text": {"hi": "hidden"}[inputs["text"]]} for inputs in some]

    monkeypatch.setattr(Keeper, "rows", rows)
    with Store(tmp_path) as store:
        counts = recorded(store, ["1", "2", "3"], lambda counts: counts.total() == 3, texts=["hi", "ho", "hi"])
        assert counts == {"stored": 2, "dropped": 1}
        assert [event.event_id for event in store.events("p")] == ["1", "3"]


@pytest.mark.system
def test_a_server_that_ends_its_connections_costs_no_record(new_database: Callable[[], str], tmp_path: Path) -> None:
    mine, its = f"{(rows := new_database())}&application_name=recorder&folder={tmp_path}", f"{rows}&folder={tmp_path}"
    with Store(mine) as store, Store(its) as other:
        counts: Counter[str] = Counter()
        recorder = Recorder(Archive(lambda: store, "p"), lambda outcome, n: counts.update({outcome: n}))
        with other._database.write():  # so the recorder waits for its turn, in a transaction
            recorder.add("1", {"label": "a"}, {"text": "hi"}, Masking())
            deadline = time.monotonic() + 60
            while not counts["held"] and time.monotonic() < deadline:
                end_connections(other._database, "recorder")
                time.sleep(0.01)
            recorder.add("2", {"label": "a"}, {"text": "hi"}, Masking())
        while counts["stored"] < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        recorder.close()
        assert counts == {"held": 1, "stored": 2}
        assert {event.event_id for event in other.events("p")} == {"1", "2"}


def test_each_that_is_lost_is_counted_when_the_store_never_comes_back(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        failing: Any = Failing(store, ["E405"] * 100_000)
        counts = recorded(failing, [str(n) for n in range(50)], lambda counts: counts["held"] > 0, backlog=10)
        assert (counts["stored"], counts["dropped"]) == (0, 50)
        assert store.count_events("p") == 0


def test_what_became_of_records_is_known_before_a_worker_that_ends_waits_for_the_store(
    place: Any, talk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = place.folder / "shared"
    shared.mkdir()
    row, known = {"message": "hi", "channel": "web", "amount": 2}, list[str]()
    close = JobDesk.close

    async def noted(desk: JobDesk) -> None:
        known.append(next(shared.glob("worker-*.json")).read_text("utf-8"))
        await close(desk)

    async def say(client: httpx.AsyncClient) -> None:
        assert (await client.post("/predict", json={"inputs": [row]})).status_code == 200

    monkeypatch.setattr(JobDesk, "close", noted)
    talk(replace(place.settings, shared=str(shared)), say)
    (counts,) = known
    assert '["zhinan_records_total", [["outcome", "stored"]], 1.0]' in counts


def test_a_prediction_whose_id_is_taken_is_counted_as_dropped_and_long_texts_are_cut(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.add_events("p", [Event("taken", "feedback", {"label": "a"}, time.time())])
        counts: Counter[str] = Counter()
        recorder = Recorder(Archive(lambda: store, "p"), lambda what, n: counts.update({what: n}))
        for name in ("taken", "free"):
            recorder.add(name, {"label": "a"}, {"text": "x" * 19_989 + "; 13800138000 and more" * 9_000}, Masking())
        recorder.close()
        assert counts == {"stored": 1, "dropped": 1}
        (kept,) = store.events("p", kind="prediction")
        assert kept.payload["input"]["text"] == "x" * 19_989 + ";…"
