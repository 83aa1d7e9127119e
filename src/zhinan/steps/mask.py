"""The first step of every version: tidies each text and replaces what must not be seen, exactly as loading did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from zhinan.core import entries, find, register

__all__ = ["UNTIDY", "Mask", "placeholders", "redact", "tidy"]

UNTIDY = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]|^\s|\s$"
"""A regular expression (for Python and for polars) that finds every text which `tidy` may change."""

_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]+\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")


@register("step", "mask")
class Mask:
    """Tidies texts and applies masks. Choose it as the first step, also without any mask.

    Args:
        reads, writes: the columns, in the same order; usually the same names.
        masks: names of registered masks.
    """

    def __init__(
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        masks: tuple[str, ...] = (),
    ) -> None:
        self.reads, self.writes = reads, writes
        self.masks = tuple(masks)
        redact("", self.masks)  # an unknown name is refused now, not at the first request

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Texts of each column, tidied and masked; what is not a text passes unchanged."""
        return {
            written: [redact(tidy(v), self.masks) if isinstance(v, str) else v for v in values[read]]
            for read, written in zip(self.reads, self.writes, strict=True)
        }


def tidy(text: str) -> str:
    """The text without control characters (tab and line breaks stay), byte-order marks and outer white space.

    Nothing else is changed: letters, width and case stay as the user wrote them.
    """
    return _CONTROL.sub("", text).strip()


def redact(text: str, masks: Iterable[str] | None = None) -> str:
    """The text with the named masks applied, all registered ones by default.

    The order is each mask's own (its fact `order`): the order in which they are named makes no difference.

    Raises: UserError E019 for an unknown mask.
    """
    for mask in _ordered(None if masks is None else tuple(masks)):
        text = mask(text)
    return text


def placeholders(text: str) -> int:
    """How many masked finds a text shows, such as [EMAIL]."""
    return len(_PLACEHOLDER.findall(text)) if "[" in text else 0


@cache
def _ordered(names: tuple[str, ...] | None) -> tuple[Callable[[str], str], ...]:
    chosen = entries("mask") if names is None else {entry.name: entry for entry in (find("mask", n) for n in names)}
    ordered = sorted(chosen.values(), key=lambda entry: (entry.facts.get("order", 50), entry.name))
    return tuple(entry.target for entry in ordered)
