"""Verdicts: a false line is rarely proved, a true contract rarely refuted, and nothing follows from nothing."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zhinan.proof import Measurement, Verdict, judge, judge_on_dev, outcome


def test_each_verdict_for_its_reason() -> None:
    accuracy = Measurement.counts(460, 500)
    found = {t: judge("a", ">=", t, accuracy, delta=0.05, lines=3, on="sealed") for t in (0.89, 0.9, 0.95)}
    assert [v.verdict for v in found.values()] == ["PROVED", "UNDECIDED", "REFUTED"]
    assert found[0.89].bound == pytest.approx(0.89713, abs=1e-5)
    assert found[0.95].bound == pytest.approx(accuracy.upper(0.05 / 3))
    assert found[0.9].to_decide == {"examples": (accuracy.needed(">=", 0.9, 0.05) or 0) - 500}
    assert found[0.89].to_decide is found[0.95].to_decide is None


def test_the_keys_of_a_verdict_are_those_promised_and_are_json() -> None:
    verdict = judge("a", ">=", 0.9, Measurement.count([]), delta=0.05, lines=1, on="sealed")
    assert list(verdict.as_dict()) == ["line", "verdict", "value", "bound", "n", "on", "to_decide"]
    json.dumps(verdict.as_dict(), allow_nan=False)


def test_a_false_line_is_proved_no_more_often_than_promised() -> None:
    for n, target in ((60, 0.9), (500, 0.9), (1000, 0.95)):
        hits = np.arange(n + 1)
        chance = stats.binom.pmf(hits, n, target - 1e-9)
        proved = [
            judge("a", ">=", target, Measurement.counts(int(h), n), delta=0.05, lines=5, on="sealed").verdict
            == "PROVED"
            for h in hits[chance > 1e-6]
        ]
        assert chance[chance > 1e-6][proved].sum() <= 0.05


def test_a_contract_with_one_false_line_passes_no_more_often_than_promised_and_a_true_one_is_rarely_refuted() -> None:
    rng = np.random.default_rng(0)
    streams, passed, refuted = 150, 0, 0
    for _ in range(streams):
        hits = rng.binomial(400, [0.9, 0.97, 0.985])
        lines = [
            judge("x", ">=", t, Measurement.counts(int(h), 400), delta=0.05, lines=3, on="sealed")
            for h, t in zip(hits, (0.9, 0.92, 0.95), strict=True)
        ]
        passed += outcome(lines) == "PROVED"
        refuted += outcome(lines) == "REFUTED"
    assert passed <= stats.binom.ppf(0.99, streams, 0.05)
    assert refuted <= stats.binom.ppf(0.99, streams, 0.05)


@given(st.integers(0, 200), st.floats(0, 1), st.floats(0, 1), st.sampled_from([">=", "<="]))
def test_proved_means_the_value_and_its_bound_hold(n: int, share: float, target: float, op: str) -> None:
    found = judge("a", op, target, Measurement.counts(round(share * n), n), delta=0.05, lines=2, on="sealed")  # type: ignore[arg-type]
    if found.verdict != "UNDECIDED":
        assert found.value is not None
        assert found.bound is not None
        right = found.value >= target if op == ">=" else found.value <= target
        assert right == (found.verdict == "PROVED")


@pytest.mark.parametrize("target", [0.0, 0.5, 0.99])
def test_degenerate_evidence_is_never_proved(target: float) -> None:
    nothing = [
        Measurement.count([]),
        Measurement.count(np.ones(5, bool)),
        Measurement.count(np.ones(90, bool), np.zeros(90)),
        Measurement.mean([0.9] * 50 + [float("nan")]),
        Measurement.mean([]),
        Measurement.bootstrap(lambda rows: float("nan"), 50),
        Measurement.bootstrap(lambda rows: 1.0, 50),
        Measurement.bootstrap(lambda rows: float(rows.mean()) / 50, 50, degenerate="only 2 errors"),
        Measurement.bootstrap(lambda rows: 1.0, 0),
        Measurement.exact(float("nan")),
        Measurement.worst([1.0, 1.0]),
        Measurement.worst([1.0] * 4 + [float("nan")]),
        Measurement.worst([]),
    ]
    for measurement in nothing:
        for op in (">=", "<="):
            verdict = judge("a", op, target, measurement, delta=0.05, lines=1, on="sealed")  # type: ignore[arg-type]
            assert verdict.verdict == "UNDECIDED", (measurement, op)
            assert verdict.why


def test_a_size_is_decided_exactly_and_memory_by_its_worst_run() -> None:
    size = Measurement.exact(59_000_000)
    assert judge("size", "<=", 60e6, size, delta=0.05, lines=1, on="measured").verdict == "PROVED"
    assert judge("size", "<=", 58e6, size, delta=0.05, lines=1, on="measured").verdict == "REFUTED"
    memory = Measurement.worst([1.0, 1.1, 1.0, 1.3, 1.0])
    assert (memory.value, memory.reason) == (1.3, None)
    assert judge("memory", "<=", 1.2, memory, delta=0.05, lines=1, on="measured").verdict == "REFUTED"
    assert Measurement.worst([5.0, 4.0, 6.0, 5.0, 5.0], better="higher").value == 4.0


def test_dev_refutes_but_never_proves() -> None:
    accuracy = Measurement.counts(460, 500)
    verdicts = {t: judge_on_dev("a", ">=", t, accuracy, delta=0.05, lines=3) for t in (0.5, 0.9, 0.95)}
    assert [v.verdict for v in verdicts.values()] == ["UNDECIDED", "UNDECIDED", "REFUTED"]
    assert {v.on for v in verdicts.values()} == {"dev"}


def test_the_outcome_is_the_worst_line() -> None:
    proved = judge("a", ">=", 0.5, Measurement.counts(90, 100), delta=0.05, lines=1, on="sealed")
    undecided, refuted = (dataclasses.replace(proved, verdict=v) for v in ("UNDECIDED", "REFUTED"))
    assert outcome([proved, proved]) == "PROVED"
    assert outcome([proved, undecided]) == "UNDECIDED"
    assert outcome([undecided, refuted, proved]) == "REFUTED"
    assert outcome([]) == "UNDECIDED"
    assert isinstance(proved, Verdict)


def test_candidates_compare_by_standard_errors_on_the_right_side() -> None:
    better, worse = Measurement.counts(960, 1000), Measurement.counts(930, 1000)
    assert better.standard_errors(">=", 0.9) > worse.standard_errors(">=", 0.9) > 0 > worse.standard_errors(">=", 0.95)
    assert Measurement.counts(9600, 10000).standard_errors(">=", 0.9) > better.standard_errors(">=", 0.9)
    assert Measurement.counts(40, 1000).standard_errors("<=", 0.1) == pytest.approx(better.standard_errors(">=", 0.9))


def test_a_flawless_candidate_stands_before_a_flawed_one_whatever_the_score() -> None:
    flawed = np.arange(300) % 30 > 0
    perfect, good = (
        Measurement.bootstrap(lambda rows, h=h: float(h[rows].mean()), 300, degenerate=why)  # type: ignore[misc]
        for h, why in ((np.ones(300), "only 0 errors"), (flawed, None))
    )
    assert np.inf > perfect.standard_errors(">=", 0.9) > good.standard_errors(">=", 0.9) > 0
    assert Measurement.count([]).standard_errors(">=", 0.9) == -np.inf
    assert Measurement.exact(5.0).standard_errors("<=", 6.0) == np.inf


def test_wrong_questions_are_refused() -> None:
    measurement = Measurement.counts(90, 100)
    for question in ({"delta": 0.0, "lines": 1}, {"delta": 1.0, "lines": 1}, {"delta": 0.05, "lines": 0}):
        with pytest.raises(ValueError, match=r"delta|line"):
            judge("a", ">=", 0.9, measurement, on="sealed", **question)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=">= or <="):
        judge("a", ">", 0.9, measurement, delta=0.05, lines=1, on="sealed")  # type: ignore[arg-type]
