"""A challenger replaces the champion by proof alone: better, or no worse and smaller, and without losing a line."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from zhinan.contract import Contract, parse, parse_line
from zhinan.evaluate.in_time import measure_in_time
from zhinan.evaluate.measure import measure
from zhinan.evaluate.row_scores import value_on
from zhinan.improve import deciding
from zhinan.improve.deciding import decide, main_line, paired
from zhinan.proof import Judged, Tagged, Valued
from zhinan.proof.paired import MARGIN


def contract(*must: str) -> Contract:
    lines = ", ".join(f"'{line}'" for line in must or ("accuracy >= 80%",))
    return parse(f"product: support\ndata: {{source: m.csv, target: intent}}\nmust: [{lines}]\n")


def answered(right: np.ndarray) -> Judged:
    truth = np.where(np.arange(len(right)) % 2 == 0, "a", "b")
    return Judged(truth, np.where(right, truth, np.where(truth == "a", "b", "a")), classes=("a", "b"))


def said(*verdicts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"line": line, "verdict": verdict} for line, verdict in verdicts]


PROVED = said(("accuracy >= 80%", "PROVED"))


def share(n: int, rate: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(n) < rate


def test_a_better_challenger_is_promoted_and_a_worse_one_kept() -> None:
    old, new = answered(share(600, 0.85)), answered(share(600, 0.95, 1))
    found = decide(contract(), (old, PROVED), (new, PROVED), 0.05)
    assert found.promote
    assert found.paired is not None
    assert (found.paired.claim, found.paired.n) == ("superior", 600)
    back = decide(contract(), (new, PROVED), (old, PROVED), 0.05)
    assert not back.promote
    assert back.paired is not None
    assert back.paired.value == pytest.approx(-found.paired.value)


def test_no_worse_is_enough_only_for_a_smaller_one() -> None:
    same = answered(share(800, 0.9))
    assert not decide(contract(), (same, PROVED), (same, PROVED), 0.05).promote
    smaller = decide(contract(), (same, PROVED), (same, PROVED), 0.05, lighter=True)
    assert smaller.promote
    assert "smaller" in smaller.why.en


def test_a_refuted_or_lost_line_keeps_the_champion_however_much_better_it_is() -> None:
    asked = contract("accuracy >= 70%", "recall[b] >= 80%")
    old, new = answered(share(600, 0.9)), answered(share(600, 0.97, 1))
    proved = said(("accuracy >= 70%", "PROVED"), ("recall[b] >= 80%", "PROVED"))
    lost = said(("accuracy >= 70%", "PROVED"), ("recall[b] >= 80%", "UNDECIDED"))
    assert decide(asked, (old, proved), (new, proved), 0.05).promote
    assert "recall[b]" in decide(asked, (old, proved), (new, lost), 0.05).why.en
    refuted = said(("accuracy >= 70%", "REFUTED"), ("recall[b] >= 80%", "PROVED"))
    assert "refuted" in decide(asked, (old, proved), (new, refuted), 0.05).why.en
    fallen = answered(share(600, 0.5))  # on these rows the champion proves nothing any more
    assert decide(asked, (fallen, proved), (new, lost), 0.05).promote


def test_a_cost_line_that_the_champion_proved_is_not_given_up() -> None:
    asked = contract("accuracy >= 70%", "size <= 5 MB")
    old, new = answered(share(600, 0.85)), answered(share(600, 0.97, 1))
    told = said(("accuracy >= 70%", "PROVED"), ("size <= 5 MB", "UNDECIDED"))
    was = said(("accuracy >= 70%", "PROVED"), ("size <= 5 MB", "PROVED"))
    assert "size" in decide(asked, (old, was), (new, told), 0.05).why.en


def test_while_the_seal_stays_closed_nothing_is_promoted() -> None:
    old = answered(share(100, 0.5))
    found = decide(contract(), (old, PROVED), (None, said(("accuracy >= 80%", "UNDECIDED"))), None)
    assert (found.promote, found.paired) == (False, None)


@pytest.mark.parametrize(("worse", "lighter"), [(0.0, False), (MARGIN, True)])
def test_who_is_no_better_or_worse_by_the_margin_is_promoted_no_more_often_than_promised(
    worse: float, lighter: bool
) -> None:
    """Whole decisions; tests/proof/test_paired.py has the exact chances of what they rest on."""
    draw, asked, delta, differ = np.random.default_rng(7), contract(), 0.05, 0.1
    times, promoted = 2_000 if "ZHINAN_SOAK" in os.environ else 70, 0
    shares = np.cumsum([(differ - worse) / 2, (differ + worse) / 2, 0.8])
    for _ in range(times):
        kind = np.searchsorted(shares, draw.random(400))  # only the new one is right, only the old, both, neither
        old, new = answered((kind == 1) | (kind == 2)), answered((kind == 0) | (kind == 2))
        promoted += decide(asked, (old, PROVED), (new, PROVED), delta, lighter=lighter).promote
    seen = stats.binomtest(promoted, times)
    low, high = seen.proportion_ci(0.95)
    print(f"worse by {worse:.0%}, {promoted} of {times} promoted: {promoted / times:.2%} ({low:.2%} to {high:.2%})")
    assert promoted <= stats.binom.ppf(0.9999, times, delta)


def test_answers_that_are_all_alike_are_told_apart_by_no_row_and_the_bound_is_none() -> None:
    """NaN would be no JSON."""
    same = answered(share(60, 0.9))
    proved = said(("macro_f1 >= 70%", "PROVED"))
    found = decide(contract("macro_f1 >= 70%"), (same, proved), (same, proved), 0.05)
    assert found.paired is not None
    assert (found.paired.claim, found.paired.value, found.paired.bound) == ("undecided", 0.0, None)
    assert "cannot tell the two apart" in found.why.en


@pytest.mark.parametrize("line", ["accuracy >= 80%", "macro_f1 >= 80%"])
def test_a_good_week_is_no_better_challenger_where_it_is_known_when_rows_were(line: str) -> None:
    right = share(600, 0.85)
    week = (np.arange(600) >= 300) & (np.arange(600) < 340)
    old, new = answered(right & ~week), answered(right | week)
    claims = []
    for moment in (None, np.arange(600), np.random.default_rng(0).permutation(600)):
        rows = [replace(one, moment=moment) for one in (old, new)]
        claims.append(paired(contract(line), parse_line(line), *rows, 0.05).claim)
    assert claims == ["superior", "undecided", "superior"]


def test_where_the_live_version_learned_from_every_row_it_is_said() -> None:
    none = np.array([])
    for line, on in (
        ("mae <= 2", Valued(none, none, none, none, moment=none)),
        ("accuracy >= 80%", replace(answered(share(0, 0.9)), moment=none)),
    ):
        verdicts = said((line, "UNDECIDED"))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = decide(contract(line), (on, verdicts), (on, verdicts), 0.05)
        assert not found.promote
        assert "learned from every sealed row" in found.why.en


def test_the_champion_is_judged_by_blocks_no_shorter_than_the_challenger() -> None:
    line = parse_line("accuracy >= 80%")
    old = replace(answered(share(600, 0.86)), moment=np.arange(600))
    new = replace(answered(np.repeat(share(40, 0.86, 1), 15)), moment=np.arange(600))
    measured = {line.text: measure_in_time(line, new, least=100)}
    verdicts = said((line.text, "UNDECIDED"))
    assert "the champion proves" in decide(contract(), (old, verdicts), (new, verdicts), 0.05).why.en
    alike = decide(contract(), (old, verdicts), (new, verdicts), 0.05, measured=measured)
    assert "the champion proves" not in alike.why.en


def test_scores_that_are_no_counts_are_compared_by_a_paired_bootstrap() -> None:
    asked = contract("macro_f1 >= 70%")
    old, new = answered(share(60, 0.6)), answered(share(60, 0.97, 1))
    line = main_line(asked, new)
    assert line is not None
    found = paired(asked, line, old, new, 0.05)
    assert (found.claim, found.wins) == ("superior", None)
    draw = np.random.default_rng(3)
    truth = draw.normal(10, 3, 40)
    close, far = (Valued(truth, truth + draw.normal(0, spread, 40)) for spread in (0.5, 2.0))
    numbers = parse("product: x\ntask: regress\ndata: {source: m.csv, target: y}\nmust: ['mae <= 3']\n")
    line = main_line(numbers, close)
    assert line is not None
    better = paired(numbers, line, far, close, 0.05)
    assert better.claim == "superior"
    assert better.value > 0
    assert better.margin == pytest.approx(0.03)


@pytest.mark.parametrize("text", ["micro_f1 >= 50%", "micro_recall >= 50%", "macro_f1 >= 50%", "f1[b] >= 50%"])
def test_a_score_of_resampled_rows_is_what_measuring_them_gives(text: str) -> None:
    """The paired bootstrap asks for it five thousand times, and takes no measurement each time."""
    draw, line = np.random.default_rng(0), parse_line(text)
    truth = draw.random((80, 3)) < 0.5
    flags = Tagged(truth, truth ^ (draw.random((80, 3)) < 0.2), None, ("a", "b", "c"))
    quick = value_on(line, flags)
    assert quick is not None
    for _ in range(5):
        rows = draw.integers(0, 80, 80)
        assert quick(rows) == pytest.approx(measure(line, deciding.taken(flags, rows)).value)
