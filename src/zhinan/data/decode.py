"""Finds a text file's encoding by strict decoding, and gives the file in blocks of whole lines, none held for long."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhinan.core import UserError

__all__ = ["Block", "Text"]

SIZE = 4 << 20
"""Bytes read at a time."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 20_000


@dataclass(frozen=True)
class Block:
    """Some whole lines of a file.

    Args:
        first: the number of its first line, from 1.
        content: the lines as UTF-8. damaged: indices of lines that are not valid text; U+FFFD stands for what is not.
    """

    first: int
    content: bytes
    damaged: frozenset[int] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether every line ends with a line feed, with or without a carriage return before it."""
        return b"\r" not in self.content or self.content.count(b"\r") == self.content.count(b"\r\n")

    def lines(self) -> list[str]:
        """The lines with their ends: a line feed, a carriage return, or both."""
        if self.damaged:
            return [line + "\n" for line in self.content.decode().split("\n")[:-1]]
        return list(io.StringIO(self.content.decode(), newline=""))

    def count(self) -> int:
        """How many lines there are."""
        if self.damaged or self.plain:
            return self.content.count(b"\n") + (not self.content.endswith(b"\n"))
        return len(self.lines())


class Text:
    """A text file: the encoding its mark names, else UTF-8, else GB18030.

    An encoding is taken when most lines that are not ASCII are valid in it; the others are damaged.

    Raises: UserError E103 when it is none of them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = _encoding(path)

    def blocks(self) -> Iterator[Block]:
        """The file from its beginning to its end. Raises UserError E103 when UTF-16 is broken."""
        first = 1
        pieces = _wide(self.path) if self.encoding == "utf-16" else _cut(_chunks(self.path, self.encoding))
        for piece in pieces:
            block = Block(first, piece) if self.encoding == "utf-16" else self._block(first, piece)
            first += block.count()
            yield block

    def _block(self, first: int, raw: bytes) -> Block:
        encoding = self.encoding.removesuffix("-sig")
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            return _damaged(first, raw, encoding)
        return Block(first, raw if encoding == "utf-8" else text.encode())


def _damaged(first: int, raw: bytes, encoding: str) -> Block:
    """Line by line: in UTF-8 and GB18030 no character contains a line feed's byte."""
    texts, damaged = [], set()
    for i, line in enumerate(raw.removesuffix(b"\n").split(b"\n")):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            text = line.decode(encoding, errors="replace")
            damaged.add(i)
        texts.append(text + "\n")
    return Block(first, "".join(texts).encode(), frozenset(damaged))


def _chunks(path: Path, encoding: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        if encoding == "utf-8-sig":
            file.seek(len(codecs.BOM_UTF8))
        while chunk := file.read(SIZE):
            yield chunk


def _cut(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that end with a line, however long it is."""
    held: list[bytes] = []
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1  # a last \r may be half of a line end
        if end:
            yield b"".join((*held, chunk[:end]))
            held = []
        held.append(chunk[end:])
    if rest := b"".join(held):
        yield rest


def _wide(path: Path) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")()

    def narrow() -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(SIZE):
                yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()

    try:
        yield from _cut(narrow())
    except UnicodeError:
        raise UserError("E103", path.name, byte="UTF-16") from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    broken = _first_broken(path)
    if broken is None:
        return "utf-8"
    for encoding in ("utf-8", "gb18030"):
        foreign, damaged, sample = _survey(path, encoding)
        if 2 * damaged < foreign and (encoding == "utf-8" or _reads_like_chinese(sample)):
            return encoding
    line, byte = broken
    raise UserError("E103", f"{path.name}:{line}", byte=f"0x{byte:02x}")


def _first_broken(path: Path) -> tuple[int, int] | None:
    """Line and byte of what is no UTF-8."""
    line = 1
    for piece in _cut(_chunks(path, "")):
        try:
            piece.decode()
        except UnicodeDecodeError as error:
            return line + piece.count(b"\n", 0, error.start), piece[error.start]
        line += piece.count(b"\n")
    return None


def _survey(path: Path, encoding: str) -> tuple[int, int, str]:
    """How many lines are not ASCII, how many of those are damaged, and characters to judge the language by."""
    foreign = damaged = 0
    seen: list[str] = []
    for piece in _cut(_chunks(path, "")):
        for line in piece.split(b"\n"):
            if line.isascii():
                continue
            foreign += 1
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                damaged += 1
                text = line.decode(encoding, errors="ignore")
            if len(seen) < _SAMPLE:
                seen += [c for c in text if c > "\x7f"][: _SAMPLE - len(seen)]
    return foreign, damaged, "".join(seen)


def _reads_like_chinese(sample: str) -> bool:
    """Most characters are common 汉字 or Chinese punctuation (GB2312 rows A1–D7); Western text read so is not."""
    pairs = [c.encode("gb18030") for c in sample]
    common = sum(len(p) == 2 and 0xA1 <= p[0] <= 0xD7 and p[1] >= 0xA1 for p in pairs)
    return 2 * common > len(pairs)
