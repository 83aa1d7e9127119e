"""Reads a zip archive of tables with the same columns, or of text files in one sub-folder per class."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["archive"]

RATIO = 200
"""How many times smaller a member of a megabyte or more may be packed: text packs 3 to 30 times, bombs 1,000."""

FLOOR = 1 << 20
MEMBERS = 200_000
_UTF_8 = 0x800
"""The flag of a member whose name is UTF-8; zipfile reads other names as code page 437, as the format has it, while
Windows writes them in its own."""

_PACKED_FORMATS = frozenset(("zip", "gzip", "bzip2", "xz", "zstd", "7z", "rar"))
_ARCHIVE = ("it is an archive itself", "本身也是压缩包")
PACKED = (".zip", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".tgz")


@register("reader", "zip", suffixes=(".zip",), magic=("zip",))
def archive(path: Path, *, encoding: str | None = None) -> Iterator[Raw]:
    """A zip archive. Several tables are stacked; a row is at home in the member it comes from.

    Refused: members that leave the folder, links, devices, passwords, archives within, and what unpacks like a bomb.

    Raises: UserError E132 for a damaged archive, E133 for a member that is refused, E134 for tables whose columns
        differ, E194 for train and test, E143 when it holds nothing to read, and what the reader of a member raises.
    """
    from zhinan.data.formats import decoding
    from zhinan.data.readers.folder import ENDINGS
    from zhinan.data.readers.folder import folder as texts
    from zhinan.data.stacking import passed_over, refuse_parts, stacked, tables

    damage = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, IndexError, OSError, RuntimeError)
    with (
        decoding(path.name, *damage),
        TemporaryDirectory(prefix="zip-") as folder,
        zipfile.ZipFile(path) as packed,
    ):
        members: dict[Path, zipfile.ZipInfo] = {}
        for member in _members(packed, path.name, encoding):
            if members.setdefault(Path(member.filename), member) is not member:
                raise _refused(path.name, member.filename, "it is there twice", "出现了两次")
        inside = Path(folder).resolve()
        if readable := tables(members):
            refuse_parts((name.name for name in readable), path.name)
            files = _one_by_one(packed, [members[name] for name in readable], inside)
            yield from stacked(files, path.name, passed_over(map(str, members), map(str, readable)), encoding)
        else:
            read = [name for name in members if name.suffix.lower() in ENDINGS["text"]]
            for name in read:
                _unpack(packed, members[name], inside)
            said = passed_over(map(str, members), map(str, read))
            for raw in texts(_inner(inside), encoding=encoding):
                yield replace(raw, findings=(*raw.findings, *said))
                said = ()


def _one_by_one(packed: zipfile.ZipFile, members: list[zipfile.ZipInfo], inside: Path) -> Iterator[tuple[str, Path]]:
    from zhinan.data.formats import format_of

    for member in members:
        file = _unpack(packed, member, inside)
        if (found := format_of(file)) is not None and found.name in _PACKED_FORMATS:
            raise _refused(Path(packed.filename or "").name, member.filename, *_ARCHIVE)
        yield member.filename, file
        file.unlink()


def _members(packed: zipfile.ZipFile, file: str, encoding: str | None) -> Iterator[zipfile.ZipInfo]:
    from zhinan.data.stacking import is_hidden

    infos = packed.infolist()
    _rename(infos, encoding)
    if len(infos) > MEMBERS:
        raise _refused(file, "…", f"more than {MEMBERS:,} members", f"成员超过 {MEMBERS:,} 个")
    for info in infos:
        name = info.filename = info.filename.replace("\\", "/")  # as .NET wrote it
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or ":" in name or "\0" in info.orig_filename:
            raise _refused(file, name, "its path leaves the folder", "路径超出文件夹")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(file, name, "it is a link or a device", "是链接或设备")
        if info.is_dir() or any(map(is_hidden, place.parts)):
            continue
        if info.flag_bits & 0x1:
            raise _refused(file, name, "it is encrypted", "已加密")
        if place.suffix.lower() in PACKED:
            raise _refused(file, name, *_ARCHIVE)
        if info.file_size > max(FLOOR, RATIO * info.compress_size):
            raise _refused(file, name, "it unpacks to hundreds of times its size", "解压后是原大小的数百倍")
        yield info


def _rename(infos: list[zipfile.ZipInfo], encoding: str | None) -> None:
    """Gives members whose names are in no encoding that the archive says the names that were meant.

    From Python 3.12 on, zipfile itself takes the name that an extra field of a member (0x7075) tells.
    """
    from zhinan.data.encodings import guess

    unsaid = [info for info in infos if info.filename == info.orig_filename and not info.flag_bits & _UTF_8]
    odd = {i: info.filename.encode("cp437") for i, info in enumerate(unsaid) if not info.filename.isascii()}
    tried = filter(None, ("utf-8", encoding, guess(odd.values()) if odd else None))
    for codec in tried:
        try:
            meant = {i: name.decode(codec) for i, name in odd.items()}
        except UnicodeDecodeError:
            continue
        for i, name in meant.items():
            unsaid[i].filename = name
        return


def _refused(file: str, member: str, en: str, zh: str) -> UserError:
    return UserError("E133", file, member=member[:80], reason=Words(en, zh))


def _unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, inside: Path) -> Path:
    """Writes one member; zipfile stops at the size it declares, and checks its sum."""
    target = inside / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(member) as source, target.open("wb") as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)
    return target


def _inner(folder: Path) -> Path:
    """Past the one folder that packing a folder makes, unless its files are the examples."""
    held = list(folder.iterdir())
    if len(held) == 1 and held[0].is_dir() and any(one.is_dir() for one in held[0].iterdir()):
        return held[0]
    return folder
