"""The ledger of sealed sets: who looked at which rows how often, written down before the look."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from zhinan.core import UserError
from zhinan.store import _schema as schema
from zhinan.store._json import canonical
from zhinan.store.rows import Opening

__all__ = ["close_seal", "every", "next_opening", "open_seal"]

_CHUNK = 900  # every SQLite takes 999 variables


def next_opening(connection: Connection, rows: Sequence[str]) -> int:
    """1 + the most openings any of the rows has had, whatever the product. Source: Renggli et al., MLSys 2019."""
    distinct = sorted(set(rows))
    if not distinct:
        raise ValueError("a sealed set has rows")
    opened = schema.opening_rows
    most = 0
    for start in range(0, len(distinct), _CHUNK):
        times = func.count().label("times")
        found = connection.scalar(
            select(times)
            .where(opened.c.row.in_(distinct[start : start + _CHUNK]))
            .group_by(opened.c.row)
            .order_by(times.desc())
            .limit(1)
        )
        most = max(most, found or 0)
    return most + 1


def open_seal(
    connection: Connection,
    product: str,
    key: str,
    rows: Sequence[str],
    delta: float | Callable[[int], float],
    lines: Mapping[str, Any],
) -> Opening:
    """The opening of this key: the old one, or a new one charged to every row."""
    table = schema.openings
    old = connection.execute(select(table).where(table.c.product == product, table.c.key == key)).first()
    if old is not None:
        return _opening(old, fresh=False)
    t = next_opening(connection, rows)
    distinct = sorted(set(rows))
    values = {
        "product": product, "key": key, "t": t, "delta": delta(t) if callable(delta) else delta, "lines": lines,
        "rows": len(distinct), "result": None, "at": time.time(),
    }  # fmt: skip
    number = connection.scalar(insert(table).values(**values).returning(table.c.id))
    connection.execute(insert(schema.opening_rows), [{"opening": number, "row": row} for row in distinct])
    new = connection.execute(select(table).where(table.c.id == number)).one()
    return _opening(new, fresh=True)


def close_seal(connection: Connection, number: int, result: Mapping[str, Any]) -> None:
    """Writes down what was seen, once."""
    table = schema.openings
    known = connection.execute(select(table.c.result).where(table.c.id == number)).first()
    if known is None:
        raise UserError("E415", thing="opening", number=number)
    if known.result is None:
        connection.execute(update(table).where(table.c.id == number).values(result=result))
    elif canonical(known.result) != canonical(result):
        raise UserError("E414", opening=number)


def every(connection: Connection, product: str) -> tuple[Opening, ...]:
    """All openings of a product's sealed rows, oldest first."""
    table = schema.openings
    found = connection.execute(select(table).where(table.c.product == product).order_by(table.c.id))
    return tuple(_opening(row, fresh=False) for row in found)


def _opening(row: Row[Any], *, fresh: bool) -> Opening:
    return Opening(fresh=fresh, **row._mapping)
