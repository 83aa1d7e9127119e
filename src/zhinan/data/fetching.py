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
from email.message import Message
from pathlib import Path
from typing import IO, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from zhinan.contract import Source
from zhinan.contract.places import STORES
from zhinan.core import UserError, Words
from zhinan.core.private import private_folder
from zhinan.data.addresses import is_page, name_of, sent
from zhinan.data.findings import finding
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
    itself ("10.0.0.5", "localhost"). Of an object store the bucket is named.

    Raises: UserError E139 for a host that is not named, E140 for a forbidden address, E141 when it cannot be had whole,
        E144 without the package of an object store, E149 for another kind of address.
    """
    address = urlsplit(source.url or "")
    with private_folder() as private:
        path = private / "fetched"
        digest = hashlib.sha256()
        with path.open("wb") as file:

            def keep(chunk: bytes) -> None:
                digest.update(chunk)
                file.write(chunk)
                if file.tell() > MAX_BYTES:
                    raise _failed(
                        source, f"it is larger than {MAX_BYTES / 1e9:.0f} GB", f"超过 {MAX_BYTES / 1e9:.0f} GB"
                    )

            headers = None
            if address.scheme in ("http", "https"):
                headers = _over_http(source, hosts, keep)
            else:
                _from_store(source, hosts, keep)
        if is_page(path):
            raise _failed(source, "it is a web page, perhaps one to log in", "返回的是网页，可能需要登录")
        shown = f"{address.hostname}{address.path}: sha256 {digest.hexdigest()}"
        yield path.rename(private / name_of(path, source.url or "", headers)), finding("fetched", 1, [shown])


def _over_http(source: Source, hosts: Collection[str], keep: Callable[[bytes], None]) -> Message:
    """Hands on the file, and gives the headers that came with it."""
    url, ends = sent(source.url or ""), time.monotonic() + WHOLE
    for _ in range(REDIRECTS + 1):
        parts = urlsplit(url)
        connection = _connection(parts, hosts, source)
        answer = None
        try:
            connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else "") or "/",
                               headers={"User-Agent": "zhinan", "Accept-Encoding": "identity"})  # fmt: skip
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                url = _further(url, answer.headers.get("Location", ""), source)
                continue
            if answer.status != 200:
                raise _failed(source, f"the host answered {answer.status}", f"主机返回 {answer.status}")
            _copy(cast(IO[bytes], answer), keep, ends, source)
            if answer.length:
                raise http.client.IncompleteRead(b"", answer.length)
            return answer.headers
        except http.client.IncompleteRead:
            raise _failed(source, "it broke off before its end", "未传完即中断") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failed(source, type(error).__name__, type(error).__name__) from None
        finally:
            if answer is not None:
                answer.close()
            connection.close()
    raise _failed(source, "it redirects without end", "重定向次数过多")


def _further(url: str, location: str, source: Source) -> str:
    """Where a redirect leads. Raises UserError E141 for what is no address of the web, or no longer encrypted."""
    if not location:
        raise _failed(source, "it redirects without saying where", "重定向但未说明去处")
    further = sent(urljoin(url, location.encode("latin-1", "replace").decode(errors="replace")))  # read as Latin-1
    scheme = urlsplit(further).scheme
    if scheme not in ("http", "https"):
        raise _failed(source, f"it redirects to {scheme[:20]}://", f"被重定向到 {scheme[:20]}://")
    if url.startswith("https://") and scheme != "https":
        raise _failed(source, "it redirects to an address without https", "被重定向到非 https 地址")
    return further


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


def _from_store(source: Source, hosts: Collection[str], keep: Callable[[bytes], None]) -> None:
    """Hands on a file of an object store, whose client goes by the environment: the bucket is all that is named."""
    parts = urlsplit(source.url or "")
    if parts.scheme not in STORES or "::" in (source.url or ""):
        raise UserError("E149", source.where, scheme=parts.scheme[:20])
    if (parts.hostname or "") not in hosts:
        raise UserError("E139", source.where, host=parts.hostname or parts.scheme)
    try:
        import fsspec

        fsspec.get_filesystem_class(parts.scheme)
    except (ImportError, ValueError):  # fsspec learns of some schemes from their package alone
        raise UserError("E144", source.where, scheme=parts.scheme, package=STORES[parts.scheme]) from None
    try:
        with fsspec.open(source.url, "rb") as file:
            _copy(file, keep, time.monotonic() + WHOLE, source)
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - each store's client raises what it likes
        name = type(error).__name__
        if "Credentials" in name:
            raise _failed(source, f"there are no credentials for it ({name})", f"没有访问凭据（{name}）") from None
        raise _failed(source, name, name) from None


def _failed(source: Source, en: str, zh: str) -> UserError:
    return UserError("E141", source.where, host=urlsplit(source.url or "").hostname, reason=Words(en, zh))
