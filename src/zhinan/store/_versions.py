"""Versions, their stages and the audit of what was done to a product, on an open transaction."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from zhinan.core import UserError, Words, suggest
from zhinan.store import _schema as schema
from zhinan.store._json import canonical, sha256
from zhinan.store._names import check_product
from zhinan.store.places import relative
from zhinan.store.rows import AuditRow, Stage, Stages, VersionRow

__all__ = [
    "add", "audit", "drop", "erase", "every", "judge", "next_number", "note", "one", "products", "promote", "rollback",
    "set_summary", "stage", "stages", "verify",
]  # fmt: skip

_NEVER = Stages(None, None, 0)
_MOVES = ("promote", "rollback", "erase")
"""The actions that change stages; every other one is a note beside them."""


def add(connection: Connection, row: Mapping[str, Any], folder: Path) -> int:
    """Adds a version under the next number of its product, or gives back the number its digest has.

    One that was built again is as young as a new one. A parent that was erased meanwhile is none.

    Args: row: its columns; "path" may be what gives one for the number. folder: of the store.
    """
    table, product = schema.versions, row["product"]
    check_product(product)
    known = connection.scalar(select(table.c.number).where(table.c.product == product, table.c.digest == row["digest"]))
    if known is not None:
        same = (table.c.product == product, table.c.number == known)
        connection.execute(update(table).where(*same).values(at=time.time()))
        return int(known)
    number = next_number(connection, product)
    parent = row["parent"]
    if parent is not None and all(held.number != parent for held in every(connection, product)):
        if parent >= number:  # no version ever had that number
            one(connection, product, parent)
        parent = None
    path = row["path"](number) if callable(row["path"]) else row["path"]
    more = {"path": relative(folder, path), "parent": parent, "number": number, "at": time.time()}
    connection.execute(insert(table).values(**{**row, **more}))
    return number


def next_number(connection: Connection, product: str) -> int:
    """The number that the next version gets: none that there is, or was before it was erased."""
    last = 0
    for table in (schema.versions, schema.audit):
        last = max(last, connection.scalar(select(func.max(table.c.number)).where(table.c.product == product)) or 0)
    return last + 1


def every(connection: Connection, product: str) -> tuple[VersionRow, ...]:
    """All versions of a product, oldest first."""
    table = schema.versions
    found = connection.execute(select(table).where(table.c.product == product).order_by(table.c.number))
    return tuple(VersionRow(**row._mapping) for row in found)


def one(connection: Connection, product: str, number: int) -> VersionRow:
    """A version by number; E401 names the known ones."""
    table = schema.versions
    found = connection.execute(select(table).where(table.c.product == product, table.c.number == number)).first()
    if found is None:
        raise UserError("E401", product=product, number=number, suggestion=_suggestion(connection, product))
    return VersionRow(**found._mapping)


def products(connection: Connection) -> tuple[str, ...]:
    """Every product that has a version, by name."""
    return tuple(sorted(connection.scalars(select(schema.versions.c.product).distinct())))


def stages(connection: Connection, product: str) -> Stages:
    """What is live now; revision 0 when nothing ever was."""
    table = schema.stages
    found = connection.execute(select(table).where(table.c.product == product)).first()
    return Stages(found.live, found.previous, found.revision) if found else _NEVER


def stage(connection: Connection, product: str, number: int) -> Stage:
    """Live, retired (it once was) or ready."""
    one(connection, product, number)
    if stages(connection, product).live == number:
        return "live"
    table = schema.audit
    was_live = select(table.c.seq).where(table.c.product == product, table.c.live == number).limit(1)
    return "ready" if connection.scalar(was_live) is None else "retired"


def promote(connection: Connection, product: str, number: int, revision: int, by: tuple[str, str]) -> Stages:
    """Makes a version live if nobody changed the stages since `revision`. `by`: who, why."""
    one(connection, product, number)
    now = _expect(connection, product, revision)
    if now.live == number:
        return now
    _refuse_forgotten(connection, product, number, now.live)
    return _change(connection, product, "promote", Stages(number, now.live, revision + 1), by)


def rollback(
    connection: Connection, product: str, revision: int, by: tuple[str, str], leaving: int | None
) -> Stages:  # fmt: skip
    """Swaps the live and the previous version if nobody changed the stages since `revision`.

    Args: by: who, why. leaving: the version that has to be live; None where it must not stem from a rollback itself.
    """
    now = _expect(connection, product, revision)
    if leaving is not None and leaving != now.live:
        raise UserError("E432", leaving=leaving, live="-" if now.live is None else f"@{now.live}")
    if now.previous is None:
        raise UserError("E403", product=product)
    if leaving is None and _last_move(connection, product) == "rollback":
        raise UserError("E431", live=now.live, previous=now.previous)
    _refuse_forgotten(connection, product, now.previous, now.live)
    return _change(connection, product, "rollback", Stages(now.previous, now.live, revision + 1), by)


def erase(connection: Connection, product: str, number: int, by: tuple[str, str]) -> bool:
    """Erases a version that does not answer: its row, its place behind the live one, and what was judged and watched.

    Args: by: who, why.

    Returns: whether there was one.
    """
    if all(row.number != number for row in every(connection, product)):
        return False
    now = stages(connection, product)
    if now.live == number:
        raise ValueError("the live version is never erased")
    previous = None if now.previous == number else now.previous
    _change(connection, product, "erase", Stages(now.live, previous, now.revision + 1), by, number)
    _remove(connection, product, number)
    return True


def drop(connection: Connection, product: str, number: int, by: tuple[str, str]) -> bool:
    """Removes a version that neither answers nor stands behind the one that does; the stages stay as they are.

    Args: by: who, why.

    Returns: whether there was one, and nobody put it live meanwhile.
    """
    now = stages(connection, product)
    if number in (now.live, now.previous) or all(row.number != number for row in every(connection, product)):
        return False
    note(connection, product, "clean", number, by)
    _remove(connection, product, number)
    return True


def _remove(connection: Connection, product: str, number: int) -> None:
    table, verdicts, runs = schema.versions, schema.verdicts, schema.runs
    connection.execute(delete(runs).where(runs.c.product == product, runs.c.key.like(f"% @{number}")))
    children = (table.c.product == product, table.c.parent == number)
    connection.execute(update(table).where(*children).values(parent=None))
    connection.execute(delete(verdicts).where(verdicts.c.product == product, verdicts.c.number == number))
    connection.execute(delete(table).where(table.c.product == product, table.c.number == number))


def judge(
    connection: Connection, product: str, number: int, outcome: str, summary: Mapping[str, Any], by: tuple[str, str]
) -> None:
    """Replaces what is known of a version's outcome after a later proof, and notes it. `by`: who, why."""
    known = one(connection, product, number)
    after = {**known.summary, **summary}
    if (known.outcome, canonical(known.summary)) == (outcome, canonical(after)):
        return
    table = schema.versions
    same = (table.c.product == product, table.c.number == number)
    connection.execute(update(table).where(*same).values(outcome=outcome, summary=after))
    note(connection, product, "prove", number, by)


