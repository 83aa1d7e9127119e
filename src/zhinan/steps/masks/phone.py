"""Mask of telephone numbers: mainland mobiles and landlines, US and UK forms, and the international form."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import digits, replace

__all__ = ["phone"]

# A plain number is bounded by anything but a digit; a grouped one must not be part of a longer grouped number.
_PLAIN, _END = r"(?<!\d)(?<!\d\.)", r"(?!\d)(?!\.\d)"
_GROUPED, _STOP = r"(?<!\d)(?<!\d[.-])", r"(?!\d)(?![.-]\d)"
_CHINA = r"(?:(?:\+|00)?86|\((?:\+|00)?86\))[ -]{0,2}"
_PERSONAL = r"(?!400|8(?:00|33|44|55|66|77|88))"  # not a public line
_CALLED = (
    r"(?:(?i:\b(?:phone|tel|telephone|mobile|cell|call|text|whatsapp|fax|ring)(?: (?:me|us|is|no|number|at|on)){0,3})"
    r"|电话|手机|座机|致电|拨打|联系方式|号码)(?:[ .:#：是为]{0,3})"
)
_CHINESE = (
    rf"{_PLAIN}(?:{_CHINA})?1[3-9]\d{{9}}{_END}",  # 13812345678, +8613812345678
    rf"{_GROUPED}(?:{_CHINA})?1[3-9]\d(?P<cn>[ -])\d{{4}}(?P=cn)\d{{4}}{_STOP}",  # 138 1234 5678
    rf"{_GROUPED}{_CHINA}1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_STOP}",
    rf"{_GROUPED}(?:\(0\d{{2,3}}\) ?|0\d{{2,3}}[ -])\d{{7,8}}(?:[-转 ]\d{{1,5}})?{_STOP}",  # 010-12345678
    rf"{_GROUPED}(?<!\d{{4}} )(?:\(0\d{{2,3}}\) ?|0\d{{2,3}}[ -])\d{{4}}[ -]\d{{4}}{_STOP}",  # 021 5555 1234
)
_ENGLISH = (
    rf"{_GROUPED}(?:\+?1[ .-]?)?\({_PERSONAL}[2-9]\d{{2}}\)[ .-]?\d{{3}}[ .-]\d{{4}}{_STOP}",
    rf"{_GROUPED}(?:\+?1[ .-])?{_PERSONAL}[2-9]\d{{2}}(?P<us>[ .-])\d{{3}}(?P=us)\d{{4}}{_STOP}",  # 415-555-0132
    rf"{_PLAIN}07\d{{3}}[ -]?\d{{3}}[ -]?\d{{3}}{_END}",  # 07911 123456
    rf"{_GROUPED}(?<!\d{{4}} )(?:\(0[12]\d{{1,3}}\) ?|0[12]\d{{1,3}}[ -])\d{{3,4}}[ -]\d{{3,4}}{_STOP}",  # 020 …
    rf"{_GROUPED}(?:\(01\d{{3}}\) ?|01\d{{3}}[ -])\d{{5,6}}{_STOP}",  # 01632 960001
)
_INTERNATIONAL = (
    r"(?<![\d+])(?:\+[1-9]|00(?:1|44|852|853|886|33|49|61|65|81|82)[ .-])"
    rf"\d{{0,3}}(?:[ .-]?\(0?\d{{0,4}}\))?(?:[ .-]?\d){{5,14}}{_STOP}"  # +44 20 7946 0958
)
_ANNOUNCED = (
    rf"{_CALLED}(?P<find>(?:\+?1[ .-]?)?{_PERSONAL}[2-9]\d{{2}}[2-9]\d{{6}}|0\d{{9,11}}){_END}"  # call 4155550132
)
_PATTERN = re.compile("|".join((*_CHINESE, *_ENGLISH, _INTERNATIONAL, _ANNOUNCED)))
_WORTH = re.compile(r"(?:\d[ .()（）-]{0,3}){8}")


@register("mask", "phone", zh=("电话", "手机号"), order=40)
def phone(text: str) -> str:
    """Replaces every telephone number by [PHONE]. Choose it whenever people write the text.

    Public lines (400, toll-free), order numbers, dates, prices and versions stay. Ten bare digits are a US number only
    behind a word such as "call".

    Source: ITU-T E.164 (at most 15 digits); numbering plans of China (MIIT), North America and the UK (Ofcom).
    """
    return replace(text, _PATTERN, "[PHONE]", _dialled) if _WORTH.search(text) else text


def _dialled(found: str) -> bool:
    return 8 <= len(digits(found)) <= 17
