"""What a mask promises: its finds lie where it says, nothing else changes, and doing it twice changes nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from zhinan.conformance.promises import expect
from zhinan.core.patterns import which_of
from zhinan.core.registry import Registered
from zhinan.steps.mask import redact

__all__ = ["PROMISES"]

TEXTS = (
    "write to anna.k@example.org or bob@mail.example.co.uk, please",
    "请发邮件到zhang.san@example.cn谢谢",
    "call +44 20 7946 0958 or (415) 555-0132 today",
    "我的手机号13812345678丢了，座机010-12345678",
    "身份证号11010519491231002X，请核对",
    "card 4111 1111 1111 1111 was charged twice, 6222021234567890128也是",
    "护照号E12345678，过期了",
    "from 203.0.113.7 and 2001:db8::8a2e:370:7334, mac 3c:22:fb:9a:10:7e",
    "车牌粤B·D12345停在楼下",
    "https://api.example.com/v1?token=9f8e7d6c5b4a&x=1",
    "pay to GB82 WEST 1234 5698 7654 32 by Friday",
    "born on 12 March 1984, she said",
    "ship it to 12 Baker Street, London, please",
    "寄到浙江省杭州市西湖区文三路90号，谢谢",
    "my name is Emily Carter and I need help",
    "联系人：王小明，谢谢",
    "order 20240131-000123 of 3 items, 12.50 EUR, v1.2.3, ticket #77",
    "nothing to see here · 没什么可看的 🙂",
    "tab\tand\nlines\r\nstay",
)
PLACEHOLDER = re.compile(r"\[[A-Z][A-Z0-9_]*\]")


_HOSTILE = (
    "A ", "1 Aa ", "1 High Street, Aa, ", "Flat 1, ", "某市", "区1", "东区", "某区某区1号", "小区2栋", "路1号院",
    "我叫", "王小明", "The Aa House, Bb Road, ", "a@b.com ", "token=", "1-1-", "http://a:",
)  # fmt: skip
"""What patterns that go back and try again would take minutes for, said many times."""


def _texts(sample: str | None) -> tuple[str, ...]:
    return TEXTS if sample is None else (*TEXTS, sample)


def _hidden(entry: Registered, text: str) -> str:
    return redact(text, (entry.name,))


def _finds(entry: Registered, sample: str | None = None) -> None:
    changed = [text for text in _texts(sample) if _hidden(entry, text) != text]
    expect(changed, "it finds nothing in any example; give a `sample` text that holds one")
    for text in changed:
        expect(PLACEHOLDER.search(_hidden(entry, text)), f"{_hidden(entry, text)!r} shows no [PLACEHOLDER]")


def _spans(entry: Registered, sample: str | None = None) -> None:
    for text in _texts(sample):
        for span in entry.target(text):
            start, end = span
            expect(0 <= start < end <= len(text), f"{span} is no part of {text!r}")


def _worth(entry: Registered, sample: str | None = None) -> None:
    """The quick look stands in every text that it finds something in, for Python and for RE2."""
    worth = entry.facts.get("worth")
    if worth is None:
        return
    for text in _texts(sample):
        if list(entry.target(text)):
            expect(re.search(worth, text, re.ASCII), f"`worth` is not in {text!r} for Python")
            expect(list(which_of((worth,))(text)), f"`worth` is not in {text!r} for RE2")


def _once(entry: Registered, sample: str | None = None) -> None:
    for text in _texts(sample):
        once = _hidden(entry, text)
        expect(_hidden(entry, once) == once, f"{once!r} becomes {_hidden(entry, once)!r}")


def _glued(entry: Registered, sample: str | None = None) -> None:
    """What stands before and after a find survives, also with 汉字 and no space between."""
    found = next(text for text in reversed(_texts(sample)) if _hidden(entry, text) != text)
    for left, right in (("前文：", "。后文"), ("see: ", " (end)"), ("\n", "\n")):
        masked = _hidden(entry, f"{left}{found}{right}")
        expect(masked.startswith(left) and masked.endswith(right), f"{left!r} or {right!r} is lost: {masked!r}")


def _edges(entry: Registered, sample: str | None = None) -> None:
    for text in (
        "",
        " ",
        "🙂",
        "\u200b",
        "no find",
        "a" * 50_000,
        "1" * 50_000,
        "1 " * 25_000,
        "a@" * 25_000,
        "汉" * 50_000,
        *(piece * (6_000 // len(piece)) for piece in _HOSTILE),
    ):
        masked = _hidden(entry, text)
        expect(isinstance(masked, str), f"it returned {type(masked).__name__}")
    for text in ("", " ", "🙂", "no find"):
        expect(_hidden(entry, text) == text, f"{text!r} becomes {_hidden(entry, text)!r}")


PROMISES: Mapping[str, Callable[..., None]] = {
    "it replaces what it finds by a [PLACEHOLDER]": _finds,
    "a find lies within the text": _spans,
    "its quick look misses nothing": _worth,
    "masking twice is masking once": _once,
    "a find glued to its neighbours takes none of them along": _glued,
    "empty, strange and very long texts are fine": _edges,
}
