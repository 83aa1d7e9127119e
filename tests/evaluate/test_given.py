"""Answers are read as the lines need them: labels, numbers, tags, rankings; what cannot be read names its row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zhinan.core import UserError
from zhinan.evaluate.prove import Proof, prove

DRAW = np.random.default_rng(0)
N = 200
TAGS = [["bug", "docs"], ["bug"], [], ["docs"]] * 50
SAID = [["docs", "bug"], ["bug", "docs"], [], ["docs"]] * 50
FOUND = ["7 3 1", "2 7", "9"] * 60
RELEVANT = ["7 1", "7", "9 4"] * 60


def values(proof: Proof) -> list[float | None]:
    return [verdict.value for verdict in proof.verdicts]


def refusal(*given: Any, **more: Any) -> UserError:
    with pytest.raises(UserError) as error:
        prove(*given, **more)
    return error.value


def test_lists_json_lists_bars_and_flags_are_the_same_tags() -> None:
    import json

    lines = ["subset_accuracy >= 50%", "micro_f1 >= 50%", "recall[bug] >= 50%", "hamming_loss <= 50%"]
    wanted = values(prove(TAGS, SAID, lines))
    assert wanted[:3] == [0.75, pytest.approx(8 / 9), 1.0]
    written = [[json.dumps(row) for row in rows] for rows in (TAGS, SAID)]
    assert values(prove(*written, lines)) == wanted
    bars = [["|".join(row) or "[]" for row in rows] for rows in (TAGS, SAID)]
    assert values(prove(*bars, lines)) == wanted
    flags = [np.array([["bug" in row, "docs" in row] for row in rows]) for rows in (TAGS, SAID)]
    assert values(prove(*flags, lines, classes=["bug", "docs"])) == wanted


def test_a_bar_inside_a_label_that_the_line_names_is_no_separator() -> None:
    label = ["yes|no", "maybe"] * 30
    assert prove(label, label, ['recall["yes|no"] >= 50%']).verdicts[0].n == 30
    assert prove(label, label, ["accuracy >= 50%"]).verdicts[0].value == 1


def test_lists_are_no_labels() -> None:
    assert refusal(TAGS, SAID, ["accuracy >= 50%"]).code == "E263"


def test_numbers_are_read_from_text_and_the_row_that_holds_none_is_named() -> None:
    true = [str(i) for i in range(N)]
    said = [f"{i + (-1) ** i}" for i in range(N)]
    assert values(prove(true, said, ["mae <= 9", "within(1) >= 50%"])) == [1, 1]
    for wrong in ("12 EUR", "nan", "inf", "1,5", None, "", [3]):
        error = refusal(true, [*said[:6], wrong, *said[7:]], ["mae <= 9"])
        assert (error.code, error.where) == ("E260" if wrong in (None, "") else "E262", "row 7")


def test_intervals_and_quantiles_stand_beside_the_answers() -> None:
    truth = np.arange(100.0)
    found = prove(
        truth, truth + 1, ["coverage >= 50%", "interval_width <= 9", "pinball(q=0.9) <= 9"],
        low=truth - 1, high=truth + np.arange(100) % 3, quantiles={0.9: truth + 2},
    )  # fmt: skip
    assert values(found) == [1.0, pytest.approx(1 + np.mean(np.arange(100) % 3)), pytest.approx(0.2)]
    assert refusal(truth, truth, ["coverage >= 50%"], low=truth[:3], high=truth).code == "E032"


def test_an_interval_has_two_ends() -> None:
    assert refusal([1.0] * 20, [1.0] * 20, ["mae <= 3"], low=[0.0] * 20).code == "E275"


def test_an_interval_turned_over_is_refused_and_never_a_narrow_one() -> None:
    truth = np.arange(100.0)
    high = truth + 1 + np.arange(100) % 3
    error = refusal(truth, truth, ["interval_width <= 1"], low=np.where(truth == 6, 99, truth - 1), high=high)
    assert (error.code, error.where) == ("E261", "row 7")
    assert refusal(truth, truth, ["interval_width <= 1"], low=high, high=truth - 1).code == "E261"


def test_an_answer_costs_no_less_than_nothing() -> None:
    error = refusal(TAGS, TAGS, ["cost <= 3 USD"], cost=[*range(199), -5])
    assert (error.code, error.where) == ("E261", "row 200")


def test_rankings_are_read_from_text_lists_and_gains() -> None:
    lines = ["recall@2 >= 10%", "mrr >= 10%", "ndcg@3 >= 10%"]
    wanted = values(prove(RELEVANT, FOUND, lines))
    assert wanted[0] == pytest.approx((0.5 + 1 + 0.5) / 3)
    assert wanted[1] == pytest.approx((1 + 0.5 + 1) / 3)
    lists = [[text.split() for text in rows] for rows in (RELEVANT, FOUND)]
    assert values(prove(*lists, lines)) == wanted
    gains = [dict.fromkeys(row, 1) for row in lists[0]]
    assert values(prove(gains, lists[1], lines)) == wanted
    numbers = [[[int(item) for item in row] for row in rows] for rows in lists]
    assert values(prove(*numbers, lines)) == wanted
    graded = prove(['{"a": 3, "b": 1}'] * 20, ["b a"] * 20, ["ndcg >= 10%"]).verdicts[0].value
    assert graded == pytest.approx((1 + 3 / np.log2(3)) / (3 + 1 / np.log2(3)))


@pytest.mark.parametrize(
    ("truth", "answer"),
    [("7 1", "7 7"), ("[]", "7"), ('{"7": -1}', "7"), ('{"7": "much"}', "7"), ('["7", ', "7"), ("[[1]]", "7")],
)
def test_a_ranking_that_means_nothing_names_its_row(truth: str, answer: str) -> None:
    error = refusal([*RELEVANT, truth], [*FOUND, answer], ["mrr >= 10%"])
    assert (error.code, error.where) == ("E268", "row 181")


def test_kinds_may_be_mixed_where_each_can_be_read() -> None:
    stars = [str(1 + i % 5) for i in range(N)]
    found = prove(stars, stars[1:] + stars[:1], ["accuracy >= 1%", "mae <= 3", "within(1) >= 50%"])
    assert values(found) == [0, pytest.approx(8 / 5), pytest.approx(4 / 5)]


def test_a_line_relative_to_somebody_elses_answers_knows_that_the_rows_are_the_same() -> None:
    true = ["a", "b"] * 300
    theirs = ["x"] * 60 + true[60:]
    ours = ["x"] * 66 + true[66:]
    proof = prove(true, ours, ["accuracy >= current - 3 pt", "accuracy >= 97% of current"], current=theirs)
    assert proof.outcome == "PROVED"
    assert values(proof) == [pytest.approx(-0.01), pytest.approx(534 / 540)]
    assert prove(true, ours, ["accuracy >= current + 1 pt"], current=theirs).outcome == "REFUTED"
    group = prove(
        true, ours, ["recall[a, channel=web] >= current - 5 pt"], current=theirs, channel=["web", "web"] * 300
    )
    assert group.verdicts[0].n == 300
    assert refusal(true, ours, ["accuracy >= current"]).code == "E269"
    assert refusal(true, ours, ["accuracy >= current"], current=theirs[:-1]).code == "E032"


def test_relative_lines_hold_for_numbers_tags_and_rankings_too() -> None:
    truth = DRAW.normal(0, 9, 400)
    ours, theirs = truth + DRAW.normal(0, 1, 400), truth + DRAW.normal(0, 2, 400)
    assert prove(truth, ours, ["mae <= 80% of current", "rmse <= current"], current=theirs).outcome == "PROVED"
    worse = [["bug"] if i % 2 else row for i, row in enumerate(TAGS)]
    assert prove(TAGS, SAID, ["micro_f1 >= current"], current=worse).outcome == "PROVED"
    assert prove(RELEVANT, FOUND, ["mrr >= current - 1 pt"], current=FOUND).verdicts[0].value == 0


def test_money_is_that_of_a_thousand_answers_and_compared_row_by_row() -> None:
    true = ["a"] * 300
    ours, theirs = DRAW.gamma(4, 0.0002, 300), DRAW.gamma(4, 0.002, 300)
    found = prove(true, true, ["cost <= 2 USD", "cost <= 20% of current"], cost=ours, current_cost=theirs)
    assert found.outcome == "PROVED"
    assert values(found) == [pytest.approx(1000 * ours.mean()), pytest.approx(ours.mean() / theirs.mean())]
    assert [verdict.on for verdict in found.verdicts] == ["measured"] * 2
    assert prove(true, true, ["cost <= 5% of current"], cost=ours, current_cost=theirs).outcome == "REFUTED"
    assert prove(true, true, ["cost <= 2 USD"], cost=[0.001] * 300).outcome == "PROVED"
    assert refusal(true, true, ["cost <= 2 USD"]).code == "E256"
    assert refusal(true, true, ["cost <= 20% of current"], cost=ours).code == "E269"
    assert refusal(true, true, ["cost <= 2 USD"], cost=["free"] * 300).code == "E262"
    assert refusal(true, true, ["latency_p95 <= 2 ms"], cost=ours).code == "E256"


def test_a_row_handed_to_a_person_may_lack_an_answer_which_then_is_no_right_one() -> None:
    true = ["a", "b"] * 100
    handed = [i < 40 for i in range(200)]
    said = [None if out else label for out, label in zip(handed, true, strict=True)]
    found = prove(true, said, ["auto_rate(precision >= 95%) >= 70%", "accuracy >= 60%"], handover=handed)
    assert found.outcome == "PROVED"
    assert values(found) == [0.8, 0.8]
    written = prove(true, said, ["accuracy >= 60%"], handover=["yes" if out else "" for out in handed])
    assert written.verdicts[0].value == 0.8
    assert refusal(true, said, ["accuracy >= 60%"]).code == "E260"
    assert refusal(true, said, ["accuracy >= 60%"], handover=[*handed[1:], True]).code == "E260"
    assert refusal(true, said, ["accuracy >= 60%"], handover=["perhaps"] * 200).code == "E261"


def test_groups_are_columns_of_any_name() -> None:
    true = ["a"] * 100
    one = prove(true, true, ["gap(accuracy, by=group) <= 20 pt"], groups=["x", "y"] * 50)
    named = prove(
        true, true, ["gap(accuracy, by=cost*age) <= 90 pt"], groups={"cost": ["x", "y"] * 50, "age": [3] * 100}
    )
    assert (one.outcome, named.outcome) == ("PROVED", "PROVED")


def test_mistakes_cost_what_the_matrix_says() -> None:
    true, said = ["fraud", "fine"] * 60, ["fine", "fine"] * 60
    assert prove(true, said, ["expected_cost <= 9"], matrix={"fraud": {"fine": 8}}).verdicts[0].value == 4
    assert prove([1, 0] * 60, [0] * 120, ["expected_cost <= 9"], matrix={1: {0: 8}}).verdicts[0].value == 4


def test_disturbed_inputs_cannot_be_judged_from_finished_answers() -> None:
    assert refusal(["a"] * 50, ["a"] * 50, ["accuracy[under typos] >= 50%"]).code == "E278"


def test_missing_numbers_tags_and_rankings_are_refused_like_labels() -> None:
    for true, said, line in ((TAGS, SAID, "micro_f1 >= 1%"), (RELEVANT, FOUND, "mrr >= 1%")):
        assert refusal(true, [*said[:-1], None], [line]).code == "E260"
        assert refusal([None, *true[1:]], said, [line]).code == "E260"


@pytest.mark.parametrize(
    ("truth", "answer"), [("Refund", "refund"), ("refund", "refund "), ("1", "１"), (True, "true"), ("1", True)]
)
def test_labels_that_differ_in_spelling_only_are_refused_not_refuted(truth: Any, answer: Any) -> None:
    error = refusal([truth] * 20, [answer] * 20, ["accuracy >= 50%"])
    assert error.code == "E274"
    other = prove(["refund"] * 20, ["login"] * 20, ["accuracy >= 50%"])
    assert other.outcome == "REFUTED", "answers that are all wrong are judged"
