"""What was computed from which data: so that it can be erased with the data, and by whom it is kept does not matter."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from zhinan.store import _schema as schema

__all__ = ["enter", "forget", "of"]


def enter(connection: Connection, sources: Iterable[str], name: str) -> None:
    """Writes down that a blob was computed from each of these sources."""
    table = schema.derived
    known = set(connection.scalars(select(table.c.source).where(table.c.name == name)))
    new = [{"source": source, "name": name} for source in sorted(set(sources) - known)]
    if new:
        connection.execute(insert(table), new)


def of(connection: Connection, source: str) -> tuple[str, ...]:
    """The blobs computed from a source."""
    table = schema.derived
    return tuple(connection.scalars(select(table.c.name).where(table.c.source == source).order_by(table.c.name)))


def forget(connection: Connection, name: str) -> None:
    """Strikes a blob from the list."""
    connection.execute(delete(schema.derived).where(schema.derived.c.name == name))
