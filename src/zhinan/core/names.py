"""What a product may be called: one rule at every door, for its name becomes a folder, a key and a part of files."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

__all__ = ["is_product"]

_PRODUCT = re.compile(r"\w[\w.-]{0,63}")


def is_product(name: Any) -> bool:
    """Whether it is up to 64 letters, digits, - _ . and begins with no sign and ends with no dot, as NFKC writes it."""
    return (
        isinstance(name, str)
        and _PRODUCT.fullmatch(name) is not None
        and not name.endswith(".")
        and unicodedata.normalize("NFKC", name) == name
    )
