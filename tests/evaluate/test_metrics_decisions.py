"""How many answers need no person, and what mistakes cost: proved together with their condition, or not at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhinan.contract import parse_line
from zhinan.core import UserError
from zhinan.evaluate.measure import measure
from zhinan.proof import Judged, Measurement, judge
from zhinan.proof.gate import Verdict

CLASSES = ("card", "refund")


def answers(n: int, handed: float, right: float, seed: int = 0) -> Judged:
    """n rows of which a share is handed over; of the answered ones a share is right, of the others none."""
    draw = np.random.default_rng(seed)
    truth = draw.choice(CLASSES, n)
    handover = np.arange(n) < round(handed * n)
    correct = np.zeros(n, bool)
    rest = np.flatnonzero(~handover)
    correct[rest[: round(right * len(rest))]] = True
    other = np.where(truth == "card", "refund", "card")
    return Judged(truth, np.where(correct, truth, other), None, CLASSES, None, {}, handover)


def found(line: str, on: Judged) -> Measurement:
    return measure(parse_line(line), on)


def verdict(line: str, on: Judged) -> Verdict:
    parsed = parse_line(line)
    return judge(line, parsed.op, parsed.target, measure(parsed, on), delta=0.05, lines=1, on="sealed")


LINE = "auto_rate(precision >= 97%) >= 70%"


def test_it_is_the_share_answered_while_the_condition_holds_and_else_nothing() -> None:
    assert found(LINE, answers(1000, 0.2, 0.99)).value == 0.8
    assert found(LINE, answers(1000, 0.2, 0.96)).value == 0
    assert found("auto_rate(recall[card] >= 97%) >= 70%", answers(1000, 0.2, 0.99)).value == 0.8


def test_it_is_proved_only_if_the_rate_and_its_condition_both_are() -> None:
    assert verdict(LINE, answers(1000, 0.2, 0.995)).verdict == "PROVED"
    assert verdict(LINE, answers(1000, 0.2, 0.975)).verdict == "UNDECIDED", "the precision is not proved"
    assert verdict(LINE, answers(1000, 0.29, 0.995)).verdict == "UNDECIDED", "the rate is not proved"
    assert verdict(LINE, answers(30, 0.0, 1.0)).verdict == "UNDECIDED", "30 rows prove no 97 %"


def test_it_is_refuted_when_either_is() -> None:
    assert verdict(LINE, answers(1000, 0.4, 0.995)).verdict == "REFUTED"
    assert verdict(LINE, answers(1000, 0.2, 0.9)).verdict == "REFUTED"
    assert verdict(LINE, answers(1000, 1.0, 1.0)).verdict == "REFUTED", "nothing is answered"


def test_an_undecided_rate_says_how_many_rows_would_decide_it() -> None:
    close = verdict(LINE, answers(1000, 0.2, 0.975))
    assert close.to_decide is not None
    assert close.to_decide["examples"] > 1000
    few = verdict(LINE, answers(60, 0.1, 1.0))
    assert few.to_decide is not None


def test_without_knowing_what_was_handed_over_every_row_counts_as_answered() -> None:
    on = replace(answers(1000, 0.2, 0.995), handover=None)
    assert found(LINE, on).value == 0, "rows that should have been handed over are wrong"
    assert found("auto_rate(precision >= 70%) >= 90%", on).value == 1


def test_the_false_pass_rate_of_a_rate_whose_condition_just_fails_is_within_the_error() -> None:
    draw = np.random.default_rng(1)
    line, passed, runs = parse_line("auto_rate(precision >= 90%) >= 60%"), 0, 800
    for _ in range(runs):
        n, handover = 300, draw.random(300) < 0.3
        right = draw.random(n) < 0.8999
        on = Judged(np.full(n, "a"), np.where(right, "a", "b"), None, ("a", "b"), None, {}, handover)
        passed += measure(line, on).lower(0.05) >= line.target
    assert passed / runs <= 0.05 + 4 * (0.05 * 0.95 / runs) ** 0.5
    assert passed > 0, "it never proves anything"


@pytest.mark.parametrize("inner", ["latency_p95 <= 20 ms", "auto_rate(precision >= 90%) >= 50%"])
def test_only_quality_stands_inside(inner: str) -> None:
    from zhinan.evaluate.metrics.decisions import auto_rate

    with pytest.raises(UserError) as error:
        auto_rate(answers(100, 0.2, 0.9), condition=inner)
    assert error.value.code == "E276"


def test_the_expected_cost_is_that_of_the_matrix() -> None:
    on = replace(answers(400, 0.0, 0.9), matrix={"refund": {"card": 5.0}, "card": {"card": -0.5}})
    truth, answer = on.truth, on.answer
    cost = np.select(
        [(truth == "refund") & (answer == "card"), (truth == "card") & (answer == "card"), truth != answer],
        [5.0, -0.5, 1.0], 0.0,
    )  # fmt: skip
    seen = found("expected_cost <= 9", on)
    assert seen.value == pytest.approx(cost.mean())
    assert -0.5 < seen.lower(0.05) < seen.value < seen.upper(0.05) < 5
    with pytest.raises(UserError) as error:
        found("expected_cost <= 9", replace(on, matrix=None))
    assert error.value.code == "E265"
    assert found("expected_cost <= 9", replace(on, matrix={})).value == pytest.approx((truth != answer).mean())


def test_the_bound_of_the_expected_cost_covers_a_rare_dear_mistake() -> None:
    draw, missed, runs = np.random.default_rng(2), 0, 400
    for _ in range(runs):
        truth = np.where(draw.random(300) < 0.02, "fraud", "fine")
        answer = np.where(draw.random(300) < 0.5, truth, "fine")
        on = Judged(truth, answer, None, ("fine", "fraud"), None, {}, None, {"fraud": {"fine": 50.0}})
        missed += found("expected_cost <= 9", on).upper(0.05) < 0.02 * 0.5 * 50
    assert missed / runs <= 0.05 + 4 * (0.05 * 0.95 / runs) ** 0.5
