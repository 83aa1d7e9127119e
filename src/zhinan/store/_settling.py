"""The folder that belongs to rows on a server: with another one `forget` would erase nothing and say it was done."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import insert, select, update

from zhinan.core import UserError
from zhinan.store import _schema as schema
from zhinan.store._database import FILE, Database
from zhinan.store._failures import failure
from zhinan.store._files import write_whole

__all__ = ["settle"]

_NAME = "store.id"


def settle(database: Database) -> None:
    """Marks the folder as that of these rows when it is first used, and from then on takes no other.

    The rows know the mark before the folder has it, and afterwards that it has: killed between, the next one goes on.

    Raises:
        UserError: E427 for another folder than before, E428 for a first one that is in use; E404, E407.
    """
    if database.beside:
        return
    table, folder = schema.places, database.folder
    with database.read() as connection:
        known = connection.execute(select(table)).first()
    mark = _mark(folder)
    if known is not None and known.found and mark == known.id:
        return
    with database.write() as connection:
        known = connection.execute(select(table)).first()  # another process may have been first
        if known is None:
            if mark is not None or (folder / FILE).exists():
                raise UserError("E428", database.where, folder=str(folder))
            connection.execute(insert(table).values(id=secrets.token_hex(16), path=str(folder), found=0))
    with database.write() as connection:
        known = connection.execute(select(table)).one()
        mark = _mark(folder)
        if mark != known.id:
            if known.found or mark is not None:
                raise UserError("E427", database.where, folder=str(folder), known=known.path, id=known.id)
            try:
                write_whole(folder / _NAME, (known.id.encode(),), folder)
            except OSError as error:
                raise failure(error, str(folder)) or error from error
        connection.execute(update(table).values(path=str(folder), found=1))


def _mark(folder: Path) -> str | None:
    try:
        return (folder / _NAME).read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failure(error, str(folder)) or error from error
