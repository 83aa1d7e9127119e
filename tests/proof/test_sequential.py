"""Evidence under continuous looking: what it promises at any peek, how soon it decides, that it survives a restart."""

from __future__ import annotations

import json
import os

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zhinan.proof import Certifier, Detector, count_size, detect, hits_to_prove, oracle_delay

Floats = npt.NDArray[np.float64]
SOAK = "ZHINAN_SOAK" in os.environ


def _proved_by(rate: float, boundary: npt.NDArray[np.int64]) -> Floats:
    """Exact chance that right answers at that rate have reached the boundary by each n."""
    still, proved = np.zeros(boundary.size + 2), np.zeros(boundary.size)
    still[0] = 1.0
    for i, needed in enumerate(boundary):
        still[1:], still[0] = still[1:] * (1 - rate) + still[:-1] * rate, still[0] * (1 - rate)
        proved[i] = still[needed:].sum()
        still[needed:] = 0
    return np.cumsum(proved)


@pytest.mark.parametrize(("target", "delta"), [(0.9, 0.05), (0.5, 0.05), (0.05, 0.05), (0.98, 0.01)])
def test_peeking_after_every_label_proves_falsely_no_more_than_promised(target: float, delta: float) -> None:
    chance = _proved_by(target, hits_to_prove(target, delta, 2000))[-1]
    assert delta / 2 < chance <= delta


def test_ten_thousand_streams_at_the_target_are_proved_falsely_no_more_than_promised() -> None:
    boundary, proved = hits_to_prove(0.9, 0.05, 2000), 0
    rng = np.random.default_rng(0)
    for _ in range(10):
        hits = np.cumsum(rng.random((1000, boundary.size)) < 0.9, axis=1, dtype=np.int32)
        proved += int((hits >= boundary).any(axis=1).sum())
    assert proved <= stats.binom.ppf(0.9999, 10_000, 0.05)


@pytest.mark.parametrize(("target", "truth"), [(0.9, 0.93), (0.9, 0.95), (0.05, 0.08)])
def test_four_times_in_five_it_decides_within_one_and_a_half_fixed_samples(target: float, truth: float) -> None:
    fixed = count_size(truth, target, 0.05, 0.8)
    assert fixed is not None
    assert _proved_by(truth, hits_to_prove(target, 0.05, int(1.5 * fixed.stays)))[-1] >= 0.8


def test_the_hits_that_prove_are_those_the_certifier_asks_for() -> None:
    boundary = hits_to_prove(0.8, 0.05, 120)
    for n in (10, 14, 15, 16, 60, 120):
        for hits in (boundary[n - 1] - 1, boundary[n - 1]):
            if hits <= n:
                seen = Certifier(">=", 0.8, 0.05, lines=10**40)
                seen.add([0.0] * (n - hits) + [1.0] * hits)  # misses first: nothing is proved on the way
                assert (seen.proved, seen.evidence >= 20) == (hits >= boundary[n - 1],) * 2


@given(st.lists(st.sampled_from([0.0, 0.25, 1.0]), max_size=80), st.integers(1, 9), st.sampled_from([">=", "<="]))
def test_labels_one_by_one_decide_what_a_batch_of_them_decides(scores: list[float], cut: int, op: str) -> None:
    whole, parts = Certifier(op, 0.6, 0.1), Certifier(op, 0.6, 0.1)  # type: ignore[arg-type]
    whole.add(scores)
    for start in range(0, len(scores), cut):
        parts.add(scores[start : start + cut])
        parts = Certifier.from_state(json.loads(json.dumps(parts.state())))
    assert (parts.proved, parts.refuted, parts.decided_at, parts.n) == (
        whole.proved, whole.refuted, whole.decided_at, whole.n,
    )  # fmt: skip
    assert parts.evidence == pytest.approx(whole.evidence)
    assert parts.confidence_sequence() == pytest.approx(whole.confidence_sequence())


def test_the_first_decision_stands_whatever_comes_after() -> None:
    seen = Certifier(">=", 0.9, 0.05)
    seen.add(np.ones(100))
    at, evidence = seen.decided_at, seen.evidence
    seen.add(np.zeros(400))
    assert (seen.proved, seen.refuted, seen.decided_at, seen.evidence, seen.n) == (True, False, at, evidence, 500)
    assert at is not None
    assert at <= 60
    assert seen.lower >= 0.9


