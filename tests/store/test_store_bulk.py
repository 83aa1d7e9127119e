"""Many rows at once on PostgreSQL: each name is looked up by its index, and what fails says nothing of the rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError

from zhinan.core import UserError
from zhinan.store import Event, Store, _events, _migrations

pytestmark = pytest.mark.system


def event(name: str, **payload: Any) -> Event:
    return Event(name, "feedback", payload, 1.0)


def test_looking_for_repeats_never_reads_all_events_of_a_product(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    asked: list[tuple[str, Any]] = []
    with Store(f"{new_database()}&folder={tmp_path}") as store:
        listen(
            store._database._engine,
            "before_cursor_execute",
            lambda _, __, text, values, *___: asked.append((text, values)),
        )
        store.add_events("p", [event("sent again")])
        store.add_events("p", [event("sent again")])
        for batch in range(12):  # often enough that the server plans for any values, without statistics
            store.add_events("p", [event(f"{batch}-{i}") for i in range(100)])
        text, values = next((text, values) for text, values in asked if "SELECT events.event_id" in text)
        with store._database.read() as connection:
            plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {text}", values))
    assert "Index Scan using events_3_product_event_id_key" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "kind" not in plan, plan


def test_events_are_looked_up_only_for_as_long_as_some_are_sent_again(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    known = _events._known
    monkeypatch.setattr("zhinan.store._events._known", lambda *asked: looks.append(len(asked[1])) or known(*asked))
    monkeypatch.setattr("zhinan.store._intake.LOOKS", 2)
    with Store(f"{new_database()}&folder={tmp_path}") as store:
        first = [event(f"a{i}") for i in range(3)]
        assert store.add_events("p", first) == ["new"] * 3
        assert looks == []
        mixed = [event("b"), first[0], replace(first[1], payload={"other": 1}), event("b"), event("c")]
        assert store.add_events("p", mixed) == ["new", "repeat", "conflict", "repeat", "new"]
        assert store.add_events("p", [event("d")]) == ["new"]
        assert looks == [5, 1]
        assert store.add_events("p", [event("e")]) == ["new"]
        assert looks == [5, 1]
        assert [kept.event_id for kept in store.events("p")] == ["a0", "a1", "a2", "b", "c", "d", "e"]


def test_a_transaction_that_fails_leaves_nothing_and_holds_nobody_up(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    with Store(f"{new_database()}&folder={tmp_path}") as store:
        store.add_events("p", [event("a")])
        wrong = "DELETE FROM events; SELECT 1 / 0"
        with pytest.raises(DBAPIError), store._database.write() as connection:
            connection.exec_driver_sql(wrong, execution_options={"no_parameters": True})
        assert store.add_events("p", [event("a"), event("b")]) == ["repeat", "new"]


def test_a_transaction_is_on_disk_whatever_the_settings_of_the_server(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    place = new_database().replace("-csearch_path", "-csynchronous_commit%3Doff%20-csearch_path")
    with Store(f"{place}&folder={tmp_path}") as store:
        with store._database.read() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
        with store._database.write() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_writer_sees_what_was_stored_while_it_waited_whatever_the_settings_of_the_server(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    strict = new_database().replace("-csearch_path", "-cdefault_transaction_isolation%3Dserializable%20-csearch_path")
    place = f"{strict}&folder={tmp_path}"
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with Store(place) as one, Store(place) as other, ThreadPoolExecutor(1) as beside:
        one.add_events("p", [event("a")])
        assert other.add_events("p", [event("a")]) == ["repeat"]  # so that it looks up first
        with one._database.write() as connection:
            _events.add(connection, [_events.encode("p", event("b"))], one._cipher)
            outcomes = beside.submit(other.add_events, "p", [event("b"), event("c")])
            while not connection.exec_driver_sql(waiting).scalar():
                assert not outcomes.done()
        assert outcomes.result() == ["repeat", "new"]


def test_what_the_server_refuses_is_told_without_what_was_to_be_stored(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    with Store(f"{new_database()}&folder={tmp_path}") as store:
        with store._database.write() as connection:
            connection.exec_driver_sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'permission denied' USING ERRCODE = '42501', DETAIL = NEW.payload; END $$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        with pytest.raises(UserError) as error:
            store.add_events("p", [event("1", text="my secret words")])
        assert error.value.code == "E407"
        assert "secret" not in f"{error.value} {error.value.as_dict()}"
        assert store.count_events("p") == 0


def test_events_are_divided_into_parts_as_they_are_and_no_number_is_used_again(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"{new_database()}&folder={tmp_path}"
    with monkeypatch.context() as before:
        before.setattr(_migrations, "MIGRATIONS", _migrations.MIGRATIONS[:9])
        with Store(place) as store:
            store.add_events("p", [event(f"{i}", text=f"卡{i}") for i in range(50)])
            with store._database.write() as connection:
                connection.exec_driver_sql("DELETE FROM events WHERE seq = 50")
            known = store.events("p")
    with Store(place) as store:
        assert store.events("p") == known
        assert [found.seq for found in store.events("p")] == [found.seq for found in known]
        assert store.add_events("p", [event("7", text="卡7"), event("new")]) == ["repeat", "new"]
        assert store.events("p", newest=True, limit=1)[0].seq > 50
