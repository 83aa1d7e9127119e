"""Reads one file compressed by gzip, bzip2, xz or zstd, as what its name says it is inside."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from zhinan.core import UserError, Words, register

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["compressed"]

SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


@register("reader", "compressed", suffixes=SUFFIXES, magic=("gzip", "bzip2", "xz", "zstd"))
def compressed(path: Path, *, encoding: str | None = None) -> Iterator[Raw]:
    """One compressed table, such as rows.csv.gz.

    Raises: UserError E132 for a damaged file, E133 for a bomb or an archive within, E101 when its name does not say
        what it holds, and what the reader of it raises.
    """
    from zhinan.data.formats import decoding
    from zhinan.data.readers.zip import FLOOR, PACKED, RATIO
    from zhinan.data.stacking import read_member, reader_of

    name = path.stem if path.suffix.lower() in SUFFIXES else path.name
    if Path(name).suffix.lower() in PACKED:
        raise UserError("E133", path.name, member=name, reason=Words("it is an archive itself", "本身也是压缩包"))
    reader = reader_of(Path(name))
    most = max(FLOOR, RATIO * path.stat().st_size)
    with TemporaryDirectory(prefix="packed-") as folder:
        inner = Path(folder) / name
        with (
            decoding(path.name, OSError, EOFError, lzma.LZMAError, zlib.error, zstd.ZstdError),
            inner.open("wb") as target,
        ):
            for chunk in _chunks(path):
                target.write(chunk)
                if target.tell() > most:
                    reason = Words("it unpacks to hundreds of times its size", "解压后是原大小的数百倍")
                    raise UserError("E133", path.name, member=name, reason=reason)
        yield from read_member(reader, inner, encoding)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        head = file.read(4)
    known: dict[bytes, Callable[..., Any]] = {b"BZh": bz2.open, b"\x1f\x8b": gzip.open, b"\x28\xb5\x2f\xfd": zstd.open}
    opened = next((way for mark, way in known.items() if head.startswith(mark)), lzma.open)
    with opened(path, "rb") as source:
        while chunk := source.read(1 << 20):
            yield chunk
