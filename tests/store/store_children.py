"""What the processes of the crash and crowd tests do. Kept light: a child starts with nothing but the store."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.event import listen

from zhinan.core import UserError
from zhinan.store import Event, EventWriter, Store, rotate
from zhinan.store.claims import claimed
from zhinan.store.erasing import version_folder


def event(name: str, **payload: Any) -> Event:
    return Event(name, "feedback", {"label": "refund", **payload}, time.time())


def write_until_killed(place: str, label: str) -> None:
    """Eight threads add events and say each acknowledged id; one changes the stages as fast as it can."""
    store = Store(place)
    writer = EventWriter(store)

    def add(thread: int) -> None:
        for i in itertools.count():
            name = f"{label}-{thread}-{i}"
            os.write(1, f"try {name}\n".encode())
            if writer.add_sync("p", event(name, text="卡丢了 " * 20)) == "new":
                os.write(1, f"ack {name}\n".encode())

    def swap() -> None:
        for i in itertools.count():
            now = store.stages("p")
            done = store.promote("p", 1 + i % 2, revision=now.revision, who="test", why=label)
            os.write(1, f"rev {done.revision}\n".encode())

    threads = [threading.Thread(target=add, args=(n,), daemon=True) for n in range(8)]
    for thread in [*threads, threading.Thread(target=swap, daemon=True)]:
        thread.start()
    os.write(1, b"ready\n")
    threads[0].join()


def open_seal_and_die(place: str) -> None:
    """Dies between the charge and the result."""
    Store(place).open_seal("p", "key", ["a", "b"], delta=0.05, lines={"accuracy >= 90%": 1})
    os._exit(9)


def promote_in_rounds(place: str, number: str) -> None:
    """For every revision read from standard input tries to change it, as all the others do; says what came of it."""
    with Store(place) as store:
        print("ready", flush=True)
        for line in sys.stdin:
            try:
                print(store.promote("p", int(number), revision=int(line), who=number, why="race").revision, flush=True)
            except UserError as error:
                print(error.code, flush=True)


def change_stages_at_faults(place: str, deaths: str, failures: str) -> None:
    """Promotes or rolls back once for each fault, which falls at another moment of SQLite's work each time.

    Says for each fault what it was, the revision before, and what a new process finds: whether the audit is whole, and
    the revision then.
    """
    for number, (kind, places) in enumerate(itertools.product(("promote", "rollback"), (int(deaths), int(failures)))):
        deadly = number % 2 == 0
        steps = _steps(place, kind)
        for i in range(places):
            with Store(place) as store:
                before = store.stages("p").revision
            _change(place, kind, 1 + i * steps // places, deadly)
            with Store(place) as store:
                whole, after = store.verify_audit("p"), store.stages("p").revision
            print(json.dumps([kind, deadly, before, whole, after]), flush=True)


def _steps(place: str, kind: str) -> int:
    """How many looks SQLite allows while it changes the stages once."""
    seen = [0]

    def look() -> int:
        seen[0] += 1
        return 0

    with Store(place) as store:
        _watched(store, look)
        _move(store, kind)
    return seen[0]


def _change(place: str, kind: str, step: int, deadly: bool) -> None:
    """Changes the stages in a process of its own, which at some step dies or is told that its statement failed."""
    if (pid := os.fork()) != 0:
        os.waitpid(pid, 0)
        return
    left = [step]

    def look() -> int:
        left[0] -= 1
        if left[0] == 0 and deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return int(left[0] == 0)

    try:
        store = Store(place)
        _watched(store, look)
        _move(store, kind)
    finally:
        os._exit(0)


def _watched(store: Store, look: Callable[[], int]) -> None:
    def before(connection: Any, *_: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(look, 1)

    listen(store._database._engine, "before_cursor_execute", before)


def _move(store: Store, kind: str) -> None:
    now = store.stages("p")
    if kind == "promote":
        store.promote("p", 1 if now.live == 2 else 2, revision=now.revision, who="test", why="fault")
    else:
        store.rollback("p", revision=now.revision, who="test", why="fault", leaving=now.live)


def add_many(place: str, label: str, count: str) -> None:
    """Adds events of its own and some that every process sends; says how many were new and the longest wait."""
    outcomes: list[str] = []
    longest = 0.0
    with Store(place) as store:
        for i in range(int(count)):
            began = time.monotonic()
            outcomes += store.add_events("p", [event(f"{label}-{i}", by=label), event(f"shared-{i}")])
            longest = max(longest, time.monotonic() - began)
    print(json.dumps([outcomes.count("new"), outcomes.count("repeat"), longest]))


def read_until(place: str, total: str) -> None:
    """Reads pages while others write, until it has seen a number of events; says how many it saw in how many reads."""
    seen: list[int] = []
    reads = 0
    with Store(place) as store:
        while len(seen) < int(total):
            seen += [found.seq for found in store.events("p", after=seen[-1] if seen else 0, limit=50)]
            reads += 1
    print(json.dumps([len(set(seen)), reads]))


def rotate_store(place: str) -> None:
    """Encrypts everything with the key in use; says when it begins and when it is done."""
    with Store(place) as store:
        os.write(1, b"begins\n")
        rotate(store)
        os.write(1, b"done\n")


def read_encrypted_until_killed(place: str, events: str, *names: str) -> None:
    """Reads everything again and again while another process rotates; ends with an error where anything is missing."""
    store = Store(place)
    os.write(1, b"ready\n")
    while True:
        assert len(store.events("p", limit=10**6)) == int(events)
        for name in names:
            assert store.blobs.recall(name) == name.encode() * 5000, name
        os.write(1, b"read\n")


def claim_until_killed(place: str, work: str, *numbers: str) -> None:
    """Claims versions and says so; it ends when it is killed."""
    with Store(place) as store, claimed(store, "p", work, *map(int, numbers)):
        os.write(1, b"claimed\n")
        signal.pause()


def claim_each_in_turn(place: str, numbers: str) -> None:
    """Claims each version for a moment, many times, and says whether it was kept meanwhile or gone before."""
    with Store(place) as store:
        for turn in range(5):
            for number in range(2, int(numbers) + 1):
                with claimed(store, "p", "prove", number):
                    there = any(row.number == number for row in store.versions("p"))
                    if (turn, number) == (0, 2):  # one is held before anybody collects
                        os.write(1, b"begins\n")
                    for _ in range(20 * there):
                        assert (version_folder(store, "p", number) / "head.onnx").read_text("utf-8") == "weights"
                        time.sleep(0.001)
                print("kept" if there else "gone", flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