def set_summary(connection: Connection, product: str, number: int, more: Mapping[str, Any]) -> None:
    """Replaces a part of a version's summary, which says nothing about what it answers."""
    known = one(connection, product, number)
    table = schema.versions
    same = (table.c.product == product, table.c.number == number)
    connection.execute(update(table).where(*same).values(summary={**known.summary, **more}))


def note(connection: Connection, product: str, action: str, number: int, by: tuple[str, str]) -> AuditRow:
    """Adds to the audit what changes no stage: a commitment, an override, a later proof. `by`: who, why."""
    if action in _MOVES:
        raise ValueError(f"'{action}' changes stages")
    return _record(connection, product, action, stages(connection, product), by, number)


def audit(connection: Connection, product: str) -> tuple[AuditRow, ...]:
    """Everything that was done, oldest first."""
    table = schema.audit
    found = connection.execute(select(table).where(table.c.product == product).order_by(table.c.seq))
    return tuple(_audit_row(row) for row in found)


def verify(connection: Connection, product: str) -> bool:
    """Whether the chain is whole and ends where the stages stand."""
    previous, last = "", _NEVER
    for seq, row in enumerate(audit(connection, product), 1):
        moved = row.action in _MOVES
        if (row.seq, row.previous, row.stages.revision) != (seq, previous, last.revision + moved):
            return False
        if row.hash != _hash(row) or (not moved and row.stages != last):
            return False
        previous, last = row.hash, row.stages
    return last == stages(connection, product)


