"""Curves of the report agree with scikit-learn and with the metrics of the same name."""

from __future__ import annotations

import json

import numpy as np
import pytest

from zhinan.core import find
from zhinan.evaluate.curves import POINTS, pr_facts, reliability_facts, roc_facts
from zhinan.proof import Judged
from zhinan.steps.choose import softmax


def told(n: int, classes: int, seed: int = 0, digits: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """Scores with something in them, and truths; few digits make ties."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, classes, n)
    return softmax(draw.normal(size=(n, classes)) + np.eye(classes)[truth]).round(digits), truth


@pytest.mark.parametrize("digits", [9, 1])
def test_areas_and_points_are_those_of_scikit_learn(digits: int) -> None:
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    p, truth = told(150, 2, digits=digits)
    roc, pr = (make(p, truth, ("no", "yes")) for make in (roc_facts, pr_facts))
    assert roc is not None
    assert pr is not None
    assert roc["label"] == "yes"
    assert roc["area"] == pytest.approx(roc_auc_score(truth, p[:, 1]))
    assert pr["area"] == pytest.approx(average_precision_score(truth, p[:, 1]))
    x, y, _ = roc_curve(truth, p[:, 1], drop_intermediate=False)
    assert np.allclose(roc["points"], np.stack([x, y], axis=1))
    precision, recall, _ = precision_recall_curve(truth, p[:, 1])
    theirs = np.stack([recall, precision], axis=1)[-2::-1]
    assert np.allclose(pr["points"], theirs[: len(pr["points"])])


def test_one_class_of_many_has_to_be_named_and_to_occur() -> None:
    p, truth = told(80, 3)
    assert roc_facts(p, truth, ("a", "b", "c")) is None
    named = roc_facts(p, truth, ("a", "b", "c"), "c")
    assert named is not None
    assert named["label"] == "c"
    assert pr_facts(p, np.zeros(80, int), ("a", "b", "c"), "b") is None
    assert roc_facts(p[:0], truth[:0], ("a", "b", "c"), "a") is None


def test_long_curves_are_thinned_and_keep_their_ends_and_area() -> None:
    p, truth = told(5000, 2)
    facts = roc_facts(p, truth, ("a", "b"))
    assert facts is not None
    assert len(facts["points"]) <= POINTS
    assert (facts["points"][0], facts["points"][-1]) == ([0, 0], [1, 1])
    assert json.loads(json.dumps(facts)) == facts


@pytest.mark.parametrize("digits", [9, 1])
def test_the_error_of_reliability_is_the_metric_of_calibration(digits: int) -> None:
    p, truth = told(237, 4, digits=digits)
    names = np.array(["a", "b", "c", "d"])
    judged = Judged(names[truth], names[p.argmax(1)], p, tuple(names.tolist()))
    facts = reliability_facts(p, truth, names.tolist())
    assert facts is not None
    assert facts["error"] == pytest.approx(find("metric", "calibration_error").target(judged).value)
    assert sum(b["n"] for b in facts["bins"]) == 237
    assert all(b["low"] - 1e-12 <= b["mean"] <= b["high"] + 1e-12 for b in facts["bins"])
    assert all(one["high"] < other["low"] for one, other in zip(facts["bins"], facts["bins"][1:], strict=False))
    assert reliability_facts(p[:0], truth[:0], names.tolist()) is None


def test_reliability_is_that_of_the_answers_given() -> None:
    p, truth = np.tile([[0.6, 0.4]], (50, 1)), np.ones(50, int)
    facts = reliability_facts(p, truth, ("a", "b"), np.ones(50, int))
    assert facts is not None
    assert facts["bins"] == [{"low": 0.4, "high": 0.4, "mean": pytest.approx(0.4), "right": 1.0, "n": 50}]
    assert facts["error"] == pytest.approx(0.6)


def test_of_several_labels_each_is_drawn_and_all_of_them_at_once() -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    draw = np.random.default_rng(3)
    truth = draw.random((120, 3)) < (0.5, 0.3, 0.1)
    p = np.clip(0.3 * truth + draw.random((120, 3)), 0, 1)
    every = pr_facts(p, truth, ("a", "b", "micro"))
    one = roc_facts(p, truth, ("a", "b", "micro"), "micro")
    assert every is not None
    assert one is not None
    assert (every["label"], one["label"]) == (None, "micro")
    assert every["area"] == pytest.approx(average_precision_score(truth, p, average="micro"))
    assert one["area"] == pytest.approx(roc_auc_score(truth[:, 2], p[:, 2]))
    assert roc_facts(p, np.zeros((120, 3), bool), ("a", "b", "c")) is None


def test_labels_given_with_80_percent_are_right_80_percent_of_the_time() -> None:
    truth = np.array([[True, False], [True, False], [True, True], [True, False], [False, False]])
    p = np.array([[0.8, 0.1], [0.8, 0.1], [0.8, 0.1], [0.8, 0.3], [0.8, 0.3]])
    facts = reliability_facts(p, truth, ("a", "b"), np.array([[True, False]] * 5))
    assert facts is not None
    assert facts["bins"] == [{"low": 0.8, "high": 0.8, "mean": pytest.approx(0.8), "right": 0.8, "n": 5}]
    assert facts["error"] == pytest.approx(0, abs=1e-9)
    assert reliability_facts(p, truth, ("a", "b"), np.array([[1, 0]] * 5)) == facts
    assert reliability_facts(p, truth, ("a", "b"), np.zeros((5, 2), bool)) is None
