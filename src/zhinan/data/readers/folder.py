"""Reads a folder of text files: each file is an example, and the sub-folder it stands in is its label."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from zhinan.data.types import Raw

__all__ = ["folder"]

TEXTS = (".txt", ".text")


@register("reader", "folder", suffixes=("/",), magic=())
def folder(path: Path) -> Iterator[Raw]:
    """A folder of .txt files, in columns `text` and `label`: one sub-folder per class, or none and no label.

    A file that is not text is one rejected row. Hidden files and other endings are not looked at; links are rejected.

    Raises: UserError E143 when there is no text file.
    """
    from zhinan.data.delimited import Rows

    files = sorted(_files(path))
    if not files:
        reason = Words("it holds no .txt file", "其中没有 .txt 文件")
        raise UserError("E143", path.name, reason=reason)
    labelled = any(file.parent != path for file in files)
    names = ["text", "label"] if labelled else ["text"]
    for file in files:
        member = file.relative_to(path)
        rows = Rows(names, member=member.as_posix())
        label = [member.parts[0] if len(member.parts) > 1 else None] if labelled else []
        text = _text(file)
        if isinstance(text, Words):
            rows.reject(1, text)
        else:
            rows.add(1, [text, *label])
        yield rows.take()


def _files(path: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        yield from (Path(here) / n for n in names if n.lower().endswith(TEXTS) and not n.startswith("."))


def _text(file: Path) -> str | Words:
    from zhinan.data.decode import Text
    from zhinan.data.delimited import MAX_FIELD, REASONS

    if file.is_symlink() or not file.is_file():
        return Words("a link or a device, not a file", "是链接或设备，不是文件")
    if file.stat().st_size > 4 * MAX_FIELD:
        return REASONS["huge"]
    try:
        blocks = list(Text(file).blocks())
    except UserError:
        return REASONS["damaged"]
    text = b"".join(block.content for block in blocks).decode()
    if any(block.damaged for block in blocks):
        return REASONS["damaged"]
    if "\0" in text:
        return REASONS["nul"]
    return REASONS["huge"] if len(text) > MAX_FIELD else text
