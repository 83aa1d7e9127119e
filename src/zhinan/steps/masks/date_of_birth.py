"""Mask of dates of birth: any date that a word such as born or 出生 beside it calls one."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span, merged, spans

__all__ = ["date_of_birth"]

_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[89]|20)\d{2}"
_YEAR_OF_LIFE = r"(?:19\d{2}|200\d|201\d)"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NTH = (
    r"(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    r"fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second|"
    r"third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_YEAR_SAID = (
    rf"(?i:(?:nineteen|twenty)[ -](?:hundred|(?:oh?[ -])?(?:{_ONES})|{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?)|"
    rf"two thousand(?: (?:and )?(?:{_ONES}|{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?))?)(?![a-z])"
)
_NUMERAL = "[一二〇零九八七六五四三]{2,4}"
_DATE = (
    rf"(?:{_YEAR}(?P<a>[-/. ·])\d{{1,2}}(?P=a)\d{{1,2}}|\d{{1,2}}(?P<b>[-/. ])\d{{1,2}}(?P=b)(?:{_YEAR}|\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]?{_MONTH},?[ -]?(?:{_YEAR}|['’]?\d{{2}}(?!\d))"
    rf"|{_MONTH}[ -](?:the )?\d{{1,2}}(?:st|nd|rd|th)?,?[ -](?:{_YEAR}|['’]\d{{2}})|{_MONTH},? {_YEAR}"
    rf"|['’]\d{{2}} {_MONTH} \d{{1,2}}"
    r"|(?:民[國国]|光[緒绪]|宣[統统]|昭和|大正|平成)[一二三四五六七八九十元]{1,4}年[正腊臘冬一二三四五六七八九十]{1,2}月"
    r"(?:初?[一二三四五六七八九十廿卅]{1,3}[日号號]?)?"
    rf"|(?:民國|民国|['’])?(?:{_YEAR}|\d{{2,3}}) ?年 ?\d{{1,2}} ?月(?:份|底|初)?(?: ?\d{{1,2}} ?[日号號]?)?"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:(?:农历|農曆|阴历|陰曆|旧历|舊曆)|(?=(?:[^\W\d]{2}年|\d{4}年)?[正腊臘冬一二三四五六七八九十]{1,2}月[初廿]))"
    r"(?:[^\W\d]{2}年|\d{4}年)?[正腊臘冬一二三四五六七八九十]{1,2}月初?[一二三四五六七八九十廿卅]{1,3}"
    r"|\d{4}年[正腊臘冬一二三四五六七八九十]{1,2}月初?[一二三四五六七八九十廿卅]{1,3}"
    rf"|(?:{_NUMERAL}年)?[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}[日号號]?"
    rf"|(?:{_NTH}(?: of)? {_MONTH}|{_MONTH} (?:the )?{_NTH})"
    rf"(?:,? (?:{_YEAR}|{_YEAR_SAID}|(?i:(?:{_TENS})(?:[ -](?:{_ONES}))?)(?![a-z])))?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?![a-z])(?:,? {_YEAR_SAID})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{1,2} ?月 ?\d{1,2} ?[日号號]?)"
)
_FULL = (
    rf"(?:{_YEAR}[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}|\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]{_YEAR}|"
    rf"{_YEAR} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?[日号]?)"
)
"""A date with its year, in digits."""
_DAY_ONLY = (
    r"(?:\d{1,2}[./]\d{1,2}(?![./\d])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d\d[./]\d{1,2}(?![./\d]))"
)
"""What is a date only right behind the word."""
_WHEN = r"birthday|b-?day|date[ _-]?of[ _-]?birth|birth[ _-]?date|d\.?o\.?b|d/o/b"
_NO_DAY = (
    r"(?! (?:party|cake|dinner|card|gift|present|lunch|bash|celebration|offer|sale|discount|treat|voucher|coupon))"
)
_SPOKEN_OF = rule(r"(?i)b(?:irth|-?day|orn|ab[iy])|d\.?o\.?b|d/o/b|n[ée]e? le|geb|na[cis]|[生寿壽诞誕]")
_CUE = (
    rf"(?:(?<![A-Za-z])(?i:(?:{_WHEN}|born|né e?le|née? le|geboren|geb\.|nacimiento|naissance|nascimento|nascita|"
    rf"year of birth|yob|birth)(?![A-Za-z])){_NO_DAY}"
    r"|出生(?!率)|生日(?!快[乐樂]|会员|月|券|礼|蛋糕|派对|会|聚)|生于|生於|诞辰|誕辰|生辰(?:八字)?)"
)
_NOT_BIRTH = (
    r"(?i:order|deliver|appoint|expir|issu|valid|check|due|deadline|sale|paid|ship|book|renew|since|until|before|"
    r"after(?! midnight)|offer|"
    r"discount|party|cake|gift|present|dinner|died|death|visit|call|meet|admitted)"
    "|截止|有效|到期|签发|簽發|订|送达|发货|预约|会员|券|礼|蛋糕|活动|优惠|快乐|派对|聚|之前|以前|登记日|申请|"
    "入职|去世|死亡|办理"
)
_BRIDGE = (
    rf"(?:(?!{_NOT_BIRTH})(?:[^\n.!?;；。！？0-9]|\d{{1,2}}(?::\d\d)? ?(?i:am|pm)\b|(?i:st|mr|mrs|dr)\.|"
    rf"\.(?= ?[:\d]))){{0,44}}?"
)
_PATTERN = rule(rf"{_CUE}{_BRIDGE}(?<![\d.])(?<![A-Za-z])(?P<find>{_DATE})(?!\d)")
_RIGHT_AFTER = rule(
    rf"(?:(?<![A-Za-z])(?i:{_WHEN})|生日|出生年月日?|出生日期)(?:['’]s| is|是|为|為|[ :：=（(,，>\"'|"
    rf"-]){{0,4}}(?P<find>{_DAY_ONLY})(?![\d])"
)
_SHORT = rule(
    rf"(?i:\b(?:b\. ?(?=\d|{_MONTH})|"
    rf"turn(?:s|ed|ing) (?:\d{{1,3}}|{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?) on (?:the )?|"
    rf"(?:he|she|i|mum|mom|dad|gran\w*|nan|son|daughter|wife|husband)(?:['’]ll|"
    rf" will) be \d{{1,3}}(?: years old)? on (?:the )?"
    rf"))(?P<find>{_DATE})(?!\d)|(?i:\b(?:year of birth|yob)[ :=]{{1,2}}(?:is )?)(?P<year>{_YEAR})(?!\d)"
)
_MORE = rule(
    rf"(?: (?:to|not|and|instead of|but not|rather than|or) |,? ?而?不是|改[成为為]|到|[和跟与與]|或|、|"
    rf", not |,? (?:but |while |and )?(?:the|my|his|her|their|our) (?:\w{{1,12}} )?(?:licen[cs]e|passport|card|form|"
    rf"records?|system|file|certificate|chart|ID|badge|policy) (?:has|have|says?|shows?|reads?|lists?|gives?) |"
    rf"[，,]?(?:但|可|而|[和跟与與])?(?:[你我他她][们們]?的?|贵司)?(?:实际|實際|其实|應該|应该|应|真实|身份证|身份證|户口本|護照|护照|病历|档案|系统)[上里]?"
    rf"(?:写|寫|登记|顯示|显示)?(?:的|成|了)?(?:是|为|為)? ?)(?P<find>{_DATE})(?!\d)"
)
_LISTED = rule(
    r"(?:(?i:\b(?:birthdays|birthdates|dates of birth|dobs)\b)|生日|"
    r"出生日期)[^\n.!?。！？]{0,30}?[:：(（][^\n!?。！？]{0,200}"
)
"""What holds the birthdays of several people: each date in it is one."""
_ASKED = rule(
    r"(?:(?i:(?:born|birth(?:day|date)?|d\.?o\.?b\.?) ?\?[\"'”’]?[,;]?\s{1,2}[\"“-]?\s?(?:(?:answer|ans|a|reply|me|"
    r"him|her|customer|caller)"
    r" ?[:=-] ?)?(?:(?:uh|um|erm?|well|yes|sure|it['’]?s),? ){0,2}(?:the )?)|"
    r"(?:出生|生日)[^\n。！!？?]{0,8}[？?][”」]?\s?(?:[答我他她客][户人]?[:：,， ]?(?:是)?)?)"
    rf"(?P<find>{_DATE})(?!\d)"
)
"""What answers a question."""
_ONE = rule(rf"(?<![\d.]){_DATE}(?!\d)")
_AGE = rule(
    r"(?i:\b(?:age (?:check|verification|gate|limit)|under-?age|minors?|too young|old enough|years? old|"
    r"aged)\b)[^\n.!?]{0,40}?"
    rf"(?P<find>{_FULL})(?!\d)"
    rf"|(?:未成年|年龄(?:验证|校验|不符|不足)|周岁|满岁)[^\n。！？]{{0,16}}?(?P<year>{_FULL})(?!\d)"
)
_BEFORE = rule(
    rf"(?<![\d.-])(?P<find>{_DATE}|\d{{1,2}}\.\d{{1,2}}(?=是))(?:"
    rf",? ?[(\[]?(?:is |was |as |= ?|for )?(?:(?:my|his|her|their|our|your|the|a|\w{{1,20}}['’]s)(?: \w{{1,12}})? )?"
    rf"(?<![A-Za-z])(?i:{_WHEN})(?![A-Za-z]){_NO_DAY}"
    r"|[^\n。！？；，,、0-9发产成效活订送截]{0,8}?(?:生日(?!快[乐樂]|会员|月|券|礼|蛋糕|派对|会|聚)|"
    r"[过過做]大?[寿壽]|大[寿壽]|[寿壽]辰|"
    r"(?<![发产])出生|生人|生的(?!产|效)|诞辰|誕辰)|[，,]是[^\n。！？；，,0-9]{0,6}(?:生日|大?[寿壽])"
    r"|生(?=[,，。;；) ]|\Z)|(?=\(d\.?o\.?b)|,? by birth\b| (?:baby|babies)\b|"
    r"[，,][我他她您你][^\n。！？；，,0-9]{0,2}出生)"
    r"|(?<![\d.])(?P<month>(?:19|20)\d\d[-/.]\d{1,2}(?=出?生(?![产效])))"
    rf"|(?P<feast>(?:{_YEAR}年?|[今去前]年的?)"
    r"(?:元旦|除夕|春[节節]|元宵|清明|端午|七夕|中秋|重[阳陽]|[国國][庆慶]|圣诞|聖誕|冬至)[节節]?)"
    r"(?=(?:那天|当天|當天)?(?:出生|生的))"
)
_PARTICULARS = rule(
    rf"(?:(?<![A-Za-z])(?i:fe)?(?i:male)(?:[,;/|] ?| )|(?<![一-龥])[男女][,，、/| ]{{1,2}}|"
    r"(?<![A-Za-z])(?i:patient|claimant|insured|applicant|resident|pupil):?"
    r"(?: [^\W\d_a-z][^\W\d_'’.-]{0,19}){1,3}(?:, ?| ?\())"
    rf"(?P<find>(?:{_YEAR_OF_LIFE}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR_OF_LIFE}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? {_YEAR_OF_LIFE}|{_MONTH} \d{{1,2}},? {_YEAR_OF_LIFE}"
    rf"|{_YEAR_OF_LIFE} ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号號])?))(?![\d/.-]\d|\d)"
    r"(?![^\n，,。；;]{0,4}(?:入[职学伍党]|参[加军]|毕业|起|至|到|开始|就诊|[住入出]院))"
)
"""What stands behind a person's sex, or behind a patient's name, is when they were born."""


@register(
    "mask", "date_of_birth", zh=("出生日期", "生日"), order=65,
    worth=r"[Bb][Ii][Rr][Tt][Hh]|[Tt][Uu][Rr][Nn]|[Bb][Oo][Rr][Nn]|[Dd]\.?[Oo]\.?[Bb]|[0-9年月日号] ?(?:出)?生|"
    "(?:^|[^A-Za-z])[Bb]\\. ?[0-9A-Z]|[Dd]/[Oo]/[Bb]|[Aa]ge|[Yy]ears? old|minor|年龄|年齡|周岁|成年|[Bb]-?[Dd]ay|"
    "[Yy][Oo][Bb]|"
    "生[日于於人的辰]|出生|诞辰|誕辰|[寿壽]|[农阴旧]历|農曆|陰曆|舊曆|"
    "be [0-9]{1,3} |[男女][,，、/| ]{1,2}[0-9]| bab[iy]|"
    "(?i:male|patient|claimant|insured|applicant|resident|pupil)[^0-9\n]{1,60}[0-9]|"
    "n[ée]e? le|geb|naci|naiss|nasci",
)  # fmt: skip
def date_of_birth(text: str) -> list[Span]:
    """Finds dates of birth in the usual forms of both languages. Choose it for patients, pupils and insured people.

    A date is one only beside a word that says so; every other date stays, and so does a year alone.
    """
    found: list[Span] = []
    if _SPOKEN_OF.search(text):
        found += [*spans(text, _PATTERN), *spans(text, _RIGHT_AFTER), *spans(text, _ASKED)]
        found += [match.span(match.lastgroup or 0) for match in _BEFORE.finditer(text)]
    found += [match.span("find" if match["find"] else "year") for match in _SHORT.finditer(text)]
    found += [match.span("find" if match["find"] else "year") for match in _AGE.finditer(text)]
    found += spans(text, _PARTICULARS)
    for listed in _LISTED.finditer(text):
        found += [match.span() for match in _ONE.finditer(text, *listed.span())]
    return merged([*found, *(more for span in found for more in _corrected(text, span[1]))])


def _corrected(text: str, end: int) -> Iterator[Span]:
    """Dates that stand beside one, of somebody else or instead of it."""
    while match := _MORE.match(text, end):
        yield match.span("find")
        end = match.end()
