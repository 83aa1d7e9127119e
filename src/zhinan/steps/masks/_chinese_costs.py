"""What Chinese words and names cost in bits: a word by how rare it is, a name by its surname and its characters."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from zhinan.steps.masks._chinese_cues import BRANDS, CALLED, NO_PART, NOBODY, SELDOM
from zhinan.steps.masks._tables import bits, section, word_bits
from zhinan.steps.masks._words import listed

__all__ = [
    "ABROAD",
    "ABROAD_SHORT",
    "GIVEN",
    "KIN",
    "LEAST_SHORT",
    "OWN_SURNAME",
    "PETS",
    "TITLED",
    "TYPICAL_TWO",
    "UNKNOWN",
    "families",
    "family_cost",
    "full_name",
    "odds",
    "one_cost",
    "ordinary",
    "plainly",
    "short_names",
    "simplified",
]

_TYPICAL_ONE = 1
TYPICAL_TWO = 5
"""How much more usual in names than elsewhere the characters of a given name must be, to be no dearer."""
UNKNOWN = 23
"""What a character costs that no table has."""
_PART = 3
"""What a character costs more than its rarity where it is part of a word that we do not know."""
GIVEN = 20
_NAME, _PET, _TWICE = 10, 15, 12
"""What being a given name alone, a full name, a pet name or a doubled character costs before its characters."""
LEAST_SHORT = min(_PET, _TWICE)
"""The least that a short name costs that is no given name."""
PETS = frozenset("二三胖狗老小阿大")
"""What pet names begin with."""
KIN = frozenset("哥姐叔姨嫂婶")
"""What makes somebody's brother or aunt of a given name's last character."""
TITLED = 8
"""What being a surname before a title costs, before the surname."""
ABROAD = 14
"""What being a foreign name without a dot costs, before its characters."""
OWN_SURNAME = 3
"""How much rarer than its surname a character must be in other use, to be no dearer as one."""
ABROAD_SHORT = listed(
    """
    安娜 安妮 艾伦 艾玛 艾米 爱丽 贝拉 本杰 彼得 查理 戴安 大卫 黛西 丹尼 菲奥 弗兰 海伦 汉克 杰克 杰森 杰西 简妮
    凯蒂 凯文 凯特
    莱恩 莉莎 丽莎 琳达 罗拉 罗宾 罗斯 露西 露丝 玛丽 玛雅 马丁 马克 麦克 迈克 米娅 莫妮 南希 尼克 妮可 诺拉 帕克
    乔治 乔伊 瑞秋
    萨拉 莎拉 山姆 苏菲 苏珊 汤姆 提姆 托尼 维克 薇薇 西蒙 亚当 伊娃 伊万 约翰 约瑟 詹妮 珍妮 朱莉 佐伊 阿里 阿明
    """
)
"""Foreign given names of two 汉字."""
_NO_GIVEN = frozenset("里内外下前后")
"""汉字 of a given name only beside another."""
_NOISES = frozenset("哈呵嘻嘿嗨啦呜嗯哼嘟哇咳喵汪叽咚卡花嗷咕咯啧嘎噢喔哦吼")
"""汉字 that are written twice for a sound."""


@cache
def ordinary() -> dict[str, float]:
    """Ordinary words; what only says how somebody is called is none."""
    known, families, only, chars = word_bits(), bits("families"), bits("only"), bits("chars")
    surnames = {char for char, rarity in families.items() if rarity + 1 < chars.get(char, 20)}
    may = [w for w in known if w[0] in "老小阿" or w[1:2] in ("总", "哥", "姐") or (len(w) > 2 and w[0] in surnames)]
    for word in may:
        pet = word[0] in "老小" and len(word) == 2 and families.get(word[1], 99) <= 7
        pet = pet or (word[0] in "小阿" and len(word) == 2 and only.get(word[1], 99) <= 7)
        called = len(word) > 2 and word[0] in surnames and CALLED.fullmatch(word, 1)
        pet = pet or (word[0] == "阿" and len(word) == 2 and known[word] >= 19)
        short = len(word) == 2 and families.get(word[0], 99) <= 8 and word[1] in "总哥姐"
        if word not in BRANDS and ((pet and known[word] > 14) or called or short):
            del known[word]
    for family in families:
        if len(family) == 2 and known.get(family, 0) >= 17:
            del known[family]
    for word in BRANDS | SELDOM:
        known.setdefault(word, 13)
    for place in section("places"):
        for known_as in (place, place[:-1]):
            if len(known_as) > 1:
                known[known_as] = min(known.get(known_as, 17), 17)
    for char, rarity in chars.items():
        surname = max(0.0, rarity - families.get(char, 99) - 3.0)
        known[char] = min(known.get(char, 99), rarity + _PART) + surname
    return known


@cache
def _simple() -> tuple[re.Pattern[str], dict[int, str]]:
    return re.compile(f"[{''.join(section('simple'))}]"), str.maketrans(section("simple"))


def simplified(text: str) -> str:
    """The text with each traditional character made simple, in its place."""
    traditional, simple = _simple()
    return text.translate(simple) if traditional.search(text) else text


@cache
def families() -> frozenset[str]:
    return frozenset(bits("families"))


def odds(given: str) -> float:
    """How much more often these characters are a given name's than anything else's, in bits."""
    chars = bits("chars")
    if len(given) == 1:
        return chars.get(given, 20) - min(bits("only").get(given, 16), bits("second").get(given, 16))
    return sum(chars.get(c, 20) - bits(part).get(c, 16) for c, part in zip(given, ("first", "second"), strict=True))


@lru_cache(1 << 14)
def plainly(piece: str) -> float:
    """What a few characters cost that are cut into words in the cheapest way."""
    words = ordinary()
    if len(piece) == 2:
        return min(words.get(piece[0], UNKNOWN) + words.get(piece[1], UNKNOWN), words.get(piece, 99))
    best = [0.0]
    for i in range(1, len(piece) + 1):
        known = (best[i - size] + words.get(piece[i - size : i], 99) for size in range(2, min(4, i) + 1))
        best.append(min(best[-1] + words.get(piece[i - 1], UNKNOWN), *known, 999.0))
    return best[-1]


@lru_cache(1 << 14)
def full_name(family: str, given: str) -> float:
    """What a surname with a given name costs; 99 for what is none."""
    if given in _NO_GIVEN or family + given in NOBODY or (len(given) == 2 and given[0] == family):
        return 99.0
    first, second, chars = bits("first"), bits("second"), bits("chars")
    if not NO_PART.isdisjoint(given) or (len(family) == 1 and family + given[0] in bits("families")):
        return 99.0
    if len(given) == 1:
        return family_cost(family) + one_cost(given)
    two = first.get(given[0], 16) + second.get(given[1], 16)
    usual = chars.get(given[0], 20) + chars.get(given[1], 20)
    return family_cost(family) + two + max(0, TYPICAL_TWO + two - usual)


def family_cost(family: str) -> float:
    """What being a full name with this surname costs, before its given name."""
    rarity = bits("families")[family]
    usual = bits("chars").get(family, 20) if len(family) == 1 else ordinary().get(family, 30)
    return _NAME + rarity + max(0, OWN_SURNAME + rarity - usual)


def one_cost(given: str) -> float:
    """What a given name of one character costs behind a surname."""
    one = min(bits("only").get(given, 99), bits("second").get(given, 14) + 3, bits("first").get(given, 14) + 4)
    return one + max(0, _TYPICAL_ONE + one - bits("chars").get(given, 20))


@cache
def _leaning(part: str) -> dict[str, int]:
    """Character → how much more often it is this part of a given name than anything else, in bits."""
    return {char: bits("chars").get(char, 20) - rarity for char, rarity in bits(part).items()}


def short_names(pair: str) -> tuple[tuple[int, float], ...]:
    """(size, cost) of what two characters may be beside a full name: a pet name, a given name alone."""
    char, after = pair[0], pair[1]
    if not (
        char in PETS
        or after in KIN
        or char == after
        or _leaning("first").get(char, -99) + _leaning("second").get(after, -99) > -2
        or pair in ABROAD_SHORT
    ):
        return ()
    families, only, first, second = bits("families"), bits("only"), bits("first"), bits("second")
    words, chars = ordinary(), bits("chars")
    if not NO_PART.isdisjoint(pair) or pair in NOBODY:
        return ()
    found: list[tuple[int, float]] = []
    if char in "二三胖狗" and after in "娃丫妞蛋毛宝牛狗虎胖子":
        found.append((-2, _PET + 9))
    if char in "老小阿大胖" and (pair not in words or (char == "阿" and words[pair] > 17)):
        own = families.get(after, 99) if char in "老小大" else families.get(after, 97) + 2
        own = own if char in "老大" else min(own, only.get(after, 99), second.get(after, 99) + 2)
        if own <= (10 if char in "老小大" else 13):
            found.append((2 if char in "老小阿" else -2, _PET + own))
    own = second.get(char, 99)
    if (
        after in KIN
        and char not in "一二三四五六七八九十"
        and pair not in words
        and own <= 11
        and families.get(char, 99) > 12
    ):
        found.append((2, _PET + own))
    if (
        char == after
        and char not in _NOISES
        and char not in "爷奶爸妈哥姐弟妹叔伯姑舅公婆"
        and words.get(pair, 99) >= 17
        and own <= 14
    ):
        found.append((-2, _TWICE + own))
    if pair in ABROAD_SHORT:
        found.append((-2, 22.0))
    if char in first and after in second:
        cost = first[char] + second[after]
        odds = chars.get(char, 20) + chars.get(after, 20) - cost
        if odds > 3 or (odds > -2 and (char == after or words.get(pair, 0) >= 15)):
            sure = odds > 3 and pair not in words
            found.append((2 if sure else -2, GIVEN + cost - min(4.0, max(0.0, odds - 5))))
    return tuple(found)
