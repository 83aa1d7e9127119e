"""Makes PostgreSQL forget the bytes of rows that are gone: it writes tables anew, large ones part by part.

A row that is deleted leaves its bytes in its page until something else falls on them; only a table written anew holds
none. Whoever reads or writes a table waits for that, so the events stand in parts, and each is written by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from sqlalchemy import Connection, Text, cast, func, select, text
from sqlalchemy.exc import DBAPIError

__all__ = ["PARTS", "divided", "rewrite", "size"]

PARTS = 16
"""Into how many the events are divided, by the hash of their ids."""

_ASKS = "2s"
"""How long the rewriting of a part waits for who uses it: meanwhile all who come wait behind it."""

_GIVES_UP = 600.0
"""Seconds after which a part that is always in use is given up."""

_SMALL = "residue"


def divided(columns: str) -> tuple[str, ...]:
    """Statements that divide a table `events` of these columns into parts, rows and numbers as they are."""
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    whole = "pg_get_serial_sequence('events_whole', 'seq')"
    return (
        "ALTER TABLE events RENAME TO events_whole",
        f"CREATE TABLE events ({columns}) PARTITION BY HASH (event_id)",
        *(f"CREATE TABLE events_{i} PARTITION OF events FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {i})"
          for i in range(PARTS)),
        f"INSERT INTO events ({names}) SELECT {names} FROM events_whole",  # noqa: S608
        f"SELECT setval(pg_get_serial_sequence('events', 'seq'), nextval({whole}))",  # no number is used again
        "DROP TABLE events_whole",
        "ALTER TABLE events ADD UNIQUE (product, event_id)",
        "CREATE INDEX events_by_kind ON events (product, kind, seq)",
        "CREATE INDEX events_by_seq ON events (seq)",
    )  # fmt: skip


def size(connection: Connection, table: str) -> int:
    """Bytes of a table, with its indexes and in all of its parts."""
    parts = func.pg_partition_tree(table).table_valued("relid")
    of_parts = func.sum(func.pg_total_relation_size(parts.c.relid))
    whole = func.pg_total_relation_size(table)  # nothing of a table with parts: it is all in them
    return int(connection.scalars(select(whole + func.coalesce(of_parts, 0))).one())


def rewrite(connection: Connection, tables: Iterable[str], turn: str, wait: float) -> bool:
    """Writes tables anew, on a connection where each statement is a transaction; whether without all that was gone.

    While somebody may see a row that is gone, it is copied: an older transaction, whoever holds it, or a replica. So a
    table of one row is tried until nobody can, or for so many seconds, and only then the others.

    Who uses all parts of a table takes them first to last: they are rewritten from the last on, so that who waited for
    one needs none of those that come, and each waits for a turn as if to write, so that who writes is done before.
    """
    connection.exec_driver_sql(f"SET lock_timeout = '{_ASKS}'")
    since = str(connection.exec_driver_sql("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text").scalar_one())
    parts = [_SMALL]
    for table in tables:
        tree = func.pg_partition_tree(table).table_valued("relid", "isleaf").c
        leaves = select(cast(tree.relid, Text)).where(tree.isleaf).order_by(tree.relid.desc())
        parts += connection.scalars(leaves).all() or [table]  # a table without parts has no tree
    deadline = time.monotonic() + wait
    for part in parts:
        while not _rewritten(connection, part, turn, since):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.5)
    return True


def _rewritten(connection: Connection, part: str, turn: str, since: str) -> bool:
    """Writes a part anew; whether without all that was gone before a transaction: PostgreSQL notes how far it saw."""
    _patiently(connection, turn)
    _patiently(connection, f"VACUUM (FULL) {part}")
    told = text(
        "SELECT age(relfrozenxid) <= age(CAST(:since AS xid)) FROM pg_class WHERE oid = CAST(:part AS regclass)"
    )
    return bool(connection.scalar(told, {"since": since, "part": part}))


def _patiently(connection: Connection, statement: str) -> None:
    """Tries until nobody else is in the way."""
    deadline = time.monotonic() + _GIVES_UP
    while True:
        try:
            connection.exec_driver_sql(statement)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03" or time.monotonic() > deadline:
                raise
        time.sleep(0.5)
