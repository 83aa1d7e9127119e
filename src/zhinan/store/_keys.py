"""Which keys a store was ever written with: who lacks one of them is refused before anything is read."""

from __future__ import annotations

import time

from sqlalchemy import Connection, insert, select, update

from zhinan.core import UserError, Words
from zhinan.store import _schema as schema
from zhinan.store._cipher import Cipher

__all__ = ["every", "guard", "join", "retire", "unknown"]


def every(connection: Connection) -> dict[str, bool]:
    """Id → whether it is retired, of every key, oldest first."""
    table = schema.keys
    found = connection.execute(select(table.c.id, table.c.retired).order_by(table.c.since, table.c.id))
    return {row.id: row.retired is not None for row in found}


def unknown(connection: Connection, cipher: Cipher, where: str) -> bool:
    """Whether the key in use is new to this store.

    Raises:
        UserError: E420 when a key of the store is not at hand, E425 when the one in use was retired.
    """
    listed = every(connection)
    held = {key.id for key in cipher.keys}
    for name, retired in listed.items():
        if not retired and name not in held:
            known = ", ".join(sorted(held))
            words = Words(f"given: {known}", f"已提供：{known}") if held else Words("none was given", "未提供任何密钥")
            raise UserError("E420", where, id=name, held=words)
    if cipher.current is None:
        return False
    if listed.get(cipher.current.id):
        raise UserError("E425", where, id=cipher.current.id)
    return cipher.current.id not in listed


def join(connection: Connection, cipher: Cipher, where: str) -> None:
    """Enters the key in use, from when on everything is encrypted with it."""
    if unknown(connection, cipher, where) and cipher.current is not None:
        connection.execute(insert(schema.keys).values(id=cipher.current.id, since=time.time(), retired=None))


def guard(connection: Connection, cipher: Cipher, where: str) -> None:
    """Before anything is encrypted: another process may have changed the store's keys since this one opened it."""
    try:
        new = unknown(connection, cipher, where)
    except UserError:
        cipher.renew()
        new = unknown(connection, cipher, where)
    if new:
        join(connection, cipher, where)


def retire(connection: Connection, name: str) -> None:
    """Marks a key as no longer needed by anything in the store."""
    table = schema.keys
    connection.execute(update(table).where(table.c.id == name).values(retired=time.time()))
