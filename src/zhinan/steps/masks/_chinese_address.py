"""Finds Chinese addresses: districts, a road, an estate or a village, and the numbers of houses and doors behind it."""

from __future__ import annotations

import re
from functools import cache

from zhinan.core.rules import rule
from zhinan.steps.masks._chinese_costs import simplified
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._spans import Span, spans
from zhinan.steps.masks._tables import section

__all__ = ["addresses"]

_STOP = "喺我你您他她它的在到至往从去是住寄送发给为请把于与或了吗呢按改址说问叫找籍居货至和跟让被帮搬"
_FIRST = f"(?:(?![{_STOP}])[\u4e00-\u9fa5])"
_LATER = "(?:(?![我你您他她的了吗呢是到])[\u4e00-\u9fa5])"
_PROVINCE = (
    "(?:(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|"
    "甘肃|青海|台湾)省?|(?:广西|内蒙古|西藏|宁夏|新疆)(?:壮族|回族|维吾尔)?(?:自治区)?|(?:北京|天津|上海|重庆)市?|"
    "(?:台北|新北|桃园|台中|台南|高雄|基隆|新竹|嘉义|苗栗|彰化|南投|云林|屏东|宜兰|花莲|台东|澎湖|金门)[市县]|"
    "香港(?:特别行政区|[新九港][界龙岛])?|新界|九龙|澳门(?:特别行政区)?)"
)
_UNIT = "(?:自治州|地区|自治县|新区|开发区|高新区|工业区|街道|(?<!小)区|[市盟县旗镇乡])"
_AREA = f"(?>(?:{_PROVINCE}|{_FIRST}{{2,7}}?{_UNIT})[ ,\n]?(?:{_LATER}{{1,7}}?{_UNIT}[ ,\n]?){{0,4}})"
"""Atomic: what was read as a district is not read again, however the rest goes on."""
_NUMBER = (
    "(?:[东西南北中](?=单元|门|户)|"
    "[甲乙丙丁]?[0-9A-Za-z一二三四五六七八九十百甲乙丙丁]{1,6}(?:[-—~之][0-9A-Za-z]{1,5}){0,3})"
)
_ROAD = (
    "(?:大街|大道|胡同|公路|[路街巷弄里]|道(?=[0-9]{1,4}号))(?:[东西南北中]?[东西南北中一二三四五六七八九][段侧路])?"
)
_YARD = (
    "(?:小区|花园|家园|公寓|大厦|广场|新村|山庄|苑|城|中心|园区|科技园|工业园|产业园|创意园|大楼|宿舍|校区|府|湾|"
    "庭|公馆|国际|名都|新城|"
    "嘉园|雅苑|花苑|里|园|轩|阁|村|名邸|府邸|官邸|御园|学府|雅居|新居|佳园|华庭|雅筑|名筑|首府|壹号|半岛|郡|墅|"
    "购物中心|科技城|创业园|软件园|商务楼|家属院|家属区|宿舍区|大院|社区|写字楼|商场|市场|酒店|宾馆|医院|住院部|"
    "门诊楼|大学|学院|中学|小学|厂区|"
    "仓库|别墅|豪庭|天地|时代|世家|华府)"
)
_DOOR = (
    f"(?:附|之|地下|负)?{_NUMBER} ?(?:号楼|号院|号[库仓]|号门(?!口)|号|栋|幢|座|"
    "楼(?![下上梯道顶主])|单元|层|室|房|户|铺|弄|院|组|社|队|期|区|排|门(?!口)|巷|F)(?:之[0-9一二三四五]+)?"
)
_ODD = (
    "(?:地下(?:[一二三四0-9]层)?|[东西南北主副]楼(?=[0-9])|(?<=[楼层])[A-Z](?![A-Za-z0-9])|[A-Z]?[铺舖座室]|"
    "[甲乙丙丁](?![一-龥])|"
    "[一二三四五六七八九零〇]{3,4}(?![一二三四五六七八九十零〇号]))"
)
_ANYHOW = '[^我你您他她它的了吗呢是有说，。！？；、,!?;:：\n“”"（）()]'
_NO_GATE = "(?![线机文选球馆令口服电种字桌窗])"
_FURTHER = (
    "[ ,]?(?:(?![收寄送取])[\u4e00-\u9fa5A-Za-z]){1,12}?第?[0-9A-Z一二三四五六七八九十]{1,4}"
    "(?:号楼|栋|幢|座|单元|室|楼(?![下上梯道顶主])|层|期|区)"
)
_HOUSE = "[甲乙丙丁]?[0-9A-Za-z]{1,5}(?:[-~][0-9A-Za-z]{1,4}){0,3} ?(?:号楼|号院|号|栋|幢|座|单元|室|弄|院)"
_GATE = f"{_NUMBER} ?(?:号楼|号大院|号院|号|栋|幢|座|弄|院|单元|巷)(?:之[0-9一二三四五]+)?"
_ROOM = (
    "(?:[0-9]{1,3}-[A-Za-z]?[0-9]{1,4}(?![0-9])|"
    "[ -]?[A-Za-z]?[0-9]{2,5}(?:室|号|房)?(?![0-9]|[元年月日点折件分块人岁万]))?"
)
_TAIL = (
    rf"(?:[ ,]?(?:{_LATER}{{1,12}}?{_YARD}[ ,]?)?{_DOOR}|\n{_DOOR}|[ ,]?{_LATER}{{1,12}}?{_YARD}(?=[^\u4e00-\u9fa5]|"
    rf"\Z|门口|楼下|东门|西门|南门|北门|地下|大堂|前台|停车|[东西南北主副]楼)"
    rf"|[ ,]?{_LATER}{{2,8}}?[A-Z][座栋区])"
)
_CHINESE = tuple(
    rule(pattern)
    for pattern in (
        rf"{_AREA}{_ANYHOW}{{0,30}}?(?:{_GATE}{_NO_GATE}|[村庄屯寨][一-龥]{{1,4}}组|"
        rf"委(?:会)?[0-9一二三四五六七八九十]{{1,3}}组)(?:{_TAIL}|[ ,]?{_ODD}|"
        rf"{_FURTHER}){{0,6}}{_ROOM}",
        rf"{_FIRST}{{2,10}}?(?:[一二三四五六七八九]区)?[0-9]{{1,3}}(?:栋|幢|"
        rf"号楼)[0-9一二三四五六七八九]{{1,2}}(?:单元|门)"
        rf"(?:{_TAIL}){{0,3}}{_ROOM}",
        rf"(?:{_AREA}{_LATER}{{1,10}}?{_ROAD}|{_FIRST}{{1,8}}?{_ROAD})[ ,]?{_GATE}{_TAIL}{{0,6}}{_ROOM}",
        rf"(?:{_AREA}{_LATER}{{1,12}}?{_YARD}[ ,]?{_DOOR}|"
        rf"{_FIRST}{{1,12}}?{_YARD}(?:第?[一二三四五六七八九十0-9A-Z东西南北]{{1,2}}[期区街路巷])?"
        rf"[ ,]?{_HOUSE}){_TAIL}{{0,4}}{_ROOM}",
        rf"{_FIRST}{{2,9}}?市{_LATER}{{1,6}}?[区县]{_LATER}{{1,10}}?(?:大街|大道|[路街巷])(?![一-龥]|[0-9])",
        rf"(?:{_PROVINCE}|{_FIRST}{{2,4}}[市县])(?:{_LATER}{{1,6}}?{_UNIT}){{0,3}}{_LATER}{{1,8}}?(?<!度假)[村庄屯寨]"
        rf"(?:(?:{_DOOR}){{1,3}}|(?<=[县镇乡区].[村庄屯寨])|(?<=[县镇乡区]..[村庄屯寨])|"
        rf"(?<=[县镇乡区]...[村庄屯寨]))",
        rf"{_FIRST}{{2,12}}?[村邨苑园]{_LATER}{{1,5}}?[楼阁座] ?(?:[0-9]{{1,2}}[楼层])?[0-9]{{1,5}}[A-Z]?室",
        rf"{_FIRST}{{2,10}}?[一二三四五六七八九十]区[甲乙丙丁]?[0-9]{{1,4}}(?:号楼|楼|栋|"
        rf"号院)(?:{_TAIL}){{0,3}}{_ROOM}",
        rf"{_FIRST}{{2,10}}?(?:家属院|家属区|宿舍区?|小区|新村|公寓|大院|职工楼)[老新东西南北]?{_NUMBER}(?:号楼|栋|"
        rf"幢|座|单元)"
        rf"(?:{_TAIL}){{0,3}}{_ROOM}",
        rf"(?:{_AREA}{_LATER}{{1,10}}?|{_FIRST}{{2,10}}?)(?:[A-Z一二三四东西南北]区|[一二三四五六七八九0-9]期|"
        rf"{_YARD})[0-9]{{1,3}}(?:[-—][0-9]{{1,4}}){{1,3}}(?![0-9])",
        rf"{_FIRST}{{2,6}}? ?[0-9]{{1,3}} ?巷 ?[0-9]{{1,4}} ?座(?: ?#[0-9]{{1,2}}-[0-9]{{1,4}})?",
        r"(?:〒 ?)?(?:[0-9]{3}-[0-9]{4} ?)?(?:[东東]京都|北海道|京都府|大阪府|"
        r"[一-龥]{2,3}[県县])[一-龥ぁ-んァ-ヶー々]{2,16}? ?[0-9]{1,4}"
        r"(?:丁目|番地?|[号號]|-[0-9]{1,4}){0,4}(?: ?[ァ-ヶーA-Za-z一-龥]{2,16} ?[0-9]{2,4}(?:[号號]室)?)?",
    )
)
_CODE = rule("[，, ]{0,2}#[0-9]{1,2}-[0-9]{1,4}|[，, ]{0,2}(?:[邮郵][区區]|新加坡)[:： (（]{0,2}[0-9]{5,6}[)）]?")
"""A unit and a postcode behind an address."""
_MAY = Gate(_CHINESE)
_LEAD = rule(
    "(?:快递|包裹|外卖|麻烦|公司|单位|老家|娘家|家|改成|改为|变更为|地址|收货|配送|现住|户籍地?|门牌号?|位于|就是|"
    "新(?=家|店|地址|住址)|旧(?=家|店|地址|住址)|成|放|对应|户号|约|停|猫|狗|丢|装|桩|水表|电表|燃气表|气表|充电|派|"
    "在|送|寄|我们?|帮|从|物业|搬|取件|自提|上门|维修|投递|退回|回|"
    "接|店|住址|住|人|来|客户)+"
)


@cache
def _places() -> re.Pattern[str]:
    """What an address begins with: a province, or a city or district by its full name."""
    full = sorted((place for place in section("places") if len(place) > 2), key=lambda place: (-len(place), place))
    return re.compile(f"{_PROVINCE}|{'|'.join(full)}")


def addresses(text: str) -> list[Span]:
    """Spans of Chinese addresses; what says where to, before them, is no part."""
    text = simplified(text)
    return [_ended(text, _begun(text, span)) for pattern in _MAY(text) for span in spans(text, pattern)]


def _ended(text: str, span: Span) -> Span:
    """The address with its unit and its postcode."""
    start, end = span
    while match := _CODE.match(text, end):
        end = match.end()
    return start, end


def _begun(text: str, span: Span) -> Span:
    """The address from its province, city or district on, or without the words that lead to it."""
    start, end = span
    place = _places().search(text, start, min(end, start + 12))
    if place and start < place.start() and not re.search(r"[路街巷区市县镇0-9]", text[start : place.start()]):
        return place.start(), end
    lead = _LEAD.match(text, start, end - 4)
    if lead and not place:
        return lead.end(), end
    return span
