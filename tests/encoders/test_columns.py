"""The encoder of tables: whatever stands in a cell, its features are finite, small and the same wherever computed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.encoders.cells import Cells
from zhinan.encoders.columns import Columns, FittedColumns
from zhinan.steps import Program

NOON = datetime(2026, 3, 1, 12, 30)
TRAIN: dict[str, list[Any]] = {
    "age": [float(i % 50) for i in range(60)],
    "channel": ["app", "网页", "wechat", None, "app"] * 12,
    "vip": [True, False, None] * 20,
    "at": [NOON + timedelta(hours=7 * i) for i in range(60)],
}
AWKWARD: dict[str, list[Any]] = {
    "age": [None, float("nan"), float("inf"), -1.7e308, 1.7e308, 5e-324],
    "channel": [None, "", "never seen", "😀" * 9, "x" * 10_000, "APP"],
    "vip": [None, True, False, None, True, False],
    "at": [None, datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59), NOON, datetime(1969, 7, 20), NOON],
}


def fitted(rows: dict[str, list[Any]] | None = None) -> FittedColumns:
    return Columns().fit(rows or TRAIN)


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """A machine whose clock is nine and a half hours off."""
    if not hasattr(time, "tzset"):
        pytest.skip("this platform cannot change its time zone")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "XYZ+9:30"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def test_a_batch_of_many_is_many_batches_of_one_and_what_is_packaged() -> None:
    one = fitted()
    rows = {name: [*TRAIN[name][:6], *AWKWARD[name]] for name in TRAIN}
    together = one.encode(rows)
    assert together.dtype == np.float32
    for i in range(12):
        alone = one.encode({name: [values[i]] for name, values in rows.items()})
        assert np.array_equal(alone[0], together[i])
    plan = one.plan("columns")
    assert np.array_equal(Program(plan.steps, plan.files).run(rows)["columns"], together)
    assert together.shape == (12, plan.width)


def test_features_of_any_cell_are_finite_and_at_most_five() -> None:
    for one in (fitted(), fitted(AWKWARD)):
        values = one.encode(AWKWARD)
        assert np.isfinite(values).all()
        assert np.abs(values).max() <= 5


@given(st.lists(st.none() | st.floats(width=64), min_size=1, max_size=12), st.none() | st.floats(width=64))
def test_no_number_overflows_whether_learned_from_or_asked(learned: list[float | None], asked: float | None) -> None:
    values = Columns().fit({"x": learned}).encode({"x": [asked, *learned]})
    assert np.isfinite(values).all()
    assert np.abs(values).max() <= 5


def test_an_unknown_category_is_all_zeros_and_a_missing_one_is_a_value() -> None:
    one = Columns().fit({"channel": TRAIN["channel"]})
    unknown, missing, known = one.encode({"channel": ["telex", None, "app"]})
    assert unknown.sum() == 0
    assert missing.sum() == known.sum() == 1
    assert missing.argmax() != known.argmax()


def test_a_category_of_values_seen_once_still_has_a_feature() -> None:
    many = [f"name {i}" for i in range(400)]
    assert Columns().fit({"c": many}).encode({"c": many}).shape == (400, 1)


def test_trees_package_no_value_that_only_single_people_have() -> None:
    some = [f"common {i}" for i in range(40) for _ in range(9)]
    for names in (["Ms Rare", *some], [f"person {i}" for i in range(300)]):
        one = Cells().fit({"c": names})
        assert {"Ms Rare", "person 7"}.isdisjoint(str(one.learned).split("'"))
        assert one.encode({"c": names}).shape[1] >= 1


def test_a_handful_of_rows_keeps_its_categories() -> None:
    assert Columns().fit({"c": ["a", "b", "a"]}).encode({"c": ["b"]}).sum() == 1


def test_a_column_without_any_value_is_harmless() -> None:
    one = Columns().fit({"x": [None, None]})
    assert np.isfinite(one.encode({"x": [None, "text", 3.0]})).all()


def test_a_number_may_bend_and_says_when_it_is_missing() -> None:
    values = Columns().fit({"age": TRAIN["age"]}).encode({"age": [0.0, 25.0, 49.0, None]})
    parts = values[:, 1:-1]
    assert (np.diff(parts[:3].sum(1)) > 1).all()
    assert values[:, -1].tolist() == [0, 0, 0, 1]


def test_the_same_moment_is_the_same_feature_in_every_zone() -> None:
    one = Columns().fit({"at": TRAIN["at"]})
    china = (NOON + timedelta(hours=8)).replace(tzinfo=timezone(timedelta(hours=8)))
    given_rows = one.encode({"at": [NOON, NOON.replace(tzinfo=UTC), china]})
    assert np.array_equal(given_rows[0], given_rows[1])
    assert np.array_equal(given_rows[0], given_rows[2])


def test_where_the_machine_stands_does_not_change_what_is_learned(elsewhere: None) -> None:
    there = Columns().fit({"at": TRAIN["at"]}).learned
    os.environ["TZ"] = "UTC"
    time.tzset()
    assert there == Columns().fit({"at": TRAIN["at"]}).learned


def test_midnight_is_near_midnight() -> None:
    one = Columns().fit({"at": TRAIN["at"]})
    late, early, noon = one.encode({"at": [NOON.replace(hour=23, minute=59), NOON.replace(hour=0, minute=0), NOON]})
    hours = slice(1, 3)
    assert np.abs(late[hours] - early[hours]).max() < 0.01
    assert np.abs(noon[hours] - early[hours]).max() > 1


def test_no_rows_give_no_features() -> None:
    one = fitted()
    assert one.encode({name: [] for name in TRAIN}).shape == (0, one.plan("p").width)
