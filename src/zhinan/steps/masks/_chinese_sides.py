"""What stands on both sides of a Chinese name, and how much it speaks for one, in bits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from zhinan.core.rules import rule
from zhinan.steps.masks._chinese_costs import ordinary
from zhinan.steps.masks._chinese_cues import ACTS, CALLED, HAN, ROLE, SAYS, SEX, SHORT, SPEAKS, THING, TITLES, VERB
from zhinan.steps.masks._gates import Gate, firsts, lasts
from zhinan.steps.masks._tables import bits, section

__all__ = ["FIRSTS", "announced", "in_words", "left_of", "most_left", "most_right", "right_of", "titled"]

_MAY = Gate((SAYS, ROLE, VERB))
_NUMBERED = rule(
    r"[ ,，:：（(/|、\t-]{0,3}(?:\+?86[ -]?)?(?:1[3-9]\d[ -]?\d{4}|0\d{2,3}-?\d{7}|\d{17}[\dXx]|[A-Za-z0-9_.]{1,64}@)"
)
_BRACKET = rule(f"[（(][{HAN}]{{2,5}}[)）]")
_SHARE = rule(
    "[一二两三四五六七八九十半几0-9]|都|也要|的(?:快递|包裹|孩子|狗|猫|车|门)|门口|隔壁|楼上|楼下|孩子|小孩|老人|媳妇|儿子|女儿|闺女"
)
_BEFORE = (lasts(SAYS), 18.0), (lasts(ROLE), 15.0), (lasts(VERB), 5.0)
_BEHIND = (
    (firsts(SEX), 12.0), (firsts(_NUMBERED), 8.0), (firsts(ACTS), 6.0), (firsts(_BRACKET), 4.0), (firsts(SPEAKS), 2.0)
)  # fmt: skip
"""The characters that what speaks for a name ends with before it, begins with behind it; and how much it speaks."""
_SAYS_TOO = frozenset(["总说", "总让", "总要", "总给", "总在", "总的"])
"""What looks like a word and is a title with what its holder does."""
_ANNOUNCED = 11
"""What stands before speaks so much for a name at least, where it says whose name follows."""
FIRSTS = SHORT | frozenset("生家太sSmM") | {title[0] for title in TITLES.split("|")}


def titled(text: str, at: int) -> float:
    """How surely a title stands here: 1 for a word, less for a single 汉字 that may begin another word."""
    if text[at : at + 1] not in FIRSTS:
        return 0.0
    if CALLED.match(text, at):
        return 1.0
    short, pair = text[at : at + 1], text[at : at + 2]
    if short in SHORT and (len(pair) == 1 or pair not in ordinary() or pair in _SAYS_TOO):
        return 0.7
    if (
        short in "生太"
        and short
        and (not HAN[0] <= pair[1:] <= HAN[2] or pair[1:] in "你您話话嘅喺同跟讲想今已听问应电")
        and at
        and bits("families").get(text[at - 1], 99) <= 12
    ):
        return 0.7
    return 0.7 if short == "家" and _SHARE.match(text, at + 1) else 0.0


def announced(text: str, begin: int, end: int) -> bool:
    """Whether what stands before or a title behind says that this is a name."""
    return titled(text, end) == 1 or left_of(text, begin) >= _ANNOUNCED


def in_words(text: str, place: int) -> bool:
    """Whether a 汉字 stands here."""
    return place >= 0 and HAN[0] <= text[place : place + 1] <= HAN[2]


def left_of(text: str, begin: int) -> float:
    if begin == 0:
        return 1.0
    before = text[max(0, begin - 12) : begin]
    cues = _MAY(before)
    if SAYS in cues and SAYS.search(before):
        return 18.0
    if ROLE in cues and ROLE.search(before):
        return 11.0 if before[-1] not in ":：是叫" else 15.0
    if VERB in cues and VERB.search(before):
        return 4.0 if before.rstrip()[-1:] in '、，,:“"（(《|/]' else 5.0
    return (0.0 if before[-1] in "的里为中" else -2.0) if HAN[0] <= before[-1] <= HAN[2] else 1.0


def right_of(text: str, end: int) -> float:
    if _NUMBERED.match(text, end):
        return 8.0
    if end == len(text) or not HAN[0] <= text[end] <= HAN[2]:
        return 12.0 if SEX.match(text, end) else 4.0 if _BRACKET.match(text, end) else 2.0
    if sure := titled(text, end):
        return 10.0 * sure
    if THING.match(text, end):
        return -8.0
    if ACTS.match(text, end):
        return 6.0
    if text[end : end + 2] in section("verbs"):
        return 3.0
    return 2.0 if SPEAKS.match(text, end) else -1.0


class _Most(dict[str, float]):
    """A character → the most that what stands there can speak for a name. Filled as texts are read."""

    def __init__(self, edges: Iterable[tuple[re.Pattern[str], float]], otherwise: Callable[[str], float]) -> None:
        self.edges, self.otherwise = tuple(edges), otherwise

    def __missing__(self, char: str) -> float:
        told = (worth for edge, worth in self.edges if char and edge.match(char))
        self[char] = most = max(self.otherwise(char), *told, -99.0)
        return most


@cache
def most_left() -> Mapping[str, float]:
    """The character before a name, or nothing → the most that `left_of` can be."""
    return _Most(((edge(), worth) for edge, worth in _BEFORE), lambda char: left_of(char, len(char)))


@cache
def most_right() -> Mapping[str, float]:
    """The character behind a name, or nothing → the most that `right_of` can be."""
    verbs, titles = (re.compile(f"[{''.join({word[0] for word in words})}]") for words in (section("verbs"), FIRSTS))
    edges = [(edge(), worth) for edge, worth in _BEHIND]
    return _Most([*edges, (titles, 10.0), (verbs, 3.0)], lambda char: max(right_of(char, 0), -1.0))
