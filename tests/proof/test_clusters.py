"""Rows of one person never count as independent ones, and never as more than they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from zhinan.proof import Measurement, clopper_pearson, effective_size
from zhinan.proof.clusters import cluster_codes, design, row_weights


def test_independent_rows_are_worth_themselves() -> None:
    hits = np.arange(200) % 10 > 0
    assert effective_size(hits) == 200
    assert effective_size(hits, np.arange(200)) == 200
    plain, each_alone = Measurement.count(hits), Measurement.count(hits, np.arange(200))
    assert plain.lower(0.05) == each_alone.lower(0.05)


def test_copies_of_a_row_are_worth_one() -> None:
    once = np.random.default_rng(0).random(400) < 0.7
    person = np.repeat(np.arange(400), 5)
    assert design(np.repeat(once, 5), person).deff == pytest.approx(5, rel=0.02)
    assert effective_size(np.repeat(once, 5), person) == pytest.approx(400, rel=0.03)


def test_where_outcomes_do_not_vary_a_person_counts_once() -> None:
    assert effective_size(np.ones(300, bool), np.repeat(np.arange(60), 5)) == pytest.approx(60)
    assert Measurement.count(np.ones(300, bool), np.repeat(np.arange(60), 5)).lower(0.05) == pytest.approx(
        float(clopper_pearson(60, 60, 0.05)[0])
    )


@given(hnp.arrays(bool, st.integers(1, 60)), st.integers(1, 20), st.floats(0.001, 0.3))
def test_an_effective_size_lies_between_nothing_and_n(hits: npt.NDArray[np.bool_], groups: int, delta: float) -> None:
    person = np.arange(hits.size) % groups
    size = effective_size(hits, person, delta)
    assert 0 < size <= hits.size


def test_the_design_effect_is_that_of_the_linearised_variance() -> None:
    rng = np.random.default_rng(4)
    person = np.repeat(np.arange(300), 4)
    hits = rng.random(1200) < rng.beta(4, 2, 300)[person]
    sums = (hits - hits.mean()).reshape(300, 4).sum(axis=1)
    by_hand = 300 / 299 * (sums**2).sum() / 1200**2 / (hits.mean() * (1 - hits.mean()) / 1199)
    assert design(hits, person).deff == pytest.approx(by_hand, rel=0.01)


def test_rows_drawn_alone_need_no_more_for_what_they_cannot_hide() -> None:
    hits = np.arange(1000) >= 3
    assert Measurement.count(hits).needed(">=", 0.9, 0.05) == 29  # as many as flawless ones
    assert Measurement.count(hits, np.arange(1000)).needed(">=", 0.9, 0.05) == 29


def test_missing_persons_are_persons_of_their_own() -> None:
    named: list[object] = ["a", None, "a", None, "", float("nan"), "b"]
    assert np.unique(cluster_codes(np.asarray(named, dtype=object))).size == 6


@pytest.mark.parametrize(("rate", "alike", "heavy"), [(0.9, 0.3, False), (0.95, 0.8, False), (0.9, 0.3, True)])
def test_a_false_line_is_rarely_proved_on_rows_of_alike_persons(rate: float, alike: float, heavy: bool) -> None:
    rng = np.random.default_rng(5)
    streams, proved, naive = 500, 0, 0
    for _ in range(streams):
        rows = np.minimum(1 + rng.pareto(1.5, 200).astype(int), 200) if heavy else 1 + rng.geometric(0.3, 100)
        person = np.repeat(np.arange(rows.size), rows)
        hits = rng.random(person.size) < _rates(rng, rate, alike, rows.size)[person]
        proved += Measurement.count(hits, person).lower(0.05) > rate
        naive += Measurement.count(hits).lower(0.05) > rate
    assert proved <= stats.binom.ppf(0.99, streams, 0.05)
    assert naive > 2 * 0.05 * streams


def test_weights_that_are_all_one_change_next_to_nothing() -> None:
    hits = np.arange(500) % 12 > 0
    plain, weighted = Measurement.count(hits), Measurement.count(hits, weights=np.ones(500))
    assert weighted.value == plain.value
    assert plain.lower(0.05) - 0.01 < weighted.lower(0.05) <= plain.lower(0.05)


def test_a_weighted_rate_is_rarely_proved_above_the_truth() -> None:
    rng = np.random.default_rng(6)
    streams, proved = 500, 0
    common, rare = np.zeros(400, bool), np.ones(200, bool)
    kind = np.concatenate([common, rare])
    weights = np.where(kind, 0.1 / 200, 0.9 / 400)
    for _ in range(streams):
        hits = rng.random(600) < np.where(kind, 0.6, 0.95)
        proved += Measurement.count(hits, weights=weights).lower(0.05) > 0.9 * 0.95 + 0.1 * 0.6
    assert proved <= stats.binom.ppf(0.99, streams, 0.05)


@pytest.mark.parametrize(
    ("sizes", "wrong"),
    [
        ({1: 600, 20: 25}, {1: 0, 20: 6}),
        ({1: 600, 20: 25}, {1: 30, 20: 6}),
        ({1: 200, 31: 20}, {1: 0, 31: 6}),
        ({5: 200}, {5: 22}),
        ({1: 2000, 2: 100}, {1: 100, 2: 6}),
        ({1: 1500, 2: 200, 4: 80, 10: 30, 40: 8}, {1: 30, 2: 10, 4: 8, 10: 6, 40: 3}),
    ],
)
def test_a_false_line_is_rarely_proved_on_copies_that_were_drawn_together(
    sizes: dict[int, int], wrong: dict[int, int]
) -> None:
    rng = np.random.default_rng(7)
    rows = np.concatenate([np.full(count, size) for size, count in sizes.items()])
    misses = np.concatenate([np.arange(count) < wrong[size] for size, count in sizes.items()])
    truth = 1 - float(rows @ misses) / rows.sum()
    streams, proved = 300, 0
    for _ in range(streams):
        drawn = np.flatnonzero(rng.random(rows.size) < 0.25)
        unit = np.repeat(drawn, rows[drawn])
        proved += Measurement.count(~misses[unit], unit).lower(0.05) > truth
    assert proved <= stats.binom.ppf(0.99, streams, 0.05)


def test_what_flawless_clusters_are_worth_depends_on_the_heavy_ones() -> None:
    heavy = np.concatenate([np.arange(150), 150 + np.repeat(np.arange(6), 20)])
    level = 20 * 0.025 ** (1 / 6)  # at which six of 20 rows each stay without a miss in 2.5 % of all draws
    unseen = 6 * (20 - level) / 270
    worth = effective_size(np.ones(270), heavy, 0.025)
    assert worth == pytest.approx(np.log(0.025) / np.log(1 - unseen)) == pytest.approx(16.158, abs=1e-3)
    few = np.concatenate([np.arange(490), 490 + np.repeat(np.arange(5), 2)])
    assert 325 < effective_size(np.ones(500), few) < 335


HEAVY = [(25, 20, 600), (30, 10, 300), (60, 5, 400), (100, 31, 2000), (20, 31, 200)]


@pytest.mark.parametrize(("heavy", "size", "single"), HEAVY)
def test_flawless_rows_prove_no_more_than_what_heavy_clusters_that_miss_let_pass(
    heavy: int, size: int, single: int
) -> None:
    unit = np.concatenate([np.repeat(np.arange(heavy), size), heavy + np.arange(single)])
    bound = Measurement.count(np.ones(unit.size, bool), unit).lower(0.05)
    missing = (1 - bound) * unit.size / (heavy * size)  # the rate of the heavy ones, were the truth the bound
    assert (1 - missing) ** heavy == pytest.approx(0.05)
    outcomes = np.ones(unit.size, bool)
    for miss in range(1, 6):
        outcomes[-miss] = False
        count, value = Measurement.count(outcomes, unit), outcomes.mean()
        assert count.lower(0.05) <= value * bound + 1e-9, "what goes unseen comes on top of what is seen"
        assert Measurement.count(~outcomes, unit).upper(0.05) >= 1 - value * bound - 1e-9
    asked = Measurement.count(outcomes, unit).needed(">=", bound + 1e-3, 0.05)
    assert asked is None or asked > unit.size, "as many rows as there are prove no more than without a miss"


@pytest.mark.parametrize(("heavy", "size", "single"), HEAVY)
def test_a_false_line_is_rarely_proved_where_single_rows_miss_seldom_and_heavy_clusters_more(
    heavy: int, size: int, single: int
) -> None:
    rng = np.random.default_rng(8)
    unit = np.concatenate([np.repeat(np.arange(heavy), size), heavy + np.arange(single)])
    bound = Measurement.count(np.ones(unit.size, bool), unit).lower(0.05)
    for few in (1, 6):  # single rows miss in each draw
        missing, streams, proved = ((1 - bound) * unit.size - few) / (heavy * size), 150, 0
        for _ in range(streams):
            misses = np.concatenate([np.repeat(rng.random(heavy) < missing, size), rng.random(single) < few / single])
            proved += Measurement.count(~misses, unit).lower(0.05) >= bound - 1e-9
        assert proved <= stats.binom.ppf(0.99, streams, 0.05)


def test_rows_of_a_person_that_plainly_differ_hide_no_more_than_rows_drawn_alone() -> None:
    rng = np.random.default_rng(10)
    person = np.repeat(np.arange(200), 1 + rng.geometric(0.2, 200))
    apart, together = (rng.random(person.size) < 0.9), (rng.random(200) < 0.9)[person]
    none = design(np.ones(person.size), person).unseen(0.05)
    assert design(together, person).unseen(0.05) == pytest.approx(none)
    assert 1 - 0.05 ** (1 / person.size) <= design(apart, person).unseen(0.05) < none / 3


def test_many_that_differ_within_do_not_speak_for_the_few_heavy_ones_that_do_not() -> None:
    rng = np.random.default_rng(11)
    unit = np.concatenate([np.repeat(np.arange(500), 2), 500 + np.repeat(np.arange(25), 20)])
    truth, streams, proved = 1 - (1000 * 0.1 + 500 * 0.05) / 1500, 150, 0
    for _ in range(streams):
        misses = np.concatenate([rng.random(1000) < 0.1, np.repeat(rng.random(25) < 0.05, 20)])
        proved += Measurement.count(~misses, unit).lower(0.05) >= truth
    assert proved <= stats.binom.ppf(0.99, streams, 0.05)


def test_copies_weigh_as_one_however_the_other_rows_vary() -> None:
    hits = np.arange(270) >= 8  # eight of the single rows are wrong, none of the copies
    unit = np.concatenate([np.arange(150), 150 + np.repeat(np.arange(6), 20)])
    assert design(hits, unit).deff == pytest.approx((150 + 6 * 400) / 270)


def test_a_row_counts_for_less_the_more_its_copies_are_and_for_one_where_a_persons_rows_differ() -> None:
    rng = np.random.default_rng(9)
    person = np.repeat(np.arange(300), 4)
    assert (row_weights(np.ones(5)) == 1).all()
    assert row_weights(np.repeat(rng.random(300) < 0.3, 4), person) == pytest.approx(0.25)
    assert row_weights(np.ones(1200), person) == pytest.approx(0.25)
    assert row_weights(rng.random(1200) < 0.3, person).mean() > 0.85


def _rates(rng: np.random.Generator, rate: float, alike: float, persons: int) -> npt.NDArray[np.float64]:
    spread = (1 - alike) / alike
    return rng.beta(rate * spread, (1 - rate) * spread, persons)
