"""Events again, by the numbers under which they were stored."""

from __future__ import annotations

from collections.abc import Sequence

from zhinan.store import _events
from zhinan.store.rows import Event
from zhinan.store.store import Store

__all__ = ["events_numbered"]


def events_numbered(store: Store, product: str, seqs: Sequence[int]) -> tuple[Event, ...]:
    """Those of a product with these seqs that are still there, oldest first."""
    if not seqs:
        return ()
    with store._database.read() as connection:
        return _events.numbered(connection, store._cipher, product, seqs)
