"""One file for a whole version: a zip that is the same bytes everywhere, and the careful way back."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from zhinan.core import UserError
from zhinan.core.durable import sync_folder
from zhinan.package.files import (
    MANIFEST,
    MANIFEST_HASH,
    MAX_MANIFEST,
    differences,
    read_manifest,
)  # fmt: skip
from zhinan.package.manifest import Manifest, safe_name, sha256

__all__ = ["export_zip", "unpack"]

MAX_MEMBERS = 256
MAX_TOTAL = 8_000_000_000
MAX_RATIO = 200

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_ENCRYPTED = 0x1


def export_zip(path: str | Path, to: str | Path) -> Path:
    """Writes a version as one zip: same version, same bytes. Nothing is compressed, because zlib differs by platform.

    Returns: the zip's path.
    Raises: UserError E360 when a file of the version was changed, E361–E365 when it is no version.
    """
    folder, target = Path(path), Path(to)
    manifest = read_manifest(folder)
    for changed in differences(folder, manifest):
        raise changed
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
            for name in (MANIFEST, MANIFEST_HASH, *sorted(manifest.files)):
                _add(bundle, folder / name)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(target.parent)
    return target


def _add(bundle: zipfile.ZipFile, path: Path) -> None:
    info = zipfile.ZipInfo(path.name, _EPOCH)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o444) << 16
    info.file_size = path.stat().st_size
    with path.open("rb") as source, bundle.open(info, "w") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)


def unpack(path: Path) -> Path:
    """Unpacks an exported zip into a new private folder; the caller removes it.

    Refused before anything is written: links, folders, `..`, names twice, encryption, members that the manifest does
    not name or whose size it contradicts, and compression ratios that only bombs have.

    Raises: UserError E360, E364 or E367.
    """
    folder = Path(tempfile.mkdtemp(prefix="zhinan-"))
    try:
        with zipfile.ZipFile(path) as bundle:
            members = _listed(path, bundle)
            manifest = _manifest(path, bundle, members)
            _agree(path, members, manifest)
            for name, info in members.items():
                _extract(bundle, info, folder / name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError("E367", str(path), reason=f"damaged or unreadable ({type(error).__name__})") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _listed(path: Path, bundle: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = bundle.infolist()
    if len(infos) > MAX_MEMBERS:
        raise _refused(path, f"more than {MAX_MEMBERS} members")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = safe_name(info.filename, str(path))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise UserError("E364", str(path), name=name, reason="not a plain file")
        if name in members:
            raise _refused(path, "a name stands twice in it")
        if info.flag_bits & _ENCRYPTED:
            raise _refused(path, "it is encrypted")
        if info.file_size > MAX_RATIO * info.compress_size + 65_536:
            raise _refused(path, f"'{name}' is packed more than {MAX_RATIO}:1")
        members[name] = info
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise _refused(path, f"more than {MAX_TOTAL:,} bytes unpacked")
    return members


def _manifest(path: Path, bundle: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> Manifest:
    for name in (MANIFEST, MANIFEST_HASH):
        if name not in members:
            raise UserError("E361", str(path), reason=f"no {name} in it")
        if members[name].file_size > MAX_MANIFEST:
            raise _refused(path, f"{name} is too large")
    content, stated = bundle.read(members[MANIFEST]), bundle.read(members[MANIFEST_HASH])
    expected = stated.split(b" ", 1)[0].decode("ascii", "replace")[:64]
    if sha256(content) != expected:
        raise UserError("E360", str(path), file=MANIFEST, expected=expected, found=sha256(content))
    return Manifest.read(content, f"{path}:{MANIFEST}")


def _agree(path: Path, members: Mapping[str, zipfile.ZipInfo], manifest: Manifest) -> None:
    wrong = sorted(members.keys() ^ (manifest.files.keys() | {MANIFEST, MANIFEST_HASH}))
    wrong += [n for n, e in manifest.files.items() if n in members and members[n].file_size != e.bytes]
    if wrong:
        raise UserError("E363", str(path), files=", ".join(wrong[:10]))


def _extract(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """Writes one member, never more bytes than its directory entry states (zipfile stops there and checks the CRC)."""
    with bundle.open(info) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)


def _refused(path: Path, reason: str) -> UserError:
    return UserError("E367", str(path), reason=reason)
