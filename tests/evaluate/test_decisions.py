"""Decisions on dev: made where a line needs one, honest about dev, packaged as fitted on all of it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from zhinan.contract import Contract, parse
from zhinan.core import Candidate, Column, Dataset, StepSpec, UserError
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.calibration import folds
from zhinan.evaluate.decisions import carry, decide, decisions_facts
from zhinan.evaluate.measure import judge_dataset, measure
from zhinan.evaluate.thresholds import PLENTY, adjustable, fit_offsets
from zhinan.steps.choose import Choose, softmax

WRITES = ("label", "probability", "probabilities", "handover", "labels")


def contract(*must: str, more: str = "") -> Contract:
    lines = "".join(f"  - {line}\n" for line in must)
    return parse(f"product: shop\ndata: messages.csv\ntarget: intent\nmust:\n{lines}{more}")


def drawn(
    n: int, shares: tuple[float, ...], seed: int = 0, sharp: float = 1.0, **columns: list[Any]
) -> tuple[np.ndarray, Dataset]:
    """Logits (n, classes) whose softmax is the truth's probability, and rows with truths a, b, c … drawn by it."""
    draw = np.random.default_rng(seed)
    logits = np.log(shares) + draw.normal(size=(n, len(shares))) * sharp
    p = softmax(logits)
    truth = (p.cumsum(1) > draw.random(n)[:, None]).argmax(1)
    labels = ["abcdef"[i] for i in truth]
    names = [str(i) for i in range(n)]
    frame = pl.DataFrame({"m": names, "intent": labels, **columns, "_row": names})
    person = "person" if "person" in columns else None
    return logits, Dataset(frame, (Column("m", "text"),), Column("intent", "category"), person, None, str(seed))


def candidate(logits: np.ndarray, **params: Any) -> Candidate:
    classes = tuple("abcdef"[: logits.shape[1]])
    step = StepSpec("choose", ("logits",), WRITES, {"classes": list(classes)})
    dev = softmax(logits).astype(np.float32)
    return Candidate("linear", "shallow", ("ngrams",), (step,), {}, classes, dev, params)


def options(made: Candidate) -> dict[str, Any]:
    return {name: value for name, value in made.steps[-1].options.items() if name != "classes"}


def answered(made: Candidate, logits: np.ndarray) -> dict[str, Any]:
    """What the packaged last step answers to other rows."""
    (spec,) = made.steps
    return Choose(spec.reads, spec.writes, {}, **spec.options).run({"logits": logits})


def value(line: str, on: Dataset, made: Candidate, labels: Any, handover: Any = None) -> float:
    (asked,) = contract(line).must
    return measure(asked, judge_dataset(on, Answers(labels, None, handover), made.classes)).value


def right(made: Candidate, dev: Dataset, line: str) -> float:
    """The value of a line on the honest dev answers."""
    return value(line, dev, made, [made.classes[i] for i in made.answers], made.handed)


@pytest.mark.parametrize(
    "lines",
    [("accuracy >= 70%",), ("accuracy >= 99%", "latency_p95 <= 20 ms"), ("gap(accuracy, by=m) <= 5 pt",)],
)
def test_lines_that_no_decision_helps_leave_the_candidate_as_it_was(lines: tuple[str, ...]) -> None:
    logits, dev = drawn(200, (0.6, 0.4))
    made = candidate(logits)
    assert decide(made, dev, contract(*lines)) is made


def test_a_line_that_already_holds_with_plenty_of_room_moves_nothing() -> None:
    logits, dev = drawn(900, (0.3, 0.4, 0.3), sharp=9)
    made = candidate(logits)
    assert decide(made, dev, contract("recall[a] >= 50%", "accuracy >= 50%")) is made


