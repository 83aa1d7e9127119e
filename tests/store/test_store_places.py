"""Opening a store: private, durable, of the right age, or refused with the reason."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import inspect, text

from zhinan.core import UserError
from zhinan.store import Event, Store, _migrations, _settling
from zhinan.store._database import Database
from zhinan.store._schema import TABLES
from zhinan.store.places import placed


def add(store: Store, name: str = "1") -> None:
    store.add_events("p", [Event(name, "feedback", {"text": "卡丢了"}, 1.0)])


def test_a_store_is_kept_between_openings_by_folder_and_by_dsn(tmp_path: Path) -> None:
    with Store(tmp_path / "new" / ".zhinan") as store:
        add(store)
    with Store(f"sqlite:///{tmp_path}/new/.zhinan/zhinan.db") as store:
        assert store.count_events("p") == 1
        assert store.blobs.folder == tmp_path / "new" / ".zhinan" / "blobs"
    with pytest.raises(RuntimeError, match="closed"):
        store.count_events("p")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_store_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Store(tmp_path / "s") as store:
            add(store)
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "s").iterdir()}
    finally:
        os.umask(before)
    assert modes == {"zhinan.db": 0o600, "zhinan.db-wal": 0o600, "zhinan.db-shm": 0o600}
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700
    (tmp_path / "s" / "zhinan.db").chmod(0o644)
    Store(tmp_path / "s").close()
    assert (tmp_path / "s" / "zhinan.db").stat().st_mode & 0o777 == 0o600


def test_every_connection_is_durable(tmp_path: Path) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30_000}
    with Store(tmp_path) as store:
        for place in (store._database.read, store._database.write, store._database.read):
            with place() as connection, store._database.read() as second:
                for each in (connection, second):
                    assert {name: each.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_it(tmp_path: Path) -> None:
    with Store(tmp_path) as store, store._database.write() as connection:
        connection.execute(text("INSERT INTO schema_version VALUES (99, 0)"))
        assert store.count_events("p") == 0
        with store._database.read() as reader:
            assert reader.scalar(text("SELECT max(version) FROM schema_version")) == len(_migrations.MIGRATIONS)
        connection.execute(text("DELETE FROM schema_version WHERE version = 99"))


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path) as store, store._database.write() as connection:
        add_version = text("INSERT INTO schema_version VALUES (:version, 0)")
        connection.execute(add_version, {"version": len(_migrations.MIGRATIONS) + 1})
    before = (tmp_path / "zhinan.db").read_bytes()
    with pytest.raises(UserError, match="newer Zhinan") as error:
        Store(tmp_path)
    assert error.value.code == "E400"
    assert (tmp_path / "zhinan.db").read_bytes() == before


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path) as store:
        add(store)

    def adds(connection: object, _: Database) -> None:
        connection.exec_driver_sql("CREATE TABLE extra (x INTEGER)")  # type: ignore[attr-defined]

    def fails(connection: object, database: Database) -> None:
        raise ArithmeticError("half way")

    first = _migrations.MIGRATIONS
    monkeypatch.setattr(_migrations, "MIGRATIONS", (*first, adds, fails))
    with pytest.raises(ArithmeticError):
        Store(tmp_path)
    monkeypatch.setattr(_migrations, "MIGRATIONS", (*first, adds))
    with Store(tmp_path) as store, store._database.read() as connection:
        assert connection.scalar(text("SELECT max(version) FROM schema_version")) == len(first) + 1
        assert inspect(connection).has_table("extra")
        assert store.count_events("p") == 1


def test_the_migrated_tables_are_those_the_code_queries(tmp_path: Path) -> None:
    with Store(tmp_path) as store, store._database.read() as connection:
        made = inspect(connection)
        tables = {name: {column["name"] for column in made.get_columns(name)} for name in made.get_table_names()}
    tables.pop("sqlite_sequence", None)
    assert tables == {table.name: set(table.columns.keys()) for table in TABLES.sorted_tables}


@pytest.mark.parametrize("content", [b"long enough, but not a database" * 100, b"SQLite format 3\0" + b"?" * 900])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "zhinan.db").write_bytes(content)
    with pytest.raises(UserError) as error:
        Store(tmp_path)
    assert error.value.code == "E406"
    assert str(tmp_path) in error.value.where
    assert (tmp_path / "zhinan.db").read_bytes() == content


@pytest.mark.parametrize(
    "where",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=ro&uri=true", "mysql://u@h/d", "sqlite+aiosqlite:///x.db",
     "nonsense://x", "s3://bucket", "://", "postgresql://u@h/d", "postgresql://u@h/d?folder=relative"],
)  # fmt: skip
def test_a_place_that_holds_no_store_is_refused(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as error:
        Store(where)
    assert error.value.code == "E408"
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        Store("postgresql://user:secret@127.0.0.1:1/none")
    assert error.value.code in {"E408", "E416"}
    assert "secret" not in str(error.value)


def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for where in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UserError) as error:
            Store(where)
        assert error.value.code == "E407"


def test_erased_bytes_are_overwritten(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        add(store)
        with store._database.write() as connection:
            connection.execute(text("DELETE FROM events"))
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "卡丢了".encode() not in files


def test_naming_the_room_loads_no_database() -> None:
    code = "import sys; from zhinan.store import Blobs, Event, Stages; sys.exit('sqlalchemy' in sys.modules)"
    paths = os.pathsep.join(path for path in sys.path if path)
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": paths})


@pytest.mark.system
def test_a_server_that_hangs_is_found_out(new_database: Callable[[], str], tmp_path: Path) -> None:
    with Store(f"{new_database()}&keepalives_idle=7&folder={tmp_path / 'ours'}") as store:
        for begin in (store._database.read, store._database.write):
            with begin() as connection:
                driver: Any = connection.connection.dbapi_connection
                assert connection.scalar(text("SHOW statement_timeout")) == "5min"
        held = driver.info.get_parameters()
        assert {name: held[name] for name in ("connect_timeout", "keepalives_idle", "tcp_user_timeout")} == {
            "connect_timeout": "10", "keepalives_idle": "7", "tcp_user_timeout": "30000",
        }  # fmt: skip

        def sleeps() -> None:
            with store._database.read() as connection:
                connection.execute(text("SET LOCAL statement_timeout = '1ms'"))
                connection.execute(text("SELECT pg_sleep(30)"))

        with pytest.raises(UserError, match="E407"):
            sleeps()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/rows?connect_timeout=2"
        with pytest.raises(UserError, match="E407"):
            Store(f"{address}&folder={tmp_path / 'theirs'}")


@pytest.mark.system
def test_rows_on_a_server_take_no_folder_but_their_own(new_database: Callable[[], str], tmp_path: Path) -> None:
    rows, ours = new_database(), tmp_path / "ours"
    with Store(f"{rows}&folder={ours}") as store:
        digest = store.blobs.put(b"1")
    with Store(f"{rows}&folder={ours}") as store:
        assert store.blobs.get(digest) == b"1"
    Store(f"{new_database()}&folder={tmp_path / 'theirs'}").close()
    for other in (tmp_path / "empty", tmp_path / "theirs"):
        with pytest.raises(UserError) as error:
            Store(f"{rows}&folder={other}")
        assert (error.value.code, error.value.values["known"]) == ("E427", str(ours))
    with Store(tmp_path / "sqlite"):
        pass
    for used in (ours, tmp_path / "sqlite"):
        with pytest.raises(UserError) as error:
            Store(f"{new_database()}&folder={used}")
        assert error.value.code == "E428"


@pytest.mark.system
def test_a_first_opening_that_was_killed_is_finished_by_the_next(
    new_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = new_database()
    for step in ("write_whole", "update"):
        monkeypatch.setattr(_settling, step, Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Store(f"{rows}&folder={tmp_path}")
        monkeypatch.undo()
    for _ in range(2):
        Store(f"{rows}&folder={tmp_path}").close()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, "{beside}"),
        ("elsewhere", "elsewhere"),
        ("sqlite:////a/zhinan.db", "sqlite:////a/zhinan.db"),
        ("postgresql://u@h/d", "postgresql://u@h/d?folder={beside}"),
        ("postgresql://u@h/d?sslmode=require", "postgresql://u@h/d?sslmode=require&folder={beside}"),
        ("postgresql+psycopg://u@h/d?folder=/a%20b", "postgresql+psycopg://u@h/d?folder=/a%20b"),
    ],
)
def test_a_server_keeps_what_is_no_row_beside_the_product_file(tmp_path: Path, asked: str | None, found: str) -> None:
    assert str(placed(asked, tmp_path)) == found.replace("{beside}", str(tmp_path))
