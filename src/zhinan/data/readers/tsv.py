"""Reads tab-separated text, whatever its encoding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.core import register

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["tsv"]


@register("reader", "tsv", suffixes=(".tsv", ".tab"), magic=())
def tsv(path: Path, *, encoding: str | None = None) -> Iterator[Raw]:
    """Tab-separated text with a header; quotes as in CSV.

    Raises: UserError E103–E107 when no row can be read.
    """
    from zhinan.data.delimited import parse

    return parse(path, "\t", encoding)
