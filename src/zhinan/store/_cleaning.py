"""What rows leave behind when they go: due with them, in one transaction, and done soon after, whoever is killed."""

from __future__ import annotations

import time

from sqlalchemy import Connection, select, update

from zhinan.core import UserError
from zhinan.store import _schema as schema
from zhinan.store._database import Database
from zhinan.store._failures import BUSY_SECONDS

__all__ = ["clean", "clean_soon", "due"]

LONGEST = 600.0
"""Seconds that who asks for it waits for transactions that may still see what is gone."""

_PASSING = ("events", "jobs", "job_pieces")


def due(connection: Connection) -> None:
    """Rows were erased whose bytes must go, too."""
    connection.execute(update(schema.residue).values(due=schema.residue.c.due + 1))


def clean_soon(database: Database) -> None:
    """Overwrites what rows that expired left behind, unless nothing did or it was done a short while ago."""
    with database.read() as connection:
        row = connection.execute(select(schema.residue)).one()
        wait = database.patience(connection, _PASSING)
    if row.due and row.at < time.time() - wait:
        try:
            _overwrite(database, _PASSING, BUSY_SECONDS)
        except UserError as error:
            if error.code != "E429":  # it stays due, and is done when nobody sees it any more
                raise


def clean(database: Database) -> None:
    """Overwrites what rows that went left behind, wherever it is. Raises: UserError E429."""
    _overwrite(database, [table.name for table in schema.TABLES.sorted_tables], LONGEST)


def _overwrite(database: Database, tables: list[str] | tuple[str, ...], wait: float) -> None:
    with database.read() as connection:
        seen = connection.scalar(select(schema.residue.c.due))
    database.overwrite(tables, _touch, wait)
    with database.write() as connection:
        connection.execute(update(schema.residue).where(schema.residue.c.due == seen).values(due=0))
    database.forget_log()


def _touch(connection: Connection) -> None:
    connection.execute(update(schema.residue).values(at=time.time()))
