"""Tells in which encoding a text is that is not UTF-8: the one in which it is the likeliest text of a language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from zhinan.data.alphabets import WRITTEN, likely

__all__ = ["GUESSED", "MOST_BYTES", "foremost", "guess"]

GUESSED = frozenset(WRITTEN)
"""What may be guessed."""

MOST_BYTES = 256 << 10
"""Of a text, to guess by. Three lines of 汉字 are nearly always enough."""

_WEIGHED = 12 << 10
"""Bytes of those lines that are weighed, drawn evenly."""

_PRIOR = {"gb18030": 4.0, "cp1252": 3.0, "mac-roman": -2.5, "cp866": -2.5} | dict.fromkeys(
    ("iso8859-5", "iso8859-6", "mac-cyrillic", "cp850", "cp852", "cp862", "cp720"), -4.0
)
"""What a word or two may be read by as well as by another is taken for Chinese, or for Western, and hardly ever for
what old systems wrote (logarithms)."""

_UNLIKE = -6.0
"""Mean logarithm a byte of what is no text of any language."""
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1b")
"""Signs of ASCII that stand in no text."""
_SURE = 2.0
"""By how much a text is likelier than any other that its bytes may be; less says nothing."""


def foremost(encodings: Iterable[str]) -> str:
    """Of those that several files have, one that was guessed, else any; "" of none."""
    return max((one for one in encodings if one), key=lambda one: (one in GUESSED, one), default="")


def guess(lines: Iterable[bytes]) -> str | None:
    """The most likely encoding of lines that are not ASCII, as a codec; None where all are unlikely, or two are likely.

    Of what GB18030 and another encoding read equally well, as a word or two may be, GB18030 is taken. Lines that are
    broken in an encoding, fewer than half, count in it as the most unlikely text.

    Source: maximum likelihood under the frequencies of letters, and of characters of double-byte sets, a language.
    """
    held = _drawn(list(islice(lines, 20_000)))
    found = {codec: read for codec in WRITTEN if (read := _read(held, codec)) is not None}
    if not found:
        return None
    best = max(found, key=lambda codec: found[codec].weight)
    text, weight, size = found[best]
    other = max((one.weight for one in found.values() if one.text != text), default=-math.inf)
    return best if weight > _UNLIKE * size and weight - other > _SURE else None


class _Read(NamedTuple):
    """Args: weight: the logarithm of how likely a text is. size: bytes of its signs beyond ASCII."""

    text: str
    weight: float
    size: int


def _read(lines: Sequence[bytes], codec: str) -> _Read | None:
    """Each line in the language of the codec that it fits best; None where half of them are broken."""
    weight, size, texts, broken = _PRIOR.get(codec, 0.0), 0, [], 0
    for line in lines:
        try:
            text = line.decode(codec)
        except UnicodeDecodeError:
            text = ""
        if not text or not _CONTROLS.isdisjoint(text):
            broken += 1
            beyond = sum(byte > 0x7F for byte in line)
            weight, size = weight + 2 * _UNLIKE * beyond, size + beyond
            continue
        neighbours = zip(" " + text, text, text[1:] + " ", strict=False)
        signs = [(sign, before, after) for before, sign, after in neighbours if sign > "\x7f"]
        size += len(line) - (len(text) - len(signs))
        weight += max(sum(likely(language)(*sign) for sign in signs) for language in WRITTEN[codec])
        texts.append(text)
    return _Read("\n".join(texts), weight, size) if 2 * broken < len(lines) else None


def _drawn(lines: Sequence[bytes]) -> list[bytes]:
    """Some of the lines, evenly drawn: about as many bytes as are weighed, but one line at least."""
    return list(lines[:: sum(map(len, lines)) // _WEIGHED + 1])
