"""Events on an open transaction: each id is stored once, whatever is sent how often."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_type_hints

from sqlalchemy import Connection, Select, func, insert, select

from zhinan.core import UserError, Words
from zhinan.store import _schema as schema
from zhinan.store._json import canonical, sha256
from zhinan.store.rows import Event, EventOutcome

__all__ = ["add", "count", "encode", "page"]

_KINDS = get_args(get_type_hints(Event)["kind"])
_LONGEST_ID = 200
_CHUNK = 900


def encode(product: str, event: Event) -> dict[str, Any]:
    """The event as a row, ready to be written.

    Raises:
        UserError: E412 when it cannot be stored exactly.
    """
    if event.kind not in _KINDS:
        raise UserError("E412", reason=Words(f"unknown kind '{event.kind}'", f"未知类型 “{event.kind}”"))
    if not isinstance(event.event_id, str) or not 0 < len(event.event_id) <= _LONGEST_ID:
        raise UserError("E412", reason=Words("the event_id has a wrong length", "event_id 长度不符"))
    if not isinstance(event.payload, Mapping) or not math.isfinite(event.at):
        raise UserError("E412", reason=Words("its payload or time is of the wrong type", "内容或时间的类型不符"))
    try:
        payload = canonical(event.payload)
        digest = sha256(canonical([event.kind, event.person, payload]))
        clean = "\0" not in event.event_id + (event.person or "") and event.event_id.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UserError("E412", reason=Words("it is not plain JSON in Unicode", "不是标准的 Unicode JSON")) from error
    if not clean:
        raise UserError("E412", reason=Words("a name in it holds a NUL", "其中的名称含有 NUL 字符"))
    return {
        "product": product, "event_id": event.event_id, "kind": event.kind, "person": event.person,
        "payload": payload, "digest": digest, "at": float(event.at),
    }  # fmt: skip


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[EventOutcome]:
    """Stores what is new among encoded rows and tells for each what became of it."""
    known = _known(connection, rows)
    outcomes: list[EventOutcome] = []
    new: list[Mapping[str, Any]] = []
    for row in rows:
        name = (row["product"], row["event_id"])
        if name not in known:
            known[name] = row["digest"]
            new.append(row)
            outcomes.append("new")
        else:
            outcomes.append("repeat" if known[name] == row["digest"] else "conflict")
    if new:
        connection.execute(insert(schema.events), new)
    return outcomes


def page(connection: Connection, product: str, kind: str | None, after: int, limit: int) -> tuple[Event, ...]:
    """Events after a seq, oldest first."""
    table = schema.events
    query = _of(select(table), product, kind).where(table.c.seq > after).order_by(table.c.seq).limit(limit)
    return tuple(
        Event(row.event_id, row.kind, json.loads(row.payload), row.at, row.person, row.seq)
        for row in connection.execute(query)
    )


def count(connection: Connection, product: str, kind: str | None) -> int:
    """How many events there are."""
    return int(connection.scalar(_of(select(func.count()).select_from(schema.events), product, kind)) or 0)


def _of(query: Select[Any], product: str, kind: str | None) -> Select[Any]:
    table = schema.events
    query = query.where(table.c.product == product)
    return query if kind is None else query.where(table.c.kind == kind)


def _known(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    table = schema.events
    wanted: dict[str, list[str]] = {}
    for row in rows:
        wanted.setdefault(row["product"], []).append(row["event_id"])
    known: dict[tuple[str, str], str] = {}
    for product, ids in wanted.items():
        for start in range(0, len(ids), _CHUNK):
            same = (table.c.product == product, table.c.event_id.in_(ids[start : start + _CHUNK]))
            for event_id, digest in connection.execute(select(table.c.event_id, table.c.digest).where(*same)):
                known[product, event_id] = digest
    return known
