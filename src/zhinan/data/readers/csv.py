"""Reads comma-separated text (also with semicolons, tabs or bars), whatever its encoding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.core import register

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["csv"]


@register("reader", "csv", suffixes=(".csv",), magic=())
def csv(path: Path, *, encoding: str | None = None) -> Iterator[Raw]:
    """Comma-separated text with a header, as spreadsheets and databases write it.

    Raises: UserError E103–E107 when no row can be read.
    Source: RFC 4180.
    """
    from zhinan.data.delimited import parse

    return parse(path, encoding=encoding)
