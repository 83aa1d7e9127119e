"""What is erased of a person is gone: rows, free pages, log and files; and the store takes nothing more of theirs."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.postgres import on_disk

from zhinan.core import UserError
from zhinan.core.keys import new_key
from zhinan.store import Event, EventOutcome, Forgotten, Jobs, Store, _cleaning, _rewriting, change_run, person_code
from zhinan.store._residue import Residue
from zhinan.store.erasing import (
    clean,
    enter_forgotten,
    erase_blobs,
    erase_events,
    erase_version,
    forgettings,
    forgotten,
    persons_in_events,
    version_folder,
)

CANARY = "canary-7f3e9a1c"


def forget(store: Store, *names: str, product: str = "p") -> Forgotten:
    secret = store.sealing_key(product)
    codes = [person_code(secret, name) for name in names]
    enter_forgotten(store, product, {codes[0]: codes}, lambda person, held: held or {})
    return forgotten(store, product)


def test_what_was_made_of_rows_before_somebody_was_forgotten_is_not_written(store: Store) -> None:
    before = forgotten(store, "p")

    def with_their_row(held: Mapping[str, Any]) -> Mapping[str, Any]:
        if not held:
            forget(store, "ann")
        return {"rows": [*held.get("rows", ()), "row-0001"]}

    with pytest.raises(UserError, match="while this ran"):
        change_run(store, "p", "fresh", {}, with_their_row, before)
    with pytest.raises(UserError, match="while this ran"):
        store.add_version("p", "digest", "path", outcome="PROVED", summary={}, without=before)
    assert not store.versions("p")
    run = store.last_run("p", "fresh")
    assert run is not None
    assert run.state == {}
    assert store.add_version("p", "digest", "path", outcome="PROVED", summary={}, without=forgotten(store, "p")) == 1
    assert change_run(store, "p", "fresh", {}, with_their_row, forgotten(store, "p")).state == {"rows": ["row-0001"]}


def event(name: str, person: str | None = None, kind: str = "feedback", **payload: object) -> Event:
    return Event(name, kind, {"label": "card", **payload}, 1.0, person)  # type: ignore[arg-type]


def test_what_a_person_said_goes_with_the_answers_it_is_about_and_nothing_else(store: Store) -> None:
    store.add_events("p", [
        event("made", kind="prediction", input={"text": CANARY}), event("None", kind="prediction"),
        event("other", kind="prediction"),
        event("f1", "ann", prediction_id="made"), event("f2", "bob", prediction_id="other"), event("f3"),
        event("f4", "bob", prediction_id="made"), event("f5", prediction_id="p3"),
        event("l1", "ann", "label", row="row-0001"), event("l2", kind="label", row="row-0002"),
        event("l3", "bob", "label", row="row-0003"),
        event("p3", kind="prediction", input={"who": "Ann Lee"}),
    ])  # fmt: skip
    store.add_events("q", [event("f1", "ann")])
    gone = forget(store, "ann", "Ann Lee")
    (ann,) = set(gone.people.values())
    change_run(store, "p", "audit @1", {}, lambda held: {"rows": ["row-0001", "row-0002", "row-0003"], "n": 3})
    counts = erase_events(store, "p", gone, column="who", rows={"row-0002": ann})
    assert counts == {ann: Counter(predictions=2, feedback=3, labels=2)}
    assert {e.event_id for e in store.events("p")} == {"None", "other", "f2", "f3", "l3"}
    assert store.count_events("q") == 1
    assert erase_events(store, "p", gone, column="who") == {}
    watched = store.last_run("p", "audit @1")
    assert watched is not None
    assert watched.state == {"rows": ["", "", "row-0003"], "n": 3}
    (known,) = forgettings(store, "p")
    assert (known.person, known.state["erased"]) == (ann, {"predictions": 2, "feedback": 3, "labels": 2})


def test_who_corrected_answers_to_others_is_forgotten_without_these(store: Store) -> None:
    store.add_events("p", [
        Event("of bob", "prediction", {"label": "card"}, 1.0, "bob"), event("of nobody", kind="prediction"),
        event("f1", "agent", prediction_id="of bob"), event("f2", "bob", prediction_id="of bob"),
        event("f3", "agent", prediction_id="of nobody"), event("f4", "cleo", prediction_id="of nobody"),
    ])  # fmt: skip
    erase_events(store, "p", forget(store, "agent"))
    assert {e.event_id for e in store.events("p")} == {"of bob", "f2"}


def test_a_word_on_a_persons_input_goes_with_them_and_with_who_said_it(store: Store) -> None:
    said = [event(f"f{n}", "agent", input={"text": "x"}, whose=who) for n, who in enumerate(("ann", "bob"))]
    store.add_events("p", said)
    gone = forget(store, "ann")
    assert persons_in_events(store, "p", gone) == {*gone.people.values()}
    erase_events(store, "p", gone)
    assert [e.whose for e in store.events("p")] == ["bob"]
    assert store.add_events("p", [event("f9", "agent", input={"text": "y"}, whose="ann")]) == ["repeat"]
    assert store.count_events("p") == 1
    erase_events(store, "p", forget(store, "agent"))
    assert store.count_events("p") == 0


@pytest.mark.parametrize("keys", [(), (new_key(),)], ids=["plain", "encrypted"])
def test_rows_of_jobs_that_name_a_person_go_whether_they_wait_or_were_answered(
    place: str, keys: tuple[object, ...]
) -> None:
    with Store(place, keys=keys) as store:  # type: ignore[arg-type]
        jobs = Jobs(store, "p")
        job = jobs.begin("", {"lang": "zh"}, 9)
        for start, names in ((0, ("ann", "bob")), (2, ("bob", "ann"))):
            jobs.add(job, start, [[{"who": name, "text": CANARY * (name == "ann")}] for name in names])
        jobs.add(job, 4, [[{"text": CANARY}, "ann"], [{"text": ""}, "bob"]])  # no input names them
        jobs.ready(job)
        assert jobs.take("w") is not None
        made = [event(name, kind="prediction", input={"who": who}) for name, who in (("1", "ann"), ("2", "bob"))]
        assert jobs.finish(job, "w", 0, [{"id": "1", "label": "card"}, {"id": "2", "label": "card"}], made)
        (ann,) = set((gone := forget(store, "ann")).people.values())
        assert erase_events(store, "p", gone, column="who") == {ann: {"predictions": 1, "job_rows": 3}}
        answers, waiting = jobs.results(job, 0), jobs.next_rows(job)
        assert answers is not None
        assert (answers[0]["error"]["code"], answers[1]["id"]) == ("E486", "2")
        assert waiting is not None
        lost = [{"error": {**answers[0]["error"], "row": row}} for row in (1, 4)]
        assert answers[0] == lost[0]
        assert waiting[1] == [[{"who": "bob", "text": ""}], lost[1]]
        assert not jobs.finish(job, "w", 2, [{}, {}], []), "a worker that still holds the row"
        again = jobs.take("w")
        assert again is not None
        assert again.done == 2


def test_inputs_that_name_a_forgotten_person_are_not_kept_either(store: Store) -> None:
    codes = [person_code(store.sealing_key("p"), "ann")]
    enter_forgotten(store, "p", {"code": codes}, lambda person, held: {"column": "who"})
    inputs = ({"who": "ann"}, {"who": "bob"}, {"text": "who"}, {"who": None})
    said = store.add_events("p", [event(f"{n}", kind="prediction", input=one) for n, one in enumerate(inputs)])
    assert said == ["repeat", "new", "new", "new"]
    assert store.add_events("q", [event("0", kind="prediction", input={"who": "ann"})]) == ["new"]


def test_a_forgotten_person_is_known_by_code_alone_and_sends_nothing_more(store: Store, tmp_path: Path) -> None:
    gone = forget(store, "ann", "person-1")
    said: list[EventOutcome] = store.add_events("p", [event("a", "ann"), event("b", "bob"), event("c", "person-1")])
    assert said == ["repeat", "new", "repeat"]
    assert store.add_events("q", [event("a", "ann")]) == ["new"]
    assert [gone(name) for name in ("ann", "person-1", "bob", "")] == [True, True, False, False]
    assert gone.who("ann") == gone.who("person-1")
    assert "ann" not in repr(gone)
    with store._database.read() as connection:
        held = [
            str(row)
            for name in ("forgotten", "forgettings")
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]
    assert held
    assert not any("ann" in row or "person-1" in row for row in held)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def one(draw: random.Random) -> Event:
    hers = draw.random() < 0.3
    name, size = CANARY * hers + str(draw.random()), draw.choice((5, 50, 300, 900))
    made = event(name, CANARY if hers else None, message=CANARY * hers + "x" * size)
    return replace(made, at=1.0 - hers)


def test_no_byte_of_what_was_erased_is_left_in_any_file(tmp_path: Path) -> None:
    """Pages that were split keep copies of rows that moved: of these, deleting rows one by one misses a few."""
    draw = random.Random(4)  # one of those with which SQLite leaves such a copy
    with Store(tmp_path) as store, Store(tmp_path) as reader:
        for _ in range(8):
            store.add_events("p", [one(draw) for _ in range(100)])
        assert reader.count_events("p") == 800
        assert CANARY.encode() in everything(tmp_path)
        gone = forget(store, CANARY)
        erase_events(store, "p", gone)
        clean(store)
        assert 400 < reader.count_events("p") < 700
        assert CANARY.encode() not in everything(tmp_path), "while the store is open"


def test_what_expires_leaves_no_byte_either_while_others_read_and_write(tmp_path: Path) -> None:
    draw, over, written = random.Random(7), threading.Event(), list[int]()

    def write() -> None:
        while not over.is_set():
            written.append(store.add_events("q", [event(f"{len(written)}", message="y" * 700)]).count("new"))

    with Store(tmp_path) as store, Store(tmp_path) as reader:
        for _ in range(8):
            store.add_events("p", [one(draw) for _ in range(100)])
        assert reader.count_events("p") == 800
        others = threading.Thread(target=write)
        others.start()
        gone = store.expire_events("p", 0.5)
        over.set()
        others.join()
        assert reader.count_events("p") == 800 - gone
        assert CANARY.encode() not in everything(tmp_path)
        assert store.count_events("q") == sum(written) == len(written)
        with store._database.read() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_cleaning_changes_nothing_but_what_sqlite_does_not_read(tmp_path: Path) -> None:
    draw, left = random.Random(1), 0
    for size in (512, 4096, 65_536):
        path = tmp_path / f"{size}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as made:
            made.execute(f"PRAGMA page_size = {size}")
            made.execute("PRAGMA secure_delete = ON")
            made.execute("CREATE TABLE t (n TEXT PRIMARY KEY, x TEXT)")
            made.execute("BEGIN")
            for _ in range(600):
                made.execute("INSERT INTO t VALUES (?, ?)", (str(draw.random()), CANARY * draw.randint(0, 40)))
            made.execute("DELETE FROM t WHERE n < '0.7'")
            made.execute("COMMIT")
            before = list(made.execute("SELECT * FROM t ORDER BY n"))
            with path.open("r+b", buffering=0) as file:
                residue = Residue(file)
                found = [residue.overwrite(first, 7) for first in range(0, residue.pages, 7)]
                assert [residue.overwrite(first, 7) for first in range(0, residue.pages, 7)] == [0] * len(found)
            left += sum(found)
            made.execute("INSERT INTO t VALUES ('a', 'b')")
            made.execute("DELETE FROM t WHERE n = 'a'")
            assert list(made.execute("SELECT * FROM t ORDER BY n")) == before
            assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert left > 50


@pytest.mark.system
def test_postgresql_rewrites_its_files_without_the_rows_of_a_person(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    def held() -> bytes:
        with store._database.read() as connection:
            return on_disk(connection)

    with Store(f"{new_database()}&folder={tmp_path}") as store:
        store.add_events("p", [event(f"e{i}", CANARY if i % 2 else "bob", message=f"{i}") for i in range(60)])
        assert CANARY.encode() in held()
        jobs = Jobs(store, "p")
        job = jobs.begin("", {}, 9)
        jobs.add(job, 0, [[{"who": f"{CANARY}-in-a-job"}]])
        change_run(store, "p", "audit @1", {}, lambda held: {"rows": [f"{CANARY}-in-a-run"]})
        assert all(f"{CANARY}-in-a-{what}".encode() in held() for what in ("job", "run"))
        with store._database.read() as connection:
            assert all(_rewriting.size(connection, table) > 8192 for table in ("events", "jobs", "job_pieces"))
        change_run(store, "p", "audit @1", {}, lambda held: {})
        erase_events(store, "p", forget(store, CANARY, f"{CANARY}-in-a-job"), column="who")
        clean(store)
        assert store.count_events("p") == 30
        assert CANARY.encode() not in held()


@pytest.mark.system
def test_what_an_older_transaction_can_see_in_postgresql_stays_due_until_it_ends(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_cleaning, "LONGEST", 0.0)
    monkeypatch.setattr(_cleaning, "BUSY_SECONDS", 0.0)
    with Store(f"{new_database()}&folder={tmp_path}") as store:
        store.add_events("p", [event("1", CANARY)])
        with store._database.read() as somebody:
            somebody.execute(text("SELECT 1"))
            erase_events(store, "p", forget(store, CANARY))
            with pytest.raises(UserError) as error:
                clean(store)
            assert error.value.code == "E429"
            assert store.expire_events("p", 0.0) == 0, "what is done by the way fails for nobody"
        with store._database.read() as connection:
            assert connection.scalar(text("SELECT due FROM residue")) == 1
            assert CANARY.encode() in on_disk(connection)
        store.expire_events("p", 0.0)
        with store._database.read() as connection:
            assert connection.scalar(text("SELECT due FROM residue")) == 0
            assert CANARY.encode() not in on_disk(connection)


@pytest.mark.system
@pytest.mark.parametrize("used", ["SELECT count(*) FROM events", "LOCK TABLE events IN ACCESS SHARE MODE"])
def test_others_write_to_postgresql_while_the_rewriting_waits_for_who_reads(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: str
) -> None:
    monkeypatch.setattr(_rewriting, "_ASKS", "20ms")
    with Store(f"{new_database()}&folder={tmp_path}") as store:
        store.add_events("p", [event(f"e{i}", message=f"{i}") for i in range(60)])
        cleaning = threading.Thread(target=clean, args=(store,))
        with store._database.read() as connection:
            connection.execute(text(used))  # a lock alone sees nothing: its holder is waited for at the table
            cleaning.start()
            for i in range(20):
                time.sleep(0.01)
                assert store.add_events("p", [event(f"new{i}")]) == ["new"]
            assert cleaning.is_alive(), "who reads has not finished"
        cleaning.join(60)
        assert not cleaning.is_alive()
        assert store.count_events("p") == 80


def test_an_encrypted_store_finds_a_person_whatever_the_key_was(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    with Store(tmp_path, keys=(old,)) as store:
        store.add_events("p", [event("a", "ann"), event("b", "bob")])
    with Store(tmp_path, keys=(new, old)) as store:
        store.add_events("p", [event("c", "ann")])
        erase_events(store, "p", forget(store, "ann"))
        assert [e.event_id for e in store.events("p")] == ["b"]
        assert store.add_events("p", [event("d", "ann")]) == ["repeat"]


@pytest.mark.parametrize("keys", [(), (new_key(),)], ids=["plain", "encrypted"])
def test_only_blobs_shown_to_be_free_of_a_person_stay(tmp_path: Path, keys: tuple[object, ...]) -> None:
    with Store(tmp_path, keys=keys) as store:  # type: ignore[arg-type]
        store.derived_from("free").remember("a", b"a")
        store.derived_from("free", "hers").remember("b", b"b")
        named = store.derived_from("hers").put(b"kept by name")
        store.blobs.remember("nobody listed it", b"c")
        given = store.blobs.put(b"given away", ships=True)
        left = tmp_path / "blobs" / "unfinished" / "killed"
        left.write_bytes(b"half")
        later = time.time() + 1
        assert erase_blobs(store, {"free"}, {named}, later) == 3
        assert [store.blobs.recall(key) for key in ("a", "b", "nobody listed it")] == [b"a", None, None]
        assert store.derived_from().get(named) == b"kept by name"
        assert store.blobs.get(given) == b"given away"
        assert not left.exists()
        assert (store.derived("hers"), len(store.derived("free"))) == ((named,), 1)
        assert erase_blobs(store, set(), set(), time.time() - 60) == 0, "somebody wrote it since"
        assert erase_blobs(store, set(), set(), later) == 2


def test_an_erased_version_leaves_an_entry_and_its_number_is_not_used_again(store: Store) -> None:
    for n in (1, 2, 3):
        store.add_version("p", f"d{n}", f"v/{n}", parent=n - 1 or None, outcome="PROVED", summary={})
        folder = version_folder(store, "p", n)
        folder.mkdir(parents=True)
        (folder / "model").write_bytes(b"m")
        os.chmod(folder / "model", 0o444)
    store.set_verdicts("p", 1, [{"line": "x"}])
    for key in ("monitors @1", "monitors @2", "monitors @11"):
        store.start_run("p", key, {})
    for number, revision in ((1, 0), (2, 1)):
        store.promote("p", number, revision=revision, who="t", why="t")
    assert erase_version(store, "p", 1, who="forget", why="d1")
    with pytest.raises(ValueError, match="live"):
        erase_version(store, "p", 2, who="forget", why="d2")
    assert erase_version(store, "p", 3, who="forget", why="d3")
    assert not erase_version(store, "p", 3, who="forget", why="d3"), "again"
    assert [row.number for row in store.versions("p")] == [2]
    left = [key for key in ("monitors @1", "monitors @2", "monitors @11") if store.last_run("p", key) is not None]
    assert left == ["monitors @2", "monitors @11"]
    assert [folder.name for folder in version_folder(store, "p", 2).parent.iterdir()] == ["2"]
    assert [(row.action, row.number, row.why) for row in store.audit("p")][2:] == [
        ("erase", 1, "d1"),
        ("erase", 3, "d3"),
    ]
    assert store.verify_audit("p")
    assert (store.stages("p").live, store.stages("p").previous) == (2, None)
    with pytest.raises(UserError, match="E403"):
        store.rollback("p", revision=store.stages("p").revision, who="t", why="t")
    assert store.next_version("p") == 4
    assert store.add_version("p", "d4", "v/4", outcome="PROVED", summary={}) == 4
