"""Several labels a row: thresholds chosen on dev for the lines, judged without flattery, provable from rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract, parse, parse_line
from zhinan.core import Candidate, Column, Dataset, StepSpec
from zhinan.evaluate.answers import Tags, arrays, from_arrays, said_of
from zhinan.evaluate.deciding_tags import tag_decisions
from zhinan.evaluate.decisions import carry, decide
from zhinan.evaluate.measure import judge_dataset, measure
from zhinan.evaluate.outcomes import outcomes
from zhinan.evaluate.row_scores import row_scores
from zhinan.proof import Tagged
from zhinan.steps.tag import Tag, alone
from zhinan.steps.values.lists import written_list
from zhinan.tasks.tag import Tag as Task

CLASSES = ("bug", "rare", "slow")


def contract(*must: str) -> Contract:
    return parse("product: shop\ndata: messages.csv\ntarget: tags\nmust:\n" + "".join(f"  - {one}\n" for one in must))


def rows(*labels: tuple[str, ...], person: list[str] | None = None) -> Dataset:
    names = [str(i) for i in range(len(labels))]
    frame = pl.DataFrame({"m": names, "tags": [written_list(one) for one in labels], "_row": names})
    frame = frame if person is None else frame.with_columns(pl.Series("person", person))
    who = None if person is None else "person"
    return Dataset(frame, (Column("m", "text"),), Column("tags", "list"), who, None, "x")


def drawn(n: int = 600) -> tuple[np.ndarray, Dataset]:
    """Logits whose probabilities are the truth's own; `rare` is had by about one row in eight."""
    draw = np.random.default_rng(0)
    logits = draw.normal(size=(n, 3)) * 2 + np.array([0.5, -3.5, 0.0])
    flags = draw.random((n, 3)) < alone(logits)
    return logits, rows(*(tuple(np.array(CLASSES)[row]) for row in flags))


def candidate(logits: np.ndarray) -> Candidate:
    last = StepSpec("tag", ("logits",), ("labels", "probabilities"), {"classes": list(CLASSES)})
    chances = alone(logits)
    return Candidate("linear", "shallow", ("ngrams",), (last,), {}, CLASSES, chances.astype(np.float32),
                     decided=chances >= 0.5, task="tag")  # fmt: skip


def value(made: Candidate, dev: Dataset, line: str) -> float:
    return measure(parse_line(line), judge_dataset(dev, said_of(made), CLASSES)).value


@pytest.mark.parametrize("line", ["macro_f1 >= 90%", "recall[rare] >= 80%", "micro_recall >= 95%"])
def test_thresholds_move_where_a_line_needs_it_and_ship_what_they_were_fitted_as(line: str) -> None:
    logits, dev = drawn()
    plain = candidate(logits)
    made = decide(plain, dev, contract(line))
    assert value(made, dev, line) > value(plain, dev, line) + 0.02
    options = made.steps[-1].options
    assert len(options["thresholds"]) == 3
    assert min(options["thresholds"]) < 0.5
    shipped = Tag(("logits",), ("labels", "p"), {}, **options).run({"logits": logits})["labels"]
    near = measure(parse_line(line), judge_dataset(dev, Tags(shipped), CLASSES)).value
    assert abs(near - value(made, dev, line)) < 0.08, "dev is answered by thresholds of other rows, about as well"
    assert dict(carry(plain, made).steps[-1].options) == options


def test_the_report_is_told_from_where_each_label_is_given() -> None:
    logits, dev = drawn()
    assert tag_decisions(candidate(logits)) == {"thresholds": dict.fromkeys(CLASSES, 0.5), "least": 0}
    made = decide(candidate(logits), dev, contract("recall[rare] >= 80%"))
    assert tag_decisions(made)["thresholds"]["rare"] == made.steps[-1].options["thresholds"][1] < 0.5


def test_nothing_is_moved_for_lines_that_are_met_or_about_something_else() -> None:
    logits, dev = drawn(200)
    for line in ("micro_f1 >= 5%", "latency_p95 <= 20 ms"):
        assert "thresholds" not in decide(candidate(logits), dev, contract(line)).steps[-1].options


def test_a_row_gets_a_label_only_where_every_row_has_one() -> None:
    logits = np.full((3, 3), -4.0) + np.eye(3)
    full, part = rows(("bug",), ("rare",), ("slow",)), rows(("bug",), (), ("slow",))
    line = contract("latency_p95 <= 20 ms")
    assert decide(candidate(logits), full, line).answers.tolist() == np.eye(3, dtype=bool).tolist()
    assert not decide(candidate(logits), part, line).answers.any()


def test_a_label_that_the_version_does_not_know_is_missed_and_not_forgotten() -> None:
    judged = judge_dataset(rows(("bug", "new"), ("slow",)), Tags([["bug"], ["slow"]]), CLASSES)
    assert isinstance(judged, Tagged)
    assert judged.classes == (*CLASSES, "new")
    assert measure(parse_line("subset_accuracy >= 50%"), judged).value == 0.5
    assert measure(parse_line("micro_recall >= 50%"), judged).value == pytest.approx(2 / 3)


def test_labels_that_only_one_side_says_weigh_the_same_on_both() -> None:
    truth = rows(*([("bug",)] * 12))
    current = pl.Series("now", [written_list(("bug", f"odd {i}")) for i in range(12)])
    part = Dataset(truth.frame.with_columns(current), truth.inputs, truth.target, None, None, "x")
    on = judge_dataset(part, Tags([["bug", "slow"]] * 12), CLASSES, current="now")
    assert measure(parse_line("hamming_loss <= 50%"), on).value == pytest.approx(1 / 3), "today's odd labels flatter it"
    assert measure(parse_line("hamming_loss <= current"), on).value == 0, "either is wrong about one label a row"
    for line in ("micro_f1 >= current", "micro_recall >= current", "macro_recall >= current"):
        assert measure(parse_line(line), on).value == 0


