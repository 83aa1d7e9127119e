"""Finds a text file's encoding, decodes it strictly, and gives it in blocks of whole lines, none held for long."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from zhinan.core import UserError
from zhinan.data.encodings import MOST_BYTES, guess

__all__ = ["Block", "Text", "guess_together"]

SIZE = 4 << 20
"""Bytes read at a time."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_JAPANESE = (b"\x1b$B", b"\x1b$@")
"""What begins 漢字 in ISO-2022-JP, which has no other byte beyond ASCII and ends each line in ASCII (RFC 1468)."""
_HEAD, _ZEROS = 4096, 0.1
"""Bytes that tell UTF-16 without a mark, and the share of them that is zero: half a byte of each ASCII sign."""
_FILES = 5_000
"""Of a folder, that are looked into to guess the encoding they have in common."""


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
    """A text file in the encoding that is said, else that its mark names, else UTF-8, else the most likely one.

    An encoding is taken when most lines that are not ASCII are valid in it; the others are damaged. One that is said is
    taken in any case.

    Args: encoding: a codec as `codec_of` gives it. otherwise: gives the codec of what is not UTF-8, None for no such
        one; by default it is guessed from the file.
    Raises: UserError E103 when none fits.
    """

    def __init__(
        self, path: Path, encoding: str | None = None, otherwise: Callable[[], str | None] | None = None
    ) -> None:
        self.path = path
        marked = _marked(path)
        if encoding == "utf-8" or encoding is None:
            self.encoding = marked or encoding or _encoding(path, otherwise or (lambda: guess(_foreign(path))))
        else:
            self.encoding = encoding

    def blocks(self) -> Iterator[Block]:
        """The file from its beginning to its end. Raises UserError E103 when UTF-16 is broken."""
        first = 1
        wide = self.encoding.startswith("utf-16")
        pieces = _wide(self.path, self.encoding) if wide else _cut(_chunks(self.path, self.encoding))
        for piece in pieces:
            block = Block(first, piece) if wide else self._block(first, piece)
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
    """Line by line: in no encoding that is read so does a character contain a line feed's byte."""
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


def _wide(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()

    def narrow() -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(SIZE):
                yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()

    try:
        yield from _cut(narrow())
    except UnicodeError:
        raise UserError("E103", path.name, byte="UTF-16") from None


def _marked(path: Path) -> str | None:
    """The encoding that the first bytes name, or that of two bytes a character which has zeros at every other place, or
    that of mail in Japanese."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    named = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if named is None and b"\0" in head:
        zeros = [head[start::2].count(0) for start in (0, 1)]
        if max(zeros) > _ZEROS * len(head) > 0 == min(zeros):
            return "utf-16-be" if zeros[0] else "utf-16-le"
    if named is None and head.isascii() and any(mark in head for mark in _JAPANESE):
        return "iso2022_jp_ext"
    return named


def _encoding(path: Path, otherwise: Callable[[], str | None]) -> str:
    broken = _first_broken(path)
    if broken is None:
        return "utf-8"
    for encoding in ("utf-8", otherwise()):
        if encoding is not None and _mostly(path, encoding):
            return encoding
    line, byte = broken
    raise UserError("E103", f"{path.name}:{line}", byte=f"0x{byte:02x}")


def guess_together(files: Iterable[Path]) -> str | None:
    """The encoding that those of some files that are not UTF-8 seem to share."""

    def lines() -> Iterator[bytes]:
        for file in islice((one for one in files if not one.is_symlink()), _FILES):
            if _marked(file) is None and _first_broken(file) is not None:
                yield from _foreign(file)

    return guess(_up_to(MOST_BYTES, lines()))


def _foreign(path: Path) -> Iterator[bytes]:
    """Lines that are not ASCII, as many as are needed to guess by."""
    return _up_to(
        MOST_BYTES, (ln for piece in _cut(_chunks(path, "")) for ln in piece.split(b"\n") if not ln.isascii())
    )


def _up_to(most: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line[:most]
        most -= len(line)
        if most <= 0:
            return


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


def _mostly(path: Path, encoding: str) -> bool:
    """Whether most lines that are not ASCII are valid in an encoding; half will do for UTF-8, hardly met by chance."""
    foreign = damaged = 0
    for piece in _cut(_chunks(path, "")):
        for line in piece.split(b"\n"):
            if line.isascii():
                continue
            foreign += 1
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                damaged += 1
    return 2 * damaged < foreign + (encoding == "utf-8")
