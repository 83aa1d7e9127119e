"""What was computed from which data: so that it can be erased with the data, and by whom it is kept does not matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, insert, select

from zhinan.store import _schema as schema

__all__ = ["enter", "forget", "keep_only", "of", "only_from"]


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


def only_from(connection: Connection, sources: Collection[str]) -> set[str]:
    """The blobs that were computed from nothing but these sources."""
    table, known = schema.derived, dict[str, bool]()
    for name, source in connection.execute(select(table.c.name, table.c.source)):
        known[name] = known.get(name, True) and source in sources
    return {name for name, only in known.items() if only}


def keep_only(connection: Connection, names: Collection[str]) -> None:
    """Strikes every other blob from the list."""
    for name in set(connection.scalars(select(schema.derived.c.name))) - set(names):
        forget(connection, name)
