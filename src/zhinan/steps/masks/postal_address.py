"""Mask of postal addresses in English and 中文: a house number with a street, and what belongs to it."""

from __future__ import annotations

import re

from zhinan.core import register
from zhinan.steps.masks._spans import Span, spans

__all__ = ["postal_address"]

_TYPE = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|"
    r"Close|Crescent|Cres|"
    r"Parkway|Pkwy|Highway|Hwy|Circle|Cir|Row|Gardens|Grove|Mews|Walk|Trail|Alley|Plaza|Quay|Wharf|Hill|Rise|Vale|"
    r"Green|Loop|Pike|Parade|Brow|Cottages|Bank|Heights|Embankment|Bryn)"
)
_CAP = r"[A-Z][A-Za-z'’-]+\.?"
_CITY = r"[A-Z][a-z'’-]+[A-Za-z]*\.?"
_INSIDE = (
    r"(?i:apartment|apt|unit|suite|ste|flat|floor|fl|room|rm|building|bldg|block|#)\.? ?#?[A-Za-z]?\d{0,5}[A-Za-z]?\b"
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|NSW|VIC|QLD|TAS|ON|BC|QC|AB)"
)
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
_TAIL = (
    rf"(?:,? {_INSIDE})?"
    rf"(?:(?:,\s?|\n)(?!(?:Please|Thanks|And|But|The|I|My)\b){_CITY}(?: {_CITY}){{0,2}}){{0,2}}"
    rf"(?:,? {_STATE}(?: (?:{_POSTCODE}|\d{{4}}))?\b|,? {_POSTCODE}\b|,? \d{{6}}\b)?(?:, (?:USA|US|UK|United Kingdom|"
    rf"United States|England|"
    rf"Scotland|Wales|Canada|Australia|Ireland)\b)?"
)
_HOUSE_NAME = (
    r"(?:The )?(?:[A-Z][a-z]+ ){0,2}(?:Cottage|House|Lodge|Forge|Farm|Barn|Hall|Manor|Villa|Rectory|Greenbank), "
)
_WITHIN = r"(?:(?i:flat|apt|apartment|unit|suite|room|floor|building|block|tower)\.? ?#?[0-9A-Za-z]{1,5},? ){1,3}"
_POINT = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?"
_ENGLISH = re.compile(
    rf"(?<![A-Za-z0-9$£€#.-])(?:{_HOUSE_NAME})?(?:{_WITHIN})?(?:\d{{1,4}}/)?\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})? {_POINT}"
    rf"(?:(?:{_CAP} |\d{{1,3}}(?:st|nd|rd|th) ){{1,4}}{_TYPE}\b\.?|(?:Heol|Ffordd|Via|Calle) (?:[A-Z]\w* ?){{1,3}}\b)"
    rf"(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b)?{_TAIL}"
    rf"|(?<![A-Za-z0-9$£€#.-])\d{{1,5}} (?:Broadway|Piccadilly|Strand|Cheapside){_TAIL}"
    rf"|(?i:p\.? ?o\.? box) \d{{1,6}}{_TAIL}"
    r"|\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|allée|impasse|quai) "
    r"(?:[a-zé]+['’ ]){0,3}[A-ZÉ][\w'’-]+(?: [A-ZÉ][\w'’-]+)*(?:, \d{5} [A-ZÉ][\w'’-]+)?"
    r"|\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|weg|platz|allee|gasse) \d{1,4}[a-z]?\b(?:, \d{5} [A-ZÄÖÜ][\w-]+)?"
)
_STOP = "我你您他她它的在到至往从去是住寄送发给为请把于与或了吗呢按改址说问叫找籍居送貨至"
_FIRST = f"(?:(?![{_STOP}])[\u4e00-\u9fa5])"
_LATER = "(?:(?![我你您他她的了吗呢是到])[\u4e00-\u9fa5])"
_PROVINCE = (
    "(?:(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|"
    "甘肃|青海|台湾)省?|(?:广西|内蒙古|西藏|宁夏|新疆)"
    "(?:壮族|回族|维吾尔)?(?:自治区)?|(?:北京|天津|上海|重庆)市?|香港(?:特别行政区|[新九港][界龍岛島])?|新界|"
    "九龍|澳门(?:特别行政区)?)"
)
_UNIT = "(?:自治州|地区|自治县|新区|开发区|高新区|街道|[市盟区县旗镇乡區縣鎮鄉])"
_AREA = f"(?:{_PROVINCE}|{_FIRST}{{2,7}}?{_UNIT})[ ,]?(?:{_LATER}{{1,7}}?{_UNIT}[ ,]?){{0,4}}"
_NUMBER = "(?:[东西南北中](?=单元)|[0-9A-Za-z一二三四五六七八九十百甲乙丙丁]{1,6}(?:[-—~之][0-9A-Za-z]{1,5}){0,3})"
_ROAD = "(?:大街|大道|胡同|公路|[路街巷弄里]|道(?=[0-9]{1,4}號))(?:[东西南北中一二三四五六七八九][段侧路])?"
_YARD = (
    "(?:小区|花园|花園|大廈|廣場|社區|家园|公寓|大厦|广场|新村|山庄|苑|城|中心|园区|科技园|工业园|产业园|大楼|"
    "宿舍|校区|府|湾|庭|"
    "公馆|国际|名都|新城|嘉园|雅苑|花苑|里|园|轩|阁|村)"
)
_DOOR = f"{_NUMBER} ?(?:号楼|号院|号|栋|幢|座|楼|单元|层|室|房|户|铺|弄|院|组|期|区|排|门|巷|號|樓|棟|單元|層)"
_HOUSE = "[0-9A-Za-z]{1,5}(?:[-~][0-9A-Za-z]{1,4})? ?(?:号楼|号院|号|栋|幢|座|单元|室|弄|院)"
_GATE = f"{_NUMBER} ?(?:号楼|号院|号|栋|幢|座|弄|院|单元|巷|號|棟)"
_ROOM = "(?:[ -]?[A-Za-z]?[0-9]{2,5}(?:室|号)?(?![0-9]|[元年月日点折件]))?"
_CHINESE = re.compile(
    rf"(?:{_AREA}{_LATER}{{1,10}}?{_ROAD}|{_FIRST}{{1,8}}?{_ROAD})[ ,]?{_GATE}"
    rf"(?:[ ,]?(?:{_LATER}{{1,12}}?{_YARD}[ ,]?)?{_DOOR}|[ ,]?{_LATER}{{1,12}}?{_YARD}"
    rf"(?![\u4e00-\u9fa5])){{0,6}}{_ROOM}"
    rf"|(?:{_AREA}{_LATER}{{1,12}}?{_YARD}[ ,]?{_DOOR}|{_FIRST}{{1,10}}?{_YARD}[ ,]?{_HOUSE})"
    rf"(?:[ ,]?{_DOOR}){{0,4}}{_ROOM}"
    rf"|{_FIRST}{{2,9}}?市{_LATER}{{1,6}}?[区县]{_LATER}{{1,10}}?(?:大街|大道|[路街巷])(?![一-龥]|[0-9])"
    rf"|(?:{_PROVINCE}|"
    rf"{_FIRST}{{2,4}}[市县])(?:{_LATER}{{1,6}}?{_UNIT}){{0,3}}{_LATER}{{1,8}}?(?<!度假)村{_DOOR}(?:{_DOOR}){{0,2}}"
)


