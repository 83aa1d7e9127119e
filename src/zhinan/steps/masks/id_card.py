"""Mask of mainland resident identity numbers (身份证号): 18 characters with a birth date and a checksum."""

from __future__ import annotations

import datetime

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, merged, spans

__all__ = ["id_card"]

_PATTERN = rule(
    r"(?<!\d)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|"
    r"3[01])[ -]?\d{3}[\dXx](?![\dA-Za-z])"
)
_SLOPPY = rule(r"(?<![\dA-Za-z])(?<!\d[ .-])[1-9](?:[ .-]?\d){16}[ .-]?[\dXx](?![\dA-Za-z])")
"""Groups of any size: the date and the checksum tell."""
_SIGNS = str.maketrans("", "", " .-")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@register(
    "mask",
    "id_card",
    zh=("身份证", "身份证号"),
    called=("id", "id_number", "identity", "identity_card"),
    columns=("id card", "identity card", "identity number", "身份证", "身份证号", "身份证号码", "证件号码"),
    least=("digit", 6),
    order=20,
    worth=r"(?:[0-9][ .-]?){17}[0-9Xx]",
    grouped=True,
)
def id_card(text: str) -> list[Span]:
    """Finds every valid 18-digit identity number. Choose it for customers in mainland China.

    Source: GB 11643-1999 (ISO 7064 MOD 11-2 checksum).
    """
    return merged([*spans(text, _PATTERN, _valid), *spans(text, _SLOPPY, _valid)])


def _valid(text: str, span: Span) -> bool:
    code = text[slice(*span)].translate(_SIGNS).upper()
    try:
        datetime.date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return False
    return "10X98765432"[sum(int(c) * w for c, w in zip(code, _WEIGHTS, strict=False)) % 11] == code[17]
