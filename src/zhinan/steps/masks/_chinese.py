"""Finds Chinese names: a text is cut into words in the likeliest way, and names are among the words it is cut into.

Every cost is in bits: a word costs what its rarity says, a name what its surname and its characters say, less what the
words on both sides speak for. A name is found where the cheapest way to cut the text goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import add
from typing import Any

from zhinan.core.rules import rule
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
    simplified,
)
from zhinan.steps.masks._chinese_cues import CALLED, HAN, NO_PART, SELDOM, SHORT
from zhinan.steps.masks._chinese_places import places_in
from zhinan.steps.masks._chinese_sides import (
    FIRSTS,
    announced,
    in_words,
    left_of,
    most_left,
    most_right,
    right_of,
    titled,
)
from zhinan.steps.masks._chinese_slots import beside, placed
from zhinan.steps.masks._name_edges import thanks, uncovered
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import bits

__all__ = ["MOST_LEFT", "MOST_RIGHT", "names", "names_in"]

_TITLE = rule(f"[{''.join(sorted(FIRSTS))}](?<=(?=[{''.join(sorted(SHORT))}生太家]|{CALLED.pattern}).)")
"""Where a title may begin; read as one character, as another title may begin with its next."""
_ANY = rule(f"[{HAN}]")
_RUN = rule(f"[{HAN}]{{2,}}")
_ALONE, _UNTOLD, _CLOSED = 3, 3, 5
"""What speaks for a name between signs, against one that nothing speaks for, and for one that is announced and ends."""
_FEW = 16
"""So few texts are sooner read than `places_in` has looked at them."""
MOST_LEFT = 18
MOST_RIGHT = 12
_MOST_SIGNS = _ALONE + _CLOSED
_MOST_COMPANY = MOST_LEFT + MOST_RIGHT + _MOST_SIGNS
"""The most that what stands around a name can speak for it."""
_FOREIGN = (
    "阿埃艾爱安奥巴贝本比彼宾波伯布查达大戴丹道德登蒂丁杜顿多恩尔法菲费芬弗福盖戈格根古哈海汉豪赫亨胡华霍"
    "基吉济加杰金凯坎康考科克肯孔库拉莱兰朗劳勒雷里莉丽利连列林琳隆卢鲁露伦罗洛马玛迈麦曼梅蒙米密明莫默姆"
    "穆纳娜南内尼妮宁纽诺欧帕派佩彭皮普齐奇乔琼让热瑞萨塞桑瑟森沙莎山舍圣施史舒司丝斯松苏索塔泰坦汤特提廷"
    "图托瓦万威维温沃乌西希夏香肖谢辛休雅亚扬耶伊依因英尤于约泽扎詹珍朱兹佐得夫娅迪切芭蕾葛韦魏奎弥邓祖楚范冯黛碧茨洪鲍柯"
)
_PEOPLES = (
    _FOREIGN + "买提江热合木甫孜娅古丽帕卡叶哈那扎旦吾守逊依再地肉孜汗白拜吐坎艾斯尔库班其琪厚吉次措珠央格日仁乃宝音"
    "朝鲁毕力娃哥琴晋旺久则卜尤素甫曼合买木赛麦尼沙荪夏丹"
)
"""汉字 that foreign names and those of the peoples of the west and the north are written with."""
_SOUNDS = rule(f"[{_FOREIGN}其琪芙茜莱格登日仁娜花图乌高娃琴苏央吉措珠]{{3,}}")
_DOTTED = rule(f"(?:[{HAN}]{{1,7}}|[A-Z])[·•](?:[{HAN}]{{1,7}}[·•])?[{HAN}]{{1,7}}")


def names(text: str) -> list[Span]:
    """Spans of Chinese names; the title behind a name is no part of it."""
    return names_in((text,))[0]


def names_in(texts: Sequence[str]) -> list[list[Span]]:
    """Spans of Chinese names in each text, as `names` finds them."""
    simple = [simplified(text) if _ANY.search(text) else "" for text in texts]
    chinese = [text for text in simple if text]
    places = iter([None] * len(chinese) if len(chinese) < _FEW else places_in(chinese, _speaks))
    return [_names(plain, next(places), text) if plain else [] for text, plain in zip(texts, simple, strict=True)]


def _names(text: str, places: Sequence[int] | None, written: str) -> list[Span]:
    """Spans of names. Args: text: in simplified characters. places: as for `_candidates`. written: as it was."""
    found: list[Span] = []
    candidates: dict[int, list[tuple[int, float]]] = {}
    for stop, begin, cost in _candidates(text, places):
        candidates.setdefault(stop, []).append((begin, cost))
    for start, end in _runs(text, candidates):
        found += _in_run(text, start, end, candidates)
    if "·" in text or "•" in text:
        found += [span for match in _DOTTED.finditer(text) for span in _dotted(text, *match.span())]
    found = [uncovered(written, span) for span in (*found, *placed(text)) if not thanks(text, span)]
    return found + _again(text, found)


def _again(text: str, found: list[Span]) -> list[Span]:
    """Where a name, or its given name of two characters, stands once more, and who is listed beside it."""
    words = ordinary()
    more: list[Span] = []
    for name in {text[start:end] for start, end in found}:
        for part in {name, name[1:]} if len(name) == 3 else {name}:
            if len(part) > 2 or (len(part) == 2 and part not in words and part[0] not in NO_PART):
                more += _everywhere(part, text)
    return more + [span for _, at in found for span in beside(text, at)]


def _runs(text: str, places: Iterable[int]) -> Iterator[Span]:
    """The runs of 汉字 behind whose characters these places are, in order."""
    end = 0
    for place in sorted(places):
        if place > end:
            start = place
            while in_words(text, start - 1):
                start -= 1
            end = _RUN.match(text, start).end()  # type: ignore[union-attr]
            yield start, end


def _everywhere(part: str, text: str) -> Iterator[Span]:
    at = text.find(part)
    while at >= 0:
        yield at, at + len(part)
        at = text.find(part, at + len(part))


def _in_run(text: str, start: int, end: int, candidates: Mapping[int, Sequence[tuple[int, float]]]) -> list[Span]:
    """Names on the cheapest way through a run of 汉字. Args: candidates: end → begin and cost of what may be one."""
    words = ordinary()
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


def _candidates(text: str, places: Sequence[int] | None) -> Iterator[tuple[int, int, float]]:
    """(end, begin, cost) of everything in a text that may be a name, less what both sides speak for it.

    What costs more than the words it consists of is on no cheapest way and is left out, before both sides are read
    where the characters there tell that they cannot speak for it enough.

    Args: places: where something made as names are may begin; None for anywhere.
    """
    lefts: dict[int, float] = {}
    most_before, most_behind = most_left(), most_right()
    for begin, names in _made(text, places):
        before = most_before[text[begin - 1 : begin]]
        least = -(before + MOST_RIGHT + _MOST_SIGNS)
        for size, cost, most, given, one in names:
            stop = begin + abs(size)
            if most <= least or most + _company(text, begin, stop, before, most_behind[text[stop : stop + 1]]) <= 0:
                continue
            if given and (titled if one else CALLED.match)(text, begin + given):
                continue
            if begin not in lefts:
                lefts[begin] = left_of(text, begin)
            left, right = lefts[begin], right_of(text, stop)
            if size < 0 and (left <= 0 or (left < 5 and right < 6)):
                continue
            if text[begin:stop] in SELDOM and not announced(text, begin, stop):
                continue
            company = _company(text, begin, stop, left, right)
            if most + company > 0:
                yield stop, begin, cost - company
    yield from _abroad(text)
    for title in _TITLE.finditer(text, 1):
        stop = title.start()
        two = in_words(text, stop - 2)
        if not (in_words(text, stop - 1) and (two or in_words(text, stop)) and (sure := titled(text, stop))):
            continue
        for begin in (stop - 1, stop - 2)[: 1 + two]:
            whole = text[begin : stop + 2], text[begin : stop + 1] if sure < 1 else ""
            cost = _family(text, begin, stop) if ordinary().keys().isdisjoint(whole) else 99.0
            if cost < 99 or (begin == stop - 1 and text[begin] in families() and left_of(text, begin) >= 5):
                cost = min(cost, 16.0)
                before = lefts[begin] if begin in lefts else left_of(text, begin)
                yield stop, begin, TITLED + cost - 10 * sure - before


def _company(text: str, begin: int, stop: int, left: float, right: float) -> float:
    """What both sides speak for a name; more where either speaks more."""
    company: float = _speaks(left, right, in_words(text, begin - 1), in_words(text, stop))
    return company


def _speaks(left: Any, right: Any, before: Any, behind: Any) -> Any:
    """`_company` of one name, or of many. Args: before, behind: whether a 汉字 stands there."""
    alone, closed, untold = (before | behind) ^ True, (left >= 11) & (behind ^ True), (left <= 0) & (right <= 0)
    return left + right + _ALONE * alone + _CLOSED * closed - _UNTOLD * untold


def _family(text: str, begin: int, end: int) -> float:
    """What a surname costs; one that is hardly ever a surname costs more, and nothing else is one."""
    rarity, usual = bits("families").get(text[begin:end], 99), bits("chars").get(text[begin], 20)
    if end - begin > 1 or (rarity < 99 and CALLED.match(text, end)):
        return min(rarity + max(0, rarity - usual), 16.0) if rarity < 99 else 99.0
    return 99.0 if rarity >= usual else rarity + max(0, OWN_SURNAME + rarity - usual)


def _made(text: str, places: Sequence[int] | None) -> Iterator[tuple[int, tuple[_Made, ...]]]:
    """(begin, what is made there as names are), in order."""
    short, whole = _short(), _whole()
    if places is None:
        pairs = [(at, pair) for at, pair in enumerate(map(short.__getitem__, map(add, text, text[1:]))) if pair]
    else:
        pairs = [(at, pair) for at in places if (pair := short[text[at : at + 2]])]
    for begin, (head, names) in pairs:
        yield begin, names + whole[text[begin : begin + 4]] if head else names


_Made = tuple[int, float, float, int, bool]
"""Size (below 0 where it needs good company), cost, how much less than its words it costs, where its given name begins
if that may be a title instead, and whether this is one character.
"""


class _Short(dict[str, tuple[bool, tuple[_Made, ...]] | None]):
    """Two characters → whether a full name may begin with them, and what else they may be; None when neither.

    Filled as texts are read.
    """

    def __missing__(self, pair: str) -> tuple[bool, tuple[_Made, ...]] | None:
        if len(self) > _MOST_PIECES:
            self.clear()
        found = None
        if _RUN.fullmatch(pair):
            head = (pair[0] in families() and pair[1] not in NO_PART) or pair in families()
            made = ((size, cost, plainly(pair[: abs(size)]) - cost, 0, False) for size, cost in short_names(pair))
            names = tuple(name for name in made if name[2] > -_MOST_COMPANY)
            found = (head, names) if head or names else None
        self[pair] = found
        return found


class _Whole(dict[str, tuple[_Made, ...]]):
    """Four characters → the full names that they may begin with. Filled as texts are read."""

    def __missing__(self, piece: str) -> tuple[_Made, ...]:
        if len(self) > _MOST_PIECES:
            self.clear()
        run = _RUN.match(piece)
        self[piece] = found = tuple(self._made(run[0])) if run else ()
        return found

    def _made(self, piece: str) -> Iterator[_Made]:
        for at in (1, 2):
            for stop in (at + 1, at + 2):
                if stop <= len(piece) and piece[:at] in families():
                    cost = full_name(piece[:at], piece[at:stop])
                    size = -2 if stop == at + 1 and piece[:stop] in ordinary() else stop
                    most = plainly(piece[: abs(size)]) - cost
                    if cost < 99 and most > -_MOST_COMPANY:
                        yield size, cost, most, at * (piece[at] in FIRSTS), stop == at + 1


_MOST_PIECES = 1 << 15


@cache
def _short() -> _Short:
    return _Short()


@cache
def _whole() -> _Whole:
    return _Whole()


def _abroad(text: str) -> Iterator[tuple[int, int, float]]:
    """(end, begin, cost) of foreign names written in 汉字 without a dot, where something speaks for a person."""
    words = ordinary()
    for run in _SOUNDS.finditer(text):
        first, last = run.span()
        behind = [right_of(text, stop) for stop in range(first + 3, last + 1)]
        for begin in range(first, last - 2):
            before = left_of(text, begin)
            for stop in range(begin + 3, min(begin + 6, last) + 1):
                after = behind[stop - first - 3]
                sure = titled(text, stop) == 1
                rare = words.get(text[begin:stop], 99) > (19 if sure else 98)
                if (before >= 5 or after >= 6) and (before >= 11 or rare):
                    yield stop, begin, ABROAD + 5 * (stop - begin) - before - after - 6 * sure


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
