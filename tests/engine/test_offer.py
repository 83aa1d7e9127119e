"""The counter-offer names a change that would really have been proved, or none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import Contract, parse, parse_line
from zhinan.engine.offer import offer
from zhinan.evaluate.certify import Findings
from zhinan.proof import Measurement, judge, outcome

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
