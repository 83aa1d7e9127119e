"""Collects what nobody needs any more: versions that are neither live nor young nor needed, and old caches."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from zhinan.store import _forgotten, _versions
from zhinan.store.claims import SERVING, Claim, claims
from zhinan.store.erasing import erase_version, orphans, remove_folder, version_folder
from zhinan.store.rows import VersionRow, suspects_of
from zhinan.store.store import Store

__all__ = ["Collected", "collect"]

YOUNG = 86_400.0
"""Seconds for which all stays whatever is asked: somebody may look at what was just built."""


@dataclass(frozen=True)
class Collected:
    """What went, or would. `versions`: numbers. `caches`: files. `bytes`: of both. `busy`: why no cache went."""

    versions: tuple[int, ...]
    caches: int
    bytes: int
    busy: tuple[Claim, ...] = ()


def collect(store: Store, product: str, *, keep: int, seconds: float, who: str, dry: bool = False) -> Collected:
    """Removes versions and caches that nothing needs, beside whatever runs. Each version is noted in the audit.

    Versions stay that answer, stand behind the one that does, wait to be erased or were made by `forget`, are among
    the last, or were built, proved or in one of these places within a day; that a running command claims; and the
    parents of all these. Files that were proved to somebody, receipts, and of remaining versions their rows and doubts
    about labels, are no caches. While a command runs that may use caches, all of them stay.
    Where this was killed in between, a later call removes the folders of versions that were noted.

    Args:
        keep: how many of the last versions stay. seconds: age of caches that go, at least a day. who: for the audit.
        dry: only looks.
    """
    size = 0
    gone = []
    noted = {str(entry.number) for entry in store.audit(product) if entry.action in ("clean", "erase")}
    left = [path for path in orphans(store, product, time.time()) if path.name in noted]
    with store._database.write() as connection:
        unneeded = _unneeded(connection, store, product, keep)
    for row in unneeded:
        held = _size(version_folder(store, product, row.number))
        drop = partial(_drop, store, keep)
        if dry or erase_version(store, product, row.number, who=who, why=f"digest {row.digest}", remove=drop):
            gone.append(row.number)
            size += held
    for folder in left:
        gone.append(int(folder.name))
        size += _size(folder)
        if not dry:
            remove_folder(folder)
    caches, busy = _caches(store, product, gone, time.time() - max(seconds, YOUNG), dry)
    return Collected(tuple(sorted(gone)), len(caches), size + sum(caches), busy)


def _caches(
    store: Store, product: str, gone: list[int], before: float, dry: bool
) -> tuple[list[int], tuple[Claim, ...]]:
    """Bytes of each cache that went, or why none did. Args: gone: versions that went, or would."""
    stay = [row for one in store.products() for row in store.versions(one) if one != product or row.number not in gone]
    names = {row.summary["lineage"]["rows"] for row in stay if row.summary.get("lineage")}
    names |= {store.blobs.name_of(suspects_of(row.product, row.number)) for row in stay}
    found = store.blobs.others(names, before)
    with store._database.write():  # who begins to use caches meanwhile waits
        busy = tuple(one for one in claims(store) if one.work != SERVING)
        if busy:
            return [], busy
        went = found if dry else store.blobs.erase_files(found, before)
    return [found[path] for path in went], ()


def _drop(store: Store, keep: int, connection: Connection, product: str, number: int, by: tuple[str, str]) -> bool:
    """Removes a version, unless somebody needs it by now."""
    still = any(row.number == number for row in _unneeded(connection, store, product, keep))
    return still and _versions.drop(connection, product, number, by)


def _unneeded(connection: Connection, store: Store, product: str, keep: int) -> list[VersionRow]:
    """The versions that may go, asked while the write lock is held."""
    rows, stages = _versions.every(connection, product), _versions.stages(connection, product)
    audit = _versions.audit(connection, product)
    since = time.time() - YOUNG
    needed = {stages.live, stages.previous, *(row.number for row in rows[max(len(rows) - keep, 0) :])}
    needed |= {number for claim in claims(store) if claim.product == product for number in claim.numbers}
    for _, state in _forgotten.every(connection, product).values():
        needed |= {*state["versions"], state.get("retrained")}
    needed |= {row.number for row in rows if row.at >= since}
    today = [entry for entry in audit if entry.at >= since]
    needed |= {entry.number for entry in today}
    stood = (*[entry for entry in audit if entry.at < since][-1:], *today)  # from where the day began
    needed |= {number for entry in stood for number in (entry.stages.live, entry.stages.previous)}
    needed |= {row.parent for row in rows if row.number in needed}
    return [row for row in rows if row.number not in needed]


def _size(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # removed by another process meanwhile
            size += path.stat().st_size if path.is_file() else 0
    return size
