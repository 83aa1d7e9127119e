"""Many patterns looked for at once find whatever one of them finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core.patterns import any_of
from zhinan.steps.mask import armed, narrow

PATTERNS = (r"(?i)key|bearer", r"[0-9]{3}-", r"@", r"[年月日] ?生")
PIECES = st.sampled_from(["key", "KEY", "bear", "er", "12", "345-", "@", "年", " 生", "x", " ", "\ud800", "ſ", "K"])


@given(st.lists(PIECES, max_size=6).map("".join))
def test_one_look_for_many_misses_nothing_that_a_look_for_each_finds(text: str) -> None:
    each = any(re.search(pattern, text, re.ASCII) for pattern in PATTERNS)
    assert any_of(PATTERNS)(text) or not each


@pytest.mark.parametrize(
    "text", ["Call me on 020 7946 0958", "ann@example.com", "卡号 6222021234567890123", "GB29NWBK60161331926819"]
)
def test_what_a_mask_looks_for_is_seen_in_one_look(text: str) -> None:
    gates = tuple(mask.worth for mask in armed() if mask.worth is not None and len(mask.worth) < 2_000)
    assert len(gates) > 8
    assert any_of(gates)(narrow(text))
    assert not any_of(gates)("what is the weather like")


def test_patterns_that_cannot_be_joined_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="RE2"):
        any_of((r"(?=x)",))
