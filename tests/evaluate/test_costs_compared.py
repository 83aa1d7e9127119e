"""Energy and money follow from what was measured and declared; relative costs compare processes that took turns."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.contract import CostSpec, parse, parse_line
from zhinan.core import UserError
from zhinan.evaluate import costs as room
from zhinan.evaluate.costs import Costs, check_energy, energy_wh, measure_costs, per_thousand
from zhinan.evaluate.energy import joules_between, reading, watt_hours
from zhinan.evaluate.measure import measure
from zhinan.evaluate.timing import Timing
from zhinan.proof import judge

PRICES = CostSpec(price=0.36, currency="USD", watts=72.0, current=0.01)


def costs(factor: float = 1.0, seed: int = 0, **more: Any) -> Costs:
    draw = np.random.default_rng(seed)
    given: dict[str, Any] = {
        "latencies": factor * draw.gamma(9, 1e-3, 400), "blocks": np.repeat(np.arange(10), 40),
        "throughputs": draw.uniform(900, 1000, 10) / factor, "memories": factor * draw.uniform(2e8, 2.1e8, 10),
        "size": int(factor * 5e6), "cpu_seconds": factor * draw.uniform(0.001, 0.0011, 10), "prices": PRICES,
    }  # fmt: skip
    return Costs(**{**given, **more})


def value(text: str, on: Costs) -> float:
    return measure(parse_line(text), on).value


def verdict(text: str, on: Costs, delta: float = 0.05) -> str:
    line = parse_line(text)
    return judge(line.text, line.op, line.target, measure(line, on), delta=delta, lines=1, on="measured").verdict


def test_money_is_the_hours_of_a_thousand_predictions_in_the_slowest_process() -> None:
    on = costs(throughputs=np.array([100.0] * 9 + [50.0]))
    assert value("cost <= 1 USD", on) == pytest.approx(1000 / 50 / 3600 * 0.36)
    assert verdict("cost <= 0.0021 USD", on) == "PROVED"
    assert verdict("cost <= 0.0019 USD", on) == "REFUTED"
    with pytest.raises(UserError, match="E282"):
        measure(parse_line("cost <= 1 USD"), replace(on, prices=CostSpec()))


def test_energy_is_measured_where_the_machine_tells_else_estimated_and_said_so() -> None:
    on = costs(cpu_seconds=np.full(10, 0.01))
    assert value("energy <= 1 Wh", on) == pytest.approx(0.01 * 72 * 1000 / 3600)
    told = replace(on, joules=np.array([0.5] * 9 + [0.9]))
    assert value("energy <= 1 Wh", told) == pytest.approx(0.9 * 1000 / 3600)
    bounds = [measure(parse_line("energy <= 1 Wh"), one).bound for one in (on, told)]
    assert "estimate" in bounds[0]
    assert "72 W" in bounds[0]
    assert "RAPL" in bounds[1]
    with pytest.raises(UserError) as error:
        measure(parse_line("energy <= 1 Wh"), replace(on, prices=CostSpec()))
    assert error.value.code == "E281"
    assert "watts" in error.value.fix()


def test_a_line_about_energy_that_nothing_tells_is_refused_before_any_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "product: x\ndata: a.csv\ntarget: y\nmust:\n  - energy <= 1 Wh\n"
    monkeypatch.setattr(room, "readable", lambda: False)
    with pytest.raises(UserError) as error:
        check_energy(parse(text))
    assert (error.value.code, error.value.where) == ("E281", "product.yaml:5:5")
    assert "cost: {watts: 65}" in error.value.fix()
    check_energy(parse(text + "cost: {watts: 65}\n"))
    monkeypatch.setattr(room, "readable", lambda: True)
    check_energy(parse(text))


def test_the_energy_of_training_is_its_cpu_seconds_at_the_power_known() -> None:
    assert energy_wh(3600, costs()) == 72
    assert energy_wh(3600, costs(cpu_seconds=np.full(10, 0.01), joules=np.full(10, 0.5))) == pytest.approx(50)
    assert energy_wh(3600, costs(prices=CostSpec())) is None
    assert watt_hours(100, None) is None


def test_the_report_gets_what_a_thousand_answers_take_and_none_for_what_is_not_known() -> None:
    on = costs(throughputs=np.full(10, 50.0), cpu_seconds=np.full(10, 0.01))
    assert per_thousand(on) == pytest.approx(
        {"money_per_1k": 0.002, "currency": "USD", "energy_wh_per_1k": 0.2, "energy": "estimate: CPU-seconds × 72 W"}
    )
    nothing = per_thousand(replace(on, prices=CostSpec()))
    assert nothing == {"money_per_1k": None, "currency": None, "energy_wh_per_1k": None, "energy": "unknown"}


def zone(folder: Path, name: str, label: str, joules: int, most: int = 1000) -> None:
    place = folder / name
    place.mkdir(exist_ok=True)
    (place / "name").write_text(label + "\n")
    (place / "energy_uj").write_text(f"{joules * 10**6}\n")
    (place / "max_energy_range_uj").write_text(f"{most * 10**6}\n")


def test_packages_and_their_memory_are_added_and_parts_are_not_counted_twice(tmp_path: Path) -> None:
    for name, label in [("intel-rapl:0", "package-0"), ("intel-rapl:0:0", "core"), ("intel-rapl:0:1", "dram"),
                        ("intel-rapl:1", "package-1"), ("intel-rapl:2", "psys")]:  # fmt: skip
        zone(tmp_path, name, label, 10)
    before = reading(tmp_path)
    assert sorted(before) == ["intel-rapl:0", "intel-rapl:0:1", "intel-rapl:1"]
    zone(tmp_path, "intel-rapl:0", "package-0", 15)
    zone(tmp_path, "intel-rapl:0:0", "core", 500)
    zone(tmp_path, "intel-rapl:1", "package-1", 4)
    assert joules_between(before, reading(tmp_path)) == pytest.approx(5 + (1000 - 10 + 4)), "a counter starts over"


def test_a_machine_that_does_not_let_its_energy_be_read_tells_nothing(tmp_path: Path) -> None:
    assert reading(tmp_path / "none") == {}
    zone(tmp_path, "intel-rapl:0", "package-0", 10)
    (tmp_path / "intel-rapl:0" / "energy_uj").unlink()
    assert reading(tmp_path) == {}
    assert joules_between({}, {}) is None


@pytest.mark.parametrize(
    ("metric", "unit"), [("memory", "MB"), ("throughput", "rps"), ("energy", "Wh"), ("cost", "USD")]
)
def test_where_the_worst_process_counts_each_is_compared_with_its_neighbour(metric: str, unit: str) -> None:
    ours, theirs = costs(0.5, prices=CostSpec(0.36, "USD", 72.0)), costs(seed=1)
    ours = replace(ours, current=theirs)
    better = parse_line(f"{metric} {'>=' if metric == 'throughput' else '<='} current").op
    each = [
        [float(measure(parse_line(f"{metric} {better} 1 {unit}"), side.block(i)).value) for i in range(10)]
        for side in (ours, theirs)
    ]
    ratios = [one / two for one, two in zip(*each, strict=True)]
    found = measure(parse_line(f"{metric} {better} 90% of current"), ours)
    assert found.value == pytest.approx(np.median(ratios))
    assert (found.lower(0.05), found.upper(0.05)) == pytest.approx((min(ratios), max(ratios)))
    away = [one - two for one, two in zip(*each, strict=True)]
    assert value(f"{metric} {better} current", ours) == pytest.approx(np.median(away))
    between = sorted(ratios)[4] * 100
    assert verdict(f"{metric} {better} {between:.9f}% of current", ours) == "UNDECIDED", (
        "some pairs say so, some do not"
    )
    few = replace(ours, throughputs=ours.throughputs[:3], current=theirs)
    assert verdict(f"{metric} {better} current", few) == "UNDECIDED"
    assert verdict(f"{metric} {better} current", ours) == "PROVED"
    assert verdict(f"{metric} {better} current", replace(theirs, prices=ours.prices, current=ours)) == "REFUTED"


def test_size_is_compared_exactly_and_latency_by_the_bounds_of_both() -> None:
    ours = replace(costs(0.5), current=costs(seed=1))
    assert (value("size <= 50% of current", ours), verdict("size <= 50% of current", ours)) == (0.5, "PROVED")
    assert value("size <= current - 1 MB", ours) == -2_500_000
    line, other = parse_line("latency_p95 <= 80% of current"), parse_line("latency_p95 <= 9 s")
    found = measure(line, ours)
    parts = [measure(other, one) for one in (ours, costs(seed=1))]
    assert found.value == pytest.approx(parts[0].value / parts[1].value)
    assert found.upper(0.05) == pytest.approx(parts[0].upper(0.025) / parts[1].lower(0.025))
    assert verdict(line.text, ours) == "PROVED"
    few = replace(ours, current=ours.block(0))
    assert verdict(line.text, few) == "UNDECIDED", "one process of the other side proves nothing"


def test_what_today_costs_may_be_declared_instead() -> None:
    on = costs(throughputs=np.full(10, 50.0))  # 0.002 USD against 0.01
    assert value("cost <= 30% of current", on) == pytest.approx(0.2)
    assert verdict("cost <= 20% of current", on) in {"PROVED", "REFUTED"}
    assert verdict("cost <= 21% of current", on) == "PROVED"
    assert value("cost <= current", on) == pytest.approx(-0.008)
    other = replace(on, current=costs(throughputs=np.full(10, 1.0)))
    assert value("cost <= 30% of current", other) == pytest.approx(0.2), "the declared price is what current means"


@pytest.mark.parametrize("text", ["cost <= current", "size <= current", "memory <= 90% of current"])
def test_a_relative_cost_with_nothing_to_compare_with_is_an_error(text: str) -> None:
    with pytest.raises(UserError, match="E283"):
        measure(parse_line(text), costs(prices=CostSpec(price=1.0, currency="USD")))


def test_the_draft_and_the_live_version_take_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    turns = []

    def child(_: Timing, draft: Path, given: Path, warm_up: int) -> dict[str, Any]:
        turns.append((draft.name, "old" in given.read_text("utf-8")))
        slow = 1 if draft.name == "ours" else 2
        return {"latencies": [slow * 0.001] * 40, "throughput": 100 / slow, "memory": slow * 1e8,
                "cpu_seconds": slow * 0.01, "joules": None}  # fmt: skip

    monkeypatch.setattr(Timing, "of", child)
    for name, size in (("ours", 100), ("live", 400)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "head.onnx").write_bytes(b"x" * size)
    for written_later in ("report.html", "card.md", "proof.json"):
        (tmp_path / "live" / written_later).write_bytes(b"x" * 10_000)
    found = measure_costs(
        tmp_path / "ours", {"m": ["a", "b"]}, blocks=3, prices=PRICES, against=(tmp_path / "live", {"old": ["a", "b"]})
    )
    assert turns == [("ours", False), ("live", True)] * 3
    assert found.current is not None
    assert (found.size, found.current.size) == (100, 400)
    assert found.machine["energy"] == "estimate: CPU-seconds × 72 W"
    assert value("size <= current", found) == -300
    assert value("latency_p95 <= 60% of current", found) == pytest.approx(0.5)
    assert math.isclose(value("energy <= 60% of current", found), 0.5)
