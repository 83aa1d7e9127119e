"""The step that cleans values as the contract says, exactly as it was done to the rows that were learned from."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from zhinan.core import register
from zhinan.steps.texts.encodings import SUSPECT, repaired
from zhinan.steps.texts.hanzi import TO_SIMPLIFIED, TO_TRADITIONAL
from zhinan.steps.texts.markup import MARKUP, unmarked
from zhinan.steps.tidying import tidy
from zhinan.steps.values.lists import items_of, written_list

__all__ = ["Clean", "Rule", "clean_list", "clean_text", "is_missing", "missing_words", "rules_of"]

PASSES = 8
_PLAIN = {
    letter: plain
    for first, last in ((0x2000, 0x214F), (0x2160, 0x217F), (0x2460, 0x24FF), (0x3000, 0x3000), (0xFE30, 0xFE6F),
                        (0xFF01, 0xFFEE))
    for letter in map(chr, range(first, last + 1))
    if (plain := unicodedata.normalize("NFKC", letter)) != letter
}  # fmt: skip
"""Full-width letters, and the signs of Chinese and English texts (… ① Ⅱ ℃), as NFKC writes each."""

_STAYS = (
    r"\x00-\x7f¡-§©«-®°±¶·»¿-ı\u0391-\u03ce\u0400-\u0482\u200b-\u2010\u2012-\u2016\u2018-\u2023\u2030-\u2032€"
    r"\u2190-\u21ff\u2500-\u27bf\u3001-\u3029\u3041-\u3094\u30a1-\u30fe\u3105-\u312d\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7a3\ufe00-\ufe0f\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff"
)
_UNLIKE = {
    "NFC": rf"[^{_STAYS}\xa0-\xbf\u2011-\u203e\u2460-\u24ff\u3000\u3200-\u33ff\ufe30-\ufe6b\uff01-\uffee]",
    "NFKC": rf"[^{_STAYS}]",
}
"""Letters that a form may change, by themselves or with what stands before them: all but those of common scripts."""

_SPACE = re.compile(r"[\u200b\u2060\ufeff\u00ad]|\s+")


class Rule:
    """One thing that is done to a text.

    Args:
        name: the key of `data.clean`. apply: text → text; twice is as once.
        may: a regular expression for polars that finds every text it may change.
        form: the Unicode normal form it gives, "" for none.
        letters: what it puts in place of single letters; that is all it does to a text which then is in `form`.
    """

    def __init__(
        self,
        name: str,
        apply: Callable[[str], str],
        may: str,
        form: str = "",
        letters: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.apply, self.may, self.form = name, apply, may, form
        self.letters = letters or {}


@register("step", "clean")
class Clean:
    """Cleans texts, categories and the items of lists, and keeps numbers inside limits learned on train.

    Args:
        unicode: "nfc" (letters and their accents as one), "nfkc" (full-width as half-width too).
        chinese: "simplified" or "traditional" 汉字. html: "text" takes markup off. encoding: "repair" undoes mojibake.
        whitespace: "collapse" makes each run of white space one space. missing: texts that mean nothing.
        limits: number column → [low, high]. lists: the columns whose texts are lists, to be cleaned item by item.
    """

    def __init__(  # noqa: PLR0913 argued in tests/architecture/test_sizes.py
        self,
        reads: tuple[str, ...],
        writes: tuple[str, ...],
        files: Mapping[str, bytes],
        *,
        unicode: Literal["nfc", "nfkc", "none"] = "nfc",
        chinese: Literal["simplified", "traditional", "none"] = "none",
        html: Literal["text", "none"] = "none",
        encoding: Literal["repair", "none"] = "repair",
        whitespace: Literal["collapse", "none"] = "none",
        missing: tuple[str, ...] = (),
        limits: dict[str, tuple[float, float]] | None = None,
        lists: tuple[str, ...] = (),
    ) -> None:
        self._reads, self._writes = reads, writes
        self._rules = rules_of(unicode=unicode, chinese=chinese, html=html, encoding=encoding, whitespace=whitespace)
        self._missing = missing_words(missing, self._rules)
        self._limits = limits or {}
        self._lists = frozenset(lists)

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The columns, cleaned."""
        pairs = zip(self._reads, self._writes, strict=True)
        return {written: self._column(values[read], read) for read, written in pairs}

    def _column(self, values: Sequence[Any], name: str) -> list[Any]:
        if name in self._limits:
            low, high = self._limits[name]
            return [v if v is None or math.isnan(v) else min(max(v, low), high) for v in values]
        clean = self._list if name in self._lists else self._one
        return [clean(v) if isinstance(v, str) else v for v in values]

    def _list(self, text: str) -> str:
        return clean_list(text, self._rules, self._missing)

    def _one(self, text: str) -> str | None:
        plain = tidy(text)
        clean = clean_text(plain, self._rules)
        return None if is_missing(plain, self._missing) or is_missing(clean, self._missing) else clean


