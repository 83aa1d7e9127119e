"""Content-addressed files: put bytes, get their digest; what comes back is what was put in, or an error."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zhinan.core import UserError
from zhinan.core.keys import Key, keyed_hash
from zhinan.store._cipher import EXTRA, Cipher, key_of
from zhinan.store._failures import failure
from zhinan.store._files import write_whole

__all__ = ["Blobs"]

_LOG = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEAL = 32
_STALE_SECONDS = 3600.0
_NAMED = "named/"
_LOOKS = 2
"""Times a blob is looked for: between two looks a rotation may have moved it from one key's place to another's."""


class Blobs:
    """Blobs in a folder, safe for several processes. Choose it for what is large: data sets, embeddings, checkpoints.

    With a key every file is encrypted, and stands under a keyed hash of its name: a digest of the content would tell
    who guesses the content that the guess is right.

    Args:
        folder: made on the first write, with rights 0700. cipher: the keys; none, and nothing is encrypted.
        ready: is called before anything is written or erased, or taken for absent, to learn of keys that another
            process put in use.

    Raises:
        UserError: E411 for a URL.
    """

    def __init__(
        self, folder: str | Path, cipher: Cipher | None = None, ready: Callable[[], None] = lambda: None
    ) -> None:
        if "://" in str(folder):
            raise UserError("E411", scheme=str(folder).split("://", 1)[0])
        self.folder = Path(folder)
        self._cipher = cipher or Cipher((), lambda: ())
        self._ready = ready
        self._workshop = self.folder / "unfinished"
        self._sweep()

    def put(self, content: bytes, *, ships: bool = False) -> str:
        """Stores bytes durably and returns their SHA-256 (64 hex digits). The same bytes are stored once.

        Those that stood there already count as written now, so that nobody erases as old what is needed again.

        Args: ships: they are made to be given away, as a version is, and stay readable without a key.

        Raises:
            UserError: E404 when the disk is full, E407 when the folder cannot be written.
        """
        digest = self.digest_of(content)
        self._ready()
        path = self._shipped(digest) if ships else self._places(digest)[0]
        with self._translated():
            if self._renewed(path, digest):
                return digest
            if self._cipher.current is not None and not ships:
                self._write_sealed(digest, content)
            else:
                write_whole(path, (content,), self._workshop)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, checked on every read.

        Raises:
            UserError: E409 when they are no longer what was put, E410 when there are none, E421 when they were
                encrypted and do not open.
        """
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"a digest has 64 hex digits: {digest!r}")
        path, content = self._read(digest)
        if content is None:
            raise UserError("E410", str(self.folder), digest=digest)
        found = hashlib.sha256(content).hexdigest()
        if found != digest:
            raise UserError("E409", str(path), digest=digest, found=found)
        return content

    def has(self, digest: str) -> bool:
        """Whether there are bytes under this digest (not whether they are sound: `get` tells)."""
        return any(path.exists() for paths in self._looks(digest) for path in paths)

    def shipped(self, digest: str) -> Path:
        """Where bytes stand that were put to be given away. Raises: UserError E410 when there are none."""
        path = self._shipped(digest)
        if not path.exists():
            raise UserError("E410", str(self.folder), digest=digest)
        return path

    def remember(self, key: str, content: bytes) -> None:
        """Keeps bytes under a name of the caller's, for a cache; the last writer wins.

        Raises:
            UserError: as for `put`.
        """
        name = _named(key)
        self._ready()
        with self._translated():
            if self._cipher.current is None:
                write_whole(self._plain(name), (_seal(name, content), content), self._workshop)
            else:
                self._write_sealed(name, content)

    def recall(self, key: str) -> bytes | None:
        """What was remembered under a name, or None. A damaged entry is dropped with a warning."""
        name = _named(key)
        path = None
        try:
            path, content = self._read(name)
        except UserError as error:
            if error.code not in ("E409", "E421"):
                raise
            path, content = Path(error.where), None
        if content is None and path is not None:
            _LOG.warning("the cache entry %s is damaged and was dropped", path)
            with self._translated():
                path.unlink(missing_ok=True)
        return content

    def digest_of(self, content: bytes) -> str:
        """The name under which `put` keeps bytes, as `get` and `erase` take it."""
        return hashlib.sha256(content).hexdigest()

    def name_of(self, key: str) -> str:
        """The name under which `remember` keeps a key, as `erase` takes it."""
        return _named(key)

    def erase(self, name: str) -> bool:
        """Removes a blob by its digest, or an entry by its name, under whatever key; whether there was one."""
        found = False
        self._ready()
        with self._translated():
            for path in self._looked(name):
                if path.exists():
                    found = True
                    path.unlink(missing_ok=True)
        return found

    def erase_all_but(self, names: Collection[str], before: float) -> int:
        """Removes every blob and entry of another name that was written before a time, and what killed writers left.

        What is made to be given away stays. How many there were.
        """
        with self._translated():
            return len(self.erase_files(self.others(names, before), before))

    def erase_files(self, files: Iterable[Path], before: float) -> list[Path]:
        """Removes files that `others` found, unless they were put again since; which it removed."""
        gone = []
        with self._translated():
            for path in files:
                with suppress(FileNotFoundError):  # dropped by another process meanwhile
                    if path.stat().st_mtime < before:
                        path.unlink()
                        gone.append(path)
        return gone

    def others(self, names: Collection[str], before: float) -> dict[Path, int]:
        """Every file of another name that was written before a time, and what killed writers left, with its bytes."""
        self._ready()
        kept = {path for name in names for path in self._looked(name)}
        found: dict[Path, int] = {}
        for path in (*self._files(), *self._workshop.glob("*")):
            with suppress(FileNotFoundError):  # dropped by another process meanwhile
                if path not in kept and (about := path.stat()).st_mtime < before:
                    found[path] = about.st_size
        return found

    def size(self) -> int:
        """Bytes in the folder, blobs and named entries together."""
        total = 0
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):  # dropped by another process meanwhile
                total += path.stat().st_size if path.is_file() else 0
        return total

    def count(self) -> dict[str, int]:
        """Id of a key → how many files it encrypted; "" → how many are not encrypted."""
        found: dict[str, int] = {}
        for path in self._files():
            with suppress(FileNotFoundError):
                name = self._key_of(path)
                found[name] = found.get(name, 0) + 1
        return found

    def seal_again(self, path: Path) -> bool:
        """Encrypts one file with the key in use, unless it is already; whether anything was to be done.

        At any moment of it the content stands whole under a key that was or is in use.
        """
        current = self._cipher.current
        if current is None:
            raise ValueError("without a key nothing is encrypted")
        with self._translated():
            try:
                if self._key_of(path) == current.id:
                    return False
                name, content = self._open(path)
            except FileNotFoundError:  # dropped by another process meanwhile
                return False
            self._write_sealed(name, content, anew=False)
            path.unlink(missing_ok=True)
        return True

    def files(self) -> tuple[Path, ...]:
        """Every file that may have to be encrypted again."""
        return tuple(self._files())

    def _write_sealed(self, name: str, content: bytes, *, anew: bool = True) -> None:
        """`anew`: replaces what stands there; else what another process wrote meanwhile is newer, and stays."""
        path, *others = self._places(name)
        place = path.relative_to(self.folder).as_posix()
        label = self._cipher.seal(name.encode().ljust(_NAME, b"\0"), f"{place} name")
        write_whole(path, (*label, *self._cipher.seal(content, place)), self._workshop, replace=anew)
        for other in others:
            other.unlink(missing_ok=True)

    def _renewed(self, path: Path, digest: str) -> bool:
        """Whether the digest's bytes stand whole at a path; they count as written now."""
        try:
            os.utime(path)  # before they are looked at: what is erased as old in between is not found
            name, content = self._open(path)
        except FileNotFoundError:
            return False
        except UserError as error:
            if error.code != "E421":
                raise
            return False
        return name == digest == hashlib.sha256(content).hexdigest()

    def _read(self, name: str) -> tuple[Path | None, bytes | None]:
        """The content under a name and where it stands. `UserError.where` of what does not open is its path."""
        for paths in self._looks(name):
            for path in paths:
                with self._translated(), suppress(FileNotFoundError):
                    found, content = self._open(path)
                    if found != name:
                        raise UserError("E409", str(path), digest=name, found=found)
                    return path, content
        return None, None

    def _open(self, path: Path) -> tuple[str, bytes]:
        """Name and content of one file."""
        kept, place = path.read_bytes(), path.relative_to(self.folder).as_posix()
        if not place.startswith("sealed/"):
            name = place.replace("/", "").replace("named", _NAMED).removeprefix("ships")
            if not name.startswith(_NAMED):
                return name, kept
            if kept[:_SEAL] != _seal(name, kept[_SEAL:]):
                raise UserError("E409", str(path), digest=name, found="–")
            return name, kept[_SEAL:]
        try:
            label = self._cipher.open(memoryview(kept)[: _NAME + EXTRA], f"{place} name")
            content = self._cipher.open(memoryview(kept)[_NAME + EXTRA :], place)
        except UserError as error:  # also for a key that is not here: it was found under the name that another gave it
            raise UserError("E421", str(path), id=error.values["id"]) from error
        return label.rstrip(b"\0").decode(), content

    def _places(self, name: str) -> tuple[Path, ...]:
        """Where a blob of that name may stand: under the key in use, under older ones, or not encrypted."""
        return (*(self._hidden(name, key) for key in self._cipher.keys), self._plain(name))

    def _looks(self, name: str) -> Iterator[tuple[Path, ...]]:
        """Where to look for a blob, again and again: another process may have put another key in use meanwhile."""
        for look in range(_LOOKS):
            if look:
                self._ready()
            yield self._looked(name)

    def _looked(self, name: str) -> tuple[Path, ...]:
        return self._places(name) if name.startswith(_NAMED) else (*self._places(name), self._shipped(name))

    def _shipped(self, digest: str) -> Path:
        return self.folder / "ships" / digest[:2] / digest[2:]

    def _hidden(self, name: str, key: Key) -> Path:
        hidden = keyed_hash(key.derive("store blob names"), name)
        return self.folder / "sealed" / hidden[:2] / hidden[2:]

    def _plain(self, name: str) -> Path:
        folder = self.folder / "named" if name.startswith(_NAMED) else self.folder
        hexed = name.removeprefix(_NAMED)
        return folder / hexed[:2] / hexed[2:]

    def _files(self) -> Iterator[Path]:
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).parts[0] not in ("ships", "unfinished"):
                yield path

    def _key_of(self, path: Path) -> str:
        if path.relative_to(self.folder).parts[0] != "sealed":
            return ""
        with path.open("rb") as file:
            return key_of(file.read(64)) or "?"

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


_NAME = len(_NAMED) + 64
"""Bytes of the name that is encrypted at the beginning of a file: a rotation has to know it."""


def _named(key: str) -> str:
    return _NAMED + hashlib.sha256(key.encode()).hexdigest()


def _seal(name: str, content: bytes) -> bytes:
    digest = hashlib.sha256(name.encode())
    digest.update(content)
    return digest.digest()
