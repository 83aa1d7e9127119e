"""Finds names in English texts: words that tables know as names, and unknown words where a name would stand.

Each word says how usual it is as a given name, as a surname and as an ordinary word. Where capitals mean something, a
run of capital words is cut at what is in no name and each piece is judged; where a text is typed in small letters or in
capitals alone, only names that are no words count, unless something announces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhinan.core.rules import rule
from zhinan.steps.masks._behind import met, named, says
from zhinan.steps.masks._cues import NO_PERSON, THING
from zhinan.steps.masks._english_edges import without_lead
from zhinan.steps.masks._english_forms import formed
from zhinan.steps.masks._english_scores import TWO, score
from zhinan.steps.masks._english_small import uncased
from zhinan.steps.masks._remembered import remembered
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tables import english
from zhinan.steps.masks._tokens import Token, bare, token_of, tokens_of, words_of
from zhinan.steps.masks._words import EAST, FIRMS, HEADS, MAYBE, NEVER, PARTICLES, ROLES, TITLES

__all__ = ["names"]

_GLUE = rule(r"(?:\.? |\.|-)\Z")
_LINKS = frozenset(["s/o", "d/o", "a/l", "a/p"])
_COMMA = rule(
    r"(?<![A-Za-z,] )(?<![A-Za-z])(?P<family>(?:[Vv]an (?:der |den )?|[Dd]e (?:la )?|[Vv]on "
    r")?[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?),"
    r" (?P<given>[A-Z][a-z]+)(?: [A-Z]\.?)?(?![A-Za-z])"
)
_INITIAL = rule(
    r"(?<![A-Za-z])(?:[Mm]rs?|[Mm]s|[Mm]iss|[Mm]x|[Dd]r)\.? (?P<find>[A-Z])(?=\.|[ ,;:!?\n]|\Z)(?!\.?[A-Z])"
)
_OLD = rule(r"(?<![A-Za-z])(?:Old|Young|Big|Little|Wee) (?=[A-Z])")
_COMPOUND = rule(r"[a-z]-(?:on-)?[A-Z]{2,}\Z|[A-Z]'[A-Z][a-z]+r\Z")
"""Geo-IP, Wake-on-LAN: what is half in capitals."""
_MONTHS = frozenset(["jan", "sep", "mar", "apr", "may", "june", "july", "august"])
_DAY = rule(r"[0-9](?:st|nd|rd|th)? (?:of )?[A-Za-z]+|[A-Za-z] [0-9]")
_SAID = rule(r"(?=[A-Z]*[AEIOUY])[A-Z]{3,}/(?=[A-Z]*[AEIOUY])[A-Z]{3,}")
"""What can be said aloud: FERNANDO/NIMALI, but not LPG/CNG."""
_ABOARD = rule(r"(?i:passenger|\bpax\b|passport|\bpnr\b|boarding|flight|\bapis\b|ticket|seat|乘客|旅客|护照|航班|机票)")
_FLOWN = rule(
    r"(?<![A-Za-z/])(?P<name>(?P<family>[A-Z]{2,})/(?P<given>[A-Z]{2,})(?: (?!(?:MRS?|MS|MISS|MSTR|DR|CHD|INF)\b)"
    r"[A-Z]{2,}(?![a-z]))?)(?![A-Za-z/])"
)
_OF = rule(r" (?:s/o|d/o|a/l|a/p|[Bb]in|[Bb]inte|[Bb]inti|[Bb]int|[Ii]bn) [A-Z][a-z]+(?: [A-Z][a-z]+)?")
_LAST = rule(r"([A-Z][A-Za-zÀ-ɏ]*) \Z")
_NEXT = rule(r" (?:and )?([A-Za-zÀ-ɏ]+)")
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
    found = without_lead(text, found)
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
    if last in EAST and TWO.fullmatch(first) and first not in english():
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
    return 1 <= len(words) <= 2 and all(TWO.fullmatch(t.word) and not t.plain and not t.place for t in words)


def _carried(text: str, run: Sequence[Token], i: int) -> bool:
    """Whether an ordinary word is part of a name nevertheless: behind a title, an announcement or a given name."""
    before = text[max(0, run[i].start - 60) : run[i].start]
    if i and run[i - 1].word in TITLES:
        return True
    if i == 1 and run[0].given >= 2 and not run[0].plain and len(run) == 2 and run[i].plain == 1:
        return True
    return i == 0 and named(before)


def _judged(text: str, piece: list[Token]) -> Iterator[Span]:
    piece = _trimmed(text, piece)
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
        or any(_COMPOUND.search(t.shown) for t in piece)
        or (len(words) == 1 and words[0].word in _MONTHS and _DAY.search(text[max(0, start - 5) : end + 3]))
    ):
        return
    before = text[max(0, start - 60) : start]
    titled = (
        bool(re.search(r"(?:\A|[^A-Za-z])([A-Za-zñé]+)\.? \Z", before))
        and before.split()[-1].strip('(.["').lower() in TITLES
    )
    if titled and len(words) == 1 and _of_a_firm(text, words):
        return
    if titled or (len(words) <= 5 and _may_be_named(words) and says(before)):
        yield start, end
        return
    sure = len(words) > 1 and words[0].given >= 2 and not words[0].plain and words[-1].family >= 2
    if any(THING.match(text, t.end) for t in (words[-1:] if sure else words)) or _of_a_firm(text, words):
        return
    worth = score(words, before, text, end)
    if len(piece) > len(words) and len(piece[0].word) == 1:  # initials
        worth += 2.6 * min(2, len(piece) - len(words))
    elif len(piece) > len(words) and len(piece[-1].word) == 1:  # the father's, as in the south of India
        worth += 0 if words[-1].plain else 1.6
    elif len(piece) > len(words):  # a particle
        worth += 1.0
    if worth > 0:
        first = 0
        while first < len(words) - 1 and not words[first].known and words[first].plain:
            first += 1
        yield words[first].start if first else start, end


def _trimmed(text: str, piece: list[Token]) -> list[Token]:
    """A piece without what stands at its edges and is in no name."""
    while piece and (
        piece[-1].shown.islower() or (piece[-1].word in PARTICLES and len(piece) > 1 and not piece[-1].known)
    ):
        piece = piece[:-1]
    while len(piece) > 1 and piece[-1].shown == "I" and text[piece[-1].end : piece[-1].end + 1] == " ":
        piece = piece[:-1]
    if [token.word for token in piece[-3:]] == ["d", "o", "b"]:
        piece = piece[:-3]
    while piece and (piece[0].shown.islower() or (len(piece) > 1 and piece[0].word in HEADS)):
        piece = piece[1:]
    while len(piece) > 1 and piece[-1].word in HEADS:
        piece = piece[:-1]
    return piece


def _of_a_firm(text: str, words: Sequence[Token]) -> bool:
    """Whether two words of a firm or a book stand here, with the word before or the word behind."""
    before, behind = _LAST.search(text, max(0, words[0].start - 16), words[0].start), _NEXT.match(text, words[-1].end)
    all_of = [bare(before[1])] if before else []
    all_of += [t.word for t in words[:2]]
    all_of += [bare(behind[1])] if behind and len(words) == 1 else []
    return any(f"{one} {other}" in FIRMS for one, other in pairwise(all_of))


def _may_be_named(words: Sequence[Token]) -> bool:
    """Whether words behind an announcement are a name: known as one, or in no table of words or places."""
    return any(t.known for t in words) or not any(t.plain == 2 or t.place for t in words)


def _again(text: str, tokens: Sequence[Token], found: Sequence[Span]) -> list[Span]:
    """Words that are part of a longer name in the same text, and names of one word that stand there once more."""
    parts = {bare(part) for start, end in found for part in text[start:end].split()[:5]}
    parts = {part for part in parts if len(part) > 2 and part not in NEVER}
    return [
        (t.start, t.end)
        for t in tokens
        if t.word in parts and t.plain < (2 if t.shown[0].isupper() else 1) and not THING.match(text, t.end)
    ]
