"""Locks of files that end with their process, however it ends: what a dead one left can be told from a live one's."""

from __future__ import annotations

from typing import IO, Any

__all__ = ["locked"]


def locked(file: IO[Any]) -> bool | None:
    """Takes the lock of a file that ends with the process; False when another holds it, None where there are none."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return None
    return True
