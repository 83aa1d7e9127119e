"""Bootstrap bounds: scipy's own answers, error rates near their promise, and silence where nothing can be known."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from zhinan.proof import Measurement, bca, resample
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


def _f1(cells: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    counts = np.asarray(cells, dtype=float)
    result: npt.NDArray[np.float64] = 2 * counts[..., 0] / (2 * counts[..., 0] + counts[..., 1] + counts[..., 2])
    return result


def _same(found: npt.NDArray[np.int64], wanted: list[int]) -> bool:
    assert found.tolist() == wanted
    return True
