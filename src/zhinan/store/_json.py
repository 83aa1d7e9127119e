"""One spelling of JSON, so that equal values have equal text and equal hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["canonical", "sha256"]


def canonical(value: Any) -> str:
    """Sorted keys, no spaces, characters as they are.

    Raises:
        TypeError, ValueError, RecursionError: for what is not plain JSON (NaN, half a surrogate pair, a cycle …).
    """
    text = _ENCODER.encode(value)
    text.encode()
    return text


def sha256(text: str) -> str:
    """Hex digest of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
)  # json.dumps would make one for each value
