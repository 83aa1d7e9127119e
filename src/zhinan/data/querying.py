"""Sends a contract's query to the database whose address an environment variable holds; the address is never shown."""

from __future__ import annotations

import os

from zhinan.contract import Contract, Source
from zhinan.core import UserError, Words
from zhinan.data.drawing import USUAL, Draw
from zhinan.data.readers.sql import SECONDS
from zhinan.data.sandbox import Limits, Tell, run
from zhinan.data.types import Raw

__all__ = ["query"]


def query(contract: Contract, source: Source, name: str, progress: Tell | None = None, draw: Draw = USUAL) -> Raw:
    """The rows of a source with a query, read in a child process. `name` is what messages call it.

    Raises: UserError E137 when the variable holds no address of a database that can be opened read-only, E900 without
        the extra for PostgreSQL, and as the reader `sql`.
    """
    dsn = os.environ.get(source.dsn or "", "")
    options = {"query": source.query, "dsn": _checked(dsn, source, contract), "params": dict(source.params)}
    limits = Limits(memory=2 << 30, cpu=SECONDS, output=16 << 30, wall=SECONDS + 60)
    return run("sql", name, name, limits, options=options, progress=progress, draw=draw)


def _checked(dsn: str, source: Source, contract: Contract) -> str:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    reason = None
    try:
        url = make_url(dsn) if dsn else None
    except (ArgumentError, ValueError):
        reason = Words("it holds no address of a database", "其内容不是数据库地址")
        raise UserError("E137", source.where, variable=source.dsn, reason=reason) from None
    if url is None:
        reason = Words("it is not set", "未设置")
    elif url.get_backend_name() not in ("sqlite", "postgresql"):
        reason = Words(
            "only sqlite:// and postgresql:// can be opened read-only",
            "只有 sqlite:// 和 postgresql:// 能以只读方式打开",
        )
    if url is None or reason:
        raise UserError("E137", source.where, variable=source.dsn, reason=reason)
    if url.get_backend_name() == "sqlite":
        return url.set(database=str(contract.root / (url.database or ""))).render_as_string(hide_password=False)
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise UserError("E900", kind="reader", name="sql", extra="postgres", missing="psycopg") from None
    return dsn
