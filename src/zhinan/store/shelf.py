"""A cache that remembers from which data its entries were computed, so that they can be erased with the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhinan.store.store import Store

__all__ = ["Shelf"]


class Shelf:
    """The blobs of a store as one piece of data uses them. Made by `Store.derived_from`.

    Args: sources: fingerprints of the data from which everything kept here is computed.
    """

    def __init__(self, store: Store, sources: tuple[str, ...]) -> None:
        self._store = store
        self._sources = sources

    def put(self, content: bytes) -> str:
        """As `Blobs.put`, salted: its digest, which the database lists, confirms no guess at the content."""
        salted = self._store._secret + content
        digest = self._store.blobs.digest_of(salted)
        self._store._enter(self._sources, digest)  # first: what is kept is never unlisted
        return self._store.blobs.put(salted)

    def get(self, digest: str) -> bytes:
        """As `Blobs.get`, of what was put here."""
        return self._store.blobs.get(digest)[len(self._store._secret) :]

    def remember(self, key: str, content: bytes) -> None:
        """As `Blobs.remember`."""
        self._store._enter(self._sources, self._store.blobs.name_of(key))
        self._store.blobs.remember(key, content)

    def recall(self, key: str) -> bytes | None:
        """As `Blobs.recall`."""
        return self._store.blobs.recall(key)
