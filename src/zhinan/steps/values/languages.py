"""Tells whether texts are English, 中文, another language or a mix, by their letters and their small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["language_of", "language_of_many"]

_SMALL = frozenset(
    re.findall(
        r"\w+",
        """the and to of a in is it you that was for on are with as at be this have from or had by not but what all were
        we when your can there an my me do how will i if so no they he she his her them please would could been has
        about get does did am just our out up one very""",
    )
)
"""The commonest words of English; a sentence hardly goes without one."""

_SHARED = frozenset(re.findall(r"\w+", "a am an as do has he in is me no of on or so was we will"))
"""Those of them that are words of another of these languages too: they do not outweigh a word of it."""

_FOREIGN = (
    frozenset(
        re.findall(
            r"\w+",
            """das und ist nicht ich ein eine auf für dem zu von wie wo mein meine meiner meinen sie wir habe wird
        la le les une pas je pour dans que qui ma mes vous nous avec sur ce un por para
        se del como está pero il lo gli che di sono mia mio os das não em uma com meu minha het een en ik
        niet op te dat mijn voor zijn""",
        )
    )
    - _SMALL
)
"""Words of German, French, Spanish, Italian, Portuguese and Dutch that English seldom has, even in names."""

_WORD = re.compile(r"[a-zà-öø-ÿ]+(?:'[a-z]+)?")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_KANA = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z]+")
_MOST = 0.8


def language_of(text: str) -> str:
    """ "en", "zh", "other" or, when it has no letters, "". A 汉字 counts as much as a Latin word.

    Latin words are English unless more of the small words among them, or as many that no two languages share, are
    another language's; without any, while all letters are plain ones.
    """
    lowered = text[:2000].lower()
    han, kana = len(_HAN.findall(lowered)), len(_KANA.findall(lowered))
    words = _LATIN.findall(lowered)
    letters = sum(map(str.isalpha, lowered))
    if not letters:
        return ""
    if kana * 4 >= han + kana > 0:
        return "other"
    if han and han >= 0.5 * len(words):
        return "zh"
    if sum(map(len, words)) < 0.9 * letters:
        return "other"
    spoken = _WORD.findall(lowered)
    small, foreign = sum(word in _SMALL for word in spoken), sum(word in _FOREIGN for word in spoken)
    own = sum(word in _SMALL - _SHARED for word in spoken)
    return "en" if small > foreign or own >= foreign > 0 or (not foreign and lowered.isascii()) else "other"


def language_of_many(texts: Iterable[str]) -> str:
    """The language of at least four in five texts, else "mixed"; "" when none has letters."""
    counts = Counter(map(language_of, texts))
    del counts[""]
    if not counts:
        return ""
    language, most = counts.most_common(1)[0]
    return language if most >= _MOST * counts.total() else "mixed"
