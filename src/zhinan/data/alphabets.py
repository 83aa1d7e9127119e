"""Letters of the languages that legacy encodings were made for, by which `encodings` tells what a text is in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

__all__ = ["WRITTEN", "Likely", "likely"]

Likely = Callable[[str, str, str], float]
"""The logarithm of how often a sign beyond ASCII stands in texts of a language, of the sign and its neighbours."""

WRITTEN: dict[str, tuple[str, ...]] = {
    "cp1252": ("French", "German", "Spanish", "Portuguese", "Italian", "Swedish", "Danish", "Icelandic", "Dutch",
               "Catalan"),
    "gb18030": ("Simplified", "Traditional"), "big5hkscs": ("Traditional",), "cp949": ("Korean",),
    "cp932": ("Japanese",), "euc_jp": ("Japanese",),
    "cp1251": ("Russian", "Ukrainian", "Bulgarian", "Serbian"),
    "cp1250": ("Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian"),
    "cp1254": ("Turkish",), "cp1253": ("Greek",), "cp1255": ("Hebrew",), "cp1256": ("Arabic", "Persian"),
    "cp1257": ("Lithuanian", "Latvian", "Estonian"), "cp1258": ("Vietnamese",), "cp874": ("Thai",),
    "iso8859-2": ("Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian"), "iso8859-7": ("Greek",),
    "koi8-u": ("Russian", "Ukrainian"), "iso8859-5": ("Russian", "Bulgarian", "Serbian"), "iso8859-6": ("Arabic",),
    "mac-roman": ("French", "German", "Spanish", "Portuguese", "Italian", "Swedish", "Danish"),
    "mac-cyrillic": ("Russian", "Ukrainian", "Bulgarian"),
    "cp850": ("French", "German", "Spanish", "Portuguese", "Italian", "Swedish", "Danish"),
    "cp852": ("Polish", "Czech", "Slovak", "Hungarian", "Croatian"),
    "cp866": ("Russian",), "cp862": ("Hebrew",), "cp720": ("Arabic",),
}  # fmt: skip
"""Codec → the languages that are written in it, the usual codecs of a language first."""

_LATIN = {
    "French": "éèàêçôîûâœùïëæüÿ", "German": "üäöß", "Spanish": "óíáéñúü", "Portuguese": "ãçéáíêóõâúàôü",
    "Italian": "èàòùéìî", "Swedish": "äåöé", "Danish": "åøæéô", "Icelandic": "íáðþéóöæúý", "Dutch": "ëéïöüèêóá",
    "Catalan": "éóàíçèúòïü", "Polish": "łęążóśćńź", "Czech": "íáěéřčžšýůúňťďó", "Slovak": "áíéčžýšľťúňôäóďŕĺ",
    "Hungarian": "áéöőóíüúű", "Romanian": "ăîşţâ", "Croatian": "čšžćđ", "Turkish": "ışüğçöİâîû",
    "Lithuanian": "ėųšžčąįūę", "Latvian": "āīēūšņļķģžč", "Estonian": "äõüöšž",
    "Vietnamese": "\u0300đ\u0301\u0323ưôêơâ\u0309ăáàóíéúèùã\u0303",
}  # fmt: skip
_OTHERS = {
    "Russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "Ukrainian": "оаніирвтеслкмудпяьзбгчйхжшюїцєщфґ",
    "Bulgarian": "аиоентрсвлкдпмзгяъубчцйжщхшюфь", "Serbian": "аиоенрсуткјвдмплгзбчшцжћђљњхџф",
    "Greek": "αοιετνςσρηπκυμλίόάγέδήωχθύφώβξζψϊΐϋΰ", "Hebrew": "יוהלאתרמבשנעםדחקכפסגטצןזךףץ",
    "Arabic": "اليمونرتبةعدسفهكقأحجشطصخىإضزءذثئغظؤآپچژگ", "Persian": "اینردهومتبسلکشزفگعخقجآپحطصغضچذئثظژءيك",
    "Thai": "านร่อกเ้งมยิัลวดทีสตะปบคหแจพชขใไ์ุู็ืำึโถผณซญธศษภฟฉฝฐๆฮฎฏฑฆฬฤฒฌฯ",
}  # fmt: skip
"""Language → its letters (of the upper ones those beyond ASCII), the most frequent first.

