"""Reads and writes the files of a version so that nothing is parsed before its hash is known to be right."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from zhinan.core import UserError
from zhinan.package.manifest import FileEntry, Manifest, safe_name, sha256

__all__ = [
    "MANIFEST", "MANIFEST_HASH", "differences", "entry_of", "read_checked", "read_manifest", "write",
    "write_manifest",
]  # fmt: skip

MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.sha256"
MAX_MANIFEST = 16_000_000

_CHUNK = 1 << 20


def entry_of(content: bytes) -> FileEntry:
    """The line of the file table for some content."""
    return FileEntry(sha256(content), len(content))


def write(folder: Path, name: str, content: bytes, *, mode: int = 0o644) -> None:
    """Writes one new file and waits until it is on the disk."""
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    (folder / name).chmod(mode)


def write_manifest(folder: Path, manifest: Manifest, *, mode: int = 0o644) -> None:
    """Writes manifest.json and, as `sha256sum` does, its hash beside it."""
    content = manifest.content()
    write(folder, MANIFEST, content, mode=mode)
    write(folder, MANIFEST_HASH, f"{sha256(content)}  {MANIFEST}\n".encode(), mode=mode)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version or draft directory, hash first.

    Raises: UserError E360 when it was changed, E361 when there is none, E362, E365.
    """
    if not folder.is_dir():
        raise UserError("E361", str(folder), reason="not a directory")
    names = _names(folder)
    for name in (MANIFEST, MANIFEST_HASH):
        if name not in names:
            raise UserError("E361", str(folder), reason=f"no {name} in it")
    expected = _small(folder, MANIFEST_HASH, 4096).split(b" ", 1)[0].decode("ascii", "replace")
    content = _small(folder, MANIFEST, MAX_MANIFEST)
    _same(folder, MANIFEST, expected, sha256(content))
    manifest = Manifest.read(content, str(folder / MANIFEST))
    if _small(folder, MANIFEST_HASH, 4096) != f"{expected}  {MANIFEST}\n".encode():
        raise UserError("E363", str(folder), files=MANIFEST_HASH)
    _closed(folder, names, manifest)
    return manifest


def read_checked(folder: Path, manifest: Manifest, keep: Collection[str]) -> Mapping[str, bytes]:
    """The files named in `keep`, after the hash of every file was compared with the manifest.

    Raises: UserError E360 for the first file that differs, naming both hashes; E363 when its size differs.
    """
    held: dict[str, bytes] = {}
    for name, entry in manifest.files.items():
        if name in keep:
            content = (folder / name).read_bytes()
            found = sha256(content)
            held[name] = content
        else:
            found = _hash_of(folder / name)
        _same(folder, name, entry.sha256, found)
    return held


def differences(folder: Path, manifest: Manifest) -> Iterator[UserError]:
    """One error for each file whose content is not what the manifest says."""
    for name, entry in manifest.files.items():
        found = _hash_of(folder / name)
        if found != entry.sha256:
            yield _changed(folder, name, entry.sha256, found)


def _hash_of(path: Path) -> str:
    running = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            running.update(chunk)
    return running.hexdigest()


def _same(folder: Path, name: str, expected: str, found: str) -> None:
    if found != expected:
        raise _changed(folder, name, expected, found)


def _changed(folder: Path, name: str, expected: str, found: str) -> UserError:
    return UserError("E360", str(folder), file=name, expected=expected[:64], found=found)


def _small(folder: Path, name: str, limit: int) -> bytes:
    with (folder / name).open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UserError("E364", str(folder), name=name, reason=f"larger than {limit:,} bytes")
    return content


def _names(folder: Path) -> dict[str, int]:
    """Name → size of every file, having refused whatever is not a plain file."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            safe_name(entry.name, str(folder))
            info = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(info.st_mode):
                kind = "a link" if stat.S_ISLNK(info.st_mode) else "not a plain file"
                raise UserError("E364", str(folder), name=entry.name, reason=kind)
            found[entry.name] = info.st_size
    return found


def _closed(folder: Path, names: Mapping[str, int], manifest: Manifest) -> None:
    """Refuses files that are missing, not in the table, or of another size."""
    wanted = manifest.files.keys() | {MANIFEST, MANIFEST_HASH}
    wrong = [f"{name} (missing)" for name in sorted(wanted - names.keys())]
    wrong += [f"{name} (not in the manifest)" for name in sorted(names.keys() - wanted)]
    if wrong:
        raise UserError("E363", str(folder), files=", ".join(wrong[:10]))
