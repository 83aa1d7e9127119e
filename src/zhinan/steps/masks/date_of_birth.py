"""Mask of dates of birth: any date that a word such as born or 出生 beside it calls one."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, spans

__all__ = ["date_of_birth"]

_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[89]|20)\d{2}"
_DATE = (
    rf"(?:{_YEAR}(?P<a>[-/. ])\d{{1,2}}(?P=a)\d{{1,2}}|\d{{1,2}}(?P<b>[-/. ])\d{{1,2}}(?P=b)(?:{_YEAR}|\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -]{_YEAR}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}"
    rf"|(?:{_YEAR}|\d{{2}}) ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号])?|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:[一二〇零九八七六五四三]{{2,4}}年)?[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}[日号]"
    r"|(?:民國|民国) ?\d{1,3} ?年 ?\d{1,2} ?月 ?\d{1,2} ?[日号號]"
    r"|(?:农历|農曆|阴历|陰曆|旧历)(?:[^\W\d]{2}年|\d{4}年)?[正腊臘冬一二三四五六七八九十]{1,2}月初?[一二三四五六七八九十廿卅]{1,3}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{1,2} ?月 ?\d{1,2} ?[日号號])"
)
_PATTERN = re.compile(
    r"(?:(?i:\b(?:d\.o\.b\.|(?:d\.?o\.?b|date of birth|birth ?date|birthday|born|birth)\b)(?: (?:date|is|was|on|of|"
    r"the|in)){0,3})"
    r"|\b(?i:turn(?:s|ed|ing)) \d{1,3} on (?:the )?|(?i:\bbirthdays\b)[^\n.!?()]{0,60}\("
    r"|出生日期|出生年月日?|出生时间|生日|出生于|生于|出生|诞辰)[ :=#(是为在于填写登记,\"'|-]{0,4}"
    rf"(?P<find>{_DATE})(?!\d)"
)
_AFTER = re.compile(rf"(?<!\d){_DATE}(?=(?:出生|生人|生的|生[,，。;；) ]|生\Z|\(d\.?o\.?b))")


@register(
    "mask", "date_of_birth", zh=("出生日期", "生日"), order=65,
    worth=r"[Bb][Ii][Rr][Tt][Hh]|[Tt][Uu][Rr][Nn]|[Bb][Oo][Rr][Nn]|[Dd]\.?[Oo]\.?[Bb]|[0-9年月日号] ?(?:出)?生|"
    "生[^0-9]{0,9}(?:[0-9]|月)|诞辰|[农阴旧]历|農曆|陰曆",
)  # fmt: skip
def date_of_birth(text: str) -> list[Span]:
    """Finds dates of birth in the usual forms of both languages. Choose it for patients, pupils and insured people.

    A date is one only beside a word that says so; every other date stays.
    """
    return [*spans(text, _PATTERN), *spans(text, _AFTER)]
