"""Mask of payment card numbers: 13 to 19 digits that begin like a card and pass the Luhn checksum."""

from __future__ import annotations

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, around, digits, merged, spans

__all__ = ["bank_card"]

_FIRST = r"(?:[3-6]|2[2-7]|9[045])"
_PATTERN = rule(
    rf"(?<!\d)(?<!\d[.])(?={_FIRST})"
    r"(?:\d{13,19}|\d{4}([ ._·/,-]{1,2}|\n)\d{4}\1\d{4}(?:\1\d{4})?(?:\1\d{1,4})?|\d{4}([ -])\d{6}\2\d{4,5}|"
    r"\d{6}[ -]\d{10,13}|\d{8}([ -])\d{8}(?:\3\d{3})?|\d{4}([ -])\d{8}\4\d{4}|\d{6}([ -])\d{6}\5\d{3,7})"
    r"(?!\d)(?![.]\d)"
)

_REST_APART = rule(r"(?<!\d)62\d{14}[ -]\d{3}(?!\d)(?![.]\d)")
"""Nineteen digits of UnionPay with the last three apart."""
_ODDLY = rule(rf"(?<!\d)(?<!\d[ .-])(?={_FIRST})\d{{4,15}}(?:[ -]{{1,2}}\d{{1,12}}){{1,6}}(?!\d|[ .-]\d)")
_CARDS = rule(
    r"(?i)(?<![a-z])(?:cards?|visa|master ?card|amex|debit|credit|a/c|acc(?:oun)?t)(?![a-z])|[卡行]|[账帳賬][号號户戶]|"
    r"[转轉][账帳賬]|[付打汇匯收]款|存[折摺]"
)
"""In groups of any size beside what calls it a card or an account."""

_GOODS = rule(r"(?i)bar ?codes?|\bean\b|isbn|条[形码]|條碼|书号|書號")
"""Whose thirteen digits are those of goods (EAN-13)."""


@register(
    "mask",
    "bank_card",
    zh=("银行卡", "银行卡号"),
    called=("card", "card_number", "credit_card", "debit_card"),
    columns=("card number", "card no", "credit card", "debit card", "bank card", "银行卡", "银行卡号", "卡号"),
    least=("digit", 8),
    order=30,
    worth=r"(?:[0-9][ -]?){13}|[0-9]{4}[ ._·/,\n-]{1,2}[0-9]{4}[ ._·/,\n-]{1,2}[0-9]{4}[ ._·/,\n-]",
    keeps=4,
    grouped=True,
)
def bank_card(text: str) -> list[Span]:
    """Finds every card number, plain or in groups. Choose it where people pay.

    About one plain order number in ten that begins like a card passes the checksum too and is found.

    Source: ISO/IEC 7812-1, annex B (Luhn).
    """
    return merged(
        [*spans(text, _PATTERN, _luhn), *spans(text, _REST_APART, _luhn), *spans(text, _ODDLY, _is_called_card)]
    )


def _is_called_card(text: str, span: Span) -> bool:
    return _luhn(text, span) and around(text, span, _CARDS, 24)


def _luhn(text: str, span: Span) -> bool:
    number = digits(text[slice(*span)])
    if not 13 <= len(number) <= 19 or (len(number) == 13 and around(text, span, _GOODS, 12)):
        return False
    doubled = sum(sum(divmod(2 * int(c), 10)) for c in number[-2::-2])
    return (doubled + sum(map(int, number[-1::-2]))) % 10 == 0
