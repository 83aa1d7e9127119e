"""What is known of words has a bound, however long and many the words are that strangers send."""

from __future__ import annotations

import pytest

from zhinan.steps.masks import _remembered
from zhinan.steps.masks._remembered import LONGEST, remembered


def test_only_the_last_words_are_remembered_and_none_that_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_remembered, "WORDS", 3)
    asked: list[str] = []

    @remembered
    def known(word: str) -> int:
        asked.append(word)
        return len(word)

    long = "x" * (LONGEST + 1)
    assert [known(word) for word in ("a", "a", long, long, "b", "c", "d", "d", "a")] == [1, 1, 41, 41, 1, 1, 1, 1, 1]
    assert asked == ["a", long, long, "b", "c", "d", "a"]
