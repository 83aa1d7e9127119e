"""What a mask promises: it replaces its finds and nothing else, and doing it twice changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from zhinan.conformance.promises import expect
from zhinan.core.registry import Registered

__all__ = ["PROMISES"]

TEXTS = (
    "write to anna.k@example.org or bob@mail.example.co.uk, please",
    "请发邮件到zhang.san@example.cn谢谢",
    "call +44 20 7946 0958 or (415) 555-0132 today",
    "我的手机号13812345678丢了，座机010-12345678",
    "身份证号11010519491231002X，请核对",
    "card 4111 1111 1111 1111 was charged twice, 6222021234567890128也是",
    "order 20240131-000123 of 3 items, 12.50 EUR, v1.2.3, ticket #77",
    "nothing to see here · 没什么可看的 🙂",
    "tab\tand\nlines\r\nstay",
)
PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*\]")


def _texts(sample: str | None) -> tuple[str, ...]:
    return TEXTS if sample is None else (*TEXTS, sample)


def _finds(entry: Registered, sample: str | None = None) -> None:
    changed = [text for text in _texts(sample) if entry.target(text) != text]
    expect(changed, "it finds nothing in any example; give a `sample` text that holds one")
    for text in changed:
        expect(PLACEHOLDER.search(entry.target(text)), f"{entry.target(text)!r} shows no [PLACEHOLDER]")


def _once(entry: Registered, sample: str | None = None) -> None:
    for text in _texts(sample):
        once = entry.target(text)
        expect(entry.target(once) == once, f"{once!r} becomes {entry.target(once)!r}")


def _around(entry: Registered, sample: str | None = None) -> None:
    for text in _texts(sample):
        masked = entry.target(text)
        pieces = PLACEHOLDER.split(masked)
        place = 0
        for piece in pieces:
            found = text.find(piece, place)
            expect(found >= 0, f"{piece!r} of {masked!r} does not stand in {text!r}")
            place = found + len(piece)
        expect(text.startswith(pieces[0]) and text.endswith(pieces[-1]), f"{text!r} becomes {masked!r}")


def _glued(entry: Registered, sample: str | None = None) -> None:
    """What stands before and after a find survives, also with 汉字 and no space between."""
    found = next(text for text in reversed(_texts(sample)) if entry.target(text) != text)
    for left, right in (("前文：", "。后文"), ("see: ", " (end)"), ("\n", "\n")):
        masked = entry.target(f"{left}{found}{right}")
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
    ):
        masked = entry.target(text)
        expect(isinstance(masked, str), f"it returned {type(masked).__name__}")
    for text in ("", " ", "🙂", "no find"):
        expect(entry.target(text) == text, f"{text!r} becomes {entry.target(text)!r}")


PROMISES: Mapping[str, Callable[..., None]] = {
    "it replaces what it finds by a [PLACEHOLDER]": _finds,
    "masking twice is masking once": _once,
    "the text around a find stays, in order": _around,
    "a find glued to its neighbours takes none of them along": _glued,
    "empty, strange and very long texts are fine": _edges,
}
