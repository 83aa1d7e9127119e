"""The choosing step: probabilities that sum to one, and the label of the largest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax as reference

from zhinan.steps.choose import Choose, softmax

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
    step = Choose(("z",), ("label", "p", "all"), {}, classes=classes, temperature=2.0)
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
