"""Tells apart the encodings of Latin alphabets, which differ in a few letters, by the language that has a text's."""

from __future__ import annotations

from collections import Counter

__all__ = ["LATIN", "latin"]

LATIN: dict[str, tuple[str, ...]] = {
    "cp1252": (
        "àâæçèéêëîïôœùûüÿ", "äöüß", "áéíñóúü", "àáâãçéêíòóôõúü", "àèéìîòóù", "äåö", "æåøéòô", "áæðéíóöúýþ", "áèéêëïóöü",
        "àçèéíïòóúü",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "ćčđšž"),
    "cp1254": ("çğıİöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
}  # fmt: skip
"""Encoding → the letters beyond ASCII of the languages that are written in it: French, German, Spanish, Portuguese,
Italian, Swedish and Finnish, Danish and Norwegian, Icelandic, Dutch, Catalan; Polish, Czech, Slovak, Hungarian,
Romanian, Croatian and Slovene; Turkish; Lithuanian, Latvian, Estonian."""

_NEAR = 0.05
_ORDINARY = frozenset("\u00a0«»„“”‘’‚–—…·•°€£§©®™¡¿´`′″×¼½¾²³±µ")
"""Signs that say nothing of the language, where they stand outside of words."""


def latin(sample: bytes) -> str:
    """Of LATIN the encoding in which most letters beyond ASCII are those of one language; the first if it is near."""
    usual = next(iter(LATIN))
    return max(LATIN, key=lambda codec: _fit(sample, codec) + _NEAR * (codec == usual))


def _fit(sample: bytes, codec: str) -> float:
    """The largest share of signs beyond ASCII that are letters of one language; a sign within a word is none."""
    text = sample.decode(codec, "replace")
    within = Counter(
        sign
        for before, sign, after in zip(" " + text, text, text[1:] + " ", strict=False)
        if sign > "\x7f" and (sign not in _ORDINARY or (before.isalpha() and after.isalpha() and sign not in "’·"))
    )
    known = (sum(n for sign, n in within.items() if sign in own or sign.lower() in own) for own in LATIN[codec])
    return max(known) / max(within.total(), 1)
