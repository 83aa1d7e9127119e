"""Calibration on dev: optimal where it can be checked, as other libraries where they compute it, honest by folds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.evaluate import calibration
from zhinan.steps.choose import calibrated, softmax


def told(n: int, seed: int, classes: int = 4, spread: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are true, and truths drawn by them."""
    draw = np.random.default_rng(seed)
    scores = draw.normal(size=(n, classes)) * spread
    p = np.exp(scores)
    p /= p.sum(1, keepdims=True)
    return p, (p.cumsum(1) > draw.random(n)[:, None]).argmax(1)


@pytest.mark.parametrize("heat", [0.3, 1.0, 2.5])
def test_the_temperature_is_the_best_of_a_grid(heat: float) -> None:
    p, truth = told(600, 1)
    logits = np.log(p) * heat
    grid = np.exp(np.linspace(-3, 3, 1201))
    losses = [calibration.losses(softmax(logits, t), truth).mean() for t in grid]
    found = calibration.fit_temperature(logits, truth)
    assert calibration.losses(softmax(logits, found), truth).mean() <= min(losses) + 1e-5
    assert found == pytest.approx(grid[int(np.argmin(losses))], rel=0.02)


def test_scores_at_their_best_temperature_are_left_alone() -> None:
    p, truth = told(600, 1)
    best = calibration.fit_temperature(np.log(p) * 3, truth)
    assert calibration.fit_temperature(np.log(p) * 3 / best, truth) == 1
    assert calibration.fit_temperature(np.zeros((0, 3)), np.zeros(0, int)) == 1


def test_the_map_is_isotonic_regression_kept_off_certainty_and_strictly_rising() -> None:
    from sklearn.isotonic import IsotonicRegression

    draw = np.random.default_rng(2)
    second = draw.random(500)
    truth = (draw.random(500) < second**3).astype(int)
    x, y = calibration.fit_isotonic(np.stack([1 - second, second], axis=1), truth)
    least = 1 / 502
    theirs = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(second, truth)
    asked = np.linspace(0, 1, 333)
    ours = np.interp(asked, x, y)
    assert np.allclose(ours, 0.99 * theirs.predict(asked) + 0.01 * asked, atol=1e-9)
    assert (np.diff(y) > 0).all(), "rows that were told apart no longer are"
    assert 0 < ours.min() < ours.max() < 1


def test_a_cross_fitted_map_never_sees_the_row_it_is_applied_to() -> None:
    draw = np.random.default_rng(3)
    second = draw.random(200)
    p, truth = np.stack([1 - second, second], axis=1), (draw.random(200) < second).astype(int)
    fold = calibration.folds(truth)
    before = calibration.crossed_isotonic(p, truth, fold)
    for row in (0, 77, 199):
        lied = truth.copy()
        lied[row] = 1 - lied[row]
        after = calibration.crossed_isotonic(p, lied, fold)
        assert np.array_equal(after[fold == fold[row]], before[fold == fold[row]])


@pytest.mark.parametrize(
    ("coverage", "quantile", "labels", "sizes", "held"),
    [
        (0.80, 0.8081819, 886, [0, 184, 248, 66, 2], 414),
        (0.90, 0.89010204, 1178, [0, 84, 190, 190, 36], 465),
        (0.95, 0.92386153, 1364, [0, 42, 144, 222, 92], 480),
    ],
)
def test_sets_are_those_of_mapie(coverage: float, quantile: float, labels: int, sizes: list[int], held: int) -> None:
    """MAPIE 1.6.0, SplitConformalClassifier(conformity_score="lac", prefit=True), the same made-up data."""
    threshold = calibration.set_threshold(*told(237, 3), coverage)
    assert 1 - threshold == pytest.approx(quantile, abs=1e-7)
    p, truth = told(500, 4)
    inside = p >= threshold
    assert int(inside.sum()) == labels
    assert np.bincount(inside.sum(1), minlength=5).tolist() == sizes
    assert int(inside[np.arange(500), truth].sum()) == held


@pytest.mark.parametrize(("coverage", "rows"), [(0.9, 50), (0.8, 200), (0.95, 30)])
def test_sets_hold_the_truth_at_least_as_often_as_asked_whatever_the_scores(coverage: float, rows: int) -> None:
    runs, fresh = 400, 50
    hits = []
    for seed in range(runs):
        p, truth = told(rows + fresh, 100 + seed)
        p = softmax(np.log(p) * 4)  # far too sure
        threshold = calibration.set_threshold(p[:rows], truth[:rows], coverage)
        hits.append((p[rows:][np.arange(fresh), truth[rows:]] >= threshold).mean())
    error = np.std(hits) / np.sqrt(runs)
    assert np.mean(hits) >= coverage - 4 * error
    assert np.mean(hits) <= coverage + 1 / (rows + 1) + 4 * error, "sets are larger than they need be"


def test_so_few_rows_that_nothing_can_be_promised_give_every_class() -> None:
    assert calibration.set_threshold(*told(8, 1), 0.9) == 0
    assert calibration.set_threshold(*told(9, 1), 0.9) > 0


@given(st.integers(0, 60), st.integers(1, 5), st.integers(0, 99))
@settings(max_examples=40)
def test_folds_spread_every_class_and_keep_a_person_together(n: int, classes: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, classes, n)
    fold = calibration.folds(truth)
    for code in range(classes):
        sizes = np.bincount(fold[truth == code], minlength=5)
        assert sizes.max() - sizes.min() <= 1
    person = draw.integers(0, 7, n)
    kept = calibration.folds(truth, person)
    assert all(len(np.unique(kept[person == one])) <= 1 for one in range(7))
    assert sum(apply.sum() for _, apply in calibration.held_out(kept)) == n


def test_a_row_whose_truth_has_no_probability_spoils_nothing() -> None:
    assert np.isfinite(calibration.losses(np.array([[1.0, 0.0]]), np.array([1]))).all()
    assert np.isfinite(calibrated(calibration.logits_of(np.array([[1.0, 0.0]])), 0.01)).all()
