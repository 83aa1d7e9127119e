"""A private folder of a process; what a crash left is swept away by the next one that makes its like."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zhinan.core.locking import locked

__all__ = ["PREFIX", "private_folder", "sweep"]

PREFIX = "zhinan-rows-"
"""Of a folder for rows on their way out of a reader's process."""

_UNHELD = "zhinan-unheld-"
"""Of a folder whose lock is not taken yet, or on a system without such locks: it is left when it is old."""
_HELD = "held"
_OLD_SECONDS = 86_400


@contextmanager
def private_folder(prefix: str = PREFIX) -> Iterator[Path]:
    """A new folder that only this user may read, removed at the end. It also removes those of processes that died.

    Copies of this process hold it, too, for as long as they live.
    """
    sweep(prefix)
    folder = Path(tempfile.mkdtemp(prefix=_UNHELD))
    try:
        with (folder / _HELD).open("w") as held:
            if locked(held):  # only now may another process's sweep see it: unlocked it would look left behind
                folder = folder.rename(folder.with_name(prefix + folder.name.removeprefix(_UNHELD)))
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(prefix: str = PREFIX) -> int:
    """Removes the folders whose process is gone (killed, out of power). Returns how many."""
    swept = 0
    places = Path(tempfile.gettempdir())
    for folder in (*places.glob(f"{prefix}*"), *places.glob(f"{_UNHELD}*")):
        if _is_mine(folder) and _is_left(folder):
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _is_mine(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    mine = os.name == "nt" or found.st_uid == os.getuid()
    return mine and folder.is_dir() and not folder.is_symlink()


def _is_left(folder: Path) -> bool:
    """Whether nobody holds its lock; one that was never locked is left when it is old."""
    if not folder.name.startswith(_UNHELD):
        try:
            with (folder / _HELD).open("r+") as held:
                free = locked(held)
        except OSError:
            free = None
        if free is not None:
            return free
    try:
        return time.time() - folder.stat().st_mtime > _OLD_SECONDS
    except OSError:
        return False
