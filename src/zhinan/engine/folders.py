"""Where versions and drafts of a store stand, and what killed builds left there."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from zhinan.contract import Contract
from zhinan.store import Store
from zhinan.store.places import placed

__all__ = ["place_of", "store_of", "sweep"]

STALE = 86_400.0
"""Seconds after which nobody is still writing a draft."""


def store_of(contract: Contract, store: str | Path | None = None) -> Store:
    """The store of a product: as given, or `.zhinan` beside its product file, which is a server's folder, too."""
    return Store(placed(store, contract.root / ".zhinan"))


def place_of(store: Store) -> Path:
    """Where versions and drafts stand: beside the rows that name them, so that no other store's are in the way."""
    return store.blobs.folder.parent


def sweep(drafts: Path) -> None:
    """Removes drafts that killed builds left long ago; another build may be writing one right now."""
    for folder in drafts.glob("draft-*"):
        if time.time() - folder.stat().st_mtime > STALE:
            shutil.rmtree(folder, ignore_errors=True)