def test_an_offset_finds_a_rare_class_and_leaves_the_other_line_standing() -> None:
    logits, dev = drawn(2000, (0.9, 0.1), sharp=1.3)
    asked = contract("recall[b] >= 70%", "accuracy >= 70%")
    made = decide(candidate(logits), dev, asked)
    assert right(candidate(logits), dev, "recall[b] >= 70%") < 0.6
    assert list(options(made)) == ["offsets"]
    assert options(made)["offsets"][0] == 0 < options(made)["offsets"][1]
    assert right(made, dev, "recall[b] >= 70%") > 0.7
    assert right(made, dev, "accuracy >= 70%") > 0.7
    fresh, sealed = drawn(20_000, (0.9, 0.1), seed=1, sharp=1.3)
    labels = answered(made, fresh)["label"]
    assert value("recall[b] >= 70%", sealed, made, labels) > 0.7
    assert value("accuracy >= 70%", sealed, made, labels) > 0.7
    assert np.array_equal(made.dev, candidate(logits).dev), "offsets change answers, not probabilities"


def test_what_is_out_of_scope_is_found_beside_a_line_on_what_is_in_scope() -> None:
    logits, dev = drawn(3000, (0.48, 0.48, 0.04), sharp=3)
    scope = ["out" if label == "c" else "in" for label in dev.values("intent")]
    dev = Dataset(dev.frame.with_columns(pl.Series("scope", scope)), dev.inputs, dev.target, None, None, "")
    lines = "accuracy[scope=in] >= 80%", "recall[c] >= 80%"
    before, made = candidate(logits), decide(candidate(logits), dev, contract(*lines))
    assert right(before, dev, lines[1]) < 0.8 < right(made, dev, lines[1])
    assert right(made, dev, lines[0]) > 0.8
    assert options(made)["offsets"][2] > 0


def test_a_persons_rows_are_decided_without_that_person() -> None:
    people = np.array([f"p{i // 20}" for i in range(400)])
    logits, dev = drawn(400, (0.85, 0.15), sharp=1.2, person=people.tolist())
    fold = folds(np.zeros(400), people)
    rows = fold == fold[0]
    assert len(np.unique(people[rows])) == 4
    asked = contract("recall[b] >= 60%", "accuracy >= 60%")
    lied = [("b" if i % 3 else "a") if hidden else label
            for i, (hidden, label) in enumerate(zip(rows, dev.values("intent"), strict=True))]  # fmt: skip
    other = Dataset(dev.frame.with_columns(intent=pl.Series(lied)), dev.inputs, dev.target, "person", None, "")
    first, second = (decide(candidate(logits), part, asked) for part in (dev, other))
    assert first.decided is not None
    assert second.decided is not None
    assert np.array_equal(first.decided[rows], second.decided[rows])
    assert options(first)["offsets"] != options(second)["offsets"], "what is packaged learned from all rows"


def test_a_line_about_all_classes_alike_takes_out_the_shares() -> None:
    logits, dev = drawn(3000, (0.85, 0.09, 0.06), sharp=1.0)
    made = decide(candidate(logits), dev, contract("macro_recall >= 60%"))
    assert right(made, dev, "macro_recall >= 60%") > right(candidate(logits), dev, "macro_recall >= 60%") + 0.05
    offsets = options(made)["offsets"]
    assert offsets[0] < offsets[1] < offsets[2]


def test_a_matrix_of_costs_is_answered_by_the_cheapest_answer() -> None:
    logits, dev = drawn(1500, (0.8, 0.2), sharp=1.0)
    more = "cost: {matrix: {b: {a: 10}, a: {b: 1}}}\n"
    made = decide(candidate(logits), dev, contract("expected_cost <= 0.6", more=more))
    assert options(made) == {"costs": ((0.0, 1.0), (10.0, 0.0))}
    assert made.decided is not None
    assert np.array_equal(made.decided, np.where(made.dev[:, 1] * 10 > made.dev[:, 0], 1, 0))
    assert options(decide(candidate(logits), dev, contract("accuracy >= 60%", more=more))) == {}


