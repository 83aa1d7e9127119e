"""One hash for many rows: publish it before training, and later nobody can swap, drop or repeat a row unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["merkle_path", "merkle_root", "verify_path"]

LEAF, NODE = b"\x00", b"\x01"
"""A leaf can never be passed off as an inner node: each is hashed behind a prefix of its own."""


def merkle_root(leaves: Sequence[bytes]) -> str:
    """The root over leaves in their order, 64 hex digits. Choose it to commit to a data set before it is used.

    A leaf is hashed, not hidden: one that could be guessed must hold something secret.

    Source: Merkle tree hash of RFC 6962, section 2.1.
    """
    row = [_leaf(leaf) for leaf in leaves]
    if not row:
        return hashlib.sha256(b"").hexdigest()
    while len(row) > 1:
        row = _above(row)
    return row[0].hex()


def merkle_path(leaves: Sequence[bytes], place: int) -> tuple[str, ...]:
    """The hashes that show, with one leaf, that it stands at `place` under the root; from the leaf upwards.

    Raises:
        IndexError: no leaf stands there.

    Source: audit path of RFC 6962, section 2.1.1.
    """
    if not 0 <= place < len(leaves):
        raise IndexError(f"{len(leaves)} leaves have no place {place}")
    row, path = [_leaf(leaf) for leaf in leaves], []
    while len(row) > 1:
        other = place ^ 1
        if other < len(row):
            path.append(row[other].hex())
        row, place = _above(row), place // 2
    return tuple(path)


def verify_path(root: str, leaf: bytes, place: int, size: int, path: Sequence[str]) -> bool:
    """Whether a leaf stands at `place` among `size` leaves under a root, by the hashes `merkle_path` gave.

    Source: RFC 9162, section 2.1.3.2, for the tree of RFC 6962.
    """
    if not 0 <= place < size:
        return False
    try:
        others = [bytes.fromhex(one) for one in path]
    except ValueError:
        return False
    found, used = _leaf(leaf), 0
    while size > 1:
        if place ^ 1 < size:
            if used == len(others):
                return False
            pair = (others[used], found) if place % 2 else (found, others[used])
            found, used = _node(*pair), used + 1
        place, size = place // 2, (size + 1) // 2
    return used == len(others) and found.hex() == root


def _leaf(content: bytes) -> bytes:
    return hashlib.sha256(LEAF + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def _above(row: list[bytes]) -> list[bytes]:
    """Pairs hashed; one without a partner moves up as it is, which is the split at the largest power of two."""
    pairs = [_node(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
    return pairs + row[len(row) - len(row) % 2 :]
