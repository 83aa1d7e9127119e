"""How rows on a PostgreSQL server are reached: how transactions begin there, and when a server counts as gone."""

from __future__ import annotations

from sqlalchemy import URL, Connection

from zhinan.store._failures import BUSY_SECONDS

__all__ = ["LOCK", "TURN", "VIEW", "begin", "link"]

LONGEST = 300.0
"""Seconds that one statement of a transaction takes at most; each reads or writes a part."""

LOCK = "SELECT pg_advisory_xact_lock(8244021)"
_LIMIT = f"SET LOCAL statement_timeout = '{LONGEST:g}s'"
TURN = f"""BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL lock_timeout = '{BUSY_SECONDS:g}s';
{_LIMIT};
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
{LOCK}"""
"""How a transaction that writes begins, sent as one; it ends on disk, whatever the server's settings."""

VIEW = f"BEGIN ISOLATION LEVEL REPEATABLE READ; {_LIMIT}"
"""How one that reads begins."""

_LINK = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "30000",
}
"""Seconds, and milliseconds at last: a server that no longer answers the network is found out after half a minute."""


def link(url: URL) -> dict[str, str]:
    """What to connect with besides the address, which may say otherwise; all of it is libpq's."""
    return {name: value for name, value in _LINK.items() if name not in url.query}


def begin(connection: Connection) -> None:
    """The same turns as in SQLite; the lock is given back with the transaction."""
    if beginning := connection.get_execution_options().get("zhinan_begin"):
        connection.exec_driver_sql(beginning, execution_options={"no_parameters": True})
