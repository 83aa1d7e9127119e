"""Places where a Chinese name stands and hardly anything else: forms, signatures, speakers, lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zhinan.core.rules import rule
from zhinan.steps.masks._chinese_costs import odds, ordinary, plainly
from zhinan.steps.masks._chinese_cues import BRANDS, CALLED, HAN, NO_PART, NOBODY, ROLE, SELDOM
from zhinan.steps.masks._chinese_sides import titled
from zhinan.steps.masks._gates import Gate
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import bits, english
from zhinan.steps.masks._words import listed

__all__ = ["beside", "placed"]

_KIN = (
    "老公|老婆|丈夫|妻子?|爱人|儿子|女儿|妈|爸|爹|娘|哥|姐|弟|妹|舅|姨|叔|伯|嫂|婶|朋友|同事|邻居|顾客|客户|客服|"
    "[一-龥]员|师傅|医生|学生|[组队店院班]长|经理|主任|房东|店主|主管|哥哥|楼主|小哥"
)
_SLOTS = tuple(
    rule(pattern)
    for pattern in (
        rf"(?:[{HAN}]人(?:姓名)?[:：]|(?:姓名|户名|患者|乘客|客户|司机|店长|主任|医生|护士|记录|审批|复核|经办|"
        rf"签名|签字|落款)[:：]|姓名[是为]|"
        rf"我叫|名叫|名字[叫是]|全名[叫是]?|——(?:店长|店主|客服)|"
        rf"[^{HAN}]主人)[ “\"（(]?(?P<find>[{HAN}]{{2,4}}?)(?=[^{HAN}]|\Z|先生|女士)",
        rf"(?:\A|[^{HAN}]|请|给|找|叫|跟|是)(?P<find>[{HAN}]{{2,3}})(?=先生|女士(?!们))",
        rf"(?:儿子|女儿|孩子|宝宝|外甥女?|侄[子女]|孙[子女]|位是|"
        rf"带)(?P<find>(?P<twice>[{HAN}])(?P=twice))(?![{HAN}]?的)",
        rf"(?:\A|[^{HAN}]|[件货系请]人)(?P<find>[{HAN}])(?=先生|女士|小姐|太太)",
        rf"(?:\A|[^{HAN}])(?P<find>(?P<again>[{HAN}])(?P=again))(?=妈妈|爸爸|[今昨明]天)",
    )
)
_OPEN_SLOTS = tuple(
    rule(pattern)
    for pattern in (
        rf"\n[ \u3000]*(?P<find>[{HAN}]{{2,3}})[ \u3000]*(?=\n|\Z)",
        rf"(?:\A|[^{HAN}])(?P<find>[{HAN}]{{2,3}})(?=[ ,，:：（(/|、-]{{0,2}}(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}})",
        rf"(?:[（(]|姓名|——)(?P<find>[{HAN}]{{2,3}})(?=[）)]|[，。,.\n]|\Z)",
        rf"(?:收件|收货|寄件|联系|代办|经办|委托|投保|被保险|受益|申请|报案|投诉|嫌疑|被害|报修|预约|预订|订餐|"
        rf"乘机|入住|持卡|取件|签收|对接|担保|借款|监护|负责|值班)人"
        rf"(?:是|为|叫|换成|改成|改为)?[: ]?(?P<find>[{HAN}]{{2,3}}?)(?=[^{HAN}]|\Z|[与和于已的在是为])",
        rf"[:：] ?(?P<find>[{HAN}]{{2,3}})(?=[、，（(/；;。\n]|\Z)",
        rf"(?:\A|[^{HAN}]|[请给找叫跟是帮])(?P<find>[{HAN}]{{3}})(?=同学|老师|博士|队长|医生|医师|主任|律师|师傅|教授|"
        rf"经理|护士|老先生)",
        rf"(?:\A|[\n\]】）)]|\d:\d\d(?::\d\d)?) ?(?P<find>[{HAN}]{{2,3}})[:：]",
        rf"(?:[这那]位?是|[我他她]是|这里是|自称|叫|订餐人)(?P<find>[{HAN}]{{2,3}})(?=[，。,.！!？?；;\n（(]|"
        rf"\Z|的邮件)",
        rf"(?:{_KIN}|@|床|栋的?|室的?)(?P<find>[{HAN}]{{2,3}})(?=[，。,；;\n（(]|\Z|说|问|给|在|也|把|跟|打|发|"
        rf"体温|陪同|住|刚|人很|态度)",
        rf"(?:\A|[，。,！!？?；;\n ])(?P<find>[{HAN}]{{2,3}})(?=说[她他我要不]|你好|您好|你外卖|，[男女]，|"
        rf"[今昨明]天[又没不来]|姐，|哥，|叔，|姨，|妈妈|爸爸)",
        rf"(?:\A|[^{HAN}])(?P<find>[{HAN}]{{2,3}})(?=本人|请(?:处理|确认|查收|回复|核实|知悉|跟进|签字)|"
        rf"[（(][前后白夜早中晚日][班夜]?[)）])",
        rf"(?:\A|[，。,！!？?；;\n ])(?P<find>[{HAN}]{{2,3}})(?=[和与跟同][{HAN}]{{2,3}}(?:是|两|都|一起|结|吵|打|分))",
        rf"(?:\A|\n)(?P<find>[{HAN}]{{2,3}})(?=[，,](?:请|麻烦|您|明天|今天|回电))",
        rf"(?:恭喜|欢迎|祝贺|感谢|表扬|墓主|逝者|职工)(?P<find>[{HAN}]{{2,3}}?)(?=[、和，,！!。]|\Z|通过|入|加|获|"
        rf"同学|警告|记过)",
        rf"(?:找|给|联系|帮|和|跟|听|转账给|问|让|请|叫)(?P<find>[{HAN}]{{2,3}})(?=说|确认|挂|通了|发了?|打|登录|"
        rf"\d|要|拿|[来去]|一下)",
    )
)
_SURNAME = rule(
    rf"(?<![百同复老])姓[:： ]?(?P<find>[{HAN}]{{1,2}})"
    rf"|(?P<some>[{HAN}])(?=某)|(?P<titled>[{HAN}])(?= ?(?:[Ss]ir|SIR|[Mm]iss)(?![A-Za-z]))"
    rf"|(?:姓名|联系人|收件人|收货人|患者|户名)[:： ]?(?P<hidden>[{HAN}])(?=[ （(*＊某]|[^{HAN}]{{0,2}}[（(*＊])"
    rf"|(?P<both>[{HAN}]{{2}})(?=[,， ]{{1,2}}[复複双雙]姓)"
)
_OWN = rule(rf"(?:我叫|名叫|姓名[是:：]|名字[叫是]|全名[叫是]?) ?(?P<find>[{HAN}]{{3,5}})(?=[^{HAN}]|\Z)")
_ROW = rule(rf"(?:\A|[^{HAN}])(?P<find>[{HAN}]{{2,5}})(?=[ ,，|:：\t]{{1,2}}(?:\d{{17}}[\dXx]|1[3-9]\d{{9}})(?!\d))")
"""Before the number of a person in a row."""
_TITLE_OF_CELL = rule(
    "[号號码碼证證话話机機式信方人户戶单單员員]\\Z|[电電][话話]|手[机機]|身份|[联聯聯][系繫絡]|"
    "[编編]|尾|[验驗]|[新旧原]"
)
_PARTS = "|".join(sorted(listed(
    """
    古力 巴哈尔 米热 迪丽 热巴 祖力 热孜 艾则 玉素 麦麦 阿不都 阿布都 热合曼 买提 孟克 其木格 斯琴 高娃 乌云 托娅 塔娜
    旺杰 旺扎 加措 嘉措 措姆 卓嘎 德庆 罗布 益西 云丹 贡嘎 曲尼 曲扎
    丹增 乌兰 买买提 买合 仁青 其其格 努尔 卓玛 古丽 吐尔逊 呼和 图雅 多吉 央金 娜仁 尼玛 巴桑 巴特尔 布和 帕提 平措
    强巴 德吉 才让 扎西 拉姆 拉珍 旺堆 旺姆 普布 曲珍 木拉提 格桑 桑吉 次仁 洛桑 热依汗 玛依拉 白玛 米玛 索朗 艾力
    艾尔肯 艾山 苏日 萨仁 贡布 边巴 达瓦 那日 阿依 阿卜杜 顿珠
    """
), key=lambda word: (-len(word), word)))  # fmt: skip
_TOLD = rule(
    rf"(?:[收寄联取代申经签报预订委投受][件系人货办领请约票托保益]{{1,2}}"
    rf"(?:人|(?=[是为叫写填作做:： ]))|姓名|名字|名叫|[我他她]叫|全名|户名|"
    rf"患者|病人|乘客|住客|签名|落款)"
    rf"(?:[是为叫写填作做:： ]|只剩){{0,2}}(?P<find>[{HAN}]{{2,5}})(?=[^{HAN}]|\Z)"
)
_PLATEAU = rule(f"(?P<find>(?:{_PARTS}){{2}})")
_PETS = (
    rule(rf"(?:\A|[^{HAN}])(?P<find>[小阿][{HAN}])(?=你[把能要再帮给怎有在])"),
    rule(
        r"(?:\A|[，。,、！!；;：:\n @])(?P<find>[强军伟刚勇亮斌波涛磊杰浩凯鹏辉峰]子)"
        r"(?=干|说|你|昨|今|明|又|没|来|去|给|把|欠|那|哥|的[车电手人])"
    ),
    rule(rf"(?:\A|[^{HAN}])(?P<find>[{HAN}]{{2}}[姐哥])(?=家的|家[^{HAN}]|说[她他我要不明]|你好|您好)"),
)
"""小雨你把…, 方糖姐家的."""
_NO_PET = rule(
    "小[心时姐哥便弟妹学区吃]|阿[姨婆公爸妈嬷]|快递|外卖|顺丰|美团|滴滴|收银|保[安洁姆]|前台|客服|销售|物业|送餐|"
    "大[姐哥]|"
    "[亲表堂学师][姐哥]|[我你他她的那这]"
)
_KIN_TWICE = rule("[爷奶爸妈哥姐弟妹叔伯姑舅公婆]{2}")
_BOTH = rule(
    rf"(?:(?<![A-Za-z])(?P<find>[A-Z][a-z]{{2,10}} ?[{HAN}])(?=[^{HAN}]|\Z|[的几时说话问叫同跟已今未有系在请])|"
    rf"(?:\A|[^{HAN}]|[帮问找叫请给跟下])(?P<turned>[{HAN}] ?[A-Z][a-z]{{2,10}})(?![A-Za-z]))"
)
"""Jacky 溫, 陳Mandy."""
_NICK = rule(rf"(?:\A|[^{HAN}])(?P<find>[小阿][{HAN}])(?=[鸽迟没来去说请又已还不买带])")
_MIXED = rule("(?P<find>阿[A-Z][a-z]{1,11})")
_BESIDE = rule(
    rf"(?:[（(][^（()）\n]{{1,8}}[)）])?[、/和与及](?P<find>[{HAN}]{{2,3}}?)(?=[、/，。,；;（(\n ]|\Z|"
    rf"先生|女士|老先生|两|都|也|的|在|说|是|通过|获|入|一起)"
)


def placed(text: str) -> list[Span]:
    """Spans of what stands in a name's place and may be one."""
    found: list[Span] = []
    for place in (place for may in _MAY for place in may(text)):
        if place is _SURNAME:
            found += _surnames(text)
        elif place is _BOTH:
            found += [
                match.span(match.lastgroup or 0)
                for match in place.finditer(text)
                if _halves(match[match.lastgroup or 0])
            ]
        else:
            judge = _JUDGES[place]
            found += [match.span("find") for match in place.finditer(text) if judge(match["find"])]
    return found


