"""Finds English names where letters are all small or all capital, and say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhinan.core.rules import rule
from zhinan.steps.masks import _behind
from zhinan.steps.masks._cues import ACTS, CALLS
from zhinan.steps.masks._spans import Span
from zhinan.steps.masks._tokens import Token
from zhinan.steps.masks._words import NEVER, PARTICLES, TITLES, listed

__all__ = ["uncased"]

_QUIET_TITLES = TITLES - {
    "father", "sister", "brother", "miss", "sir", "madam", "lady", "lord",
    "coach", "chef", "doctor", "nurse", "officer",
}  # fmt: skip
"""Titles that say little in small letters, taken off."""
_HEARD = rule(r"(?i:\b(?:did|does|has|is|was|with|from|and|for|by|to|give|let|if|or) \Z)")
_ARTICLE = rule(r"(?i:\b(?:an?|the|some|a (?:little|bit of)|little|more) \Z)")
"""What no name in small letters follows."""
_FAREWELL = rule(r"(?i)(?:thanks|thank you|best|love|ta|names?) ?\Z")


_THINGS = listed(
    """
    amber basil brandy candy coral crystal daisy ginger hazel heather holly iris ivy jade jan jasmine joule kelvin
    lavender lily mint olive opal pansy pascal pearl pepper poppy robin rocky rose rosemary ruby saffron sage sandy
    sep sherry tulip violet willow
    """
)
"""Names that in small letters are herbs, colours, units and the like."""


def uncased(text: str, line: Sequence[Token]) -> Iterator[Span]:
    """Names where letters are all small or all capital."""
    used = -1
    for i, token in enumerate(line):
        never = token.word in NEVER or token.word in TITLES or len(token.word) == 1
        if i > used and not never and not _is_thing(text, token):
            last = _last_of(text, line, i)
            if last is not None:
                used = last
                yield token.start, line[last].end


def _is_thing(text: str, token: Token) -> bool:
    """Whether a word in small letters is a thing that names are called after, and nobody is spoken of."""
    if token.word not in _THINGS or not token.shown.islower():
        return False
    before = text[max(0, token.start - 60) : token.start]
    return not (_behind.named(before) or _behind.says(before) or _behind.met(before))


def _last_of(text: str, line: Sequence[Token], i: int) -> int | None:
    """Which word a name that begins with this one ends with; None when no name does."""
    token = line[i]
    before = text[max(0, token.start - 60) : token.start]
    if (token.plain == 2 and not token.given) or _ARTICLE.search(before):
        return None
    following = line[i + 1] if i + 1 < len(line) and text[token.end : line[i + 1].start] == " " else None
    if following is not None and (
        following.word in NEVER or following.place or following.family <= (following.plain > 0)
    ):
        following = None
    if following is not None and CALLS.match(text, token.end):
        following = None
    last = before.split()[-1:]
    if last and last[0].strip("(.").lower() in _QUIET_TITLES and token.plain < 2:
        return i + (following is not None)
    strange = not token.plain and (bool(token.known) or (not token.place and len(token.word) > 2))
    if not (token.given or strange):
        return None
    if (
        token.family >= 2
        and token.given < 2
        and strange
        and not token.place
        and before.endswith(" is ")
        and _behind.met(before)
    ):
        return i
    named = _behind.named(before)
    if named or (_behind.says(before) and not _FAREWELL.search(before)):
        if strange or (token.given == 3 and token.plain < 2):
            return _announced(text, line, i)
    elif (strange or (token.given and token.plain < 2)) and _signs(text, line, i, before):
        return i
    if not token.given:
        both = strange and following is not None and not (following.plain or following.place)
        return i + 1 if both and len(token.word) > 3 and _behind.met(before) else None
    if i == 0 and token.given >= 2 and not token.plain and _introduces(text, line):
        return 1
    clean = not token.plain and not token.place
    met = _behind.met(before)
    pair = following is not None and token.given + following.family >= 3
    sure = clean or met or (token.given == 3 and following is not None and not following.plain and token.plain < 2)
    if pair and sure:
        return i + 1
    if met and token.given == 3 and not token.plain and len(token.word) > 3:
        return i
    if not clean:
        return None
    alone = token.given == 3 and (ACTS.match(text, token.end) or (not token.family and len(token.word) > 3))
    heard = len(token.word) > 4 and bool(_HEARD.search(before))
    told = token.given >= 2 and (met or heard or CALLS.match(text, token.end))
    return i if alone or told else None


def _introduces(text: str, line: Sequence[Token]) -> bool:
    """Whether a text begins with somebody who says who is here: the word behind a given name is in no table."""
    if len(line) < 2 or text[line[0].end : line[1].start] != " " or len(line[1].word) < 4:
        return False
    last = line[1]
    return not (last.plain or last.place or last.word in NEVER) and bool(re.match(" here\\b", text[last.end :][:6]))


_SIGNED = rule(r"(?i)(?:thanks|thank you|thx|cheers|regards|best|love|ta|xx?|bye|sincerely)[ ,.!x]*\n[ \n]*\Z")
_SPEAKER = rule(r"(?:\A|\n)[ \t]*(?:\[?\d{1,2}:\d\d(?::\d\d)?\]?[ -]*)?<?\Z")
_GREETED = rule(r"(?i)(?:\A|[\n.!?] ?)(?:hi|hey|hello|dear|hiya|yo|morning|evening) \Z")


def _signs(text: str, line: Sequence[Token], i: int, before: str) -> bool:
    """Whether an unknown word stands alone where somebody signs, is greeted or begins to speak."""
    after = text[line[i].end : line[i].end + 2]
    if len(line) == 1 and _SIGNED.search(before):
        return True
    if after[:1] in (",", "!", "") and _GREETED.search(before):
        return True
    return after == ": " and bool(_SPEAKER.search(before)) and bool(re.search(r"\d", before[-9:]))


def _announced(text: str, line: Sequence[Token], i: int) -> int:
    """The last word of a name that something announces: up to three more words that may be a name's."""
    for j in range(i + 1, min(len(line), i + 4)):
        token = line[j]
        part = token.plain < 2 if token.known else not token.plain
        between = text[line[j - 1].end : token.start]
        turned = between == ", " and j == i + 1 and line[i].family and not line[i].given and token.given >= 2
        if (between != " " and not turned) or not part or token.word in NEVER or token.word in PARTICLES:
            return j - 1
    return min(len(line), i + 4) - 1
