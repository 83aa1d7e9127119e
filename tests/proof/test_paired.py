"""Promotion: a challenger that is no better is rarely called superior, one that is worse rarely called as good."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from zhinan.proof import (
    Measurement,
    compare,
    effective_size,
    mcnemar,
    paired_difference,
    paired_size,
    relative,
    tango,
)
from zhinan.proof.paired import MARGIN


@pytest.mark.parametrize(("wins", "losses"), [(0, 0), (0, 9), (7, 1), (30, 12), (400, 371)])
def test_mcnemar_is_scipys_exact_binomial(wins: int, losses: int) -> None:
    theirs = stats.binomtest(wins, wins + losses, alternative="greater").pvalue if wins + losses else 1.0
    assert mcnemar(wins, losses) == pytest.approx(theirs)


def test_the_published_interval_of_tango() -> None:
    """Airway reactivity: Fagerland, Lydersen & Laake, Statistics in Medicine 33 (2014)."""
    assert tango(1, 7, 21, 0.025) == pytest.approx((-0.517, -0.026), abs=5e-4)


@pytest.mark.parametrize(("n", "wins", "losses"), [(50, 12, 2), (100, 5, 5), (1000, 30, 20), (44, 0, 1)])
def test_tango_is_the_root_of_its_polynomial(n: int, wins: int, losses: int) -> None:
    """Yang, Sun & Hardin, Statistics in Medicine 32 (2013): the same interval in closed form."""
    g, d, s = stats.norm.ppf(0.975) ** 2, wins - losses, wins + losses
    polynomial = [
        n**2 * (n / g + 1) ** 2,
        -n * d * (n / g + 1) * (4 * n / g + 1),
        2 * n * d**2 * (3 * n / g + 2) / g - n**2 * (s / g + 1),
        n * d * (2 * s / g + 1) - d**3 * (4 * n / g + 1) / g,
        d**2 * (d**2 / g - s) / g,
    ]
    roots = np.roots(polynomial)
    for bound in tango(wins, losses, n, 0.025):
        assert np.abs(roots - bound).min() < 1e-6


def _tables(n: int, win: float, lose: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every number of wins and of losses among n pairs that can well be, and its chance."""
    near = [np.arange(max(0, int(n * p - 6 * math.sqrt(n * p) - 3)), int(n * p + 6 * math.sqrt(n * p) + 4))
            for p in (win, lose)]  # fmt: skip
    wins, losses = (table.ravel() for table in np.meshgrid(*near, indexing="ij"))
    counts = np.stack([wins, losses, n - wins - losses], axis=-1)
    counts = counts[counts[:, 2] >= 0]
    chance = stats.multinomial.pmf(counts, n, [win, lose, 1 - win - lose])
    assert chance.sum() > 1 - 1e-6
    return counts[:, 0], counts[:, 1], chance


@pytest.mark.parametrize("delta", [0.05, 0.025, 0.00625])
@pytest.mark.parametrize(("n", "differ"), [(100, 0.02), (100, 0.3), (500, 0.1), (2000, 0.1)])
def test_no_more_often_than_promised_an_equal_one_is_superior_and_one_a_point_worse_as_good(
    n: int, differ: float, delta: float
) -> None:
    """Exact, not simulated: over all tables, at the true difference that is the most kind to a false claim."""
    wins, losses, chance = _tables(n, differ / 2, differ / 2)
    claimed = np.array([mcnemar(*pair) for pair in zip(wins.tolist(), losses.tolist(), strict=True)]) <= delta
    superior = float(chance[claimed].sum())
    wins, losses, chance = _tables(n, (differ - MARGIN) / 2, (differ + MARGIN) / 2)
    as_good = float(chance[tango(wins, losses, n, delta, strict=True)[0] >= -MARGIN].sum())
    print(f"n {n}, {differ:.0%} differ, δ {delta:.3%}: superior {superior:.3%}, as good {as_good:.3%}")
    assert 0 < superior <= delta
    assert 0 <= as_good <= delta
    if n * differ >= 30:  # and not for want of any claims
        assert min(superior, as_good) > delta / 3


