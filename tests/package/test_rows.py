"""Rows come as people have them; a value that does not fit is named by row and column and never shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.package.inputs import columns

KINDS = {"t": "text", "n": "number", "f": "flag", "c": "category", "w": "time"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


class Pandas:
    """What this room uses of a pandas frame, which is no dependency of ours."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows, self.columns = rows, list(rows[0])
        numbers = SimpleNamespace(dtype=SimpleNamespace(kind="i"))
        self.index = SimpleNamespace(nlevels=1, names=[None], get_level_values=lambda level: numbers)

    def reset_index(self, level: int, drop: bool) -> Pandas:
        assert (level, drop) == (0, True)
        return self

    def to_dict(self, orient: str) -> dict[str, list[Any]]:
        assert orient == "list"
        return {name: [row[name] for row in self.rows] for name in self.rows[0]}


Pandas.__module__ = "pandas.core.frame"


class NAType:
    """pandas' NA: comparing it with anything is neither true nor false."""

    def __ne__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


def one(kind: str, value: Any) -> Any:
    return columns({"x": kind}, [{"x": value}])[0]["x"][0]


def misfit(kind: str, value: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        one(kind, value)
    assert caught.value.code == "E371"
    return caught.value


@pytest.mark.parametrize(
    ("kind", "value", "typed"),
    [
        ("text", " 你好 ", " 你好 "),
        ("text", "", ""),
        ("number", 3, 3.0),
        ("number", " -1.5e3 ", -1500.0),
        ("number", np.float32(0.5), 0.5),
        ("number", Decimal("2.5"), 2.5),
        ("number", "", None),
        ("number", "N/A", None),
        ("number", float("nan"), None),
        ("flag", True, True),
        ("flag", 0, False),
        ("flag", np.bool_(True), True),
        ("flag", "Yes", True),
        ("flag", "否", False),
        ("flag", "未知", None),
        ("category", "app", "app"),
        ("category", 7, "7"),
        ("category", 7.0, "7"),
        ("category", 12345678901234567890, "12345678901234567890"),
        ("category", Decimal("1.50"), "1.5"),
        ("list", np.array([2.0, 1.0]), '["1", "2"]'),
        ("number", Decimal("sNaN"), None),
        ("category", True, "true"),
        ("time", "2026-01-31", datetime(2026, 1, 31)),
        ("time", "2026/1/31 9:30", datetime(2026, 1, 31, 9, 30)),
        ("time", "2026年1月31日", datetime(2026, 1, 31)),
        ("time", "2026-01-31T09:30:00.5+08:00", datetime(2026, 1, 31, 1, 30, 0, 500000)),
        ("time", "2026-01-31T09:30:00Z", datetime(2026, 1, 31, 9, 30)),
        ("time", datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 1, 31, 1)),
        ("time", date(2026, 1, 31), datetime(2026, 1, 31)),
    ],
)
def test_values_are_read_as_their_kind(kind: str, value: Any, typed: Any) -> None:
    assert one(kind, value) == typed
    assert type(one(kind, value)) is type(typed)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5), ("text", ["a"]), ("text", b"a"), ("text", "half \ud800"),
        ("number", "12 apples"), ("number", "1_000"), ("number", True), ("number", "1e400"), ("number", 10**400),
        ("number", "9" * 500), ("number", "1e999"), ("number", {}),
        ("flag", 2), ("flag", "perhaps"), ("flag", []),
        ("category", float("inf")), ("category", ["x"]), ("category", {}), ("category", 10**400),
        ("category", date(2026, 1, 31)), ("number", np.zeros(2)), ("text", np.zeros(0)), ("time", 10**400),
        ("time", "31 of January"), ("time", "2026-02-30"), ("time", 1_700_000_000), ("time", "2026-01-31T25:00:00"),
        ("time", "0001-01-01T00:00:00+23:00"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_named_and_never_shown(kind: str, value: Any) -> None:
    error = misfit(kind, value)
    assert error.where == "row 1"
    for text in (str(error), error.text("zh")):
        assert "'x'" in text or "“x”" in text
        assert str(value) not in text or str(value) == "5"


def test_frames_and_lists_give_the_same_columns() -> None:
    rows = [
        {"t": "a", "n": 1.5, "f": True, "c": "x", "w": datetime(2026, 1, 1), "more": 1},
        {"t": "b", "n": None, "f": False, "c": None, "w": None, "more": 2},
    ]
    wanted = columns(KINDS, rows)
    assert wanted[1] == 2
    assert wanted[0]["n"] == [1.5, None]
    assert columns(KINDS, pl.DataFrame(rows)) == wanted
    assert columns(KINDS, Pandas(rows)) == wanted
    assert columns(KINDS, {name: [row[name] for row in rows] for name in rows[0]}) == wanted
    assert columns({"n": "number"}, {"n": np.array([1.5, np.nan])}) == ({"n": [1.5, None]}, 2)
    assert columns({"n": "number"}, {"n": [NAType(), 2]})[0] == {"n": [None, 2.0]}


def test_a_missing_column_is_named_and_the_senders_words_are_not() -> None:
    for rows in ([{"mesage": "secret"}], {"mesage": ["secret"]}):
        with pytest.raises(UserError) as caught:
            columns({"message": "text"}, rows)
        assert caught.value.code == "E370"
        assert "did you mean 'message'?" in caught.value.fix()
        assert "mesage" not in str(caught.value).replace("message", "")
    with pytest.raises(UserError, match="add it to every row"):
        columns({"message": "text"}, [{}])


@pytest.mark.parametrize("rows", ["text", 5, None, [1], [None], {"x": "one"}, {"x": 1}, b"x"])
def test_rows_of_no_known_form_are_refused(rows: Any) -> None:
    with pytest.raises(UserError, match="E372"):
        columns({"x": "text"}, rows)


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(UserError, match="E372"):
        columns({"x": "text", "y": "text"}, {"x": ["a"], "y": []})


@given(st.sampled_from(sorted(KINDS.values())), ANYTHING)
def test_any_value_is_typed_or_refused_for_a_reason(kind: str, value: Any) -> None:
    code = ""
    typed = None
    try:
        typed = one(kind, value)
    except UserError as error:
        code = error.code
    assert code in ("", "E371")
    assert typed is None or isinstance(typed, {"number": float, "flag": bool, "time": datetime}.get(kind, str))
    if isinstance(typed, datetime):
        assert typed.tzinfo is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_written_and_read_is_the_same_moment(moment: datetime) -> None:
    assert one("time", moment.isoformat()) == moment.replace(tzinfo=None)
