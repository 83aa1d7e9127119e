"""Versions with a folder and a file each: what tests of what is collected share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhinan.store import Store
from zhinan.store.erasing import version_folder

__all__ = ["putter"]


def putter(store: Store) -> Callable[[int], Path]:
    """What gives a version of the product p its folder."""

    def put(number: int) -> Path:
        folder = version_folder(store, "p", number)
        folder.mkdir(parents=True)
        (folder / "head.onnx").write_text("weights", "utf-8")
        return folder

    return put