def _suggestion(connection: Connection, product: str) -> Words:
    table = schema.versions
    known = connection.scalars(select(table.c.number).where(table.c.product == product).order_by(table.c.number)).all()
    if not known:
        names = products(connection)
        if names and product not in names:
            return suggest(product, names)
        return Words("build one first: zhinan build", "请先构建：zhinan build")
    shown = ", ".join(map(str, known[-12:]))
    return Words(f"known versions: {shown}", f"已有版本：{shown}")


def _refuse_forgotten(connection: Connection, product: str, number: int, live: int | None) -> None:
    """Refuses a version that knows somebody who asked to be forgotten, where the one that answers does not.

    Raises: UserError E556.
    """
    table = schema.forgettings
    states = connection.scalars(select(table.c.state).where(table.c.product == product))
    if any(number in state.get("versions", ()) and live not in state["versions"] for state in states):
        raise UserError("E556", product=product, number=number)


def _last_move(connection: Connection, product: str) -> str | None:
    table = schema.audit
    mine = (table.c.product == product, table.c.action.in_(("promote", "rollback")))
    return connection.scalar(select(table.c.action).where(*mine).order_by(table.c.seq.desc()).limit(1))


def _expect(connection: Connection, product: str, revision: int) -> Stages:
    now = stages(connection, product)
    if now.revision != revision:
        live = "-" if now.live is None else now.live
        raise UserError("E402", product=product, found=now.revision, expected=revision, live=live)
    return now


def _change(
    connection: Connection, product: str, action: str, after: Stages, by: tuple[str, str], number: int | None = None
) -> Stages:
    """Args: number: of the version that it is about, when that is not the live one."""
    table = schema.stages
    values = {"live": after.live, "previous": after.previous, "revision": after.revision}
    if after.revision == 1:
        connection.execute(insert(table).values(product=product, **values))
    else:
        same = (table.c.product == product, table.c.revision == after.revision - 1)
        connection.execute(update(table).where(*same).values(**values))
    _record(connection, product, action, after, by, number)
    return after


def _record(
    connection: Connection, product: str, action: str, after: Stages, by: tuple[str, str], number: int | None = None
) -> AuditRow:
    table = schema.audit
    before = select(table.c.seq, table.c.hash).where(table.c.product == product)
    last = connection.execute(before.order_by(table.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, "")
    number = number if number is not None else after.live or 0
    row = AuditRow(product, seq, time.time(), by[0], action, number, by[1], after, previous, "")
    row = replace(row, hash=_hash(row))
    connection.execute(
        insert(table).values(
            product=product, seq=seq, at=row.at, who=row.who, action=action, number=number, why=row.why,
            live=after.live, previous_live=after.previous, revision=after.revision, previous=previous, hash=row.hash,
        )
    )  # fmt: skip
    return row


def _audit_row(row: Row[Any]) -> AuditRow:
    after = Stages(row.live, row.previous_live, row.revision)
    return AuditRow(
        row.product, row.seq, row.at, row.who, row.action, row.number, row.why, after, row.previous, row.hash
    )


def _hash(row: AuditRow) -> str:
    after = [row.stages.live, row.stages.previous, row.stages.revision]
    said = [row.product, row.seq, row.at, row.who, row.action, row.number, row.why, after, row.previous]
    return sha256(canonical(said))