def test_flawless_answers_prove_f1_and_rows_that_rightly_have_no_label_say_nothing_of_it() -> None:
    right = [["bug", "slow"], ["bug"], []] * 20
    judged = judge_dataset(rows(*map(tuple, right)), Tags(right), CLASSES)
    for line in ("micro_f1 >= 80%", "f1[bug] >= 80%"):
        found = measure(parse_line(line), judged)
        assert (found.value, found.reason) == (1.0, None)
        assert found.lower(0.05) > 0.9
    nothing = judge_dataset(rows(*[()] * 12), Tags([[]] * 12), CLASSES)
    assert np.isnan(measure(parse_line("micro_f1 >= 80%"), nothing).value)


def test_answers_are_kept_and_come_back_the_same() -> None:
    said = Tags([["slow", "bug"], []], np.array([[0.6, 0.1, 0.9], [0.2, 0.1, 0.3]]))
    again = from_arrays(arrays(said, CLASSES), CLASSES)
    assert isinstance(again, Tags)
    assert [set(one) for one in again.labels] == [{"bug", "slow"}, set()]


def test_a_label_of_a_row_is_no_row_of_its_own_when_lines_are_watched() -> None:
    judged = judge_dataset(rows(("bug", "slow"), ("slow",)), Tags([["bug"], ["bug", "slow"]]), CLASSES)
    assert row_scores(parse_line("micro_recall >= 50%"), judged) is None
    assert row_scores(parse_line("exact_match >= 50%"), judged) == {0: 0.0, 1: 0.0}
    watched = outcomes(parse_line("f1[bug] >= 50%"), judged)
    assert watched is not None
    assert dict(watched.scores) == {0: 1.0, 1: 0.0}


@pytest.mark.parametrize("metric", ["micro_recall", "micro_precision", "micro_f1"])
def test_a_share_of_labels_holds_exactly_when_the_mean_of_the_rows_outcomes_does(metric: str) -> None:
    draw = np.random.default_rng(4)
    flags = draw.random((2, 300, 3)) < 0.4
    said, truth = ([tuple(np.array(CLASSES)[row]) for row in one] for one in flags)
    judged = judge_dataset(rows(*truth), Tags([list(one) for one in said]), CLASSES)
    value = measure(parse_line(f"{metric} >= 50%"), judged).value
    for target, met in ((value - 0.001, True), (value + 0.001, False)):
        found = outcomes(parse_line(f"{metric} >= {100 * target:.6f}%"), judged, most=3)
        assert found is not None
        scores = np.array(list(found.scores.values()))
        assert ((scores >= 0) & (scores <= 1)).all()
        assert (scores.mean() >= found.floor) == met
    parts, wholes = sum(found.amounts.values()), sum(map(found.whole, found.scores))
    assert found.value(parts / wholes) == pytest.approx(value)
    few = rows((), ("strange", "bug", "other", "more"))
    worst = outcomes(parse_line(f"{metric} >= 90%"), judge_dataset(few, Tags([[], ["slow"]]), CLASSES), most=3)
    assert worst is not None
    assert set(worst.scores) == {1}, "a row without labels that got none says nothing"
    assert worst.scores[1] >= 0


def test_a_golden_row_may_only_change_a_label_at_its_threshold() -> None:
    options = {"thresholds": [0.5, 0.3, 0.5]}
    known = {"labels": ["bug"], "probabilities": {"bug": 0.9, "rare": 0.29999, "slow": 0.1}}
    near = {"labels": ["bug", "rare"], "probabilities": {"bug": 0.9, "rare": 0.30001, "slow": 0.1}}
    task = Task()
    assert task.mismatch(known, near, 1e-4, CLASSES, options) is None
    assert task.mismatch(known, {**near, "labels": []}, 1e-4, CLASSES, options) == "another label"
    moved = {**near, "probabilities": {**near["probabilities"], "slow": 0.2}}
    assert task.mismatch(known, moved, 1e-4, CLASSES, options) == "a probability moved by 0.1"


@pytest.mark.parametrize("said", [["slow", "bug"], ["bug", "slow", "bug"], '["slow", "bug"]', "slow|bug", "bug; slow"])
def test_the_right_labels_have_one_form_however_they_are_said(said: object) -> None:
    assert Task().right(said, CLASSES) == '["bug", "slow"]'
    assert Task().right("bug|strange", CLASSES) is None
    assert Task().right([1], CLASSES) is None


def test_only_a_list_says_that_no_label_is_right() -> None:
    assert [Task().right(said, CLASSES) for said in ([], (), "[]", " [ ] ")] == ["[]"] * 4
    assert [Task().right(said, CLASSES) for said in ("", " ", "|", ",;", "、")] == [None] * 5


def test_a_brief_answer_tells_the_probabilities_of_the_labels_it_gives() -> None:
    every = {"id": "x", "labels": ["slow"], "probabilities": {"bug": 0.1, "rare": 0.2, "slow": 0.9}}
    assert Task().brief(every) == {"id": "x", "labels": ["slow"], "probabilities": {"slow": 0.9}}
    assert Task().kept(every) == {"labels": ["slow"], "probabilities": {"slow": 0.9}}
