"""Events and their writer: stored once, answered after the fsync, also when the disk is full."""

from __future__ import annotations

import asyncio
import math
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.postgres import end_connections

from zhinan.core import UserError
from zhinan.store import Event, EventWriter, Jobs, Store, _database, change_run
from zhinan.store._failures import failure


def event(name: str, at: float = 1.0, person: str | None = None, **payload: Any) -> Event:
    return Event(name, "feedback", payload, at, person)


def test_a_retry_is_a_repeat_and_other_content_under_the_same_id_is_a_conflict(store: Store) -> None:
    assert store.add_events("p", [event("1", label="退款"), event("2"), event("2")]) == ["new", "new", "repeat"]
    again = [event("1", at=9.0, label="退款"), event("1", label="other"), event("1", label="退款", person="u")]
    assert store.add_events("p", [*again, event("3")]) == ["repeat", "conflict", "conflict", "new"]
    assert store.add_events("q", [event("1", label="other")]) == ["new"]
    assert store.add_events("p", []) == []
    assert [(found.event_id, found.payload, found.at) for found in store.events("p")] == [
        ("1", {"label": "退款"}, 1.0), ("2", {}, 1.0), ("3", {}, 1.0),
    ]  # fmt: skip


def test_events_are_paged_by_kind_in_the_order_they_were_stored(store: Store) -> None:
    made = [Event(str(n), "prediction" if n % 3 else "feedback", {"n": n}, float(n), "u") for n in range(10)]
    store.add_events("p", made)
    first = store.events("p", "prediction", limit=4)
    rest = store.events("p", "prediction", after=first[-1].seq)
    assert [found.payload["n"] for found in first + rest] == [1, 2, 4, 5, 7, 8]
    assert first[0] == made[1]
    assert [store.count_events("p", kind) for kind in ("prediction", "feedback", None)] == [6, 4, 10]


@pytest.mark.parametrize(
    "wrong",
    [
        event("x", at=math.nan),
        event("x", score=math.inf),
        event("x", text="half a pair \ud83d"),
        event("\ud83d"),
        event("nul\0"),
        event("x", person="\0"),
        event("x", when=object()),
        event(""),
        event("x" * 201),
        Event("x", "gossip", {}, 1.0),  # type: ignore[arg-type]
        Event("x", "feedback", ["a list"], 1.0),  # type: ignore[arg-type]
    ],
)
def test_an_event_that_cannot_be_stored_exactly_is_refused_and_its_batch_with_it(store: Store, wrong: Event) -> None:
    with pytest.raises(UserError) as error:
        store.add_events("p", [event("fine"), wrong])
    assert error.value.code == "E412"
    assert store.count_events("p") == 0


@pytest.mark.parametrize("name", ["", "nul\0", "\ud83d", "../up", "a/b", "-x", "a.", "ｓｈｏｐ", "x" * 65])
def test_a_name_that_no_contract_could_have_comes_through_no_door(store: Store, name: str) -> None:
    doors: list[Callable[[], Any]] = [
        lambda: store.add_events(name, [event("fine")]),
        lambda: store.add_version(name, "digest", "path", outcome="PROVED", summary={}),
        lambda: store.start_run(name, "key", {}),
        lambda: change_run(store, name, "key", {}, dict),
        lambda: store.open_seal(name, "key", ["row"], delta=0.05, lines={}),
        lambda: Jobs(store, name).begin("", {}, 9),
    ]
    for door in doors:
        with pytest.raises(UserError) as error:
            door()
        assert error.value.code == "E430"


