"""What is kept of a group of rows is what is kept of each by itself, and the tagger reads the group at once."""

from __future__ import annotations

import pytest

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
    assert [keeper.row(row) for row in ROWS] == together
