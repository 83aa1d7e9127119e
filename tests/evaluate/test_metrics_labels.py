"""Metrics of labels and probabilities give the values of scikit-learn, by class, over classes and between groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics as reference

from zhinan.contract import parse_line
from zhinan.core import UserError
from zhinan.evaluate.measure import measure
from zhinan.proof import Answered, Judged, Measurement

CLASSES = ("a", "b", "c")


def sample(seed: int, n: int = 240, right: float = 0.7, classes: tuple[str, ...] = CLASSES) -> Judged:
    draw = np.random.default_rng(seed)
    truth = draw.choice(classes, n, p=draw.dirichlet(np.full(len(classes), 6.0)))
    answer = np.where(draw.random(n) < right, truth, draw.choice(classes, n))
    scores = draw.dirichlet(np.ones(len(classes)), n) + 0.5 * (answer[:, None] == np.array(classes))
    columns = {"gender": draw.choice(["f", "m"], n), "age": draw.choice(["old", "young"], n)}
    return Judged(truth, answer, scores / scores.sum(1, keepdims=True), classes, None, columns)


def found(line: str, on: Answered) -> Measurement:
    return measure(parse_line(line), on)


def code(line: str, on: Answered) -> str:
    with pytest.raises(UserError) as error:
        found(line, on)
    return error.value.code


@pytest.mark.parametrize("seed", range(3))
def test_false_alarms_and_selection_are_those_of_the_confusion_table(seed: int) -> None:
    on = sample(seed)
    for label in CLASSES:
        others = on.truth != label
        wanted = (on.answer[others] == label).mean()
        assert found(f"fpr[{label}] <= 50%", on).value == pytest.approx(wanted)
        assert found(f"specificity[{label}] >= 50%", on).value == pytest.approx(1 - wanted)
        assert found(f"specificity[{label}] >= 50%", on).n == others.sum()
        assert found(f"selection_rate[{label}] >= 5%", on).value == pytest.approx((on.answer == label).mean())


@pytest.mark.parametrize("seed", range(3))
def test_coefficients_and_balanced_accuracy_are_those_of_scikit_learn(seed: int) -> None:
    on = sample(seed)
    assert found("mcc >= 0.1", on).value == pytest.approx(reference.matthews_corrcoef(on.truth, on.answer))
    assert found("kappa >= 0.1", on).value == pytest.approx(reference.cohen_kappa_score(on.truth, on.answer))
    balanced = reference.balanced_accuracy_score(on.truth, on.answer)
    assert found("balanced_accuracy >= 10%", on).value == pytest.approx(balanced)
    assert parse_line("balanced_accuracy >= 10%").text == "macro_recall >= 10%"


@pytest.mark.parametrize("k", [1, 2, 3])
def test_accuracy_at_k_is_that_of_scikit_learn_and_ties_count_against_it(k: int) -> None:
    on = sample(1)
    wanted = reference.top_k_accuracy_score(on.truth, on.probability, k=k, labels=list(CLASSES)) if k < 3 else 1.0
    assert found(f"accuracy@{k} >= 10%", on).value == pytest.approx(wanted)
    undecided = replace(on, probability=np.full((len(on), 3), 1 / 3))
    assert found(f"accuracy@{k} >= 10%", undecided).value == (1.0 if k == 3 else 0.0)
    assert code(f"accuracy@{k} >= 10%", replace(on, probability=None)) == "E250"


def test_a_truth_that_no_probability_speaks_of_is_never_among_the_first() -> None:
    on = sample(2)
    strange = replace(on, truth=np.full(len(on), "zebra"))
    assert found("accuracy@3 >= 10%", strange).value == 0


@pytest.mark.parametrize("seed", range(3))
def test_probability_scores_are_those_of_scikit_learn(seed: int) -> None:
    on, two = sample(seed), sample(seed, classes=("no", "yes"))
    p = np.asarray(on.probability)
    labels = list(CLASSES)
    assert found("log_loss <= 9", on).value == pytest.approx(reference.log_loss(on.truth, p, labels=labels))
    came = on.truth[:, None] == np.array(CLASSES)
    assert found("brier <= 1", on).value == pytest.approx(((p - came) ** 2).sum(1).mean())
    yes = np.asarray(two.probability)[:, 1]
    assert found("brier <= 1", two).value == pytest.approx(reference.brier_score_loss(two.truth == "yes", yes))
    for i, label in enumerate(CLASSES):
        one = reference.brier_score_loss(on.truth == label, p[:, i])
        assert found(f"brier[{label}] <= 1", on).value == pytest.approx(one)
        area = reference.average_precision_score(on.truth == label, np.round(p[:, i], 1))
        tied = replace(on, probability=np.round(p, 1).clip(0, 1))
        assert found(f"average_precision[{label}] >= 1%", tied).value == pytest.approx(area)
    area = reference.average_precision_score(two.truth == "yes", yes)
    assert found("average_precision >= 1%", two).value == pytest.approx(area)
    macro = np.mean([reference.average_precision_score(on.truth == c, p[:, i]) for i, c in enumerate(CLASSES)])
    assert found("average_precision >= 1%", on).value == pytest.approx(macro)


def test_probabilities_that_do_not_add_up_are_refused_where_that_would_flatter() -> None:
    on = sample(0)
    sure = replace(on, probability=np.ones((len(on), 3)))
    assert code("log_loss <= 1", sure) == "E279"
    assert code("brier <= 1", sure) == "E279"


def test_the_calibration_error_is_the_mean_distance_over_bins_of_equal_size() -> None:
    on = sample(3, n=200)
    p, said = np.asarray(on.probability), on.answer[:, None] == np.array(CLASSES)
    sure, right = p[said], on.truth == on.answer
    order = np.argsort(sure)
    wanted = np.mean([abs(right[rows].mean() - sure[rows].mean()) for rows in np.split(order, 10)])
    assert found("calibration_error <= 50%", on).value == pytest.approx(wanted)
    flat = replace(on, probability=np.full((200, 3), 1 / 3))
    assert found("calibration_error <= 50%", flat).value == pytest.approx(abs(right.mean() - 1 / 3))
    of_class = found("calibration_error[b] <= 50%", flat).value
    assert of_class == pytest.approx(abs((on.truth == "b").mean() - 1 / 3))


@pytest.mark.parametrize("metric", ["specificity", "fpr", "selection_rate"])
def test_a_bare_class_metric_without_an_average_names_classes_only(metric: str) -> None:
    op = "<=" if metric == "fpr" else ">="
    with pytest.raises(UserError) as error:
        found(f"{metric} {op} 90%", sample(0))
    assert error.value.code == "E255"
    assert f'{metric}["a"]' in error.value.fix()
    assert "macro" not in error.value.fix()


def test_gap_and_parity_compare_any_share_between_groups_and_crossed_ones() -> None:
    on = sample(4, n=2000)
    gender, age = (on.columns[name].astype(str) for name in ("gender", "age"))
    rates = {
        f"{g}{a}": (on.answer[(gender == g) & (age == a)] == "a").mean() for g in ("f", "m") for a in ("old", "young")
    }
    crossed = found("gap(selection_rate[a], by=gender*age) <= 20 pt", on)
    assert crossed.value == pytest.approx(max(rates.values()) - min(rates.values()))
    ratio = found("parity(selection_rate[a], by=gender*age) >= 80%", on)
    assert ratio.value == pytest.approx(min(rates.values()) / max(rates.values()))
    assert ratio.lower(0.05) < ratio.value
    for of in ("fpr[a]", "recall[a]", "accuracy"):
        parts = [found(f"{of} {'<=' if 'fpr' in of else '>='} 50%", on.where(gender == g)).value for g in ("f", "m")]
        assert found(f"gap({of}, by=gender) <= 20 pt", on).value == pytest.approx(abs(parts[0] - parts[1]))
    assert code("parity(mcc, by=gender) >= 80%", on) == "E264"
    assert code("parity(recall[zz], by=gender) >= 80%", on) == "E031"


def test_a_group_without_the_class_still_has_a_selection_rate() -> None:
    on = sample(5, n=400)
    rows = ~((on.columns["gender"] == "m") & (on.truth == "a"))
    kept = on.where(rows)
    assert found("parity(selection_rate[a], by=gender) >= 10%", kept).reason is None
    assert found("gap(fpr[a], by=gender) <= 90 pt", kept).reason is None
    assert found("gap(recall[a], by=gender) <= 90 pt", kept).reason is not None


def test_a_row_without_an_answer_is_wrong_and_no_class_of_its_own() -> None:
    on = sample(6, right=0.9)
    said = np.where(np.arange(len(on)) % 10 == 0, "", on.answer)
    missing = replace(on, answer=said)
    assert found("accuracy >= 1%", missing).value == pytest.approx((said == on.truth).mean())
    wanted = reference.f1_score(on.truth, said, average="macro", labels=list(CLASSES), zero_division=0)
    assert found("macro_f1 >= 1%", missing).value == pytest.approx(wanted)
    assert found("kappa >= 0.1", missing).value == pytest.approx(reference.cohen_kappa_score(on.truth, said))
