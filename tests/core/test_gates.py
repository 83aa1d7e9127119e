"""What is read off a pattern holds wherever the pattern matches, whatever it is made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core.gates import Gate, firsts, lasts, wider

PATTERNS = [
    re.compile(pattern)
    for pattern in (
        r"ab|c[d-f]", r"(?<=x)y", r"(?<=a)(?<=[ab])b(?=c)(?=[cd])", r"a(?!b)", r"\d{2,9}?x", r"[^\W\d]+", r"[^\s\d]\b",
        r"(?P<q>[ab])(?P=q)", r"(?>a+)b", r"\Aa|b\Z", r"^a$", r"(?:(?<!a)|(?<=xb))c", r"(?i:k[is])", r"(?i)[^a]b",
        r"(?i:[a-k])x", r"[\d中-龥]{2,}(?=[，。]|\Z)", r"\w\s\w", r"\D\S\W", r"a{0,3}b?", r"[^a]", r"(a)?(?(1)b|c)",
        r"(?i:x(?-i:y))", r".\n?", r"(?:(?=a)[ab]c)+",
    )
]  # fmt: skip
EDGES = [(firsts(pattern), lasts(pattern)) for pattern in PATTERNS]
GATE = Gate(PATTERNS)
PIECES = st.sampled_from([*"abcdxykKiIİısſK19٣ \u3000\x1c\n中，。_é", "ab", "xbc", "\ud800"])


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=7).map("".join))
def test_nothing_that_a_pattern_finds_is_missed(text: str) -> None:
    may = GATE(text)
    for pattern, (first, last) in zip(PATTERNS, EDGES, strict=True):
        for match in pattern.finditer(text):
            assert pattern in may, pattern
            if match[0]:
                assert first.match(match[0][0]), pattern
                assert last.match(match[0][-1]), pattern


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("ab", "ba"), ("[^a]b", "ab"), (r"a(?=[bc])", "ad"), (r"(?<=b)a", "ca"), (r"\d{3}", "12"), (r"a\Z", "ab")],
)
def test_most_texts_without_a_find_are_told(pattern: str, text: str) -> None:
    assert not Gate([re.compile(pattern)])(text)


def test_edges_are_narrow_where_they_can_be_told() -> None:
    cue = re.compile(r"(?<!x)(?:from|to)[: ]{0,2}\Z")
    assert [c for c in "ft:omn x" if firsts(cue).match(c)] == ["f", "t"]
    assert [c for c in "ft:omn x" if lasts(cue).match(c)] == [":", "o", "m", " "]
    assert wider(re.compile("a(?!b)")) == r"\x{61}"