def test_a_ceiling_is_certified_as_the_floor_of_the_opposite() -> None:
    scores = np.random.default_rng(1).random(300) < 0.97
    floor, ceiling = Certifier(">=", 0.9, 0.05), Certifier("<=", 0.1, 0.05)
    floor.add(scores)
    ceiling.add(1 - scores * 1.0)
    assert floor.proved
    assert (ceiling.proved, ceiling.decided_at) == (floor.proved, floor.decided_at)
    low, high = floor.confidence_sequence()
    assert ceiling.confidence_sequence() == pytest.approx((1 - high, 1 - low))


def test_a_refutation_asks_more_of_a_contract_of_many_lines() -> None:
    one, four = Certifier(">=", 0.9, 0.05), Certifier(">=", 0.9, 0.05, lines=4)
    for seen in (one, four):
        seen.add(np.tile([1.0, 0.0], 100))
        assert seen.refuted
    assert (one.decided_at or 0) < (four.decided_at or 0)


def test_a_paired_difference_is_certified_in_its_own_span() -> None:
    rng = np.random.default_rng(2)
    seen = Certifier(">=", -0.01, 0.05, span=(-1, 1))
    seen.add(rng.choice([-1.0, 0.0, 1.0], size=4000, p=[0.02, 0.95, 0.03]))
    low, high = seen.confidence_sequence()
    assert seen.proved
    assert -0.01 <= low < seen.value < high <= 1
    assert (seen.decided_at or 0) < 2500


def test_bounds_hold_at_all_peeks_together_for_scores_of_any_spread() -> None:
    rng = np.random.default_rng(3)
    missed = np.zeros(2)
    streams = 120
    for _ in range(streams):
        values = np.round(rng.beta(8, 2, 120), 2)
        seen, wrong = Certifier(">=", 0.7, 0.1), np.zeros(2, bool)
        for start in range(0, 120, 40):
            seen.add(values[start : start + 40])
            low, high = seen.confidence_sequence()
            wrong |= [low > 0.8, high < 0.8]
        missed += wrong
    assert missed.max() <= stats.binom.ppf(0.9999, streams, 0.1)


def test_the_lower_bound_is_where_a_bettor_has_just_earned_one_over_delta() -> None:
    seen = Certifier(">=", 0.9, 0.05)
    seen.add(np.tile(np.repeat([1.0, 0.0], [10, 1]), 20))
    assert not seen.proved
    assert 0.84 < seen.lower < stats.binomtest(200, 220).proportion_ci(0.9).low < 200 / 220


def test_nothing_seen_says_nothing() -> None:
    seen = Certifier(">=", 0.9, 0.05)
    seen.add([])
    assert (seen.evidence, seen.n, seen.proved, seen.refuted) == (pytest.approx(1.0), 0, False, False)
    assert seen.confidence_sequence() == (0.0, 1.0)
    assert np.isnan(seen.value)


def test_outcomes_and_targets_out_of_range_are_refused() -> None:
    for bad in ([0.5, 1.2], [float("nan")], -0.1):
        with pytest.raises(ValueError, match=r"\[0, 1\]"):
            Certifier(">=", 0.9, 0.05).add(bad)
        with pytest.raises(ValueError, match=r"\[0, 1\]"):
            Detector(0.9, 0.05).add(bad)
    for target in (0.0, 1.0, 1.5):
        with pytest.raises(ValueError, match="strictly between"):
            Certifier(">=", target, 0.05)
    with pytest.raises(ValueError, match="delta"):
        Certifier(">=", 0.9, 0.0)
    with pytest.raises(ValueError, match="compares with"):
        Certifier(">", 0.9, 0.05)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="floor"):
        Detector(1.0, 0.05)
    with pytest.raises(ValueError, match="better"):
        Detector(0.9, 0.05, "more")  # type: ignore[arg-type]


@pytest.mark.parametrize(("truth", "labels"), [(0.85, 245), (0.80, 68), (0.70, 20)])
def test_a_broken_floor_is_noticed_within_twice_the_labels_of_an_oracle(truth: float, labels: int) -> None:
    assert oracle_delay(0.9, truth, 0.05) == labels
    streams = np.random.default_rng(4).random((2000 if SOAK else 400, 12 * labels)) < truth
    alarmed = detect(streams, 0.9, 0.05)
    median, late = np.quantile(alarmed, [0.5, 0.95])
    print(f"true {truth:.0%}: mean {alarmed.mean():.0f}, median {median:.0f}, 95 % {late:.0f}; oracle {labels}")
    assert alarmed.all()
    assert alarmed.mean() + 4 * alarmed.std() / np.sqrt(len(alarmed)) <= 2 * labels


