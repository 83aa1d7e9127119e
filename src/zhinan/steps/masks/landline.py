"""Mask of fixed telephone lines alone: an area code before the number, or a word such as 座机 or landline."""

from __future__ import annotations

from zhinan.core import register
from zhinan.steps.masks._dialling import FIXED, FIXED_ANNOUNCED, WORTH, dialled
from zhinan.steps.masks._spans import Span, spans

__all__ = ["landline"]


@register(
    "mask", "landline", zh=("座机", "固定电话"), called=("fixed_line",), order=40, worth=WORTH, keeps=2,
    grouped="dialled", columns=("landline", "fixed line", "座机", "固定电话"), least=("digit", 5),
)  # fmt: skip
def landline(text: str) -> list[Span]:
    """Finds fixed lines of China and the UK, and any number that is called one. `phone` finds them too.

    Choose it beside `phone` where the two should be told apart.
    """
    return [*spans(text, FIXED, dialled), *spans(text, FIXED_ANNOUNCED, dialled)]