@pytest.mark.parametrize("where", ["must", "should"])
def test_hand_over_keeps_a_precision_on_new_rows(where: str) -> None:
    line = "auto_rate(precision >= 90%) >= 30%"
    asked = contract(line) if where == "must" else contract("accuracy >= 60%", more=f"should:\n  - {line}\n")
    logits, dev = drawn(2000, (0.5, 0.5), sharp=1.5)
    assert right(candidate(logits), dev, line) < 0.3, "without hand-over it holds already"
    made = decide(candidate(logits), dev, asked)
    assert list(options(made)) == ["abstain"]
    assert made.decided is None
    assert made.handed is not None
    assert right(made, dev, line) > 0.3
    fresh, sealed = drawn(20_000, (0.5, 0.5), seed=1, sharp=1.5)
    found = answered(made, fresh)
    kept = ~found["handover"]
    assert kept.mean() > 0.3
    assert value("accuracy >= 1%", sealed.__class__(sealed.frame.filter(pl.Series(kept)), *_rest(sealed)), made,
                 [label for label, k in zip(found["label"], kept, strict=True) if k]) > 0.9  # fmt: skip


def _rest(part: Dataset) -> tuple[Any, ...]:
    return part.inputs, part.target, part.person, part.time, part.fingerprint


def test_sets_are_packaged_when_asked_for_and_hold_the_truth() -> None:
    logits, dev = drawn(1000, (0.4, 0.3, 0.3))
    asked = contract("accuracy >= 40%", more="train: {sets: 90%}\n")
    made = decide(candidate(logits), dev, asked)
    assert "sets" in options(made)
    fresh, sealed = drawn(20_000, (0.4, 0.3, 0.3), seed=1)
    sets = answered(made, fresh)["labels"]
    held = np.mean([truth in one for truth, one in zip(sealed.values("intent"), sets, strict=True)])
    assert held == pytest.approx(0.9, abs=0.03)
    facts = decisions_facts(made, dev, asked)["sets"]
    assert facts["coverage"] == pytest.approx(0.9, abs=0.03)
    assert facts["size"] == pytest.approx(np.mean(list(map(len, sets))), abs=0.1)


def bent(n: int, seed: int) -> tuple[np.ndarray, Dataset]:
    """Two classes whose scores are far too sure above the middle and right below: no temperature mends that."""
    logits, dev = drawn(n, (0.5, 0.5), seed=seed, sharp=1.5)
    ahead = logits[:, 1] - logits[:, 0]
    ahead = np.where(ahead > 0, 6 * ahead, ahead)
    return np.stack([-ahead, ahead], axis=1) / 2, dev


def test_a_bent_reliability_of_two_classes_is_mended_by_a_monotone_map() -> None:
    logits, dev = bent(2000, 0)
    made = decide(candidate(logits), dev, contract("accuracy >= 60%"))
    assert "isotonic" in options(made)
    fresh, sealed = bent(20_000, 1)
    truth = np.array([label == "b" for label in sealed.values("intent")])
    told, before = answered(made, fresh)["probabilities"][:, 1], softmax(fresh)[:, 1]
    sure = told > 0.8
    assert truth[sure].mean() == pytest.approx(told[sure].mean(), abs=0.03)
    assert truth[before > 0.99].mean() < 0.97, "nothing was bent"
    assert decisions_facts(made, dev, contract("accuracy >= 60%"))["calibrate"] == "isotonic"


def test_how_to_calibrate_may_be_told() -> None:
    logits, dev = bent(2000, 0)
    made = {}
    for how in ("auto", "temperature", "isotonic", "none"):
        asked = contract("accuracy >= 60%", more=f"train: {{calibrate: {how}}}\n")
        made[how] = options(decide(candidate(logits), dev, asked))
    assert "isotonic" in made["auto"]
    assert "isotonic" in made["isotonic"]
    assert list(made["temperature"]) == ["temperature"]
    assert made["none"] == {}
    straight, rows = drawn(2000, (0.5, 0.5))
    assert decide(candidate(straight), rows, contract("accuracy >= 60%")).steps[-1].options.keys() == {"classes"}


