"""A store on each database that Zhinan runs on: what holds on one holds on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from zhinan.store import Store

TRIGGERS = {"sqlite": ("audit_no_update", "audit_no_delete"), "postgresql": ("audit_append_only ON audit",)}
"""What keeps the audit append-only, by database."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store may be."""
    if request.param == "sqlite":
        return str(tmp_path)
    return f"{request.getfixturevalue('new_database')()}&folder={tmp_path}"


@pytest.fixture
def unguarded() -> Callable[[Connection], None]:
    """Takes the guard off the audit, as who owns the database could."""

    def drop(connection: Connection) -> None:
        for trigger in TRIGGERS[connection.dialect.name]:
            connection.execute(text(f"DROP TRIGGER {trigger}"))

    return drop


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    with Store(place) as opened:
        yield opened
