"""The nearest neighbour says what no recipe can beat: an estimate from Cover and Hart's inequality."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from zhinan.proof import feasibility as room
from zhinan.proof import feasible, one_nn_error


@given(st.integers(2, 100), st.floats(0, 1))
def test_the_bound_inverts_cover_and_harts_inequality(classes: int, share: float) -> None:
    best = share * (classes - 1) / classes
    worst_neighbour = best * (2 - classes / (classes - 1) * best)
    assert feasible(worst_neighbour, classes) == pytest.approx(best, abs=1e-6)
    assert feasible(best, classes) <= best + 1e-12


def test_it_lies_below_the_true_error_of_the_best_rule_and_near_it() -> None:
    rng = np.random.default_rng(0)
    # the label of a direction is one of two with chance .9: no rule errs less than .1
    angle = rng.uniform(0, np.pi / 2, 6000)
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    labels = ((angle > np.pi / 4) ^ (rng.random(6000) < 0.1)).astype(int)
    neighbour = one_nn_error(points[:4000], labels[:4000], points[4000:], labels[4000:])
    assert neighbour == pytest.approx(2 * 0.1 * 0.9, abs=0.03)
    assert feasible(neighbour, 2) == pytest.approx(0.1, abs=0.02)


def test_dense_and_sparse_rows_have_the_same_neighbours_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    train, dev = (rng.random((n, 30)) * (rng.random((n, 30)) < 0.3) for n in (200, 77))
    codes, asked = rng.integers(0, 4, 200), rng.integers(0, 4, 77)
    whole = one_nn_error(train, codes, dev, asked)
    monkeypatch.setattr(room, "CHUNK", 1000)
    assert one_nn_error(train, codes, dev, asked) == whole
    assert one_nn_error(sp.csr_array(train), codes, sp.csr_array(dev), asked) == whole
    likeness = (dev / np.linalg.norm(dev, axis=1, keepdims=True)) @ (
        train / np.linalg.norm(train, axis=1, keepdims=True)
    ).T
    assert whole == (codes[likeness.argmax(axis=1)] != asked).mean()


def test_length_does_not_matter_and_an_empty_row_is_like_nothing() -> None:
    train = np.asarray([[1.0, 0.0], [0.0, 5.0], [0.0, 0.0]])
    assert one_nn_error(train, [0, 1, 2], np.asarray([[9.0, 1.0], [0.1, 0.2], [0.0, 0.0]]), [0, 1, 0]) == 0
    assert math.isnan(one_nn_error(train, [0, 1, 2], np.zeros((0, 2)), []))


def test_wrong_questions_are_refused() -> None:
    for error, classes in ((1.1, 2), (-0.1, 2), (0.5, 1), (math.nan, 3)):
        with pytest.raises(ValueError, match="at least 2 classes"):
            feasible(error, classes)
    assert feasible(1.0, 2) == 0.5
