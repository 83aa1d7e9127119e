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
    r"Green|Loop|Pike)"
)
_CAP = r"[A-Z][A-Za-z'’-]+\.?"
_INSIDE = (
    r"(?i:apartment|apt|unit|suite|ste|flat|floor|fl|room|rm|building|bldg|block|#)\.? ?#?[A-Za-z]?\d{0,5}[A-Za-z]?\b"
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|NSW|VIC|QLD|TAS|ON|BC|QC|AB)"
)
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4})"
_TAIL = (
    rf"(?:,? {_INSIDE})?"
    rf"(?:(?:,\s?|\n)(?!(?:Please|Thanks|And|But|The|I|My)\b){_CAP}(?: {_CAP}){{0,2}}){{0,2}}"
    rf"(?:,? {_STATE}(?: {_POSTCODE})?\b|,? {_POSTCODE}\b)?(?:, (?:USA|US|UK|United Kingdom|United States|England|"
    rf"Scotland|Wales|Canada|Australia|Ireland)\b)?"
)
_ENGLISH = re.compile(
    rf"(?<![A-Za-z0-9$£€#.-])(?:(?i:flat|apt|apartment|unit|"
    rf"suite)\.? ?#?\d{{0,4}}[A-Z]?,? )?\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})? "
    rf"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?(?:{_CAP} |\d{{1,3}}(?:st|nd|rd|"
    rf"th) ){{1,4}}{_TYPE}\b\.?(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?{_TAIL}"
    rf"|(?<![A-Za-z0-9$£€#.-])\d{{1,5}} (?:Broadway|Piccadilly|Strand|Cheapside){_TAIL}"
    rf"|(?i:p\.? ?o\.? box) \d{{1,6}}{_TAIL}"
)
_OWN = "[\u4e00-\u9fa5]"
_STOP = "我你您他她它的在到至往从去是住寄送发给为请把将于与和或了吗呢，。、！？；：按改成址地了请"
_PART = f"(?:(?![{_STOP}]){_OWN})"
_PROVINCE = (
    "(?:(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|"
    "甘肃|青海|台湾)省?|(?:广西|内蒙古|西藏|宁夏|新疆)"
    "(?:壮族|回族|维吾尔)?(?:自治区)?|(?:北京|天津|上海|重庆)市?|香港(?:特别行政区)?|澳门(?:特别行政区)?)"
)
_NUMBER = "(?:[0-9A-Za-z一二三四五六七八九十百甲乙丙丁]{1,6}(?:[-—~之][0-9A-Za-z]{1,5}){0,3})"
_STREET = f"{_PART}{{1,10}}?(?:大街|大道|街道|胡同|公路|[路街道巷弄里])"
_YARD = (
    "(?:小区|花园|家园|公寓|大厦|广场|新村|山庄|苑|城|中心|园区|科技园|工业园|产业园|大楼|宿舍|校区|府|湾|庭|"
    "公馆|国际|名都|新城)"
)
_DOOR = f"{_NUMBER} ?(?:号楼|号院|号|栋|幢|座|楼|单元|层|室|房|户|铺|弄|院|组|门|期|区|甲|乙)"
_CITY = (
    f"(?:{_PROVINCE}[ ,]?)?(?:{_PART}{{2,7}}?(?:自治州|地区|市|盟)[ ,]?)?(?:{_PART}{{1,6}}?(?:新区|自治县|"
    f"[区县旗市])[ ,]?)?(?:{_PART}{{1,6}}?(?:街道|[镇乡])[ ,]?)?"
)
_CHINESE = re.compile(
    rf"(?:{_CITY}(?:{_STREET}[ ,]?)(?:[东西南北中][段侧]?)?{_DOOR}(?:[ ,]?(?:{_PART}{{1,12}}?{_YARD}[ ,]?)?{_DOOR})*"
    rf"(?:[ ,]?{_PART}{{1,12}}?{_YARD}(?:[ ,]?(?:{_PART}{{0,2}})?{_DOOR})*)?(?:[ -]?{_NUMBER}(?:室)?(?![0-9元年月日"
    rf"点折件]))?"
    rf"|{_CITY}{_PART}{{1,12}}?{_YARD}[ ,]?{_DOOR}(?:[ ,]?{_DOOR})*(?:[ -]?[0-9]{{2,5}}室?(?![0-9元年月日点折件]))?"
    rf"|(?:{_PROVINCE}|{_PART}{{2,4}}市){_CITY}{_PART}{{1,8}}?村(?:{_DOOR})*)"
)


@register(
    "mask", "postal_address", zh=("地址", "住址"), order=70,
    worth="[0-9][A-Za-z]?,? [A-Z0-9]|[Bb][Oo][Xx] [0-9]|[路街道巷弄里苑园区城村厦楼号栋幢室座][^a-z]",
)  # fmt: skip
def postal_address(text: str) -> list[Span]:
    """Finds addresses of houses with what stands before and behind: flat, district, city, postcode.

    Choose it where things are delivered or visited. A street without a number, a city or a country alone stays.
    """
    return [*spans(text, _ENGLISH), *spans(text, _CHINESE)]
