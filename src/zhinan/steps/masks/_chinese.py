"""Finds Chinese names: a text is cut into words in the likeliest way, and names are among the words it is cut into.

Every cost is in bits: a word costs what its rarity says, a name what its surname and its characters say, less what the
words on both sides speak for. A name is found where the cheapest way to cut the text goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhinan.steps.masks._chinese_cues import (
    ACTS,
    BRANDS,
    CALLED,
    HAN,
    NO_PART,
    NOBODY,
    ROLE,
    SAYS,
    SEX,
    SHORT,
    SPEAKS,
    THING,
    TITLES,
    VERB,
)
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import bits, section
from zhinan.steps.masks._words import listed

__all__ = ["names"]

_RUN = re.compile(f"[{HAN}]{{2,}}")
_TYPICAL_ONE, _TYPICAL_TWO = 3, 4
_UNKNOWN = 23
_PART = 3
"""What a character costs more than its rarity where it is part of a word that we do not know."""
_NAME, _GIVEN, _PET, _TITLED = 9, 18, 15, 8
"""What being a full name, a given name alone, a pet name or a surname before a title costs before its characters."""
_FOREIGN = (
    "阿埃艾爱安奥巴贝本比彼宾波伯布查达大戴丹道德登蒂丁杜顿多恩尔法菲费芬弗福盖戈格根古哈海汉豪赫亨胡华霍"
    "基吉济加杰金凯坎康考科克肯孔库拉莱兰朗劳勒雷里莉丽利连列林琳隆卢鲁露伦罗洛马玛迈麦曼梅蒙米密明莫默姆"
    "穆纳娜南内尼妮宁纽诺欧帕派佩彭皮普齐奇乔琼让热瑞萨塞桑瑟森沙莎山舍圣施史舒司丝斯松苏索塔泰坦汤特提廷"
    "图托瓦万威维温沃乌西希夏香肖谢辛休雅亚扬耶伊依因英尤于约泽扎詹珍朱兹佐"
)
_DOTTED = re.compile(f"(?:[{HAN}]{{1,6}}|[A-Z])[·•](?:[{HAN}]{{1,7}}[·•])?[{HAN}]{{1,7}}")
_KIN = (
    "公|婆|夫|妻|爱人|儿子?|女儿?|妈|爸|哥|姐|弟|妹|舅|姨|叔|伯|嫂|友|事|邻居|客|员|师傅?|师|生|长|理|任|娘|东|"
    "主|管|哥哥|楼主|小哥"
)
_SLOTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:[{HAN}]人(?:姓名)?[:：]|(?:姓名|户名|患者|乘客|客户|司机|店长|主任|医生|护士|记录|审批|复核|经办|"
        rf"签名|签字|落款)[:：]|姓名[是为]|"
        rf"我叫|名叫|名字[叫是]|全名[叫是]?|——(?:店长|店主|客服)|"
        rf"[^{HAN}]主人)[ “\"（(]?(?P<find>[{HAN}]{{2,4}}?)(?=[^{HAN}]|\Z|先生|女士)",
        rf"(?:\A|[^{HAN}]|请|给|找|叫|跟|是)(?P<find>[{HAN}]{{2,3}})(?=先生|女士(?!们))",
        rf"(?:儿子|女儿|孩子|宝宝|外甥女?|侄[子女]|孙[子女]|位是|"
        rf"带)(?P<find>(?P<twice>[{HAN}])(?P=twice))(?![{HAN}]?的)",
        rf"(?:\A|[^{HAN}])(?P<find>(?P<again>[{HAN}])(?P=again))(?=妈妈|爸爸|[今昨明]天)",
    )
)
_OPEN_SLOTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\n[ \u3000]*(?P<find>[{HAN}]{{2,3}})[ \u3000]*(?=\n|\Z)",
        rf"(?:\A|[^{HAN}])(?P<find>[{HAN}]{{2,3}})(?=[ ,，:：（(/|、-]{{0,2}}(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}})",
        rf"(?:[（(]|姓名|——)(?P<find>[{HAN}]{{2,3}})(?=[）)]|[，。,.\n]|\Z)",
        rf"(?:收件|收货|寄件|联系|代办|经办|委托|投保|被保险|受益|申请|报案|投诉|嫌疑|被害|报修|预约|预订|订餐|"
        rf"乘机|入住|持卡|取件|签收|对接|担保|借款|监护|负责|值班)人"
        rf"(?:是|为|叫|换成|改成|改为)?[: ]?(?P<find>[{HAN}]{{2,3}}?)(?=[^{HAN}]|\Z|[与和于已的在是为])",
        rf"[:：] ?(?P<find>[{HAN}]{{2,3}})(?=[、，（(/；;。\n]|\Z)",
        rf"(?:\A|[^{HAN}]|[请给找叫跟是帮])(?P<find>[{HAN}]{{3}})(?=同学|老师|博士|队长|医生|主任|律师|师傅|教授|"
        rf"经理|护士|老先生)",
        rf"(?:\A|[\n\]】）)]|\d:\d\d(?::\d\d)?) ?(?P<find>[{HAN}]{{2,3}})[:：]",
        rf"(?:[这那]位?是|[我他她]是|这里是|自称|叫|订餐人|人)(?P<find>[{HAN}]{{2,3}})(?=[，。,.！!？?；;\n（(]|"
        rf"\Z|的邮件)",
        rf"(?:{_KIN}|@|床|栋的?|室的?)(?P<find>[{HAN}]{{2,3}})(?=[，。,；;\n（(]|\Z|说|问|给|在|也|把|跟|打|发|"
        rf"体温|陪同|住|刚|人很|态度)",
        rf"(?:\A|[，。,！!？?；;\n ])(?P<find>[{HAN}]{{2,3}})(?=说[她他我要不]|你好|您好|你外卖|，[男女]，|"
        rf"[今昨明]天[又没不来]|姐，|哥，|叔，|姨，|妈妈|爸爸)",
        rf"(?:找|给|联系|帮|和|跟|听|转账给|问|让|请|叫)(?P<find>[{HAN}]{{2,3}})(?=说|确认|挂|通了|发了?|打|登录|"
        rf"\d|要|拿|[来去]|一下)",
    )
)
_SURNAME = re.compile(
    rf"(?:(?<![百同复老])姓(?P<a>[{HAN}]{{1,2}}?)(?=[^{HAN}]|\Z|的)"
    rf"|(?:姓名|联系人|收件人|收货人|患者|户名)[:： ]?(?P<b>[{HAN}])(?=[ （(*＊某]|[^{HAN}]{{0,2}}[（(*＊]))"
)
_NUMBERED = re.compile(
    r"[ ,，:：（(/|、\t-]{0,3}(?:\+?86[ -]?)?(?:1[3-9]\d[ -]?\d{4}|0\d{2,3}-?\d{7}|\d{17}[\dXx]|[\w.]+@)"
)
_FIRSTS = SHORT | {title[0] for title in TITLES.split("|")}
_OWN = re.compile(rf"(?:我叫|名叫|姓名[是:：]|名字[叫是]|全名[叫是]?) ?(?P<find>[{HAN}]{{3,5}})(?=[^{HAN}]|\Z)")
_PARTS = "|".join(sorted(listed(
    """
    丹增 乌兰 买买提 买合 仁青 其其格 努尔 卓玛 古丽 吐尔逊 呼和 图雅 多吉 央金 娜仁 尼玛 巴桑 巴特尔 布和 帕提 平措
    强巴 德吉 才让 扎西 拉姆 拉珍 旺堆 旺姆 普布 曲珍 木拉提 格桑 桑吉 次仁 洛桑 热依汗 玛依拉 白玛 米玛 索朗 艾力
    艾尔肯 艾山 苏日 萨仁 贡布 边巴 达瓦 那日 阿依 阿卜杜 顿珠
    """
), key=lambda word: (-len(word), word)))  # fmt: skip
_PLATEAU = re.compile(f"(?:{_PARTS}){{2}}")


@cache
def _words() -> dict[str, float]:
    """Ordinary words; what only says how somebody is called is none."""
    known: dict[str, float] = dict(bits("words"))
    families, only = bits("families"), bits("only")
    for word in list(known):
        pet = word[0] in "老小" and len(word) == 2 and families.get(word[1], 99) <= 7
        pet = pet or (word[0] in "小阿" and len(word) == 2 and only.get(word[1], 99) <= 7)
        called = (
            families.get(word[0], 99) + 1 < bits("chars").get(word[0], 20)
            and len(word) > 2
            and CALLED.fullmatch(word, 1)
        )
        short = len(word) == 2 and families.get(word[0], 99) <= 8 and word[1] in "总哥姐"
        if word not in BRANDS and ((pet and known[word] > 14) or called or short):
            del known[word]
    for word in BRANDS:
        known.setdefault(word, 13)
    for place in section("places"):
        for known_as in (place, place[:-1]):
            if len(known_as) > 1:
                known[known_as] = min(known.get(known_as, 17), 17)
    for char, rarity in bits("chars").items():
        surname = max(0.0, rarity - families.get(char, 99) - 3.0)
        known[char] = min(known.get(char, 99), rarity + _PART) + surname
    return known


@cache
def _simple() -> dict[int, str]:
    return str.maketrans(section("simple"))


def names(text: str) -> list[Span]:
    """Spans of Chinese names; the title behind a name is no part of it."""
    text = text.translate(_simple())
    found = [span for run in _RUN.finditer(text) for span in _in_run(text, *run.span())]
    found += [span for match in _DOTTED.finditer(text) for span in _dotted(text, *match.span())]
    found += [m.span(m.lastgroup or 0) for m in _SURNAME.finditer(text) if m[m.lastgroup or 0] in bits("families")]
    found += [
        m.span("find") for m in _OWN.finditer(text) if NO_PART.isdisjoint(m["find"]) and m["find"] not in _words()
    ]
    found += [match.span() for match in _PLATEAU.finditer(text)]
    found += [match.span("find") for slot in _SLOTS for match in slot.finditer(text) if _fills(match["find"])]
    found += [match.span("find") for slot in _OPEN_SLOTS for match in slot.finditer(text) if _likely(match["find"])]
    return found + _again(text, found)


def _again(text: str, found: list[Span]) -> list[Span]:
    """Where a name, or its given name of two characters, stands once more, and who is listed beside it."""
    words = _words()
    more = []
    for name in {text[start:end] for start, end in found}:
        for part in {name, name[1:]} if len(name) == 3 else {name}:
            if len(part) > 2 or (len(part) == 2 and part not in words and part[0] not in NO_PART):
                more += [match.span() for match in re.finditer(re.escape(part), text)]
    for _, at in found:
        beside = _BESIDE.match(text, at)
        while beside and _likely(beside["find"]):
            more.append(beside.span("find"))
            beside = _BESIDE.match(text, beside.end())
    return more


_BESIDE = re.compile(
    rf"[、/和与及](?P<find>[{HAN}]{{2,3}}?)(?=[、/，。,；;（(\n ]|\Z|先生|女士|老先生|两|都|也|的|在|说)"
)


def _fills(name: str) -> bool:
    """Whether something in a name's place is one: it begins as names do, or is no word that we know."""
    if name in NOBODY or not NO_PART.isdisjoint(name) or CALLED.search(name):
        return False
    families, rarity = bits("families"), _words().get(name, 99)
    usual = bits("chars").get(name[0], 20) - families.get(name[0], 99)
    if len(name) == 4:
        return name[:2] in families
    if len(name) == 3 and _words().get(name[:2], 99) < 18 and families.get(name[2], 99) < 15:
        return False
    return usual >= 1 or name[0] == name[1] or rarity > 15


