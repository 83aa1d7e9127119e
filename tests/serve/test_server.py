"""The service as it runs: real sockets, real workers, and what happens when either misbehaves."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.system, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]

ROW = {"message": "my card 13812345678", "channel": "web", "amount": 2}
POST = b"POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
PROGRAM = """
import sys
from zhinan.serve import Limits, Settings, run
from zhinan.store import Jobs, _jobs

patience, waiting, lease = float(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
_jobs.LEASE_SECONDS = Jobs.lease = lease
limits = Limits(header_seconds=patience, body_seconds=patience, answer_seconds=60, waiting=waiting)
run(Settings(product="support", source=None, store=sys.argv[1], port=int(sys.argv[2]), workers=2, limits=limits))
"""


@dataclass(frozen=True)
class Service:
    """A running service: its supervisor and where it listens."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [child for child, name in self._children() if name != "zhinan-records"]

    def recording(self) -> int:
        """The process that writes down what was answered, once there is one."""
        until(lambda: "zhinan-records" in dict(self._children()).values())
        return next(child for child, name in self._children() if name == "zhinan-records")

    def _children(self) -> list[tuple[int, str]]:
        found = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():  # the thread that started it is its parent
            children: list[str] = []
            with contextlib.suppress(OSError):  # the thread has just ended
                children = (task / "children").read_text().split()
            for child in children:
                with contextlib.suppress(OSError):  # it has just ended
                    if "tracker" not in Path(f"/proc/{child}/cmdline").read_text():
                        found.append((int(child), Path(f"/proc/{child}/comm").read_text().strip()))
        return found

    def predict(self, client: httpx.Client | None = None) -> httpx.Response:
        post = httpx.post if client is None else client.post
        return post(f"{self.url}/predict", json={"inputs": [ROW]}, timeout=20)

    def send(self, content: bytes, patience: float = 5.0) -> bytes:
        """Sends bytes as they are and gives what comes until the connection closes or patience ends."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.settimeout(patience)
            got = b""
            try:
                connection.sendall(content)
                while part := connection.recv(65_536):
                    got += part
            except (TimeoutError, ConnectionError):
                return got
            return got


@pytest.fixture
def service(place: Any, root: Path) -> Iterator[Service]:
    with running(place, root) as made:
        yield made


@contextmanager
def running(place: Any, root: Path, patience: float = 1, waiting: int = 2_000, lease: float = 10) -> Iterator[Service]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    numbers = map(str, (port, patience, waiting, lease))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, place.settings.store, *numbers],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    made = Service(process, port)
    try:
        until(lambda: len(made.workers()) == 2 and all(answers(made) for _ in range(20)))
        yield made
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)


def until(true: Callable[[], bool], seconds: float = 120.0) -> None:
    """Waits for what has to come, however busy the machine is; never for a time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def sockets(worker: int) -> int:
    """How many a process has open."""
    return sum("socket:" in os.readlink(file) for file in Path(f"/proc/{worker}/fd").iterdir())


def answers(service: Service) -> bool:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def test_ten_thousand_malformed_requests_over_a_socket_give_no_5xx(service: Service) -> None:
    chance = random.Random(3)
    body = json.dumps({"inputs": [ROW]}).encode()
    good = POST + b"connection: close\r\n"
    statuses: dict[bytes, int] = {}

    def attack(seed: int) -> None:
        mine = random.Random(seed)
        for _ in range(200):
            request = bytearray(good + b"content-length: %d\r\n\r\n" % len(body) + body)
            for _ in range(mine.randint(1, 5)):
                place = mine.randrange(len(request))
                change = mine.random()
                if change < 0.5:
                    request[place] = mine.randrange(256)
                elif change < 0.75:
                    del request[place : place + mine.randint(1, 9)]
                else:
                    request[place:place] = mine.randbytes(mine.randint(1, 9))
            answer = service.send(bytes(request), patience=3)
            assert b"13812345678" not in answer
            status = answer[9:12] if answer else b"cut"
            statuses[status] = statuses.get(status, 0) + 1

    attackers = [threading.Thread(target=attack, args=(chance.random(),)) for _ in range(50)]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join()
    assert sum(statuses.values()) == 10_000
    assert not [status for status in statuses if status.startswith(b"5")], statuses
    assert service.predict().status_code == 200


@pytest.mark.parametrize(
    ("first", "drip"),
    [
        (b"", b""),
        (b"GET /livez HT", b"x"),
        (b"GET /livez HTTP/1.1\r\n", b"a: b\r\n"),
        (POST + b"content-length: 99\r\n\r\n", b" "),
        (POST + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["silent", "request line", "headers", "body", "chunks"],
)
def test_a_client_that_drips_is_cut_off(service: Service, first: bytes, drip: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.settimeout(0.2)
        connection.sendall(first)
        started = time.monotonic()
        while time.monotonic() - started < 8:
            try:
                if not connection.recv(4096):
                    break
            except TimeoutError:
                pass
            except ConnectionError:
                break
            try:
                connection.sendall(drip)
            except ConnectionError:
                break
        assert time.monotonic() - started < 6


def test_a_worker_that_dies_is_replaced_while_the_other_answers(service: Service) -> None:
    before = service.workers()
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(service.workers()) == 2 and before[0] not in service.workers())
    until(lambda: all(answers(service) for _ in range(20)))
    assert service.process.poll() is None


def test_nobody_is_refused_or_lost_in_a_queue_while_all_workers_are_down(service: Service) -> None:
    service.process.send_signal(signal.SIGSTOP)  # so that none is replaced before everybody has come
    for worker in service.workers():
        os.kill(worker, signal.SIGKILL)
    body = json.dumps({"inputs": [ROW]}).encode()
    queue = [socket.create_connection(("127.0.0.1", service.port), timeout=30) for _ in range(40)]
    for connection in queue:
        connection.sendall(POST + b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    service.process.send_signal(signal.SIGCONT)
    told = [connection.makefile("rb").read() for connection in queue]
    for connection in queue:
        connection.close()
    assert {answer[:12] for answer in told} == {b"HTTP/1.1 200"}


def test_who_was_taken_in_just_before_a_worker_leaves_is_answered(service: Service) -> None:
    queue = [socket.create_connection(("127.0.0.1", service.port), timeout=30) for _ in range(40)]
    until(lambda: sum(map(sockets, service.workers())) >= 40)
    for worker in service.workers():
        os.kill(worker, signal.SIGTERM)
    time.sleep(0.2)
    body = json.dumps({"inputs": [ROW]}).encode()
    for connection in queue:
        connection.sendall(POST + b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    told = [connection.makefile("rb").read() for connection in queue]
    for connection in queue:
        connection.close()
    assert {answer[:12] for answer in told} == {b"HTTP/1.1 200"}


def test_connections_are_spread_over_the_workers(service: Service) -> None:
    workers = service.workers()
    before = [sockets(worker) for worker in workers]
    with contextlib.ExitStack() as held:
        for _ in range(60):
            held.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=30))
        during = [[sockets(worker) for worker in workers] for _ in range(100)]  # who says nothing is soon cut off
    counts = [most - least for most, least in zip(max(during, key=sum), before, strict=True)]
    assert min(counts) >= 10, counts  # by chance less than once in a million


def test_sigterm_finishes_what_was_accepted(service: Service, place: Any) -> None:
    told: list[int] = []
    refused = threading.Event()

    def keep_asking() -> None:
        while not refused.is_set():
            try:
                with httpx.Client() as client:
                    told.append(service.predict(client).status_code)
            except httpx.TransportError:  # never accepted: nobody listens any more
                refused.set()

    askers = [threading.Thread(target=keep_asking) for _ in range(4)]
    for asker in askers:
        asker.start()
    until(lambda: len(told) > 20)
    for process in (service.recording(), service.process.pid):  # whoever ends a service may tell all of its processes
        os.kill(process, signal.SIGTERM)
    assert service.process.wait(120) == 0
    refused.set()
    for asker in askers:
        asker.join()
    assert set(told) == {200}
    with place.store as store:
        assert store.count_events("support", "prediction") == len(told)


def test_workers_and_the_record_process_end_when_their_supervisor_is_killed(service: Service) -> None:
    processes = [*service.workers(), service.recording()]
    assert len(processes) == 3
    for process in processes:  # a picture of their memory would hold what people sent
        assert re.search(r"^Max core file size +[01] ", Path(f"/proc/{process}/limits").read_text(), re.MULTILINE)
    service.process.kill()
    service.process.wait()
    until(lambda: not any(Path(f"/proc/{process}").exists() for process in processes))


def test_every_worker_follows_a_promotion_and_every_answer_names_its_version(service: Service) -> None:
    changed = httpx.post(f"{service.url}/promote", json={"version": 2}).json()
    assert changed["live"] == 2
    until(lambda: {service.predict().json()["version"] for _ in range(30)} == {2})
    httpx.post(f"{service.url}/rollback", json={})
    until(lambda: {service.predict().json()["version"] for _ in range(30)} == {1})
    counts = httpx.get(f"{service.url}/metrics").text
    assert 'zhinan_swaps_total{outcome="done"} 4' in counts


def test_feedback_that_was_acknowledged_survives_a_kill_of_everything(service: Service, place: Any) -> None:
    acknowledged = []
    for number in range(50):
        told = {"event_id": f"e{number}", "input": ROW, "label": "refund"}
        answer = httpx.post(f"{service.url}/feedback", json=told)
        if answer.status_code == 201:
            acknowledged.append(f"e{number}")
        if number == 40:
            for pid in (*service.workers(), service.process.pid):
                os.kill(pid, signal.SIGKILL)
            service.process.wait()
            break
    assert len(acknowledged) == 41
    with place.store as store:
        assert [event.event_id for event in store.events("support", "feedback")] == acknowledged
    for path in place.folder.rglob("*"):
        assert not path.is_file() or b"13812345678" not in path.read_bytes(), path


def test_our_own_service_is_judged_like_any_other_endpoint(service: Service, tmp_path: Path) -> None:
    from zhinan.evaluate.endpoint import Endpoint, asking
    from zhinan.evaluate.predictions import prove_file

    given = service.predict().json()["outputs"][0]["label"]
    rows = "".join(f"my card {i},web,2,{given}\n" for i in range(40))
    (tmp_path / "cases.csv").write_text("message,channel,amount,label\n" + rows, encoding="utf-8")
    ask = asking(Endpoint(f"{service.url}/predict", ("127.0.0.1",)))
    found = prove_file(tmp_path / "cases.csv", must=["accuracy >= 90%", "latency_p50 <= 9 s"], asking=ask)
    assert found.verdicts[0].value == 1
    assert found.verdicts[1].on == "measured"


def test_a_service_whose_workers_never_come_up_ends_and_says_so(place: Any, root: Path) -> None:
    program = PROGRAM.replace("run(", "import zhinan.serve.app as app\napp.EventWriter = None\nrun(")
    done = subprocess.run(
        [sys.executable, "-c", program, place.settings.store, "0", "1", "9", "9"],
        capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "PYTHONPATH": str(root / "src")},
    )  # fmt: skip
    assert done.returncode != 0
    assert "E455" in done.stderr


def test_a_record_process_that_is_killed_again_and_again_costs_no_record(service: Service, place: Any) -> None:
    ids: list[str] = []
    done = threading.Event()

    def keep_asking() -> None:
        with httpx.Client() as client:
            while not done.is_set():
                ids.extend(output["id"] for output in service.predict(client).json()["outputs"])

    askers = [threading.Thread(target=keep_asking) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(3):
        before, so_far = service.recording(), len(ids)
        until(lambda so_far=so_far: len(ids) > so_far + 20)  # type: ignore[misc]
        os.kill(before, signal.SIGKILL)
        until(lambda before=before: service.recording() != before)  # type: ignore[misc]
    done.set()
    for asker in askers:
        asker.join()
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(120) == 0
    with place.store as store:
        stored = [event.event_id for event in store.events("support", "prediction", limit=100_000)]
        assert sorted(stored) == sorted(ids)
    for path in place.folder.rglob("*"):
        assert not path.is_file() or b"13812345678" not in path.read_bytes(), path