def test_a_floor_that_breaks_after_two_thousand_good_labels_is_noticed_within_two_thousand() -> None:
    rng = np.random.default_rng(5)
    streams = rng.random((2000 if SOAK else 100, 5000)) < np.repeat([0.93, 0.85], [2000, 3000])
    alarmed = detect(streams, 0.9, 0.05)
    print(f"median {np.median(np.where(alarmed > 0, alarmed, 5000)) - 2000:.0f} after the break")
    assert (alarmed[alarmed > 0] > 2000).mean() > 0.95
    assert np.median(np.where(alarmed > 0, alarmed, 5000)) <= 4000


@pytest.mark.parametrize("floor", [0.8, 0.9, 0.95, 0.99] if SOAK else [0.9])
def test_of_a_thousand_streams_of_ten_thousand_at_the_floor_no_more_than_promised_alarm(floor: float) -> None:
    rng, times, false = np.random.default_rng(6), 10 if SOAK else 1, 0
    for _ in range(times):
        false += int((detect(rng.random((1000, 10_000)) < floor, floor, 0.05) > 0).sum())
    low, high = stats.binomtest(false, 1000 * times).proportion_ci(0.95)
    print(f"floor {floor:.0%}: {false} of {1000 * times:,} alarm falsely ({low:.2%} to {high:.2%})")
    assert 0 < false <= 50 * times + 2 * np.sqrt(47.5 * times)


def test_many_streams_alarm_where_single_detectors_do_across_restarts_and_for_ceilings() -> None:
    rng = np.random.default_rng(7)
    streams = rng.random((6, 200)) < 0.8
    together = detect(streams, 0.9, 0.05)
    assert (detect(1.0 - streams, 0.1, 0.05, "lower") == together).all()
    for stream, at in zip(streams, together, strict=True):
        floor, ceiling = Detector(0.9, 0.05), Detector(0.1, 0.05, "lower")
        for start in range(0, 200, 23):
            floor.add(stream[start : start + 23])
            floor = Detector.from_state(json.loads(json.dumps(floor.state())))
        ceiling.add(1 - stream * 1.0)
        assert (floor.alarmed_at or 0) == (ceiling.alarmed_at or 0) == at
        assert floor.n == 200
        assert floor.alarm == (floor.evidence >= 20) == (at > 0)


def test_asked_for_another_delta_bets_stand_and_so_does_an_alarm() -> None:
    wrong = [0.0] * 2
    kept, anew, seen = Detector(0.9, 0.05), Detector(0.9, 0.05), Detector(0.9, 0.05)
    for one in (kept, anew):
        one.add(wrong)
    anew.ask(0.0005)
    assert (anew.evidence, anew.alarmed_at) == (kept.evidence, kept.alarmed_at)
    for one in (kept, anew):
        one.add(wrong * 3)
    assert kept.alarmed_at is not None
    assert (anew.alarmed_at or 99) > kept.alarmed_at
    seen.ask(1e-9)
    seen.add(wrong * 4)
    assert not seen.alarm
    seen = Detector.from_state(json.loads(json.dumps(seen.state())))
    seen.ask(0.05)  # what was won is enough for this one
    assert seen.alarmed_at == 8
    seen.ask(1e-12)
    assert seen.alarm


def test_asked_for_another_delta_a_decision_stands_where_its_evidence_is_enough() -> None:
    for outcomes, lines in (([1.0] * 60, 1), ([0.0] * 60, 3)):
        seen = Certifier(">=", 0.8, 0.05)
        seen.add(outcomes)
        before = (seen.proved, seen.refuted, seen.evidence)
        seen.ask(0.05, lines)
        assert (seen.proved, seen.refuted) == before[:2]
        seen.ask(1e-60, 1)
        assert (seen.proved, seen.refuted) == (False, False)
        seen = Certifier.from_state(json.loads(json.dumps(seen.state())))
        seen.ask(0.05, 1)
        assert (seen.proved, seen.refuted, seen.decided_at) == (*before[:2], 60)


def test_an_oracle_needs_two_different_rates() -> None:
    for floor, truth in ((0.9, 0.9), (1.0, 0.5), (0.9, 0.0)):
        with pytest.raises(ValueError, match="rates"):
            oracle_delay(floor, truth, 0.05)
