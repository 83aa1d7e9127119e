"""Where rows come from, and what messages, lineage and papers call it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from zhinan.contract.frozen import FrozenMap

__all__ = ["STORES", "Source", "without_queries"]

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


def _plain(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def without_queries(text: str, sources: Iterable[Source]) -> str:
    """A contract's text whose addresses end with their path, as it may be packaged and shown.

    Raises: ValueError when an address is not written in it as it reads.
    """
    for url in sorted({source.url for source in sources if source.url}, key=len, reverse=True):
        if url not in text:
            raise ValueError(f"{_plain(url)} is written with escapes")
        text = text.replace(url, _plain(url) + ("?…" if _plain(url) != url else ""))
    return text
