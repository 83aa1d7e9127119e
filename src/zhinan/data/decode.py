"""Finds a text file's encoding by strict decoding, and cuts the file into lines without losing a damaged one."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from zhinan.core import UserError

__all__ = ["Lines", "lines_of"]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Lines(list[str]):
    """The lines of a file with their line ends. `damaged` holds the indices of those that are not valid text."""

    def __init__(self, lines: list[str], encoding: str, damaged: frozenset[int] = frozenset()) -> None:
        super().__init__(lines)
        self.encoding = encoding
        self.damaged = damaged


def lines_of(path: Path) -> Lines:
    """Decodes a file as the encoding its mark names, else as UTF-8, else as GB18030.

    An encoding is taken when most lines that are not ASCII are valid in it; the others are damaged.

    Raises: UserError E103 when it is none of them.
    """
    content = path.read_bytes()
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode(content, encoding)
    try:
        return _cut(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    for lines in (_decode(content, "utf-8"), _decode(content, "gb18030")):
        foreign = sum(not line.isascii() for line in lines)
        if 2 * len(lines.damaged) < foreign and (lines.encoding == "utf-8" or _reads_like_chinese(lines)):
            return lines
    line = content.count(b"\n", 0, first) + 1
    raise UserError("E103", f"{path.name}:{line}", byte=f"0x{content[first]:02x}")


def _cut(text: str, encoding: str) -> Lines:
    return Lines(list(io.StringIO(text, newline="")), encoding)


def _decode(content: bytes, encoding: str) -> Lines:
    """Whole if possible, else line by line: in UTF-8 and GB18030 no character contains a line feed's byte."""
    try:
        return _cut(content.decode(encoding), encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise UserError("E103", byte="UTF-16") from None
    lines: list[str] = []
    damaged = set()
    for raw in content.removeprefix(codecs.BOM_UTF8).split(b"\n"):
        try:
            text = raw.decode(encoding.removesuffix("-sig"))
        except UnicodeDecodeError:
            text = raw.decode(encoding.removesuffix("-sig"), errors="replace")
            damaged.add(len(lines))
        lines.append(text + "\n")
    if lines[-1] == "\n":
        lines.pop()
    return Lines(lines, encoding, frozenset(damaged))


def _reads_like_chinese(lines: Lines) -> bool:
    """Most characters are common 汉字 or Chinese punctuation (GB2312 rows A1–D7); Western text read so is not."""
    seen = [c for line in lines[:20000] for c in line if c > "\x7f" and c != "\ufffd"][:20000]
    pairs = [c.encode("gb18030") for c in seen]
    common = sum(len(p) == 2 and 0xA1 <= p[0] <= 0xD7 and p[1] >= 0xA1 for p in pairs)
    return 2 * common > len(pairs)
