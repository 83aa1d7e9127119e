"""Which keys a store was ever written with: who lacks one of them is refused before anything is read."""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, insert, select, update

from zhinan.core import UserError, Words
from zhinan.core.keys import KEYLESS
from zhinan.store import _schema as schema
from zhinan.store._cipher import Cipher

__all__ = ["bind_mask", "every", "guard", "join", "mask_key", "mask_keys", "retire", "unknown", "unknown_now"]


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


def unknown_now(connection: Connection, cipher: Cipher, where: str) -> bool:
    """As `unknown`: another process may have changed the store's keys since this one opened it."""
    try:
        return unknown(connection, cipher, where)
    except UserError:
        cipher.renew()
        return unknown(connection, cipher, where)


def guard(connection: Connection, cipher: Cipher, where: str) -> None:
    """Before anything is encrypted."""
    if unknown_now(connection, cipher, where):
        join(connection, cipher, where)


def mask_keys(connection: Connection) -> dict[str, str]:
    """Product → id of the key that its masks are bound to, or KEYLESS."""
    table = schema.mask_keys
    found = connection.execute(select(table.c.product, table.c.key).order_by(table.c.product))
    return {row.product: row.key for row in found}


def mask_key(connection: Connection, cipher: Cipher, product: str, needed: bool) -> tuple[str, bool]:
    """The id of the key that a product's masks are bound to, and whether it is so already.

    Args: needed: the masks cannot do without one; then a product that was bound to none gets the one in use.
    """
    current = KEYLESS if cipher.current is None else cipher.current.id
    bound = mask_keys(connection).get(product)
    return (current, False) if bound is None or (needed and bound == KEYLESS) else (bound, True)


def bind_mask(connection: Connection, product: str, key: str) -> None:
    """Binds the masks of a product to a key: encryption goes on to another, they do not."""
    connection.execute(delete(schema.mask_keys).where(schema.mask_keys.c.product == product))
    connection.execute(insert(schema.mask_keys).values(product=product, key=key))


def retire(connection: Connection, name: str) -> None:
    """Marks a key as no longer needed by anything in the store."""
    table = schema.keys
    connection.execute(update(table).where(table.c.id == name).values(retired=time.time()))
