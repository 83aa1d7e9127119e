"""Long runs of hex: git's ids, checksums, UUIDs. Chance makes words and numbers in them, and none of these is one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from zhinan.core.rules import rule
from zhinan.steps.masks._spans import Span

__all__ = ["digests", "of_content", "undivided"]

_DIGEST = rule(
    r"(?<![A-Za-z0-9])(?:(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{32,}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![A-Za-z0-9])"
)
_OF_CONTENT = rule(
    r"(?i)(?:\bsha-?\d{1,3}(?:sum)?|\bmd5(?:sum)?|\bblake\w{1,3}|digest|checksum|\bhash(?:es)?|fingerprint|\bcommits?|"
    r"\brevisions?|\betag|校验[和码值]|校驗[和碼值]|哈希值?|散列值?|摘要|指[纹紋]|提交)"
    r"(?:(?: [a-z]{1,12}){0,5}|[一-龥]{0,4})\W{0,4}\Z"
)
"""What is told of content, to know it again; it opens nothing."""


def digests(text: str) -> list[Span]:
    """Where such a run stands, in order."""
    return [match.span() for match in _DIGEST.finditer(text)]


def undivided(text: str, span: Span, runs: Sequence[Span]) -> Span | None:
    """A find without the runs of which it has a part only; None when nothing is left. Args: runs: of `digests`."""
    start, end = span
    first, behind = bisect_right(runs, start, key=lambda run: run[1]), bisect_left(runs, end, key=lambda run: run[0])
    if first == behind:
        return span
    if runs[first][0] < start:
        start = runs[first][1]
    if runs[behind - 1][1] > end:
        end = runs[behind - 1][0]
    return (start, end) if (start, end) == span or any(map(str.isalnum, text[start:end])) else None


def of_content(text: str, span: Span) -> bool:
    """Whether a find has a digest in it of which the word before says that it is one of content."""
    digests = (match.start() for match in _DIGEST.finditer(text, *span))
    return any(_OF_CONTENT.search(text, max(0, start - 60), start) for start in digests)
