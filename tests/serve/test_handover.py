"""What a worker hands to the record process arrives as it was, is kept once, and is lost only with the worker."""

from __future__ import annotations

import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import MaskSpec
from zhinan.core.keys import new_key
from zhinan.serve import handover, record, server
from zhinan.serve.archive import PART, Archive, Kept, NotTaken, Prediction, Row
from zhinan.serve.handover import Handover, answer
from zhinan.serve.masking import Masking
from zhinan.serve.record import Recorder
from zhinan.steps.kept import Keeper
from zhinan.steps.mask import TAGGER, options_of
from zhinan.steps.masks._tagged import weights
from zhinan.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no record process")

PERSON = "li.lei@example.com"


class Noting:
    """Notes what it is offered; fails as it is told, and over what is told to be poison; takes as long as told."""

    def __init__(
        self, failures: Sequence[Exception] = (), poison: str = "", error: type[Exception] = ConnectionResetError
    ) -> None:
        self.groups: list[list[Prediction]] = []
        self.came, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()
        self._failures, self._poison, self._error = [*failures], poison, error

    def take(self, group: Sequence[Prediction]) -> Kept:
        self.groups.append([*group])
        self.came.set()
        self.goes_on.wait()
        if self._failures:
            raise self._failures.pop()
        if any(one.id == self._poison for one in group):
            raise self._error
        return Kept(len(group), 0)

    def hide(self, rows: Sequence[Row], masking: Masking) -> list[dict[str, Any] | None]:
        raise NotImplementedError

    def persons(self, names: Sequence[str], masking: Masking) -> list[str | None]:
        raise NotImplementedError


def recording(taker: Noting | Handover, backlog: int = 1000) -> tuple[Recorder, Counter[str]]:
    counts: Counter[str] = Counter()
    return Recorder(taker, lambda outcome, n: counts.update({outcome: n}), backlog), counts


def added(recorder: Recorder, *numbers: str) -> None:
    for number in numbers:
        recorder.add(number, {"label": "a"}, {"text": "hi"}, Masking())


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(record, "LONGEST_SECONDS", 0.002)


def made(number: str, text: Any = "hi", masking: Masking | None = None, **inputs: Any) -> Prediction:
    return Prediction(number, {"label": "a"}, 7.5, None, {"text": text, **inputs}, masking or Masking())


@contextmanager
def listening(folder: Path, taker: Noting | Archive) -> Iterator[Handover]:
    """A worker's end, and behind it a process (here a thread a connection) that lets `taker` take."""
    address = str(folder / "records")
    with socket.socket(socket.AF_UNIX) as listens:
        listens.bind(address)
        listens.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = listens.accept()
                except OSError:
                    return
                answer(connection, taker)  # an OSError of the taker ends it, as a death would

        threading.Thread(target=serve, daemon=True).start()
        worker = Handover(address)
        try:
            yield worker
        finally:
            worker.close()
            listens.shutdown(socket.SHUT_RDWR)


def test_a_prediction_arrives_as_it_was_sent(tmp_path: Path) -> None:
    when = datetime(2026, 1, 31, 9, tzinfo=UTC)
    inputs = {"text": "a\nb\u2028\ud800退款", "at": when, "number": 0.1, "flag": True, "missing": None}
    whole = Prediction("1", {"label": "a", "at": {"at": 0.25}}, 7.5, PERSON, inputs, Masking())
    bare = Prediction("2", {"label": "b"}, 8.0, None, None, Masking())
    taker = Noting()
    with listening(tmp_path, taker) as worker:
        assert worker.take([whole, bare]) == Kept(2, 0)
    for sent, came in zip((whole, bare), taker.groups[0], strict=True):
        assert [getattr(came, name) for name in ("id", "payload", "at", "person", "inputs")] == [
            getattr(sent, name) for name in ("id", "payload", "at", "person", "inputs")
        ]


