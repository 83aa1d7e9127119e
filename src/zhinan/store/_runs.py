"""Runs and live verdicts, on an open transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from zhinan.core import UserError
from zhinan.store import _schema as schema
from zhinan.store import _versions
from zhinan.store._json import canonical
from zhinan.store._names import check_product
from zhinan.store.rows import Run

__all__ = ["change", "last", "set_verdicts", "start", "state", "strike", "verdicts"]


def start(connection: Connection, product: str, key: str, plan: Mapping[str, Any]) -> Run:
    """A new run that has done nothing yet."""
    check_product(product)
    table, now = schema.runs, time.time()
    values = {"product": product, "key": key, "plan": plan, "state": {}, "result": None, "started": now, "updated": now}
    number = connection.scalar(insert(table).values(**values).returning(table.c.id))
    return Run(**connection.execute(select(table).where(table.c.id == number)).one()._mapping)


def change(connection: Connection, number: int, values: Mapping[str, Any], *, finished: bool) -> None:
    """Replaces what is known of a run."""
    table, now = schema.runs, time.time()
    ended = {"finished": now} if finished else {}
    done = connection.execute(update(table).where(table.c.id == number).values(**values, updated=now, **ended))
    if done.rowcount != 1:
        raise UserError("E415", thing="run", number=number)


def state(connection: Connection, number: int) -> Mapping[str, Any]:
    """What is known of a run now."""
    found = connection.execute(select(schema.runs.c.state).where(schema.runs.c.id == number)).first()
    if found is None:
        raise UserError("E415", thing="run", number=number)
    return found.state  # type: ignore[no-any-return]


def last(connection: Connection, product: str, key: str, *, finished: bool = False) -> Run | None:
    """The latest run of a key. Args: finished: of those that ended."""
    table = schema.runs
    same = select(table).where(table.c.product == product, table.c.key == key)
    same = same.where(table.c.finished.is_not(None)) if finished else same
    found = connection.execute(same.order_by(table.c.id.desc()).limit(1)).first()
    return None if found is None else Run(**found._mapping)


def strike(connection: Connection, product: str, names: Collection[str]) -> None:
    """Takes rows out of what runs remember, by their ids: an id confirms a guess at what the row says."""
    table = schema.runs
    for run in connection.execute(select(table.c.id, table.c.state).where(table.c.product == product)).all():
        text = canonical(run.state)
        mine = [name for name in names if name in text]
        for name in mine:
            text = text.replace(name, "")
        if mine:
            connection.execute(update(table).where(table.c.id == run.id).values(state=json.loads(text)))


def set_verdicts(connection: Connection, product: str, number: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replaces the live verdicts of a version."""
    _versions.one(connection, product, number)
    table = schema.verdicts
    connection.execute(delete(table).where(table.c.product == product, table.c.number == number))
    values = [{"product": product, "number": number, "position": i, "verdict": row} for i, row in enumerate(rows)]
    if values:
        connection.execute(insert(table), values)


def verdicts(connection: Connection, product: str, number: int) -> tuple[Mapping[str, Any], ...]:
    """The live verdicts of a version, in their order."""
    _versions.one(connection, product, number)
    table = schema.verdicts
    same = select(table.c.verdict).where(table.c.product == product, table.c.number == number)
    return tuple(connection.scalars(same.order_by(table.c.position)))
