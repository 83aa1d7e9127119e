"""Who waits to be forgotten in which versions, and what goes as soon as another version answers."""

from __future__ import annotations

import json
import time

from zhinan.core.account import by
from zhinan.store._cleaning import clean_soon, due
from zhinan.store.erasing import erase_blobs, erase_version, forgettings
from zhinan.store.store import Store

__all__ = ["erase_caches", "erase_versions", "erase_waiting", "waiting"]


def waiting(store: Store, product: str) -> dict[str, tuple[int, ...]]:
    """Person → the versions that knew them and are still there; none where only the receipt is to be written."""
    there = {row.number for row in store.versions(product)}
    found = [(one, tuple(sorted(there & {*one.state["versions"]}))) for one in forgettings(store, product)]
    return {one.person: versions for one, versions in found if versions or not one.state["done"]}


def erase_waiting(store: Store, product: str) -> tuple[int, ...]:
    """Erases the versions that waited for another one to be live, once it is; which they were.

    Any command and any worker may call it at any time. The receipts are written by `improve.forgetting`.
    """
    gone = erase_versions(store, product)
    if gone and not any(waiting(store, product).values()):
        erase_caches(store, time.time())
        with store._database.write() as connection:
            due(connection)
        clean_soon(store._database)
    return gone


def erase_versions(store: Store, product: str) -> tuple[int, ...]:
    """Erases every version that knows somebody who is being forgotten, but those that stay; which it erased.

    Those that stay are the one that answers, if it knows somebody, and the one behind it, until another one is live.
    """
    known = {number for versions in waiting(store, product).values() for number in versions}
    stages = store.stages(product)
    stay = {stages.live, stages.previous} if stages.live in known else {stages.live}
    gone = []
    for row in store.versions(product):  # what others erased by now is not among them
        if row.number in known - stay:
            why = json.dumps({"digest": row.digest})
            gone += [row.number] * erase_version(store, product, row.number, who=by("forget"), why=why)
    return tuple(gone)


def erase_caches(store: Store, before: float) -> int:
    """Erases what was not computed from parts that are known to be free of everybody forgotten; how many there were.

    Args: before: what is written later is a matter of its writer.
    """
    free, names = set[str](), set[str]()
    for product in store.products():
        for version in store.versions(product):
            kept = version.summary.get("lineage")
            if kept:
                names.add(kept["rows"])
                free |= {*kept["parts"].values()}
    others = [one for product in store.products() for one in forgettings(store, product)]
    held = {source for one in others for source in one.state["sources"]}
    return erase_blobs(store, free - held, names, before)
