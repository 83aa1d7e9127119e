"""Finds names in English texts: words that tables know as names, and unknown words where a name would stand.

Each word says how usual it is as a given name, as a surname and as an ordinary word. Where capitals mean something, a
run of capital words is cut at what is in no name and each piece is judged; where a text is typed in small letters or in
capitals alone, only names that are no words count, unless something announces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhinan.core.rules import rule
from zhinan.steps.masks._behind import made, met, named, says, weak
from zhinan.steps.masks._cues import ACTS, CALLS, NO_PERSON, THING, VOCATIVE
from zhinan.steps.masks._english_forms import formed
from zhinan.steps.masks._english_small import uncased
from zhinan.steps.masks._remembered import remembered
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import english
from zhinan.steps.masks._tokens import Token, bare, token_of, tokens_of, words_of
from zhinan.steps.masks._words import EAST, FIRMS, MAYBE, NEVER, PARTICLES, ROLES, SHOPS, TITLES

__all__ = ["names"]

_GLUE = rule(r"(?:\.? |\.|-)\Z")
_LINKS = frozenset(["s/o", "d/o", "a/l", "a/p"])
_PINYIN = rule(
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|uei|ai|an|ao|ei|en|er|ia|"
    "ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u))"
)
_TWO = rule(rf"(?:{_PINYIN.pattern}){{1,2}}")
_COMMA = rule(
    r"(?<![A-Za-z,] )(?<![A-Za-z])(?P<family>(?:[Vv]an (?:der |den )?|[Dd]e (?:la )?|[Vv]on "
    r")?[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?),"
    r" (?P<given>[A-Z][a-z]+)(?: [A-Z]\.?)?(?![A-Za-z])"
)
_INITIAL = rule(
    r"(?<![A-Za-z])(?:[Mm]rs?|[Mm]s|[Mm]iss|[Mm]x|[Dd]r)\.? (?P<find>[A-Z])(?=\.|[ ,;:!?\n]|\Z)(?!\.?[A-Z])"
)
_OLD = rule(r"(?<![A-Za-z])(?:Old|Young|Big|Little|Wee) (?=[A-Z])")
_DONE = rule(r" (?:it|me|them|us|him|the|an?|this|that|these|those|out|up|off|my|your|be|not|all|some|any)\b")
"""What follows a verb at the beginning of a sentence: Mark it, Chuck them."""
_WAY = rule(r"(?i)\b(?:from|between|drove|walked|flew|via) \Z")
_SOME = rule(r"(?i)\b(?:an?|this|that|every|old|new|in|near|& ?) ?\Z")
_PAIR = rule(r" ?& ?([A-ZÀ-Þ][\w'’-]*)")
_DOCTORED = rule(r"\bDr\.? \Z")
_BOTTLED = frozenset(["pepper", "martens", "martin", "oetker", "scholl", "seuss", "strange", "who"])
"""What a doctor is called that is a drink, a shoe or a film."""
_SAID = rule(r"(?=[A-Z]*[AEIOUY])[A-Z]{3,}/(?=[A-Z]*[AEIOUY])[A-Z]{3,}")
"""What can be said aloud: FERNANDO/NIMALI, but not LPG/CNG."""
_ABOARD = rule(r"(?i:passenger|\bpax\b|passport|\bpnr\b|boarding|flight|\bapis\b|ticket|seat|乘客|旅客|护照|航班|机票)")
_FLOWN = rule(
    r"(?<![A-Za-z/])(?P<name>(?P<family>[A-Z]{2,})/(?P<given>[A-Z]{2,})(?: (?!(?:MRS?|MS|MISS|MSTR|DR|CHD|INF)\b)"
    r"[A-Z]{2,}(?![a-z]))?)(?![A-Za-z/])"
)
_OF = rule(r" (?:s/o|d/o|a/l|a/p|[Bb]in|[Bb]inte|[Bb]inti|[Bb]int|[Ii]bn) [A-Z][a-z]+(?: [A-Z][a-z]+)?")
_CAPS = rule(r"[A-Z]")
_SMALL = rule(r"[a-z]")


def names(text: str) -> list[Span]:
    """Spans of English names; the title before a name is no part of it."""
    if not any(map(_may_tell, words_of(text))):
        return []
    tokens = tokens_of(text)
    found: list[Span] = []
    for line, shouted in _lines(text, tokens):
        found += (
            uncased(text, line)
            if shouted
            else [*_cased(text, line), *uncased(text, [t for t in line if t.shown.islower()])]
        )
    found += [match.span() for start, end in found if (match := _OF.match(text, end))]
    found += [match.span() for match in _COMMA.finditer(text) if _turned(match["family"], match["given"])]
    for match in _FLOWN.finditer(text) if "/" in text else ():
        if _turned(match["family"], match["given"]) or (_SAID.match(match["name"]) and _ABOARD.search(text)):
            found.append(match.span("name"))
    found += formed(text)
    found += [match.span("find") for match in _INITIAL.finditer(text)]
    for match in _OLD.finditer(text):
        found += [(match.start(), end) for start, end in found if start == match.end()]
    return found + _again(text, tokens, found)


@remembered
def _may_tell(shown: str) -> bool:
    """Whether a word may be of a name or announce one; a text of other words alone holds none."""
    word = bare(shown)
    if word in TITLES or word in ("name", "names", "named", "called", "call"):
        return True
    token = token_of(shown)
    if len(token.word) == 1:
        return False
    if shown[0].isupper():
        never = token.word in NEVER and token.word not in MAYBE and token.word not in EAST
        return not never and (token.known > 0 or not token.plain)
    return token.plain < 2 and (token.given > 0 or not token.plain)


def _turned(family: str, given: str) -> bool:
    """Whether "Smith, John" is a name with the surname first."""
    last, first = bare(family.rsplit(maxsplit=1)[-1]), bare(given)
    if last in EAST and _TWO.fullmatch(first) and first not in english():
        return True
    facts = english().get(last, (0, 0, 0, 0)), english().get(first, (0, 0, 0, 0))
    return (
        facts[0][1] >= 2
        and facts[1][0] >= 1
        and not facts[0][3]
        and not facts[1][3]
        and not facts[0][0] > 1
        and facts[1][2] < 2
    )


def _lines(text: str, tokens: Sequence[Token]) -> Iterator[tuple[list[Token], bool]]:
    """The words of each line, and whether it is written in capitals alone."""
    line: list[Token] = []
    for token in [*tokens, None]:
        if line and (token is None or "\n" in text[line[-1].end : token.start]):
            letters = text[line[0].start : line[-1].end]
            caps = len(_CAPS.findall(letters))
            small = len(_SMALL.findall(letters))
            yield line, caps >= 12 and small <= caps / 4
            line = []
        if token is not None:
            line.append(token)


def _cased(text: str, line: Sequence[Token]) -> Iterator[Span]:
    """Names among the capital words of a line."""
    piece: list[Token] = []
    for token in [*line, None]:
        if piece and (token is None or not _joined(text, piece[-1], token)):
            yield from _pieces(text, piece)
            piece = []
        if token is None:
            break
        capital = token.shown[0].isupper()
        if capital or (piece and token.word in PARTICLES):
            piece.append(token)
        elif piece:
            yield from _pieces(text, piece)
            piece = []


def _joined(text: str, left: Token, right: Token) -> bool:
    """Whether two words may belong to one name: only a space, a hyphen or an initial's point between them."""
    between = text[left.end : right.start]
    if between in (" ", "-", "  "):
        return True
    if between in (". ", "."):
        return len(left.word) == 1 or left.word in ("st", "jr", "ma", "md", "mohd")
    return between.strip() in _LINKS


