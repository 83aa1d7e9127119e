"""The secret keys a machine holds: what encrypts a store, and sub-keys of it for every other purpose.

A key is 32 random bytes in base64, as `zhinan key new` makes it. Several may be given, one a line: the first is used
for all that is new, the others only open what is older. They come from `ZHINAN_KEY` or from the file that
`ZHINAN_KEY_FILE` (or `--key-file`) names, which nobody else may read. Passphrases are not taken: what people remember
can be guessed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from zhinan.core.durable import sync_folder
from zhinan.core.errors import UserError, Words

__all__ = [
    "FILE", "KEYLESS", "VARIABLE", "Key", "find_key", "held_keys", "keyed_hash", "new_key", "put_first", "read_keys",
    "write_new",
]  # fmt: skip

VARIABLE = "ZHINAN_KEY"
FILE = "ZHINAN_KEY_FILE"
KEYLESS = "none"
"""Stands for the id of a key where there was none, and where none may be put in its place."""

_SIZE = 32
_LARGEST_FILE = 65_536
_HEADING = "# zhinan: the first key is in use, those below only open what is older\n"


@dataclass(frozen=True)
class Key:
    """One secret key. Only its `id` may be shown; it says nothing about the secret."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """16 hex digits by which what was made with the key names it."""
        return self.derive("key id")[:8].hex()

    @property
    def text(self) -> str:
        """The key as it stands in a key file."""
        return base64.b64encode(self.secret).decode()

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, from which neither the key nor the bytes of another purpose can be told.

        Source: HKDF with SHA-256, RFC 5869: extract with the salt "zhinan", expand with the purpose, one block.
        """
        return _derived(self.secret, purpose)


@cache
def _derived(secret: bytes, purpose: str) -> bytes:
    extracted = hmac.digest(b"zhinan", secret, hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def new_key() -> Key:
    """A key from the system's source of randomness."""
    return Key(secrets.token_bytes(_SIZE))


def held_keys() -> tuple[Key, ...]:
    """The keys given to this process, the one in use first; none when none was given.

    Raises:
        UserError: E417 for what is no key, E418 for a file that others may read, E419 for one that cannot be read,
            E423 when both variables are set.
    """
    text, path = os.environ.get(VARIABLE, "").strip(), os.environ.get(FILE, "").strip()
    if text and path:
        raise UserError("E423", VARIABLE)
    if path:
        return read_keys(Path(path))
    return _parsed(text, VARIABLE) if text else ()


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file, one a line; empty lines and those that begin with # do not count.

    Raises:
        UserError: E417, E418, E419 as `held_keys`.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST_FILE)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("E419", str(path), reason=Words(reason, reason)) from error
    if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
        raise UserError("E418", str(path), mode=f"{stat.S_IMODE(mode):04o}", path=path)
    found = _parsed(content.decode("utf-8-sig", "replace"), str(path))
    if not found:
        raise UserError("E419", str(path), reason=Words("there is no key in it", "文件中没有密钥"))
    return found


def write_new(path: Path) -> Key:
    """Makes a key file (0600) with one new key.

    Raises:
        UserError: E424 when there is a file already, E419 when it cannot be written.
    """
    key = new_key()
    try:
        _write(path, f"{_HEADING}{key.text}\n")
    except FileExistsError as error:
        raise UserError("E424", str(path)) from error
    return key


def put_first(path: Path) -> Key:
    """Puts a new key above those of a key file, whole or not at all; all that stands in it stays, comments too.

    The older keys open what they encrypted. Where the name is a link, the file it leads to is replaced.

    Raises:
        UserError: as `read_keys` and `write_new`.
    """
    read_keys(path)
    place, key = Path(os.path.realpath(path)), new_key()
    lines = place.read_text("utf-8-sig").splitlines()
    first = next(i for i, line in enumerate(lines) if line.strip() and not line.strip().startswith("#"))
    beside = place.with_name(f".{place.name}.{key.id}")
    try:
        _write(beside, "\n".join((*lines[:first], key.text, *lines[first:])) + "\n", place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return key


def _write(path: Path, text: str, name: Path | None = None) -> None:
    """Writes a private file that is not there yet, durably. Args: name: what it is called when it is whole."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if name is not None:
            os.replace(path, name)
        sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("E419", str(path), reason=Words(reason, reason)) from error


def find_key(name: str = "") -> Key:
    """The key of an id; without one, the key in use.

    Raises:
        UserError: E420 when this process was not given the key of that id, E422 when it was given none; E417–E423.
    """
    keys = held_keys()
    if not name:
        if not keys:
            raise UserError("E422")
        return keys[0]
    for key in keys:
        if hmac.compare_digest(key.id, name):
            return key
    raise UserError("E420", id=name, held=_listed(keys))


def keyed_hash(secret: bytes, text: str) -> str:
    """64 hex digits that are equal for equal texts, and say nothing of the text to who has not the secret.

    Source: keyed BLAKE2b, RFC 7693; a tenth of the time of an HMAC on short texts.
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=secret, digest_size=32).hexdigest()


def _parsed(text: str, where: str) -> tuple[Key, ...]:
    lines = [line.strip() for line in text.splitlines()]
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    found: dict[bytes, Key] = {}
    for place, word in enumerate(words, 1):
        try:
            secret = base64.b64decode(word, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError("E417", where, place=place) from error
        if len(secret) != _SIZE:
            raise UserError("E417", where, place=place)
        found[secret] = Key(secret)
    return tuple(found.values())


def _listed(keys: tuple[Key, ...]) -> Words:
    if not keys:
        return Words("none was given", "未提供任何密钥")
    ids = ", ".join(key.id for key in keys)
    return Words(f"given: {ids}", f"已提供：{ids}")
