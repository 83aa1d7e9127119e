"""E500–E549: feedback, stages and what follows from them."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E500": Entry(
        "the feedback has no column '{column}' with the right answers",
        "{suggestion}",
        "反馈中没有存放正确答案的列“{column}”",
        "{suggestion}",
    ),
}
