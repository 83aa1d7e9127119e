"""What the disk and the database complain about, as errors a user can act on."""

from __future__ import annotations

import errno
import sqlite3

from zhinan.core import UserError, Words

__all__ = ["BUSY_SECONDS", "failure"]

BUSY_SECONDS = 30.0
"""How long a writer waits for its turn."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNUSABLE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG}
)
_CODES = {
    sqlite3.SQLITE_FULL: "E404",
    sqlite3.SQLITE_BUSY: "E405",
    sqlite3.SQLITE_LOCKED: "E405",
    sqlite3.SQLITE_CORRUPT: "E406",
    sqlite3.SQLITE_NOTADB: "E406",
    sqlite3.SQLITE_CANTOPEN: "E407",
    sqlite3.SQLITE_READONLY: "E407",
    sqlite3.SQLITE_PERM: "E407",
    sqlite3.SQLITE_IOERR: "E407",
}
_STATES = {"53100": "E404", "55P03": "E405", "25006": "E407", "42501": "E407", "53300": "E407", "57014": "E407"}
"""SQLSTATE of PostgreSQL: disk full, lock not available, read-only transaction, insufficient privilege, no place, and
a statement that took too long."""

_GONE = ("08", "57P")
"""How those begin of a connection that broke, and of a server that stops, starts or ended it."""


def failure(error: BaseException, where: str) -> UserError | None:
    """The user's error behind a system's or a driver's, or None when it is our own fault."""
    code = None
    if isinstance(error, sqlite3.Error):
        number = getattr(error, "sqlite_errorcode", None)
        if number == sqlite3.SQLITE_IOERR_SHMSIZE:  # the shared index could not grow
            code = "E404"
        elif number is not None:
            code = _CODES.get(number & 0xFF)
    elif isinstance(error, OSError):
        code = "E404" if error.errno in _FULL else "E407" if error.errno in _UNUSABLE else None
    else:
        state = getattr(error, "sqlstate", None)
        kinds = {kind.__name__ for kind in type(error).__mro__}  # of a driver that need not be installed
        unreachable = state is None and "OperationalError" in kinds
        code = "E407" if unreachable or str(state).startswith(_GONE) else _STATES.get(str(state))
    if code is None:
        return None
    reason = error.strerror if isinstance(error, OSError) and error.strerror else _said(error)
    return UserError(code, where, reason=Words(reason, reason), seconds=BUSY_SECONDS)


def _said(error: BaseException) -> str:
    """What a driver says, without the lines in which PostgreSQL quotes the row."""
    return getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
