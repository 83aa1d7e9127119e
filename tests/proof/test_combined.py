"""Evidence made of other evidence bounds what it says it bounds, as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zhinan.proof import Measurement, relative
from zhinan.proof.combined import F1, Magnitude, Miscalibration, OnCondition, Scaled, overlap_of
from zhinan.proof.evidence import Evidence


def rate(hits: int, n: int) -> Evidence:
    return Measurement.counts(hits, n).evidence


def allowed(runs: int, delta: float = 0.05) -> float:
    return delta + 4 * (delta * (1 - delta) / runs) ** 0.5


def test_another_scale_changes_no_verdict() -> None:
    inner = rate(90, 100)
    outer = Scaled(inner, 5.0, -1.0)
    assert outer.value == pytest.approx(3.5)
    assert outer.lower(0.05) == pytest.approx(5 * inner.lower(0.05) - 1)
    assert outer.upper(0.05) == pytest.approx(5 * inner.upper(0.05) - 1)
    assert outer.needed(">=", 3.25, 0.05, 0.8) == inner.needed(">=", 0.85, 0.05, 0.8)
    assert outer.chance(400, ">=", 3.25, 0.05) == pytest.approx(inner.chance(400, ">=", 0.85, 0.05))
    assert outer.margin(">=", 3.25, 0.05) == pytest.approx(5 * inner.margin(">=", 0.85, 0.05))


@pytest.mark.parametrize("mean", [-0.5, 0.0, 0.1])
def test_a_magnitude_misses_as_rarely_as_promised_on_either_side_and_at_zero(mean: float) -> None:
    draw, runs, high, low = np.random.default_rng(0), 200, 0, 0
    for _ in range(runs):
        scores = np.where(draw.random(100) < (1 + mean) / 2, 1.0, 0.0)
        found = Magnitude(Scaled(Measurement.count(scores).evidence, 2.0, -1.0))
        assert found.lower(0.05) <= found.value <= found.upper(0.05)
        high += found.upper(0.05) < abs(mean)
        low += found.lower(0.05) > abs(mean)
    assert high / runs <= allowed(runs)
    assert low / runs <= allowed(runs)


def test_a_rate_on_a_condition_is_nothing_once_the_condition_is_refuted() -> None:
    refuted = OnCondition(rate(800, 1000), rate(700, 800), ">=", 0.97)
    assert (refuted.value, refuted.lower(0.05), refuted.upper(0.05)) == (0, 0, 0)
    proved = OnCondition(rate(800, 1000), rate(797, 800), ">=", 0.97)
    assert proved.lower(0.05) == rate(800, 1000).lower(0.05)
    assert proved.upper(0.05) == rate(800, 1000).upper(0.025)
    unknown = OnCondition(rate(800, 1000), rate(797, 800), ">=", 0.97, known=False)
    assert (unknown.value, unknown.lower(0.05)) == (0.8, 0)


def test_a_condition_may_ask_for_little() -> None:
    assert OnCondition(rate(800, 1000), rate(2, 800), "<=", 0.02).lower(0.05) > 0.7
    assert OnCondition(rate(800, 1000), rate(80, 800), "<=", 0.02).upper(0.05) == 0


def test_what_would_decide_is_the_larger_need() -> None:
    both = OnCondition(rate(800, 1000), rate(785, 800), ">=", 0.97)
    alone = rate(785, 800).needed(">=", 0.97, 0.025, 0.8)
    assert alone is not None
    assert both.needed(">=", 0.7, 0.05, 0.8) == math.ceil(alone / 0.8)
    assert both.chance(100, ">=", 0.7, 0.05) < both.chance(20_000, ">=", 0.7, 0.05)


@pytest.mark.parametrize("slope", [0.0, 0.2])
@pytest.mark.parametrize("shift", [0.0, 0.08])
def test_the_calibration_error_is_bounded_as_often_as_promised(slope: float, shift: float) -> None:
    draw, runs, n, high, low = np.random.default_rng(3), 200, 500, 0, 0
    grid = np.linspace(0.5, 1, 10_001)
    off = shift + slope * (grid - 0.75)
    truth = float(np.mean([abs(part.mean()) for part in np.array_split(off, 10)]))
    for _ in range(runs):
        sure = np.sort(draw.uniform(0.5, 1, n))
        right = draw.random(n) < np.clip(sure - shift - slope * (sure - 0.75), 0, 1)
        found = Miscalibration(right - sure, np.arange(n) * 10 // n)
        high += found.upper(0.05) < truth
        low += found.lower(0.05) > truth
    assert high / runs <= allowed(runs)
    assert low / runs <= allowed(runs)


def test_a_large_calibration_error_is_found_and_a_small_one_proved_small() -> None:
    draw = np.random.default_rng(4)
    sure = np.sort(draw.uniform(0.5, 1, 3000))
    bins = np.arange(3000) * 10 // 3000
    honest = Miscalibration((draw.random(3000) < sure) - sure, bins)
    boasting = Miscalibration((draw.random(3000) < sure - 0.15) - sure, bins)
    assert honest.upper(0.05) < 0.05
    assert boasting.lower(0.05) > 0.1


def test_people_with_many_rows_make_the_calibration_less_certain() -> None:
    draw = np.random.default_rng(5)
    sure = np.repeat(draw.uniform(0.5, 1, 100), 10)
    right = np.repeat(draw.random(100) < 0.6, 10)
    bins = np.searchsorted(np.quantile(sure, np.arange(1, 10) / 10), sure)
    alone, alike = (Miscalibration(right - sure, bins, who) for who in (None, np.repeat(np.arange(100), 10)))
    assert alike.upper(0.05) - alike.lower(0.05) > alone.upper(0.05) - alone.lower(0.05)
    assert alike.value == alone.value


def test_a_condition_that_fails_leaves_the_line_as_far_off_as_the_condition_is() -> None:
    """Not as far as from a rate of 0, or who answers little and badly would be nearer than who just falls short."""

    def errors(answered: int, right: int) -> float:
        made = OnCondition(rate(answered, 67), rate(right, answered), ">=", 0.97)
        return Measurement(made.value, made.n, "", None, made).standard_errors(">=", 0.5)

    just_short, poor, few = errors(67, 60), errors(67, 32), errors(10, 5)
    assert just_short < 0
    assert just_short > poor
    assert just_short > few


def flags(draw: np.random.Generator, rows: int, labels: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Labels of a row that come together, (rows, labels), and answers that are wrong together."""
    truth = draw.random((rows, labels)) < draw.beta(2, 3, rows)[:, None]
    wrong = draw.random((rows, labels)) < 2 * noise * draw.random(rows)[:, None]
    return truth, truth ^ wrong


