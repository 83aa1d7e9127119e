"""Measures what an answer costs on this machine: the packaged draft itself, in blocks of fresh processes."""

from __future__ import annotations

import json
import math
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from zhinan.contract import Contract, CostSpec, Line
from zhinan.core import Candidate, UserError, Words, find
from zhinan.core.private import private_folder
from zhinan.evaluate.energy import JOULES, joules_between, readable, reading, watt_hours
from zhinan.evaluate.timing import Timing
from zhinan.package.environment import processor
from zhinan.proof import Measurement, relative
from zhinan.proof.evidence import Evidence, Op
from zhinan.proof.measurement import RUNS

__all__ = [
    "BLOCKS", "Costs", "Pairs", "check_energy", "energy_wh", "machine", "measure_cost", "measure_costs", "per_thousand",
    "rough_costs", "rough_costs_of",
]  # fmt: skip

Run = Callable[[dict[str, list[Any]]], Mapping[str, Any]]

BLOCKS = 10
"""Fresh processes a latency line is measured in."""

WRITTEN_LATER = frozenset({"proof.json", "report.html", "card.md"})

SINGLE = 40
WARM_UP = 10
BATCH = 64


@dataclass(frozen=True)
class Costs:
    """What was measured. Times in seconds, sizes in bytes.

    latencies: (m,) seconds of single requests; blocks: (m,) which process each came from;
    throughputs: (b,) rows per second of each process in batches; memories: (b,) peak resident bytes of each;
    cpu_seconds: (b,) of one prediction in batches; joules: (b,) of the same, empty where the machine does not tell;
    prices: what the contract says an hour and a watt are; current: the live version's, each process right after ours.
    """

    latencies: np.ndarray
    blocks: np.ndarray
    throughputs: np.ndarray
    memories: np.ndarray
    size: int
    machine: Mapping[str, str] = field(default_factory=dict)
    cpu_seconds: np.ndarray = field(default_factory=lambda: np.empty(0))
    joules: np.ndarray = field(default_factory=lambda: np.empty(0))
    prices: CostSpec = field(default_factory=CostSpec)
    current: Costs | None = None

    @property
    def energy(self) -> str:
        """Where figures of energy come from: measured by RAPL, an estimate, or unknown."""
        if self.joules.size:
            return "measured by RAPL"
        declared = self.prices.watts
        return f"estimate: CPU-seconds × {declared:g} W" if declared is not None else "unknown"

    @property
    def watts(self) -> float | None:
        """Power while predicting: measured per CPU-second where the machine tells, else as declared, else None."""
        if self.joules.size and self.cpu_seconds.sum() > 0:
            return float(self.joules.sum() / self.cpu_seconds.sum())
        return self.prices.watts

    def energies(self) -> np.ndarray:
        """Watt-hours of 1,000 predictions, (b,): measured where the machine tells, else CPU-seconds × declared watts.

        Raises:
            UserError: E281 when neither is known.
        """
        if self.joules.size:
            return self.joules * 1000 / JOULES
        if self.prices.watts is None:
            raise UserError("E281", line=Words("the metric energy", "指标 energy"))
        return self.cpu_seconds * self.prices.watts * 1000 / JOULES

    def money(self) -> np.ndarray:
        """Money for 1,000 predictions at the price of an hour, (b,).

        Raises:
            UserError: E282 without a price.
        """
        if self.prices.price is None:
            raise UserError("E282")
        return np.asarray(1000 / self.throughputs * self.prices.price / 3600)

    def block(self, number: int) -> Costs:
        """What one process gave."""
        mine, at = self.blocks == number, slice(number, number + 1)
        held = {name: getattr(self, name)[at] for name in ("throughputs", "memories", "cpu_seconds", "joules")}
        return replace(self, latencies=self.latencies[mine], blocks=self.blocks[mine], current=None, **held)


def check_energy(contract: Contract) -> None:
    """Refuses a line about energy where the machine does not tell it and no power is declared, before any compute.

    Raises:
        UserError: E281.
    """
    for line in (*contract.must, *contract.should):
        if line.metric == "energy" and contract.cost.watts is None and not readable():
            raise UserError("E281", line.where, line=f"'{line.text}'")


