"""People who return: no single voice sets off an alarm, and one that is due still comes."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from zhinan.proof import Detector, Rounds, detect

STREAMS, LABELS = 400, 1000


def crowd(rng: np.random.Generator, n: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Outcomes of people who are all right or all wrong, 90 % of them right; a few speak most of the time."""
    often = rng.pareto(1.0, 400) + 0.05
    who = rng.choice(400, n, p=often / often.sum())
    right = rng.random(400) < 0.9
    count: dict[int, int] = {}
    turns = np.zeros(n, np.int64)
    for place, one in enumerate(who.tolist()):
        count[one] = turns[place] = count.get(one, 0) + 1
    return right[who], turns


def test_people_who_return_do_not_cry_wolf_though_each_says_the_same_again_and_again() -> None:
    rng = np.random.default_rng(0)
    streams = [crowd(rng, LABELS) for _ in range(STREAMS)]
    alarmed = np.zeros(STREAMS, bool)
    for number in range(1, Rounds.most + 1):  # all streams of a round at once, as `Rounds` judges them one by one
        kept = [right[turns == number].astype(float) for right, turns in streams]
        padded = np.ones((STREAMS, max(map(len, kept))))  # a right answer at the end sets nothing off
        for place, outcomes in enumerate(kept):
            padded[place, : outcomes.size] = outcomes
        alarmed |= detect(padded, 0.9, 0.05 / (number * (number + 1))) > 0
    false = int(alarmed.sum())
    assert false <= 0.05 * STREAMS + 2 * np.sqrt(STREAMS * 0.05 * 0.95)
    plain = detect(np.stack([right for right, _ in streams]), 0.9, 0.05) > 0
    assert plain.mean() > 0.2  # each label for itself: the few who speak most decide
    some = streams[int(np.flatnonzero(alarmed)[0])] if false else streams[0]
    assert Rounds(0.9, 0.05).add(*some) == bool(false)


@pytest.mark.parametrize("floor", [0.5, 0.9, 0.99, 0.999])
def test_one_person_alone_cannot_set_it_off(floor: float) -> None:
    seen = Rounds(floor, 0.05)
    assert not seen.add(np.zeros(10_000), np.arange(1, 10_001))
    assert seen.n == Rounds.most
    assert Detector(floor, 0.05).add(np.zeros(10))


@pytest.mark.parametrize(("truth", "most"), [(0.8, 2.6), (0.7, 2.6)])
def test_a_broken_floor_is_noticed_nearly_as_soon_as_without_returning_people(truth: float, most: float) -> None:
    rng = np.random.default_rng(1)
    took = []
    for _ in range(30):
        seen = Rounds(0.9, 0.05)
        seen.add(rng.random(400) < truth, rng.choice([1, 1, 1, 2], 400))  # one label in four is a second one
        took.append(seen.alarmed_at or 10**6)
    oracle = np.log(20) / stats.entropy([truth, 1 - truth], [0.9, 0.1])
    assert np.median(took) <= most * oracle


def test_the_same_message_from_many_spread_over_time_cries_no_more_wolf_but_twice_in_a_row_from_nobody_does() -> None:
    rng = np.random.default_rng(3)
    often = 1 / np.arange(1, 1001)
    often /= often.sum()
    streams = np.empty((200, 1000), bool)
    for stream in streams:  # each message is right or wrong for good; those that are wrong are a tenth of what comes
        order = rng.permutation(1000)
        wrong = order[: np.searchsorted(np.cumsum(often[order]), 0.1)]
        stream[:] = ~np.isin(rng.choice(1000, 1000, p=often), wrong)
    assert (detect(streams, 0.9, 0.05) > 0).mean() <= 0.05
    twice = np.repeat(rng.random((200, 500)) < 0.9, 2, axis=1)
    assert (detect(twice, 0.9, 0.05) > 0).mean() > 0.1


def test_it_goes_on_from_its_state_and_the_first_alarm_stands() -> None:
    rng = np.random.default_rng(2)
    outcomes, turns = rng.random(300) < 0.7, rng.integers(1, 4, 300)
    whole, parts = Rounds(0.9, 0.05), Rounds(0.9, 0.05)
    whole.add(outcomes, turns)
    for start in range(0, 300, 37):
        parts.add(outcomes[start : start + 37], turns[start : start + 37])
        parts = Rounds.from_state(json.loads(json.dumps(parts.state())))
    assert (parts.n, parts.alarmed_at, parts.evidence) == (300, whole.alarmed_at, whole.evidence)
    assert whole.alarm
    assert whole.evidence >= 20


def test_a_turn_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="turn"):
        Rounds(0.9, 0.05).add([1.0], [0])
