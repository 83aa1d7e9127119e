"""Every metric gives the value that scikit-learn or numpy gives, and proves nothing where there is too little."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn import metrics as reference

from zhinan.contract import parse_line
from zhinan.core import UserError
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.measure import measure
from zhinan.proof import Judged

CLASSES = ("a", "b", "c", "退货")


def sample(seed: int, n: int = 200, right: float = 0.7, classes: tuple[str, ...] = CLASSES) -> Judged:
    draw = np.random.default_rng(seed)
    truth = draw.choice(classes, n, p=draw.dirichlet(np.full(len(classes), 4.0)))
    answer = np.where(draw.random(n) < right, truth, draw.choice(classes, n))
    scores = draw.dirichlet(np.ones(len(classes)), n) + 0.5 * (answer[:, None] == np.array(classes))
    channel = draw.choice(["app", "web", "微信"], n).astype(object)
    return Judged(truth, answer, scores / scores.sum(1, keepdims=True), classes, None, {"channel": channel})


def value(line: str, on: Judged) -> float:
    return measure(parse_line(line), on).value


@pytest.mark.parametrize("seed", range(4))
def test_values_are_those_of_scikit_learn(seed: int) -> None:
    on = sample(seed)
    truth, answer = on.truth, on.answer
    assert value("accuracy >= 1%", on) == pytest.approx(reference.accuracy_score(truth, answer))
    for average in ("precision", "recall", "f1"):
        score = getattr(reference, f"{average}_score")
        macro = score(truth, answer, average="macro", zero_division=0)
        assert value(f"macro_{average} >= 1%", on) == pytest.approx(macro)
        each = score(truth, answer, average=None, labels=list(CLASSES), zero_division=0)
        for label, wanted in zip(CLASSES, each, strict=True):
            if (truth == label).any() and (average != "precision" or (answer == label).any()):
                assert value(f'{average}["{label}"] >= 1%', on) == pytest.approx(wanted)


@pytest.mark.parametrize("seed", range(4))
def test_auc_is_that_of_scikit_learn_also_with_ties_one_against_the_rest_and_averaged(seed: int) -> None:
    on = sample(seed)
    rounded = np.round(np.asarray(on.probability), 1)
    tied = Judged(on.truth, on.answer, rounded, CLASSES, None, on.columns)
    areas = []
    for i, label in enumerate(CLASSES):
        areas.append(reference.roc_auc_score(on.truth == label, rounded[:, i]))
        assert value(f'auc["{label}"] >= 1%', tied) == pytest.approx(areas[-1])
    assert value("auc >= 1%", tied) == pytest.approx(np.mean(areas))
    two = sample(seed, classes=("no", "yes"))
    scores = np.asarray(two.probability)[:, 1]
    assert value("auc >= 1%", two) == pytest.approx(reference.roc_auc_score(two.truth == "yes", scores))
    assert value("auc[no] >= 1%", two) == pytest.approx(value("auc[yes] >= 1%", two))


@pytest.mark.parametrize("of", ["accuracy", "recall", "macro_f1"])
def test_the_gap_is_the_largest_difference_between_groups(of: str) -> None:
    on = sample(1)
    scores = []
    for group in np.unique(on.columns["channel"].astype(str)):
        rows = on.columns["channel"] == group
        score = reference.accuracy_score if of != "macro_f1" else reference.f1_score
        more = {"average": "macro"} if of == "macro_f1" else {}
        scores.append(score(on.truth[rows], on.answer[rows], **more))
    assert value(f"gap({of}, by=channel) <= 99 pt", on) == pytest.approx(max(scores) - min(scores))


def test_the_gap_of_a_class_that_a_group_lacks_is_undecided_and_names_the_group() -> None:
    on = sample(1)
    rows = ~((on.columns["channel"] == "web") & (on.truth == "a"))
    found = measure(parse_line("gap(recall[a], by=channel) <= 99 pt"), on.where(rows))
    assert found.reason is not None
    assert "web" in found.reason
    with pytest.raises(UserError) as error:
        measure(parse_line("gap(recall[zz], by=channel) <= 99 pt"), on)
    assert error.value.code == "E031"


def test_one_group_is_no_gap() -> None:
    on = sample(1)
    with pytest.raises(UserError) as error:
        measure(parse_line("gap(recall, by=channel) <= 9 pt"), on.where(on.columns["channel"] == "web"))
    assert error.value.code == "E251"


@pytest.mark.parametrize("line", ["f1[b] >= 1%", "macro_f1 >= 1%", "auc[b] >= 1%", "auc >= 1%", "precision[b] >= 1%"])
def test_a_class_with_hardly_any_example_or_answer_is_undecided_not_wrong(line: str) -> None:
    on = sample(2)
    few = np.flatnonzero(on.truth == "b")[2:]
    rows = np.ones(len(on), bool)
    rows[few] = False
    rows[(on.answer == "b") & (on.truth != "b")] = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert measure(parse_line(line), on.where(rows)).reason is not None


def test_probabilities_are_asked_for_by_name() -> None:
    on = sample(1)
    with pytest.raises(UserError) as error:
        measure(parse_line("auc >= 1%"), Judged(on.truth, on.answer, None, CLASSES))
    assert error.value.code == "E250"


def test_costs_are_quantiles_of_requests_and_the_worst_of_runs() -> None:
    draw = np.random.default_rng(0)
    latencies, blocks = draw.gamma(9, 1e-3, 400), np.repeat(np.arange(10), 40)
    costs = Costs(latencies, blocks, draw.normal(800, 20, 10), draw.normal(2e8, 1e6, 10), 5_000_000)
    ordered = np.sort(latencies)
    for q in (50, 95, 99):
        found = measure(parse_line(f"latency_p{q} <= 20 ms"), costs)
        assert ordered[int(q / 100 * 400) - 2] <= found.value <= ordered[min(int(q / 100 * 400) + 1, 399)]
        assert found.upper(0.05) >= found.value
    assert measure(parse_line("throughput >= 1 rps"), costs).value == costs.throughputs.min()
    assert measure(parse_line("memory <= 1 GB"), costs).value == costs.memories.max()
    assert measure(parse_line("size <= 5 MB"), costs).value == 5_000_000
