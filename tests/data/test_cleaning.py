"""Tidying in columns is tidying one by one, and names of rows are stable."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from zhinan.data.cleaning import identities, row_ids, tidied
from zhinan.steps.tidying import tidy

UNSEEN = st.text(st.sampled_from("1aéÃ \t\x00\u00ad\u034f\u200b\u200d\ufe0f\U000e0100"), max_size=6)
CELLS = st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=6) | UNSEEN


@given(st.lists(CELLS))
def test_tidying_a_column_is_tidying_each_text(cells: list[str | None]) -> None:
    column = tidied(pl.DataFrame({"x": pl.Series(cells, dtype=pl.String)}))["x"]
    assert column.to_list() == [None if c is None else tidy(c) or None for c in cells]
    assert [*map(tidy, column.drop_nulls())] == column.drop_nulls().to_list()


@given(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=2))
def test_rows_have_one_identity_only_when_they_are_equal(rows: list[tuple[str | None, str | None]]) -> None:
    frame = tidied(pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row"))
    same = frame.row(0) == frame.row(1)
    assert (len(set(identities(frame, ["a", "b"]))) == 1) is same
    assert (row_ids(frame).n_unique() == 1) is same


def test_the_name_of_a_row_never_changes_between_releases() -> None:
    frame = pl.DataFrame({"b": ["卡丢了", None], "a": ["x", "y"], "_line": [2, 3]})
    assert row_ids(frame).to_list() == ["5473064133566079110f702d5276d785", "fe5084f287766808d66eeb2cb4f7bbf4"]


def test_zero_is_zero_and_columns_may_change_places() -> None:
    frame = pl.DataFrame({"n": [0.0, -0.0, 1.5], "f": [True, True, None]})
    keys = identities(frame, ["n", "f"]).to_list()
    assert keys[0] == keys[1] != keys[2]
    assert keys == identities(frame, ["f", "n"]).to_list()
