"""Takes from a text what nobody sees, exactly alike in training and in serving."""

from __future__ import annotations

import re

__all__ = ["UNTIDY", "tidy"]

_UNSEEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_JOINS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff"
"""What is not seen either (Unicode's Default_Ignorable_Code_Point) and changes the letters and emoji beside it."""
_PLAIN = "[ -~０-９]"
UNTIDY = rf"[{_UNSEEN}\u00ad]|{_PLAIN}[{_JOINS}]+{_PLAIN}|^\s|\s$"
"""A regular expression (for Python and for polars) that finds every text which `tidy` may change."""

_CONTROL = re.compile(
    rf"[{_UNSEEN}{_JOINS}\u00ad](?<={_PLAIN}.)[{_UNSEEN}{_JOINS}\u00ad]*(?={_PLAIN})"
    rf"|[{_UNSEEN}]|(?<![\xa0-\xac\xae-\xff])\u00ad"
)
"""A soft hyphen behind such a letter may be half of a 汉字 that was decoded wrongly."""


def tidy(text: str) -> str:
    """The text without outer white space and what nobody sees: control characters (tab and line breaks stay),
    byte-order marks, soft hyphens, marks of direction, and spaces of no width, which hide a number from a mask.

    What joins or varies letters and emoji (U+200C and U+200D, as in Persian; U+FE0F) goes only from between two plain
    letters, digits or signs, which it does not change. Nothing else is changed: letters, width and case stay as the
    user wrote them.
    """
    return _CONTROL.sub("", text).strip()
