"""The record process is kept alive, and goes on, while the machine has nothing left for it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("there is no record process", allow_module_level=True)

from zhinan.serve import recording
from zhinan.serve.recording import Recording


def test_a_process_that_cannot_be_started_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runs, failures = threading.Event(), [BlockingIOError(11, "Resource temporarily unavailable"), RuntimeError("what")]

    class Process:
        def __init__(self, **_: Any) -> None: ...

        def start(self) -> None:
            if failures:
                raise failures.pop()

        def join(self) -> None:
            runs.set()
            kept._over.wait()

        def is_alive(self) -> bool:
            return False

    class Context:
        pass

    Context.Process = Process  # type: ignore[attr-defined]
    monkeypatch.setattr(recording.multiprocessing, "get_context", Context)
    monkeypatch.setattr(recording, "LONGEST_PAUSE", 0.001)
    kept = Recording(str(tmp_path), "p", str(tmp_path))
    kept.keep(threading.Lock(), ())
    keeper = kept._keeper
    assert keeper is not None
    while not runs.wait(0.001):
        assert keeper.is_alive()
    kept.end()
    assert not keeper.is_alive()
    assert caplog.text.count("BlockingIOError at") == caplog.text.count("RuntimeError at") == 1
    assert "what" not in caplog.text.split()


def test_a_process_where_nothing_is_left_waits_for_it_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(recording.time, "sleep", waited.append)
    failures = [OSError(24, "Too many open files")] * 3 + [RuntimeError("can't start new thread")]

    def act() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert recording._patiently(act) == "done"
    assert waited == [recording.SCARCE_SECONDS] * 4
    assert caplog.text.count(" at ") == 1


def test_who_came_and_has_gone_is_not_waited_for() -> None:
    def act() -> None:
        raise BlockingIOError

    with pytest.raises(BlockingIOError):
        recording._patiently(act)


@pytest.mark.skipif(sys.platform != "linux", reason="names stand in /proc there")
def test_a_process_that_cannot_be_named_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def write_text(self: Path, text: str) -> int:
        tried.append(text)
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_text", write_text)
    recording._call_it("zhinan-records")
    assert tried == ["zhinan-records"]
