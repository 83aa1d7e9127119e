"""Who was forgotten and how far it has come, on an open transaction. The codes stay when all else is gone."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from zhinan.core import UserError
from zhinan.store import _commitments
from zhinan.store import _schema as schema
from zhinan.store._cipher import Cipher
from zhinan.store.persons import Forgotten

__all__ = ["enter", "every", "of", "refuse_since", "set_state"]


def of(connection: Connection, product: str, cipher: Cipher) -> Forgotten:
    """The forgotten persons of a product."""
    table = schema.forgotten
    found = connection.execute(select(table.c.code, table.c.person).where(table.c.product == product))
    people = {row.code: row.person for row in found}
    if not people:
        return Forgotten(people)
    states = select(schema.forgettings.c.state).where(schema.forgettings.c.product == product)
    column = (connection.scalar(states.limit(1)) or {}).get("column")
    return Forgotten(people, _commitments.sealing_key(connection, product, cipher), column)


def refuse_since(connection: Connection, product: str, known: object) -> None:
    """Refuses to write what was made of rows before somebody was forgotten: names of them are never taken back.

    Args: known: the persons whose rows were left out; what is not `Forgotten` is of no rows.

    Raises: UserError E555.
    """
    table = schema.forgotten
    if isinstance(known, Forgotten):
        now = connection.scalar(select(func.count()).select_from(table).where(table.c.product == product))
        if now != len(known.people):
            raise UserError("E555", product)


def enter(connection: Connection, product: str, person: str, codes: Iterable[str], state: Mapping[str, Any]) -> None:
    """Enters a person and the codes of their names; entered before, they get what codes are new."""
    table, each = schema.forgettings, schema.forgotten
    mine = (each.c.product == product, each.c.code.in_(sorted(codes)))
    known = set(connection.scalars(select(each.c.code).where(*mine)))
    new = [{"product": product, "code": code, "person": person} for code in sorted(set(codes) - known)]
    if new:
        connection.execute(insert(each), new)
    if connection.scalar(select(table.c.at).where(table.c.product == product, table.c.person == person)) is None:
        row = {"product": product, "person": person, "state": dict(state), "at": time.time()}
        connection.execute(insert(table).values(**row))
    else:
        set_state(connection, product, person, state)


def every(connection: Connection, product: str) -> dict[str, tuple[float, Mapping[str, Any]]]:
    """Person → when they were entered, and how far it has come; in the order in which they were."""
    table = schema.forgettings
    found = connection.execute(select(table).where(table.c.product == product).order_by(table.c.at, table.c.person))
    return {row.person: (row.at, row.state) for row in found}


def set_state(connection: Connection, product: str, person: str, state: Mapping[str, Any]) -> None:
    """Replaces what is known of how far it has come."""
    table = schema.forgettings
    same = (table.c.product == product, table.c.person == person)
    connection.execute(update(table).where(*same).values(state=dict(state)))
