"""What running commands need of a store, so that it is not collected: each locks a file as long as its process lives.

A claim is made, and the claims are looked at, while the store's one write lock is held: whoever collects sees every
claim on what is still there, and whoever claims finds what nobody has collected.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from zhinan.core.locking import locked
from zhinan.store._files import make_folder
from zhinan.store.store import Store

__all__ = ["SERVING", "Claim", "claimed", "claims"]

SERVING = "serve"
"""The work of a command that may go on for months and uses no caches."""

LONGEST = 86_400.0
"""Seconds that a claim counts where files have no locks that end with a process, as on Windows."""


@dataclass(frozen=True)
class Claim:
    """A command at work. `at`: when it began. `numbers`: versions of the product that it needs to the end."""

    work: str
    pid: int
    at: float
    product: str
    numbers: tuple[int, ...]


_UNREAD = Claim("–", 0, 0.0, "", ())


@contextmanager
def claimed(store: Store, product: str, work: str, *numbers: int) -> Iterator[None]:
    """While this is open, `collect` takes none of these versions and, unless the work is to serve, no cache.

    The store may be closed meanwhile; a process that is forked holds it, too.
    """
    path = _folder(store) / uuid4().hex
    mine = Claim(work, os.getpid(), time.time(), product, numbers)
    with store._database.write():
        make_folder(path.parent)
        file = path.open("x", encoding="utf-8")
        locked(file)
        file.write(json.dumps(asdict(mine)))
        file.flush()
    try:
        yield
    finally:
        file.close()
        if os.getpid() == mine.pid:
            path.unlink(missing_ok=True)


def claims(store: Store) -> tuple[Claim, ...]:
    """Every claim of a process that lives, in the order they were made; those of dead ones are removed.

    To be asked while the store's write lock is held: none is being made then.
    """
    found = []
    for path in _folder(store).glob("*"):
        with suppress(FileNotFoundError, PermissionError):  # over by now, or of another account that has to remove it
            mine = _read(path)
            if _is_left(path, mine):
                path.unlink()
            else:
                found.append(mine)
    return tuple(sorted(found, key=lambda one: one.at))


def _is_left(path: Path, mine: Claim) -> bool:
    """Whether nobody holds its lock; where nobody can tell, whether it is old and of a command that ends some day."""
    free = None
    for mode in ("r+", "r"):  # some file systems lock for writing only what is open for it
        try:
            with path.open(mode, encoding="utf-8") as file:
                free = locked(file)
            break
        except PermissionError:  # of another account
            continue
    if free is None:
        return mine.work not in (SERVING, _UNREAD.work) and time.time() - path.stat().st_mtime > LONGEST
    return free


def _read(path: Path) -> Claim:
    try:
        said = json.loads(path.read_text("utf-8"))
        return Claim(**{**said, "numbers": tuple(said["numbers"])})
    except (PermissionError, ValueError, TypeError, KeyError):
        return _UNREAD


def _folder(store: Store) -> Path:
    return store.blobs.folder.parent / "claims"