def test_superior_is_promoted_and_as_good_only_when_cheaper() -> None:
    champion = np.arange(2000) % 10 > 0
    better = champion | (np.arange(2000) % 20 == 0)
    won = compare(champion, better, delta=0.05)
    assert (won.claim, won.promote, won.wins, won.losses, won.needed) == ("superior", True, 100, 0, None)
    same = compare(champion, champion, delta=0.05)
    assert (same.claim, same.promote, same.difference) == ("non-inferior", False, 0.0)
    assert compare(champion, champion, delta=0.05, cheaper=True).promote
    assert compare(better, champion, delta=0.05, cheaper=True).claim == "undecided"


def test_the_pairs_it_would_take_are_enough() -> None:
    needed = paired_size(60, 50, 1000, 0.05, goal=0.0)
    assert needed is not None
    rng = np.random.default_rng(1)
    pairs = rng.multinomial(needed, [0.06, 0.05, 0.89], 300)
    assert np.mean([mcnemar(w, lost) <= 0.05 for w, lost, _ in pairs]) > 0.72
    assert paired_size(50, 60, 1000, 0.05, goal=0.0) is None
    undecided = compare(*_pair(110, 100, 1000), delta=0.05, cheaper=True)
    assert undecided.claim == "undecided"
    assert (undecided.needed or 0) > 1000


def test_few_pairs_or_few_persons_promote_nothing() -> None:
    wrong, right = np.zeros(9, bool), np.ones(9, bool)
    assert compare(wrong, right, delta=0.05).claim == "undecided"
    wrong, right = np.zeros(200, bool), np.ones(200, bool)
    assert compare(wrong, right, delta=0.05, person=np.arange(200) % 4).claim == "undecided"
    with pytest.raises(ValueError, match="different examples"):
        compare(wrong, right[:9], delta=0.05)


def test_alike_persons_make_promotion_no_likelier_than_promised() -> None:
    rng = np.random.default_rng(2)
    streams, careless, careful = 200, 0, 0
    for _ in range(streams):
        person = np.repeat(np.arange(100), 1 + rng.geometric(0.3, 100))
        leaning = rng.integers(0, 2, 100)[person]
        differs = rng.random(person.size) < 0.5
        champion = rng.random(person.size) < 0.9
        challenger = np.where(differs, rng.random(person.size) < leaning, champion)
        champion = np.where(differs, ~challenger, champion)
        careless += compare(champion, challenger, delta=0.05).claim == "superior"
        careful += compare(champion, challenger, delta=0.05, person=person).claim == "superior"
    assert careful <= stats.binom.ppf(0.99, streams, 0.05) < careless


def test_a_challenger_is_not_superior_where_copies_that_it_may_lose_would_make_it_none() -> None:
    unit = np.concatenate([np.repeat(np.arange(25), 20), 25 + np.arange(600)])
    new, found = np.ones(1100, bool), {}
    for wins in (40, 54, 70):
        found[wins] = compare(np.arange(1100) < 1100 - wins, new, delta=0.05, person=unit)
    assert [one.claim for one in found.values()] == ["undecided", "non-inferior", "superior"]
    assert found[54].p <= 0.05
    unseen = 1 - 0.05 ** (1 / effective_size(np.ones(1100), unit))  # the heavy ones may lose so much with that chance
    assert found[54].lower == pytest.approx(54 / 1100 * (1 - unseen) - unseen)
    old = Measurement.count(np.arange(1100) < 1100 - 54, unit)
    apart = relative(Measurement.count(new, unit), old, "difference")
    assert apart.lower(0.05) == pytest.approx(found[54].lower)
    back = relative(old, Measurement.count(new, unit), "difference")
    assert back.upper(0.05) == pytest.approx(-found[54].lower)
    ratio = relative(Measurement.count(new, unit), old, "ratio")
    assert ratio.lower(0.05) <= (1 - unseen) / ((1 - unseen) * old.value + unseen) + 1e-9 < 1


def test_other_scores_are_compared_on_the_same_rows() -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(size=300)
    old, new = noise, noise + 0.05 + 0.01 * rng.normal(size=300)
    gain = paired_difference(lambda rows: float(old[rows].mean()), lambda rows: float(new[rows].mean()), 300)
    assert gain.value == pytest.approx(0.05, abs=0.005)
    assert gain.lower(0.05) > 0.045


def _pair(wins: int, losses: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    row = np.arange(n)
    return row >= wins, (row < wins) | (row >= wins + losses)