def _pieces(text: str, run: list[Token]) -> Iterator[Span]:
    """A run cut at words that are in no name."""
    piece: list[Token] = []
    for i, token in enumerate(run):
        title = token.shown.lower() in TITLES or (token.word in TITLES and token.shown.isascii())
        eastern = token.word in EAST and token.shown.istitle() and _given_in_pinyin(run[i + 1 : i + 3] or piece)
        role = not piece and i + 1 < len(run) and token.word in ROLES and not run[i + 1].plain
        never = (
            token.word in NEVER
            and not eastern
            and not (token.known and i < 2 and len(run) > 1 and named(text[max(0, run[0].start - 60) : run[0].start]))
            and not (token.word in ("a", "i") and text[token.end : token.end + 2] == ". " and i + 1 < len(run))
            and not (token.word in MAYBE and token.shown != "MAC" and (len(run) > 1 or _told(text, token.start)))
        )
        weak = token.plain == 2 and not piece and not token.given and token.family <= 1
        plain = token.plain and (not token.known or weak) and token.word not in PARTICLES
        if token.word == "ah" and piece and piece[0].word in EAST:
            plain = False
        if piece and token.shown.istitle() and all(len(t.word) > 2 and t.shown.isupper() for t in piece):
            yield from _judged(text, piece)
            piece = []
        if title or never or role or (plain and not _carried(text, run, i)):
            yield from _judged(text, piece)
            piece = []
        else:
            piece.append(token)
    yield from _judged(text, piece)


def _told(text: str, start: int) -> bool:
    before = text[max(0, start - 60) : start]
    return says(before) or met(before)


def _given_in_pinyin(words: Sequence[Token]) -> bool:
    return 1 <= len(words) <= 2 and all(_TWO.fullmatch(t.word) and not t.plain and not t.place for t in words)


