"""Writing a file so that after any crash it is there whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from zhinan.core.durable import sync_folder

__all__ = ["make_folder", "write_whole"]


def make_folder(folder: Path) -> None:
    """Makes a private folder (0700) and those above it, their names durable; leaves what is there as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def write_whole(path: Path, parts: tuple[bytes, ...], workshop: Path, *, replace: bool = True) -> None:
    """Writes a private file (0600) in `workshop`, on the same file system, syncs it and renames it over `path`.

    Args: replace: False leaves a file that is there already as it is.
    """
    make_folder(workshop)
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=workshop)  # made with rights 0600
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(name, path)
        else:
            with suppress(FileExistsError):
                os.link(name, path)
            os.unlink(name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
