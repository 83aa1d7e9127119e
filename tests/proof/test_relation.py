"""Ours against somebody else's: a line about the difference is rarely proved when it is false, whatever the metric."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from zhinan.proof import Measurement, judge, relative, tang, tango

Bools = npt.NDArray[np.bool_]


def test_the_published_intervals_of_tang_and_tango() -> None:
    """Complete response, Cavo et al. (2012), and airway reactivity, Bentur et al. (2009), in Fagerland, Lydersen &
    Laake, Statistical Analysis of Contingency Tables (2017), chapter 8."""
    assert _floats(tang(59, 6, 16, 161, 0.025)) == pytest.approx((0.7476, 0.9876), abs=5e-5)
    assert _floats(tango(6, 16, 161, 0.025)) == pytest.approx((-0.1240, -0.0054), abs=5e-5)
    assert _floats(tang(1, 1, 7, 21, 0.025)) == pytest.approx((0.065, 0.907), abs=5e-4)


def test_tang_is_the_score_test_of_a_numerical_maximum_likelihood() -> None:
    from scipy import optimize

    both, wins, losses, n, ratio = 40, 9, 14, 80, 0.8

    def unlikely(lose: float) -> float:
        # p11 + p12 = ratio·(p11 + p21), and the chance of neither is as seen
        some = (both + wins + losses) / n
        second = (some - lose) / ratio
        win, shared = some - second, second - lose
        if min(win, shared, lose) <= 0:
            return 1e9
        return -(both * math.log(shared) + wins * math.log(win) + losses * math.log(lose))

    lose = optimize.minimize_scalar(unlikely, bounds=(1e-6, 0.999), method="bounded", options={"xatol": 1e-10}).x
    second = ((both + wins + losses) / n - lose) / ratio
    win, shared = (both + wins + losses) / n - second, second - lose
    variance = n * (win + ratio**2 * lose + (1 - ratio) ** 2 * shared)
    z = (both + wins - ratio * (both + losses)) / math.sqrt(variance)
    from scipy import stats

    assert float(tang(both, wins, losses, n, float(stats.norm.sf(abs(z))))[0 if z > 0 else 1]) == pytest.approx(
        ratio, rel=1e-5
    )


def test_a_difference_of_paired_rates_knows_that_the_rows_are_the_same() -> None:
    rng = np.random.default_rng(0)
    ours, current = _pair(rng, 1000, 0.05, 0.03)
    gain = relative(Measurement.count(ours), Measurement.count(current), "difference")
    assert gain.value == pytest.approx(ours.mean() - current.mean())
    assert gain.bound == "Tango"
    wins, losses = int((ours & ~current).sum()), int((current & ~ours).sum())
    assert gain.lower(0.05) == pytest.approx(float(tango(wins, losses, 1000, 0.05, strict=True)[0]))
    alone = Measurement.count(ours).lower(0.025) - Measurement.count(current).upper(0.025)
    assert gain.lower(0.05) > alone + 0.02
    assert judge("a", ">=", -0.01, gain, delta=0.05, lines=1, on="sealed").verdict == "PROVED"


def test_the_pairs_it_would_take_are_enough() -> None:
    ours, current = (np.arange(600) >= k for k in (30, 33))
    gain = relative(Measurement.count(ours), Measurement.count(current), "difference")
    needed = gain.needed(">=", -0.002, 0.05)
    assert needed is not None
    rng = np.random.default_rng(1)
    share = 3 / 600
    pairs = rng.multinomial(needed, [share, 0, 1 - share], 2000)
    proved = tango(pairs[:, 0], pairs[:, 1], needed, 0.05, strict=True)[0] >= -0.002
    assert proved.mean() > 0.8
    assert gain.chance(needed, ">=", -0.002, 0.05) == pytest.approx(0.8, abs=0.02)
    assert gain.standard_errors(">=", -0.01) > gain.standard_errors(">=", 0.0) > 0 > gain.standard_errors(">=", 0.02)


@pytest.mark.parametrize("how", ["difference", "ratio"])
def test_rates_whose_answers_decide_the_denominator_are_resampled_together(how: str) -> None:
    rng = np.random.default_rng(2)
    truth = rng.random(800) < 0.3
    ours, current = (np.where(rng.random(800) < 0.1, ~truth, truth) for _ in range(2))
    one, two = (Measurement.count(truth, among=named) for named in (ours, current))
    found = relative(one, two, how)  # type: ignore[arg-type]
    assert found.bound == "joint BCa bootstrap"
    value = one.value - two.value if how == "difference" else one.value / two.value
    assert found.value == pytest.approx(value)
    assert found.lower(0.05) < value < found.upper(0.05)
    apart = one.lower(0.025) - two.upper(0.025) if how == "difference" else one.lower(0.025) / two.upper(0.025)
    assert found.lower(0.05) > apart
    # answers that are the same differ by nothing, however few they are
    same = relative(one, Measurement.count(truth, among=ours), "difference")
    assert (same.value, same.bound) == (0.0, "Tango")


def test_rates_with_hardly_an_error_are_bounded_each_alone() -> None:
    truth = np.ones(300, bool)
    ours, current = np.arange(300) < 200, np.arange(300) < 150
    found = relative(Measurement.count(truth, among=ours), Measurement.count(truth, among=current), "difference")
    assert found.bound == "each side's own bound"
    assert -0.05 < found.lower(0.05) < 0 < found.upper(0.05)


@pytest.mark.parametrize("how", ["difference", "ratio"])
def test_alike_persons_make_no_difference_surer(how: str) -> None:
    rng = np.random.default_rng(3)
    person = np.repeat(np.arange(60), 6)
    leaning = rng.random(60)[person]
    ours, current = (rng.random(360) < 0.5 + 0.5 * leaning), (rng.random(360) < 1 - 0.4 * leaning)
    plain, careful = (
        relative(Measurement.count(ours, p), Measurement.count(current, p), how)  # type: ignore[arg-type]
        for p in (None, person)
    )
    assert careful.lower(0.05) < plain.lower(0.05) < plain.upper(0.05) < careful.upper(0.05)
    goal = plain.value - 0.1
    assert (careful.needed(">=", goal, 0.05) or 0) > (plain.needed(">=", goal, 0.05) or 0) > 10


def test_means_are_bet_on_row_by_row() -> None:
    rng = np.random.default_rng(4)
    ours = rng.beta(8, 2, 1500)
    current = np.clip(ours + rng.normal(0, 0.03, 1500), 0, 1)
    one, two = Measurement.mean(ours), Measurement.mean(current)
    gain = relative(one, two, "difference")
    assert gain.lower(0.05) > one.lower(0.025) - two.upper(0.025) + 0.005
    share = relative(one, two, "ratio")
    assert 0.98 < share.lower(0.05) < share.value < share.upper(0.05) < 1.02
    costs = relative(Measurement.mean(ours / 10), two, "ratio")
    assert judge("cost", "<=", 0.2, costs, delta=0.05, lines=1, on="sealed").verdict == "PROVED"
    assert judge("cost", "<=", 0.05, costs, delta=0.05, lines=1, on="sealed").verdict == "REFUTED"


@pytest.mark.parametrize("how", ["difference", "ratio"])
def test_a_false_line_about_means_is_rarely_proved(how: str) -> None:
    rng = np.random.default_rng(5)
    proved = 0
    for _ in range(150):
        current = rng.beta(4, 2, 120)
        ours = rng.beta(4, 2, 120) if how == "difference" else 0.5 * rng.beta(4, 2, 120)
        target = 0.0 if how == "difference" else 0.5
        found = relative(Measurement.mean(ours), Measurement.mean(current), how)  # type: ignore[arg-type]
        proved += found.lower(0.05) > target
    assert proved <= 0.05 * 150


def test_scores_resampled_alike_are_compared_on_the_same_resamples() -> None:
    rng = np.random.default_rng(6)
    truth = rng.normal(size=400)
    ours, current = truth + 0.1 * rng.normal(size=400), truth + 0.12 * rng.normal(size=400)

    def off(answer: npt.NDArray[np.float64], seed: int = 0) -> Measurement:
        error = np.abs(answer - truth)
        return Measurement.bootstrap(lambda rows: float(error[rows].mean()), 400, seed=seed)

    together = relative(off(ours), off(current), "ratio")
    assert together.bound == "joint BCa bootstrap"
    assert together.value == pytest.approx(np.abs(ours - truth).mean() / np.abs(current - truth).mean())
    apart = relative(off(ours), off(current, seed=1), "ratio")
    assert apart.bound == "each side's own bound"
    assert apart.lower(0.05) < together.lower(0.05) < together.upper(0.05) < apart.upper(0.05)


def test_answers_that_are_all_the_same_are_not_called_certain() -> None:
    values = np.random.default_rng(9).random(300)
    same = [Measurement.bootstrap(lambda rows: float(values[rows].mean()), 300) for _ in range(2)]
    found = relative(*same, "difference")
    assert found.bound == "each side's own bound"
    assert -0.2 < found.lower(0.05) < 0 == found.value < found.upper(0.05) < 0.2


def test_latency_and_gaps_use_each_sides_own_bound() -> None:
    rng = np.random.default_rng(7)
    fast, slow = rng.gamma(20, 1e-4, 400), rng.gamma(20, 1e-3, 400)
    share = relative(Measurement.quantile(fast, 0.95), Measurement.quantile(slow, 0.95), "ratio")
    assert (share.counted, share.n) == ("requests", 400)
    assert judge("p95", "<=", 0.2, share, delta=0.05, lines=1, on="measured").verdict == "PROVED"
    hits = {g: rng.random(300) < 0.9 for g in "ab"}
    gap = relative(Measurement.gap(hits), Measurement.gap(hits), "difference")
    assert gap.lower(0.05) < 0 == gap.value < gap.upper(0.05)


def test_exact_values_are_compared_exactly_and_an_exact_side_costs_nothing() -> None:
    share = relative(Measurement.exact(3.0), Measurement.exact(20.0), "ratio")
    assert (share.value, share.lower(0.05), share.upper(0.05), share.bound) == (0.15, 0.15, 0.15, "exact")
    times = np.random.default_rng(8).gamma(20, 1e-3, 300)
    ours = Measurement.quantile(times, 0.5)
    assert relative(ours, Measurement.exact(0.1), "ratio").upper(0.05) == pytest.approx(ours.upper(0.05) / 0.1)


@pytest.mark.parametrize("how", ["difference", "ratio"])
def test_what_decides_nothing_alone_decides_nothing_together(how: str) -> None:
    good = np.arange(60) > 5
    cases = [
        (Measurement.count(np.ones(5, bool)), Measurement.count(np.zeros(5, bool))),
        (Measurement.count(good, np.arange(60) % 3), Measurement.count(~good, np.arange(60) % 3)),
        (Measurement.mean([0.5] * 30 + [math.nan]), Measurement.mean([0.5] * 31)),
        (Measurement.count([]), Measurement.count([])),
        (Measurement.bootstrap(lambda rows: math.nan, 60), Measurement.bootstrap(lambda rows: 0.5, 60)),
        (Measurement.counts(50, 60), Measurement.count([])),
    ]
    for ours, current in cases:
        found = relative(ours, current, how)  # type: ignore[arg-type]
        assert found.reason
        for op, target in ((">=", -2.0), ("<=", 9.0)):
            verdict = judge("x", op, target, found, delta=0.05, lines=1, on="sealed")  # type: ignore[arg-type]
            assert verdict.verdict == "UNDECIDED", (found, op)


def test_nothing_is_a_share_of_nothing() -> None:
    none, some = np.zeros(200, bool), np.arange(200) < 50
    for ours, current in (
        (Measurement.count(some), Measurement.count(none)),
        (Measurement.mean(some), Measurement.mean(none)),
        (Measurement.exact(2.0), Measurement.exact(0.0)),
    ):
        found = relative(ours, current, "ratio")
        assert "not above 0" in (found.reason or "")
        assert judge("x", "<=", 5.0, found, delta=0.05, lines=1, on="sealed").verdict == "UNDECIDED"
    with pytest.raises(ValueError, match="difference or a ratio"):
        relative(Measurement.exact(1.0), Measurement.exact(1.0), "share")  # type: ignore[arg-type]


def _pair(rng: np.random.Generator, n: int, wins: float, losses: float) -> tuple[Bools, Bools]:
    kind = rng.random(n)
    current = np.where(kind < wins, False, np.where(kind < wins + losses, True, rng.random(n) < 0.9))
    return np.where(kind < wins, True, np.where(kind < wins + losses, False, current)), current


def _floats(bounds: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]) -> tuple[float, float]:
    return float(bounds[0]), float(bounds[1])
