"""How many examples: the golden numbers, an exhaustive search, and whole contracts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from zhinan.proof import Ask, Measurement, bennett_size, count_power, count_size, hoeffding_size, needed_in_all


def test_the_golden_sawtooth() -> None:
    assert count_size(0.97, 0.95, 0.05) == (601, 694)
    assert count_size(1.0, 0.95, 0.05) == (59, 59)
    assert count_size(1.0, 0.95, 0.025) == (72, 72)


def test_the_golden_ledger_sizes() -> None:
    assert hoeffding_size(0.025, 0.001) == 5_527
    assert hoeffding_size(0.025, 0.001 / 32) == 8_299
    assert hoeffding_size(0.025, 0.001 / 2**32) == 23_271
    assert bennett_size(0.01, 0.1, 0.001) == 14_269


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.02, 0.97), st.floats(0.2, 1), st.sampled_from([0.05, 0.025, 0.01]), st.sampled_from([0.5, 0.8, 0.95])
)
def test_the_search_finds_what_trying_every_number_finds(target: float, far: float, delta: float, power: float) -> None:
    rate = target + (1 - target) * far
    found = count_size(rate, target, delta, power)
    assert found is not None
    assume(found.stays < 3000)
    powers = _powers(rate, target, delta, 4000)
    enough = np.flatnonzero(powers >= power)
    short = np.flatnonzero(powers < power)
    assert found == (enough[0] + 1, short[-1] + 2 if short.size else 1)


def test_the_power_of_a_size_is_the_least_from_there_on() -> None:
    powers = _powers(0.97, 0.95, 0.05, 5000)
    for n in (100, 601, 693, 694, 1000):
        assert count_power(n, 0.97, 0.95, 0.05) == pytest.approx(powers[n - 1 :].min(), abs=1e-9)


def test_what_cannot_be_decided_has_no_number() -> None:
    assert count_size(0.9, 0.9, 0.05) is None
    assert count_size(0.8, 0.9, 0.05) is None
    assert count_size(1.0, 1.0, 0.05) is None
    assert count_size(0.900001, 0.9, 0.05) is None
    assert Measurement.counts(90, 100).needed(">=", 0.9, 0.05) is None


def test_needed_examples_prove_or_refute_whichever_the_value_says() -> None:
    high = Measurement.counts(970, 1000)
    assert high.needed(">=", 0.95, 0.05) == 694
    assert Measurement.counts(30, 1000).needed("<=", 0.05, 0.05) == 694
    assert Measurement.counts(30, 1000).needed(">=", 0.05, 0.05) == 694
    assert Measurement.counts(970, 1000).needed("<=", 0.95, 0.05) == 694


def test_alike_persons_need_more_examples() -> None:
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(250), 4)
    hits = rng.random(1000) < rng.beta(19, 1, 250)[person]
    alone, together = Measurement.count(hits), Measurement.count(hits, person)
    assert (together.needed(">=", 0.9, 0.05) or 0) > (alone.needed(">=", 0.9, 0.05) or 0) > 0


def test_a_bootstraps_forecast_is_near_a_counts_own() -> None:
    hits = np.arange(800) % 20 > 0
    boot = Measurement.bootstrap(lambda rows: float(hits[rows].mean()), 800)
    assert boot.needed(">=", 0.93, 0.05) == pytest.approx(Measurement.count(hits).needed(">=", 0.93, 0.05), rel=0.25)


def test_five_flawless_examples_ask_for_the_number_that_could_prove() -> None:
    assert Measurement.count(np.ones(5, bool)).needed(">=", 0.95, 0.05) == 59
    stuck = Measurement.bootstrap(lambda rows: 1.0, 5)
    assert stuck.needed(">=", 0.95, 0.05) == 59
    assert Measurement.count([]).needed(">=", 0.95, 0.05) == 59


def test_a_whole_contract_needs_more_than_its_neediest_line_and_gets_its_joint_power() -> None:
    rng = np.random.default_rng(1)
    n, kind = 1000, np.arange(1000) < 200
    hits = np.where(kind, np.arange(1000) % 20 > 0, np.arange(1000) % 50 > 0)
    asks = [Ask(Measurement.count(hits), ">=", 0.96), Ask(Measurement.count(hits[kind]), ">=", 0.9)]
    alone = [(ask.measurement.needed(ask.op, ask.target, 0.05) or 0) * n // ask.measurement.n for ask in asks]
    together = needed_in_all(asks, n, 0.05)
    assert together is not None
    assert max(alone) <= together < 2 * max(alone)
    proved, streams = 0, 400
    for _ in range(streams):
        part = rng.random(together) < 0.2
        right = rng.random(together) < np.where(part, 0.95, 0.98)
        both = (Measurement.count(right).lower(0.05) >= 0.96, Measurement.count(right[part]).lower(0.05) >= 0.9)
        proved += all(both)
    assert proved / streams >= 0.8 - 0.05


def test_one_failing_line_decides_a_contract_by_being_refuted() -> None:
    good, bad = Measurement.counts(985, 1000), Measurement.counts(850, 1000)
    asks = [Ask(good, ">=", 0.98), Ask(bad, ">=", 0.9)]
    assert needed_in_all(asks, 1000, 0.05) == bad.needed(">=", 0.9, 0.025)
    assert needed_in_all([], 1000, 0.05) is None


def _powers(rate: float, target: float, delta: float, most: int) -> npt.NDArray[np.float64]:
    n = np.arange(1, most + 1)
    misses = stats.binom.ppf(delta, n, 1 - target)
    misses = np.where(stats.binom.cdf(misses, n, 1 - target) <= delta, misses, misses - 1)
    powers: npt.NDArray[np.float64] = np.where(misses >= 0, stats.binom.cdf(misses, n, 1 - rate), 0.0)
    return powers
