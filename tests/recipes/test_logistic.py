"""Logistic regression of few features is fitted to its optimum."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax

from zhinan.recipes._heads import fit_head
from zhinan.recipes._logistic import WEIGHTS, newton


def rows(classes: int, count: int = 400, width: int = 12) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    values = draw.normal(size=(count, width))
    values[:, -1] = values[:, :-1].sum(axis=1)  # columns that hang together, as the parts of a category do
    return values, (values[:, :classes] + draw.gumbel(size=(count, classes))).argmax(axis=1)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_no_better_weights_are_to_be_found(classes: int) -> None:
    values, target = rows(classes)
    weight, bias = newton(values, target, 0.5)
    chances = np.exp(log_softmax(values @ weight + bias, axis=1))
    off = chances - (target[:, None] == np.arange(classes))
    penalty = weight if classes > 2 else 2 * weight
    assert np.abs(values.T @ off + 0.5 * penalty).max() < 1e-6
    assert np.abs(off.sum(axis=0)).max() < 1e-6


def test_the_same_as_scikit_learn_at_its_optimum() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    values, target = rows(2)
    weight, bias = newton(values, target, 3.0)
    model = linear_model.LogisticRegression(C=1 / 3.0, tol=1e-10, max_iter=10_000).fit(values, target)
    assert np.abs(weight[:, 1] - weight[:, 0] - model.coef_[0]).max() < 1e-5
    assert abs(bias[1] - bias[0] - model.intercept_[0]) < 1e-5


def test_huge_numbers_rows_all_told_apart_and_constant_columns_have_an_optimum() -> None:
    values = np.column_stack([np.linspace(-1e6, 1e6, 50), np.ones(50), np.zeros(50)])
    weight, bias = newton(values, (values[:, 0] > 0).astype(int), 0.003)
    assert np.isfinite(weight).all()
    assert ((values @ weight + bias).argmax(axis=1) == (values[:, 0] > 0)).all()


def test_a_head_of_few_features_is_at_its_optimum() -> None:
    """A search that stops early stops elsewhere on another machine, and the product answers otherwise there."""
    values, target = rows(2, width=WEIGHTS // 3)
    weight, bias = newton(values, target, 0.1)
    head = fit_head(values, target, 2, 0.1)
    assert np.array_equal(head.weight, weight.astype(np.float16))
    assert np.allclose(head.bias, bias)


@pytest.mark.parametrize("classes", [2, 3])
def test_rows_in_an_order_with_a_period_are_fitted_as_in_any_other(classes: int) -> None:
    draw = np.random.default_rng(1)
    target = np.where(draw.random(8_000) < 0.3, classes - 1, np.arange(8_000) % max(classes - 1, 1))
    target[::8] = 0
    values = draw.normal(size=(8_000, 4))
    for order in (np.arange(8_000), draw.permutation(8_000)):
        weight, bias = newton(values[order], target[order], 1.0)
        mean = np.exp(log_softmax(values @ weight + bias, axis=1)).mean(axis=0)
        assert mean == pytest.approx(np.bincount(target) / 8_000, abs=1e-6)


def test_columns_that_repeat_each_other_and_are_huge_can_be_solved_for() -> None:
    values, target = rows(2)
    values = np.column_stack([values, 1e6 * values[:, 0], 1e6 * values[:, 0]])
    weight, bias = newton(values, target, 1e-6)
    assert np.isfinite(weight).all()
    assert np.isfinite(bias).all()


@pytest.mark.parametrize("classes", [2, 3])
def test_wherever_it_sets_out_from_it_ends_at_the_same_weights(classes: int) -> None:
    values, target = rows(classes, count=3_000)
    weight, bias = newton(values, target, 0.5)
    draw = np.random.default_rng(2)
    for start in ((weight, bias), (3 * weight, bias - 1), (draw.normal(size=weight.shape), draw.normal(size=classes))):
        again, offset = newton(values, target, 0.5, start)
        assert np.abs(again - weight).max() < 1e-7
        assert np.abs((offset - offset.mean()) - (bias - bias.mean())).max() < 1e-7
