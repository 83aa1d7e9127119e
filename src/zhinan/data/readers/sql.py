"""Reads what one SELECT gives, in a session that cannot write: SQLite and PostgreSQL."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from zhinan.data.types import Raw

__all__ = ["SECONDS", "sql"]

SECONDS = 900
CHUNK = 20_000

CAUSES: tuple[tuple[tuple[str, ...], str, Words], ...] = (
    (
        ("SQLITE_CANTOPEN",),
        "",
        Words(
            "the file is not there, or may not be opened (a path begins at product.yaml)",
            "文件不存在或无法打开（路径相对于 product.yaml）",
        ),
    ),
    (
        ("SQLITE_NOTADB", "SQLITE_CORRUPT"),
        "",
        Words("the file is no whole SQLite database", "文件不是完整的 SQLite 数据库"),
    ),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "", Words("another program keeps it locked", "数据库被其他程序锁定")),
    (
        ("SQLITE_INTERRUPT", "57014"),
        "",
        Words(f"it took over {SECONDS} s, or was stopped", f"超过 {SECONDS} 秒或被中止"),
    ),
    (
        ("22012",),
        "",
        Words("it divides by zero: nullif(…, 0) gives null instead", "除数为零：可用 nullif(…, 0) 得到空值"),
    ),
    (("25006",), "", Words("it would change something, and the session is read-only", "它会修改数据，而会话是只读的")),
    (("42501",), "", Words("this user may not read all that the query asks for", "该用户无权读取所查询的内容")),
    (
        ("28",),
        r"password authentication failed|no password supplied|role \".*\" does not exist|no pg_hba\.conf entry",
        Words("it refused the user or the password", "用户名或密码被拒绝"),
    ),
    (("3D000",), r"database \".*\" does not exist", Words("the server has no such database", "服务器上没有该数据库")),
    (
        ("08", "57P", "53300"),
        r"^(connection|failed to resolve|could not translate)",
        Words("no connection to the server could be made, or it broke off", "无法连接到服务器，或连接中断"),
    ),
)
"""Codes of SQLite and PostgreSQL, what is said of a connection that never was (it has no code) → the cause."""


_WRITTEN = Words("it was written to while it was read: read it again", "读取期间数据库被写入，请重新读取")


@register("reader", "sql", suffixes=("query",))
def sql(place: Path, *, query: str = "", dsn: str = "", params: dict[str, Any] | None = None) -> Iterator[Raw]:
    """The rows of one bound SELECT, in chunks, as the text that gives their values back. A row's line is its number.

    SQLite is opened read-only, with an authorizer that allows nothing but reading, and leaves no file behind;
    PostgreSQL in a read-only transaction, through a cursor, with a time limit. What the database says about an error is
    passed on only where it names tables and columns.

    Raises: UserError E136 for a query that is no SELECT, E138 for what the database refuses, E104–E107 for columns
        without usable names.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from zhinan.contract.queries import examine
    from zhinan.data.delimited import REASONS, Rows, names_of
    from zhinan.steps.values.written import text_of

    examined = examine(query, (params or {}).keys())
    if isinstance(examined, Words):
        raise UserError("E136", str(place), reason=examined)
    try:
        still = _Still.of(_file_of(dsn))
        engine = _opened(dsn, still)
        with engine.connect() as connection:
            _read_only(connection)
            result = connection.execution_options(stream_results=True).execute(text(examined.text), params or {})
            names, findings = names_of(list(result.keys()), str(place))
            rows = Rows(names)
            yield rows.take(findings)
            number = 0
            for chunk in result.partitions(CHUNK):
                for row in chunk:
                    number += 1
                    if any(isinstance(value, _Damaged) for value in row):
                        rows.reject(number, REASONS["damaged"])
                    else:
                        _take(rows, number, [text_of(value) for value in row])
                yield rows.take()
        if still and _Still.of(still.path) != still:
            raise UserError("E138", str(place), reason=_WRITTEN)
    except (SQLAlchemyError, ValueError, OverflowError) as error:  # a damaged SQLite file has no text in its errors
        raise UserError("E138", str(place), reason=_said(error)) from None


