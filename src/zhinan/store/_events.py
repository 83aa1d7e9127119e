"""Events on an open transaction: each id is stored once, whatever is sent how often."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_type_hints

from sqlalchemy import Connection, Select, delete, func, select

from zhinan.core import UserError, Words
from zhinan.store import _forgotten
from zhinan.store import _schema as schema
from zhinan.store._bulk import among, named, put
from zhinan.store._cipher import Cipher, key_of_text
from zhinan.store._json import canonical, sha256
from zhinan.store._names import check_product
from zhinan.store.persons import Forgotten
from zhinan.store.rows import Event, EventOutcome

__all__ = ["add", "count", "each", "encode", "erase", "expire", "find", "hidden", "numbered", "page", "plain"]

_LOG = logging.getLogger(__name__)
_KINDS = get_args(get_type_hints(Event)["kind"])
_ID_PURPOSE, _PERSON_PURPOSE, _DIGEST_PURPOSE = "store event ids", "store persons", "store digests"
_LONGEST_ID = 200
_CHUNK = 900
_PASSING = ("prediction", "feedback", "traffic")
"""Kinds that expire; labels that people gave on purpose stay."""


def encode(product: str, event: Event) -> dict[str, Any]:
    """The event as a row, ready to be written.

    Raises:
        UserError: E412 when it cannot be stored exactly, E430 for a name that no product has.
    """
    check_product(product)
    if event.kind not in _KINDS:
        raise UserError("E412", reason=Words(f"unknown kind '{event.kind}'", f"未知类型 “{event.kind}”"))
    if not isinstance(event.event_id, str) or not 0 < len(event.event_id) <= _LONGEST_ID:
        raise UserError("E412", reason=Words("the event_id has a wrong length", "event_id 长度不符"))
    if not isinstance(event.payload, Mapping) or not math.isfinite(event.at):
        raise UserError("E412", reason=Words("its payload or time is of the wrong type", "内容或时间的类型不符"))
    try:
        payload = canonical(event.payload)
        digest = _digest(event.kind, event.person, payload)
        names = event.event_id + (event.person or "")
        clean = "\0" not in names and names.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UserError("E412", reason=Words("it is not plain JSON in Unicode", "不是标准的 Unicode JSON")) from error
    if not clean:
        raise UserError("E412", reason=Words("a name in it holds a NUL", "其中的名称含有 NUL 字符"))
    return {
        "product": product, "event_id": event.event_id, "kind": event.kind, "person": event.person,
        "payload": payload, "digest": digest, "at": float(event.at),
    }  # fmt: skip


def hidden(row: Mapping[str, Any], cipher: Cipher) -> dict[str, Any]:
    """An encoded row as it is stored: with a key, what came from people is one sealed text, found by keyed hashes."""
    if cipher.current is None:
        return dict(row)
    product, event_id, person = row["product"], row["event_id"], row["person"]
    kept = cipher.form(_ID_PURPOSE, f"{product}\0{event_id}")
    content = canonical({"event_id": event_id, "payload": row["payload"], "person": person})
    return {
        **row,
        "event_id": kept,
        "person": None if person is None else cipher.form(_PERSON_PURPOSE, f"{product}\0{person}"),
        "payload": cipher.seal_text(content, _name(product, kept)),
        "digest": cipher.form(_DIGEST_PURPOSE, _digest(row["kind"], person, row["payload"])),
    }


def plain(row: Mapping[str, Any], cipher: Cipher) -> dict[str, Any]:
    """A stored row as it was encoded, but for its digest. Raises: UserError E420, E421 as `Cipher.open`."""
    if key_of_text(row["payload"]) is None:
        return dict(row)
    return {**row, **json.loads(cipher.open_text(row["payload"], _name(row["product"], row["event_id"])))}


def add(
    connection: Connection, rows: Sequence[Mapping[str, Any]], cipher: Cipher, *, look: bool = True
) -> list[EventOutcome]:
    """Stores what is new among encoded rows and tells for each what became of it.

    What a forgotten person sends is not stored, and no more is said than of a repeat.

    Args: look: for those that are there already.

    Raises: Taken by PostgreSQL alone, for one that is there already and was not seen.
    """
    known = _known(connection, rows, cipher) if look else {}
    gone = {name: _forgotten.of(connection, name, cipher) for name in {row["product"] for row in rows}}
    outcomes: list[EventOutcome] = []
    new: list[Mapping[str, Any]] = []
    for row in rows:
        name = (row["product"], row["event_id"])
        if _is_of(row, gone[row["product"]]):
            outcomes.append("repeat")
        elif name not in known:
            known[name] = row["digest"]
            new.append(hidden(row, cipher))
            outcomes.append("new")
        else:
            same = cipher.is_form(known[name], _DIGEST_PURPOSE, row["digest"])
            outcomes.append("repeat" if same else "conflict")
    if new:
        put(connection, schema.events, new)
    return outcomes


def _is_of(row: Mapping[str, Any], gone: Forgotten) -> bool:
    """Whether who sent it, whose row it is, or whom its input names, is among them."""
    if row["person"] is not None and gone(row["person"]):
        return True
    keys = ["whose"] if gone.column is None else ["whose", gone.column]
    if not gone.people or not any(canonical(key) in row["payload"] for key in keys):
        return False
    payload = json.loads(row["payload"])
    whose = payload.get("whose")
    return gone.of_input(payload.get("input")) is not None or (whose is not None and gone(whose))


def page(
    connection: Connection, cipher: Cipher, product: str, kind: str | None, after: int, limit: int, *, newest: bool
) -> tuple[Event, ...]:
    """Events after a seq, oldest first; where there are more, the oldest or the newest of them."""
    table = schema.events
    order = table.c.seq.desc() if newest else table.c.seq
    query = _of(select(table), product, kind).where(table.c.seq > after).order_by(order).limit(limit)
    found = [_event(dict(row._mapping), cipher) for row in connection.execute(query)]
    return tuple(sorted(found, key=lambda event: event.seq))


def find(connection: Connection, cipher: Cipher, product: str, ids: Sequence[str]) -> dict[str, Event]:
    """Event id → event, of those that are there."""
    every = [column.name for column in schema.events.c if column.name != "event_id"]
    return {name: _event(row, cipher) for name, row in _stored(connection, cipher, product, ids, every)}


def numbered(connection: Connection, cipher: Cipher, product: str, seqs: Sequence[int]) -> tuple[Event, ...]:
    """Events by their seqs, oldest first."""
    table = schema.events
    query = _of(select(table), product, None).where(among(connection, table.c.seq, seqs)).order_by(table.c.seq)
    return tuple(_event(dict(row._mapping), cipher) for row in connection.execute(query))


def _event(stored: Mapping[str, Any], cipher: Cipher) -> Event:
    row = plain(stored, cipher)
    return Event(row["event_id"], row["kind"], json.loads(row["payload"]), row["at"], row["person"], row["seq"])


def count(connection: Connection, product: str | None, kind: str | None) -> int:
    """How many events there are."""
    return int(connection.scalar(_of(select(func.count()).select_from(schema.events), product, kind)) or 0)


def expire(connection: Connection, product: str, before: float, most: int) -> int:
    """Erases at most so many of the oldest predictions and feedback from before a time; how many there were."""
    table = schema.events
    old = (table.c.product == product, table.c.kind.in_(_PASSING), table.c.at < before)
    some = select(table.c.seq).where(*old).order_by(table.c.seq).limit(most)
    return connection.execute(delete(table).where(table.c.seq.in_(some))).rowcount


def each(connection: Connection, cipher: Cipher, product: str) -> Iterator[Event]:
    """All events of a product, oldest first; one that does not open is passed over with a warning."""
    table = schema.events
    query = select(table).where(table.c.product == product).order_by(table.c.seq)
    for row in connection.execution_options(yield_per=_CHUNK).execute(query):
        try:
            yield _event(dict(row._mapping), cipher)
        except UserError as error:
            if error.code != "E421":
                raise
            _LOG.warning("event %d cannot be read by anybody and was left as it is: %s", row.seq, error.what())


def erase(connection: Connection, product: str, seqs: Sequence[int]) -> None:
    """Erases events."""
    table = schema.events
    connection.execute(delete(table).where(table.c.product == product, among(connection, table.c.seq, seqs)))


def _of(query: Select[Any], product: str | None, kind: str | None) -> Select[Any]:
    table = schema.events
    query = query if product is None else query.where(table.c.product == product)
    return query if kind is None else query.where(table.c.kind == kind)


def _known(connection: Connection, rows: Sequence[Mapping[str, Any]], cipher: Cipher) -> dict[tuple[str, str], str]:
    """(product, event id) → digest as stored, of those that are there, under whatever key."""
    wanted: dict[str, list[str]] = {}
    for row in rows:
        wanted.setdefault(row["product"], []).append(row["event_id"])
    return {
        (product, name): row["digest"]
        for product, ids in wanted.items()
        for name, row in _stored(connection, cipher, product, ids, ("digest",))
    }


def _stored(
    connection: Connection, cipher: Cipher, product: str, ids: Sequence[str], columns: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Event ids that are there, under whatever key, each with these columns of its row as stored."""
    table = schema.events
    wanted: dict[str, str] = {}
    for event_id in ids:
        forms = (*cipher.forms(_ID_PURPOSE, f"{product}\0{event_id}")[:-1], event_id)
        wanted.update(dict.fromkeys(forms, event_id))
    asked = (table.c.event_id, *(table.c[name] for name in columns))
    for row in named(connection, asked, table.c.event_id, [*wanted], table.c.product == product):
        yield wanted[row.event_id], dict(row._mapping)


def _digest(kind: str, person: str | None, payload: str) -> str:
    return sha256(canonical([kind, person, payload]))


def _name(product: str, kept: str) -> str:
    return f"event {product}\0{kept}"
