"""A real PostgreSQL server for the tests that need one, started once and thrown away."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from zhinan.store._database import Database

__all__ = ["end_connections", "new_database", "on_disk", "postgres"]


def on_disk(connection: Connection) -> bytes:
    """The files of every table of a connection's schema, with their indexes and what they keep aside, as they stand."""
    files = """
        WITH ours AS (SELECT oid, reltoastrelid FROM pg_class WHERE relnamespace = current_schema::regnamespace)
        SELECT pg_read_binary_file(path) FROM (
            SELECT pg_relation_filepath(oid) AS path FROM ours
            UNION SELECT pg_relation_filepath(reltoastrelid) FROM ours
        ) AS files WHERE path IS NOT NULL"""
    connection.execute(text("CHECKPOINT"))
    return b"".join(map(bytes, connection.scalars(text(files))))


def end_connections(database: Database, name: str) -> int:
    """Ends connections by their application's name, as a server that stops does; how many there were."""
    query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name"
    with database.read() as connection:
        return int(connection.scalar(text(query), {"name": name}) or 0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of our own, run by a user who is not root; only with its programs and psycopg."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None or os.name != "posix":
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    home = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path is short, and every user may come by
    asking: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("runuser") is None or subprocess.call(["id", "postgres"], stdout=-3):
            pytest.skip("there is no user postgres to run the server as")
        shutil.chown(folder, "postgres")
        asking = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*asking, *command], check=True, capture_output=True, cwd=folder)

    run(str(home / "initdb"), "-D", str(folder / "data"), "-U", "owner", "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c port=5432 -c fsync=off"
    run(str(home / "pg_ctl"), "-D", str(folder / "data"), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://owner:hunter2@/postgres?host={folder}"
    finally:
        run(str(home / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(postgres: str) -> Callable[[], str]:
    """Makes an empty schema on that server and gives an address that sees nothing else: a database takes seconds."""
    import psycopg

    numbers = itertools.count()

    def make() -> str:
        name = f"made_{next(numbers)}"
        with psycopg.connect(postgres, autocommit=True) as held:
            held.execute(f"CREATE SCHEMA {name}")
        return f"{postgres}&options=-csearch_path%3D{name}"

    return make
