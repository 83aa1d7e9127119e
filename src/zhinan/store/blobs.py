"""Content-addressed files: put bytes, get their digest; what comes back is what was put in, or an error."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zhinan.core import UserError
from zhinan.store._failures import failure
from zhinan.store._files import write_whole

__all__ = ["Blobs"]

_LOG = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEAL = 32
_STALE_SECONDS = 3600.0


class Blobs:
    """Blobs in a folder, safe for several processes. Choose it for what is large: data sets, embeddings, checkpoints.

    Args:
        folder: made on the first write, with rights 0700.

    Raises:
        UserError: E411 for a URL.
    """

    def __init__(self, folder: str | Path) -> None:
        if "://" in str(folder):
            raise UserError("E411", scheme=str(folder).split("://", 1)[0])
        self.folder = Path(folder)
        self._workshop = self.folder / "unfinished"
        self._sweep()

    def put(self, content: bytes) -> str:
        """Stores bytes durably and returns their SHA-256 (64 hex digits). The same bytes are stored once.

        Raises:
            UserError: E404 when the disk is full, E407 when the folder cannot be written.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        with self._translated():
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                write_whole(path, (content,), self._workshop)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, checked on every read.

        Raises:
            UserError: E409 when they are no longer what was put, E410 when there are none.
        """
        path = self._path(digest)
        try:
            with self._translated():
                content = path.read_bytes()
        except FileNotFoundError as error:
            raise UserError("E410", str(self.folder), digest=digest) from error
        found = hashlib.sha256(content).hexdigest()
        if found != digest:
            raise UserError("E409", str(path), digest=digest, found=found)
        return content

    def has(self, digest: str) -> bool:
        """Whether there are bytes under this digest (not whether they are sound: `get` tells)."""
        return self._path(digest).exists()

    def remember(self, key: str, content: bytes) -> None:
        """Keeps bytes under a name of the caller's, for a cache; the last writer wins.

        Raises:
            UserError: as for `put`.
        """
        with self._translated():
            write_whole(self._named(key), (_seal(key, content), content), self._workshop)

    def recall(self, key: str) -> bytes | None:
        """What was remembered under a name, or None. A damaged entry is dropped with a warning."""
        path = self._named(key)
        try:
            with self._translated():
                kept = path.read_bytes()
        except FileNotFoundError:
            return None
        seal, content = kept[:_SEAL], kept[_SEAL:]
        if seal != _seal(key, content):
            _LOG.warning("the cache entry %s is damaged and was dropped", path)
            with self._translated():
                path.unlink(missing_ok=True)
            return None
        return content

    def size(self) -> int:
        """Bytes in the folder, blobs and named entries together."""
        total = 0
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):  # dropped by another process meanwhile
                total += path.stat().st_size if path.is_file() else 0
        return total

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"a digest has 64 hex digits: {digest!r}")
        return self.folder / digest[:2] / digest[2:]

    def _named(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / "named" / name[:2] / name[2:]

    def _sweep(self) -> None:
        """Removes what writers killed long ago left unfinished."""
        with suppress(OSError):  # somebody else's turn to tidy
            for entry in os.scandir(self._workshop):
                if time.time() - entry.stat().st_mtime > _STALE_SECONDS:
                    os.unlink(entry)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            known = failure(error, str(self.folder))
            if known is None:
                raise
            raise known from error


def _seal(key: str, content: bytes) -> bytes:
    digest = hashlib.sha256(len(key.encode()).to_bytes(8, "big") + key.encode())
    digest.update(content)
    return digest.digest()