def _likely(name: str) -> bool:
    """Whether something where a name may well stand is one: a usual surname, and no word that is often used."""
    if name in NOBODY or name in BRANDS or not NO_PART.isdisjoint(name) or CALLED.search(name) or ROLE.search(name):
        return False
    families, chars = bits("families"), bits("chars")
    if name[:2] in families:
        return len(name) > 2
    if len(name) == 2 and name[0] in "小阿大老" and name not in _words():
        return chars.get(name[1], 20) - min(bits("second").get(name[1], 99), families.get(name[1], 99)) >= 1
    given = name[1:]
    if chars.get(name[0], 20) - families.get(name[0], 99) < 2 or any(_titled(name, at) for at in (1, 2)):
        return False
    rarity = _words().get(name, 99)
    if len(given) == 2 and rarity > 16:
        odds = sum(chars.get(c, 20) - bits(part).get(c, 16) for c, part in zip(given, ("first", "second"), strict=True))
        return odds > -6 and _words().get(name[:2], 99) > 14
    return rarity > 16


def _in_run(text: str, start: int, end: int) -> list[Span]:
    """Names on the cheapest way through a run of 汉字."""
    words = _words()
    candidates: dict[int, list[tuple[int, float]]] = {}
    for stop, begin, cost in _candidates(text, start, end):
        candidates.setdefault(stop, []).append((begin, cost))
    if not candidates:
        return []
    best, back = [0.0], [start]
    for i in range(start + 1, end + 1):
        cost, left = best[-1] + words.get(text[i - 1], _UNKNOWN), i - 1
        for size in range(2, min(4, i - start) + 1):
            rarity = words.get(text[i - size : i])
            if rarity is not None and best[i - size - start] + rarity < cost:
                cost, left = best[i - size - start] + rarity, i - size
        for begin, price in candidates.get(i, ()):
            if best[begin - start] + price < cost:
                cost, left = best[begin - start] + price, ~begin
        best.append(cost)
        back.append(left)
    found, i = [], end
    while i > start:
        left = back[i - start]
        if left < 0:
            left = ~left
            found.append((left, i))
        i = left
    return found