def test_it_is_hidden_as_the_version_hides_it_without_the_versions_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    options = options_of([MaskSpec("phone", "hash"), MaskSpec("order", pattern="ORD-[0-9]{1,9}")])
    own = Masking(options, {TAGGER: weights()}, options["key"], {"unicode": "nfkc"})
    group = [made(str(n), f"call 1381234567{n} on ORD-77, mail {PERSON}", own) for n in range(3)]
    group += [made("9", f"call 13812345678, mail {PERSON}")]  # of another version, which masks nothing by itself
    with Store(tmp_path / "here") as here, Store(tmp_path / "there") as there:
        with listening(tmp_path, Archive(lambda: there, "p")) as worker:
            assert worker.take(group) == Kept(4, 0)
        Archive(lambda: here, "p").take(group)
        kept = [event.payload["input"]["text"] for event in there.events("p")]
        assert kept == [event.payload["input"]["text"] for event in here.events("p")]
    assert kept[0].startswith("call [PHONE:")
    assert kept[0].endswith("on [ORDER], mail [EMAIL]")
    assert kept[3] == "call [PHONE], mail [EMAIL]"


def test_a_group_whose_acknowledgement_was_lost_is_kept_once(tmp_path: Path) -> None:
    class Vanishing(Archive):
        """Stores its first group and dies before it can say so."""

        lives = 1

        def take(self, group: Sequence[Prediction]) -> Kept:
            kept = super().take(group)
            if self.lives:
                self.lives = 0
                raise ConnectionResetError
            return kept

    with Store(tmp_path) as store, listening(tmp_path, Vanishing(lambda: store, "p")) as worker:
        with pytest.raises(ConnectionError):
            worker.take([made("1"), made("2")])
        assert worker.take([made("1"), made("2")]) == Kept(2, 0)
        assert [event.event_id for event in store.events("p")] == ["1", "2"]


def test_a_store_that_takes_nothing_and_a_process_that_is_not_there_are_told_alike(tmp_path: Path) -> None:
    with pytest.raises(NotTaken):
        Handover(str(tmp_path / "records")).take([made("1")])
    with listening(tmp_path, Noting([NotTaken()])) as worker:
        with pytest.raises(NotTaken):
            worker.take([made("1")])
        assert worker.take([made("1")]) == Kept(1, 0)


