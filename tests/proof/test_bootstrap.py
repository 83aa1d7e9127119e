"""Bootstrap bounds: scipy's own answers, error rates near their promise, and silence where nothing can be known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from zhinan.proof import Measurement, bca, effective_size, resample
from zhinan.proof.bootstrap import Influence

Rows = npt.NDArray[np.int64]


@pytest.mark.parametrize("score", [np.mean, np.std])
def test_plain_bounds_are_those_of_scipys_bca(score: object) -> None:
    values = np.random.default_rng(3).exponential(size=300)
    assert callable(score)
    theirs = stats.bootstrap((values,), score, n_resamples=9000, method="BCa", rng=1).confidence_interval
    ours = resample(lambda rows: float(score(values[rows])), 300)
    width = theirs.high - theirs.low
    assert ours.lower(0.025) == pytest.approx(theirs.low, abs=0.06 * width)
    assert ours.upper(0.025) == pytest.approx(theirs.high, abs=0.06 * width)


def test_strata_keep_their_sizes_and_persons_stay_together() -> None:
    kind = np.repeat([0, 1], [30, 70])
    resample(lambda rows: float(_same(np.bincount(kind[rows]), [30, 70])), 100, strata=kind).draw(20)
    person = np.repeat(np.arange(25), 4)

    def whole(rows: Rows) -> float:
        assert np.all(np.bincount(person[rows], minlength=25) % 4 == 0)
        assert all(np.ptp(np.bincount(rows, minlength=100)[person == p]) == 0 for p in range(25))
        return float(rows.size)

    assert set(resample(whole, 100, person=person).draw(20)) == {100.0}


def test_asking_in_another_order_changes_no_bound() -> None:
    values = np.random.default_rng(4).random(60)
    one, two = (resample(lambda rows: float(np.median(values[rows])), 60) for _ in range(2))
    first = (one.lower(0.05), one.lower(0.01))
    assert (two.lower(0.01), two.lower(0.05)) == first[::-1]


def test_bounds_of_f1_miss_about_as_often_as_promised() -> None:
    rng = np.random.default_rng(5)
    n, streams = 200, 1500
    share = np.asarray([0.25, 0.05, 0.06, 0.64])  # hits, misses, false alarms, the rest
    truth = float(_f1(share))
    missed = np.zeros(2)
    for cells in rng.multinomial(n, share, streams):
        value = float(_f1(cells))
        without = np.asarray([float(_f1(cells - np.eye(4, dtype=int)[cell])) for cell in range(4)])
        shares = np.repeat((value - without) * (n - 1) / n, cells)
        influence = Influence(shares - shares.mean(), math.sqrt(n / (n - 1)), n - 1)
        drawn = _f1(rng.multinomial(n, cells / n, 1000))
        missed += [
            bca(drawn, value, influence, 0.05, below=True) > truth,
            bca(drawn, value, influence, 0.05, below=False) < truth,
        ]
    # 93.5–97 % on a two-sided 95 % is 3.25–1.5 % a side; here 5 % a side, with two standard errors of the simulation
    assert np.all(missed / streams < 0.065 + 0.012)
    assert np.all(missed / streams > 0.030 - 0.012)


def test_groups_left_out_see_the_skewness_that_single_rows_do() -> None:
    values = np.random.default_rng(6).exponential(size=2000)
    influence = resample(lambda rows: float(values[rows].mean()), 2000).influence
    shares = influence.shares
    assert shares.size == 400
    assert math.sqrt(shares @ shares) == pytest.approx(values.std() / 2000**0.5, rel=0.12)
    assert (shares**3).sum() / 6 / (shares @ shares) ** 1.5 == pytest.approx(2 / 6 / 2000**0.5, abs=0.006)


def test_small_strata_widen_the_bound() -> None:
    values = np.random.default_rng(7).normal(size=80)
    kind = np.repeat(np.arange(8), 10)
    assert resample(lambda rows: float(values[rows].mean()), 80, strata=kind).influence.widening == pytest.approx(
        math.sqrt(10 / 9)
    )


def test_a_score_that_never_changes_or_is_no_number_is_bounded_by_nothing() -> None:
    for score in (1.0, float("nan")):
        stuck = resample(lambda rows, score=score: score, 50)  # type: ignore[misc]
        assert math.isnan(stuck.lower(0.05))
        assert math.isnan(stuck.upper(0.05))
    holes = resample(lambda rows: float("nan") if 0 in rows else float(rows.mean()), 50)
    assert math.isnan(holes.lower(0.05))


def test_a_bound_far_beyond_the_replicates_is_not_guessed() -> None:
    values = np.random.default_rng(8).random(40)
    assert math.isnan(Measurement.bootstrap(lambda rows: float(values[rows].mean()), 40).lower(1e-5))


def test_a_difference_of_two_samples_from_one_seed_is_as_wide_as_it_should_be() -> None:
    rng = np.random.default_rng(9)
    one, two = np.sort(rng.normal(size=(2, 200)))  # sorted alike: equal draws would move both means together
    parts = [Measurement.bootstrap(lambda rows, v=v: float(v[rows].mean()), 200) for v in (one, two)]  # type: ignore[misc]
    gap = Measurement.gap(dict(zip("ab", parts, strict=True)))
    wide = 1.645 * math.sqrt(one.var() / 200 + two.var() / 200)
    assert gap.upper(0.05) - abs(one.mean() - two.mean()) == pytest.approx(wide, rel=0.1)


def _macro_f1(truth: Rows, answer: Rows) -> Callable[[Rows], float]:
    def score(rows: Rows) -> float:
        right, no, so, good = np.bincount(2 * truth[rows] + answer[rows], minlength=4)
        return float(right / (2 * right + no + so) + good / (2 * good + no + so))

    return score


HEAVY = np.concatenate([np.repeat(np.arange(25), 20), 25 + np.arange(600)])
"""What each of 1,100 rows repeats: 25 messages come 20 times."""


def test_a_score_is_no_surer_than_the_copies_that_may_fail_let_it_be() -> None:
    truth = HEAVY % 2
    wrong = np.arange(1100) >= 1100 - 12  # single messages: none of those that come again and again
    score = _macro_f1(truth, np.where(wrong, 1 - truth, truth))
    careless = Measurement.bootstrap(score, 1100, person=np.arange(1100)).lower(0.05)
    found = Measurement.bootstrap(score, 1100, person=HEAVY)
    share = Measurement.count(~wrong, HEAVY)
    assert found.value == pytest.approx(share.value, abs=1e-3)
    assert found.lower(0.05) == pytest.approx(share.lower(0.05), abs=0.003)
    assert share.lower(0.05) < 0.95 < 0.98 < careless
    assert found.needed(">=", 0.97, 0.05) > 2 * Measurement.bootstrap(score, 1100).needed(">=", 0.97, 0.05)


def test_an_error_is_no_smaller_than_the_copies_that_may_be_far_off_let_it_be() -> None:
    error = np.full(1100, 1.0)
    error[-60:] = 9.0
    found = Measurement.bootstrap(lambda rows: float(error[rows].mean()), 1100, person=HEAVY)
    unseen = 1 - 0.05 ** (1 / effective_size(np.ones(1100), HEAVY))
    assert found.upper(0.05) >= (1 - unseen) * error.mean() + unseen * 9.0 - 0.01
    assert Measurement.bootstrap(lambda rows: float(error[rows].mean()), 1100).upper(0.05) < 1.6 < found.upper(0.05)


def test_rows_drawn_alone_hide_nothing_whatever_they_are_called() -> None:
    values = np.random.default_rng(10).random(300)
    plain, named = (
        resample(lambda rows: float(values[rows].mean()), 300, person=who) for who in (None, np.arange(300))
    )
    assert plain.hidden is named.hidden is None
    assert plain.lower(0.05) == named.lower(0.05)


def test_copies_in_one_group_make_a_gap_between_groups_no_surer() -> None:
    truth = HEAVY % 2
    wrong = np.arange(1100) >= 1100 - 12
    groups = {
        "a": Measurement.bootstrap(_macro_f1(truth, np.where(wrong, 1 - truth, truth)), 1100, person=HEAVY),
        "b": Measurement.bootstrap(_macro_f1(truth[::-1], np.where(wrong, 1 - truth, truth)[::-1]), 1100),
    }
    gap, ratio = Measurement.gap(groups), Measurement.ratio(groups)
    unseen = groups["a"].value - groups["a"].lower(0.05)
    assert gap.upper(0.05) >= unseen - 1e-9
    assert ratio.lower(0.05) <= 1 - unseen / groups["b"].value + 1e-9


def test_what_copies_hide_does_not_depend_on_the_unit() -> None:
    error = np.random.default_rng(12).exponential(1, 625)[HEAVY]

    def upper(unit: float) -> float:
        return Measurement.bootstrap(lambda rows: float(error[rows].mean() * unit), 1100, person=HEAVY).upper(0.05)

    assert upper(1e-9) * 1e9 == pytest.approx(upper(1.0))


def test_of_very_many_rows_some_of_each_cluster_are_looked_at() -> None:
    values = np.repeat(np.random.default_rng(11).normal(size=400), 15)
    person = np.repeat(np.arange(400), 15)
    found = resample(lambda rows: float(values[rows].mean()), 6000, person=person)
    assert found.hidden is not None
    assert found.hidden.reach(0.05) == pytest.approx(found.variance, rel=0.15)
    assert found.hidden.end(0.05, True) < found.value < found.hidden.end(0.05, False)


def _f1(cells: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    counts = np.asarray(cells, dtype=float)
    result: npt.NDArray[np.float64] = 2 * counts[..., 0] / (2 * counts[..., 0] + counts[..., 1] + counts[..., 2])
    return result


def _same(found: npt.NDArray[np.int64], wanted: list[int]) -> bool:
    assert found.tolist() == wanted
    return True