def _candidates(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """(end, begin, cost) of everything in a run that may be a name, less what both sides speak for it."""
    lefts, rights = {}, {}
    for size, begin, cost in _made(text, start, end):
        stop = begin + abs(size)
        if begin not in lefts:
            lefts[begin] = _left(text, begin)
        if stop not in rights:
            rights[stop] = _right(text, stop)
        told = lefts[begin] >= 11 or rights[stop] >= 6
        if size > 0 or (told and lefts[begin] > 0):
            yield stop, begin, cost - lefts[begin] - rights[stop]
    for stop in range(start + 1, end):
        titled = _titled(text, stop)
        if not titled:
            continue
        for begin in (stop - 1, stop - 2):
            if begin >= start and (cost := _family(text, begin, stop)) < 99 and text[begin : stop + 2] not in _words():
                before = lefts[begin] if begin in lefts else _left(text, begin)
                yield stop, begin, _TITLED + cost - 10 * titled - before


def _family(text: str, begin: int, end: int) -> float:
    """What a surname costs; one that is hardly ever a surname costs more, and nothing else is one."""
    rarity, usual = bits("families").get(text[begin:end], 99), bits("chars").get(text[begin], 20)
    return 99.0 if rarity >= usual and end - begin == 1 else rarity + max(0, 3 + rarity - usual)


def _made(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """(size, begin, cost) of everything in a run that is made as names are; the size of what needs good company < 0."""
    families, only, first, second = bits("families"), bits("only"), bits("first"), bits("second")
    words, chars = _words(), bits("chars")
    for begin in range(start, end - 1):
        char, after = text[begin], text[begin + 1]
        pair = text[begin : begin + 2]
        for at in (begin + 1, begin + 2):
            rarity = families.get(text[begin:at])
            if rarity is None or at >= end or text[at] in NO_PART or (text[at] in _FIRSTS and CALLED.match(text, at)):
                continue
            family = rarity + max(0, 3 + rarity - chars.get(char, 20))
            if not _titled(text, at):
                cost = min(only.get(text[at], 99), second.get(text[at], 14) + 3, first.get(text[at], 14) + 4)
                cost += max(0, _TYPICAL_ONE + cost - chars.get(text[at], 20))
                yield at + 1 - begin, begin, _NAME + family + cost
            if at + 1 < end and text[at + 1] not in NO_PART:
                cost = first.get(text[at], 16) + second.get(text[at + 1], 16)
                cost += max(0, _TYPICAL_TWO + cost - chars.get(text[at], 20) - chars.get(text[at + 1], 20))
                yield at + 2 - begin, begin, _NAME + family + cost
        if char in "老小阿大" and pair not in words:
            own = families.get(after, 99) if char in "老小" else families.get(after, 97) + 2
            own = own if char == "老" else min(own, only.get(after, 99), second.get(after, 99) + 2)
            if own <= 10:
                yield 2 if char != "大" else -2, begin, _PET + own
        if char in first and after in second and {char, after}.isdisjoint(NO_PART):
            cost = first[char] + second[after]
            odds = chars.get(char, 20) + chars.get(after, 20) - cost
            if odds > 3 or (odds > -2 and (char == after or words.get(pair, 0) >= 15)):
                yield 2 if odds > 3 and pair not in words else -2, begin, _GIVEN + cost


def _titled(text: str, at: int) -> float:
    """How surely a title stands here: 1 for a word, less for a single 汉字 that may begin another word."""
    if text[at : at + 1] not in _FIRSTS:
        return 0.0
    if CALLED.match(text, at):
        return 1.0
    if text[at : at + 1] in SHORT and text[at : at + 2] not in _words():
        return 0.7
    return 0.0


def _left(text: str, begin: int) -> float:
    if begin == 0:
        return 1.0
    before = text[max(0, begin - 12) : begin]
    if SAYS.search(before):
        return 18.0
    if ROLE.search(before):
        return 11.0 if before[-1] not in ":：是叫" else 15.0
    if VERB.search(before):
        return 5.0
    return (0.0 if before[-1] in "的里为中" else -2.0) if HAN[0] <= before[-1] <= HAN[2] else 1.0


def _right(text: str, end: int) -> float:
    if _NUMBERED.match(text, end):
        return 8.0
    if end == len(text) or not HAN[0] <= text[end] <= HAN[2]:
        return 12.0 if SEX.match(text, end) else 2.0
    if titled := _titled(text, end):
        return 10.0 * titled
    if THING.match(text, end):
        return -8.0
    if ACTS.match(text, end):
        return 6.0
    if text[end : end + 2] in section("verbs"):
        return 3.0
    return 2.0 if SPEAKS.match(text, end) else -1.0


def _dotted(text: str, start: int, end: int) -> Iterator[Span]:
    """A foreign name with its dot; what is written before it without a space is cut off."""
    dot = start + re.search("[·•]", text[start:end]).start()  # type: ignore[union-attr]
    begin = dot
    while begin > start and text[begin - 1] in _FOREIGN:
        begin -= 1
    stop = end
    while stop > dot + 1 and text[stop - 1] not in _FOREIGN:
        stop -= 1
    if text[start:dot].isascii():
        begin = start
    if dot - begin >= 1 and stop - dot > 2:
        yield begin, stop
