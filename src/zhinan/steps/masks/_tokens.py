"""The words of an English text, and what the tables know of each."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from zhinan.core.rules import rule
from zhinan.steps.masks._remembered import remembered
from zhinan.steps.masks._tables import english

__all__ = ["Token", "bare", "token_of", "tokens_of", "words_of"]

_WORD = rule(r"[A-Za-zÀ-ɏḀ-ỿ]+(?:['’-][A-Za-zÀ-ɏḀ-ỿ]+)*")
_ENDS_AS_SURNAMES = rule(
    r"(?:(?:ow|ew|sz?|ck|in)sk[iay]|wicz|czyk|czak|iak|[aeiou][vw]a|enko|chuk|opoul\w+|akis|idze|shvili|yan|ssons?|"
    r"sens|dottir|"
    r"qvist|quist|strom|gren|berg|mann|stein|baum|hoven|stra|ema|elli|etti|ucci|ini|inho|eira|ez|ova|eva|escu|ovic|"
    r"evic|"
    r"swamy|murthy|nathan|appa|wala|wardena|singhe|ratne|oglu|zadeh|nejad|pour|worth|bottom|thwaite|shaugh)\Z"
)
_SHORTENED = rule(r"(?i:['’](?:ve|ll|t|d|re|m))\Z")


class Token(NamedTuple):
    """A word of the text and what is known of it."""

    start: int
    end: int
    word: str
    shown: str
    given: int
    family: int
    plain: int
    place: int

    @property
    def known(self) -> int:
        return max(self.given, self.family)


def words_of(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    return _WORD.findall(text)


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order, and what is known of each."""
    found = []
    for match in _WORD.finditer(text):
        start = match.start()
        _, length, *known = token_of(match[0])
        found.append(Token(start, start + length, *known))  # type: ignore[arg-type]
    return found


@remembered
def token_of(shown: str) -> Token:
    """What is known of a word, as if it stood at the beginning of a text."""
    end = len(shown)
    if shown[-2:] in ("'s", "’s"):
        shown, end = shown[:-2], end - 2
    if shortened := _SHORTENED.search(shown):
        return Token(0, end, bare(shown[: shortened.start()]), shown, 0, 0, 2, 0)
    word = bare(shown)
    if "-" in word or "'" in word:
        parts = [part for part in re.split("['-]", word) if part not in ("o", "d", "al", "el", "mc")]
        if len(parts) > 1 and any(len(part) == 1 for part in word.split("-")):  # X-Api-Key
            return Token(0, end, word, shown, 0, 0, 2, 0)
        facts = [english().get(part, (0, 0, 0, 0)) for part in parts] or [(0, 0, 0, 0)]
        given, family, plain, place = max(f[0] for f in facts), max(f[1] for f in facts), min(f[2] for f in facts), 0
        if len(parts) < word.count("'") + word.count("-") + 1:  # O'Neill, D'Angelo
            family = max(family, 2)
    else:
        given, family, plain, place = english().get(word, (0, 0, 0, 0))
        if not (given or family or plain or place) and len(word) > 5 and _ENDS_AS_SURNAMES.search(word):
            family = 2
        if word.startswith(("mc", "mac")) and shown[:2] in ("Mc", "Ma") and any(c.isupper() for c in shown[2:]):
            family = 3
    return Token(0, end, word, shown, given, family, plain, place)


@remembered
def bare(word: str) -> str:
    """A word in small letters without accents."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize(
        "NFD", word.lower().replace("’", "'").replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ß", "ss")
    )
    return "".join(c for c in bare if not unicodedata.combining(c))
