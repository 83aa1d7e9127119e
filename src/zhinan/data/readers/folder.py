"""Reads a folder of texts, pictures or recordings: a file is an example, the sub-folder it stands in is its label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from zhinan.core import UserError, Words, register

if TYPE_CHECKING:
    from zhinan.data.decode import Text
    from zhinan.data.types import Raw

__all__ = ["examples", "folder"]

ENDINGS = {
    "text": (".txt", ".text"),
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"),
    "audio": (".wav", ".flac", ".ogg", ".mp3"),
}
"""Column → the endings of the files it holds."""

_KNOWN = tuple(ending for endings in ENDINGS.values() for ending in endings)

PARTS = frozenset((
    "train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval",
    "训练", "训练集", "测试", "测试集", "验证", "验证集", "訓練", "訓練集", "測試", "測試集", "驗證", "驗證集",
))  # fmt: skip
"""What a folder of a part of the data is called; a class is hardly called so."""

CHUNK = 1_000
"""Files whose rows are handed on together."""

_LINK = Words("a link or a device, not a file", "是链接或设备，不是文件")


@register("reader", "folder", suffixes=("/",), magic=())
def folder(path: Path, *, encoding: str | None = None) -> Iterator[Raw]:
    """A folder of .txt files, pictures or recordings: one sub-folder per class, or none and no label.

    Texts are read into `text`; of others the name stands in `image` or `audio`, and loading looks at them. The class
    is `label`. Those that are not UTF-8 are read in one encoding. A file that is not text is one rejected row. Hidden
    files and other endings are not looked at; links are rejected.

    Raises: UserError E143 when there is no such file, or files of several kinds, E193 when the sub-folders are train
        and test, each with the classes in it.
    """
    import polars as pl

    from zhinan.data.decode import Text, guess_together
    from zhinan.data.delimited import Rows
    from zhinan.data.encodings import foremost
    from zhinan.data.stacking import walked
    from zhinan.data.types import Reject

    files = examples(walked(path))
    shared = cache(lambda: guess_together(files))
    seen: set[str] = set()

    def opened(file: Path) -> Text:
        text = Text(file, encoding, shared)
        seen.add(text.encoding)
        return text

    _refuse_parts(path, files)
    column = _column(files, path.name)
    labelled = any(file.parent != path for file in files)
    names = [column, "label"] if labelled else [column]
    for start in range(0, len(files), CHUNK):
        rows = Rows(names)
        taken: list[str] = []
        refused: list[Reject] = []
        for file in files[start : start + CHUNK]:
            member = file.relative_to(path)
            label = [member.parts[0] if len(member.parts) > 1 else None] if labelled else []
            text = _text(file, opened) if column == "text" else _LINK if file.is_symlink() else member.as_posix()
            if isinstance(text, Words):
                refused.append(Reject(1, text, file=member.as_posix()))
            else:
                rows.add(1, [text, *label])
                taken.append(member.as_posix())
        raw = rows.take()
        frame = raw.frame.with_columns(pl.Series("_member", taken, pl.String))
        yield replace(raw, frame=frame, rejected=(*refused,), encoding=foremost(seen))


def examples(paths: Iterable[Path]) -> list[Path]:
    """Those that are examples by their endings, in the order of their names."""
    return sorted(path for path in paths if path.name.lower().endswith(_KNOWN))


def _refuse_parts(path: Path, files: list[Path]) -> None:
    """Raises UserError E193 when the folders are parts of the data, which hold the folders of the classes."""
    places = [file.relative_to(path).parts for file in files]
    tops = {parts[0] for parts in places if len(parts) > 1}
    if tops and {top.lower() for top in tops} <= PARTS and max(map(len, places)) > 2:
        raise UserError("E193", path.name, names=", ".join(sorted(tops)), folder=path.name)


def _column(files: list[Path], name: str) -> str:
    """What the files are. Raises: UserError E143."""
    kinds = {kind for file in files for kind, endings in ENDINGS.items() if file.name.lower().endswith(endings)}
    if len(kinds) == 1:
        return kinds.pop()
    reason = Words("it holds texts, pictures and recordings mixed", "其中混有文本、图片或录音")
    if not kinds:
        reason = Words("it holds no .txt file, picture or recording", "其中没有 .txt 文件、图片或录音")
    raise UserError("E143", name, reason=reason)


def _text(file: Path, opened: Callable[[Path], Text]) -> str | Words:
    from zhinan.data.delimited import MAX_FIELD, REASONS

    if file.is_symlink() or not file.is_file():
        return _LINK
    if file.stat().st_size > 4 * MAX_FIELD:
        return REASONS["huge"]
    try:
        blocks = list(opened(file).blocks())
    except UserError:
        return REASONS["damaged"]
    text = b"".join(block.content for block in blocks).decode()
    if any(block.damaged for block in blocks):
        return REASONS["damaged"]
    if "\0" in text:
        return REASONS["nul"]
    return REASONS["huge"] if len(text) > MAX_FIELD else text
