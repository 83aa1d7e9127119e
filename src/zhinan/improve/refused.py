"""Why rows of a feedback file were refused: each reason once, with how many rows it kept out and the first of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhinan.core import UserError, Words

__all__ = ["Refused"]

FIRST = 3
"""Rows that are shown of each reason."""
LETTERS = 80
"""Of each row, at most."""


@dataclass
class Refused:
    """Counts refused rows by what was wrong with them."""

    _found: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many were refused."""
        return sum(one["rows"] for one in self._found.values())

    def add(self, error: UserError, where: str, masked: Callable[[], Mapping[str, Any] | str]) -> None:
        """One row. Args: where: file:line. masked: what it says, nothing personal in it; asked of the first few."""
        reason = error.values.get("reason")
        what = reason if isinstance(reason, Words) else Words(error.what("en"), error.what("zh"))
        fix = {"en": error.fix("en"), "zh": error.fix("zh")}  # of the first: near words differ from row to row
        told: dict[str, Any] = {"code": error.code, "what": {"en": what.en, "zh": what.zh}, "fix": fix}
        one = self._found.setdefault((error.code, what.en), {**told, "rows": 0, "first": []})
        one["rows"] += 1
        if len(one["first"]) < FIRST:
            said = masked()
            text = said if isinstance(said, str) else " · ".join(map(str, said.values()))
            one["first"].append({"where": where, "row": text[:LETTERS]})

    def reasons(self) -> list[dict[str, Any]]:
        """[{"code", "what": {"en", "zh"}, "fix", "rows", "first": [{"where", "row"}]}], the most frequent first."""
        return sorted(self._found.values(), key=lambda one: -one["rows"])