@pytest.mark.parametrize("labels", [1, 4])
@pytest.mark.parametrize(("rows", "noise"), [(30, 0.02), (300, 0.1)])
def test_f1_is_bounded_as_often_as_promised_however_few_errors_there_are(labels: int, rows: int, noise: float) -> None:
    draw, runs, high, low = np.random.default_rng(6), 300, 0, 0
    true, named = flags(draw, 200_000, labels, noise)
    truth = 2 * (true & named).sum() / (true.sum() + named.sum())
    who = np.repeat(np.arange(rows), labels) if labels > 1 else None
    for _ in range(runs):
        found = Measurement.f1(*(one.reshape(-1) for one in flags(draw, rows, labels, noise)), who)
        assert found.lower(0.05) <= found.value <= found.upper(0.05)
        high += found.upper(0.05) < truth
        low += found.lower(0.05) > truth
    assert high / runs <= allowed(runs)
    assert low / runs <= allowed(runs)


def test_f1_is_proved_by_as_many_as_prove_its_overlap_and_flawless_answers_prove_it() -> None:
    true = np.arange(60) < 40
    found, shared = Measurement.f1(true, true), Measurement.counts(40, 40)
    assert (found.value, found.n, found.reason) == (1.0, 40, None)
    assert found.lower(0.05) == pytest.approx(2 * 0.92784 / 1.92784, abs=1e-5)
    assert found.needed(">=", 0.8, 0.05) == shared.needed(">=", overlap_of(0.8), 0.05)
    assert found.chance(20, ">=", 0.8, 0.05) == shared.chance(20, ">=", overlap_of(0.8), 0.05)
    none = Measurement.f1(~true & False, ~true & False)
    assert math.isnan(none.value)
    assert none.reason == "no examples"


def test_f1s_are_compared_by_what_was_resampled_and_without_it_by_their_own_bounds() -> None:
    true, named = (one.reshape(-1) for one in flags(np.random.default_rng(8), 400, 1, 0.15))
    whole = Measurement.bootstrap(lambda r: 2 * (true & named)[r].sum() / (true[r].sum() + named[r].sum()), 400)
    bare, known = Measurement.f1(true, named), Measurement.f1(true, named, None, whole)
    assert isinstance(known.evidence, F1)
    assert Measurement.gap({"a": known, "b": known}).bound == "every pair, BCa bootstrap"
    assert Measurement.gap({"a": known, "b": bare}).bound == "every pair, each group's own bound"
    assert relative(known, bare, "difference").bound == "each side's own bound"
    assert relative(known, Measurement.f1(true, true), "difference").reason is None
