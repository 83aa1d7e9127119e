"""Four fifths: a ratio between groups is proved large only when every pair is, and rarely when it is not."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.proof import Measurement, judge, koopman


@pytest.mark.parametrize(
    ("table", "interval"),
    [
        ((56, 70, 48, 80), (1.1167297097, 1.6094183172)),
        ((9, 10, 3, 10), (1.4943134077, 7.3466314864)),
        ((36, 40, 16, 80), (3.1322605084, 6.6436922943)),
        ((25, 100, 30, 90), (0.5144939059, 1.0905771880)),
    ],
)
def test_the_bounds_are_those_of_statsmodels(table: tuple[int, int, int, int], interval: tuple[float, float]) -> None:
    """confint_proportions_2indep(compare="ratio", method="score", alpha=0.1) of statsmodels 0.14."""
    lower, upper = koopman(*table, 0.05)
    assert (float(lower), float(upper)) == pytest.approx(interval, rel=1e-8)


@given(
    st.integers(1, 80), st.integers(1, 80), st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.05, 0.003]),
    st.booleans(),
)  # fmt: skip
def test_swapping_the_groups_inverts_the_bounds_and_the_value_lies_between(
    n1: int, n2: int, share1: float, share2: float, delta: float, strict: bool
) -> None:
    x1, x2 = round(share1 * n1), round(share2 * n2)
    lower, upper = (float(b) for b in koopman(x1, n1, x2, n2, delta, strict=strict))
    swapped = [float(b) for b in koopman(x2, n2, x1, n1, delta, strict=strict)]
    assert 0 <= lower <= upper
    if x2:
        assert lower * (1 - 1e-9) <= (x1 / n1) / (x2 / n2) <= upper * (1 + 1e-9)
    if not strict and x1 and x2:
        assert swapped == pytest.approx([1 / upper, 1 / lower], rel=1e-6)


def test_a_group_that_is_never_chosen_bounds_nothing_above() -> None:
    assert [float(b) for b in koopman(0, 10, 0, 10, 0.05)] == [0.0, math.inf]
    assert float(koopman(10, 20, 0, 20, 0.05)[1]) == math.inf
    assert float(koopman(0, 20, 10, 20, 0.05)[0]) == 0.0


def test_every_pair_counts_and_the_worst_one_decides() -> None:
    groups = {name: _outcomes(hits, 400) for name, hits in {"men": 300, "women": 285, "others": 230}.items()}
    ratio = Measurement.ratio(groups)
    assert ratio.value == pytest.approx(230 / 300)
    assert ratio.lower(0.05) == pytest.approx(float(koopman(230, 400, 300, 400, 0.05, strict=True)[0]))
    verdicts = {t: judge("r", ">=", t, ratio, delta=0.05, lines=1, on="sealed").verdict for t in (0.7, 0.75, 0.9)}
    assert verdicts == {0.7: "PROVED", 0.75: "UNDECIDED", 0.9: "REFUTED"}
    without = Measurement.ratio({k: v for k, v in groups.items() if k != "others"})
    assert judge("r", ">=", 0.85, without, delta=0.05, lines=1, on="sealed").verdict == "PROVED"


def test_the_examples_it_would_take_are_about_enough() -> None:
    seen = Measurement.ratio({"a": _outcomes(300, 400), "b": _outcomes(262, 400)})
    needed = seen.needed(">=", 0.8, 0.05)
    assert needed is not None
    assert needed > 800
    rng = np.random.default_rng(0)
    hits = rng.binomial(needed // 2, [262 / 400, 300 / 400], (2000, 2))
    proved = koopman(hits[:, 0], needed // 2, hits[:, 1], needed // 2, 0.05, strict=True)[0] >= 0.8
    assert 0.72 < proved.mean() < 0.88


def test_equal_groups_are_rarely_called_unequal_however_many_there_are() -> None:
    rng = np.random.default_rng(1)
    refuted = [Measurement.ratio({str(g): rng.random(150) < 0.7 for g in range(6)}).upper(0.05) < 1 for _ in range(100)]
    assert np.mean(refuted) <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 100)


def test_persons_in_both_groups_make_a_ratio_no_surer() -> None:
    rng = np.random.default_rng(2)
    person = np.repeat(np.arange(80), 4)
    good = rng.random(80) < 0.5
    first = rng.random(320) < np.where(good, 0.95, 0.6)[person]
    second = rng.random(320) < np.where(good, 0.6, 0.95)[person]
    shared = Measurement.ratio({"a": Measurement.count(first, person), "b": Measurement.count(second, person)})
    apart = Measurement.ratio({"a": Measurement.count(first, person), "b": Measurement.count(second, person + 80)})
    assert shared.lower(0.05) < apart.lower(0.05) < Measurement.ratio({"a": first, "b": second}).lower(0.05)


def test_a_ratio_of_other_scores_uses_their_own_bounds() -> None:
    rng = np.random.default_rng(3)
    boot = {g: _mean_of(rng.normal(0.8, 0.1, 200)) for g in "ab"}
    means = {g: Measurement.mean(rng.beta(8, 2, 400)) for g in "ab"}
    for parts in (boot, means, {"a": boot["a"], "b": means["b"]}):
        ratio = Measurement.ratio(parts)
        assert 0.7 < ratio.lower(0.05) < ratio.value <= 1


def test_nothing_one_group_or_a_tiny_one_proves_nothing() -> None:
    zeros = np.zeros(100, bool)
    for groups in (
        {},
        {"a": _outcomes(90, 100)},
        {"a": _outcomes(90, 100), "b": _outcomes(4, 4)},
        {"a": zeros, "b": zeros},
        {"a": _outcomes(90, 100), "b": Measurement.counts(0, 0)},
    ):
        verdict = judge("r", ">=", 0.01, Measurement.ratio(groups), delta=0.05, lines=1, on="sealed")
        assert verdict.verdict == "UNDECIDED"


def _outcomes(hits: int, n: int) -> npt.NDArray[np.bool_]:
    return np.arange(n) < hits


def _mean_of(values: npt.NDArray[np.float64]) -> Measurement:
    return Measurement.bootstrap(lambda rows: float(values[rows].mean()), values.size)
