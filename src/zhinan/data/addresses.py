"""Addresses as browsers send them, and what a fetched file is called: readers go by the ending of its name."""

from __future__ import annotations

import re
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from zhinan.core import entries
from zhinan.data.formats import format_of

__all__ = ["is_page", "name_of", "sent"]

_KEPT = "%/?:@!$&'()*+,;=~"
"""Signs that mean something in an address, or stand for another already."""

_TYPES = {
    "text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/json": ".json",
    "application/x-ndjson": ".jsonl", "application/jsonl": ".jsonl", "application/x-jsonlines": ".jsonl",
}  # fmt: skip
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)


def sent(address: str) -> str:
    """An address whose path and query have everything beyond ASCII, and blanks, percent-encoded."""
    parts = urlsplit(address)
    return parts._replace(path=quote(parts.path, _KEPT), query=quote(parts.query, _KEPT), fragment="").geturl()


def is_page(file: Path) -> bool:
    """Whether a file is a web page, such as one to log in."""
    with file.open("rb") as held:
        return _PAGE.match(held.read(200)) is not None


def name_of(file: Path, url: str, headers: Message | None) -> str:
    """What to call a fetched file: the last part of its address, else what the host calls it.

    Where neither has an ending that a reader knows, it gets that of what the host says it is, or of its first bytes.
    """
    said = [_plain(unquote(urlsplit(url).path)), _plain((headers and headers.get_filename()) or "")]
    known = {ending for entry in entries("reader").values() for ending in entry.facts["suffixes"]}
    for name in said:
        if PurePosixPath(name).suffix.lower() in known:
            return name
    return (PurePosixPath(said[0]).stem or "data") + _ending(file, headers)


def _plain(path: str) -> str:
    name = re.sub(r"[^\w.-]", "_", PurePosixPath(path).name)[-80:]
    return "" if name.strip(".") == "" else name


def _ending(file: Path, headers: Message | None) -> str:
    found = format_of(file)
    if found is not None:
        entry = next((one for one in entries("reader").values() if found.name in (one.facts.get("magic") or ())), None)
        ending = "" if entry is None else str(entry.facts["suffixes"][0])
        return f".csv{ending}" if entry is not None and entry.name == "compressed" else ending
    if headers is not None and headers.get_content_type() in _TYPES:
        return _TYPES[headers.get_content_type()]
    with file.open("rb") as held:
        first = held.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return {b"[": ".json", b"{": ".jsonl"}.get(first, ".csv")
