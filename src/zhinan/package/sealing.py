"""Makes a certified draft an immutable version. A kill at any moment leaves either no version or a whole one."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from zhinan.core import UserError
from zhinan.core.durable import sync_folder
from zhinan.package.drafting import Draft
from zhinan.package.files import entry_of, read_checked, read_manifest, write, write_manifest
from zhinan.package.manifest import safe_name
from zhinan.package.version import open_version

__all__ = ["PROOF", "publishing"]

PROOF = "proof.json"

_PREFIX = ".sealing-"
_STALE_SECONDS = 3600.0
_READ_ONLY = 0o444


@contextmanager
def publishing(
    draft: Draft, *, into: Path, number: int, proof: Mapping[str, Any], report: Mapping[str, bytes]
) -> Iterator[Callable[[], None]]:
    """Writes a version beside its place, and opens it there; what this gives makes it exist, in one step.

    While it is called, nobody else should take the number; if it is not, nothing is left.

    Args:
        draft: what was certified; its files are checked against its manifest once more and stay where they are.
        into: the folder of the product's versions. number: counted from 1.
        proof: becomes proof.json; its "outcome" becomes the version's.
        report: file name → content, such as report.html and card.md.

    Raises: UserError E360 when the draft was changed since it was written, when published E368 when the version exists.
    """
    manifest = read_manifest(draft.path)
    if manifest.digest != draft.digest:
        raise UserError("E360", str(draft.path), file="draft", expected=draft.digest, found=manifest.digest)
    files = dict(read_checked(draft.path, manifest, keep=manifest.files))
    added = {PROOF: _json(proof), **{safe_name(name): content for name, content in report.items()}}
    if files.keys() & added.keys():
        raise ValueError(f"a report may not replace {sorted(files.keys() & added.keys())}")
    files |= added
    sealed = replace(
        manifest,
        files={name: entry_of(content) for name, content in sorted(files.items())},
        number=number,
        outcome=proof.get("outcome"),
        draft=draft.digest,
    )
    into.mkdir(parents=True, exist_ok=True)
    _sweep(into)
    beside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=into))
    try:
        for name, content in files.items():
            write(beside, name, content, mode=_READ_ONLY)
        write_manifest(beside, sealed, mode=_READ_ONLY)
        beside.chmod(0o755)
        sync_folder(beside)
        open_version(beside)
        yield partial(_publish, beside, into / str(number), number)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _publish(beside: Path, target: Path, number: int) -> None:
    """The one step that makes the version exist. A directory never replaces one that holds files."""
    try:
        os.rename(beside, target)
    except OSError as error:
        if target.exists():
            raise UserError("E368", str(target), number=number) from error
        raise
    sync_folder(target.parent)


def _sweep(into: Path) -> None:
    """Removes what a killed process left long ago; another process may be sealing right now."""
    for leftover in into.glob(f"{_PREFIX}*"):
        if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=_plain) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written to {PROOF}")