@cache
def rules_of(
    *,
    unicode: str = "nfc",
    chinese: str = "none",
    html: str = "none",
    encoding: str = "repair",
    whitespace: str = "none",
) -> tuple[Rule, ...]:
    """The rules in force, in the order in which they are applied."""
    found = []
    if encoding == "repair":
        found.append(Rule("encoding", repaired, SUSPECT))
    if html == "text":
        found.append(Rule("html", unmarked, MARKUP))
    if unicode in ("nfc", "nfkc"):
        form = unicode.upper()
        found.append(Rule("unicode", _normal(form), _UNLIKE[form], form, _PLAIN if form == "NFKC" else None))
    if chinese in ("simplified", "traditional"):
        pairs = TO_SIMPLIFIED if chinese == "simplified" else TO_TRADITIONAL
        letters = dict(zip(pairs[::2], pairs[1::2], strict=True))
        found.append(Rule("chinese", _swapped(letters), f"[{pairs[::2]}]", letters=letters))
    if whitespace == "collapse":
        found.append(Rule("whitespace", _collapsed, r"[\u200b\u2060\u00ad]|\s\s|[^\S ]"))
    return tuple(found)


def clean_text(text: str, rules: Sequence[Rule], told: Callable[[str], None] | None = None) -> str:
    """A tidy text with every rule applied, again and again until nothing changes: cleaning twice is cleaning once.

    Args: told: is called with the name of each rule that changed something.
    """
    for turn in range(4 * PASSES):
        before = text
        for rule in rules:
            changed = rule.apply(text)
            if changed != text:
                text = changed
                if told:
                    told(rule.name)
        text = tidy(text)
        if text == before:
            break
        if turn >= PASSES:  # made to be unwrapped for ever
            text = re.sub("[&<＆＜]", "", text)
    return text


def clean_list(text: str, rules: Sequence[Rule], missing: frozenset[str]) -> str:
    """The text of a list with each of its items cleaned."""
    items = (clean_text(item, rules) for item in items_of(text))
    return written_list(item for item in items if item and not is_missing(item, missing))


def is_missing(text: str, missing: frozenset[str]) -> bool:
    """Whether a text is one of the words, in any case."""
    return bool(missing) and text.casefold() in missing


def missing_words(words: Iterable[str], rules: Sequence[Rule]) -> frozenset[str]:
    """Words as `is_missing` wants them: as they were given and as the rules leave them."""
    given = [tidy(word) for word in words]
    return frozenset(word.casefold() for word in (*given, *(clean_text(word, rules) for word in given)))


def _normal(form: Any) -> Callable[[str], str]:
    return lambda text: text if text.isascii() else unicodedata.normalize(form, text)


def _swapped(letters: Mapping[str, str]) -> Callable[[str], str]:
    table, known = str.maketrans(dict(letters)), frozenset(letters)
    return lambda text: text if known.isdisjoint(text) else text.translate(table)


def _collapsed(text: str) -> str:
    return _SPACE.sub(lambda found: " " if found[0].isspace() else "", text)
