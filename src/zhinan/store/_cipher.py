"""Encrypts what the store keeps and opens it again, bound to the name under which it is kept.

AES-256-GCM in chunks, after the STREAM construction (Hoang, Reyhanitabar, Rogaway & Vizár, CRYPTO 2015), as age and
Tink's AES-GCM-HKDF do it. Each record has a key of its own, derived from the secret key, 16 random bytes and the
record's name: no nonce can be used twice, and a record moved under another name does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from zhinan.core import UserError, Words
from zhinan.core.keys import Key, held_keys, keyed_hash

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["EXTRA", "MARK", "Cipher", "key_of", "key_of_text"]

MARK = b"ZKv1"
"""How an encrypted file begins; the key's id follows."""

CHUNK = 16 << 20

_TEXT = "zk1:"
_ID, _SALT, _TAG = 8, 16, 16
_HEAD = len(MARK) + _ID + _SALT

EXTRA = _HEAD + _TAG
"""Bytes by which a sealed record of less than a chunk is longer than its content."""


class Cipher:
    """The keys of one process at work on one store. Without any, everything stays as it is.

    Args:
        keys: the one in use first. again: reads them anew when a record names a key that is not among them, because
            another process may have rotated meanwhile.
    """

    def __init__(self, keys: tuple[Key, ...], again: Callable[[], tuple[Key, ...]] = held_keys) -> None:
        self.keys = keys
        self._again = again

    @property
    def current(self) -> Key | None:
        """The key that encrypts what is new; None when nothing is encrypted."""
        return self.keys[0] if self.keys else None

    def renew(self) -> None:
        """Reads the keys again."""
        self.keys = self._again() or self.keys

    def find(self, name: str) -> Key:
        """The key of that id. Raises: UserError E420 when this process does not have it."""
        for _ in range(2):
            for key in self.keys:
                if key.id == name:
                    return key
            self.renew()
        held = ", ".join(key.id for key in self.keys)
        words = Words(f"given: {held}", f"已提供：{held}") if held else Words("none was given", "未提供任何密钥")
        raise UserError("E420", id=name, held=words)

    def seal(self, content: bytes, name: str) -> tuple[bytes, ...]:
        """The content encrypted with the key in use, as parts to be written one after another."""
        key = self.keys[0]
        head = MARK + bytes.fromhex(key.id) + os.urandom(_SALT)
        box, view = _box(key, head, name), memoryview(content)
        parts = [head]
        for nonce, start in _nonces(len(content)):
            parts.append(box.encrypt(nonce, view[start : start + CHUNK], head))
        return tuple(parts)

    def open(self, sealed: bytes | memoryview, name: str) -> bytes:
        """What was sealed under that name.

        Raises:
            UserError: E420 for a key this process does not have, E421 for what was changed or moved.
        """
        from cryptography.exceptions import InvalidTag

        head, view = bytes(sealed[:_HEAD]), memoryview(sealed)[_HEAD:]
        if (key_id := key_of(head)) is None:
            raise UserError("E421", id="?")
        key = self.find(key_id)
        chunks, rest = divmod(len(view), CHUNK + _TAG)
        size = chunks * CHUNK + max(rest - _TAG, 0)
        box = _box(key, head, name)
        try:
            if len(head) < _HEAD or 0 < rest < _TAG or not view:
                raise InvalidTag
            found = [
                box.decrypt(nonce, view[i * (CHUNK + _TAG) : (i + 1) * (CHUNK + _TAG)], head)
                for i, (nonce, _) in enumerate(_nonces(size))
            ]
        except InvalidTag as error:
            raise UserError("E421", id=key.id) from error
        return found[0] if len(found) == 1 else b"".join(found)

    def seal_text(self, text: str, name: str) -> str:
        """Text encrypted as text, for a column; as it is without a key."""
        if not self.keys:
            return text
        sealed = b"".join(self.seal(text.encode(), name))
        return f"{_TEXT}{self.keys[0].id}:{base64.b64encode(sealed[_HEAD - _SALT :]).decode()}"

    def open_text(self, text: str, name: str) -> str:
        """What `seal_text` was given; text that is not encrypted as it is. Raises: as `open`."""
        key = key_of_text(text)
        if key is None:
            return text
        try:
            body = base64.b64decode(text[len(_TEXT) + 2 * _ID + 1 :], validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError("E421", id=key) from error
        return self.open(MARK + bytes.fromhex(key) + body, name).decode()

    def forms(self, purpose: str, text: str) -> tuple[str, ...]:
        """Under which words a text may stand in a column that is looked up: one a key, the first in use, then plain."""
        hidden = (f"{_TEXT}{key.id}:{keyed_hash(key.derive(purpose), text)}" for key in self.keys)
        return (*hidden, text)

    def form(self, purpose: str, text: str) -> str:
        """The word for a text in a column that is looked up: a keyed hash, or the text itself without a key."""
        return self.forms(purpose, text)[0]

    def is_form(self, kept: str, purpose: str, text: str) -> bool:
        """Whether a word of such a column stands for the text. Raises: UserError E420 when its key is not here."""
        name = key_of_text(kept)
        if name is None:
            return kept == text
        wanted = keyed_hash(self.find(name).derive(purpose), text)
        return hmac.compare_digest(kept, f"{_TEXT}{name}:{wanted}")


def key_of(head: bytes) -> str | None:
    """The id of the key that encrypted a file, from its first bytes; None when it is not encrypted."""
    return head[len(MARK) : len(MARK) + _ID].hex() if head.startswith(MARK) and len(head) >= len(MARK) + _ID else None


def key_of_text(text: str) -> str | None:
    """The same for the text of a column."""
    name = text[len(_TEXT) : len(_TEXT) + 2 * _ID]
    known = text.startswith(_TEXT) and text[len(_TEXT) + 2 * _ID :][:1] == ":"
    return name if known and all(letter in "0123456789abcdef" for letter in name) else None


def _box(key: Key, head: bytes, name: str) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    made = hashlib.blake2b(head[-_SALT:] + name.encode(), key=key.derive("store records"), digest_size=32)
    return AESGCM(made.digest())


def _nonces(size: int) -> Iterator[tuple[bytes, int]]:
    """A nonce and the place of its first byte for each chunk; the last is marked, so that none can be cut off."""
    last = max(size - 1, 0) // CHUNK
    for i in range(last + 1):
        yield i.to_bytes(11, "big") + bytes([i == last]), i * CHUNK
