"""The counter-offer names a change that would really have been proved, or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract, parse, parse_line
from zhinan.core import Candidate, Words
from zhinan.engine.climb import Rung, Tried
from zhinan.engine.margins import Standing
from zhinan.engine.next_steps import Step
from zhinan.engine.offer import offer, pareto, relaxations
from zhinan.engine.outlook import Outlook
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.costs import Costs
from zhinan.proof import Measurement, judge, outcome, relative

DELTA = 0.05


def found_for(contract: Contract, measured: Sequence[Measurement], on: str = "sealed") -> Findings:
    verdicts = tuple(
        judge(line.text, line.op, line.target, m, delta=DELTA, lines=len(measured), on=on)  # type: ignore[arg-type]
        for line, m in zip(contract.must, measured, strict=True)
    )
    seen = {line.text: m for line, m in zip(contract.must, measured, strict=True)}
    return Findings(verdicts, (), seen, {"opening": 1, "delta": DELTA, "left": 3}, None, ())


def contract(*must: str) -> Contract:
    return parse("product: p\ndata: m.csv\ntarget: y\nmust:\n" + "".join(f"  - {line}\n" for line in must))


def relaxed(line: str, measured: Measurement, on: str = "sealed") -> str | None:
    given_contract = contract(line)
    made = offer(given_contract, found_for(given_contract, [measured], on), ())
    return None if made is None or made["relax"] is None else made["relax"]["to"]


def proves(line: str, measured: Measurement) -> bool:
    parsed = parse_line(line)
    seen = judge(line, parsed.op, parsed.target, measured, delta=DELTA, lines=1, on="sealed")
    return outcome([seen]) == "PROVED"


@settings(max_examples=80)
@given(st.integers(10, 2000), st.floats(0.02, 0.999), st.integers(10, 999))
def test_the_relaxed_share_is_proved_by_the_same_evidence(n: int, rate: float, target: int) -> None:
    measured = Measurement.counts(round(n * rate), n)
    line = relaxed(f"accuracy >= {target / 10}%", measured)
    if line is not None:
        assert proves(line, measured), f"{line} of {round(n * rate)}/{n}"
        assert parse_line(line).target < target / 1000


@settings(max_examples=30)
@given(st.floats(0.001, 0.5), st.integers(0, 100))
def test_the_relaxed_latency_is_proved_by_the_same_evidence(middle: float, seed: int) -> None:
    draw = np.random.default_rng(seed)
    measured = Measurement.quantile(middle * draw.gamma(30, 1 / 30, 400), 0.95, np.repeat(np.arange(10), 40))
    asked = f"latency_p95 <= {1010 * measured.value:.4f} ms"
    line = relaxed(asked, measured)
    if line is not None:
        assert proves(line, measured)
        assert parse_line(line).target > parse_line(asked).target


def test_a_gap_is_relaxed_upwards() -> None:
    draw = np.random.default_rng(1)
    measured = Measurement.gap({"app": draw.random(200) < 0.9, "web": draw.random(200) < 0.88})
    line = relaxed("gap(recall, by=channel) <= 5 pt", measured)
    assert line is not None
    assert line.startswith("gap(recall, by=channel) <= ")
    assert line.endswith(" pt")
    assert proves(line, measured)


@pytest.mark.parametrize(
    ("measured", "on"),
    [
        (Measurement.counts(5, 5), "sealed"),
        (Measurement.counts(0, 0), "sealed"),
        (Measurement.counts(90, 100), "dev"),
        (Measurement.counts(10, 100), "sealed"),
        (Measurement.counts(1, 10), "sealed"),
    ],
    ids=["five rows", "no rows", "only dev is known", "refuted", "hardly more than nothing"],
)
def test_where_no_change_would_be_proved_none_is_offered(measured: Measurement, on: str) -> None:
    line = relaxed("accuracy >= 90%", measured, on)
    assert line is None or proves(line, measured)
    if measured.n != 10:
        assert line is None


def test_a_noisy_machine_is_not_offered_a_tighter_line() -> None:
    blocks = np.repeat(np.arange(10), 40)
    measured = Measurement.quantile(0.001 * (1 + 40 * (blocks == 3)) + 1e-6 * np.arange(400), 0.95, blocks)
    line = relaxed("latency_p95 <= 500 ms", measured)
    assert line is None or parse_line(line).target > 0.5


def test_two_open_lines_have_no_single_relaxation_and_a_proved_contract_no_offer() -> None:
    good, open_one = Measurement.counts(99, 100), Measurement.counts(90, 100)
    two = contract("accuracy >= 90%", "recall[a] >= 89%")
    made = offer(two, found_for(two, [open_one, open_one]), ())
    assert made is not None
    assert made["relax"] is None
    assert offer(two, found_for(two, [good, good]), ()) is None
    made = offer(two, found_for(two, [good, open_one]), ())
    assert made is not None
    assert made["relax"]["line"] == "recall[a] >= 89%"


def test_each_of_several_open_lines_has_its_own_change() -> None:
    open_one = Measurement.counts(90, 100)
    two = contract("accuracy >= 90%", "recall[a] >= 89%")
    changes, alone = relaxations(two, found_for(two, [open_one, open_one]))
    assert not alone
    assert [change["line"] for change in changes] == ["accuracy >= 90%", "recall[a] >= 89%"]
    assert all(proves(change["to"], open_one) for change in changes)
    changes, alone = relaxations(two, found_for(two, [open_one, Measurement.counts(10, 100)]))
    assert not alone
    assert [change["line"] for change in changes] == ["accuracy >= 90%"], "a refuted line was offered a change"


@settings(max_examples=40)
@given(st.integers(60, 800), st.floats(0.6, 0.99), st.integers(-60, 60))
def test_a_line_relative_to_current_is_relaxed_as_a_contract_writes_it(n: int, rate: float, off: int) -> None:
    draw = np.random.default_rng(n)
    ours, theirs = draw.random(n) < rate, draw.random(n) < 0.8
    measured = relative(Measurement.count(ours), Measurement.count(theirs), "difference")
    line = relaxed(f"accuracy >= current {'-' if off < 0 else '+'} {abs(off) / 10} pt", measured)
    if line is not None:
        assert proves(line, measured), line
        assert parse_line(line).relative == "difference"
        assert parse_line(line).target < off / 1000


POINTS = st.lists(st.tuples(st.floats(-5, 5), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=8)


@settings(max_examples=150)
@given(POINTS)
def test_nobody_beats_a_candidate_of_the_front_and_everybody_else_is_beaten(points: Any) -> None:
    asked = contract("accuracy >= 90%", "latency_p95 <= 5 ms")
    tried, costs = [], {}
    for i, (margin, size, latency) in enumerate(points):
        rung = Rung("shallow", "linear", (f"e{i}",))
        files = {"head.onnx": bytes(size)}
        made = Candidate("linear", "shallow", rung.encoders, (), files, ("a", "b"), np.zeros((1, 2)))
        # a cost line holds or not for all alike: the front weighs quality against what it really costs
        standing = Standing({}, {line.text: margin if line.metric == "accuracy" else -9 for line in asked.must}, {})
        tried.append(Tried(rung, made, standing))
        costs[i] = Costs(np.full(5, latency / 1000), np.zeros(5, int), np.ones(1), np.ones(1), size)
    tried.append(Tried(Rung("frozen", "linear", ("skipped",))))
    shown = {row["encoder"] for row in pareto(asked, tried, costs)}
    for i, one in enumerate(points):
        beaten = any(o[0] >= one[0] and o[1] <= one[1] and o[2] <= one[2] and o != one for o in points)
        assert (f"e{i}" in shown) is not beaten
    assert "skipped" not in shown


def test_the_front_says_what_is_not_known_and_does_not_judge_by_it() -> None:
    asked = contract("accuracy >= 90%")
    tried = [
        Tried(
            Rung("shallow", "linear", (name,)),
            Candidate("linear", "shallow", (name,), (), {"f": bytes(size)}, ("a",), np.zeros((1, 1))),
            Standing({"accuracy >= 90%": 0.9}, {"accuracy >= 90%": 1.0}, {}),
        )
        for name, size in (("small", 5), ("large", 9))
    ]
    fast = Costs(np.full(5, 0.001), np.zeros(5, int), np.ones(1), np.ones(1), 9)
    front = pareto(asked, tried, {1: fast})
    assert [row["encoder"] for row in front] == ["small"]
    assert front[0]["latency_ms"] is None
    assert front[0]["energy_wh_per_1k"] is None


def test_the_offer_has_the_promised_keys_and_is_json() -> None:
    asked = contract("accuracy >= 90%")
    found = found_for(asked, [Measurement.counts(90, 100)])
    bare = offer(asked, found, ())
    assert bare is not None
    promised = {"pareto", "relax", "labels", "suspect_labels", "weak_slices", "next"}
    assert bare.keys() == promised
    step = Step("more data", (0.01, 0.02), "pt", Words("because", "因为"))
    full = offer(asked, found, (), Outlook(slices=[], steps=[step]))
    assert full is not None
    assert full.keys() == promised
    assert json.loads(json.dumps(full)) == full
    assert full["next"][0] == {
        "do": "more data", "gain": {"low": 0.01, "high": 0.02}, "unit": "pt",
        "evidence": {"en": "because", "zh": "因为"},
    }  # fmt: skip
    assert full["suspect_labels"] is None, "nobody looked"