def test_the_writer_answers_many_requests_each_with_its_own_outcome(store: Store) -> None:
    async def all_at_once(writer: EventWriter) -> list[Any]:
        adds = [writer.add("pq"[n % 2], event(str(n // 4), n=n // 4)) for n in range(400)]
        return await asyncio.gather(*adds, writer.add("p", event("0", n=-1)))

    with EventWriter(store) as writer:
        outcomes = asyncio.run(all_at_once(writer))
        assert (outcomes.count("new"), outcomes.count("repeat"), outcomes[-1]) == (200, 200, "conflict")
        with ThreadPoolExecutor(8) as pool:
            again = list(pool.map(lambda n: writer.add_sync("p", event(str(n), n=n)), range(120)))
    assert (again.count("repeat"), again.count("new")) == (100, 20)
    assert store.count_events("p") == 120


def test_an_acknowledged_event_is_seen_by_others_at_once(store: Store, place: str, tmp_path: Path) -> None:
    with EventWriter(store) as writer, Store(place) as other:
        for n in range(5):
            writer.add_sync("p", event(str(n)))
            assert other.count_events("p") == n + 1


def test_events_that_arrive_together_share_commits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    commit = store._add_rows

    def counted(rows: Any) -> Any:
        sizes.append(len(rows))
        return commit(rows)

    async def all_at_once(writer: EventWriter) -> None:
        await asyncio.gather(*(writer.add("p", event(str(n))) for n in range(250)))

    monkeypatch.setattr(store, "_add_rows", counted)
    with EventWriter(store, window=0.2) as writer:
        asyncio.run(all_at_once(writer))
    assert sum(sizes) == 250
    assert len(sizes) <= 3
    assert min(sizes[:-1], default=100) >= 100, "it waited for the window though many had come"


def test_cancelling_the_wait_neither_loses_the_event_nor_harms_the_others(store: Store) -> None:
    async def impatient(writer: EventWriter) -> str:
        lost = asyncio.ensure_future(writer.add("p", event("1")))
        await asyncio.sleep(0)
        lost.cancel()
        return await writer.add("p", event("2"))

    with EventWriter(store) as writer:
        assert asyncio.run(impatient(writer)) == "new"
    assert store.count_events("p") == 2


def test_closing_writes_what_waits_and_refuses_what_comes_later(store: Store) -> None:
    writer = EventWriter(store, window=30.0)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(writer.add_sync, "p", event(str(n))) for n in range(3)]
        while len(writer._waiting) < 3:
            time.sleep(0.001)
        writer.close()
        assert [future.result() for future in waiting] == ["new"] * 3
    with pytest.raises(UserError) as error:
        writer.add_sync("p", event("late"))
    assert error.value.code == "E413"
    assert store.count_events("p") == 3


def test_the_queue_has_an_end(store: Store) -> None:
    writer = EventWriter(store, backlog=2)
    with store._database.write():  # somebody is writing: the group of the first event waits for its turn
        threads = [threading.Thread(target=writer.add_sync, args=("p", event(str(n)))) for n in range(3)]
        threads[0].start()
        while writer._waiting or not threads[0].is_alive():
            time.sleep(0.001)
        time.sleep(0.02)
        for thread in threads[1:]:
            thread.start()
        while len(writer._waiting) < 2:
            time.sleep(0.001)
        with pytest.raises(UserError, match="2 are waiting"):
            writer.add_sync("p", event("one too many"))
    for thread in threads:
        thread.join()
    writer.close()
    assert store.count_events("p") == 3


def test_a_full_disk_is_told_and_reading_and_the_writer_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_database, "PRAGMAS", (*_database.PRAGMAS, "max_page_count = 60"))
    with Store(tmp_path) as store, EventWriter(store) as writer:
        assert writer.add_sync("p", event("before")) == "new"
        with pytest.raises(UserError) as error:
            writer.add_sync("p", event("big", text="x" * 400_000))
        assert error.value.code == "E404"
        assert [found.event_id for found in store.events("p")] == ["before"]
        with pytest.raises(UserError):
            store.add_events("p", [event("small"), event("big", text="x" * 400_000)])
        assert writer.add_sync("p", event("small")) == "new"
        assert store.count_events("p") == 2


@pytest.mark.system
def test_a_server_that_ends_its_connections_is_told_and_the_writer_goes_on(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    rows = new_database()
    mine, its = f"{rows}&application_name=writer&folder={tmp_path}", f"{rows}&folder={tmp_path}"
    with Store(mine) as store, Store(its) as other, EventWriter(store) as writer, ThreadPoolExecutor(1) as pool:
        with other._database.write():  # so the writer waits for its turn, in a transaction
            waiting = pool.submit(writer.add_sync, "p", event("1"))
            while not waiting.done():
                end_connections(other._database, "writer")
                time.sleep(0.01)
        with pytest.raises(UserError) as error:
            waiting.result()
        assert error.value.code == "E407"
        assert writer.add_sync("p", event("1")) == "new"
        assert end_connections(other._database, "writer"), "nobody uses them now"
        assert writer.add_sync("p", event("2")) == "new"
        assert store.count_events("p") == 2


@pytest.mark.parametrize("state", ["57P01", "57P02", "57P03", "08000", "08003", "08006", "53300"])
def test_a_server_that_is_away_is_a_store_that_cannot_be_used(state: str) -> None:
    known = failure(type("OperationalError", (Exception,), {"sqlstate": state})("away"), "here")
    assert known is not None
    assert known.code == "E407"


def test_what_expires_is_gone_with_its_bytes_and_labels_stay(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        aged = [event(f"old-{n}", text="forgotten words", at=float(n)) for n in range(3)]
        kept = Event("label", "label", {"label": "a"}, 0.0)
        store.add_events("p", [*aged, kept, event("young", at=9.0)])
        store.add_events("q", [event("of another", at=0.0)])
        assert store.expire_events("p", 5.0) == 3
        assert [found.event_id for found in store.events("p")] == ["label", "young"]
        assert store.count_events("q") == 1
        assert store.expire_events("p", 5.0) == 0
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"forgotten words" not in held


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("this system has no mount command")
    if mounted.returncode:
        pytest.skip("a small disk may not be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.system
def test_a_really_full_disk_is_told_and_freed_space_is_used(small_disk: Path) -> None:
    with Store(small_disk) as store, EventWriter(store) as writer:
        writer.add_sync("p", event("before"))
        ballast = small_disk / "ballast"
        fill = ["dd", "if=/dev/zero", f"of={ballast}", "bs=4k"]
        assert subprocess.run(fill, capture_output=True, check=False).returncode == 1
        codes = []
        for n in range(5):
            with pytest.raises(UserError) as error:
                writer.add_sync("p", event(str(n), text="x" * 9000))
            codes.append(error.value.code)
            assert [found.event_id for found in store.events("p")] == ["before"]
        with pytest.raises(UserError) as error:
            store.blobs.put(b"x" * 9000)
        assert [*codes, error.value.code] == ["E404"] * 6
        ballast.unlink()
        assert writer.add_sync("p", event("0", text="x" * 9000)) == "new"
        assert store.blobs.get(store.blobs.put(b"x" * 9000)) == b"x" * 9000
