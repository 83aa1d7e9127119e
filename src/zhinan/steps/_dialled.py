"""The one form of a telephone number, written with the code of its country, with a 0, or with neither."""

from __future__ import annotations

import re

__all__ = ["subscriber"]

_CODE = re.compile(r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3}")
"""The code of a country. Source: ITU-T E.164, list of assigned codes."""

_CHINESE = re.compile(r"86(?=1[3-9]\d{9}$)")
"""China's code without a sign before it, which is no number's beginning there."""

_LEAST = 5


def subscriber(number: str) -> str:
    """What is dialled of a number within its country: +86 138 0013 8000, 0086-13800138000 and 13800138000 are one.

    A number of fewer than five digits, as one that is spelt in words, is taken as its letters and digits.
    """
    plain = "".join(c for c in number if c.isdigit() or c == "+")
    if sum(map(str.isdigit, plain)) < _LEAST:
        return "".join(c for c in number.casefold() if c.isalnum())
    digits = plain.replace("+", "")
    if plain.startswith(("+", "00")):
        digits = _CODE.sub("", digits.removeprefix("00"), count=1)
    return _CHINESE.sub("", digits, count=1).lstrip("0")
