"""A forecast of labels is a range that covers the truth, or a reason; never a point, never far beyond what was seen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zhinan.proof import Curve, learning_curve

SIZES = np.asarray([100, 140, 200, 280, 400, 560, 800])


def test_a_clean_curve_is_found_again() -> None:
    curve = learning_curve(SIZES, 0.2 * (SIZES / 100) ** -0.5 + 0.05, 100_000)
    for size in (800, 1600, 4000):
        low, middle, high = curve.at(size)
        truth = 0.2 * (size / 100) ** -0.5 + 0.05
        assert low <= truth <= high
        assert middle == pytest.approx(truth, rel=0.03)
    needed = curve.needed(0.1)
    assert needed is not None
    assert needed.low <= 1600 <= needed.high <= 4000


@pytest.mark.parametrize(
    ("power", "floor", "rows"), [(0.3, 0.0, 500), (0.5, 0.05, 1000), (0.8, 0.1, 2000), (0.0, 0.2, 500)]
)
def test_ranges_cover_the_truth_four_times_beyond_what_was_seen(power: float, floor: float, rows: int) -> None:
    rng = np.random.default_rng(0)
    streams, covered = 60, 0
    for _ in range(streams):
        truth = 0.3 * (SIZES / 100.0) ** -power + floor
        seen = rng.binomial(rows, truth) / rows
        low, _, high = learning_curve(SIZES, seen, rows).at(3200)
        covered += low <= 0.3 * 32**-power + floor <= high
    assert covered / streams >= 0.8 - 4 * math.sqrt(0.8 * 0.2 / streams) + 0.1


def test_a_curve_that_bends_where_the_power_law_does_not_is_covered_by_its_own_slips() -> None:
    # slow to start, then fast: any power law of the first points promises too little
    truth = lambda n: 0.9 / (1 + (n / 150) ** 1.2) + 0.02  # noqa: E731
    curve = learning_curve(SIZES, truth(SIZES), 2000)
    assert curve.slips[0] > 0
    low, middle, high = curve.at(3200)
    assert low <= truth(3200) <= high
    assert middle > truth(3200)


def test_more_dev_examples_and_nearer_sizes_narrow_the_range() -> None:
    errors = 0.2 * (SIZES / 100) ** -0.4 + 0.05

    def width(curve: Curve, size: int) -> float:
        low, middle, high = curve.at(size)
        assert 0 <= low <= middle <= high <= 1
        return high - low

    rough, fine = (learning_curve(SIZES, errors, n) for n in (200, 20_000))
    assert width(rough, 2000) > width(fine, 2000)
    assert width(rough, 4000) > width(rough, 1000)


def test_more_examples_are_never_forecast_to_hurt() -> None:
    noisy = np.asarray([0.30, 0.22, 0.26, 0.18, 0.21, 0.15, 0.17])
    curve = learning_curve(SIZES, noisy, 300)
    band = np.asarray([curve.at(size) for size in range(800, 4001, 100)])
    assert np.all(np.diff(band[:, 0]) <= 1e-12)
    assert np.all(band[:, 2] <= band[0, 2] + 1e-12)


def test_what_cannot_be_forecast_is_refused_with_its_reason() -> None:
    errors = 0.2 * (SIZES / 100) ** -0.5 + 0.1
    curve = learning_curve(SIZES, errors, 50_000)
    for target, said in ((0.05, "flattens"), (0.118, "even 4,000")):
        refused = curve.refusal(target)
        assert curve.needed(target) is None
        assert refused is not None
        assert said in refused.en
        assert refused.zh
    with pytest.raises(ValueError, match="1 to 4000"):
        curve.at(4001)
    few = learning_curve(SIZES[:4], errors[:4], 500)
    refused = few.refusal(0.15)
    assert refused is not None
    assert "4 points, 5 are needed" in refused.en
    assert few.needed(0.15) is None
    with pytest.raises(ValueError, match="5 are needed"):
        few.at(500)


def test_an_end_beyond_the_horizon_is_refused_too_but_says_the_least_it_takes() -> None:
    errors = np.asarray([0.40, 0.34, 0.33, 0.27, 0.26, 0.21, 0.20])
    curve = learning_curve(SIZES, errors, 300)
    low, _, high = curve.at(curve.farthest)
    refused = curve.refusal((low + high) / 2)
    assert refused is not None
    least = curve.least((low + high) / 2)
    assert least is not None
    assert refused.en.startswith(f"at least {least:,} ")
    assert 800 < least <= curve.farthest
    assert curve.least(low / 2) is None


def test_a_target_already_reached_needs_no_more_than_there_are() -> None:
    curve = learning_curve(SIZES, 0.2 * (SIZES / 100) ** -0.5, 5000)
    needed = curve.needed(0.15)
    assert needed is not None
    assert needed.low <= needed.high <= 800


def test_the_same_seed_gives_the_same_range_in_any_order_of_points() -> None:
    errors = 0.2 * (SIZES / 100) ** -0.5
    assert learning_curve(SIZES, errors, 500).at(2000) == learning_curve(SIZES[::-1], errors[::-1], 500).at(2000)
    assert learning_curve(SIZES, errors, 500, seed=1).at(2000) != learning_curve(SIZES, errors, 500).at(2000)


def test_flawless_answers_and_wrong_questions() -> None:
    low, _, high = learning_curve(SIZES, np.zeros(7), 500).at(2000)
    assert 0 <= low <= high < 0.01
    for sizes, errors, n in (
        ([1, 1], [0.1, 0.2], 5),
        ([1, 2], [0.1, 1.2], 5),
        ([1, 2], [0.1], 5),
        ([1, 2], [0.1, math.nan], 5),
        ([0, 2], [0.1, 0.2], 5),
        ([1, 2], [0.1, 0.2], 0),
    ):
        with pytest.raises(ValueError, match="learning curve needs"):
            learning_curve(sizes, errors, n)


def test_an_error_in_its_own_unit_is_forecast_as_a_rate_is_and_told_in_that_unit() -> None:
    rng = np.random.default_rng(0)
    streams, covered = 60, 0
    for _ in range(streams):
        truth = 300 * (SIZES / 100.0) ** -0.5 + 40
        seen = truth * (1 + 0.03 * rng.standard_normal(SIZES.size))
        low, _, high = learning_curve(SIZES, seen, 500, spread=0.03, unit="CNY").at(3200)
        covered += low <= 300 * 32**-0.5 + 40 <= high
    assert covered / streams >= 0.8 - 4 * math.sqrt(0.8 * 0.2 / streams) + 0.1
    curve = learning_curve(SIZES, 300 * (SIZES / 100.0) ** -0.5 + 40, 500, spread=0.01, unit="CNY")
    needed, refused = curve.needed(110), curve.refusal(20)
    assert needed is not None
    assert needed.low <= 1837 <= needed.high
    assert refused is not None
    assert "20 CNY" in refused.en
    for spread in (0.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="learning curve"):
            learning_curve(SIZES, SIZES * 1.0, 500, spread=spread)


def test_a_target_within_what_chance_moves_is_not_told_as_a_number_of_rows() -> None:
    few = learning_curve(SIZES, 0.2 * (SIZES / 100) ** -0.1, 40)
    refused = few.refusal(0.15)
    assert refused is not None
    assert "too small to forecast" in refused.en
