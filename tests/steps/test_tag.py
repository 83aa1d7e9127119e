"""Any number of labels a row: each by its own threshold, whoever stands beside it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhinan.steps.tag import Tag

LOGITS = st.lists(st.lists(st.floats(-30, 30), min_size=3, max_size=3), min_size=1, max_size=8)


def tag(logits: list[list[float]], **options: object) -> tuple[list[list[str]], np.ndarray]:
    step = Tag(("logits",), ("labels", "probabilities"), {}, classes=("bug", "slow", "价格"), **options)  # type: ignore[arg-type]
    found = step.run({"logits": np.array(logits, np.float32)})
    return found["labels"], found["probabilities"]


def test_every_label_that_reaches_its_own_threshold_is_given_the_most_probable_first() -> None:
    labels, chances = tag([[0.5, 2.0, -1.0], [-3.0, -3.0, -3.0]], thresholds=(0.5, 0.9, 0.2))
    assert labels == [["bug", "价格"], []]
    assert chances[0].round(3).tolist() == [0.622, 0.881, 0.269]
    assert tag([[0.5, 2.0, -1.0]])[0] == [["slow", "bug"]], "one half where none is told"


@given(LOGITS)
def test_a_row_has_at_least_one_label_where_every_row_has_one_and_no_batch_mate_has_a_say(
    logits: list[list[float]],
) -> None:
    labels, chances = tag(logits, thresholds=(0.9, 0.9, 0.9), least=1)
    assert all(labels)
    for row, said, every in zip(logits, labels, chances, strict=True):
        alone, probability = tag([row], thresholds=(0.9, 0.9, 0.9), least=1)
        assert alone == [said]
        assert np.allclose(probability[0], every, rtol=0, atol=1e-12)
