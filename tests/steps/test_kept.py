"""What is kept of a group of rows is what is kept of each by itself, and the tagger reads the group at once."""

from __future__ import annotations

import pytest

from zhinan.steps import kept
from zhinan.steps.kept import Keeper
from zhinan.steps.masks import _tagger
from zhinan.steps.masks._tagger import Tagger

ROWS = [
    {"text": " Ring Maren Holt about order 7,\u00a0please ", "n": 3, "tags": None},
    {"text": "麻烦寄到临江路十七号对面的小楼", "n": None, "tags": "a"},
    {"text": "", "n": 1.5, "tags": ""},
]


def test_rows_together_are_kept_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, blocks = Keeper(()), []
    finds = Tagger.finds
    monkeypatch.setattr(Tagger, "finds", lambda self, texts: blocks.append(len(texts)) or finds(self, texts))
    together = keeper.rows(ROWS)
    assert len(blocks) <= 1, "each row was read by itself"
    monkeypatch.setattr(_tagger, "_REMEMBERED", 0)
    assert [Keeper(()).row(row) for row in ROWS] == together


def test_what_was_hidden_a_moment_ago_is_not_looked_at_again_and_nobody_can_read_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    real = kept.hide_cells
    monkeypatch.setattr(kept, "hide_cells", lambda texts, *of: looked.extend(texts) or real(texts, *of))
    monkeypatch.setattr(kept, "_LETTERS", 1000)
    keeper = Keeper((), clean={"lists": ["b"]})
    row = {"a": "mail ann@example.com", "b": "mail ann@example.com", "c": "mail ann@example.com"}
    first = keeper.rows([row, row])
    assert len(looked) == 2  # as a text and as a list
    assert keeper.rows([row]) == first[:1]
    assert len(looked) == 2
    assert first[0]["a"] == "mail [EMAIL]"
    assert "ann" not in repr(vars(keeper._past))
    for number in range(100):
        keeper.row({"a": f"text {number}"})
    assert len(keeper._past._new) + len(keeper._past._old) < 25
    assert keeper.rows([row]) == first[:1]
    assert len(looked) == 2 + 100 + 2
