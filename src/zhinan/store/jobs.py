"""Large batches that are answered later: kept in pieces, worked on by one worker at a time, taken over when it dies."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.store import _events, _forgotten, _jobs, _keys
from zhinan.store._cleaning import due
from zhinan.store._jobs import LEASE_SECONDS
from zhinan.store.persons import Forgotten
from zhinan.store.rows import Event, Job
from zhinan.store.store import Store

__all__ = ["Jobs"]


class Jobs:
    """The jobs of one product in a store. Threads and processes may use it at once; all it writes is on disk.

    With a key rows and results are encrypted. Rows are erased as soon as their results are there.
    """

    lease = LEASE_SECONDS
    """Seconds for which a job stays with a worker that says nothing."""

    def __init__(self, store: Store, product: str) -> None:
        self._store = store
        self._database, self._cipher = store._database, store._cipher
        self._product = product

    def begin(self, owner: str, options: Mapping[str, Any], most: int) -> str:
        """The id of a new job whose rows are still to come.

        Args: owner: whose it is, for the number of open jobs that they may have: at most `most`.
        Raises: UserError E483.
        """
        job = str(uuid.uuid4())
        row = {"id": job, "product": self._product, "owner": owner, "options": dict(options)}
        with self._database.write() as connection:
            _jobs.begin(connection, row, most)
        return job

    def add(self, job: str, start: int, rows: Sequence[Any], without: Forgotten | None = None) -> None:
        """Adds rows that follow those before them.

        Args: without: the forgotten persons of whom no row is among them (`forgotten`).
        Raises: UserError E404 disk full, E481 erased meanwhile, E555 when somebody was forgotten since.
        """
        content = _json(rows)
        with self._database.write() as connection:
            _forgotten.refuse_since(connection, self._product, without)
            _keys.guard(connection, self._cipher, self._store.where)
            sealed = self._cipher.seal_text(content, _jobs.piece_name(job, start))
            _jobs.add(connection, job, start, len(rows), sealed)

    def forgotten(self) -> Forgotten:
        """Who asked to be forgotten: no row of theirs is to be added."""
        with self._database.read() as connection:
            return _forgotten.of(connection, self._product, self._cipher)

    def ready(self, job: str) -> None:
        """All rows are in: it waits for a worker. Raises: UserError E481 when it was erased meanwhile."""
        with self._database.write() as connection:
            _jobs.ready(connection, job)

    def one(self, job: str) -> Job:
        """A job. Raises: UserError E481 when there is none of this id."""
        with self._database.read() as connection:
            return _jobs.one(connection, self._product, job)

    def take(self, worker: str) -> Job | None:
        """The oldest job that waits or whose worker died, now of this worker; None when there is none.

        `worker`: a name of its own. A job on which five workers in a row were lost has failed.
        """
        with self._database.read() as connection:
            if not _jobs.waiting(connection, self._product):
                return None
        with self._database.write() as connection:
            return _jobs.take(connection, self._product, worker)

    def renew(self, job: str, worker: str) -> bool:
        """Keeps a job a while longer; False when it is no longer this worker's."""
        with self._database.write() as connection:
            return _jobs.renew(connection, job, worker)

    def release(self, job: str, worker: str, *, failed: bool = False) -> None:
        """Gives a job back, so that another takes it at once. `failed`: that counts as a worker lost on it."""
        with self._database.write() as connection:
            _jobs.release(connection, job, worker, failed=failed)

    def next_rows(self, job: str) -> tuple[int, list[Any]] | None:
        """Place and rows of the first piece without a result; None when there is none."""
        with self._database.read() as connection:
            found = _jobs.next_piece(connection, job)
        if found is None:
            return None
        return found[0], json.loads(self._cipher.open_text(found[1], _jobs.piece_name(job, found[0])))

    def finish(self, job: str, worker: str, start: int, results: Sequence[Any], events: Sequence[Event]) -> bool:
        """Puts results in the place of a piece's rows and stores events, both or neither.

        Returns: False, and nothing is done, when the job is no longer this worker's.
        """
        content = _json(results)
        rows = [_events.encode(self._product, event) for event in events]
        with self._database.write() as connection:
            _keys.guard(connection, self._cipher, self._store.where)
            sealed = self._cipher.seal_text(content, _jobs.piece_name(job, start))
            if not _jobs.finish(connection, job, worker, (start, len(results)), sealed):
                return False
            if rows:
                _events.add(connection, rows, self._cipher)
        return True

    def results(self, job: str, start: int) -> list[Any] | None:
        """The results of the piece that begins at a row; None behind the last."""
        with self._database.read() as connection:
            found = _jobs.results(connection, job, start)
        if found is None:
            return None
        made: list[Any] = json.loads(self._cipher.open_text(found, _jobs.piece_name(job, start)))
        return made

    def erase(self, job: str) -> bool:
        """Erases a job, bytes and all, whatever its state; whether there was one."""
        with self._database.write() as connection:
            found = _jobs.erase(connection, self._product, job)
            if found:
                due(connection)
        if found:
            self._database.forget_log()
        return found


def _json(values: Sequence[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
