"""Mask of dates of birth: any date that a word such as born or 出生 beside it calls one."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, merged, spans

__all__ = ["date_of_birth"]

_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[89]|20)\d{2}"
_DATE = (
    rf"(?:{_YEAR}(?P<a>[-/. ])\d{{1,2}}(?P=a)\d{{1,2}}|\d{{1,2}}(?P<b>[-/. ])\d{{1,2}}(?P=b)(?:{_YEAR}|\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]?{_MONTH},?[ -]?(?:{_YEAR}|['’]?\d{{2}}(?!\d))"
    rf"|{_MONTH}[ -]\d{{1,2}}(?:st|nd|rd|th)?,?[ -](?:{_YEAR}|['’]\d{{2}})|{_MONTH},? {_YEAR}"
    rf"|(?:{_YEAR}|\d{{2}}) ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号])?|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:[一二〇零九八七六五四三]{{2,4}}年)?[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}[日号]"
    r"|(?:民國|民国) ?\d{1,3} ?年 ?\d{1,2} ?月 ?\d{1,2} ?[日号號]"
    r"|(?:(?:农历|農曆|阴历|陰曆|旧历)|(?=[正腊臘冬一二三四五六七八九十]{1,2}月初))(?:[^\W\d]{2}年|"
    r"\d{4}年)?[正腊臘冬一二三四五六七八九十]{1,2}月初?[一二三四五六七八九十廿卅]{1,3}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{1,2} ?月 ?\d{1,2} ?[日号號])"
)
_FULL = (
    rf"(?:{_YEAR}[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}|\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]{_YEAR}|"
    rf"{_YEAR} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?[日号]?)"
)
"""A date with its year, in digits."""
_PATTERN = re.compile(
    r"(?:(?i:\b(?:d\.o\.b\.|d/o/b|b\. ?(?=\d)|(?:d\.?o\.?b|date[ -]of[ -]birth|birth ?date|birthday|born|"
    r"birth)\b)(?:['’]s)?"
    r"(?:,? \((?:as|per|on|from|dd|mm|yy)[^()\n]{0,24}\))?(?: (?:date|is|was|as|on|of|the|in|listed|recorded|shown|"
    r"given|year|"
    r"should|read|be|reads)){0,4})"
    r"|\b(?i:turn(?:s|ed|ing)) \d{1,3} on (?:the )?|(?i:\bbirthdays\b)[^\n.!?()]{0,60}\("
    r"|(?:出生(?:日期|年月日?|时间|证|登记)?|生日|出生于|生于|诞辰|"
    r"生辰(?:八字)?)(?:[（(][^()（）\n]{1,8}[)）])?)[ :：=#(是为為在于填写寫成上的登记登記,，\"'|-]{0,5}"
    rf"(?P<find>{_DATE})(?!\d)"
)
_LISTED = re.compile(
    r"(?:(?i:\b(?:birthdays|birthdates|dates of birth|dobs)\b)|生日|"
    r"出生日期)[^\n.!?。！？]{0,30}?[:：(（][^\n!?。！？]{0,200}"
)
"""What holds the birthdays of several people: each date in it is one."""
_ONE = re.compile(rf"(?<![\d.]){_DATE}(?!\d)")
_AGE = re.compile(
    r"(?i:\b(?:age (?:check|verification|gate|limit)|under-?age|minors?|too young|old enough|years? old|"
    r"aged)\b)[^\n.!?]{0,40}?"
    rf"(?P<find>{_FULL})(?!\d)"
    rf"|(?:未成年|年龄(?:验证|校验|不符|不足)|周岁|满岁)[^\n。！？]{{0,16}}?(?P<year>{_FULL})(?!\d)"
)
_AFTER = re.compile(rf"(?<!\d){_DATE}(?=(?:出生|生人|生的|生[,，。;；) ]|生\Z|\(d\.?o\.?b))")


@register(
    "mask", "date_of_birth", zh=("出生日期", "生日"), order=65,
    worth=r"[Bb][Ii][Rr][Tt][Hh]|[Tt][Uu][Rr][Nn]|[Bb][Oo][Rr][Nn]|[Dd]\.?[Oo]\.?[Bb]|[0-9年月日号] ?(?:出)?生|"
    "(?:^|[^A-Za-z])[Bb]\\. ?[0-9]|[Dd]/[Oo]/[Bb]|[Aa]ge|[Yy]ears? old|minor|年龄|年齡|周岁|成年|"
    "生[^0-9]{0,14}(?:[0-9]|月)|诞辰|[农阴旧]历|農曆|陰曆",
)  # fmt: skip
def date_of_birth(text: str) -> list[Span]:
    """Finds dates of birth in the usual forms of both languages. Choose it for patients, pupils and insured people.

    A date is one only beside a word that says so; every other date stays.
    """
    found = [*spans(text, _PATTERN), *spans(text, _AFTER)]
    found += [match.span(match.lastgroup or 0) for match in _AGE.finditer(text)]
    for listed in _LISTED.finditer(text):
        found += [match.span() for match in _ONE.finditer(text, *listed.span())]
    return merged(found)
