"""Several processes on one store, and processes that die: nothing acknowledged is lost, nothing is stored twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from zhinan.store import Event, Store

SOAK = os.environ.get("ZHINAN_SOAK") == "1"
KILLS = 200 if SOAK else 20
CHILDREN = Path(__file__).with_name("store_children.py")


def event(name: str, **payload: Any) -> Event:
    return Event(name, "feedback", {"label": "refund", **payload}, time.time())


def two_versions(place: str) -> None:
    with Store(place) as store:
        for digest in ("a", "b"):
            store.add_version("p", digest, "x", outcome="PROVED", summary={})


def child(*arguments: object) -> subprocess.Popen[str]:
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, str(CHILDREN), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.system
def test_killing_the_writer_loses_nothing_acknowledged_and_stores_nothing_twice(place: str) -> None:
    two_versions(place)
    chance = random.Random(20)
    acknowledged: list[str] = []
    for number in range(KILLS):
        with child("write_until_killed", place, number) as process:
            lines = [said(process)]
            while lines[-1] != "ready":
                lines.append(said(process))
            left = chance.randrange(25)  # acknowledged before it dies, however busy the machine is
            while left and lines[-1]:
                lines.append(said(process))
                left -= lines[-1].startswith("ack ")
            time.sleep(chance.uniform(0, 0.01))
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.read().split("\n")[:-1]  # communicate() would lose what readline had buffered
        acked = [line[4:] for line in lines if line.startswith("ack ")]
        tried = [line[4:] for line in lines if line.startswith("try ")]
        acknowledged += acked
        with Store(place) as store:
            again = store.add_events("p", [event(name, text="卡丢了 " * 20) for name in tried])
            retried = dict(zip(tried, again, strict=True))
            assert {retried[name] for name in acked} <= {"repeat"}
            assert "conflict" not in retried.values()
            assert store.verify_audit("p")
            assert store.stages("p").revision >= max([int(x[4:]) for x in lines if x.startswith("rev ")], default=0)
    with Store(place) as store:
        names = [found.event_id for found in store.events("p", limit=10**9)]
        assert len(names) == len(set(names))
        assert set(acknowledged) <= set(names)
        assert len(acknowledged) > 5 * KILLS
        with store._database.read() as connection:
            if connection.dialect.name == "sqlite":
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    print(f"{KILLS} kills, {len(acknowledged)} acknowledged, {len(names)} stored")


@pytest.mark.system
def test_no_fault_in_a_promotion_or_a_rollback_leaves_it_half_done(tmp_path: Path) -> None:
    faults = 50 if SOAK else 8
    two_versions(str(tmp_path))
    with Store(str(tmp_path)) as store:
        for number, revision in ((1, 0), (2, 1)):
            store.promote("p", number, revision=revision, who="test", why="first")
    with child("change_stages_at_faults", tmp_path, faults, faults) as process:
        found = [json.loads(line) for line in process.communicate()[0].splitlines()]
    assert process.returncode == 0
    assert len(found) == 4 * faults
    assert all(whole for _, _, _, whole, _ in found)
    moved = [after - before for _, _, before, _, after in found]
    assert set(moved) <= {0, 1}
    assert moved.count(0) > 2 * faults  # else most faults came too late to be any
    with Store(str(tmp_path)) as store:
        now = store.stages("p")
        assert (
            store.rollback("p", revision=now.revision, who="test", why="after", leaving=now.live).live == now.previous
        )


def test_a_crash_between_opening_and_closing_leaves_the_charge(place: str) -> None:
    with child("open_seal_and_die", place) as process:
        assert process.wait() == 9
    with Store(place) as store:
        assert store.next_opening(["b", "c"]) == 2
        again = store.open_seal("p", "key", ["a", "b"], delta=0.05, lines={})
        assert (again.t, again.fresh, again.result) == (1, False, None)


@pytest.mark.system
def test_of_eight_processes_that_promote_exactly_one_wins_each_revision(place: str) -> None:
    rounds, racers = 6, 8
    with Store(place) as store:
        for digest in range(racers):
            store.add_version("p", str(digest), "x", outcome="PROVED", summary={})
    crowd = [child("promote_in_rounds", place, number) for number in range(1, racers + 1)]
    try:
        assert {said(process) for process in crowd} == {"ready"}
        for revision in range(rounds):
            with Store(place) as store:
                live = store.stages("p").live
            for process in crowd:
                assert process.stdin is not None
                process.stdin.write(f"{revision}\n")
                process.stdin.flush()
            answers = [said(process) for process in crowd]
            # promoting what is live changes nothing: it is told the revision as it is, or that it came too late
            keeping = [] if live is None else [answers.pop(live - 1)]
            assert answers.count(str(revision + 1)) == 1
            assert answers.count("E402") == len(answers) - 1
            assert set(keeping) <= {str(revision), "E402"}
    finally:
        for process in crowd:
            process.communicate()
    with Store(place) as store:
        assert [row.stages.revision for row in store.audit("p")] == list(range(1, rounds + 1))
        assert store.verify_audit("p")


@pytest.mark.system
def test_writers_and_readers_in_many_processes_see_every_event_once(place: str) -> None:
    writers, count = 4, 60  # nobody has made the store yet: they race for that too
    total = writers * count + count
    crowd = [child("add_many", place, label, count) for label in range(writers)]
    readers = [child("read_until", place, total) for _ in range(2)]
    said = [json.loads(process.communicate()[0]) for process in crowd]
    seen = [json.loads(process.communicate()[0]) for process in readers]
    assert sum(new for new, _, _ in said) == total
    assert sum(repeat for _, repeat, _ in said) == (writers - 1) * count
    assert [number for number, _ in seen] == [total, total]
    print("longest wait of a writer:", max(wait for _, _, wait in said), "s; reads:", [reads for _, reads in seen])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_goes_on_with_connections_of_its_own(tmp_path: Path) -> None:
    code = (
        "import os, sys, threading, time; from zhinan.store import Store, Event\n"
        "add = lambda name: store.add_events('p', [Event(name, 'feedback', {}, 1.0)])\n"
        "store = Store(sys.argv[1]); add('parent'); begun = threading.Event()\n"
        "def hold():\n"
        "    with store._database.write():\n"
        "        begun.set(); time.sleep(0.2)\n"
        "holding = threading.Thread(target=hold); holding.start(); begun.wait()\n"
        "if (pid := os.fork()) == 0:\n"
        "    add('child'); store.close(); os._exit(0)\n"
        "holding.join(); add('parent again')\n"
        "assert os.waitpid(pid, 0)[1] == 0; add('parent at last')\n"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env={**os.environ, "PYTHONPATH": paths})
    with Store(tmp_path) as store:
        assert store.count_events("p") == 4
