"""Tells whether a version is still what was sealed and still answers as it did: `zhinan verify`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from zhinan.core import UserError
from zhinan.package import golden
from zhinan.package.archive import unpack
from zhinan.package.files import differences, read_manifest
from zhinan.package.manifest import Manifest
from zhinan.package.version import open_version

__all__ = ["VerifyResult", "verify"]


@dataclass(frozen=True)
class VerifyResult:
    """What was checked.

    Args:
        digest: sha256 (hex) of what it computes. files, bytes: how many were hashed. goldens: how many were replayed.
        problems: every file that was changed, or the first golden that differs; empty when all is well.
    """

    path: str
    product: str
    number: int | None
    outcome: str | None
    digest: str
    files: int
    bytes: int
    goldens: int
    problems: tuple[UserError, ...]

    @property
    def ok(self) -> bool:
        """Whether every hash and every golden row is right."""
        return not self.problems


def verify(path: str | Path) -> VerifyResult:
    """Checks every hash of a version, draft or exported zip, then replays its golden rows.

    Raises: UserError E360–E367 when there is no readable manifest to check against.
    """
    given = Path(path)
    if not given.is_file():
        return _verified(given, str(given))
    folder = unpack(given)
    try:
        return _verified(folder, str(given))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _verified(folder: Path, shown: str) -> VerifyResult:
    manifest: Manifest = read_manifest(folder)
    problems = list(differences(folder, manifest))
    goldens = 0
    if not problems:
        try:
            version = open_version(folder)
            goldens = len(version.read(golden.GOLDENS).splitlines())
        except UserError as error:
            problems.append(error)
    return VerifyResult(
        path=shown,
        product=manifest.product,
        number=manifest.number,
        outcome=manifest.outcome,
        digest=manifest.digest,
        files=len(manifest.files),
        bytes=sum(entry.bytes for entry in manifest.files.values()),
        goldens=goldens,
        problems=tuple(problems),
    )
