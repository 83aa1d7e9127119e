"""How a date is written and said, in the languages that the masks read; a rule may hold `DATE` once."""

from __future__ import annotations

__all__ = [
    "ADULT",
    "BEGINS",
    "DATE",
    "DATE_END",
    "DAY_ONLY",
    "ERA_YEAR",
    "FEAST",
    "FULL",
    "LIFE",
    "MONTH",
    "NUMBER",
    "SPOKEN",
    "YEAR",
    "YEAR_OF_LIFE",
]

MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
YEAR = r"(?:1[89]|20)\d{2}"
YEAR_OF_LIFE = r"(?:19\d{2}|200\d|201\d)"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
NUMBER = rf"(?i:{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?|(?:oh[ -])?(?:{_ONES}))"
_NTH = (
    r"(?i:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    r"fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second|"
    r"third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_YEAR_SAID = (
    rf"(?i:(?:nineteen|twenty)[ -](?:hundred|(?:oh?[ -])?(?:{_ONES})|{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?)|"
    rf"two thousand(?: (?:and )?(?:{_ONES}|{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?))?)(?![a-z])"
)
_CENT = rf"(?i:(?:{_TENS})(?:[ -](?:{_ONES}))?)(?![a-z])"
_NUMERAL = "[一二〇零九八七六五四三○]{2,4}"
_STEM = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"
_ERA = r"(?:民[國国](?:前|初)?|光[緒绪]|宣[統统]|昭和|大正|平成)"
_MOON = r"(?:农历|農曆|阴历|陰曆|旧历|舊曆|古历|古曆|阴曆)"
_MONTH_ZH = "[正腊臘冬一二三四五六七八九十]{1,2}月"
_DAY_ZH = "初?[一二三四五六七八九十廿卅]{1,3}[日号號]?"
ERA_YEAR = rf"(?:{_ERA} ?(?:[一二三四五六七八九十百元]{{1,4}}|\d{{2,3}}) ?年|{_STEM}年)"
"""A year that says of itself that it is one of a life."""
BEGINS = (
    r"(?=[\d'’ADEFJMNOSTadefjmnostſ公西民光宣昭大平农農阴陰旧舊古正腊臘冬"
    r"一二三四五六七八九十〇零○甲乙丙丁戊己庚辛壬癸])"
)
"""What every date begins with: most places of a text are passed over for one look."""
DATE = (
    rf"(?:{BEGINS}(?:(?:公元|西元)?{YEAR}(?P<a>[-/. ·])\d{{1,2}}(?P=a)\d{{1,2}}|"
    rf"{YEAR}\. \d{{1,2}}\. \d{{1,2}}|\d{{1,2}}(?P<b>[-/. ])\d{{1,2}}(?P=b)(?:{YEAR}|\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|d)?(?: of)?[ -]?{MONTH},?[ -]?(?:{YEAR}|['’]?\d{{2}}(?!\d))"
    rf"|\d{{1,2}}/{MONTH}/(?:{YEAR}|\d{{2}})|\d{{1,2}}(?:st|nd|rd|th) of the \d{{1,2}}(?:st|nd|rd|th),? (?:{YEAR}|"
    rf"\d{{2}})"
    rf"|{MONTH}[ -](?:the )?\d{{1,2}}(?:st|nd|rd|th|d)?,?[ -](?:{YEAR}|['’]\d{{2}})|{MONTH},?(?: of)? {YEAR}"
    rf"|['’]\d{{2}} {MONTH} \d{{1,2}}"
    rf"|{_ERA}[一二三四五六七八九十百元]{{1,4}}年{_MONTH_ZH}(?:{_DAY_ZH})?"
    rf"|(?:{_ERA} ?|公元|西元|['’])?(?:{YEAR}|\d{{2,3}}) ?年 ?\d{{1,2}} ?月(?:份|底|初)?(?: ?\d{{1,2}} ?[日号號]?)?"
    rf"|{_ERA} ?\d{{2,3}}(?P<e>[-/.])\d{{1,2}}(?P=e)\d{{1,2}}"
    rf"|{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){YEAR_OF_LIFE}|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){YEAR_OF_LIFE}"
    rf"|(?:(?:{_STEM}|(?:公元|西元)?{_NUMERAL}|(?:{_ERA})?\d{{2,4}})年{_MOON}?|{_MOON}(?:(?:{_STEM}|{_NUMERAL}|"
    rf"\d{{2,4}})年)?)"
    rf"{_MONTH_ZH}(?:{_DAY_ZH})?"
    rf"|{_MONTH_ZH}{_DAY_ZH}"
    rf"|(?:{_NTH}(?: of)? {MONTH}|{MONTH} (?:the )?{_NTH})(?:,? (?:{YEAR}|{_YEAR_SAID}|{_CENT}))?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?![a-z])(?:,? (?:{_YEAR_SAID}|{_CENT}))?"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{1,2} ?月 ?\d{1,2} ?[日号號]?))"
)
DATE_END = r"(?!(?<=\d)\d)"
"""Where a date may end: no digit goes on."""
FULL = (
    rf"(?:{YEAR}[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}|\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]{YEAR}|"
    rf"{YEAR} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?[日号號]?)"
)
"""A date with its year, in digits."""
DAY_ONLY = (
    r"(?:\d{2,3}(?P<d>[./-])\d{1,2}(?P=d)\d{1,2}|\d{1,2}[./]\d{1,2}(?![./]?\d)|"
    r"(?:\d\d)?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d|"
    r"(?:19|20)\d\d[./-]\d{1,2}(?![./-]?\d))"
)
"""What is a date only right behind the word."""
SPOKEN = (
    rf"(?:(?:{NUMBER}|{_NTH}),? (?:(?:of )?{MONTH}|{NUMBER}|(?:of (?:the )?)?{_NTH}),? (?:{_YEAR_SAID}|{_CENT}|"
    rf"{NUMBER}(?![a-z]))"
    rf"|(?:{_NUMERAL}|[一二三四五六七八九十零〇]{{2,4}})年[，,、 ]*{_MONTH_ZH}(?:份)?(?:[，,、 ]*{_DAY_ZH})?)"
)
"""A date as somebody says it who was asked for one: a number, a number and a number."""
FEAST = (
    r"(?:(?i:christmas(?: day| eve)?|xmas(?: day| eve)?|boxing day|new year['’]?s (?:day|eve)|hallowe['’]?en|"
    r"valentine['’]?s(?: day)?|(?:st\.? |saint )patrick['’]?s day|leap day|easter (?:sunday|monday)|good friday|"
    rf"epiphany|midsummer(?:['’]?s)?(?: day| eve)?)(?:,?(?: of| in)? {YEAR}|,? {_YEAR_SAID})?"
    rf"|(?:(?:{YEAR}|\d{{2}}|{_NUMERAL})年?|[今去前]年)?的?"
    r"(?:元旦|大?除夕|年三十|大年三十|大年初[一二三四五六七八九十]|春[节節]|元宵[节節]?|清明[节節]?|端午[节節]?|"
    r"七夕[节節]?|中秋[节節]?|重[阳陽][节節]?|[国國][庆慶][节節]?|[圣聖][诞誕][节節]?|冬至|立[春夏秋冬]|"
    r"[古]尔邦[节節]|开斋[节節]|泼水[节節]|腊八[节節]?|小年夜?|平安夜|"
    r"[劳勞][动動][节節]|儿童节|兒童節|情人[节節]))"
)
"""A day that has a name."""


def _dated(year: str) -> str:
    """A whole date of such a year, however it is written."""
    return (
        rf"(?:{year}[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}|\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]{year}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[-/. ]{{0,2}}{MONTH},?[-/. ]{{0,2}}{year}"
        rf"|{MONTH}[-/. ]{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?,?[-/. ]{{0,2}}{year}|{year}[-/. ]{MONTH}[-/. ]\d{{1,2}}"
        rf"|{year} ?年 ?\d{{1,2}} ?月(?: ?\d{{1,2}} ?[日号號])?)"
    )


LIFE = _dated(YEAR_OF_LIFE)
"""A date of a life that has been lived for some years."""
ADULT = _dated(r"(?:19\d\d|200[0-8])")
"""A date of the birth of somebody grown."""