def per_thousand(costs: Costs) -> dict[str, Any]:
    """Money and energy of 1,000 answers for the report, each None where it is not known.

    Returns:
        {"money_per_1k", "currency", "energy_wh_per_1k", "energy"}; "energy" says how that figure was come by.
    """
    prices, known = costs.prices, costs.joules.size or costs.prices.watts is not None
    return {
        "money_per_1k": float(costs.money().max()) if prices.price is not None else None,
        "currency": prices.currency,
        "energy_wh_per_1k": float(costs.energies().max()) if known and costs.energies().size else None,
        "energy": costs.energy,
    }


def energy_wh(cpu_seconds: float, costs: Costs) -> float | None:
    """An estimate of the watt-hours that training a recipe took, from its CPU-seconds; None when no power is known."""
    return watt_hours(cpu_seconds, costs.watts)


def measure_cost(line: Line, costs: Costs) -> Measurement:
    """What a cost line measures, relative to the live version or to what today's answers cost where it says so.

    Relative figures of latency are each side's own bound (Bonferroni), those of size exact. Where the worst process
    counts, each is compared with the one of the live version that ran right after it, and every pair has to hold.

    Raises:
        UserError: E283 for a relative line when nothing is known of the current costs; what the metric raises.
    """
    metric = find("metric", line.metric, line.where)
    ours: Measurement = metric.target(costs, **line.args)
    if line.relative is None:
        return ours
    declared = line.metric == "cost" and costs.prices.current is not None
    if costs.current is None and not declared:
        raise UserError("E283", line.where, line=line.text, fix="")
    worst = ours.bound.startswith("worst")
    if not worst and costs.current is not None:
        return relative(ours, metric.target(costs.current, **line.args), line.relative)

    def value(of: Costs, number: int) -> float:
        return float(metric.target(of.block(number), **line.args).value)

    pairs = []
    for number in range(len(costs.throughputs)):
        first = value(costs, number)
        second = costs.prices.current if declared or costs.current is None else value(costs.current, number)
        pairs.append(first - (second or 0.0) if line.relative == "difference" else first / (second or np.nan))
    evidence = Pairs(tuple(pairs))
    few = f"only {len(pairs)} runs, {RUNS} are needed" if len(pairs) < RUNS else None
    broken = "a run gave no number" if math.isnan(evidence.value) else None
    return Measurement(evidence.value, len(pairs), f"every one of {len(pairs)} pairs", few or broken, evidence, "runs")


@dataclass(frozen=True)
class Pairs(Evidence):
    """Runs compared with their neighbours: what every pair says is proved, what no pair says is refuted.

    The value is the median, which the extremes of ten pairs enclose with an error of 2^−10 on either side.

    Source: the sign test, Dixon & Mood, JASA 41 (1946).
    """

    each: tuple[float, ...]

    @property
    def value(self) -> float:  # type: ignore[override]
        """The median pair; NaN when a run gave no number."""
        return float(np.median(self.each)) if self.each else math.nan

    @property
    def n(self) -> int:  # type: ignore[override]
        """Pairs."""
        return len(self.each)

    def lower(self, delta: float) -> float:
        """The lowest pair."""
        return min(self.each, default=math.nan)

    def upper(self, delta: float) -> float:
        """The highest pair."""
        return max(self.each, default=math.nan)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """Not known: another pair can only widen the range."""
        return None


