"""The encodings that a contract may name, as the codecs that read them."""

from __future__ import annotations

import codecs
import re

__all__ = ["ENCODINGS", "codec_of"]

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis", "windows-1252", "windows-1251")
"""The usual ones."""

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "euc_kr": "cp949",
          "shift_jis": "cp932", "iso8859-1": "cp1252", "ascii": "utf-8", "utf-8-sig": "utf-8"}  # fmt: skip
"""Python's codec → one that reads the same, and what programs write under that name besides.

Source: encoding.spec.whatwg.org.
"""

_KNOWN = re.compile(
    r"utf-8|utf-16(-[lb]e)?|gb18030|big5hkscs|cp949|euc_jp|cp932"
    r"|cp125\d|iso8859-\d+|koi8-[rtu]|cp(437|737|775|85\d|86\d|874)|mac-\w+|tis-620|kz1048|ptcp154"
)
"""Codecs in which ASCII is ASCII and a line feed is never part of another character (as in UTF-7 and ISO-2022), but for
UTF-16, which is read otherwise."""


def codec_of(name: str) -> str | None:
    """The codec that reads text in an encoding, such as "big5hkscs" for Big5; None for what is no such encoding."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _WIDER.get(codec, codec)
    return codec if _KNOWN.fullmatch(codec) else None