def _own(name: str) -> bool:
    """Whether something that somebody is called is no word that we know."""
    return NO_PART.isdisjoint(name) and name not in ordinary() and not CALLED.search(name)


def _in_row(name: str) -> bool:
    """Whether what stands before a person's number is no title of a cell and no word that we know."""
    return _own(name) and not _TITLE_OF_CELL.search(name) and name not in NOBODY


def _halves(name: str) -> bool:
    """Whether one half of this is a foreign given name and the other a surname."""
    given = "".join(char for char in name if char.isascii() and char.isalpha()).lower()
    known, _, plain, place = english().get(given, (0, 0, 0, 0))
    family = name[-1] if name[0].isascii() else name[0]
    return known >= 2 and not plain and not place and bits("families").get(family, 99) <= 12


def _pet(name: str) -> bool:
    """Whether something that people call each other is no kin and nobody's trade."""
    return (
        not _NO_PET.match(name)
        and not name.endswith(("小姐", "大姐", "小哥", "大哥"))
        and (len(name) == 3 or NO_PART.isdisjoint(name[1:]))
    )


def _nick(name: str) -> bool:
    """Whether something beside a person's verb is how people call each other, and no word that is often used."""
    return _pet(name) and name not in BRANDS and ordinary().get(name, 99) > 17


