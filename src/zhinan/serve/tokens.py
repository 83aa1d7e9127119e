"""Who may call: bearer tokens from a file, kept only as hashes and compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zhinan.core import UserError, Words, suggest

__all__ = ["SCOPES", "Token", "TokenFile", "find_token", "load_tokens"]

SCOPES = ("predict", "feedback", "admin")
"""What a token may be for. A bare token has the first two; `admin` includes them."""

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")
_QUOTA = re.compile(r"(?P<count>[0-9]{1,9})/(?P<each>s|min|h)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
_MAX_BYTES = 65_536


@dataclass(frozen=True)
class Token:
    """A token that was handed out.

    Args: hash: sha256 of it. scopes: what it may do. rate: requests a second; None for as many as any other.
    """

    hash: bytes
    scopes: frozenset[str]
    rate: float | None = None

    def may(self, scope: str | None) -> bool:
        """Whether a route of that scope (None: any token will do) is open to it."""
        return scope is None or scope in self.scopes or "admin" in self.scopes

    @property
    def owner(self) -> str:
        """What jobs that came with it are known by."""
        return self.hash.hex()[:16]


def load_tokens(path: str | Path) -> tuple[Token, ...]:
    """The tokens of a file: one a line, optionally `SCOPE[,SCOPE][@50/s]:TOKEN`; empty lines are skipped, and what
    stands behind a `#` at the beginning of a line or after a blank.

    Raises: UserError E451 when others can read the file, a line is no token, or one stands twice. Windows keeps no
        such permission bits, so there the file is not checked.
    """
    path = Path(path)
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise _refused(path, Words(f"{error.strerror}", f"{error.strerror}")) from error
    with os.fdopen(handle, "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise _refused(path, Words("it is not a plain file", "不是普通文件"))
        if os.name != "nt" and mode & 0o007:
            raise _refused(path, Words("everybody on this machine may read it", "本机所有用户均可读取"))
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise _refused(path, Words("it is larger than 64 KB", "超过 64 KB"))
    lines = content.decode("utf-8-sig", "replace").splitlines()
    tokens: dict[bytes, Token] = {}
    for number, line in enumerate(lines, 1):
        if not (said := _COMMENT.sub("", line).strip()):
            continue
        token = _token(where := f"{path}:{number}", said)
        if token.hash in tokens:
            raise _refused(where, Words("this token stands there twice", "该令牌出现了两次"))
        tokens[token.hash] = token
    if not tokens:
        raise _refused(path, Words("there is no token in it", "其中没有令牌"))
    return tuple(tokens.values())


def _token(where: str, line: str) -> Token:
    told, colon, secret = line.rpartition(":")
    names, at, quota = told.partition("@")
    scopes = frozenset(SCOPES[:2]) if not colon or (at and not names) else frozenset(names.split(","))
    for scope in scopes - set(SCOPES):
        near = suggest(scope, SCOPES)
        raise _refused(where, Words(f"an unknown scope; {near.en}", f"未知的范围；{near.zh}"))
    if not _TOKEN.fullmatch(secret):
        raise _refused(where, Words("a line is no token", "有一行不是令牌"))
    return Token(hashlib.sha256(secret.encode()).digest(), scopes, _rate(where, quota) if at else None)


def _rate(where: str, quota: str) -> float:
    """Requests a second, of a quota such as `50/s`."""
    found = _QUOTA.fullmatch(quota)
    if found is None or not int(found["count"]):
        raise _refused(
            where, Words("a quota is not such as 50/s, 600/min or 1000/h", "配额应形如 50/s、600/min 或 1000/h")
        )
    return int(found["count"]) / _SECONDS[found["each"]]


class TokenFile:
    """The tokens of a file, taken in again whenever the file changes, so that they are rotated without a restart.

    Args:
        tokens: those read already. path: their file; None when they stay as they are.
        shared: a private folder of the service, in which hashes of those read last stay for workers that begin later.
    """

    def __init__(
        self, tokens: Sequence[Token], path: str | Path | None = None, shared: str | Path | None = None
    ) -> None:
        self._path = path
        self._kept = None if path is None or shared is None else Path(shared) / "tokens"
        self._seen: tuple[int, ...] | None = None  # so that a change since the first reading counts too
        self.tokens = self._last() or tuple(tokens)

    def refresh(self) -> None:
        """Reads a changed file. One that cannot be read leaves the tokens before in force.

        Raises: UserError E451, once for each such change.
        """
        seen = self._stamp()
        if self._path is None or seen == self._seen:
            return
        self._seen = seen
        self.tokens = load_tokens(self._path)
        if self._kept is not None:
            said = [[token.hash.hex(), sorted(token.scopes), token.rate] for token in self.tokens]
            partial = self._kept.with_suffix(f".{os.getpid()}")
            with suppress(OSError):  # a full disk stops nothing: who begins later reads the file
                partial.write_text(json.dumps(said), "utf-8")
                partial.replace(self._kept)

    def _last(self) -> tuple[Token, ...]:
        """Those that any worker of the service read last."""
        try:
            said = [] if self._kept is None else json.loads(self._kept.read_bytes())
        except (OSError, ValueError):
            return ()
        return tuple(Token(bytes.fromhex(digest), frozenset(scopes), rate) for digest, scopes, rate in said)

    def _stamp(self) -> tuple[int, ...] | None:
        try:
            about = os.stat(self._path) if self._path is not None else None
        except OSError:
            return None
        return None if about is None else (about.st_ino, about.st_mtime_ns, about.st_size, about.st_mode)


def find_token(tokens: Sequence[Token], authorization: bytes | None) -> Token | None:
    """The token in an Authorization header. All are compared, so the time tells nothing about which is near."""
    scheme, _, secret = (authorization or b"").partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    given, found = hashlib.sha256(secret.strip()).digest(), None
    for token in tokens:
        if hmac.compare_digest(token.hash, given):
            found = token
    return found


def _refused(where: str | Path, reason: Words) -> UserError:
    return UserError("E451", str(where), reason=reason)
