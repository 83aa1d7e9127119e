"""Commitments, notes in the audit, and what a later proof says of a version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from zhinan.core import UserError
from zhinan.store import Store, _migrations, _versions
from zhinan.store._database import Database

ROOT = hashlib.sha256(b"rows").hexdigest()


def test_a_root_is_on_record_once_a_contract_and_the_first_time_counts(store: Store) -> None:
    first = store.commit("p", ROOT, 60, contract="c1", who="build")
    assert (first.root, first.rows, first.contract, first.entry.action) == (ROOT, 60, "c1", "commit")
    assert store.commit("p", ROOT, 60, contract="c1", who="somebody else") == first
    second = store.commit("p", ROOT, 60, contract="c2", who="build")
    assert (second.entry.seq, second.entry.previous) == (2, first.entry.hash)
    assert store.commitments("p") == (first, second)
    assert store.commitments("q") == ()
    assert store.verify_audit("p")


def test_the_audits_hash_of_a_commitment_can_be_recomputed_from_the_row(store: Store) -> None:
    row = store.commit("p", ROOT, 60, contract="c1", who="build").entry
    after = [row.stages.live, row.stages.previous, row.stages.revision]
    said = [row.product, row.seq, row.at, row.who, row.action, row.number, row.why, after, row.previous]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == row.hash
    assert json.loads(row.why) == {"contract": "c1", "root": ROOT, "rows": 60}


def test_notes_stand_between_changes_of_stages_and_change_none(store: Store) -> None:
    store.add_version("p", "a", "x", outcome="UNDECIDED", summary={})
    store.commit("p", ROOT, 60, contract="c", who="build")
    store.promote("p", 1, revision=0, who="w", why="")
    store.note("p", "override", 1, who="alice", why="a demo")
    assert [(row.action, row.stages.live) for row in store.audit("p")] == [
        ("commit", None), ("promote", 1), ("override", 1),
    ]  # fmt: skip
    assert (store.stage_of("p", 1), store.stages("p").revision) == ("live", 1)
    assert store.verify_audit("p")
    with pytest.raises(ValueError, match="changes stages"):
        store.note("p", "promote", 1, who="w", why="")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET why = replace(why, '60', '59') WHERE action = 'commit'",
        "UPDATE audit SET at = at - 86400 WHERE action = 'commit'",
        "UPDATE audit SET live = 2 WHERE action = 'override'",
        "DELETE FROM audit WHERE action = 'commit'",
        "DELETE FROM audit WHERE action = 'override' AND seq = 2",
    ],
)
def test_tampering_with_a_commitment_or_a_note_is_seen(
    store: Store, unguarded: Callable[[Connection], None], tampering: str
) -> None:
    store.commit("p", ROOT, 60, contract="c", who="build")
    store.note("p", "override", 0, who="alice", why="a demo")
    store.commit("p", ROOT, 60, contract="d", who="build")
    assert store.verify_audit("p")
    with store._database.write() as connection:
        unguarded(connection)
        connection.execute(text(tampering))
    assert not store.verify_audit("p")


def test_a_products_secret_is_drawn_once_and_is_its_own(store: Store) -> None:
    mine = store.sealing_key("p")
    assert len(mine) == 32
    assert store.sealing_key("p") == mine
    assert store.sealing_key("q") != mine


def test_a_later_proof_changes_outcome_and_summary_and_says_so_once(store: Store) -> None:
    store.add_version("p", "a", "x", outcome="UNDECIDED", summary={"contract": "c", "openings_left": 3})
    for _ in range(2):
        store.set_outcome(
            "p", 1, "PROVED", {"openings_left": 2, "proof": "digest"}, who="prove", why="UNDECIDED → PROVED"
        )
    row = store.version("p", 1)
    assert row.outcome == "PROVED"
    assert row.summary == {"contract": "c", "openings_left": 2, "proof": "digest"}
    assert [(note.action, note.number) for note in store.audit("p")] == [("prove", 1)]
    assert store.verify_audit("p")
    with pytest.raises(UserError) as error:
        store.set_outcome("p", 7, "PROVED", {}, who="w", why="")
    assert error.value.code == "E401"


def test_openings_are_counted_and_found_row_by_row(store: Store) -> None:
    rows = [f"{n:04d}" for n in range(2000)]
    one = store.open_seal("p", "1", rows[:1500], delta=0.01, lines={})
    two = store.open_seal("q", "2", rows[1000:], delta=0.01, lines={})
    counts = store.opened(rows)
    assert [counts[row] for row in (rows[0], rows[1200], rows[1999])] == [1, 2, 1]
    assert store.opened(["never"]) == {}
    assert [opening.id for opening in store.openings_of(rows)] == [one.id, two.id]
    assert [opening.id for opening in store.openings_of(rows[1990:])] == [two.id]


def test_a_store_of_the_first_schema_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(_migrations, "MIGRATIONS", _migrations.MIGRATIONS[:1])
        patch.setattr(_versions, "_refuse_forgotten", lambda *asked: None)  # nobody could be forgotten then
        database = Database(tmp_path)
        _migrations.migrate(database)
        with database.write() as connection:
            row = {"product": "p", "digest": "a", "path": "x", "parent": None, "outcome": "PROVED", "summary": {}}
            _versions.add(connection, row, tmp_path)
            _versions.promote(connection, "p", 1, 0, ("w", "first"))
        database.close()
    with Store(tmp_path) as store:
        store.commit("p", ROOT, 60, contract="c", who="build")
        assert len(store.sealing_key("p")) == 32
        assert store.verify_audit("p")
