"""What a file is by its first bytes, whatever its name says: what would run code is refused."""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from zhinan.core import UserError, Words, entries
from zhinan.core.registry import Registered
from zhinan.data.findings import finding
from zhinan.data.types import Finding

__all__ = ["Format", "decoding", "fitting", "format_of"]


class Format(NamedTuple):
    """A kind of file. runs: reading it with the usual library would execute what it says."""

    name: str
    words: Words
    runs: bool = False


def _known(name: str, en: str, zh: str, runs: bool = False) -> Format:
    return Format(name, Words(en, zh), runs)


PICKLE = _known("pickle", "a Python pickle", "Python pickle 文件", True)
NUMPY = _known("numpy", "a NumPy array", "NumPy 数组文件", True)
ZIP = _known("zip", "a zip archive", "zip 压缩包")
EXCEL = _known("excel", "a spreadsheet", "电子表格")

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"PAR1", _known("parquet", "a Parquet file", "Parquet 文件")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", EXCEL),
    (b"\x1f\x8b", _known("gzip", "compressed with gzip", "gzip 压缩文件")),
    (b"BZh", _known("bzip2", "compressed with bzip2", "bzip2 压缩文件")),
    (b"\xfd7zXZ\x00", _known("xz", "compressed with xz", "xz 压缩文件")),
    (b"\x28\xb5\x2f\xfd", _known("zstd", "compressed with zstd", "zstd 压缩文件")),
    (b"7z\xbc\xaf\x27\x1c", _known("7z", "a 7z archive", "7z 压缩包")),
    (b"Rar!\x1a\x07", _known("rar", "a RAR archive", "RAR 压缩包")),
    (b"\x93NUMPY", NUMPY),
    (b"\x89HDF\r\n\x1a\n", _known("hdf5", "an HDF5 file", "HDF5 文件", True)),
    (b"SQLite format 3\x00", _known("sqlite", "a SQLite database", "SQLite 数据库")),
    (b"ARROW1\x00\x00", _known("arrow", "an Arrow file", "Arrow 文件")),
    (b"ORC", _known("orc", "an ORC file", "ORC 文件")),
    (b"Obj\x01", _known("avro", "an Avro file", "Avro 文件")),
    (b"%PDF-", _known("pdf", "a PDF", "PDF 文件")),
    (b"\x89PNG\r\n\x1a\n", _known("png", "an image (PNG)", "图片（PNG）")),
    (b"\xff\xd8\xff", _known("jpeg", "an image (JPEG)", "图片（JPEG）")),
    (b"GIF8", _known("gif", "an image (GIF)", "图片（GIF）")),
    (b"fLaC", _known("flac", "a sound (FLAC)", "音频（FLAC）")),
    (b"OggS", _known("ogg", "a sound (Ogg)", "音频（Ogg）")),
    (b"\x7fELF", _known("program", "a program", "可执行程序")),
    (b"MZ\x90\x00", _known("program", "a program", "可执行程序")),
)  # fmt: skip

_PICKLED = re.compile(
    rb"\x80[\x02-\x05]"  # protocol 2 and later
    rb"|\((?:[dlt]p?\d*\n|i[\w.]+\n)"  # protocol 0
    rb"|c[\w.]+\n\w+\n(?:p\d+\n|q|\(|\))"
    rb"|[\]})(]+q\x00"
)
_HEAD = 4096


def format_of(path: Path) -> Format | None:
    """What the first bytes say; None for text and for what is not known."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(-1, 2) if head else None
        last = file.read(1)
    if _is_pickle(head, last):
        return PICKLE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(path)
    found = next((known for mark, known in _MAGIC if head.startswith(mark)), None)
    if found is None and head[:1] == b"\x78" and int.from_bytes(head[:2], "big") % 31 == 0:
        return _deflated(head)
    words = re.fullmatch(rb"[\t\n\r -~]+", head[:16])
    return None if words and found is not None and found.name in ("bzip2", "orc", "gif") else found


def _is_pickle(head: bytes, last: bytes) -> bool:
    return _PICKLED.match(head) is not None and (head[:1] == b"\x80" or last == b".")


def _deflated(head: bytes) -> Format | None:
    """zlib alone is how joblib writes its pickles."""
    try:
        inside = zlib.decompressobj().decompress(head, 64)
    except zlib.error:
        return None
    return PICKLE if _PICKLED.match(inside) else _known("zlib", "compressed with zlib", "zlib 压缩文件")


def _zipped(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ZIP
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return EXCEL
    if "content.xml" in names and "mimetype" in names:
        return EXCEL
    if any(name.endswith(("data.pkl", ".pkl", ".pickle")) for name in names):
        return PICKLE
    return NUMPY if names and all(name.endswith(".npy") for name in names) else ZIP


def fitting(entry: Registered, path: Path) -> tuple[Registered, tuple[Finding, ...]]:
    """The reader for what a file is, and a finding when its name says something else.

    Args: entry: the reader its name asks for. Its fact `magic` names the formats it reads; () is text.
    Raises: UserError E130 for what would run code, E131 for what no reader reads.
    """
    found = format_of(path)
    if found is None:
        return entry, ()
    magic = entry.facts.get("magic")
    if found.runs and found.name not in (magic or ()):
        raise UserError("E130", path.name, what=found.words)
    if magic is None or found.name in magic:
        return entry, ()
    other = next((one for one in entries("reader").values() if found.name in (one.facts.get("magic") or ())), None)
    if other is None:
        raise UserError("E131", path.name, what=found.words, suffix=path.suffix)
    other.require()
    return other, (finding("mislabelled", 1, [f"{path.name}: {found.words.en}"]),)


@contextmanager
def decoding(file: str, *errors: type[Exception]) -> Iterator[None]:
    """Turns what a decoder raises, or panics with, on a damaged file into UserError E132, without its message."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.ENOSPC):
            raise
        if isinstance(error, errors) or type(error).__name__ == "PanicException":
            name = type(error).__name__
            reason = Words(f"it cannot be decoded ({name})", f"无法解码（{name}）")
            raise UserError("E132", file, reason=reason) from None
        raise
