"""The store: the one place where state lives between commands and workers. Rows in a database, blobs in a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from zhinan.core.keys import Key, held_keys
from zhinan.store import _commitments, _derived, _events, _forgotten, _jobs, _keys, _ledger, _runs, _versions
from zhinan.store._cipher import Cipher
from zhinan.store._cleaning import clean_soon, due
from zhinan.store._database import Database
from zhinan.store._intake import Intake
from zhinan.store._migrations import migrate
from zhinan.store._settling import settle
from zhinan.store.blobs import Blobs
from zhinan.store.persons import Forgotten
from zhinan.store.places import absolute
from zhinan.store.rows import AuditRow, Commitment, Event, EventOutcome, Opening, Run, Stage, Stages, VersionRow
from zhinan.store.shelf import Shelf

__all__ = ["Store"]


class Store:
    """Everything that outlives a process. Open one per process; threads, processes and forks may use it at once.

    Every method that writes has its rows on disk (fsync) when it returns, or has changed nothing. Besides the errors
    named below, all may raise UserError E404 (disk full), E405 (no turn to write in 30 s), E406 (damaged), E407.

    Args:
        where: a folder such as `.zhinan/` (made if absent), or a DSN: sqlite:///FILE, whose folder it is, or
            postgresql://…?folder=FOLDER. Blobs, versions and receipts stand in the folder.
        keys: what encrypts everything that came from people, the one in use first; by default those of the
            environment (core.keys). Without any, and in a store that never had one, nothing is encrypted.

    Raises:
        UserError: E400 when the store is newer than this code, E408 for another kind of place, E416 driver missing,
            E420 when it needs a key that is not among `keys`, E425 when the one in use was retired, E427, E428
            for a folder that is not the one of these rows.
    """

    def __init__(self, where: str | Path, *, keys: tuple[Key, ...] | None = None) -> None:
        self._cipher = Cipher(held_keys() if keys is None else keys, held_keys if keys is None else lambda: ())
        self._database = Database(where)
        self._intake = Intake(self._database, self._cipher)
        self.blobs = Blobs(self._database.folder / "blobs", self._cipher, self._agree)
        try:
            migrate(self._database)
            settle(self._database)
            self._agree()
        except BaseException:
            self.close()
            raise

    def _agree(self) -> None:
        """Whether the keys at hand are those of the store; the first that is used in it is entered."""
        with self._database.read() as connection:
            new = _keys.unknown_now(connection, self._cipher, self.where)
        if new:
            with self._database.write() as connection:
                _keys.guard(connection, self._cipher, self.where)

    @property
    def encrypted(self) -> bool:
        """Whether what is written now is encrypted."""
        return self._cipher.current is not None

    @property
    def where(self) -> str:
        """The place, without passwords, as shown to users."""
        return self._database.where

    def close(self) -> None:
        """Closes the store; it cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # versions

    def add_version(
        self, product: str, digest: str, path: str | Path | Callable[[int], Path], *, parent: int | None = None,
        outcome: str, summary: Mapping[str, Any], without: Forgotten | None = None,
    ) -> int:  # fmt: skip
        """Records a sealed version and returns its number, 1, 2, … per product; a known digest keeps its number.

        Args:
            path: where it stands, or what puts a new one there, given its number, while nobody else can enter one:
                files whose number has no row are then of no build that still runs. What it raises records nothing.
                Inside the folder of the store it is known by its place there, so that the folder may be moved.
            without: the persons who were forgotten when its rows were last looked through for theirs.

        Raises:
            UserError: E401 for a parent that never was, E555 when somebody was forgotten since.
        """
        told = {"product": product, "digest": digest, "parent": parent, "outcome": outcome, "summary": summary}
        with self._database.write() as connection:
            _forgotten.refuse_since(connection, product, without)
            return _versions.add(connection, {**told, "path": path}, self._database.folder)

    def versions(self, product: str) -> tuple[VersionRow, ...]:
        """All versions of a product, oldest first."""
        with self._database.read() as connection:
            return tuple(absolute(self._database.folder, row) for row in _versions.every(connection, product))

    def version(self, product: str, number: int) -> VersionRow:
        """One version. Raises: UserError E401, naming the known numbers."""
        with self._database.read() as connection:
            return absolute(self._database.folder, _versions.one(connection, product, number))

    def next_version(self, product: str) -> int:
        """The number that the next version of a product gets."""
        with self._database.read() as connection:
            return _versions.next_number(connection, product)

    def set_outcome(
        self, product: str, number: int, outcome: str, summary: Mapping[str, Any], *, who: str, why: str
    ) -> None:
        """Records what a later proof found of a version: its outcome, and what is new in its summary. Audited.

        Raises:
            UserError: E401 for an unknown version.
        """
        with self._database.write() as connection:
            _versions.judge(connection, product, number, outcome, summary, (who, why))

    def products(self) -> tuple[str, ...]:
        """Every product that has a version, by name."""
        with self._database.read() as connection:
            return _versions.products(connection)

    # stages

    def stages(self, product: str) -> Stages:
        """Which version is live and which was before; all None at revision 0 when none ever was."""
        with self._database.read() as connection:
            return _versions.stages(connection, product)

    def stage_of(self, product: str, number: int) -> Stage:
        """Where a version stands: ready, live or retired. Raises: UserError E401."""
        with self._database.read() as connection:
            return _versions.stage(connection, product, number)

    def promote(self, product: str, number: int, *, revision: int, who: str, why: str) -> Stages:
        """Makes a version live, by compare-and-swap; the one that was live becomes the previous. Audited.

        Promoting the live version changes nothing. Args: revision: of the `stages` on which the decision was made.

        Raises:
            UserError: E401 for an unknown version, E402 when the stages changed meanwhile, E556 (see `rollback`).
        """
        with self._database.write() as connection:
            return _versions.promote(connection, product, number, revision, (who, why))

    def rollback(self, product: str, *, revision: int, who: str, why: str, leaving: int | None = None) -> Stages:
        """Makes the previous version live again, by compare-and-swap. Audited. `leaving`: what is to be live now.

        Raises: UserError E402, E403 when there is no previous version, E431 when it would undo a rollback and `leaving`
            does not say so, E432 when `leaving` is not live, E556 when somebody is to be forgotten from it.
        """
        with self._database.write() as connection:
            return _versions.rollback(connection, product, revision, (who, why), leaving)

    def audit(self, product: str) -> tuple[AuditRow, ...]:
        """Every change of stages, commitment, override and later proof, oldest first, each with the last one's hash."""
        with self._database.read() as connection:
            return _versions.audit(connection, product)

    def note(self, product: str, action: str, number: int, *, who: str, why: str) -> AuditRow:
        """Adds to the audit what changes no stage, such as an override. Raises: ValueError for a change of stages."""
        with self._database.write() as connection:
            return _versions.note(connection, product, action, number, (who, why))

    def verify_audit(self, product: str) -> bool:
        """Whether no row of the audit was changed, added or removed, and it ends in the stages as they stand."""
        with self._database.read() as connection:
            return _versions.verify(connection, product)

    # commitments

    def sealing_key(self, product: str) -> bytes:
        """32 secret bytes, drawn once a product, by which its sealed rows and persons get codes nobody can guess."""
        with self._database.write() as connection:
            _keys.guard(connection, self._cipher, self.where)
            return _commitments.sealing_key(connection, product, self._cipher)

    def mask_key(self, product: str, *, needed: bool = False, keep: bool = True) -> str:
        """The id of the key by which masks of a product hash and make stand-ins, KEYLESS for none: always the same.

        It is the key in use when it is first asked for; a rotation leaves it.

        Args: needed: the masks cannot do without a key. keep: False only looks.
        """
        with self._database.read() as connection:
            found, bound = _keys.mask_key(connection, self._cipher, product, needed)
        if bound or not keep:
            return found
        with self._database.write() as connection:
            _keys.guard(connection, self._cipher, self.where)
            found, bound = _keys.mask_key(connection, self._cipher, product, needed)
            if not bound:
                _keys.bind_mask(connection, product, found)
        return found

    def commit(self, product: str, root: str, rows: int, *, contract: str, who: str) -> Commitment:
        """Puts the Merkle root of a sealed set into the audit; the same root for the same contract is kept once.

        Args: rows: how many are under the root. contract: hash of the contract.
        """
        with self._database.write() as connection:
            return _commitments.commit(connection, product, root, rows, contract, who)

    def commitments(self, product: str) -> tuple[Commitment, ...]:
        """All commitments of a product, oldest first."""
        with self._database.read() as connection:
            return _commitments.every(connection, product)

    # sealed ledger

    def next_opening(self, rows: Sequence[str]) -> int:
        """Which opening comes next: 1 + the most openings any of these row hashes has had, whatever the product."""
        words = self._hidden(rows)
        with self._database.read() as connection:
            return _ledger.next_opening(connection, [*words])

    def opened(self, rows: Sequence[str]) -> dict[str, int]:
        """Row hash → how many openings it has had, for those that had any."""
        words = self._hidden(rows)
        with self._database.read() as connection:
            return {words[word]: count for word, count in _ledger.opened(connection, [*words]).items()}

    def openings_of(self, rows: Sequence[str]) -> tuple[Opening, ...]:
        """All openings that any of these row hashes has had, whatever the product, oldest first."""
        words = self._hidden(rows)
        with self._database.read() as connection:
            return _ledger.of_rows(connection, [*words])

    def open_seal(
        self,
        product: str,
        key: str,
        rows: Sequence[str],
        *,
        delta: float | Callable[[int], float],
        lines: Mapping[str, Any],
    ) -> Opening:
        """Charges an opening to the rows before anybody looks; the charge stays if the process dies.

        The same key gives the old opening back at no charge, with its result (None when never closed: look again).

        Args:
            key: hash of all that decides what will be seen; unchanged inputs are one look.
            rows: hashes of the sealed rows.
            delta: δ of this opening; a function of t is asked in the same transaction, so no one opens in between.
        """
        words = self._hidden(rows)
        with self._database.write() as connection:
            return _ledger.open_seal(connection, product, key, [*words], delta, lines)

    def _hidden(self, rows: Sequence[str]) -> dict[str, str]:
        return _ledger.hidden(self._secret, rows)

    @cached_property
    def _secret(self) -> bytes:
        """32 secret bytes of this store, behind the digests in its database."""
        return self.sealing_key(_commitments.STORE)

    def close_seal(self, opening: int, result: Mapping[str, Any]) -> None:
        """Writes down what the opening showed. Raises: UserError E414 when another result is on record, E415."""
        with self._database.write() as connection:
            _ledger.close_seal(connection, opening, result)

    def openings(self, product: str) -> tuple[Opening, ...]:
        """All openings of a product, oldest first."""
        with self._database.read() as connection:
            return _ledger.every(connection, product)

    # runs

    def start_run(self, product: str, key: str, plan: Mapping[str, Any]) -> Run:
        """Begins a run. `key`: hash of what is built from, by which it is found again."""
        with self._database.write() as connection:
            return _runs.start(connection, product, key, plan)

    def finish_run(self, run: int, result: Mapping[str, Any]) -> None:
        """Ends a run. Raises: UserError E415."""
        with self._database.write() as connection:
            _runs.change(connection, run, {"result": result}, finished=True)

    def last_run(self, product: str, key: str, *, finished: bool = False) -> Run | None:
        """The latest run of a key, finished or not. Args: finished: the latest that is."""
        with self._database.read() as connection:
            return _runs.last(connection, product, key, finished=finished)

    # events

    def add_events(self, product: str, events: Sequence[Event]) -> list[EventOutcome]:
        """Stores events in one transaction and tells for each whether it is new, a repeat or a conflict.

        Raises:
            UserError: E412 when one of them cannot be stored; then none is.
        """
        rows = [_events.encode(product, event) for event in events]
        return self._add_rows(rows)

    def _add_rows(self, rows: Sequence[Mapping[str, Any]]) -> list[EventOutcome]:
        """Events of any products, as `EventWriter` has encoded them."""
        return self._intake.add(rows)

    def events(
        self, product: str, kind: str | None = None, after: int = 0, limit: int = 1000, *, newest: bool = False
    ) -> tuple[Event, ...]:
        """At most `limit` events with a seq above `after`, the first of them or the newest, in the order of storing."""
        with self._database.read() as connection:
            return _events.page(connection, self._cipher, product, kind, after, limit, newest=newest)

    def find_events(self, product: str, ids: Sequence[str]) -> dict[str, Event]:
        """Event id → event, for those of these ids that are stored."""
        with self._database.read() as connection:
            return _events.find(connection, self._cipher, product, ids)

    def count_events(self, product: str, kind: str | None = None) -> int:
        """How many events are stored."""
        with self._database.read() as connection:
            return _events.count(connection, product, kind)

    def expire_events(self, product: str, before: float) -> int:
        """Erases predictions, feedback and jobs from before a time (seconds since 1970), bytes too; how many events.

        Labels stay. Others may write meanwhile: it takes turns of 5,000 events.
        """
        with self._database.write() as connection:
            jobs = _jobs.expire(connection, product, before)
            if jobs:
                due(connection)
        gone = 0
        while True:
            with self._database.write() as connection:
                some = _events.expire(connection, product, before, 5_000)
                if some:
                    due(connection)
            gone += some
            if some < 5_000:
                break
        if gone or jobs:
            self._database.forget_log()
        clean_soon(self._database)
        return gone

    def count_all_events(self) -> int:
        """How many events of all products are stored."""
        with self._database.read() as connection:
            return _events.count(connection, None, None)

    # what was computed from which data

    def derived_from(self, *sources: str) -> Shelf:
        """The blobs, with everything kept through them listed as computed from these fingerprints of data."""
        return Shelf(self, sources)

    def derived(self, source: str) -> tuple[str, ...]:
        """Names and digests of all blobs that were computed from a fingerprint of data."""
        with self._database.read() as connection:
            return _derived.of(connection, source)

    def erase_derived(self, source: str) -> int:
        """Removes every blob that was computed from a fingerprint of data; how many there were."""
        count = 0
        for name in self.derived(source):
            count += self.blobs.erase(name)  # under any key of this store: what is not found now is not there
            with self._database.write() as connection:
                _derived.forget(connection, name)
        return count

    def _enter(self, sources: tuple[str, ...], name: str) -> None:
        with self._database.write() as connection:
            _derived.enter(connection, sources, name)

    # live verdicts

    def set_verdicts(self, product: str, number: int, verdicts: Sequence[Mapping[str, Any]]) -> None:
        """Replaces the live verdicts of a version, all at once. Raises: UserError E401."""
        with self._database.write() as connection:
            _runs.set_verdicts(connection, product, number, verdicts)

    def verdicts(self, product: str, number: int) -> tuple[Mapping[str, Any], ...]:
        """The live verdicts of a version, as they were set. Raises: UserError E401."""
        with self._database.read() as connection:
            return _runs.verdicts(connection, product, number)
