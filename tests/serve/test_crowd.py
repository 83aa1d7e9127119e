"""Connections are spread over the workers evenly, whatever chance gave each of them, and then stay where they are."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zhinan.serve import crowd
from zhinan.serve.crowd import ABSENT_SECONDS, SEEN_SECONDS, Counts, Crowd

from .test_server import Service, service, until

__all__ = ["service"]


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(crowd, "time", made)
    return made


def crowds(workers: int) -> list[Crowd]:
    """Of workers that are there."""
    counts = Counts(workers)
    made = [Crowd(counts, place, SimpleNamespace(begun=False)) for place in range(workers)]
    for one in made:
        one._loop = SimpleNamespace(call_later=lambda *_: None)
        one._look()
    return made


def asked(made: list[Crowd], at: dict[int, int], draw: random.Random) -> int:
    """All clients ask, and each comes anew, by chance, when it was let go; how many were."""
    moved = 0
    for client, place in at.items():
        made[place].came(client)
    for client, place in at.items():
        if made[place].lets_go(client):
            at[client] = draw.randrange(len(made))
            moved += 1
    for one in made:
        one._look()
    return moved


@pytest.mark.parametrize(("workers", "clients"), [(2, 4), (2, 32), (2, 64), (8, 64)])
def test_all_in_one_worker_are_soon_spread_and_then_left_alone(clock: Clock, workers: int, clients: int) -> None:
    made, at, draw = crowds(workers), dict.fromkeys(range(clients), 0), random.Random(1)
    while sum(asked(made, at, draw) for _ in range(2)):  # who was let go counts when it asks for the second time
        clock.now += 0.05
    share, numbers = clients / workers, Counter(at.values())
    assert max(numbers.values()) < share + max(1, share / 16)
    assert [asked(made, at, draw) for _ in range(20)] == [0] * 20


def test_one_more_than_the_others_is_no_reason(clock: Clock) -> None:
    made, draw = crowds(2), random.Random(1)
    for first, second in ((1, 0), (2, 1), (9, 8), (33, 31)):
        at = dict(enumerate([0] * first + [1] * second))
        assert [asked(made, at, draw), asked(made, at, draw)] == [0, 0], (first, second)
        clock.now += 2 * SEEN_SECONDS
        for one in made:
            one._look()


def test_nobody_is_sent_to_workers_that_are_not_there(clock: Clock) -> None:
    made, at = crowds(3), range(8)
    made[1]._leaving.begun = True
    clock.now += ABSENT_SECONDS + 0.1
    made[0]._look()  # the last is dead or busy: it does not look
    made[1]._look()
    for client in [*at, *at]:
        made[0].came(client)
        assert not made[0].lets_go(client)
    assert not Crowd(Counts(1), 0, SimpleNamespace(begun=False)).lets_go("somebody")


def test_who_asks_no_more_counts_no_more(clock: Clock) -> None:
    here, _ = made = crowds(2)
    for client in [*range(12), *range(12)]:
        here.came(client)
    clock.now += SEEN_SECONDS
    for one in made:
        one._look()
    for _ in range(2):
        here.came("another")
    assert not here.lets_go("another")


def test_who_connects_anew_for_each_request_moves_nobody_who_stays(clock: Clock) -> None:
    made, draw = crowds(2), random.Random(1)
    stay = {(place, i): place for place in range(2) for i in range(10)}
    for second in range(5):
        for i in range(400):
            clock.now += 1 / 400
            one, client = made[draw.randrange(2)], ("anew", second, i)
            one.came(client)
            if not i % 10:
                assert not asked(made, stay, draw)
            one.lets_go(client)


def test_one_that_leaves_writes_nothing_into_the_place_of_its_successor(clock: Clock) -> None:
    counts, leaving, loop = Counts(2), SimpleNamespace(begun=False), SimpleNamespace(call_later=lambda *_: None)
    old, *others = made = [Crowd(counts, 0, leaving), *(Crowd(counts, i, SimpleNamespace(begun=False)) for i in (0, 1))]
    for one in made:
        one._loop = loop
        one._look()
    leaving.begun = True
    for one in others:
        for client in (0, 1, 0, 1):
            one.came((one, client))
    for client in [*range(30), *range(30)]:
        old.came(client)
    new, other = others
    assert not any(new.lets_go((new, client)) for client in (0, 1))
    for client in [*range(4), *range(4)]:
        other.came((other, client))
    assert other.lets_go((other, 0))


def _homes(service: Service) -> Iterator[tuple[int, int]]:
    """The port of each client that is connected, and the worker it is connected to."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {row[9]: int(row[2][-4:], 16) for row in rows if row[1].endswith(f":{service.port:04X}") and row[3] == "01"}
    for worker in service.workers():
        for link in os.listdir(f"/proc/{worker}/fd"):
            target = os.readlink(f"/proc/{worker}/fd/{link}")
            if target.startswith("socket:[") and target[8:-1] in ports:
                yield ports[target[8:-1]], worker


@pytest.mark.system
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_clients_that_are_all_with_one_worker_come_to_both(service: Any) -> None:
    clients = [HTTPConnection("127.0.0.1", service.port, timeout=60) for _ in range(40)]
    for client in clients:
        client.connect()
    until(lambda: len([*_homes(service)]) == len(clients))
    homes = dict(_homes(service))
    (crowded, _), *_ = Counter(homes.values()).most_common()
    together = [client for client in clients if homes[client.sock.getsockname()[1]] == crowded][:12]
    for client in clients:
        if client not in together:
            client.close()

    def level() -> bool:
        for client in together:
            client.request("GET", "/livez")
            answer = client.getresponse()
            answer.read()
            assert answer.status == 200
        numbers = Counter(home for _, home in _homes(service))
        return sum(numbers.values()) == len(together) and set(numbers.values()) == {len(together) // 2}

    until(level)
    for client in together:
        client.close()
