"""Rows as findings show them."""

from __future__ import annotations

import polars as pl

from zhinan.data.rows import Rows


def test_what_begins_with_a_hash_is_shown_where_nobody_knows_the_place() -> None:
    frame = pl.DataFrame({"_place": ["", "a.npz:#1"], "text": ["#12 is open", "a.npz#1"]})
    assert Rows(frame, sampled=False).shown([0], ["text"]) == [("", "#12 is open")]
