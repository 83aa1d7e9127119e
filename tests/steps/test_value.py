"""The step `value`: numbers in the target's own unit, intervals in order, the same alone as among others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.steps.value import Value, scored

WRITES = ("value", "low", "high")


def run(scores: Any, **options: Any) -> dict[str, np.ndarray]:
    step = Value(("scores",), WRITES, {}, **options)
    return step.run({"scores": np.asarray(scores, np.float32)})


def test_a_score_becomes_a_number_on_the_targets_scale() -> None:
    made = run([[0.0], [2.0]], center=10.0, scale=3.0, margins=(1.0, 2.0), level=0.9)
    assert made["value"].tolist() == [10, 16]
    assert made["low"].tolist() == [7, 13]
    assert made["high"].tolist() == [16, 22]


def test_a_logarithm_is_undone_and_unsure_rows_get_wider_intervals() -> None:
    made = run([[1.0, 0.0], [1.0, np.log(2)]], shift=1.0, margins=(0.5, 0.5), local=True, level=0.9)
    assert made["value"] == pytest.approx(np.exp([1, 1]) - 1)
    assert made["high"] == pytest.approx(np.exp([1.5, 2.0]) - 1, rel=1e-6)


def test_what_makes_the_mean_right_is_of_the_exponential_before_its_shift_is_taken_off() -> None:
    assert run([[1.0]], shift=5.0, smear=2.0)["value"] == pytest.approx(2 * np.e - 5)
    assert run([[1.0]], smear=2.0)["value"] == 1.0, "numbers as they are have none"


def test_no_answer_leaves_what_is_sane_and_without_a_level_there_is_no_interval() -> None:
    made = run([[900.0], [-900.0]], shift=0.0, limits=(0, 50), reach=(0, 90), margins=(1e9, 1e9), level=0.9)
    assert made["value"].tolist() == [50, 0]
    assert (made["low"].tolist(), made["high"].tolist()) == ([0, 0], [90, 90])
    bare = run([[1.0]])
    assert bare["low"] == bare["value"] == bare["high"]


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6, width=32), st.floats(-1e3, 1e3, width=32)), min_size=1, max_size=9),
    st.sampled_from([None, 0.0, 2.5]),
    st.floats(-3, 3),
    st.floats(0, 1e9),
)
def test_low_value_and_high_stand_in_order_are_finite_and_do_not_depend_on_batch_mates(
    scores: list[tuple[float, float]], shift: float | None, down: float, up: float
) -> None:
    options = {
        "shift": shift, "center": 1.0, "scale": 2.0, "smear": 1.2, "limits": (-5.0, 99.0), "reach": (-20.0, 500.0),
        "margins": (down, up), "local": True, "level": 0.9,
    }  # fmt: skip
    made = run(scores, **options)
    assert all(np.isfinite(made[key]).all() for key in WRITES)
    assert (made["low"] <= made["value"]).all()
    assert (made["value"] <= made["high"]).all()
    for i, one in enumerate(scores):
        alone = run([one], **options)
        assert [alone[key][0] for key in WRITES] == [made[key][i] for key in WRITES]


@given(st.floats(0.01, 1e6), st.sampled_from([None, 0.0, 3.0]))
def test_scored_is_the_way_back(number: float, shift: float | None) -> None:
    options = {"center": 2.0, "scale": 0.5, "shift": shift}
    (score,) = scored(np.array([number]), options)
    step = Value(("scores",), WRITES, {}, **options)
    assert step.run({"scores": np.array([[score]])})["value"][0] == pytest.approx(number, rel=1e-9)
