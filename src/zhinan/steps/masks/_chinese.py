"""Finds Chinese names: a text is cut into words in the likeliest way, and names are among the words it is cut into.

Every cost is in bits: a word costs what its rarity says, a name what its surname and its characters say, less what the
words on both sides speak for. A name is found where the cheapest way to cut the text goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhinan.steps.masks._chinese_costs import (
    ABROAD,
    OWN_SURNAME,
    TITLED,
    UNKNOWN,
    families,
    full_name,
    ordinary,
    plainly,
    short_names,
    simple,
)
from zhinan.steps.masks._chinese_cues import CALLED, HAN, NO_PART
from zhinan.steps.masks._chinese_sides import FIRSTS, in_words, left_of, right_of, titled
from zhinan.steps.masks._chinese_slots import beside, placed
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import bits

__all__ = ["names"]

_TITLE = re.compile(f"[{''.join(sorted(FIRSTS))}]")
_ANY = re.compile(f"[{HAN}]")
_RUN = re.compile(f"[{HAN}]{{2,}}")
_ALONE, _UNTOLD, _CLOSED = 3, 3, 5
"""What speaks for a name between signs, against one that nothing speaks for, and for one that is announced and ends."""
_MOST_LEFT = 18 + _ALONE + _CLOSED
_MOST_COMPANY = _MOST_LEFT + 12
"""The most that what stands before a name, and what stands around it, can speak for it."""
_FOREIGN = (
    "阿埃艾爱安奥巴贝本比彼宾波伯布查达大戴丹道德登蒂丁杜顿多恩尔法菲费芬弗福盖戈格根古哈海汉豪赫亨胡华霍"
    "基吉济加杰金凯坎康考科克肯孔库拉莱兰朗劳勒雷里莉丽利连列林琳隆卢鲁露伦罗洛马玛迈麦曼梅蒙米密明莫默姆"
    "穆纳娜南内尼妮宁纽诺欧帕派佩彭皮普齐奇乔琼让热瑞萨塞桑瑟森沙莎山舍圣施史舒司丝斯松苏索塔泰坦汤特提廷"
    "图托瓦万威维温沃乌西希夏香肖谢辛休雅亚扬耶伊依因英尤于约泽扎詹珍朱兹佐"
)
_PEOPLES = (
    _FOREIGN + "买提江热合木甫孜娅古丽帕卡叶哈那扎旦吾守逊依再地肉孜汗白拜吐坎艾斯尔库班其琪厚吉次措珠央格日仁乃宝音"
    "朝鲁毕力娃哥琴晋旺久"
)
"""汉字 that foreign names and those of the peoples of the west and the north are written with."""
_SOUNDS = re.compile(f"[{_FOREIGN}其琪芙茜莱格登日仁娜花图乌高娃琴苏央吉措珠]{{3,}}")
_DOTTED = re.compile(f"(?:[{HAN}]{{1,7}}|[A-Z])[·•](?:[{HAN}]{{1,7}}[·•])?[{HAN}]{{1,7}}")


def names(text: str) -> list[Span]:
    """Spans of Chinese names; the title behind a name is no part of it."""
    if not _ANY.search(text):
        return []
    text = text.translate(simple())
    found = [span for run in _RUN.finditer(text) for span in _in_run(text, *run.span())]
    found += [span for match in _DOTTED.finditer(text) for span in _dotted(text, *match.span())]
    found += placed(text)
    return found + _again(text, found)


def _again(text: str, found: list[Span]) -> list[Span]:
    """Where a name, or its given name of two characters, stands once more, and who is listed beside it."""
    words = ordinary()
    more = []
    for name in {text[start:end] for start, end in found}:
        for part in {name, name[1:]} if len(name) == 3 else {name}:
            if len(part) > 2 or (len(part) == 2 and part not in words and part[0] not in NO_PART):
                more += [match.span() for match in re.finditer(re.escape(part), text)]
    return more + [span for _, at in found for span in beside(text, at)]


def _in_run(text: str, start: int, end: int) -> list[Span]:
    """Names on the cheapest way through a run of 汉字."""
    words = ordinary()
    candidates: dict[int, list[tuple[int, float]]] = {}
    for stop, begin, cost in _candidates(text, start, end):
        candidates.setdefault(stop, []).append((begin, cost))
    if not candidates:
        return []
    best, back = [0.0], [start]
    for i in range(start + 1, end + 1):
        cost, left = best[-1] + words.get(text[i - 1], UNKNOWN), i - 1
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
    """(end, begin, cost) of everything in a run that may be a name, less what both sides speak for it.

    What costs more than the words it consists of is on no cheapest way and is left out.
    """
    lefts: dict[int, float] = {}
    for size, begin, cost in _made(text, start, end):
        stop = begin + abs(size)
        most = plainly(text[begin:stop]) - cost
        if most <= -_MOST_COMPANY:
            continue
        right = right_of(text, stop)
        if most + right <= -_MOST_LEFT:
            continue
        if begin not in lefts:
            lefts[begin] = left_of(text, begin)
        left = lefts[begin]
        if size < 0 and (left <= 0 or (left < 5 and right < 6)):
            continue
        alone = not (in_words(text, begin - 1) or in_words(text, stop))
        untold = left <= 0 and right <= 0
        closed = left >= 11 and not in_words(text, stop)
        company = left + right + _ALONE * alone + _CLOSED * closed - _UNTOLD * untold
        if most + company > 0:
            yield stop, begin, cost - company
    yield from _abroad(text, start, end)
    for title in _TITLE.finditer(text, start + 1, end + 1):
        stop = title.start()
        sure = titled(text, stop)
        if not sure:
            continue
        for begin in (stop - 1, stop - 2):
            whole = text[begin : stop + 2], text[begin : stop + 1] if sure < 1 else ""
            cost = _family(text, begin, stop) if begin >= start and ordinary().keys().isdisjoint(whole) else 99.0
            if cost < 99 or (begin == stop - 1 >= start and text[begin] in families() and left_of(text, begin) >= 5):
                cost = min(cost, 16.0)
                before = lefts[begin] if begin in lefts else left_of(text, begin)
                yield stop, begin, TITLED + cost - 10 * sure - before


def _family(text: str, begin: int, end: int) -> float:
    """What a surname costs; one that is hardly ever a surname costs more, and nothing else is one."""
    rarity, usual = bits("families").get(text[begin:end], 99), bits("chars").get(text[begin], 20)
    if end - begin > 1 or (rarity < 99 and CALLED.match(text, end)):
        return min(rarity + max(0, rarity - usual), 16.0) if rarity < 99 else 99.0
    return 99.0 if rarity >= usual else rarity + max(0, OWN_SURNAME + rarity - usual)


def _made(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """(size, begin, cost) of everything in a run that is made as names are; the size of what needs good company < 0."""
    surnames, words, short = families(), ordinary(), _short()
    for begin in range(start, end - 1):
        head, found = short[text[begin : begin + 2]]
        for size, cost in found:
            yield size, begin, cost
        if not head:
            continue
        for at in (begin + 1, begin + 2):
            if text[begin:at] in surnames and at < end and not (text[at] in FIRSTS and CALLED.match(text, at)):
                if not titled(text, at) and (cost := full_name(text[begin:at], text[at])) < 99:
                    yield (-2 if text[begin : at + 1] in words else at + 1 - begin), begin, cost
                if at + 1 < end and (cost := full_name(text[begin:at], text[at : at + 2])) < 99:
                    yield at + 2 - begin, begin, cost


class _Short(dict[str, tuple[bool, tuple[tuple[int, float], ...]]]):
    """Two characters → whether a full name may begin with them, and what else they may be. Filled as texts are read."""

    def __missing__(self, pair: str) -> tuple[bool, tuple[tuple[int, float], ...]]:
        if len(self) > _MOST_PAIRS:
            self.clear()
        head = (pair[0] in families() and pair[1] not in NO_PART) or pair in families()
        self[pair] = found = head, short_names(pair)
        return found


_MOST_PAIRS = 1 << 17


@cache
def _short() -> _Short:
    return _Short()


def _abroad(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """(end, begin, cost) of foreign names written in 汉字 without a dot, where something speaks for a person."""
    words = ordinary()
    for run in _SOUNDS.finditer(text, start, end):
        first, last = run.span()
        behind = [right_of(text, stop) for stop in range(first + 3, last + 1)]
        for begin in range(first, last - 2):
            before = left_of(text, begin)
            for stop in range(begin + 3, min(begin + 6, last) + 1):
                after = behind[stop - first - 3]
                if (before >= 5 or after >= 6) and text[begin:stop] not in words:
                    yield stop, begin, ABROAD + 5 * (stop - begin) - before - after


def _dotted(text: str, start: int, end: int) -> Iterator[Span]:
    """A foreign name with its dot; what is written before it without a space is cut off."""
    dot = start + re.search("[·•]", text[start:end]).start()  # type: ignore[union-attr]
    begin = dot
    while begin > start and text[begin - 1] in _PEOPLES:
        begin -= 1
    if begin == dot or (dot - begin == 1 and dot - start > 1):  # 高思琪·拉厚
        begin = next((at for at in (dot - 3, dot - 2) if at >= start and text[at] in bits("families")), begin)
    stop = dot + 1
    while stop < end and (text[stop] in _PEOPLES or text[stop] in "·•"):
        stop += 1
    if text[start:dot].isascii():
        begin = start
    if dot - begin >= 1 and stop - dot > 2:
        yield begin, stop
