"""Versions, stages, audit, runs and live verdicts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, text

from zhinan.core import UserError
from zhinan.store import Stages, Store, change_run, change_verdicts, promote_first, spend


def add(store: Store, *digests: str) -> list[int]:
    summary = {"类": [1, 0.5, None]}
    return [store.add_version("p", d, f"versions/{d}", outcome="PROVED", summary=summary) for d in digests]


def test_versions_count_up_per_product_and_the_same_digest_keeps_its_number(store: Store) -> None:
    assert add(store, "a", "b", "a", "c") == [1, 2, 1, 3]
    assert store.add_version("q", "a", "elsewhere", parent=None, outcome="REFUTED", summary={}) == 1
    assert [row.number for row in store.versions("p")] == [1, 2, 3]
    row = store.version("p", 2)
    assert (row.digest, row.path, row.parent, row.outcome, row.summary) == (
        "b", str(store.blobs.folder.parent / "versions/b"), None, "PROVED", {"类": [1, 0.5, None]},
    )  # fmt: skip
    assert store.products() == ("p", "q")


def test_versions_in_a_store_that_was_moved_stand_where_it_stands_now(tmp_path: Path) -> None:
    before, after, elsewhere = tmp_path / "here", tmp_path / "there", tmp_path / "version"
    with Store(before) as store:
        store.add_version("p", "a", before / "versions" / "p" / "1", outcome="PROVED", summary={})
        store.add_version(
            "p", "b", lambda number: before / "versions" / "p" / str(number), outcome="PROVED", summary={}
        )
        store.add_version("p", "c", elsewhere, outcome="PROVED", summary={})
    before.rename(after)
    (tmp_path / "linked").symlink_to(after)
    with Store(tmp_path / "linked") as store:
        expected = [str(after / "versions" / "p" / "1"), str(after / "versions" / "p" / "2"), str(elsewhere)]
        assert [row.path for row in store.versions("p")] == expected
        assert [store.version("p", number).path for number in (1, 2, 3)] == expected


def test_an_unknown_version_is_refused_with_the_known_numbers(store: Store) -> None:
    add(store, "a", "b")
    attempts: list[Any] = [
        lambda: store.version("p", 7),
        lambda: store.stage_of("p", 7),
        lambda: store.promote("p", 7, revision=0, who="w", why=""),
        lambda: store.add_version("p", "c", "x", parent=7, outcome="PROVED", summary={}),
        lambda: store.set_verdicts("p", 7, []),
    ]
    for attempt in attempts:
        with pytest.raises(UserError, match="known versions: 1, 2") as error:
            attempt()
        assert error.value.code == "E401"
    with pytest.raises(UserError, match="did you mean 'p'"):
        store.version("P", 1)
    assert len(store.versions("p")) == 2


def test_stages_go_from_ready_to_live_to_retired(store: Store) -> None:
    add(store, "a", "b", "c")
    assert store.stages("p") == Stages(None, None, 0)
    assert store.promote("p", 1, revision=0, who="w", why="first") == Stages(1, None, 1)
    assert store.promote("p", 2, revision=1, who="w", why="better") == Stages(2, 1, 2)
    assert [store.stage_of("p", n) for n in (1, 2, 3)] == ["retired", "live", "ready"]
    assert store.rollback("p", revision=2, who="w", why="worse after all") == Stages(1, 2, 3)
    assert [store.stage_of("p", n) for n in (1, 2, 3)] == ["live", "retired", "ready"]
    assert store.promote("p", 1, revision=3, who="w", why="again") == Stages(1, 2, 3)
    assert [(row.action, row.number, row.why) for row in store.audit("p")] == [
        ("promote", 1, "first"), ("promote", 2, "better"), ("rollback", 1, "worse after all"),
    ]  # fmt: skip


def test_a_decision_made_on_old_stages_changes_nothing(store: Store) -> None:
    add(store, "a", "b")
    store.promote("p", 1, revision=0, who="w", why="")
    for attempt in (
        lambda: store.promote("p", 2, revision=0, who="w", why=""),
        lambda: store.rollback("p", revision=0, who="w", why=""),
    ):
        with pytest.raises(UserError, match="revision 1, not 0; live is 1") as error:
            attempt()
        assert error.value.code == "E402"
    with pytest.raises(UserError) as error:
        store.rollback("p", revision=1, who="w", why="")
    assert error.value.code == "E403"
    assert store.stages("p") == Stages(1, None, 1)
    assert len(store.audit("p")) == 1


def test_a_second_rollback_does_not_bring_back_what_the_first_took_away(store: Store) -> None:
    add(store, "a", "b", "c")
    for revision, number in enumerate((1, 2)):
        store.promote("p", number, revision=revision, who="w", why="")
    assert store.rollback("p", revision=2, who="w", why="", leaving=2) == Stages(1, 2, 3)
    for leaving, code in ((None, "E431"), (2, "E432")):
        with pytest.raises(UserError) as error:
            store.rollback("p", revision=3, who="w", why="", leaving=leaving)
        assert error.value.code == code
    assert store.stages("p") == Stages(1, 2, 3)
    assert store.rollback("p", revision=3, who="w", why="", leaving=1) == Stages(2, 1, 4)
    store.promote("p", 3, revision=4, who="w", why="")
    assert store.rollback("p", revision=5, who="w", why="") == Stages(2, 3, 6)


def test_of_many_threads_that_promote_exactly_one_wins(store: Store) -> None:
    add(store, *map(str, range(8)))
    won: list[int] = []
    lost: list[str] = []

    def race(number: int) -> None:
        try:
            won.append(store.promote("p", number, revision=0, who=str(number), why="").revision)
        except UserError as error:
            lost.append(error.code)

    threads = [threading.Thread(target=race, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (won, lost) == ([1], ["E402"] * 7)


def test_a_promotion_that_fails_at_any_statement_leaves_no_torn_state(store: Store) -> None:
    add(store, "a", "b")
    store.promote("p", 1, revision=0, who="w", why="")
    engine = store._database._live()
    failures = 0
    for point in range(100):
        left = [point]

        def fail(*_: object, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError("pulled the plug")

        event.listen(engine, "before_cursor_execute", fail)
        try:
            store.promote("p", 2, revision=1, who="w", why="")
        except OSError:
            failures += 1
        finally:
            event.remove(engine, "before_cursor_execute", fail)
        assert store.verify_audit("p")
        if store.stages("p") == Stages(2, 1, 2):
            break
        assert store.stages("p") == Stages(1, None, 1)
    assert failures >= 4


@settings(max_examples=15)
@given(st.lists(st.one_of(st.integers(1, 4), st.none()), max_size=12))
def test_the_audit_tells_the_whole_story_whatever_happens(moves: list[int | None]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(folder) as store:
        add(store, "a", "b", "c", "d")
        live: int | None = None
        previous: int | None = None
        changes = 0
        for move in moves:
            if move is None and previous is None:
                continue
            if move is None:
                store.rollback("p", revision=changes, who="w", why="", leaving=live)
                live, previous, changes = previous, live, changes + 1
            else:
                store.promote("p", move, revision=changes, who="w", why="")
                live, previous, changes = (move, live, changes + 1) if move != live else (live, previous, changes)
            assert store.stages("p") == Stages(live, previous, changes)
        assert len(store.audit("p")) == changes
        assert store.verify_audit("p")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET who = 'somebody else' WHERE seq = 2",
        "UPDATE audit SET number = 3, live = 3 WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "UPDATE stages SET live = 3",
        "INSERT INTO audit SELECT product, seq + 1, at, who, action, number, why, live, previous_live, revision + 1, "
        "previous, hash FROM audit WHERE seq = 3",
    ],
)
def test_tampering_with_the_audit_is_seen(
    store: Store, unguarded: Callable[[Connection], None], tampering: str
) -> None:
    add(store, "a", "b", "c")
    for revision, number in enumerate((1, 2, 1)):
        store.promote("p", number, revision=revision, who="w", why="")
    assert store.verify_audit("p")
    with store._database.write() as connection:
        unguarded(connection)
        connection.execute(text(tampering))
    assert not store.verify_audit("p")
    if (file := Path(store.where) / "zhinan.db").exists():
        assert told(file) == 1, "by a program that shares no code with the store"


def told(file: Path, *more: str) -> int:
    tool = Path(__file__).resolve().parents[2] / "tools" / "verify_audit.py"
    return subprocess.call([sys.executable, "-I", str(tool), str(file), *more], stdout=subprocess.DEVNULL)


def test_a_whole_audit_is_believed_by_another_program_and_one_written_anew_is_not(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store, Store(tmp_path / "b") as anew:
        for each in (store, anew):
            add(each, "a", "b")
            each.promote("p", 1, revision=0, who="王", why="第一")
            each.note("p", "override", 1, who="w", why="x")
        given = store.audit("p")[1].hash
        assert told(tmp_path / "a" / "zhinan.db") == told(tmp_path / "a" / "zhinan.db", "p", "--holds", given) == 0
        assert told(tmp_path / "b" / "zhinan.db", "p", "--holds", given) == 1


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_the_audit(store: Store, change: str) -> None:
    add(store, "a")
    store.promote("p", 1, revision=0, who="w", why="")
    with pytest.raises(Exception, match="append-only"), store._database.write() as connection:
        connection.execute(text(change))
    assert store.audit("p")[0].who == "w"


def test_a_run_is_found_again_with_its_last_state(store: Store) -> None:
    assert store.last_run("p", "k") is None
    first = store.start_run("p", "k", {"recipes": ["linear"]})
    assert (first.plan, first.state, first.result, first.finished) == ({"recipes": ["linear"]}, {}, None, None)
    change_run(store, "p", "k", {}, lambda held: {"done": ["prior"], "spent": 1.5})
    second = store.start_run("p", "other", {})
    found = store.last_run("p", "k")
    assert found is not None
    assert (found.id, found.state) == (first.id, {"done": ["prior"], "spent": 1.5})
    store.finish_run(first.id, {"version": 1})
    found = store.last_run("p", "k")
    assert found is not None
    assert found.result == {"version": 1}
    assert found.finished is not None
    assert second.id != first.id
    with pytest.raises(UserError, match="no run 99"):
        spend(store, 99, 1.0)


def test_who_touches_the_state_that_it_was_given_changes_it_once_and_ends(store: Store) -> None:
    def touching(state: Any) -> Any:
        state.setdefault("days", {})["1"] = 1
        return state

    change_run(store, "p", "k", {}, touching)
    assert change_run(store, "p", "k", {}, touching).state == {"days": {"1": 1}}


def test_two_who_change_verdicts_at_once_lose_nothing(store: Store) -> None:
    add(store, "a")

    def beside(line: str) -> Any:
        return lambda held: [*held, {"line": line}]

    others = [beside("by fresh labels"), beside("by use")]

    def while_others_write(held: Any) -> Any:
        if others:
            change_verdicts(store, "p", 1, others.pop())
        return beside("by production")(held)

    found = change_verdicts(store, "p", 1, while_others_write)
    assert [one["line"] for one in found] == ["by use", "by fresh labels", "by production"]
    assert store.verdicts("p", 1) == tuple(found)
    with pytest.raises(UserError, match="no version 9"):
        change_verdicts(store, "p", 9, list)


def test_of_two_first_versions_one_goes_live_and_neither_fails(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = add(store, "a", "b")
    stages = store.stages("p")
    promote_first(store, "p", first, "build")
    monkeypatch.setattr(store, "stages", lambda product, seen=[stages]: seen.pop() if seen else whole(product))
    whole = type(store).stages.__get__(store)
    promote_first(store, "p", second, "build")
    assert whole("p").live == first


def test_two_who_begin_and_change_a_run_at_once_lose_nothing(store: Store) -> None:
    def one_more(state: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"n": state.get("n", 0) + 1}

    others = [one_more] * 3

    def while_others_write(state: Mapping[str, Any]) -> Mapping[str, Any]:
        if others:
            change_run(store, "p", "k", {}, others.pop())
        return one_more(state)

    run = change_run(store, "p", "k", {"by": "us"}, while_others_write)
    assert (run.state, run.plan) == ({"n": 4}, {"by": "us"})
    assert change_run(store, "p", "k", {}, dict) == store.last_run("p", "k") == run


def test_live_verdicts_are_replaced_all_at_once(store: Store) -> None:
    add(store, "a")
    assert store.verdicts("p", 1) == ()
    store.set_verdicts("p", 1, [{"line": "accuracy >= 90%", "n": 10}, {"line": "size <= 60 MB"}])
    store.set_verdicts("p", 1, [{"line": "accuracy >= 90%", "n": 20}])
    assert store.verdicts("p", 1) == ({"line": "accuracy >= 90%", "n": 20},)
    store.set_verdicts("p", 1, [])
    assert store.verdicts("p", 1) == ()
