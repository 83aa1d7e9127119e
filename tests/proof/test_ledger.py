"""The ledger: trying again on one sealed set never adds up to more error than was promised."""

from __future__ import annotations

import numpy as np
import pytest

from zhinan.core import UserError
from zhinan.proof import (
    Stake,
    could_prove,
    hoeffding_size,
    next_opening,
    opening_delta,
    opening_number,
)


def test_undeclared_openings_of_all_histories_spend_less_than_the_promise() -> None:
    assert [opening_delta(t, 0.05) for t in (1, 2, 3)] == [0.025, 0.00625, 0.0015625]
    assert sum(2 ** (t - 1) * opening_delta(t, 0.05) for t in range(1, 200)) <= 0.05


def test_a_declared_plan_spends_the_promise_and_no_more() -> None:
    assert opening_delta(3, 0.05, plan=5) == pytest.approx(0.01)
    assert opening_delta(3, 0.05, plan=5, feedback=True) == pytest.approx(0.05 / 32)
    assert opening_delta(1, 0.05, plan=1, feedback=True) == 0.05
    assert hoeffding_size(0.025, opening_delta(1, 0.001, plan=32)) == 8_299
    assert hoeffding_size(0.025, opening_delta(1, 0.001, plan=32, feedback=True)) == 23_271
    with pytest.raises(UserError, match="E035"):
        opening_delta(6, 0.05, plan=5)
    with pytest.raises(ValueError, match="count from 1"):
        opening_delta(0, 0.05)


def test_lines_that_flawless_answers_say_nothing_of_never_close_the_set() -> None:
    assert next_opening(np.zeros(168), 0.05, []).left > 100
    assert next_opening([2], 0.05, [], plan=5).left == 2
    assert next_opening(np.zeros(3), 0.05, [Stake("accuracy >= 99%", ">=", 0.99, 3)]).left == 0


def test_a_set_is_as_old_as_its_most_opened_row() -> None:
    assert opening_number(np.zeros(9)) == opening_number([]) == 1
    assert opening_number([0, 0, 3, 1]) == 4


def test_a_flawless_result_decides_when_a_set_is_used_up() -> None:
    assert could_prove(Stake("a", ">=", 0.95, 59), 0.05)
    assert not could_prove(Stake("a", ">=", 0.95, 58), 0.05)
    assert could_prove(Stake("a", "<=", 0.05, 59), 0.05)
    assert could_prove(Stake("a", ">=", 0.95, 72), 0.025)
    assert not could_prove(Stake("a", ">=", 0.95, 71), 0.025)
    assert could_prove(Stake("gap", "<=", 0.15, (300, 200)), 0.05)
    assert not could_prove(Stake("gap", "<=", 0.05, (300, 20)), 0.05)
    assert not could_prove(Stake("a", ">=", 0.0, 0), 0.05)


def test_openings_are_counted_down_until_nothing_could_be_proved() -> None:
    stakes = [Stake("accuracy >= 90%", ">=", 0.9, 500), Stake("recall[refund] >= 95%", ">=", 0.95, 80)]
    first = next_opening(np.zeros(500), 0.05, stakes)
    assert (first.number, first.delta, first.left) == (1, 0.025, 0)
    with pytest.raises(UserError, match="E030") as told:
        next_opening(np.ones(500), 0.05, stakes)
    assert told.value.values["need"] == 99
    assert could_prove(Stake("", ">=", 0.95, 99), 0.00625)
    assert not could_prove(Stake("", ">=", 0.95, 98), 0.00625)
    assert next_opening(np.zeros(500), 0.05, stakes[:1]).left > 5
    assert next_opening(np.ones(500), 0.05, stakes, plan=3).left == 1


def test_a_line_that_never_could_be_proved_does_not_close_the_set() -> None:
    opening = next_opening([1, 1, 1, 1, 1], 0.05, [Stake("accuracy >= 90%", ">=", 0.9, 5)])
    assert (opening.number, opening.left) == (2, 0)
