"""Mask of dates of birth: any date that a word such as born or 出生 beside it calls one."""

from __future__ import annotations

from collections.abc import Iterator

from zhinan.core import register
from zhinan.core.rules import rule
from zhinan.steps.masks._births import TOLD, of_another_day
from zhinan.steps.masks._births_said import HEADED, INSERTED, SAID, headed, inserted
from zhinan.steps.masks._births_said import WORTH as _SAID_WORTH
from zhinan.steps.masks._children import CHILDREN, LIVED, births_beside_names, births_of_children
from zhinan.steps.masks._dates import DATE, DATE_END, DAY_ONLY, FULL, LIFE, MONTH, NUMBER, YEAR, YEAR_OF_LIFE
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._spans import Span, merged

__all__ = ["date_of_birth"]

_WHEN = r"birthday|b[-'’]?day|b-?date|date[ _-]?of[ _-]?birth|birth[ _-]?date|d[. ]?o[. ]?b|d/o/b"
_NO_DAY = (
    r"(?! (?:party|cake|dinner|card|gift|present|lunch|bash|celebration|offer|sale|discount|treat|voucher|coupon))"
)
_CUE = (
    rf"(?:(?<![A-Za-z])(?i:(?:{_WHEN}|born|né e?le|née? le|geboren|geb\.|nacimiento|naissance|nascimento|nascita|"
    rf"year of birth|yob|birth)(?![A-Za-z])){_NO_DAY}(?: ?[(\[][dmyDMY./ -]{{6,12}}[)\]])?"
    r"|出生(?!率)|生日(?!快[乐樂]|会员|月|券|礼|蛋糕|派对|会|聚)|生于|生於|[诞冥]辰|誕辰|冥[诞誕]|[寿壽]辰|生辰(?:八字)?)"
)
_NOT_BIRTH = (
    r"(?i:order|deliver|appoint|expir|issu|valid|check|due|deadline|sale|paid|ship|book|renew|since|until|before|"
    r"after(?! midnight)|offer|"
    r"discount|party|cake|gift|present|dinner|died|death|visit|call|meet|admitted)"
    "|截止|有效|到期|签发|簽發|订|送达|发货|预约|会员|券|礼|蛋糕|活动|优惠|快乐|派对|聚|之前|以前|登记日|申请|"
    "入职|去世|死亡|办理"
)
_BRIDGE = (
    rf"(?:(?!{_NOT_BIRTH})(?:[^\n.!?;；。！？0-9]|\d{{1,2}}(?:[:.]\d\d)? ?(?i:am|pm)\b|(?i:st|mr|mrs|dr)\.|"
    rf"\.(?= ?[:\d]))){{0,44}}?"
)
_PATTERN = rule(rf"{_CUE}{_BRIDGE}(?<![\d.])(?<![A-Za-z])(?P<find>{DATE}){DATE_END}")
_RIGHT_AFTER = rule(
    rf"(?:(?<![A-Za-z])(?i:{_WHEN})|(?:生日|出生年月日?|出生日期)(?:[欄栏]位?)?"
    rf"(?:[请請]?[填输輸写寫][写寫入]?)?)(?:['’]s| is| was| should be| falls on| is on|应该?[是为]|應該?[是為]|"
    rf"是|为|為|[ :：=（(,，>\"'|"
    rf"-]){{0,4}}(?P<find>{DAY_ONLY})(?![\d])"
)
_SHORT = rule(
    rf"(?i:\b(?:b\. ?(?=\d|{MONTH})|(?<=\()b (?=\d)|née [\w'’-]{{2,20}}, ?(?=\d)|"
    rf"turn(?:s|ed|ing) (?:\d{{1,3}}|{NUMBER}) on (?:the )?|"
    rf"(?:he|she|i|mum|mom|dad|gran\w*|nan|son|daughter|wife|husband)(?:['’]ll|"
    rf" will) be \d{{1,3}}(?: years old)? on (?:the )?"
    rf"))(?P<find>{DATE}){DATE_END}|(?i:\b(?:year of birth|yob)[ :=]{{1,2}}(?:is )?)(?P<year>{YEAR})(?!\d)"
)
_MORE = rule(
    rf"(?: (?:to|not|and(?: (?:\w{{2,12}}['’]s|mine|his|hers) (?:is|was|falls on))?|instead of|but not|rather than|"
    rf"or) |,? ?而?不是|还是|還是|[，,、]?改[成为為]|到|"
    rf"[和跟与與]|或|、|"
    r",? (?:(?:and|but|while) )?(?:I|he|she|we|they|(?:my|his|her|our|their|the) (?:wife|husband|partner|spouse|son|"
    r"daughter|brother|sister|twin|mother|father|mum|mom|dad|baby|child|kid|boy|girl|niece|nephew|cousin|other|second|third))"
    r"(?: was| is)?(?: born)? (?:on|in) (?:the )?|"
    r"(?:出?生的?)?[，,、；;]而?(?:[我他她]|老[公婆]|先生|太太|妻子|丈夫|[儿兒]子|女[儿兒]|老[大二三]|[哥姐弟妹]{2})[则則]?[是生于於]{0,2}"
    r"(?=[^\n，,。；;、]{4,16}?(?:[，,。；;、！!）) ]|生|的|\Z))|"
    rf", not |, (?:it )?(?:must|should|ought to) (?:be|read) |,? (?:but |while |and )?(?:(?:the|my|his|her|their|our|"
    rf"your) )?(?:\w{{1,12}} )?(?:licen[cs]e|"
    rf"passport|card|form|notes?|letters?|chart|"
    rf"records?|system|file|certificate|chart|ID|badge|policy) (?:has|have|says?|shows?|reads?|lists?|gives?) |"
    rf"[，,]?(?:但|可|而|[和跟与與])?(?:[你我他她][们們]?的?|贵司)?(?:实际|實際|其实|應該|应该|应|真实|身份证|"
    rf"身份證|户口本|護照|护照|病历|档案|系统)[上里]?"
    rf"(?:写|寫|登记|顯示|显示)?(?:的|成|了)?(?:是|为|為)? ?)(?P<find>{DATE}){DATE_END}"
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
    rf"(?P<find>{DATE}){DATE_END}"
)
"""What answers a question."""
_ONE = rule(rf"(?<![\d.]){DATE}{DATE_END}")
_AGE = rule(
    r"(?i:\b(?:(?:under|over)-?\d\d|age (?:check|verification|gate|limit)|under-?age|minors?|too young|old enough|"
    r"years? old|"
    r"aged)\b)[^\n.!?]{0,40}?"
    rf"(?P<find>{FULL})(?!\d)"
    rf"|(?:未成年|年龄(?:验证|校验|不符|不足)|周岁|满岁)[^\n。！？]{{0,16}}?(?P<year>{FULL})(?!\d)"
)
_BEFORE = rule(
    rf"(?<![\d.-])(?P<find>{DATE}|\d{{1,2}}\.\d{{1,2}}(?=是))(?:"
    rf",? ?[(\[]?(?:is |was |as |= ?|for )?(?:(?:my|his|her|their|our|your|the|a|\w{{1,20}}['’]s)(?: \w{{1,12}})? )?"
    rf"(?<![A-Za-z])(?i:{_WHEN})(?![A-Za-z]){_NO_DAY}"
    r"|[^\n。！？；，,、0-9发产成效活订送截]{0,8}?(?:生日(?!快[乐樂]|会员|月|券|礼|蛋糕|派对|会|聚)|"
    r"[过過做]大?[寿壽]|大[寿壽]|[寿壽]辰|"
    r"(?<![发产])出[生世]|生人|生的(?!产|效)|诞辰|誕辰)|[，,]是[^\n。！？；，,0-9]{0,6}(?:生日|大?[寿壽])"
    r"|[ 凌晨上下中午早晚]{0,3}\d{1,2}[:：点點时時]\d{0,2}分?(?:出[生世]|降生)"
    r"|[才就刚剛]生了(?=[,，。;；) ！!]|\Z)|[才就刚剛]?生(?=[,，。;；) ]|\Z)|(?=\(d\.?o\.?b)|,? by birth\b|"
    r",? as the (?:date of )?birth\b|"
    r" (?:baby|babies)\b|"
    r"[，,][我他她您你][^\n。！？；，,0-9]{0,2}出生)"
    r"|(?<![\d.])(?P<month>(?:19|20)\d\d[-/.]\d{1,2}(?=出?生(?![产效])))"
    rf"|(?P<feast>(?:{YEAR}年?|[今去前]年的?)"
    r"(?:元旦|除夕|春[节節]|元宵|清明|端午|七夕|中秋|重[阳陽]|[国國][庆慶]|圣诞|聖誕|冬至)[节節]?)"
    r"(?=(?:那天|当天|當天)?(?:出生|生的))"
)
_PARTICULARS = rule(
    rf"(?:(?<![A-Za-z])(?i:fe)?(?i:male)(?:[,;/|] ?| )|(?<![一-龥])[男女][,，、/| ]{{1,2}}|"
    r"(?<![A-Za-z])(?i:patient|claimant|insured|applicant|resident|pupil):?"
    r"(?: [^\W\d_a-z][^\W\d_'’.-]{0,19}){1,3}(?:, ?| ?\())"
    rf"(?P<find>(?:{LIFE}"
    rf"|{YEAR_OF_LIFE}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=[，,、|；;）) ]|\Z)))(?![\d/.-]\d|\d)"
    r"(?![^\n，,。；;]{0,4}(?:入[职学伍党]|参[加军]|毕业|起|至|到|开始|就诊|[住入出]院))"
)
"""What stands behind a person's sex, or behind a patient's name, is when they were born."""
_LISTS = {CHILDREN: births_of_children, LIVED: births_beside_names, HEADED: headed, INSERTED: inserted}
_MAY = Gate((_PATTERN, _RIGHT_AFTER, _ASKED, _BEFORE, _SHORT, _AGE, _PARTICULARS, _LISTED, *_LISTS, *TOLD, *SAID))


