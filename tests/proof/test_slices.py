"""Weak slices: a planted one is found on dev and holds on other rows; where there is none, few are called findings."""

from __future__ import annotations

import numpy as np
import pytest

from zhinan.proof import benjamini_hochberg, mine_slices, test_slices


def rows(n: int, seed: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {
        "channel": draw.choice(["app", "web", "mail", "phone"], n),
        "language": draw.choice(["en", "zh"], n),
        "length": draw.choice(["short", "middle", "long"], n),
    }


def test_a_planted_slice_of_two_conditions_is_found_first_and_holds() -> None:
    draw = np.random.default_rng(1)
    found = []
    for seed in (10, 20):
        seen = rows(1500, seed)
        weak = (seen["channel"] == "mail") & (seen["language"] == "zh")
        found.append((seen, draw.random(1500) < np.where(weak, 0.4, 0.1)))
    (dev, wrong), (sealed, missed) = found
    mined = mine_slices(dev, wrong)
    assert mined[0].conditions == (("channel", "mail"), ("language", "zh"))
    weak = (dev["channel"] == "mail") & (dev["language"] == "zh")
    assert (mined[0].n, mined[0].errors) == (weak.sum(), wrong[weak].sum())
    tested = test_slices(mined, sealed, missed)
    assert [one.conditions for one in tested] == [one.conditions for one in mined]
    assert tested[0].held
    assert tested[0].rate == pytest.approx(0.4, abs=0.12)


def test_chances_are_those_of_fishers_exact_test() -> None:
    """scipy.stats.fisher_exact([[12, 28], [18, 142]], alternative="greater") gives .0051196."""
    values = np.array(["a"] * 40 + ["b"] * 160)
    wrong = np.array([True] * 12 + [False] * 28 + [True] * 18 + [False] * 142)
    (one,) = mine_slices({"group": values}, wrong)
    assert one.p == pytest.approx(fisher(12, 28, 18, 142), rel=1e-9)


def fisher(a: int, b: int, c: int, d: int) -> float:
    from scipy.stats import fisher_exact

    return float(fisher_exact([[a, b], [c, d]], alternative="greater")[1])


def test_without_weak_slices_few_hold_on_other_rows() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for seed in range(200):
        dev, sealed = rows(600, seed), rows(600, seed + 1000)
        tested = test_slices(mine_slices(dev, draw.random(600) < 0.15), sealed, draw.random(600) < 0.15)
        held += any(one.held for one in tested)
    assert held <= 200 * 0.05 + 4 * np.sqrt(200 * 0.05 * 0.95)


def repeated(draw: np.random.Generator, sizes: list[int]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Rows of messages that come so many times, and the message of each."""
    message = np.repeat(np.arange(len(sizes)), sizes)
    seen = rows(len(sizes), int(draw.integers(2**32)))
    return {name: values[message] for name, values in seen.items()}, message


@pytest.mark.parametrize("sizes", [[1] * 300 + [5] * 60, [1] * 400 + [20] * 20], ids=["five times", "twenty times"])
def test_copies_of_a_wrong_message_make_no_slice(sizes: list[int]) -> None:
    draw = np.random.default_rng(4)
    streams, naive, found, mined = 150, 0, 0, 0
    for _ in range(streams):
        dev, sealed = (repeated(draw, sizes) for _ in range(2))
        wrong, missed = ((draw.random(len(sizes)) < 0.15)[message] for _, message in (dev, sealed))
        for person, other in ((None, None), (dev[1], sealed[1])):
            suspects = mine_slices(dev[0], wrong, person=person)
            held = any(one.held for one in test_slices(suspects, sealed[0], missed, person=other))
            naive, found = naive + (held and person is None), found + (held and person is not None)
            mined += len(suspects) * (person is not None)
    assert found <= streams * 0.05 < naive / 2
    assert mined < streams / 2


def test_a_weak_slice_among_copies_is_found_and_holds() -> None:
    draw = np.random.default_rng(5)
    sizes = [1] * 800 + [4] * 150
    (dev, mine), (sealed, other) = (repeated(draw, sizes) for _ in range(2))
    wrong, missed = (
        (draw.random(len(sizes))[message] < np.where(seen["channel"] == "web", 0.35, 0.1))
        for seen, message in ((dev, mine), (sealed, other))
    )
    mined = mine_slices(dev, wrong, person=mine)
    assert mined[0].conditions == (("channel", "web"),)
    (tested, *_) = test_slices(mined, sealed, missed, person=other)
    web = sealed["channel"] == "web"
    assert tested.held
    assert (tested.n, tested.errors) == (web.sum(), missed[web].sum()), "counted as rows, whatever they are worth"


def test_groups_of_the_same_rows_are_one_finding() -> None:
    seen = rows(900, 5)
    wrong = np.random.default_rng(5).random(900) < np.where(seen["channel"] == "web", 0.5, 0.1)
    mined = mine_slices({**seen, "again": seen["channel"]}, wrong)
    assert sum(("channel", "web") in one.conditions or ("again", "web") in one.conditions for one in mined) == 1


def test_benjamini_hochberg_of_the_paper() -> None:
    """Benjamini & Hochberg (1995), section 3: at q = .05 the first four of fifteen are rejected."""
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p = [*small, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert benjamini_hochberg(p, 0.05).tolist() == [True] * 4 + [False] * 11
    assert benjamini_hochberg([], 0.05).size == 0


def test_small_groups_flawless_and_hopeless_answers_give_nothing() -> None:
    seen = {"group": np.array(["a"] * 20 + ["b"] * 80)}
    wrong = np.array([True] * 15 + [False] * 85)
    assert mine_slices(seen, wrong, least=30) == ()
    assert mine_slices(seen, np.zeros(100, bool)) == mine_slices(seen, np.ones(100, bool)) == ()
    with pytest.raises(ValueError, match="99"):
        mine_slices({"group": np.array(["a"] * 99)}, wrong)
    with pytest.raises(ValueError, match="no column"):
        test_slices(mine_slices(seen, wrong, least=5), {}, wrong)


def test_a_slice_is_told_as_it_is_neither_by_its_parents_nor_in_parts() -> None:
    draw = np.random.default_rng(6)
    seen = rows(4000, 6)
    mail = seen["channel"] == "mail"
    part = mine_slices(seen, draw.random(4000) < np.where(mail & (seen["length"] == "long"), 0.5, 0.1))
    assert [one.conditions for one in part] == [(("channel", "mail"), ("length", "long"))]
    whole = mine_slices(seen, draw.random(4000) < np.where(mail, 0.4, 0.1))
    assert [one.conditions for one in whole] == [(("channel", "mail"),)]


def test_two_weak_slices_are_both_found_the_clearer_first() -> None:
    seen = rows(3000, 7)
    chance = np.where(seen["channel"] == "app", 0.5, np.where(seen["language"] == "zh", 0.25, 0.1))
    mined = mine_slices(seen, np.random.default_rng(7).random(3000) < chance)
    assert [one.conditions for one in mined] == [(("channel", "app"),), (("language", "zh"),)]
    assert mined[0].p < mined[1].p < 0.01


def test_one_condition_is_enough_when_asked_for_and_three_are_not_offered() -> None:
    seen = rows(1500, 8)
    weak = (seen["channel"] == "web") & (seen["language"] == "en")
    wrong = np.random.default_rng(8).random(1500) < np.where(weak, 0.5, 0.1)
    assert {len(one.conditions) for one in mine_slices(seen, wrong, depth=1)} == {1}
    with pytest.raises(ValueError, match="one or two"):
        mine_slices(seen, wrong, depth=3)


def test_a_slice_that_other_rows_lack_does_not_hold() -> None:
    seen = rows(900, 9)
    wrong = np.random.default_rng(9).random(900) < np.where(seen["channel"] == "web", 0.5, 0.1)
    others = seen["channel"] != "web"
    (tested,) = test_slices(mine_slices(seen, wrong), {k: v[others] for k, v in seen.items()}, wrong[others])
    assert (tested.n, tested.held, tested.p) == (0, False, 1.0)
    assert np.isnan(tested.rate)