def _carried(text: str, run: Sequence[Token], i: int) -> bool:
    """Whether an ordinary word is part of a name nevertheless: behind a title, an announcement or a given name."""
    before = text[max(0, run[i].start - 60) : run[i].start]
    if i and run[i - 1].word in TITLES:
        return True
    if i == 1 and run[0].given >= 2 and not run[0].plain and len(run) == 2 and run[i].plain == 1:
        return True
    return i == 0 and named(before)


def _judged(text: str, piece: list[Token]) -> Iterator[Span]:
    while piece and (
        piece[-1].shown.islower() or (piece[-1].word in PARTICLES and len(piece) > 1 and not piece[-1].known)
    ):
        piece = piece[:-1]
    while len(piece) > 1 and piece[-1].shown == "I" and text[piece[-1].end : piece[-1].end + 1] == " ":
        piece = piece[:-1]
    if [token.word for token in piece[-3:]] == ["d", "o", "b"]:
        piece = piece[:-3]
    while piece and piece[0].shown.islower():
        piece = piece[1:]
    words = [token for token in piece if len(token.word) > 1 and token.word not in PARTICLES] or [
        t for t in piece if t.known
    ]
    if not words or len(piece) > 7:
        return
    start, end = piece[0].start, piece[-1].end
    if (
        text[start - 1 : start] in ("/", "_", "#")
        or NO_PERSON.search(text, max(0, start - 16), start)
        or (text[start - 1 : start] == "@" and not (piece[0].given and text[start - 2 : start - 1].strip() == ""))
        or text[end : end + 1] in ("@", "_")
        or re.match(r"\.[a-z]|[0-9]|/[A-Za-z]", text[end : end + 2])
    ):
        return
    before = text[max(0, start - 60) : start]
    titled = (
        bool(re.search(r"(?:\A|[^A-Za-z])([A-Za-zñé]+)\.? \Z", before))
        and before.split()[-1].strip('(.["').lower() in TITLES
    )
    if titled and len(words) == 1 and words[0].word in _BOTTLED and _DOCTORED.search(before):
        return
    if titled or (len(words) <= 5 and _may_be_named(words) and says(before)):
        yield start, end
        return
    sure = len(words) > 1 and words[0].given >= 2 and not words[0].plain and words[-1].family >= 2
    if (
        any(THING.match(text, t.end) for t in (words[-1:] if sure else words))
        or " ".join(t.word for t in words[:2]) in FIRMS
    ):
        return
    score = _score(words, before, text, end)
    if len(piece) > len(words) and len(piece[0].word) == 1:  # initials
        score += 2.6 * min(2, len(piece) - len(words))
    elif len(piece) > len(words) and len(piece[-1].word) == 1:  # the father's, as in the south of India
        score += 0 if words[-1].plain else 1.6
    elif len(piece) > len(words):  # a particle
        score += 1.0
    if score > 0:
        first = 0
        while first < len(words) - 1 and not words[first].known and words[first].plain:
            first += 1
        yield words[first].start if first else start, end


def _may_be_named(words: Sequence[Token]) -> bool:
    """Whether words behind an announcement are a name: known as one, or in no table of words or places."""
    return any(t.known for t in words) or not any(t.plain == 2 or t.place for t in words)


def _opens(before: str) -> bool:
    """Whether a sentence begins here, where every word has a capital."""
    return not before.strip() or bool(re.search(r"[.!?:;\n\"“(*•>|\]-]\s*\Z", before))


def _score(words: Sequence[Token], before: str, text: str, end: int) -> float:
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
        thing = made(before) or (pair and english().get(bare(pair[1]), (0,))[0] < 2)
        sure = words[0].given >= 2 and not words[0].plain and not words[0].place
        return score + _alone(words[0], opens) - (1.2 if sure and _SOME.search(before) else 3.0) * bool(thing)
    return score + _together(words, opens)


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
        if family in EAST and all(len(g) <= 9 and (_TWO.fullmatch(g) or english().get(g, (0,))[0]) for g in given):
            return True
    return (
        parts[0] in EAST
        and len(parts) == 3
        and all(2 <= len(p) <= 6 for p in parts[1:])
        and not any(t.plain == 2 for t in words[1:])
    )


def _again(text: str, tokens: Sequence[Token], found: Sequence[Span]) -> list[Span]:
    """Words that are part of a longer name in the same text, and names of one word that stand there once more."""
    parts = {bare(part) for start, end in found for part in text[start:end].split()[:5]}
    parts = {part for part in parts if len(part) > 2 and part not in NEVER}
    return [
        (t.start, t.end)
        for t in tokens
        if t.word in parts and t.plain < (2 if t.shown[0].isupper() else 1) and not THING.match(text, t.end)
    ]