def _strange(name: str) -> bool:
    """Whether something that is said to be a name is made of no words that we know."""
    said = NO_PART.isdisjoint(name) and name not in NOBODY and not CALLED.search(name)
    return said and plainly(name) > 11 * len(name)


def beside(text: str, at: int) -> Iterator[Span]:
    """Spans of who is listed behind a name that ends here."""
    match = _BESIDE.match(text, at)
    while match and _likely(match["find"]):
        yield match.span("find")
        match = _BESIDE.match(text, match.end())


def _surnames(text: str) -> Iterator[Span]:
    """Surnames that are said to be one, compound ones too."""
    for match in _SURNAME.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        for stop in range(end, start + bool(match["both"]), -1):
            if text[start:stop] in bits("families"):
                yield start, stop
                break


def _fills(name: str) -> bool:
    """Whether something in a name's place is one: it begins as names do, or is no word that we know."""
    if name[0] in "找接跟叫让帮送带问" or _KIN_TWICE.match(name):
        return False
    if name in NOBODY or not NO_PART.isdisjoint(name) or CALLED.search(name):
        return False
    families, rarity = bits("families"), ordinary().get(name, 99)
    usual = bits("chars").get(name[0], 20) - families.get(name[0], 99)
    if len(name) == 4:
        return name[:2] in families
    if len(name) == 3 and ordinary().get(name[:2], 99) < 18 and families.get(name[2], 99) < 15:
        return False
    if len(name) == 1:
        return name in families
    return usual >= 1 or name[0] == name[1] or rarity > 15