@dataclass(frozen=True)
class _Still:
    """A SQLite file that keeps a write-ahead log, while nobody writes it: there is no log beside it.

    Opened as others are, it would be given an empty one, which a reader cannot take away again.
    """

    path: Path
    changed: int
    size: int

    @classmethod
    def of(cls, path: Path | None) -> _Still | None:
        """None for any other file, and for what is none. Source: sqlite.org/fileformat.html, 1.3.3."""
        if path is None or not os.access(path, os.R_OK) or not path.is_file() or Path(f"{path}-wal").exists():
            return None
        with path.open("rb") as file:
            logs = file.read(20)[18:] == b"\2\2"
        about = path.stat()
        return cls(path, about.st_mtime_ns, about.st_size) if logs else None


class _Damaged(bytes):
    """What SQLite holds as text and is none."""


def _decoded(content: bytes) -> str | _Damaged:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _Damaged(content)


def _take(rows: Any, number: int, row: list[str | None]) -> None:
    from zhinan.data.delimited import MAX_FIELD, REASONS

    texts = [value for value in row if value]
    if any("\0" in value for value in texts):
        rows.reject(number, REASONS["nul"])
    elif any(len(value) > MAX_FIELD for value in texts):
        rows.reject(number, REASONS["huge"])
    else:
        rows.add(number, row)


def _file_of(dsn: str) -> Path | None:
    """The file of a SQLite database; None for any other."""
    from sqlalchemy import make_url

    url = make_url(dsn)
    return (Path.cwd() / (url.database or "")).resolve() if url.get_backend_name() == "sqlite" else None


def _opened(dsn: str, still: _Still | None) -> Engine:
    import sqlite3

    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    if (path := _file_of(dsn)) is not None:
        how = "mode=ro&immutable=1" if still else "mode=ro"

        def connect() -> sqlite3.Connection:
            held = sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True, timeout=30)
            held.text_factory = _decoded
            held.set_authorizer(_allowed)
            ends = time.monotonic() + SECONDS
            held.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
            return held

        return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    url = make_url(dsn).set(drivername="postgresql+psycopg")
    options = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS * 1000}"
    return create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"options": options, "connect_timeout": 30}
    )


def _allowed(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """SQLite asks this for every step of a statement."""
    import sqlite3

    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION)
    asked = action == sqlite3.SQLITE_PRAGMA and (first, second) == ("read_uncommitted", None)  # SQLAlchemy, once
    function = action == sqlite3.SQLITE_FUNCTION and str(second).lower() != "load_extension"
    if action in reading or asked or function:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _read_only(connection: Connection) -> None:
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":
        _take_any_moment(connection.connection.driver_connection)
        connection.execute(text("SET TRANSACTION READ ONLY"))


def _take_any_moment(driver: Any) -> None:
    """Moments that Python has none for, such as infinity or a year before 1, come as the text that stands there."""
    from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

    for name, loader in (("date", DateLoader), ("timestamp", TimestampLoader), ("timestamptz", TimestamptzLoader)):
        driver.adapters.register_loader(name, _or_text(loader))


def _or_text(loader: Any) -> Any:
    """A loader of psycopg's that gives the text of what it cannot give as a value."""
    from psycopg import DataError

    class OrText(loader):  # type: ignore[misc]
        def load(self, data: Any) -> Any:
            try:
                return super().load(data)
            except DataError:
                return bytes(data).decode()

    return OrText


def _said(error: Exception) -> Words:
    """The database's message where it speaks of tables and columns, else its cause in words without an address."""
    original = getattr(error, "orig", None) or error
    message = str(original).partition("\n")[0]
    names = getattr(original, "sqlstate", None) in ("42P01", "42703", "42883", "42601")
    if names or message.startswith(("no such ", "ambiguous column", "not authorized")):
        return Words(message[:120], message[:120])
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None) or ""
    for codes, phrase, cause in CAUSES:
        if code.startswith(codes) or (not code and phrase and re.search(phrase, str(original))):
            return cause
    return Words(type(original).__name__, type(original).__name__)
