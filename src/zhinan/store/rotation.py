"""Encrypts a store again with the key in use, while others read and write it: what any key encrypted stays readable."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from zhinan.core import UserError
from zhinan.store import _commitments, _events, _jobs, _keys
from zhinan.store import _schema as schema
from zhinan.store._cipher import Cipher, key_of_text
from zhinan.store._cleaning import clean
from zhinan.store.store import Store

__all__ = ["KeyStatus", "key_status", "retire", "rotate"]

BATCH = 500
"""Rows encrypted again in one transaction: others wait no longer for their turn than that takes."""

_REWRITTEN = ("event_id", "person", "payload", "digest")

_LOG = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class KeyStatus:
    """What is encrypted with which key.

    Args:
        keys: id → {"records": rows and files, "masks": products whose masks are bound to it, "held": whether this
            process has it, "retired"}, oldest first.
        current: id of the key in use; None without one. plain: rows and files that are not encrypted.
    """

    keys: Mapping[str, Mapping[str, Any]]
    current: str | None
    plain: int

    def as_dict(self) -> dict[str, Any]:
        """The object that `zhinan key status --json` prints."""
        return {"keys": {name: dict(one) for name, one in self.keys.items()}, "current": self.current,
                "plain": self.plain}  # fmt: skip


def rotate(store: Store, progress: Progress | None = None) -> dict[str, int]:
    """Encrypts with the key in use whatever is not yet: rows in small transactions, then file after file.

    A process killed in the middle of it leaves everything readable with the old keys and the new one; rotate again to
    finish. What other processes write meanwhile with an older key is found by the next rotation.

    Returns:
        {"rows", "files": encrypted again, "damaged": rows and files that do not open and were left alone}.

    Raises:
        UserError: E422 without a key.
    """
    if store._cipher.current is None:
        raise UserError("E422", store.where)
    tell = progress or (lambda what, done, total: None)
    counts = Counter(rows=0, files=0, damaged=0)
    total, after = store.count_all_events(), 0
    with store._database.write() as connection:
        _keys.guard(connection, store._cipher, store.where)
        counts.update(_sealing_keys(connection, store._cipher))
    seen = 0
    while True:
        with store._database.write() as connection:
            read, after = _events_after(connection, store._cipher, after, counts)
        if not read:
            break
        seen += read
        tell("rows", seen, max(total, seen))
    for job, start in _pieces(store):
        with store._database.write() as connection:
            counts.update(_piece(connection, store._cipher, job, start))
    files = store.blobs.files()
    for place, path in enumerate(files, 1):
        with _left_alone(str(path), counts):
            counts["files"] += store.blobs.seal_again(path)
        tell("files", place, len(files))
    clean(store._database)
    return dict(counts)


def key_status(store: Store) -> KeyStatus:
    """How many rows and files each key encrypted, counted."""
    counts: Counter[str] = Counter(store.blobs.count())
    with store._database.read() as connection:
        listed, bound = _keys.every(connection), _keys.mask_keys(connection)
        pieces = schema.job_pieces.c
        for column in (schema.events.c.payload, schema.sealing_keys.c.secret, pieces.rows, pieces.result):
            texts = connection.scalars(select(column).where(column.is_not(None)))
            counts.update(key_of_text(text) or "" for text in texts)
    held = {key.id for key in store._cipher.keys}
    current = store._cipher.current
    keys = {
        name: {
            "records": counts[name],
            "masks": [product for product, key in bound.items() if key == name],
            "held": name in held,
            "retired": listed.get(name, False),
        }
        for name in dict.fromkeys([*listed, *(name for name in counts if name)])
    }
    return KeyStatus(keys, None if current is None else current.id, counts[""])


def retire(store: Store) -> tuple[str, ...]:
    """Marks as retired every older key that nothing in the store and no product's masks need; gives their ids.

    Choose it when no process that began before the rotation is running: one that writes with a retired key is refused.
    """
    status = key_status(store)
    done = tuple(
        name
        for name, one in status.keys.items()
        if name != status.current and not (one["records"] or one["masks"] or one["retired"])
    )
    with store._database.write() as connection:
        for name in done:
            _keys.retire(connection, name)
    return done


def _sealing_keys(connection: Connection, cipher: Cipher) -> dict[str, int]:
    table, current, counts = schema.sealing_keys, cipher.keys[0].id, Counter[str]()
    for product, kept in connection.execute(select(table.c.product, table.c.secret)).all():
        if key_of_text(kept) != current:
            name = _commitments.secret_name(product)
            with _left_alone(f"the {name}", counts):
                again = cipher.seal_text(cipher.open_text(kept, name), name)
                connection.execute(update(table).where(table.c.product == product).values(secret=again))
                counts["rows"] += 1
    return counts


def _pieces(store: Store) -> list[tuple[str, int]]:
    table = schema.job_pieces
    with store._database.read() as connection:
        found = connection.execute(select(table.c.job, table.c.start).order_by(table.c.job, table.c.start))
        return [(row.job, row.start) for row in found]


def _piece(connection: Connection, cipher: Cipher, job: str, start: int) -> dict[str, int]:
    """Encrypts a piece of a job again."""
    table, counts = schema.job_pieces, Counter[str]()
    same, name = (table.c.job == job, table.c.start == start), _jobs.piece_name(job, start)
    found = connection.execute(select(table.c.rows, table.c.result).where(*same)).first()
    for column, text in () if found is None else found._mapping.items():
        if text is not None and key_of_text(text) != cipher.keys[0].id:
            with _left_alone(name, counts):
                again = cipher.seal_text(cipher.open_text(text, name), name)
                connection.execute(update(table).where(*same).values({column: again}))
                counts["rows"] += 1
    return counts


@contextmanager
def _left_alone(what: str, counts: Counter[str]) -> Iterator[None]:
    """Counts what does not open, and goes on: one damaged record must not keep all others under an old key."""
    try:
        yield
    except UserError as error:
        if error.code not in ("E409", "E420", "E421"):
            raise
        _LOG.warning("%s was left as it is: %s", what, error.what())
        counts["damaged"] += 1


def _events_after(connection: Connection, cipher: Cipher, after: int, counts: Counter[str]) -> tuple[int, int]:
    """Encrypts the next rows again, counting them: how many were looked at, and the seq of the last."""
    table, current, changed = schema.events, cipher.keys[0].id, list[dict[str, Any]]()
    query = select(table).where(table.c.seq > after).order_by(table.c.seq).limit(BATCH)
    found = connection.execute(query).all()
    for row in found:
        if key_of_text(row.payload) != current:
            with _left_alone(f"event {row.seq}", counts):
                kept = _events.hidden(_events.plain(dict(row._mapping), cipher), cipher)
                changed.append({"at_seq": row.seq, **{name: kept[name] for name in _REWRITTEN}})
    if changed:
        values: dict[str, Any] = {name: bindparam(name) for name in _REWRITTEN}
        connection.execute(update(table).where(table.c.seq == bindparam("at_seq")).values(**values), changed)
    counts["rows"] += len(changed)
    return len(found), found[-1].seq if found else after
