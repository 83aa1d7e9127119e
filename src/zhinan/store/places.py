"""Where a store is when less was said, rows on a server and all else in a folder; and where versions stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from zhinan.store.rows import VersionRow

__all__ = ["absolute", "placed", "relative"]


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


def relative(folder: Path, path: str | Path) -> str:
    """A path as the rows keep it: inside the store's folder its place there, which a move of the folder leaves true."""
    whole = Path(path).resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else str(path)


def absolute(folder: Path, row: VersionRow) -> VersionRow:
    """A version with the path where it stands now."""
    return replace(row, path=str(folder / row.path))
