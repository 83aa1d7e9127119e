"""How much speaks for a person where an English text has a capital word, or several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhinan.core.rules import rule
from zhinan.steps.masks._behind import made, met, named, weak
from zhinan.steps.masks._cues import ACTS, CALLS, VOCATIVE
from zhinan.steps.masks._tables import english
from zhinan.steps.masks._tokens import Token, bare
from zhinan.steps.masks._words import EAST, SHOPS

__all__ = ["TWO", "score"]

_PINYIN = rule(
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|uei|ai|an|ao|ei|en|er|ia|"
    "ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u))"
)
TWO = rule(rf"(?:{_PINYIN.pattern}){{1,2}}")
_DONE = rule(r" (?:it|me|them|us|him|the|an?|this|that|these|those|out|up|off|my|your|be|not|all|some|any)\b")
"""What follows a verb at the beginning of a sentence: Mark it, Chuck them."""
_WAY = rule(r"(?i)\b(?:from|between|drove|walked|flew|via) \Z")
_SOME = rule(r"(?i)\b(?:an?|this|that|every|old|new|in|near|& ?) ?\Z")
_PAIR = rule(r" ?& ?([A-ZÀ-Þ][\w'’-]*)")
_BOUGHT = rule(r"(?i)\b(?:bought|ordered|borrowed|buy|sell|selling|want|need|our|my new) (?:an?|the|another) ?\Z")
_THE = rule(r"(?i)\bthe \Z")
_OF_WHICH = rule(r" (?!(?:who|that|from|you|we|i|and|or|is|was|are|in|on|at|said|has)\b)[a-z]{3,}")
_SEEN = rule(
    r"(?i) (?:is|was|are|were|has|had) (?:so |very |too |a bit |quite |much )?(?:\w+er than|lovely in|lovely,|"
    r"expensive|cheap|rainy|dull|humid|cold|hot|loud|windy|the (?:garden|capital|biggest|largest)|(?:two|three|many) )"
    r"|, (?:wisconsin|texas|ohio|france|italy|spain|england|scotland|ireland|georgia|florida|california)\b| exports?\b"
)
"""What is told of a place."""
_THITHER = rule(
    r"(?i)\b(?:visit|(?:trains?|bus(?:es)?|flights?|ferry|coach|diverted|trip|holiday)s? (?:to|from|for|in)) \Z"
)


def _opens(before: str) -> bool:
    """Whether a sentence begins here, where every word has a capital."""
    return not before.strip() or bool(re.search(r"[.!?:;\n\"“(*•>|\]-]\s*\Z", before))


def score(words: Sequence[Token], before: str, text: str, end: int) -> float:
    """How much speaks for a person; above 0 it is one."""
    told = named(before)
    near = told or met(before) or before.endswith("@")
    said_weakly = not near and weak(before)
    acts, calls = bool(ACTS.match(text, end)), bool(CALLS.match(text, end))
    opens = _opens(before)
    score = (4.0 if told else 2.5 if near else 0.6 if said_weakly else 0.0) + (2.0 if calls else 0.7 if acts else 0.0)
    if opens and not near and (len(words) == 1 or any(t.plain or t.place for t in words)):
        score -= 0.5
    if len(words) == 1:
        if opens and words[0].given >= 2 and VOCATIVE.match(text, end):
            score += 2.5
        if words[0].place and said_weakly:
            score -= 1.6
        if words[0].word in SHOPS and not near:
            score -= 2.0
        pair = _PAIR.match(text, end)
        if (opens and words[0].plain and _DONE.match(text, end)) or (
            _WAY.search(before) and re.match(r" (?:to|and) [A-Z]", text[end : end + 8])
        ):
            score -= 2.0
        place = words[0].place and (_SEEN.match(text, end) or _THITHER.search(before))
        score -= 3.0 if place or _BOUGHT.search(before) else 0.0
        other = bare(pair[1]) if pair else ""
        thing = made(before) or (pair and (english().get(other, (0,))[0] < 2 or other == words[0].word))
        sure = words[0].given >= 2 and not words[0].plain and not words[0].place
        return score + _alone(words[0], opens) - (1.2 if sure and _SOME.search(before) else 3.0) * bool(thing)
    of_the = len(words) == 2 and _THE.search(before) and _OF_WHICH.match(text, end)
    return score + _together(words, opens) - (3.0 if of_the else 0.0)


def _alone(token: Token, opens: bool) -> float:
    """A single word: a given name that is nothing else is a person, a surname needs somebody who says so."""
    score = (-4.0, 0.1, 0.7, 1.4)[token.given]
    if token.family and not token.given:
        score = (-4.0, -2.2, -1.2, -0.5)[token.family]
    if not token.known:
        score = -2.2 if not token.plain and len(token.word) > 2 else -5.0
        score += 0 if token.plain or token.shown.isascii() else 1.4
    if token.plain:
        score -= (0, 1.2, 2.2 if token.given == 3 else 2.6)[token.plain] + opens * (0.5 if token.given == 3 else 1)
    if token.place:
        score -= 1.2 if token.given == 3 else 2.0
    if len(token.word) <= 2:
        score -= 1.5
    if token.shown.isupper():
        score -= 1.5
    return score


def _together(words: Sequence[Token], opens: bool) -> float:
    """Two to five words: the more of them are names, the surer."""
    first, last = words[0], words[-1]
    if _eastern(words):
        return 1.5
    score = -1.6
    for i, token in enumerate(words):
        part = (
            (-1.0, 0.7, 1.4, 2.0)[token.known]
            if i
            else (-1.0, 0.7, 1.6, 2.4)[max(token.given, token.family - 1, token.family > 0)]
        )
        if not token.known and not token.plain and not token.place:
            part = 0.3 if len(token.word) > 2 and not token.shown.isupper() else -0.8
        part -= (0, 0.5, 0.9)[token.plain] * (1 if token.known else 2)
        if not (i and first.given >= 2 and not first.plain and not first.place):
            part -= 1.0 * token.place
        elif token.place and not token.known and not token.plain:
            part = 0.0
        score += part
    if first.given and last.family:
        score += 1.0
    if opens and first.plain and first.given < 3:
        score -= 1.0
    if last.plain == 2 and last.family < 2:
        score -= 1.5
    if all(t.shown.isupper() for t in words):
        score -= 1.8 if any(t.plain for t in words) else 0.8
    return score if len(words) < 5 else score - 1


def _eastern(words: Sequence[Token]) -> bool:
    """Whether words are a Chinese, Vietnamese or Korean name in Latin letters, the surname on either side."""
    if not 2 <= len(words) <= 4 or all(t.plain for t in words):
        return False
    parts = [t.word.replace("-", "") for t in words]
    for family, given in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        if family in EAST and all(len(g) <= 9 and (TWO.fullmatch(g) or english().get(g, (0,))[0]) for g in given):
            return True
    return (
        parts[0] in EAST
        and len(parts) == 3
        and all(2 <= len(p) <= 6 for p in parts[1:])
        and not any(t.plain == 2 for t in words[1:])
    )
