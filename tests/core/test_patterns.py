"""Many patterns looked for at once find whatever one of them finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core.patterns import which_of
from zhinan.steps.mask import armed, narrow

PATTERNS = (r"(?i)key|bearer", r"[0-9]{3}-", r"@", r"[年月日] ?生")
PIECES = st.sampled_from(["key", "KEY", "bear", "er", "12", "345-", "@", "年", " 生", "x", " ", "\ud800", "ſ", "K"])


@given(st.lists(PIECES, max_size=6).map("".join))
def test_one_look_for_many_misses_nothing_that_a_look_for_each_finds(text: str) -> None:
    each = {place for place, pattern in enumerate(PATTERNS) if re.search(pattern, text, re.ASCII)}
    assert each <= set(which_of(PATTERNS)(text))


WORDS = st.sampled_from(
    ["Call John Smith", "020 7946 0958", "ann@example.com", "卡号 6222021234567890123", "GB29NWBK60161331926819",
     "born", "1990-01-02", "17 Mill Lane", "10.0.0.1", "00:1B:44:11:3A:B7", "京A12345", "key=", "张伟", "E12345678",
     "-", " "]
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=4), max_size=8).map(" ".join))
def test_what_a_mask_looks_for_is_seen_in_one_look(text: str) -> None:
    gates = tuple(mask.worth for mask in armed() if mask.worth is not None)
    assert len(gates) > 8
    each = {place for place, gate in enumerate(gates) if re.search(gate, narrow(text), re.ASCII)}
    assert each <= set(which_of(gates)(narrow(text)))


def test_patterns_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="RE2"):
        which_of((r"(?=x)",))
    assert not [*which_of(())("x")]
