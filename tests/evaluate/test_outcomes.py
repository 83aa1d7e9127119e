"""Lines that are no plain mean are watched by outcomes whose mean is on the right side exactly while the line holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from zhinan.contract import Line, parse_line
from zhinan.evaluate.measure import judged, measure
from zhinan.evaluate.outcomes import Outcomes, Pairs, outcomes, pairs
from zhinan.proof import Judged, Valued, detect

STREAMS, LABELS = 500, 1000
Floats = npt.NDArray[np.float64]


def of(line: str, on: Judged | Valued) -> Outcomes:
    found = outcomes(parse_line(line), on)
    assert found is not None
    return found


def false(alarmed: npt.NDArray[np.int64]) -> None:
    """At most 5 % and two standard errors."""
    share = float((alarmed > 0).mean())
    assert share <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / alarmed.size)


def numbers(errors: Floats) -> Valued:
    return Valued(truth=np.full(errors.size, 10.0), answer=10.0 + errors)


@pytest.mark.parametrize(
    ("line", "scale"), [("mae <= 2", 2.0), ("rmse <= 2", 2 / np.sqrt(2)), ("mape <= 20%", 2.0)]
)  # fmt: skip
def test_a_loss_without_end_at_its_ceiling_cries_wolf_no_more_than_promised(line: str, scale: float) -> None:
    errors = np.random.default_rng(0).exponential(scale, STREAMS * LABELS)  # E[x²] = 2·scale²
    found = of(line, numbers(errors))
    assert (found.floor, found.better) == (0.2, "lower")
    assert found.value(float(np.mean(list(found.amounts.values())))) == pytest.approx(
        0.2 if "%" in line else 2, rel=0.01
    )
    assert max(found.scores.values()) == 1.0  # one label, however wrong, counts five times the ceiling at most
    streams = np.fromiter(found.scores.values(), float).reshape(STREAMS, LABELS)
    false(detect(streams, found.floor, 0.05, "lower"))


def test_a_loss_that_grows_by_half_is_noticed() -> None:
    errors = np.random.default_rng(1).exponential(3.0, 40 * 400)
    found = of("mae <= 2", numbers(errors))
    alarmed = detect(np.fromiter(found.scores.values(), float).reshape(40, 400), found.floor, 0.05, "lower")
    assert np.mean(alarmed > 0) > 0.9
    assert np.median(alarmed[alarmed > 0]) < 120


def test_a_truth_of_zero_has_no_share_and_is_left_out() -> None:
    found = of("mape <= 20%", Valued(truth=np.array([0.0, 4.0]), answer=np.array([1.0, 5.0])))
    assert dict(found.amounts) == {1: 0.25}


def classes(n: int, seed: int) -> Judged:
    """Class a is 30 % of the truth and found by 80 %; a sixth of what is called a is b."""
    rng = np.random.default_rng(seed)
    truth = np.where(rng.random(n) < 0.3, "a", "b")
    answer = np.where(
        truth == "a", np.where(rng.random(n) < 0.8, "a", "b"), np.where(rng.random(n) < 0.048 / 0.7, "a", "b")
    )
    return judged(truth.tolist(), answer.tolist(), classes=("a", "b"))


def test_f1_is_watched_by_a_rate_that_is_its_own_value_and_floor() -> None:
    on = classes(STREAMS * 400, 2)
    exact = measure(parse_line("f1[a] >= 80%"), on).value
    found = of(f"f1[a] >= {exact:.6%}", on)
    scores = np.fromiter(found.scores.values(), float)
    assert found.value(float(scores.mean())) == pytest.approx(exact)
    assert scores.mean() == pytest.approx(found.floor, abs=1e-6)
    assert set(found.scores) == set(np.flatnonzero((on.truth == "a") | (on.answer == "a")).tolist())
    false(detect(scores[: STREAMS * 120].reshape(STREAMS, -1), found.floor, 0.05))


def sides(line: str) -> tuple[Line, Pairs, Judged]:
    on = judged(
        ["a"] * 6 + ["b"], ["a", "b", "a", "a", "b", "a", "a"], classes=("a", "b"),
        columns={"site": ["x", "y", "x", "y", "y", "z", "x"]},
    )  # fmt: skip
    found = pairs(parse_line(line), on)
    assert found is not None
    return parse_line(line), found, on


def test_groups_are_compared_by_a_row_of_each() -> None:
    _, found, _ = sides("gap(recall[a], by=site) <= 10 pt")
    assert dict(found.scores) == {0: ("x", 1), 1: ("y", 0), 2: ("x", 1), 3: ("y", 1), 4: ("y", 0), 5: ("z", 1)}
    assert (found.floor, found.better) == (0.55, "lower")
    assert [found.outcome(1, 0), found.outcome(0, 1), found.outcome(1, 1)] == [1.0, 0.0, 0.5]
    _, ratio, _ = sides("parity(accuracy, by=site) >= 80%")
    assert len(ratio.scores) == 7
    # rates p and 0.8 p are just in the limit: the mean outcome is the floor
    first, second = 0.8 * 0.9, 0.9
    mean = sum(
        ratio.outcome(x, y) * (first if x else 1 - first) * (second if y else 1 - second)
        for x in (0, 1)
        for y in (0, 1)
    )
    assert mean == pytest.approx(ratio.floor)


@pytest.mark.parametrize("line", ["gap(recall[a], by=site) <= 10 pt", "parity(recall[a], by=site) >= 88%"])
def test_groups_at_the_limit_cry_wolf_no_more_than_promised(line: str) -> None:
    _, found, _ = sides(line)
    high, rng = 0.9, np.random.default_rng(3)
    low = high - 0.1 if "gap" in line else high * 0.88
    one, two = rng.random((STREAMS, LABELS)) < high, rng.random((STREAMS, LABELS)) < low
    worst = found.outcome(one * 1.0, two * 1.0) if "gap" in line else found.outcome(two * 1.0, one * 1.0)  # type: ignore[arg-type]
    false(detect(worst, found.floor, 0.05, found.better))


@pytest.mark.parametrize(
    "line", ["macro_f1 >= 80%", "gap(f1[a], by=site) <= 5 pt", "gap(macro_recall, by=site) <= 5 pt"]
)
def test_lines_without_a_fair_bet_have_none(line: str) -> None:
    _, _, on = sides("gap(accuracy, by=site) <= 5 pt")
    assert outcomes(parse_line(line), on) is None
    assert pairs(parse_line(line), on) is None