def test_what_is_no_json_is_dropped_alone_and_told_of_without_its_content(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(tmp_path, Noting()) as worker:
        assert worker.take([made("1"), made("2", b"secret"), made("3")]) == Kept(2, 1)
    assert "TypeError at" in caplog.text
    assert "secret" not in caplog.text


def test_a_connection_does_not_pile_up_versions(tmp_path: Path) -> None:
    with listening(tmp_path, Noting()) as worker:
        for number in range(3 * handover.MASKINGS):
            assert worker.take([made(str(number), masking=Masking())]) == Kept(1, 0)
            assert len(worker._told) <= handover.MASKINGS


@pytest.mark.parametrize("error", [ConnectionResetError, RuntimeError])
def test_one_over_which_it_fails_again_and_again_is_given_up_alone_and_told_of_once(
    error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    taker = Noting(poison="2", error=error)
    recorder, counts = recording(taker)
    added(recorder, "1", "2", "3")
    recorder.close()
    assert (counts["stored"], counts["dropped"]) == (2, 1)
    assert [[one.id for one in group] for group in taker.groups if len(group) == 1].count(["2"]) >= record.LOSSES
    assert caplog.text.count("a prediction is given up") == 1
    assert f"{error.__name__} at" in caplog.text


def test_who_takes_long_is_waited_for_and_asked_once(tmp_path: Path) -> None:
    taker = Noting()
    taker.goes_on.clear()
    with listening(tmp_path, taker) as worker:
        recorder, counts = recording(worker)
        added(recorder, "1")
        taker.came.wait()
        assert worker._connection is not None
        assert worker._connection.gettimeout() is None
        taker.goes_on.set()
        recorder.close()
    assert counts == {"stored": 1}
    assert len(taker.groups) == 1


def test_a_store_that_is_held_again_and_again_costs_no_record(tmp_path: Path) -> None:
    failures = [NotTaken(), NotTaken(), ConnectionResetError(), ConnectionResetError()] * 5
    with listening(tmp_path, Noting(failures)) as worker:
        recorder, counts = recording(worker)
        added(recorder, "1")
        while counts.total() < 2 and recorder._thread.is_alive():
            recorder._thread.join(0.001)
        recorder.close()
    assert counts == {"held": 1, "stored": 1}


def test_a_worker_without_a_descriptor_left_goes_on_when_it_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Scarce:
        AF_UNIX, SHUT_RDWR, left = socket.AF_UNIX, socket.SHUT_RDWR, 3 * record.LOSSES

        def socket(self, family: int) -> socket.socket:
            if self.left:
                self.left -= 1
                raise OSError(24, "Too many open files")
            return socket.socket(family)

    with listening(tmp_path, Noting()) as worker:
        monkeypatch.setattr(handover, "socket", Scarce())
        recorder, counts = recording(worker)
        added(recorder, "1")
        while counts["stored"] < 1 and recorder._thread.is_alive():
            recorder._thread.join(0.001)
        recorder.close()
    assert counts == {"held": 1, "stored": 1}


def test_an_answer_that_cannot_be_read_ends_the_connection(tmp_path: Path) -> None:
    address = str(tmp_path / "records")
    with socket.socket(socket.AF_UNIX) as listens:
        listens.bind(address)
        listens.listen()
        worker = Handover(address)

        def answer_badly() -> None:
            connection, _ = listens.accept()
            with connection, connection.makefile("rwb") as file:
                file.readline()
                file.readline()
                file.write(b"?\n")

        thread = threading.Thread(target=answer_badly)
        thread.start()
        with pytest.raises(ValueError, match="Expecting"):
            worker.take([made("1")])
        thread.join()
        assert worker._connection is None


def test_more_than_may_wait_is_counted_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    taker = Noting()
    taker.goes_on.clear()
    recorder, counts = recording(taker, backlog=2)
    added(recorder, "1")
    taker.came.wait()
    added(recorder, "2", "3", "4", "5")
    assert counts == {"dropped": 2}
    taker.goes_on.set()
    recorder.close()
    assert counts == {"dropped": 2, "stored": 3}
    assert caplog.text.count("the oldest is dropped") == 1


def test_a_worker_that_ends_waits_a_while_and_counts_each_that_it_leaves_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert record.LAST_SECONDS < server.DRAIN_SECONDS
    monkeypatch.setattr(record, "LAST_SECONDS", 0.01)
    taker = Noting()
    taker.goes_on.clear()
    recorder, counts = recording(taker)
    added(recorder, "1")
    taker.came.wait()
    added(recorder, "2", "3")
    recorder.close()
    assert counts == {"dropped": 3}
    assert caplog.text.count("3 predictions") == 1
    taker.goes_on.set()
    recorder._thread.join()
    assert counts == {"dropped": 3}
    assert len(taker.groups) == 1


def test_a_group_ends_where_its_inputs_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "LETTERS", 10)
    taker = Noting()
    recorder = Recorder(taker, lambda outcome, n: None)
    for number in range(6):
        recorder.add(str(number), {}, {"text": "12345"}, Masking())
    recorder.close()
    assert {len(group) for group in taker.groups} <= {1, 2}
    assert [one.id for group in taker.groups for one in group] == list("012345")


def test_a_job_lets_those_who_come_have_their_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    began, goes_on = threading.Event(), threading.Event()

    def rows(_: Keeper, some: Sequence[Row]) -> list[dict[str, Any]]:
        sizes.append(len(some))
        began.set()
        goes_on.wait()
        return [dict(row) for row in some]

    monkeypatch.setattr(Keeper, "rows", rows)
    with Store(tmp_path) as store:
        archive = Archive(lambda: store, "p")
        job = threading.Thread(target=archive.hide, args=([{"text": "hi"}] * 5 * PART, Masking()))
        job.start()
        began.wait()
        other = threading.Thread(target=archive.take, args=([made("1")],))
        other.start()
        while len(archive._line) < 2:
            other.join(0.001)
        goes_on.set()
        job.join()
        other.join()
    assert sizes == [PART, 1, *[PART] * 4]


def test_a_group_grows_while_more_come_and_neither_long_nor_beyond_what_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record, "PAUSE_SECONDS", 1000.0)  # so that nobody looks but this test
    recorder, _ = recording(Noting())

    def look(count: int) -> bool:
        added(recorder, *map(str, range(count)))
        return recorder._grows()

    assert not look(0)
    assert look(1)
    assert not look(0)
    assert [look(1) for _ in range(record.LOOKS + 1)] == [True] * record.LOOKS + [False]
    assert look(1)
    assert not look(record.GROUP)
    recorder.close()
