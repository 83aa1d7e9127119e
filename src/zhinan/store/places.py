"""Where a store is when less was said: rows may be on a server, everything else is in a folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

__all__ = ["placed"]


def placed(where: str | Path | None, folder: Path) -> str | Path:
    """The store as it was asked for; without that the folder, which is also that of a server's rows.

    Args: where: a folder, a DSN, or nothing. folder: `.zhinan` beside the product file.
    """
    if not where:
        return folder
    text = str(where)
    if not text.startswith("postgresql") or "://" not in text or "folder" in parse_qs(urlsplit(text).query):
        return where
    return f"{text}{'&' if '?' in text else '?'}folder={quote(str(folder.resolve()), safe='/')}"
