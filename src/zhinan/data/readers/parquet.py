"""Reads Parquet, as warehouses and data frames write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.core import UserError, register

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["parquet"]

CHUNK = 50_000


@register("reader", "parquet", suffixes=(".parquet", ".pq"), magic=("parquet",))
def parquet(path: Path) -> Iterator[Raw]:
    """Parquet. Values become the text that gives them back; lists and structs become JSON.

    A row's line is its number, from 1.

    Raises: UserError E132 for a damaged file, E104–E107 for one without usable columns.
    Source: https://parquet.apache.org/docs/file-format/
    """
    import polars as pl
    from polars.exceptions import PolarsError

    from zhinan.data.delimited import Rows, names_of
    from zhinan.data.formats import decoding
    from zhinan.data.written import judged, texts_of

    first = 1
    with decoding(path.name, PolarsError, OSError):
        table = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        names, findings = names_of(table.collect_schema().names(), path.name)
        if not names:
            raise UserError("E104", path.name)
        rows = Rows(names)
        yield rows.take(findings)
        for frame in table.collect_batches(chunk_size=CHUNK, maintain_order=True):
            texts = [texts_of(column).rename(name) for column, name in zip(frame.get_columns(), names, strict=True)]
            yield judged(texts, first, rows)
            first += frame.height
