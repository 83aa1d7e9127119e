"""One bounded POST at a time to one host that was named: pinned to its address, no redirects, capped and cut off."""

from __future__ import annotations

import http.client
import ipaddress
import random
import socket
import ssl
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPMessage
from urllib.parse import urlsplit

from zhinan.core import UserError, Words

__all__ = ["Door", "FailedRequestError", "LostNameError", "Reply", "knock"]

BODY = 1_000_000
"""Bytes of a reply that are read; a longer one is a failure."""
TRIES = 5
PAUSE, LONGEST_PAUSE = 0.5, 30.0
AGAIN = frozenset({429, 503})
"""Statuses after which the same request is sent again, later."""
REFUSED = frozenset({401, 403, 404, 405})
"""Statuses that the next request would get too."""


class FailedRequestError(Exception):
    """A request without a usable reply. final: whether the next one need not be tried."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class LostNameError(UserError):
    """E270 of a host whose name leads nowhere, now at least."""


@dataclass(frozen=True)
class Reply:
    """What came back, and after how many seconds of asking, waiting between retries included."""

    body: bytes
    seconds: float


@dataclass
class Door:
    """An address to post to, resolved once, so that a name that later points elsewhere leads nowhere else."""

    host: str
    port: int
    path: str
    address: str
    secure: bool
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._own = threading.local()
        self._open: list[http.client.HTTPConnection] = []
        self._context = ssl.create_default_context() if self.secure else None

    @property
    def shown(self) -> str:
        """The address without its query, which may hold a key."""
        return self.origin + self.path.partition("?")[0]

    @property
    def origin(self) -> str:
        """The address without its path and query, either of which may hold a key."""
        return f"{'https' if self.secure else 'http'}://{self._host}"

    @property
    def _host(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (80, 443)[self.secure] else f"{name}:{self.port}"

    def post(self, content: bytes, timeout: float, until: float) -> Reply:
        """Sends JSON and gives the reply of a 2xx; 429, 503 and broken connections are tried again, ever later.

        Args:
            timeout: seconds of each try. until: `time.monotonic()` after which nothing is tried.

        Raises:
            FailedRequestError: no usable reply within the bounds.
        """
        start = time.monotonic()
        failed = FailedRequestError("out of time", final=True)
        for attempt in range(TRIES):
            left = until - time.monotonic()
            if left <= 0:
                break
            pause = min(PAUSE * 2**attempt, LONGEST_PAUSE) * random.uniform(0.8, 1.2)
            allowed, began = min(timeout, left), time.monotonic()
            try:
                status, headers, body = self._try(content, allowed)
            except (OSError, http.client.HTTPException) as error:
                self._close()
                if isinstance(error, TimeoutError) or time.monotonic() - began >= allowed:
                    raise FailedRequestError(f"no reply within {allowed:.3g} s") from error
                failed = FailedRequestError(_named(error))
            else:
                if 200 <= status < 300:
                    return Reply(body, time.monotonic() - start)
                failed = _status(status, headers)
                if status not in AGAIN:
                    raise failed
                pause = max(pause, min(_asked_to_wait(headers), LONGEST_PAUSE))
            if attempt + 1 < TRIES:
                time.sleep(max(0.0, min(pause, until - time.monotonic())))
        raise failed

    def close(self) -> None:
        """Hangs up, in whichever thread a connection was opened."""
        for connection in self._open:
            connection.close()

    def _try(self, content: bytes, timeout: float) -> tuple[int, HTTPMessage, bytes]:
        connection = self._connection(timeout)
        timer = threading.Timer(timeout, _cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", self.path, content, self._headers())
            reply = connection.getresponse()
            body = reply.read(BODY + 1)
            if reply.length and len(body) <= BODY:
                raise http.client.IncompleteRead(body, reply.length)
            if len(body) > BODY:
                self._close()
                raise FailedRequestError(f"the reply is longer than {BODY:,} bytes")
            if reply.will_close:
                self._close()
            return reply.status, reply.headers, body
        finally:
            timer.cancel()

    def _headers(self) -> dict[str, str]:
        given = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "zhinan"}
        given["Host"] = self._host
        return given if self.token is None else {**given, "Authorization": f"Bearer {self.token}"}

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        """This thread's connection, kept open between requests."""
        held: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if held is None or held.sock is None:
            held = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
            plain = socket.create_connection((self.address, self.port), timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            held.sock = self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain
            self._own.connection = held
            self._open.append(held)
        held.sock.settimeout(timeout)
        return held

    def _close(self) -> None:
        held = getattr(self._own, "connection", None)
        if held is not None:
            held.close()
            self._own.connection = None


def knock(url: str, allowed: Collection[str], token: str | None = None) -> Door:
    """Where a URL leads, if it may be asked.

    Args:
        allowed: hosts named by the user; a host outside is refused, whatever its address is.

    Raises:
        UserError: E270 for a URL that cannot be asked, a host that was not named, or one that leads to an address
            that only naming the address itself opens; E277 for a token that would travel in the clear.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise _closed(url, Words("it is no URL", "它不是 URL")) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        how = Words(
            "write http:// or https:// and a host, without a password", "请写 http:// 或 https:// 加主机名，不带密码"
        )
        raise _closed(host or "–", how)
    if host not in {name.strip("[]").lower() for name in allowed}:
        raise _closed(
            host, Words(f"if it may be asked, add --allow-host {host}", f"若允许访问，请加 --allow-host {host}")
        )
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    try:
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError) as error:
        raise LostNameError("E270", host, host=host, how=Words("its name leads nowhere", "主机名无法解析")) from error
    place = ipaddress.ip_address(address.partition("%")[0])
    if (place.is_link_local or place.is_multicast or place.is_unspecified) and address != host:
        how = Words(
            f"it leads to {address}; name that address if it is meant", f"它指向 {address}；若确有此意请直接写该地址"
        )
        raise _closed(host, how)
    if token is not None and not secure and not place.is_loopback:
        raise UserError("E277", host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Door(host, port, path, address, secure, token)


def _closed(host: str, how: Words) -> UserError:
    return UserError("E270", host, host=host, how=how)


def _cut(connection: http.client.HTTPConnection) -> None:
    """Ends a request that drips: a timeout of single reads alone would let it go on for ever."""
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _named(error: Exception) -> str:
    """What went wrong, without anything that was sent."""
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return f"the connection broke ({type(error).__name__})"


def _status(status: int, headers: HTTPMessage) -> FailedRequestError:
    if 300 <= status < 400:
        return FailedRequestError(f"status {status}: it redirects, and redirects are not followed", final=True)
    return FailedRequestError(f"status {status}", final=status in REFUSED)


def _asked_to_wait(headers: HTTPMessage) -> float:
    given = headers.get("Retry-After") or ""
    return float(given) if given.isdigit() else 0.0
