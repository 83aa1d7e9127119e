"""The table step: each kind of column becomes the features its options describe, side by side."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from zhinan.steps.table import Table

NUMBER = {"kind": "number", "fill": 2.0, "center": 2.0, "scale": 2.0, "knots": [0.0, 2.0, 6.0]}
CATEGORY = {"kind": "category", "values": ["", "app", "网页"]}
FLAG = {"kind": "flag"}
TIME = {"kind": "time", "center": 0.0, "scale": 1.0}


def run(column: dict[str, Any], values: list[Any]) -> list[list[float]]:
    table = Table(("x",), ("features",), {}, columns=(column,))
    features = table.run({"x": values})["features"]
    assert features.dtype == np.float32
    return [[round(float(v), 4) for v in row] for row in features]


def test_a_number_is_standardised_cut_at_its_knots_and_marked_when_missing() -> None:
    assert run(NUMBER, [4.0]) == [[1.0, 1.0, 0.5, 0.0]]
    assert run(NUMBER, [0.0, -9.0]) == [[-1.0, 0.0, 0.0, 0.0], [-5.0, 0.0, 0.0, 0.0]]
    missing = [[0.0, 1.0, 0.0, 1.0]] * 3
    assert run(NUMBER, [None, math.nan, math.inf]) == missing


def test_a_number_without_knots_is_two_features() -> None:
    assert run({**NUMBER, "knots": []}, [4.0, None]) == [[1.0, 0.0], [0.0, 1.0]]


def test_a_category_lights_its_own_value_and_none_for_an_unknown_one() -> None:
    assert run(CATEGORY, ["网页", "app", None, "", "fax"]) == [[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 0, 0], [0, 0, 0]]


def test_a_flag_is_one_minus_one_or_nothing() -> None:
    assert run(FLAG, [True, False, None]) == [[1], [-1], [0]]


def test_a_moment_is_its_day_and_its_place_in_the_day_the_week_and_the_year() -> None:
    (row,) = run(TIME, [datetime(1970, 1, 2, 6, 0)])  # a Friday
    assert row[0] == 1.25
    assert row[1:3] == [1.0, 0.0]
    assert row[3:5] == [round(math.sin(2 * math.pi * 4 / 7), 4), round(math.cos(2 * math.pi * 4 / 7), 4)]
    assert row[5:] == [0.0, 1.0, 0.0]
    assert run(TIME, [None]) == [[0.0] * 7 + [1.0]]


def test_columns_stand_side_by_side_in_the_order_read() -> None:
    table = Table(("c", "f"), ("features",), {}, columns=(CATEGORY, FLAG))
    assert table.run({"f": [True], "c": ["app"], "other": [9]})["features"].tolist() == [[0, 1, 0, 1]]


def test_no_rows_keep_the_width() -> None:
    table = Table(("n", "c", "f", "t"), ("features",), {}, columns=(NUMBER, CATEGORY, FLAG, TIME))
    assert table.run({"n": [], "c": [], "f": [], "t": []})["features"].shape == (0, 4 + 3 + 1 + 8)


def test_more_names_than_columns_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        Table(("a", "b"), ("features",), {}, columns=(FLAG,)).run({"a": [True], "b": [True]})
