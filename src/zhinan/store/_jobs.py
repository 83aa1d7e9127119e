"""Jobs and their pieces on an open transaction: who may work on one, and what of it is done."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from zhinan.core import UserError
from zhinan.store import _schema as schema
from zhinan.store._cipher import Cipher
from zhinan.store._names import check_product
from zhinan.store.rows import Job

__all__ = [
    "ABANDONED_SECONDS", "LEASE_SECONDS", "TRIES", "add", "begin", "erase", "expire", "finish", "next_piece", "one",
    "piece_name", "ready", "release", "renew", "results", "strike", "take", "waiting",
]  # fmt: skip

LEASE_SECONDS = 10.0
"""How long a job belongs to a worker that says nothing; then another may take it."""

ABANDONED_SECONDS = 3600.0
"""After which rows that never came to an end are erased."""

TRIES = 5
"""Workers that may be lost on the same piece before the job is given up."""

_OPEN = ("receiving", "queued", "running")


def piece_name(job: str, start: int) -> str:
    """The name to which the content of a piece is bound when it is encrypted."""
    return f"job {job}\0{start}"


def begin(connection: Connection, row: Mapping[str, Any], most: int) -> None:
    """Enters a job that is still being received. Raises: UserError E483 when its owner has that many open ones."""
    check_product(row["product"])
    table = schema.jobs
    mine = (table.c.product == row["product"], table.c.owner == row["owner"], table.c.status.in_(_OPEN))
    if int(connection.scalar(select(func.count()).select_from(table).where(*mine)) or 0) >= most:
        raise UserError("E483", most=most)
    fresh = {"status": "receiving", "rows": 0, "done": 0, "worker": None, "lease": 0.0, "tries": 0, "at": time.time()}
    connection.execute(insert(table).values(**row, **fresh))


def add(connection: Connection, job: str, start: int, count: int, rows: str) -> None:
    """Adds a piece of rows to a job that is being received. Raises: UserError E481 when it was erased meanwhile."""
    table = schema.jobs
    same = (table.c.id == job, table.c.status == "receiving")
    if connection.execute(update(table).where(*same).values(rows=start + count)).rowcount != 1:
        raise UserError("E481")
    connection.execute(insert(schema.job_pieces).values(job=job, start=start, rows=rows, result=None))


def ready(connection: Connection, job: str) -> None:
    """All rows are in. Raises: UserError E481 when it was erased meanwhile."""
    table = schema.jobs
    same = (table.c.id == job, table.c.status == "receiving")
    if connection.execute(update(table).where(*same).values(status="queued")).rowcount != 1:
        raise UserError("E481")


def one(connection: Connection, product: str, job: str) -> Job:
    """A job that was received whole. Raises: UserError E481."""
    table = schema.jobs
    found = connection.execute(select(table).where(table.c.id == job, table.c.product == product)).first()
    if found is None or found.status == "receiving":
        raise UserError("E481")
    return _job(found)


def waiting(connection: Connection, product: str) -> bool:
    """Whether there is a job that somebody may take."""
    return connection.scalar(select(schema.jobs.c.id).where(*_free(product)).limit(1)) is not None


def take(connection: Connection, product: str, worker: str) -> Job | None:
    """Gives the oldest job that nobody works on to a worker; one on which worker after worker is lost is given up."""
    table = schema.jobs
    while True:
        oldest = select(table).where(*_free(product)).order_by(table.c.at, table.c.id).limit(1)
        found = connection.execute(oldest).first()
        if found is None:
            return None
        same = table.c.id == found.id
        if found.tries < TRIES:
            values = {"status": "running", "worker": worker, "lease": time.time() + LEASE_SECONDS}
            connection.execute(update(table).where(same).values(**values, tries=found.tries + 1))
            return _job(found)
        connection.execute(update(table).where(same).values(status="failed", worker=None))
        pieces = schema.job_pieces
        connection.execute(delete(pieces).where(pieces.c.job == found.id, pieces.c.result.is_(None)))


def renew(connection: Connection, job: str, worker: str) -> bool:
    """Keeps a job for its worker; False when it is no longer theirs."""
    table = schema.jobs
    lease = update(table).where(*_mine(job, worker)).values(lease=time.time() + LEASE_SECONDS)
    return connection.execute(lease).rowcount == 1


def release(connection: Connection, job: str, worker: str, *, failed: bool) -> None:
    """Gives a job back, for anybody to take at once; `failed`: it counts as a worker lost on the piece at hand."""
    table = schema.jobs
    back = {"status": "queued", "worker": None, "lease": 0.0, **({} if failed else {"tries": 0})}
    connection.execute(update(table).where(*_mine(job, worker)).values(**back))


def next_piece(connection: Connection, job: str) -> tuple[int, str] | None:
    """Start and rows of the first piece without a result."""
    table = schema.job_pieces
    todo = select(table.c.start, table.c.rows).where(table.c.job == job, table.c.result.is_(None))
    found = connection.execute(todo.order_by(table.c.start).limit(1)).first()
    return None if found is None else (found.start, found.rows)


def finish(connection: Connection, job: str, worker: str, piece: tuple[int, int], result: str) -> bool:
    """Puts a result in the place of a piece's rows; False, and nothing done, when the job is no longer the worker's."""
    start, count = piece
    jobs, pieces = schema.jobs, schema.job_pieces
    values = {"done": start + count, "lease": time.time() + LEASE_SECONDS, "tries": 1}
    if connection.execute(update(jobs).where(*_mine(job, worker)).values(**values)).rowcount != 1:
        return False
    same = (pieces.c.job == job, pieces.c.start == start)
    connection.execute(update(pieces).where(*same).values(rows=None, result=result))
    whole = (jobs.c.id == job, jobs.c.done == jobs.c.rows)
    connection.execute(update(jobs).where(*whole).values(status="done", worker=None))
    return True


def results(connection: Connection, job: str, start: int) -> str | None:
    """The result of the piece that begins at a row."""
    table = schema.job_pieces
    found = connection.scalar(select(table.c.result).where(table.c.job == job, table.c.start == start))
    return None if found is None else str(found)


def erase(connection: Connection, product: str, job: str) -> bool:
    """Erases a job, whatever its state; whether there was one."""
    table = schema.jobs
    found = connection.execute(delete(table).where(table.c.id == job, table.c.product == product)).rowcount == 1
    if found:
        connection.execute(delete(schema.job_pieces).where(schema.job_pieces.c.job == job))
    return found


def strike(connection: Connection, cipher: Cipher, product: str, whose: Callable[[Any], str | None]) -> Counter[str]:
    """Puts an error in the place of every row, and of every answer to one, that is somebody's; how many of whom.

    A worker that holds such rows loses its job: it is answered again from what is left.

    Args: whose: the person behind a row, `[values]` or `[values, name]` as it waits, or an answer; None for others.
    """
    jobs, pieces = schema.jobs, schema.job_pieces
    counts: Counter[str] = Counter()
    query = select(pieces.c.job, pieces.c.start, jobs.c.options).join(jobs, jobs.c.id == pieces.c.job)
    for found in connection.execute(query.where(jobs.c.product == product)).all():
        name, same = piece_name(found.job, found.start), (pieces.c.job == found.job, pieces.c.start == found.start)
        piece = connection.execute(select(pieces.c.rows, pieces.c.result).where(*same)).one()
        for column, text in piece._mapping.items():
            held = [] if text is None else json.loads(cipher.open_text(text, name))
            people = [whose(one) for one in held]
            if any(people):
                gone = UserError("E486")
                lang = found.options.get("lang", "en")
                told = {"code": gone.code, "what": gone.what(lang), "fix": gone.fix(lang)}
                left = [
                    {"error": {**told, "row": found.start + place}} if person else one
                    for place, (one, person) in enumerate(zip(held, people, strict=True), 1)
                ]
                again = json.dumps(left, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
                connection.execute(update(pieces).where(*same).values({column: cipher.seal_text(again, name)}))
                running = (jobs.c.id == found.job, jobs.c.status == "running")
                connection.execute(update(jobs).where(*running).values(status="queued", worker=None, lease=0.0))
                counts.update(person for person in people if person)
    return counts


def expire(connection: Connection, product: str, before: float) -> int:
    """Erases the jobs that are older, and those whose rows never came to an end; how many."""
    table = schema.jobs
    abandoned = (table.c.status == "receiving") & (table.c.at < time.time() - ABANDONED_SECONDS)
    old = select(table.c.id).where(table.c.product == product, (table.c.at < before) | abandoned)
    return sum(erase(connection, product, job) for job in connection.scalars(old).all())


def _free(product: str) -> tuple[Any, ...]:
    table = schema.jobs
    return (table.c.product == product, table.c.status.in_(_OPEN[1:]), table.c.lease < time.time())


def _mine(job: str, worker: str) -> tuple[Any, ...]:
    table = schema.jobs
    return (table.c.id == job, table.c.worker == worker, table.c.status == "running")


def _job(row: Row[Any]) -> Job:
    return Job(row.id, row.product, row.owner, row.options, row.status, row.rows, row.done, row.at)
