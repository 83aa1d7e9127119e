"""A gap is proved small only when every pair of groups is proved close."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from zhinan.proof import Measurement, effective_size, judge, miettinen_nurminen


@pytest.mark.parametrize(
    ("table", "interval"),
    [
        ((56, 70, 48, 80), (0.0528, 0.3382)),
        ((9, 10, 3, 10), (0.1700, 0.8406)),
        ((6, 7, 2, 7), (0.0342, 0.8534)),
        ((5, 56, 0, 29), (-0.0326, 0.1933)),
        ((0, 10, 0, 20), (-0.1658, 0.2844)),
        ((0, 10, 0, 10), (-0.2879, 0.2879)),
        ((10, 10, 0, 20), (0.7156, 1.0)),
        ((10, 10, 0, 10), (0.6636, 1.0)),
    ],
)
def test_the_published_intervals_of_miettinen_and_nurminen(
    table: tuple[int, int, int, int], interval: tuple[float, float]
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 6."""
    lower, upper = miettinen_nurminen(*table, 0.025)
    assert (float(lower), float(upper)) == pytest.approx(interval, abs=6e-5)


def test_swapping_the_groups_mirrors_the_bounds() -> None:
    lower, upper = miettinen_nurminen(30, 40, 50, 90, 0.05)
    mirrored = miettinen_nurminen(50, 90, 30, 40, 0.05)
    assert (float(lower), float(upper)) == pytest.approx((-float(mirrored[1]), -float(mirrored[0])))


def test_a_gap_too_wide_is_rarely_proved_narrow() -> None:
    rng = np.random.default_rng(0)
    hits = rng.binomial([300, 120], [0.92, 0.82], (4000, 2))
    upper = miettinen_nurminen(hits[:, 0], 300, hits[:, 1], 120, 0.05)[1]
    assert (upper <= 0.10).mean() <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 4000)


def test_every_pair_counts() -> None:
    groups = {name: _outcomes(hits, 400) for name, hits in {"app": 380, "web": 375, "phone": 330}.items()}
    gap = Measurement.gap(groups)
    assert gap.value == pytest.approx(50 / 400)
    assert gap.upper(0.05) == pytest.approx(float(miettinen_nurminen(380, 400, 330, 400, 0.05, strict=True)[1]))
    without = Measurement.gap({k: v for k, v in groups.items() if k != "phone"})
    assert judge("gap", "<=", 0.1, without, delta=0.05, lines=1, on="sealed").verdict == "PROVED"
    assert judge("gap", "<=", 0.05, gap, delta=0.05, lines=1, on="sealed").verdict == "REFUTED"
    assert judge("gap", "<=", 0.15, gap, delta=0.05, lines=1, on="sealed").verdict == "UNDECIDED"


def test_equal_groups_are_rarely_called_apart_however_many_there_are() -> None:
    rng = np.random.default_rng(1)
    streams, refuted = 100, 0
    for _ in range(streams):
        gap = Measurement.gap({str(g): rng.random(150) < 0.9 for g in range(8)})
        refuted += gap.lower(0.05) > 0
    assert refuted <= stats.binom.ppf(0.99, streams, 0.05)


def test_persons_in_both_groups_make_a_gap_no_surer() -> None:
    rng = np.random.default_rng(2)
    person = np.repeat(np.arange(80), 4)
    # each person is served well on one channel only: the difference varies more than either rate
    good = rng.random(80) < 0.5
    first, second = (
        rng.random(320) < np.where(good, 0.95, 0.6)[person],
        rng.random(320) < np.where(good, 0.6, 0.95)[person],
    )
    plain = Measurement.gap({"a": first, "b": second})
    shared = Measurement.gap({"a": Measurement.count(first, person), "b": Measurement.count(second, person)})
    apart = Measurement.gap({"a": Measurement.count(first, person), "b": Measurement.count(second, person + 80)})
    assert shared.upper(0.05) > apart.upper(0.05) > plain.upper(0.05)


def test_a_group_without_a_miss_is_bounded_by_what_one_rate_alone_says() -> None:
    gap = Measurement.gap({"a": np.ones(40, bool), "b": np.ones(30, bool)})
    assert gap.upper(0.05) == pytest.approx(1 - 0.05 ** (1 / 30)), "no rate is above 1"
    assert gap.upper(0.05) < float(miettinen_nurminen(40, 40, 30, 30, 0.05, strict=True)[1])
    assert Measurement.ratio({"a": np.ones(40, bool), "b": np.ones(30, bool)}).lower(0.05) == pytest.approx(
        0.05 ** (1 / 30)
    )


def test_misses_make_no_gap_of_groups_with_copies_surer_than_none_would() -> None:
    unit = np.concatenate([np.repeat(np.arange(25), 20), 25 + np.arange(600)])
    alone = 1000 + np.arange(600)
    other = Measurement.count(np.ones(600, bool), alone)
    outcomes, found = np.ones(unit.size, bool), []
    for misses in range(20):
        outcomes[unit.size - misses :] = False
        parts = {"a": other, "b": Measurement.count(outcomes, unit)}
        found.append((Measurement.gap(parts).upper(0.05), 1 - Measurement.ratio(parts).lower(0.05)))
    worth = effective_size(np.ones(unit.size), unit)
    assert found[0] == pytest.approx((1 - 0.05 ** (1 / worth),) * 2)
    assert np.diff(found, axis=0).min() > -1e-9
    mirrored = {"a": Measurement.count(~outcomes, unit), "b": Measurement.count(np.zeros(600, bool), alone)}
    assert Measurement.gap(mirrored).upper(0.05) == pytest.approx(found[-1][0])


def test_a_gap_of_other_scores_uses_their_own_bounds() -> None:
    rng = np.random.default_rng(3)
    boot = {g: _mean_of(rng.normal(0.8, 0.1, 100)) for g in "ab"}
    scores = {g: Measurement.mean(rng.beta(8, 2, 300)) for g in "ab"}
    for parts in (boot, scores):
        gap = Measurement.gap(parts)
        assert gap.lower(0.05) <= gap.value < gap.upper(0.05) < 0.2


def test_a_gap_of_means_bets_on_pairs_and_loses_less_than_two_bounds_apart() -> None:
    rng = np.random.default_rng(4)
    app, web = rng.beta(8, 2, 900), rng.beta(8, 2, 300)
    gap = Measurement.gap({"app": Measurement.mean(app), "web": Measurement.mean(web)})
    apart = max(
        Measurement.mean(one).upper(0.025) - Measurement.mean(two).lower(0.025) for one, two in ((app, web), (web, app))
    )
    assert gap.value < gap.upper(0.05) < 0.9 * apart
    wrong = [
        Measurement.gap({"a": Measurement.mean(a), "b": Measurement.mean(b)}).upper(0.05) < 0.1
        for a, b in zip(rng.beta(9, 1, (150, 300)), rng.beta(8, 2, (150, 120)), strict=True)
    ]
    assert np.mean(wrong) <= 0.05


def test_one_group_or_a_tiny_one_proves_nothing() -> None:
    for groups in ({"a": _outcomes(90, 100)}, {"a": _outcomes(90, 100), "b": _outcomes(4, 4)}, {}):
        verdict = judge("gap", "<=", 0.9, Measurement.gap(groups), delta=0.05, lines=1, on="sealed")
        assert verdict.verdict == "UNDECIDED"


def _outcomes(hits: int, n: int) -> npt.NDArray[np.bool_]:
    return np.arange(n) < hits


def _mean_of(values: npt.NDArray[np.float64]) -> Measurement:
    return Measurement.bootstrap(lambda rows: float(values[rows].mean()), values.size)
