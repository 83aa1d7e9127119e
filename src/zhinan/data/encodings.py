"""Tells in which encoding a text is that is not UTF-8: what most lines are valid in, and what reads like a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from zhinan.data.latin import LATIN, latin

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

__all__ = ["GUESSED", "MOST_BYTES", "foremost", "guess"]

_MULTIBYTE = ("gb18030", "big5hkscs", "cp949", "euc_jp", "cp932")
_SINGLE = ("cp1252", "cp1251", "cp1250", "cp1254", "cp1253")
GUESSED = frozenset((*_MULTIBYTE, *_SINGLE, *LATIN))
"""What may be guessed: 简体 and 繁體 Chinese, Korean, Japanese (two), Western and Central European, Turkish, Baltic,
Greek and Cyrillic."""

MOST_BYTES = 256 << 10
"""Of a text, to guess by. Three lines of 汉字 are nearly always enough."""

_NEAR = 5.0
"""Points of chaos and of coherence (of 100) within which a text is taken for Chinese in GB18030."""

_CHAOS, _COHERENT = 0.2, 20.0
"""Share of what is out of order that is still a text; and, where there is more, points of coherence of a language."""

_KANA = 0.3
"""Share of kana in a Japanese text: EUC-JP has them where GB18030 has them, but Chinese has none."""


def foremost(encodings: Iterable[str]) -> str:
    """Of those that several files have, one that was guessed, else any; "" of none."""
    return max((one for one in encodings if one), key=lambda one: (one in GUESSED, one), default="")


def guess(lines: Iterable[bytes]) -> str | None:
    """The most likely encoding of lines that are not ASCII, as a codec; None where all are unlikely.

    Of what GB18030 and another encoding read equally well, as a word or two may be, GB18030 is taken.

    Source: charset-normalizer, by how ordered the characters are and how common in a language.
    """
    held = list(islice(lines, 20_000))
    damaged = {codec: {i for i, line in enumerate(held) if not _valid(line, codec)} for codec in _MULTIBYTE}
    fit = {codec: bad for codec, bad in damaged.items() if 2 * len(bad) < len(held)}
    least = min(map(len, fit.values()), default=0)
    broken = set[int]().union(*(bad for bad in fit.values() if len(bad) == least))
    sample = b"\n".join(line for i, line in enumerate(held) if i not in broken)
    found = _matches(sample, [*fit, *_SINGLE], _CHAOS)
    japanese = next((one for one in found if one.encoding in ("cp932", "euc_jp") and _kana(str(one)) > _KANA), None)
    if japanese is not None:
        return japanese.encoding
    if not found:
        if "gb18030" in fit and _reads_like_chinese(sample.decode("gb18030", "ignore")):
            return "gb18030"
        found = [one for one in _matches(sample, _SINGLE, 2 * _CHAOS) if one.percent_coherence > _COHERENT]
        return _told(found[0].encoding, sample) if found else None
    best = found[0]
    near = any(
        one.encoding == "gb18030"
        and one.percent_chaos <= best.percent_chaos + _NEAR
        and one.percent_coherence >= best.percent_coherence - _NEAR
        for one in found
    )
    return "gb18030" if near else _told(best.encoding, sample)


def _told(codec: str, sample: bytes) -> str:
    return latin(sample) if codec in LATIN else codec


def _matches(sample: bytes, codecs: Sequence[str], chaos: float) -> list[CharsetMatch]:
    """The codecs that text of at most so much chaos is read by, the likeliest first."""
    from charset_normalizer import from_bytes

    return list(
        from_bytes(
            sample, threshold=chaos, cp_isolation=list(codecs), preemptive_behaviour=False, enable_fallback=False
        )
    )


def _valid(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _kana(text: str) -> float:
    """Which share of the characters beyond ASCII is kana."""
    foreign = [c for c in text if c > "\x7f"]
    return sum("\u3040" <= c <= "\u30ff" for c in foreign) / max(len(foreign), 1)


def _reads_like_chinese(text: str) -> bool:
    """Most characters are common 汉字 or Chinese punctuation (GB2312 rows A1–D7); Western text read so is not."""
    pairs = [c.encode("gb18030") for c in text if c > "\x7f"]
    common = sum(len(p) == 2 and 0xA1 <= p[0] <= 0xD7 and p[1] >= 0xA1 for p in pairs)
    return 2 * common > len(pairs)
