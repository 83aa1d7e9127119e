"""Groups of events: stored as if none were there already, which nearly always holds; else taken back and looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.store import _events, _keys
from zhinan.store._bulk import Taken
from zhinan.store._cipher import Cipher
from zhinan.store._database import Database
from zhinan.store.rows import EventOutcome

__all__ = ["Intake"]

LOOKS = 20
"""Groups that are looked up after one that held a repeat: who sends again sends much again."""


class Intake:
    """What one process stores.

    PostgreSQL looks up and stores at twice the price of storing, and finds a repeat by itself: the group is then taken
    back and looked up. SQLite looks up cheaply; and an event stored under another key is found by nothing else.
    """

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher
        self._looks = 0

    def add(self, rows: Sequence[Mapping[str, Any]]) -> list[EventOutcome]:
        """Stores what is new among encoded rows, in one transaction; what became of each."""
        if not self._database.beside and self._looks == 0:
            try:
                return self._added(rows, look=False)
            except Taken:
                self._looks = LOOKS
        self._looks = max(0, self._looks - 1)
        return self._added(rows, look=True)

    def _added(self, rows: Sequence[Mapping[str, Any]], *, look: bool) -> list[EventOutcome]:
        with self._database.write() as connection:
            _keys.guard(connection, self._cipher, self._database.where)
            return _events.add(connection, rows, self._cipher, look=look or bool(self._cipher.keys))
