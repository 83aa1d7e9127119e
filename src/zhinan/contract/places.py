"""Where rows come from, and what messages, lineage and papers call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from zhinan.contract.frozen import FrozenMap

__all__ = ["STORES", "Source", "parted_sheet", "without_queries", "without_query"]

STORES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs",
          "oss": "ossfs"}  # fmt: skip
"""Object stores, which know buckets and no hosts, by what their addresses begin with → the package of their client."""


@dataclass(frozen=True)
class Source:
    """A place that rows come from: a path, an address, a query, or a frame given in Python.

    Args:
        path: absolute, under the contract's root: a file, a folder, or a pattern such as data/*.csv.
        url: an address whose host `data.hosts` names. sheet: of a spreadsheet; None for the first. encoding: of text,
            as the codec that reads it; None to tell it from the file.
        query: one SELECT. dsn: the environment variable that holds the database's address. params: its :names.
        frame: rows that Python code holds.
    """

    path: Path | None = None
    url: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    query: str | None = None
    dsn: str | None = None
    params: Mapping[str, Any] = FrozenMap()
    frame: Any = field(default=None, compare=False, repr=False)
    where: str = field(default="", compare=False)

    @property
    def is_folder(self) -> bool:
        """Whether it looks like a folder: a path without an ending."""
        return self.path is not None and not self.path.suffix

    def name(self, root: Path) -> str:
        """What messages, lineage and papers call it, with its sheet. Never holds a secret: of an address it is without
        what follows the path, where signed addresses carry their key."""
        return self._place(root) if self.sheet is None else f"{self._place(root)}[{self.sheet}]"

    def meaning(self, root: Path) -> Any:
        """What it says, as JSON: a text, or an object where there is more to it."""
        if self.query is not None:
            plain = (str, int, float, bool)
            params = {name: v if isinstance(v, plain) else str(v) for name, v in self.params.items()}
            return {"query": self.query, "dsn": self.dsn, "params": params}
        more = {key: said for key in ("sheet", "encoding") if (said := getattr(self, key)) is not None}
        return {"path": self._place(root), **more} if more else self._place(root)

    def _place(self, root: Path) -> str:
        if self.path is not None:
            return self.path.relative_to(root).as_posix()
        return _plain(self.url) if self.url else f"query of {self.dsn}" if self.dsn else "data"


_BOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods")
_SHEET = re.compile(rf"(.+\.({'|'.join(_BOOKS)}))\[([^\[\]]+)\]", re.IGNORECASE)


def parted_sheet(text: str) -> tuple[str, str | None]:
    """A path and the sheet that stands behind it, as `Source.name` writes both: orders.xlsx[Orders].

    In a pattern, letters that each make another ending of books are part of it: data/*.xls[xm].
    """
    found = _SHEET.fullmatch(text)
    if found is None:
        return text, None
    book, ending, sheet = found.groups()
    is_pattern = has_magic(book) and all(ending + letter in _BOOKS for letter in sheet)
    return (text, None) if is_pattern else (book, sheet)


_ADDRESS = re.compile(r"(?<=[\w+.-])(://[^\s'\"?#]*)([?#](?!…)[^\s'\"]*)?")
"""One in a text, from the end of its scheme, and what follows its path. It matches with nothing to follow too, so that
no letter is looked at for several addresses: a long text costs no more than its length."""


def _plain(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def without_query(text: str) -> str:
    """A text whose addresses end with their path."""
    return _ADDRESS.sub(lambda found: found[1] + "?…" * (found[2] is not None), text)


def without_queries(text: str, sources: Iterable[Source], goal: str = "") -> str:
    """A contract's text whose addresses end with their path, as it may be packaged and shown: those of its sources and
    those in its goal and its comments, such as one of last week. What else is said, such as a pattern, stays as it is.

    Raises: ValueError when the address of a source is not written in it as it reads; its second argument is the source.
    """
    held = {source.url: source for source in sources if source.url}
    for url in sorted(held, key=len, reverse=True):
        if url not in text:
            raise ValueError(f"{_plain(url)} is written with escapes", held[url])
        text = text.replace(url, _plain(url) + ("?…" if _plain(url) != url else ""))
    pieces, place = [], 0
    for token in yaml.scan(text):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            said = text[start:end]
            pieces += [without_query(text[place:start]), without_query(said) if token.value.strip() == goal else said]
            place = end
    return "".join((*pieces, without_query(text[place:])))