def _likely(name: str) -> bool:
    """Whether something where a name may well stand is one: a usual surname, and no word that is often used."""
    if name in NOBODY or name in BRANDS or name in SELDOM or CALLED.search(name) or ROLE.search(name):
        return False
    if not NO_PART.isdisjoint(name):
        return False
    families, chars = bits("families"), bits("chars")
    if name[:2] in families:
        return len(name) > 2 and odds(name[2:]) > 0
    if len(name) == 2 and name[0] in "小阿大老" and name not in ordinary():
        return chars.get(name[1], 20) - min(bits("second").get(name[1], 99), families.get(name[1], 99)) >= 1
    if families.get(name[0], 99) == 99 or any(titled(name, at) for at in (1, 2)):
        return False
    own = chars.get(name[0], 20) - families[name[0]]
    rarity = ordinary().get(name, 99)
    if len(name) == 3 and rarity > 16:
        return odds(name[1:]) > (-6 if own >= 2 else 3) and ordinary().get(name[:2], 99) > 19
    return rarity > 16 and (own >= 2 or odds(name[1:]) >= 2)


_JUDGES: dict[re.Pattern[str], Callable[[str], bool]] = {
    _OWN: _own,
    _ROW: _in_row,
    _TOLD: _strange,
    _PLATEAU: bool,
    _NICK: _nick,
    _MIXED: bool,
    **dict.fromkeys(_PETS, _pet),
    **dict.fromkeys(_SLOTS, _fills),
    **dict.fromkeys(_OPEN_SLOTS, _likely),
}
"""Place → what says whether its words are a name."""
_BARE = tuple(place for place in _JUDGES if place.pattern.startswith(r"(?:\A|"))
_MAY = Gate(_BARE), Gate([_SURNAME, _BOTH, *(place for place in _JUDGES if place not in _BARE)])
"""Apart, as RE2 needs far fewer states for those that begin behind any sign and for the others than for all."""
