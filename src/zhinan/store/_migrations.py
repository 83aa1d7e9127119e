"""How a store of any age becomes one that this code can read: numbered steps, applied once, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, func, insert, inspect, select

from zhinan.core import UserError
from zhinan.store._database import Database
from zhinan.store._schema import schema_version

__all__ = ["MIGRATIONS", "migrate"]

_FIRST = """
CREATE TABLE versions (
    product TEXT NOT NULL, number INTEGER NOT NULL, digest TEXT NOT NULL, path TEXT NOT NULL, parent INTEGER,
    outcome TEXT NOT NULL, summary TEXT NOT NULL, at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (product, number), UNIQUE (product, digest),
    FOREIGN KEY (product, parent) REFERENCES versions (product, number));
CREATE TABLE stages (
    product TEXT NOT NULL PRIMARY KEY, live INTEGER, previous INTEGER, revision INTEGER NOT NULL,
    FOREIGN KEY (product, live) REFERENCES versions (product, number),
    FOREIGN KEY (product, previous) REFERENCES versions (product, number));
CREATE TABLE audit (
    product TEXT NOT NULL, seq INTEGER NOT NULL, at DOUBLE PRECISION NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
    number INTEGER NOT NULL, why TEXT NOT NULL, live INTEGER, previous_live INTEGER, revision INTEGER NOT NULL,
    previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (product, seq));
CREATE TABLE openings (
    id {identity}, product TEXT NOT NULL, key TEXT NOT NULL, t INTEGER NOT NULL, delta DOUBLE PRECISION NOT NULL,
    lines TEXT NOT NULL, rows INTEGER NOT NULL, result TEXT, at DOUBLE PRECISION NOT NULL, UNIQUE (product, key));
CREATE TABLE opening_rows (
    opening BIGINT NOT NULL REFERENCES openings (id), row TEXT NOT NULL, PRIMARY KEY (row, opening));
CREATE TABLE runs (
    id {identity}, product TEXT NOT NULL, key TEXT NOT NULL, plan TEXT NOT NULL, state TEXT NOT NULL, result TEXT,
    started DOUBLE PRECISION NOT NULL, updated DOUBLE PRECISION NOT NULL, finished DOUBLE PRECISION);
CREATE INDEX runs_by_key ON runs (product, key);
CREATE TABLE events (
    seq {identity}, product TEXT NOT NULL, event_id TEXT NOT NULL, kind TEXT NOT NULL, person TEXT,
    payload TEXT NOT NULL, digest TEXT NOT NULL, at DOUBLE PRECISION NOT NULL, UNIQUE (product, event_id));
CREATE INDEX events_by_kind ON events (product, kind, seq);
CREATE TABLE verdicts (
    product TEXT NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL, verdict TEXT NOT NULL,
    PRIMARY KEY (product, number, position), FOREIGN KEY (product, number) REFERENCES versions (product, number))
"""


def _first(connection: Connection, database: Database) -> None:
    for statement in _FIRST.format(identity=database.identity).split(";"):
        connection.exec_driver_sql(statement)
    for statement in database.append_only("audit"):
        connection.exec_driver_sql(statement)


def _sealing_keys(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql("CREATE TABLE sealing_keys (product TEXT NOT NULL PRIMARY KEY, secret TEXT NOT NULL)")


def _keys(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE keys (id TEXT NOT NULL PRIMARY KEY, since DOUBLE PRECISION NOT NULL, retired DOUBLE PRECISION)"
    )


def _derived(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE derived (source TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (source, name))"
    )


def _mask_keys(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql("CREATE TABLE mask_keys (product TEXT NOT NULL PRIMARY KEY, key TEXT NOT NULL)")


def _jobs(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE jobs (id TEXT NOT NULL PRIMARY KEY, product TEXT NOT NULL, owner TEXT NOT NULL, "
        "options TEXT NOT NULL, status TEXT NOT NULL, rows INTEGER NOT NULL, done INTEGER NOT NULL, worker TEXT, "
        "lease DOUBLE PRECISION NOT NULL, tries INTEGER NOT NULL, at DOUBLE PRECISION NOT NULL)"
    )
    connection.exec_driver_sql(
        "CREATE TABLE job_pieces (job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, start INTEGER NOT NULL, "
        "rows TEXT, result TEXT, PRIMARY KEY (job, start))"
    )


def _forgotten(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE forgotten (product TEXT NOT NULL, code TEXT NOT NULL, person TEXT NOT NULL, "
        "PRIMARY KEY (product, code))"
    )
    connection.exec_driver_sql(
        "CREATE TABLE forgettings (product TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL, "
        "at DOUBLE PRECISION NOT NULL, PRIMARY KEY (product, person))"
    )


def _places(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql("CREATE TABLE places (id TEXT NOT NULL PRIMARY KEY, path TEXT NOT NULL, found INTEGER)")


def _residue(connection: Connection, database: Database) -> None:
    connection.exec_driver_sql("CREATE TABLE residue (due BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL)")
    connection.exec_driver_sql("INSERT INTO residue VALUES (0, 0)")


def _parts(connection: Connection, database: Database) -> None:
    columns = (
        "seq BIGINT GENERATED BY DEFAULT AS IDENTITY, product TEXT NOT NULL, event_id TEXT NOT NULL, "
        "kind TEXT NOT NULL, person TEXT, payload TEXT NOT NULL, digest TEXT NOT NULL, at DOUBLE PRECISION NOT NULL"
    )
    for statement in database.in_parts(columns):
        connection.exec_driver_sql(statement)


MIGRATIONS: tuple[Callable[[Connection, Database], None], ...] = (
    _first, _sealing_keys, _keys, _derived, _mask_keys, _jobs, _forgotten, _places, _residue, _parts,
)  # fmt: skip
"""Step n takes a store of schema n − 1 to schema n. A step that has shipped is never edited."""


def migrate(database: Database) -> None:
    """Brings the store up to date; does not write when it already is.

    Raises:
        UserError: E400 when the store is newer than this code.
    """
    with database.read() as connection:
        found = _found(connection)
    if found > len(MIGRATIONS):
        raise UserError("E400", database.where, found=found, known=len(MIGRATIONS))
    if found == len(MIGRATIONS):
        return
    with database.write() as connection:
        found = _found(connection)  # another process may have been first
        if found == 0:
            connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, at DOUBLE PRECISION NOT NULL)"
            )
        for number, step in enumerate(MIGRATIONS[found:], found + 1):
            step(connection, database)
            connection.execute(insert(schema_version).values(version=number, at=time.time()))


def _found(connection: Connection) -> int:
    if not inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.scalar(select(func.coalesce(func.max(schema_version.c.version), 0))) or 0)
