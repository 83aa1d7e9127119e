"""Rows of a job are hidden by the record process: by the next one where it died, and by none once a worker ends."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.serve import handover
from zhinan.serve.archive import Archive, Kept, Row
from zhinan.serve.handover import Apart
from zhinan.serve.masking import Masking
from zhinan.steps.kept import Keeper
from zhinan.store import Store

from .test_handover import PERSON, Noting, listening, made


def test_rows_of_a_job_are_hidden_there_as_they_are_here(tmp_path: Path) -> None:
    when = datetime(2026, 1, 31, 9, tzinfo=UTC)
    rows = [{"text": f"call 1381234567{n} or {PERSON}", "at": when, "number": n, "none": None} for n in range(3)]
    with Store(tmp_path) as store, listening(tmp_path, Archive(lambda: store, "p")) as worker:
        masking = Masking(clean={"unicode": "nfkc"})
        hidden = worker.hide(rows, masking)
        assert hidden == masking.keeper.rows(rows)
        assert hidden[2] == {"text": "call [PHONE] or [EMAIL]", "at": when.isoformat(), "number": 2, "none": None}
        names = ["u7", PERSON, "\ud800"]
        assert worker.persons(names, masking) == [masking.keeper.person(name) for name in names]
        assert worker.take([made("1")]) == Kept(1, 0)


def test_rows_over_which_it_died_are_hidden_by_the_next_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Dying(Noting):
        lives = 2

        def hide(self, rows: Sequence[Row], masking: Masking) -> list[dict[str, Any] | None]:
            if self.lives:
                self.lives -= 1
                raise ConnectionResetError
            return [{"text": "hidden"} for _ in rows]

    monkeypatch.setattr(handover, "PAUSE_SECONDS", 0.001)
    dying = Dying()
    with listening(tmp_path, dying) as worker:
        apart = Apart(worker._address)
        assert apart.hide([{"text": PERSON}], Masking()) == [{"text": "hidden"}]
        dying.lives = handover.LOSSES
        with pytest.raises(ConnectionError):
            apart.hide([{"text": PERSON}], Masking())
        assert dying.lives == 0
        apart.close()
        with pytest.raises(UserError, match="E471"):
            apart.hide([{"text": PERSON}], Masking())
    assert PERSON not in caplog.text


def test_who_asks_or_waits_to_as_a_worker_ends_is_told_so_and_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, goes_on, told, real = threading.Event(), threading.Event(), list[BaseException](), handover._line

    def line(value: Any) -> bytes:
        asking.set()
        goes_on.wait()
        return real(value)

    def ask() -> None:
        try:
            apart.hide([{"text": PERSON}], Masking())
        except BaseException as error:  # noqa: BLE001 - whatever it is
            told.append(error)

    with Store(tmp_path) as store, listening(tmp_path, Archive(lambda: store, "p")) as worker:
        apart = Apart(worker._address)
        monkeypatch.setattr(handover, "_line", line)
        askers = [threading.Thread(target=ask) for _ in range(2)]
        for one in askers:
            one.start()
        asking.wait()
        ending = threading.Thread(target=apart.close)
        ending.start()
        ending.join(0.1)
        goes_on.set()
        for thread in (*askers, ending):
            thread.join()
        assert [getattr(error, "code", error) for error in told] == ["E471"] * 2
        assert apart._handover._connection is None, "a waiter connected anew"


def test_what_cannot_be_hidden_is_told_alone_and_is_no_death(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, person = Keeper.rows, Keeper.person

    def rows(keeper: Keeper, some: Sequence[Row]) -> list[dict[str, Any]]:
        if any(row["text"] == PERSON for row in some):
            raise ValueError(PERSON)
        return real(keeper, some)

    def named(keeper: Keeper, name: str) -> str:
        return person(keeper, name) if name != PERSON else str(1 // 0)

    monkeypatch.setattr(Keeper, "rows", rows)
    monkeypatch.setattr(Keeper, "person", named)
    with Store(tmp_path) as store, listening(tmp_path, Archive(lambda: store, "p")) as worker:
        apart = Apart(worker._address)
        texts = ["hi", PERSON, "ho"]
        assert apart.hide([{"text": text} for text in texts], Masking()) == [{"text": "hi"}, None, {"text": "ho"}]
        assert apart.persons(["u1", PERSON], Masking()) == ["u1", None]
        apart.close()
    assert "ValueError" in caplog.text
    assert "hung up" not in caplog.text
    assert PERSON not in caplog.text


def test_a_key_that_is_gone_is_no_death_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: Masking) -> Any:
        raise UserError("E420", id="k", held="none is held")

    monkeypatch.setattr(handover, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(Masking, "keeper", property(gone))
    with Store(tmp_path) as store, listening(tmp_path, Archive(lambda: store, "p")) as worker:
        apart = Apart(worker._address)
        with pytest.raises(UserError, match="E471"):
            apart.hide([{"text": "hi"}], Masking())
        apart.close()