@register(
    "mask", "postal_address", zh=("地址", "住址"), order=70,
    worth="[0-9][A-Za-z]?,? [A-Z0-9]|[0-9],? ?(?:rue|avenue|boulevard|place|chemin|quai|allée|impasse)|"
    "[Bb][Oo][Xx] [0-9]|"
    "(?:stra(?:ß|ss)e|str[.]|weg|platz|allee|gasse) [0-9]|[0-9](?: bis| ter),? |"
    "[0-9A-Za-z一二三四五六七八九十百甲乙丙丁东西南北中] ?(?:号|栋|幢|座|弄|院|单元|巷|號|棟|單元)|"
    "(?:厦|广场|廣場|中心|园|園|苑|城|区|區|村|寓|府|庄|舍|湾|庭|馆|际|都|里|轩|阁|"
    "楼)[ ,]?[0-9一二三四五六七八九十百甲乙丙丁A-Za-z]|"
    "市[一-龥]{1,6}[区县]",
)  # fmt: skip
def postal_address(text: str) -> list[Span]:
    """Finds addresses of houses with what stands before and behind: flat, district, city, postcode.

    Choose it where things are delivered or visited. A street without a number, a city or a country alone stays.
    """
    return [*spans(text, _ENGLISH), *spans(text, _CHINESE)]
