"""What becomes of a place whose workers do not come up any more, and of those who answer meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from zhinan.serve.metrics import Metrics

from .test_server import Service, running, until

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@contextmanager
def unusable(store: str) -> Iterator[None]:
    """Meanwhile no worker can be started: the store cannot be opened. Those that run have it open."""
    path = Path(store)
    aside = path.with_name("aside")
    path.rename(aside)
    path.write_text("in the way")
    try:
        yield
    finally:
        path.unlink()
        aside.rename(path)


def answered(service: Service) -> bool:
    try:
        return httpx.get(f"{service.url}/livez", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@linux
def test_a_place_whose_workers_do_not_come_up_is_tried_again_and_the_others_answer(place: Any, root: Path) -> None:
    with running(place, root) as service:
        gone, stays = service.workers()
        with unusable(place.settings.store):
            os.kill(gone, signal.SIGKILL)
            until(lambda: stays in service.workers() and gone not in service.workers())
            for _ in range(5):  # it dies again meanwhile
                until(lambda: answered(service))
            assert service.process.poll() is None
            assert stays in service.workers()
        until(lambda: len(service.workers()) == 2)
        until(lambda: all(service.predict().status_code == 200 for _ in range(8)))
        assert stays in service.workers()


@linux
def test_workers_whose_successors_do_not_come_up_go_on(place: Any, root: Path) -> None:
    with running(place, root) as service:
        before = service.workers()
        with unusable(place.settings.store):
            service.process.send_signal(signal.SIGHUP)
            seen, end = set(before), time.monotonic() + 60
            while len(seen) < 3:  # successors live for a moment: `until` might look past them
                seen.update(service.workers())
                assert time.monotonic() < end
            until(lambda: service.workers() == before)
            assert answered(service)
        assert service.process.poll() is None
        service.process.send_signal(signal.SIGHUP)
        until(lambda: len(service.workers()) == 2 and not set(service.workers()) & set(before))
        assert service.predict().status_code == 200


def test_counts_that_cannot_be_written_stop_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics(str(tmp_path / "gone"))
    metrics.add("zhinan_swaps_total", outcome="done")
    for _ in range(3):
        metrics.save()
    assert 'zhinan_swaps_total{outcome="done"} 1' in metrics.text(1)
    assert len(caplog.records) == 1


def test_long_sums_are_told_to_the_last_digit(tmp_path: Path) -> None:
    metrics = Metrics(str(tmp_path))
    metrics.add("zhinan_request_seconds_sum", 1_234_568.141, route="/predict")
    assert 'zhinan_request_seconds_sum{route="/predict"} 1234568.141' in metrics.text(1)
