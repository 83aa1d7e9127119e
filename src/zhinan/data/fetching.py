"""Fetches a file from a host that the contract names, and from no other, wherever names and redirects may lead."""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from zhinan.contract import Source
from zhinan.core import UserError, Words
from zhinan.data.findings import finding
from zhinan.data.private import private_folder
from zhinan.data.sandbox import MAX_BYTES
from zhinan.data.types import Finding

__all__ = ["fetched"]

REDIRECTS = 5
PAUSE, WHOLE = 30.0, 1800.0
"""Seconds: without a byte, and for everything."""


@contextmanager
def fetched(source: Source, hosts: Collection[str]) -> Iterator[tuple[Path, Finding]]:
    """The file at a source's address, in a private folder that goes away, and a finding with its sha256.

    Every host on the way has to be named in `hosts`. What its name resolves to is looked at before anything is sent,
    and the connection goes to that very address: one that is private, of this machine or link-local has to be named
    itself ("10.0.0.5", "localhost").

    Raises: UserError E139 for a host that is not named, E140 for a forbidden address, E141 when it cannot be had.
    """
    address = urlsplit(source.url or "")
    name = Path(address.path).name or "data"
    with private_folder() as private:
        path = private / name
        digest = hashlib.sha256()
        with path.open("wb") as file:

            def keep(chunk: bytes) -> None:
                digest.update(chunk)
                file.write(chunk)
                if file.tell() > MAX_BYTES:
                    raise _failed(
                        source, f"it is larger than {MAX_BYTES / 1e9:.0f} GB", f"超过 {MAX_BYTES / 1e9:.0f} GB"
                    )

            if address.scheme in ("http", "https"):
                _over_http(source, hosts, keep)
            else:
                _over_fsspec(source, hosts, keep)
        shown = f"{address.hostname}{address.path}: sha256 {digest.hexdigest()}"
        yield path, finding("fetched", 1, [shown])


def _over_http(source: Source, hosts: Collection[str], keep: Callable[[bytes], None]) -> None:
    url, ends = source.url or "", time.monotonic() + WHOLE
    for _ in range(REDIRECTS + 1):
        parts = urlsplit(url)
        connection = _connection(parts, hosts, source)
        answer = None
        try:
            connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else "") or "/",
                               headers={"User-Agent": "zhinan", "Accept-Encoding": "identity"})  # fmt: skip
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                further = urljoin(url, answer.headers.get("Location", ""))
                if parts.scheme == "https" and not further.startswith("https://"):
                    raise _failed(source, "it redirects to an address without https", "被重定向到非 https 地址")
                url = further
                continue
            if answer.status != 200:
                raise _failed(source, f"the host answered {answer.status}", f"主机返回 {answer.status}")
            _copy(cast(IO[bytes], answer), keep, ends, source)
            return
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failed(source, type(error).__name__, type(error).__name__) from None
        finally:
            if answer is not None:
                answer.close()
            connection.close()
    raise _failed(source, "it redirects without end", "重定向次数过多")


def _copy(
    answer: IO[bytes] | http.client.HTTPResponse, keep: Callable[[bytes], None], ends: float, source: Source
) -> None:
    while chunk := answer.read(1 << 18):
        keep(chunk)
        if time.monotonic() > ends:
            raise _failed(source, "it took too long", "耗时过长")


def _connection(parts: SplitResult, hosts: Collection[str], source: Source) -> http.client.HTTPConnection:
    host = (parts.hostname or "").lower()
    if host not in hosts or parts.scheme not in ("http", "https"):
        raise UserError("E139", source.where, host=host or parts.scheme)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:  # it was redirected there
        raise _failed(source, "it redirects to no address", "被重定向到不合法的网址") from None
    address = _resolved(host, port, hosts, source)
    connection = http.client.HTTPConnection(host, port, timeout=PAUSE)
    try:
        held = socket.create_connection((address, port), timeout=PAUSE)
        if parts.scheme == "https":
            held = ssl.create_default_context().wrap_socket(held, server_hostname=host)
    except OSError as error:
        raise _failed(source, type(error).__name__, type(error).__name__) from None
    connection.sock = held
    return connection


def _resolved(host: str, port: int, hosts: Collection[str], source: Source) -> str:
    """The first address of a host, when all of them are allowed: one forbidden address makes the name suspicious."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise _failed(source, "there is no such host", "没有这个主机") from None
    for address in found:
        known = ipaddress.ip_address(address.partition("%")[0])
        known = getattr(known, "ipv4_mapped", None) or known
        named = str(known) in hosts or (known.is_loopback and host == "localhost")
        if not known.is_global and not named:
            raise UserError("E140", source.where, host=host, address=str(known))
    return found[0]


def _over_fsspec(source: Source, hosts: Collection[str], keep: Callable[[bytes], None]) -> None:
    parts = urlsplit(source.url or "")
    if (parts.hostname or "") not in hosts:
        raise UserError("E139", source.where, host=parts.hostname or parts.scheme)
    try:
        import fsspec
    except ImportError:
        raise UserError("E900", kind="reader", name=parts.scheme, extra="remote", missing="fsspec") from None
    if parts.scheme in ("file", "local", "memory", "github", "reference") or "::" in (source.url or ""):
        raise UserError("E139", source.where, host=parts.scheme)
    try:
        with fsspec.open(source.url, "rb") as file:
            _copy(file, keep, time.monotonic() + WHOLE, source)
    except (OSError, ValueError, ImportError) as error:
        raise _failed(source, type(error).__name__, type(error).__name__) from None


def _failed(source: Source, en: str, zh: str) -> UserError:
    return UserError("E141", source.where, host=urlsplit(source.url or "").hostname, reason=Words(en, zh))
