"""Takes HTML off a text: tags, comments, scripts and entities; what only looks like it (a < b, <3) stays."""

from __future__ import annotations

import html
import re

__all__ = ["MARKUP", "unmarked"]

_BLOCK = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li"
    "|main|nav|ol|option|p|pre|section|select|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|body|button|canvas|cite|code|col|del|dfn|em|embed|font|head|html|i|iframe|img|input"
    "|ins|kbd|label|link|mark|meta|nobr|object|param|path|q|s|samp|small|source|span|strike|strong|sub|sup|svg|textarea"
    "|time|tt|u|var|video|wbr"
)
_GONE = re.compile(r"<!--.*?-->|<!doctype[^<>]{0,200}>|<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BARE = (
    "async|autofocus|autoplay|checked|controls|defer|disabled|hidden|loop|multiple|muted|nowrap|open|readonly|required"
    "|selected"
)
_INSIDE = (
    rf"(?:\s+(?:{_BARE}))*\s*/?>"
    r"""|\s+[A-Za-z_:@][^\s"'<>=&]*(?:\s[^\s"'<>=&]+)*\s*=(?:"[^"<]*"|'[^'<]*'|[^<>"'])*>"""
    r"|\s+[A-Za-z_:@][^\s<>=&]*\s*=[^<>]*>"
)
"""What may follow the name of a tag: attributes, of which one has a value, so that `if (a<b && c>d)` is none."""

_BREAK = re.compile(rf"</?(?:{_BLOCK})(?:{_INSIDE})", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_INLINE}|script|style)(?:{_INSIDE})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DEEPEST = 8

MARKUP = "[<&]"
"""A regular expression (for Python and for polars) that finds every text which `unmarked` may change."""


def unmarked(text: str) -> str:
    """The text without tags, each block tag and line break a space, and with its entities as characters.

    What was escaped several times is taken off as often; after eight times the rest of its < and & is dropped.
    """
    for _ in range(_DEEPEST):
        if "<" not in text and "&" not in text:
            return text
        plain = _BREAK.sub(" ", _GONE.sub(" ", text))
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), _TAG.sub("", plain))
        if plain == text:
            return text
        text = plain
    return re.sub(MARKUP, "", text)
