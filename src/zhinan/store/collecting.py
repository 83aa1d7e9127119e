"""Collects what nobody needs any more: versions that are neither live nor young nor needed, and old caches."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zhinan.store import _versions
from zhinan.store.erasing import erase_version, forgettings, orphans, remove_folder, version_folder
from zhinan.store.rows import VersionRow, suspects_of
from zhinan.store.store import Store
from zhinan.store.waiting import waiting

__all__ = ["Collected", "collect"]

YOUNG = 86_400.0
"""Seconds for which all stays whatever is asked: somebody may look at what was just built, and a build that still runs
keeps its rows and caches before it enters its version."""


@dataclass(frozen=True)
class Collected:
    """What went, or would. `versions`: numbers. `caches`: files. `bytes`: of both."""

    versions: tuple[int, ...]
    caches: int
    bytes: int


def collect(store: Store, product: str, *, keep: int, seconds: float, who: str, dry: bool = False) -> Collected:
    """Removes versions and caches that nothing needs. Each version is noted in the audit.

    Versions stay that answer, stand behind the one that does, wait to be erased or were made by `forget`, are among
    the last, or were built, proved or in one of these places within a day; and the parents of all these. Files that
    were proved to somebody, receipts, and of remaining versions their rows and doubts about labels, are no caches.
    Where this was killed in between, a later call removes the folders of versions that were noted.

    Args:
        keep: how many of the last versions stay. seconds: age of caches that go, at least a day. who: for the audit.
        dry: only looks.
    """
    size = 0
    gone = []
    noted = {str(entry.number) for entry in store.audit(product) if entry.action in ("clean", "erase")}
    left = [path for path in orphans(store, product, time.time()) if path.name in noted]
    for row in _unneeded(store, product, keep):
        held = _size(version_folder(store, product, row.number))
        why = f"digest {row.digest}"
        if dry or erase_version(store, product, row.number, who=who, why=why, remove=_versions.drop):
            gone.append(row.number)
            size += held
    for folder in left:
        gone.append(int(folder.name))
        size += _size(folder)
        if not dry:
            remove_folder(folder)
    stay = [row for one in store.products() for row in store.versions(one) if one != product or row.number not in gone]
    names = {row.summary["lineage"]["rows"] for row in stay if row.summary.get("lineage")}
    names |= {store.blobs.name_of(suspects_of(row.product, row.number)) for row in stay}
    before = time.time() - max(seconds, YOUNG)
    caches = store.blobs.others(names, before)
    count = len(caches) if dry else store.blobs.erase_all_but(names, before)
    return Collected(tuple(sorted(gone)), count, size + sum(caches.values()))


def _unneeded(store: Store, product: str, keep: int) -> list[VersionRow]:
    rows, stages, audit = store.versions(product), store.stages(product), store.audit(product)
    since = time.time() - YOUNG
    needed = {stages.live, stages.previous, *(row.number for row in rows[max(len(rows) - keep, 0) :])}
    needed |= {number for numbers in waiting(store, product).values() for number in numbers}
    needed |= {one.state.get("retrained") for one in forgettings(store, product)}
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
