"""Where a name begins and ends: beside it stand titles, cries and small words that are no part of it."""

from __future__ import annotations

import re

from zhinan.steps.masks._chinese_costs import families, ordinary, simplified
from zhinan.steps.masks._chinese_cues import SHORT
from zhinan.steps.masks._chinese_cues import TITLES as _TITLES
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import bits
from zhinan.steps.masks._words import HEADS, TITLES

__all__ = ["of_a_name", "of_an_address", "thanks", "uncovered", "without_edges", "without_label"]

_REACH = 12
"""How many characters at the end of a name are read for a title."""
_ADDRESSES = "|".join(sorted(map(re.escape, (TITLES - {"pak"}) | HEADS)))
_BEFORE_NAME = re.compile(
    rf"(?:(?:[哎唉诶欸喂嗨嘿哟唷 ]|谢谢|多谢|感谢)+(?=.)|(?:[从在由]|改成)(?=..)|(?:(?i:{_ADDRESSES}|née)\.? +)+)"
)
_BEHIND_NAME = re.compile(rf"(?:(?:{_TITLES}|[于於和跟嘅的冇叫姓])+)\Z")
"""A small word is one only where the text goes on: 清和 may be a name."""
_TITLE_BEHIND = re.compile(rf"(?:{_TITLES})+\Z")
_TITLE_ACROSS = re.compile("阿姨|小姐|小朋友|小哥|小妹|老先生|老太|老师|老師|老板|老闆|様|樣|大[哥姐爷爺妈媽叔嫂]")
"""What a surname stands before, though the first of its characters ends many a name."""
_THANKS = re.compile(
    "谢[谢啦了过]|[祝顺]*[颂商]?[祺安]|哈萨克(?:斯坦)?|尼泊[尔爾]|孟加拉|[乌烏]克[兰蘭]|乌兹别克(?:斯坦)?|阿富汗|"
    "[韩韓]国|安哥拉|"
    "[卢盧]旺[达達]|冈比亚|毛里求斯|白[俄]罗斯|武[侠俠]|白嫖|白[车車]|姊姊|[国國][小中]|[汤湯粥面麵饭飯菜茶肉酒][太全很都][一-龥]?|[粤粵][语語]|代[诊診班课課]|"
    "[舍室]友|小[度爱愛妹]|[班]"
)
_COVER = re.compile(
    "(?:[谢謝]{2}|多[谢謝]|感[谢謝]|[恭祝][贺賀]|[改換换]成|仍?[写寫]明?|配偶|[顺順]祝)(?=.)|[从從由](?=..)"
)
"""What a rule may take for the beginning of a name."""
_LABEL = re.compile(r"(?i:(?:home |postal |delivery |shipping |billing )?address|addr\.?|[地住]址)[:： ]{1,2}")
_BESIDE = frozenset("不在的了部成是有没沒也都就说說去来來把被传傳错錯这這那要想让讓给給班请請")
_IN_FRONT = _BESIDE | set("和跟与與时時祝向经經")
_GOING = re.compile("[先再就去到往在从從]{1,3}|\\s?[0-9]{1,4},")
_KIN = frozenset("叔伯姨嫂婶某")
_OF_SURNAMES = SHORT | frozenset("太某家队律副翁")
_VERBS = frozenset("约約写寫考送喊嘅啦畀俾喺咗")
"""What goes on behind a name, and ends none."""
_ONE = _OF_SURNAMES | _KIN | _VERBS | set("生哥姐")
_AROUND = 40


def without_edges(text: str, span: Span) -> Span:
    """A name without the title, the cry and the small word that stand beside it."""
    start, end = span
    found = simplified(text[start:end])
    if found in families():
        return span
    before = _BEFORE_NAME.match(found)
    start += before.end() if before else 0
    goes_on = "一" <= text[end : end + 1] <= "龥"
    behind = (_BEHIND_NAME if goes_on else _TITLE_BEHIND).search(found, max(start - span[0], len(found) - _REACH))
    return (start, span[0] + behind.start()) if behind else _untitled(text, (start, end))


def without_label(text: str, span: Span) -> Span:
    """An address without the word that announces it."""
    start, end = span
    label = _LABEL.match(text, start, end)
    return (label.end(), end) if label and label.end() < end else span


def of_a_name(text: str, part: Span, find: Span) -> bool:
    """Whether what a rule left of a name belongs to it, and is no small word beside it."""
    left = text[slice(*part)].strip()
    if len(left) == 1:
        return left.isalpha() and left not in (_IN_FRONT if part[0] == find[0] else _BESIDE)
    return not (len(left) < 3 and left.isascii() and left.islower())


def of_an_address(text: str, part: Span, find: Span) -> bool:
    """Whether what a rule left of an address is more than a word or a cell of a row in front."""
    return part[0] != find[0] or _GOING.fullmatch(text, *part) is None


def thanks(text: str, span: Span) -> bool:
    """Whether a rule took thanks, a country or another usual word for a name."""
    return _THANKS.fullmatch(text, *span) is not None


def uncovered(text: str, span: Span) -> Span:
    """A name that a rule found, without thanks, a preposition or a title of one character."""
    start, end = span
    before = _COVER.match(text, start, end)
    return _untitled(text, (before.end() if before else start, end))


def _untitled(text: str, span: Span) -> Span:
    """A name without a title of one character."""
    start, end = span
    found = simplified(text[start:end])
    name, last = found[:-1], found[-1:]
    if name in families() and _TITLE_ACROSS.match(text, end - 1):
        return start, end - 1
    if not name or last not in _ONE:
        return span
    if last in _VERBS:
        said = (len(name) > 1 or name in families()) and "一" <= text[end : end + 1] <= "龥"
    elif name in families():
        said = last in _OF_SURNAMES or (last == "生" and _traditional(text, span))
    elif last in "姐哥":
        one = name != "胖" and (name in bits("only") or name in bits("second"))
        said = one or (len(name) == 2 and name not in ordinary() and name[1] not in "一二三四五六七八九")
    else:
        said = last in _KIN and name not in ("老", "小", "阿", "大") and (last != "伯" or len(name) > 1)
    return (start, end - 1) if said else span


def _traditional(text: str, span: Span) -> bool:
    around = text[max(0, span[0] - _AROUND) : span[1] + _AROUND]
    return simplified(around) != around
