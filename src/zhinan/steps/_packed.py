"""Files of a version may be packed with zlib, where that halves them; steps unpack them when they open."""

from __future__ import annotations

import zlib

__all__ = ["MOST", "unpacked"]

MOST = 1 << 29
"""Most bytes that a file may become."""


def unpacked(content: bytes, most: int = MOST) -> bytes:
    """The content itself, or what it was before packing.

    Raises: ValueError when it is damaged or would become larger than `most` bytes.
    """
    if content[:1] != b"\x78":  # how zlib begins; neither JSON nor an ONNX graph does
        return content
    work = zlib.decompressobj()
    try:
        whole = work.decompress(content, most)
    except zlib.error as error:
        raise ValueError(f"a packed file is damaged: {error}") from error
    if not work.eof:
        raise ValueError(f"a packed file is cut short or larger than {most} bytes")
    return whole
