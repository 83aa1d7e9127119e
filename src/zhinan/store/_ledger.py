"""The ledger of sealed sets: who looked at which rows how often, written down before the look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from zhinan.core import UserError
from zhinan.core.keys import keyed_hash
from zhinan.store import _schema as schema
from zhinan.store._json import canonical
from zhinan.store._names import check_product
from zhinan.store.rows import Opening

__all__ = ["close_seal", "every", "hidden", "next_opening", "of_rows", "open_seal", "opened"]

_CHUNK = 900  # every SQLite takes 999 variables


def hidden(secret: bytes, rows: Sequence[str]) -> dict[str, str]:
    """Word in the ledger → row: a plain hash of a row would tell who guesses the row that the guess is right."""
    return {keyed_hash(secret, row): row for row in rows}


def next_opening(connection: Connection, rows: Sequence[str]) -> int:
    """1 + the most openings any of the rows has had, whatever the product. Source: Renggli et al., MLSys 2019."""
    if not rows:
        raise ValueError("a sealed set has rows")
    return max(opened(connection, rows).values(), default=0) + 1


def opened(connection: Connection, rows: Sequence[str]) -> dict[str, int]:
    """Row → how many openings it has had, for those that had any."""
    table, found = schema.opening_rows, dict[str, int]()
    for some in _chunks(rows):
        times = select(table.c.row, func.count()).where(table.c.row.in_(some)).group_by(table.c.row)
        found.update((row, int(count)) for row, count in connection.execute(times))
    return found


def of_rows(connection: Connection, rows: Sequence[str]) -> tuple[Opening, ...]:
    """All openings that any of the rows has had, whatever the product, oldest first."""
    table, each = schema.openings, schema.opening_rows
    numbers: set[int] = set()
    for some in _chunks(rows):
        numbers.update(connection.scalars(select(each.c.opening).where(each.c.row.in_(some)).distinct()))
    found = [connection.execute(select(table).where(table.c.id == number)).one() for number in sorted(numbers)]
    return tuple(_opening(row, fresh=False) for row in found)


def open_seal(
    connection: Connection,
    product: str,
    key: str,
    rows: Sequence[str],
    delta: float | Callable[[int], float],
    lines: Mapping[str, Any],
) -> Opening:
    """The opening of this key: the old one, or a new one charged to every row."""
    check_product(product)
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


def _chunks(rows: Sequence[str]) -> Iterator[list[str]]:
    distinct = sorted(set(rows))
    for start in range(0, len(distinct), _CHUNK):
        yield distinct[start : start + _CHUNK]


def _opening(row: Row[Any], *, fresh: bool) -> Opening:
    return Opening(fresh=fresh, **row._mapping)