def test_none_takes_the_scores_as_the_heads_gave_them() -> None:
    logits, dev = drawn(400, (0.5, 0.5))
    asked = contract("accuracy >= 60%", more="train: {calibrate: none}\n")
    made = decide(candidate(logits * 2.5, mix=(2.0, 0.5)), dev, asked)
    assert options(made) == {"temperature": 2.5}
    assert np.allclose(made.dev, softmax(logits), atol=1e-6)
    assert decisions_facts(made, dev, asked)["calibrate"] == "none"
    assert decisions_facts(made, dev, asked)["temperature"] == 1.0


def test_a_monotone_map_of_three_classes_is_refused_with_the_place() -> None:
    logits, dev = drawn(50, (0.3, 0.3, 0.4))
    with pytest.raises(UserError) as error:
        decide(candidate(logits), dev, contract("accuracy >= 60%", more="train: {calibrate: isotonic}\n"))
    assert error.value.code == "E285"
    assert "product.yaml:" in error.value.where


def test_decisions_are_carried_to_the_candidate_trained_on_all_of_it() -> None:
    logits, dev = drawn(2000, (0.9, 0.1), sharp=1.3)
    made = decide(candidate(logits), dev, contract("recall[b] >= 70%", "accuracy >= 70%"))
    again = carry(candidate(logits * 0.9), made)
    assert again.steps == made.steps
    for name in ("dev", "decided"):
        assert np.array_equal(getattr(again, name), getattr(made, name))


def test_the_facts_are_json_and_say_what_stands_between_a_probability_and_an_answer() -> None:
    logits, dev = drawn(2000, (0.9, 0.1), sharp=1.3)
    asked = contract("recall[b] >= 70%", "auto_rate(precision >= 93%) >= 30%", more="train: {sets: 90%}\n")
    made = decide(candidate(logits, mix=(0.5,)), dev, asked)
    facts = decisions_facts(made, dev, asked)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert set(facts) == {"calibrate", "temperature", "offsets", "abstain", "auto_rate", "precision", "sets"}
    assert facts["temperature"] == 2.0
    assert list(facts["offsets"]) == ["b"]
    assert 0.3 < facts["auto_rate"] < 1
    assert facts["precision"] > 0.93
    plain = decisions_facts(candidate(logits), dev, contract("accuracy >= 10%"))
    assert (plain["offsets"], plain["abstain"], plain["auto_rate"], plain["sets"]) == ({}, None, None, None)


def test_the_prior_is_never_bent_to_a_line() -> None:
    _, dev = drawn(300, (0.9, 0.1))
    made = candidate(np.tile(np.log([0.9, 0.1]), (300, 1)))
    assert made is decide(made, dev, contract("recall[b] >= 70%"))


def test_what_lines_may_need_follows_from_the_classes_they_name() -> None:
    classes = ("a", "b", "c")
    lines = contract("recall[b] >= 1%", "gap(recall[c], by=m) <= 9 pt", "accuracy >= 1%", "latency_p95 <= 1 s").must
    assert adjustable(lines, classes) == ((1, 2), False)
    assert adjustable(contract("macro_f1 >= 1%").must, classes) == ((), True)
    assert adjustable(contract("accuracy[under typos] >= 1%", "gap(accuracy, by=m) <= 9 pt").must, classes) == (
        (),
        False,
    )


def test_no_offset_is_larger_than_it_need_be() -> None:
    """Where the line is kept with plenty of room by a smaller offset, that one is taken."""
    logits, dev = drawn(3000, (0.9, 0.1), sharp=2.0)
    from zhinan.evaluate.thresholds import Goal

    asked = contract("recall[b] >= 60%")
    judged = judge_dataset(dev, Answers(["a"] * 3000), ("a", "b"))
    goal = Goal.of(judged, ("a", "b"), asked.must, ())
    (first, second) = fit_offsets(softmax(logits), goal, (1,), every=False)
    assert first == 0
    more, less = (goal.score((softmax(logits) * np.exp([0, second + by])).argmax(1))[0] for by in (0, -0.5))
    assert more >= PLENTY > less