def measure_costs(
    draft: Path,
    rows: Mapping[str, Sequence[Any]],
    *,
    blocks: int = BLOCKS,
    prices: CostSpec | None = None,
    against: tuple[Path, Mapping[str, Sequence[Any]]] | None = None,
    timing: Timing | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Costs:
    """Runs the draft in `blocks` fresh processes, one at a time, on rows of dev.

    Args:
        draft: a version directory. rows: the input columns of some dev rows, at least one row.
        prices: of the contract. against: the live version's directory and its input columns of the same rows; its
            processes take turns with the draft's, so that both see the machine in the same state.
        timing: of which the first process may have been begun.

    Raises:
        UserError: E254 when a process cannot run the draft.
    """
    sides = [(draft, rows), *([against] if against else [])]
    seen: list[list[dict[str, Any]]] = [[] for _ in sides]
    with private_folder() as folder, timing or Timing() as timed:
        for block in range(blocks):
            for (path, given), side in zip(sides, seen, strict=True):
                side.append(timed.of(path, _sample(given, block, folder / "rows.json"), WARM_UP))
            if progress:
                progress(block + 1, blocks)
    ours, *others = (_gathered(path, side, prices or CostSpec()) for (path, _), side in zip(sides, seen, strict=True))
    return replace(ours, current=others[0] if others else None)


def _sample(rows: Mapping[str, Sequence[Any]], block: int, file: Path) -> Path:
    count = len(next(iter(rows.values())))
    picked = [(block * SINGLE + i) % count for i in range(WARM_UP + SINGLE)]
    batch = [(block * BATCH + i) % count for i in range(BATCH)]
    sample = {"single": _rows(rows, picked), "batch": _rows(rows, batch)}
    file.write_text(json.dumps(sample, default=str), encoding="utf-8")
    return file


def _gathered(path: Path, seen: Sequence[Mapping[str, Any]], prices: CostSpec) -> Costs:
    """What the processes of one version gave, together."""
    joules = [one["joules"] for one in seen if one["joules"] is not None]
    measured = len(joules) == len(seen)
    found = Costs(
        latencies=np.array([latency for one in seen for latency in one["latencies"]]),
        blocks=np.repeat(np.arange(len(seen)), [len(one["latencies"]) for one in seen]),
        throughputs=np.array([one["throughput"] for one in seen]),
        memories=np.array([one["memory"] for one in seen]),
        size=_bytes_in(path),
        cpu_seconds=np.array([one["cpu_seconds"] for one in seen]),
        joules=np.array(joules if measured else []),
        prices=prices,
    )
    return replace(found, machine={**machine(), "energy": found.energy})


def rough_costs(
    candidate: Candidate,
    rows: Mapping[str, Sequence[Any]],
    prices: CostSpec | None = None,
    current: Costs | None = None,
) -> Costs:
    """A first idea of what a candidate costs, in this process, for comparing candidates before one is packaged.

    Its memory is not a number, since this process holds more than the candidate.

    Args:
        current: the live version's, from `rough_costs_of`.
    """
    from zhinan.steps import Program

    size = sum(map(len, candidate.files.values()))
    found = _rough(Program(candidate.steps, candidate.files).run, rows, size, prices)
    return replace(found, current=current)


def rough_costs_of(path: Path, run: Run, rows: Mapping[str, Sequence[Any]], prices: CostSpec | None = None) -> Costs:
    """As `rough_costs`, of a version: its directory, and what answers its rows."""
    return _rough(run, rows, _bytes_in(path), prices)


def _rough(run: Run, rows: Mapping[str, Sequence[Any]], size: int, prices: CostSpec | None) -> Costs:
    count = len(next(iter(rows.values())))
    latencies = []
    for i in range(min(WARM_UP + SINGLE, max(count, 20))):
        one = {name: [values[i % count]] for name, values in rows.items()}
        start = time.perf_counter()
        run(one)
        latencies.append(time.perf_counter() - start)
    start, cpu, energy = time.perf_counter(), time.process_time(), reading()
    run({name: list(values) for name, values in rows.items()})
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    joules = joules_between(energy, reading())
    return Costs(
        np.array(latencies[WARM_UP:]), np.zeros(len(latencies) - WARM_UP, int),
        np.array([count / seconds]), np.array([np.nan]),
        size=size, prices=prices or CostSpec(),
        cpu_seconds=np.array([cpu / count]), joules=np.array([] if joules is None else [joules / count]),
    )  # fmt: skip


def _bytes_in(folder: Path) -> int:
    """What a draft weighs, and the version made of it: its proof and report are written after it was measured."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in WRITTEN_LATER)
    return sum(file.stat().st_size for file in files)


def machine() -> dict[str, str]:
    """What the measured figures hold for."""
    import onnxruntime

    return {
        "platform": platform.platform(),
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "threads": "1",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def _rows(rows: Mapping[str, Sequence[Any]], picked: Sequence[int]) -> list[dict[str, Any]]:
    return [{name: values[i] for name, values in rows.items()} for i in picked]
