"""Collects what nobody needs any more: versions that were never live for long, and caches that are old."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from zhinan.store import _versions
from zhinan.store.erasing import forgettings, remove_folder, version_folder
from zhinan.store.store import Store
from zhinan.store.waiting import waiting

__all__ = ["Collected", "collect"]

YOUNG = 86_400.0
"""Seconds for which a version stays whatever is asked: somebody may have just built it, and looks at it."""


@dataclass(frozen=True)
class Collected:
    """What went, or would. `versions`: numbers. `caches`: files. `bytes`: of both."""

    versions: tuple[int, ...]
    caches: int
    bytes: int


def collect(store: Store, product: str, *, keep: int, seconds: float, who: str, dry: bool = False) -> Collected:
    """Removes versions and caches that nothing needs. Each version is noted in the audit; done again it does the rest.

    Versions stay that answer, stand behind the one that does, were built from or for them (the parents), wait to be
    erased or were made by `forget`, are among the last, or are younger than a day. Files that were proved to
    somebody, the rows of remaining versions and receipts are no caches.

    Args: keep: how many of the last versions stay. seconds: age of caches that go. who: for the audit. dry: only looks.
    """
    size = 0
    gone = []
    for number in _unneeded(store, product, keep):
        folder = version_folder(store, product, number)
        held = _size(folder)
        if dry or _drop(store, product, number, who):
            gone.append(number)
            size += held
    names = {row.summary["lineage"]["rows"] for one in store.products() for row in store.versions(one)
             if row.summary.get("lineage")}  # fmt: skip
    before = time.time() - seconds
    caches = store.blobs.others(names, before)
    count = len(caches) if dry else store.blobs.erase_all_but(names, before)
    return Collected(tuple(gone), count, size + sum(caches.values()))


def _unneeded(store: Store, product: str, keep: int) -> list[int]:
    rows, stages = store.versions(product), store.stages(product)
    needed = {stages.live, stages.previous, *(row.number for row in rows[max(len(rows) - keep, 0) :])}
    needed |= {number for numbers in waiting(store, product).values() for number in numbers}
    needed |= {one.state.get("retrained") for one in forgettings(store, product)}
    needed |= {row.number for row in rows if time.time() - row.at < YOUNG}
    needed |= {row.parent for row in rows if row.number in needed}
    return [row.number for row in rows if row.number not in needed]


def _drop(store: Store, product: str, number: int, who: str) -> bool:
    """The row goes first, so that nobody is sent to files that are not there."""
    row = store.version(product, number)
    with store._database.write() as connection:
        if not _versions.drop(connection, product, number, (who, f"digest {row.digest}")):
            return False
    if proof := row.summary.get("proof"):
        store.blobs.erase(str(proof))
    folder = version_folder(store, product, number)
    if folder.exists():
        remove_folder(folder)
    return True


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
