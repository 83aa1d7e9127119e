"""What JSON read strictly does not have: a key twice, NaN and the infinite (RFC 8259; Python's reader takes all)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

__all__ = ["once", "refuse"]


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """For `object_pairs_hook`. Raises: ValueError for a key that stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def refuse(text: str) -> NoReturn:
    """For `parse_constant`. Raises: ValueError."""
    raise ValueError(f"{text} is not JSON")
