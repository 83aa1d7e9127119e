"""The choosing step: probabilities that sum to one, and the answer that the contract's decisions make of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax as reference

from zhinan.steps.choose import Choose, calibrated, decided, softmax

WRITES = ("label", "p", "all", "handover", "labels")
LOGITS = arrays(np.float32, st.tuples(st.integers(0, 5), st.integers(1, 6)), elements=st.floats(-3e4, 3e4, width=32))


@given(LOGITS, st.floats(0.05, 20))
def test_probabilities_are_the_softmax_at_the_temperature_and_sum_to_one(logits: np.ndarray, heat: float) -> None:
    found = softmax(logits, heat)
    assert found.dtype == np.float64
    assert np.allclose(found, reference(logits.astype(np.float64) / heat, axis=1), atol=1e-12)
    assert np.allclose(found.sum(1), 1)


@given(LOGITS)
def test_the_label_is_the_most_probable_class_whatever_else_is_in_the_batch(logits: np.ndarray) -> None:
    classes = tuple(f"类 {i}" for i in range(logits.shape[1]))
    step = Choose(("z",), WRITES, {}, classes=classes, temperature=2.0)
    found = step.run({"z": logits})
    assert found["label"] == [classes[i] for i in found["all"].argmax(1)]
    assert np.array_equal(found["p"], found["all"].max(1, initial=0.0))
    for i in range(len(logits)):
        alone = step.run({"z": logits[i : i + 1]})
        assert alone["label"] == found["label"][i : i + 1]
        assert np.array_equal(alone["all"][0], found["all"][i])


def test_the_logits_given_are_left_as_they_were() -> None:
    logits = np.array([[1.0, 2.0]])
    softmax(logits)
    assert logits.tolist() == [[1.0, 2.0]]


def test_huge_scores_overflow_nothing() -> None:
    assert softmax(np.array([[1e30, -1e30, 1e30]])).tolist() == [[0.5, 0.0, 0.5]]


def opened(classes: int, **options: Any) -> Choose:
    return Choose(("z",), WRITES, {}, classes=tuple("abcdef"[:classes]), **options)


@given(LOGITS, st.integers(0, 2**32 - 1))
def test_every_decision_is_made_row_by_row(logits: np.ndarray, seed: int) -> None:
    k, draw = logits.shape[1], np.random.default_rng(seed)
    costs = tuple(map(tuple, draw.random((k, k)).tolist()))
    ways: list[dict[str, Any]] = [
        {"offsets": tuple(draw.normal(size=k).tolist()), "abstain": 0.6, "sets": 0.2},
        {"costs": costs, "abstain": 0.4, "sets": 0.05},
    ]
    if k == 2:
        ways.append({"isotonic": ((0.0, 0.3, 1.0), (0.1, 0.5, 0.9)), "temperature": 3.0, "sets": 0.5})
    for options in ways:
        step = opened(k, **options)
        found = step.run({"z": logits})
        for i in range(len(logits)):
            alone = step.run({"z": logits[i : i + 1]})
            for name in WRITES:
                if found[name] is not None:
                    assert np.array_equal(np.asarray(alone[name][0]), np.asarray(found[name][i])), (options, name)


def test_an_offset_moves_the_answer_and_leaves_the_probabilities() -> None:
    logits = np.log([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1]])
    found = opened(3, offsets=(0.0, 1.0, 0.0)).run({"z": logits})
    assert found["label"] == ["b", "b"]
    assert np.allclose(found["all"], np.exp(logits))
    assert np.allclose(found["p"], [0.3, 0.7]), "the probability told is that of the answer"
    assert opened(3, offsets=(0.0, 0.5, 0.0)).run({"z": logits})["label"] == ["a", "b"]


def test_huge_offsets_overflow_nothing() -> None:
    assert decided(np.array([[0.5, 0.5]]), (2000.0, 1999.0)).tolist() == [0]


@given(arrays(np.float64, (7, 4), elements=st.floats(0.01, 1)), arrays(np.float64, (4, 4), elements=st.floats(-5, 5)))
def test_with_costs_the_answer_is_the_cheapest_on_average(weights: np.ndarray, costs: np.ndarray) -> None:
    probability = weights / weights.sum(1, keepdims=True)
    codes = decided(probability, costs=tuple(map(tuple, costs.tolist())))
    expected = np.einsum("nt,ta->na", probability, costs)
    assert np.allclose(expected[np.arange(7), codes], expected.min(1), atol=1e-12)


def test_costs_of_one_for_every_mistake_give_the_most_probable() -> None:
    probability = softmax(np.random.default_rng(0).normal(size=(200, 5)))
    assert np.array_equal(decided(probability, costs=tuple(map(tuple, 1 - np.eye(5)))), probability.argmax(1))


def test_rows_below_the_confidence_are_handed_over_and_none_without_one() -> None:
    logits = np.log([[0.9, 0.1], [0.55, 0.45], [0.2, 0.8]])
    assert opened(2, abstain=0.8).run({"z": logits})["handover"].tolist() == [False, True, False]
    assert opened(2).run({"z": logits})["handover"].tolist() == [False] * 3


def test_a_set_holds_every_class_above_its_threshold_the_most_probable_first_and_always_the_answer() -> None:
    logits = np.log([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.34, 0.33, 0.33]])
    assert opened(3, sets=0.25).run({"z": logits})["labels"] == [["a", "b"], ["c"], ["a", "b", "c"]]
    assert opened(3, sets=0.9).run({"z": logits})["labels"] == [["a"], ["c"], ["a"]]
    far = opened(3, sets=0.9, offsets=(0.0, 5.0, 0.0)).run({"z": logits})
    assert far["labels"] == [["b"]] * 3
    assert far["label"] == ["b"] * 3
    assert opened(3).run({"z": logits})["labels"] is None


def test_the_monotone_map_is_that_of_scikit_learn() -> None:
    from sklearn.isotonic import IsotonicRegression

    draw = np.random.default_rng(4)
    p = draw.random(400)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(p, draw.random(400) < p**2)
    knots = tuple(map(tuple, (fitted.X_thresholds_.tolist(), fitted.y_thresholds_.tolist())))
    asked = draw.random(300)
    logits = np.log(np.stack([1 - asked, asked], axis=1))
    found = calibrated(logits, 1.0, knots)
    assert np.allclose(found[:, 1], fitted.predict(asked), atol=1e-12)
    assert np.allclose(found.sum(1), 1)
