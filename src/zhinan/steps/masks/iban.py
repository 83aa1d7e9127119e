"""Mask of international bank account numbers (IBAN), by the length of the country and the checksum."""

from __future__ import annotations

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span

__all__ = ["iban"]

_LENGTHS = {
    country: int(length)
    for length, countries in (
        line.split(":")
        for line in (
            "15:NO", "16:BE", "18:DK FI NL FO GL", "19:MK SI", "20:AT EE KZ LT LU BA XK", "21:CH HR LI LV",
            "22:BG DE GB GE IE ME BH RS VA", "23:AE GI IL IQ TL", "24:AD CZ ES MD PK RO SA SE SK TN VG", "25:PT",
            "26:IS TR", "27:FR GR IT MC MR SM", "28:AL AZ CY DO GT HU LB PL BY SV", "29:BR EG PS QA UA",
            "30:JO KW MU", "31:MT SC", "32:LC",
        )
    )
    for country in countries.split()
}  # fmt: skip
_HEAD = rule(r"(?:(?<![A-Za-z0-9])|(?<=IBAN))([A-Za-z]{2})\d{2}(?=[ .-]{0,2}(?:[A-Za-z] )?[A-Za-z0-9]{4})")


@register(
    "mask",
    "iban",
    columns=("iban",),
    least=("digit", 8),
    zh=("国际银行账号", "IBAN"),
    order=15,
    worth=r"[A-Za-z]{2}[0-9]{2}[ .-]{0,2}(?:[A-Za-z] )?[A-Za-z0-9]{4}",
    grouped=True,
)
def iban(text: str) -> list[Span]:
    """Finds every valid IBAN, plain or in groups. Choose it where people are paid in Europe or the Middle East.

    Source: ISO 13616 (lengths by country), ISO 7064 MOD 97-10.
    """
    found = []
    for head in _HEAD.finditer(text):
        end = _end(text, head.start(), _LENGTHS.get(head[1].upper(), 0))
        if end:
            found.append((head.start(), end))
    return found


def _end(text: str, start: int, length: int) -> int:
    code, place = "", start
    while len(code) < length and place < len(text):
        char = text[place]
        if char.isascii() and char.isalnum():
            code += char.upper()
        elif char not in " -.\n" or not (text[place - 1].isalnum() or text[place - 2].isalnum()):
            return 0
        place += 1
    closed = place == len(text) or not (text[place].isascii() and text[place].isalnum())
    if not length or len(code) < length or not closed:
        return 0
    moved = code[4:] + code[:4]
    return place if int("".join(str(int(c, 36)) for c in moved)) % 97 == 1 else 0