@register(
    "mask", "date_of_birth", zh=("出生日期", "生日"), order=65,
    columns=("birth", "birthday", "birthdate", "birth date", "dob", "geburtsdatum", "出生日期",
             "出生年月", "生日"), least=("digit", 2),
    called=("birth", "birthday", "birthdate", "birth_date", "dob"),
    worth=r"[Bb][Ii][Rr][Tt][Hh]|[Tt][Uu][Rr][Nn]|[Bb][Oo][Rr][Nn]|["
    r"Dd][. ]?[Oo][. ]?[Bb]|leap|新生|[0-9年月日号號节節夕元庆慶诞誕天日冬至一二三四五六七八九十] ?出?生|"
    r"生[日于於人的辰下年]|"
    r"出生|[降嗰才就刚剛]生|出世|[诞誕]|冥|[寿壽]|"
    r"(?:^|[^A-Za-z])[Bb](?:\. ?[0-9A-Z]| [0-9])|[Dd]/[Oo]/[Bb]|[Aa]ge|[Yy]ears? old|minor|年龄|年齡|周岁|成年|"
    r"[Bb]['’-]?[Dd]a|[Yy][Oo][Bb]|[农農阴陰旧舊古][历曆]|be [0-9]{1,3} |[男女][，,、/| "
    "\u3000"
    r"]{1,3}[0-9]| bab[iy]|"
    r"(?i:male|patient|claimant|insured|applicant|resident|pupil|née)[^0-9\n]{1,60}[0-9]|"
    r"(?:19[0-9]{2}|20[01][0-9])(?:[-/.][0-9]| ?年 ?[0-9])|[-/. ](?:19[0-9]{2}|20[01][0-9])(?:[^0-9]|$)|"
    r"(?i:child|infant|kid|newborn|toddler|\b(?:son|daughter|boy|girl|twins?|niece|nephew|he|"
    r"she))[^0-9\n]{1,60}[0-9]|"
    r"[孩儿兒宝寶婴嬰娃闺孙囡友胎][^0-9\n]{0,24}[0-9]{2,4} ?[-./年]|[0-9] ?月的|[满滿][0-9一二三四五六七八九十]|"
    r"[顺順][产產]|"
    r"剖[腹宫宮]|喜得|"
    r"(?i:hits|(?:is|be|was|became|reach(?:es|ed)) [0-9a-z-]+ (?:on|this|next)|[0-9](?:st|nd|rd|th) )|"
    r"(?i: world|had (?:me|us|him|her))|[属屬][鼠牛虎兔龙龍蛇马馬羊猴鸡雞狗猪豬]|"
    r"白羊|牡羊|金牛|[双雙]子|巨蟹|[狮獅]子|[处處]女|天秤|天[蝎蠍]|射手|摩羯|水瓶|[双雙][鱼魚]|"
    r"(?i:aries|taurus|gemini|leo|virgo|libra|scorpio|sagitt|capric|aquar|pisces)|"
    r"n[ée]e? le|(?i:little one|newborn|twins|triplets) (?i:came|arrived)|"
    r"geb|naci|naiss|nasci|[*][0-9]|рожд|родил|narozen|urodz|do[gğ]um|f[øö]d|syntym|sinh|lahir|생|"
    r"[MF][,/|;]? [0-9A-Z]|[MF]\)|20[2-9][0-9]|" + _SAID_WORTH,
)  # fmt: skip
def date_of_birth(text: str) -> list[Span]:
    """Finds dates of birth in the usual forms of both languages. Choose it for patients, pupils and insured people.

    A date is one only beside a word that says so, or behind a child's name; every other date stays, and so does a year
    alone.
    """
    found, sure = list[Span](), list[Span]()
    for pattern in _MAY(text):
        if pattern in _LISTS:
            found += _LISTS[pattern](text)
            continue
        for match in pattern.finditer(text):
            if pattern is _LISTED:
                found += [one.span() for one in _ONE.finditer(text, *match.span())]
            else:
                (sure if pattern is _BEFORE else found).append(match.span(match.lastgroup or 0))
    found += [more for span in (*found, *sure) for more in (*_corrected(text, span[1]), *_alike(text, span))]
    return merged([*sure, *(span for span in found if not of_another_day(text, span))])


_ASIDE = rule(r"[.!?](?=\s|\Z)|[\n。！？]")
_PART = rule(r"[0-9]+|[A-Za-z]+\.?")


def _alike(text: str, span: Span) -> Iterator[Span]:
    """Dates further on in the sentence that are written as a birth is: of others, or what somebody else holds."""
    start, end = span
    if LIVED.match(text, start) is None:
        return
    written = _PART.sub("9", text[start:end])
    stop = _ASIDE.search(text, end)
    for match in LIVED.finditer(text, end, stop.start() if stop else len(text)):
        if _PART.sub("9", match[0]) == written:
            yield match.span()


def _corrected(text: str, end: int) -> Iterator[Span]:
    """Dates that stand beside one, of somebody else or instead of it."""
    while match := _MORE.match(text, end):
        yield match.span("find")
        end = match.end()