Source: the orders of frequency of charset-normalizer, completed by each language's alphabet.
"""

_SIGNS = frozenset("\u00a0«»„“”‘’‚–—…·•°€£§©®™¡¿´`′″×¼½¾²³±µ№،؛؟฿₪₫")
"""What says little of the language, where it stands outside of words."""
_INNER = "’·—\u00a0"
"""Of these what stands within words too."""
_SLAVIC = "£³¹¼¾"
"""And what Ł, ł, ą, Ľ and ľ are in Windows-1252: beside a letter they are these, but for m³."""

_ALONE, _TOLD, _STRANGE, _NEVER = -0.6, -4.0, -9.0, -12.0
"""Logarithms of how often one such sign between ASCII, as all of English is, another, one within a word, and what is no
letter of the language stands."""
_BIG, _BIG_WITHIN = math.log(0.1), math.log(0.001)
"""A capital: where a word begins or in capitals alone, and behind a small letter."""
_DOUBLE, _MARKED, _MIXED = math.log(0.05), math.log(0.3), math.log(0.02)
"""A Latin letter beyond ASCII behind another (in Vietnamese), and a letter of another alphabet beside an ASCII one."""

_HANZI = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
_KANA = "のにるたとはしいをでてがなれからさっりすあもこまうくよきんめおけそつだやえどわちみせじばへびずろほげむべひ"
_HANGUL = "이다에의는로하을가고지서한은기으년대사시를리도인스일요어해주니"
_WIDE_SIGNS = frozenset("，。！？：；、（）“”‘’《》…—～·「」『』【】ー・")
_SELDOM, _RARE = 0.01, 4_000
"""Share and number of the rare signs of a double-byte set."""
_SAID = 0.4
"""Share of a text that the letters named above make up."""


@dataclass(frozen=True)
class _Letters:
    """A language of an alphabet: how often each letter beyond ASCII stands, falling evenly with its rank."""

    often: Mapping[str, float]
    ascii_too: bool
    marks: bool

    def __call__(self, sign: str, before: str, after: str) -> float:
        found = self.often.get(sign)
        if found is None and sign.lower() in self.often:
            found = self.often[sign.lower()] + (_BIG_WITHIN if before.islower() else _BIG)
        if found is None:
            if sign not in _SIGNS:
                return _NEVER
            if before.isalpha() and after.isalpha() and sign not in _INNER:
                return _STRANGE
            slavic = sign in _SLAVIC and (after.isalpha() or (before.isalpha() and before != "m"))
            return _ALONE if before.isascii() and after.isascii() and not slavic else _TOLD
        if not self.ascii_too:
            mixed = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
            return found + _MIXED * mixed
        return found + (_MARKED if self.marks else _DOUBLE) * (before > "\x7f" and before.isalpha())


@cache
def likely(language: str) -> Likely:
    """How likely a sign beyond ASCII is in texts of a language, of those named in WRITTEN."""
    if language in _LATIN or language in _OTHERS:
        letters = _LATIN.get(language) or _OTHERS[language]
        weights = [math.exp(-3.5 * rank / len(letters)) for rank in range(len(letters))]
        often = {sign: math.log(weight / sum(weights)) for sign, weight in zip(letters, weights, strict=True)}
        return _Letters(often, language in _LATIN, language == "Vietnamese")
    return {"Simplified": _simplified, "Traditional": _traditional, "Korean": _korean, "Japanese": _japanese}[language]


def _simplified(sign: str, _before: str, _after: str) -> float:
    if sign in _HANZI:
        return math.log(_SAID / len(_HANZI))
    return _placed(sign, "gb2312", (0xB0, 0xD7, 3755))


def _traditional(sign: str, _before: str, _after: str) -> float:
    return _placed(sign, "big5", (0xA4, 0xC6, 5401))


def _korean(sign: str, _before: str, _after: str) -> float:
    if sign in _HANGUL:
        return math.log(_SAID / len(_HANGUL))
    return _placed(sign, "euc_kr", (0xB0, 0xC8, 2350))


def _japanese(sign: str, _before: str, _after: str) -> float:
    if sign in _KANA:
        return math.log(_SAID / len(_KANA))
    if "\u3040" <= sign <= "\u30ff":
        return math.log(0.2 / 170)
    return _placed(sign, "euc_jp", (0xB0, 0xCF, 2965), 0.3)


def _placed(sign: str, codec: str, usual: tuple[int, int, int], share: float = 0.5) -> float:
    """By its place in a double-byte set. Args: usual: first and last leading byte of the usual signs, and their number.
    share: of a text that is among them."""
    if sign in _WIDE_SIGNS:
        return math.log(0.1 / len(_WIDE_SIGNS))
    raw, (first, last, count) = sign.encode(codec, "replace"), usual
    if len(raw) != 2:
        return _NEVER - 2
    return math.log(share / count) if first <= raw[0] <= last else math.log(_SELDOM / _RARE)
