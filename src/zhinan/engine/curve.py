"""How the error of the chosen recipe falls with more labels, and whether any recipe could reach the target."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.contract.units import UNITS
from zhinan.core import Candidate, Dataset, Encoded, Words, find
from zhinan.data import units_of
from zhinan.engine.climb import Tried
from zhinan.engine.encode import Encoding
from zhinan.engine.refits import Refits, some, spread_out, too_slow
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.decisions import decide
from zhinan.evaluate.disturb import under
from zhinan.evaluate.measure import is_cost, judge_dataset, measure_known

if TYPE_CHECKING:
    from zhinan.proof import Curve, Measurement

__all__ = ["Aim", "Learned", "aim_of", "error_of", "feasible_facts", "in_parts", "learned", "unit_of"]

STEPS = 12
"""Sizes of the curve, each √2 times the one before, up to all of train."""

ENOUGH_SIZES = 6
FEWEST = 50
AHEAD = 4.0
"""How far ahead of today's rows the report draws the forecast; beyond 5× nothing is said."""

EDGE = 1.645
ONE_SIDED = 0.16
"""A normal value is this seldom more than one standard deviation too high."""

TASTE = 64
ENOUGH = 400
"""Dev rows that a nearest neighbour is looked up for, at most and when time is short at least."""


@dataclass(frozen=True)
class Aim:
    """The line of the contract that learning more is about.

    Args:
        line: as the contract has it. plain: the same without a comparison. target: the error it allows.
        error: the chosen candidate's on dev. n: dev rows behind it. measured: what it comes from.
    """

    line: Line
    plain: Line
    target: float
    error: float
    n: int
    measured: Measurement | None = None

    @property
    def unit(self) -> str:
        """In which errors are told: shares in %, others in the metric's unit also where the line asks for a ratio."""
        unit = unit_of(self.line)
        return "%" if unit == "pt" else unit

    @property
    def spread(self) -> float:
        """The error's standard deviation as a part of it, half of what its two bounds of one deviation are apart.

        NaN where none is known. It may take thousands of resamples.
        """
        if self.measured is None or self.error <= 0:
            return float("nan")
        return (self.measured.upper(ONE_SIDED) - self.measured.lower(ONE_SIDED)) / 2 / self.error

    @property
    def short(self) -> float:
        """By how much the error is too large; below 0 when it is small enough."""
        return self.error - self.target


@dataclass(frozen=True)
class Learned:
    """A learning curve: sizes and errors (m,), and the forecast through them; `why` it is missing."""

    aim: Aim
    sizes: np.ndarray
    errors: np.ndarray
    curve: Curve | None
    why: Words | None = None

    def facts(self) -> dict[str, Any]:
        """The curve as the report draws it."""
        shown: dict[str, Any] = {
            "line": self.aim.line.text, "sizes": self.sizes.tolist(), "errors": self.errors.tolist(), "band": [],
            "unit": self.aim.unit, "target": self.aim.target, "needed": None,
            "refused": None if self.why is None else _both(self.why),
        }  # fmt: skip
        if self.curve is None:
            return shown
        grid = np.unique(np.geomspace(self.sizes[0], self.sizes[-1] * AHEAD, 16).round().astype(int))
        for n in grid.tolist():
            low, mid, high = self.curve.at(n)
            shown["band"].append({"n": n, "low": float(low), "mid": float(mid), "high": float(high)})
        needed, refusal = self.curve.needed(self.aim.target), self.curve.refusal(self.aim.target)
        if needed is not None:
            shown["needed"] = {"low": int(needed.low), "high": int(needed.high)}
        elif refusal is not None:
            shown["refused"] = _both(refusal)
        return shown

    def labels(self) -> dict[str, int] | None:
        """How many more labels reach the target, as a range; None where nothing can be said or none are needed."""
        needed = None if self.curve is None or self.aim.short <= 0 else self.curve.needed(self.aim.target)
        if needed is None:
            return None
        have = int(self.sizes[-1])
        low, high = max(int(needed.low) - have, 0), int(needed.high) - have
        return {"low": _rounded(low, down=True), "high": _rounded(high, down=False)} if high > 0 else None


def aim_of(contract: Contract, found: Findings, chosen: Tried, dev: Dataset) -> Aim | None:
    """The first quality line that is not proved, of a proved contract the first one; None without one on dev itself.

    Lines under a disturbance are left out: features of disturbed rows are not kept.
    """
    if chosen.candidate is None or chosen.standing is None:
        return None
    pairs = zip(contract.must, found.verdicts, strict=True)
    lines = [(line, v.verdict) for line, v in pairs if not is_cost(line) and under(line) is None]
    ordered = [line for line, verdict in lines if verdict != "PROVED"] or [line for line, _ in lines]
    for line in ordered:
        plain = replace(line, relative=None)
        measured = _measured(plain, chosen.candidate, dev, contract)
        value = measured.value
        target = _absolute(line, value, chosen.standing.values[line.text])
        if np.isfinite(value) and np.isfinite(target):
            error = error_of(line, value)
            return Aim(line, plain, error_of(line, target), error, measured.n, measured)
    return None


def unit_of(line: Line) -> str:
    """In which a line's gains are told: shares in points, others in the metric's unit, also where it asks a ratio."""
    own = str(find("metric", line.metric).facts.get("unit", "")) if line.relative else line.unit
    return "pt" if UNITS[own].dimension in ("share", "points") else own


def in_parts(refits: Refits, aim: Aim, dev: Dataset, contract: Contract) -> tuple[Refits, Aim | None]:
    """The same settings fitted on train alone, and how far they are off on dev; no aim where there is no time to fit.

    A candidate compared on folds has learned from train and dev, so neither its fit nor its answers tell them apart.
    """
    if refits.refused([len(refits.train)]) is not None:
        return refits, None
    made = decide(refits.fit(refits.train, refits.dev), dev, contract)
    measured = _measured(aim.plain, made, dev, contract)
    if not np.isfinite(measured.value):
        return refits, None
    again = replace(aim, error=error_of(aim.line, measured.value), n=measured.n, measured=measured)
    return replace(refits, candidate=made), again


def error_of(line: Line, value: float) -> float:
    """A value of a line's metric as an error: 1 − value where more is better, the value where less is."""
    return 1 - value if line.op == ">=" else value


def learned(refits: Refits, aim: Aim, train: Dataset, dev: Dataset, contract: Contract) -> Learned:
    """The learning curve of the chosen recipe on nested parts of train, each measured on all of dev.

    Its last point is the candidate itself. The others are fitted from the smallest on, every second one first, each
    forecast before it begins; with fewer than six there is no curve.

    Source: PROOF 7; Mahmood et al. (CVPR 2022).
    """
    from zhinan.proof import learning_curve

    sizes = _sizes(len(train), len(refits.train.classes))
    errors, why = _errors(refits, aim, sizes, (train, dev), contract)
    sizes, errors = sizes[np.isfinite(errors)], errors[np.isfinite(errors)]
    if why is not None and len(sizes) < ENOUGH_SIZES:
        return Learned(aim, sizes, errors, None, why)
    spread = None if aim.unit == "%" and bool(np.all((errors >= 0) & (errors <= 1))) else aim.spread
    if spread is not None and not 0 < spread < np.inf:
        what = Words(
            "how far chance moves this error is not known, so no curve is fitted", "此误差的随机波动未知，不拟合曲线"
        )
        return Learned(aim, sizes, errors, None, what)
    curve = learning_curve(sizes, errors, aim.n, spread=spread, unit=aim.unit)
    few = curve.refusal(np.inf)  # any curve reaches it, so what refuses it is the curve itself
    return Learned(aim, sizes, errors, None if few else curve, few)


def _errors(
    refits: Refits, aim: Aim, sizes: np.ndarray, data: tuple[Dataset, Dataset], contract: Contract
) -> tuple[np.ndarray, Words | None]:
    """The error at each size, NaN where there was no time for it; why there was none."""
    train, dev = data
    decisions = contract.hash if refits.candidate.decided is not None or refits.candidate.handed is not None else ""
    key = f"curve {aim.plain.text} {sizes.tolist()} {contract.train} {decisions}"
    held = refits.recall(key)
    errors = np.full(len(sizes), np.nan) if held is None else held["errors"]
    errors[-1] = aim.error
    order = spread_out(refits.train.target, 0, units_of(train) if train.person else None)
    coarse = list(range(len(sizes) - 1))[len(sizes) % 2 :: 2]
    finer = [i for i in range(len(sizes) - 1) if i not in coarse]
    extra, why = 0.0, None
    for i in (*coarse, *finer):
        if np.isfinite(errors[i]):
            continue
        needed = refits.forecast([int(sizes[i])]) + extra
        why = too_slow(needed, refits.left) if needed > refits.left else None
        if why is not None:
            break
        made = refits.fit(some(refits.train, order[: int(sizes[i])]), refits.dev)
        start = time.perf_counter()
        errors[i] = error_of(aim.line, _measured(aim.plain, decide(made, dev, contract), dev, contract).value)
        extra = time.perf_counter() - start
    refits.keep(key, errors=errors)
    return errors, why


def feasible_facts(
    encoding: Encoding, aim: Aim, tried: Sequence[Tried], until: float, *, more: bool
) -> dict[str, Any] | None:
    """Whether the labels leave room for the target at all, from nearest neighbours in the encoders that were tried.

    Only for plain accuracy, of which the bound speaks. None without time, and where the candidate itself does better
    than the estimate: neighbours in such features tell nothing. "says" is None
    where the target is out of reach of these encoders and there are `more` of them: then only trying tells.

    Source: Cover & Hart (1967); the minimum over encoders, Renggli et al. (Snoopy, 2020). An estimate, not a proof.
    """
    from zhinan.proof import feasible

    if aim.line.metric != "accuracy" or aim.line.part is not None:
        return None
    every = dict.fromkeys(name for one in tried if one.candidate is not None for name in one.rung.encoders)
    names = [name for name in every if not find("encoder", name).facts.get("gaps")]  # no distance without a value
    floors: dict[str, float] = {}
    for name in names:
        train, dev = encoding.parts((name,))
        nearest = _nearest(train, dev, until)
        if nearest is not None:
            floors[name] = float(feasible(nearest, len(encoding.classes)))
    best = min(floors, key=lambda name: floors[name], default=None)
    if best is None or floors[best] > aim.error + EDGE * (aim.error * (1 - min(aim.error, 1)) / aim.n) ** 0.5:
        return None  # a recipe does better than the estimate says any can, so it is worth nothing here
    floor = min(floors[best], aim.error)
    return {
        "encoder": best,
        "floor": floor,
        "target": aim.target,
        "says": "recipe" if floor <= aim.target else None if more else "labels",
    }


def _nearest(train: Encoded, dev: Encoded, until: float) -> float | None:
    """The 1-NN error on as much of dev as there is time for; None when that is too little to say anything."""
    from zhinan.proof import one_nn_error

    values, others = train.blocks[0].values, dev.blocks[0].values
    if not others.shape[1] or len(dev) < TASTE:
        return None
    order = spread_out(dev.target, 1)
    start = time.perf_counter()
    few = order[:TASTE]
    one_nn_error(values, train.target, others[few], dev.target[few])
    each = (time.perf_counter() - start) / TASTE
    count = int(min(len(dev), max(until - time.perf_counter(), 0.0) / max(each, 1e-9)))
    if count < min(len(dev), ENOUGH):
        return None
    rows = order[:count]
    return float(one_nn_error(values, train.target, others[rows], dev.target[rows]))


def _sizes(rows: int, classes: int) -> np.ndarray:
    found: np.ndarray = np.unique(np.round(rows * 2.0 ** (-np.arange(STEPS) / 2)).astype(int))
    kept: np.ndarray = found[(found >= max(FEWEST, 2 * classes)) | (found == rows)]
    return kept


def _measured(line: Line, candidate: Candidate, dev: Dataset, contract: Contract) -> Measurement:
    """The metric of a line on a candidate's dev answers."""
    on = judge_dataset(dev, said_of(candidate), candidate.classes, matrix=contract.cost.matrix)
    return measure_known(line, on)


def _absolute(line: Line, value: float, compared: float) -> float:
    """The target of a relative line as a value of its metric, from ours and how it compares with today's."""
    if line.relative == "difference":
        return value - compared + line.target
    if line.relative == "ratio":
        return value / compared * line.target if compared else float("nan")
    return line.target


def _rounded(count: int, *, down: bool) -> int:
    """Two digits, so that no range looks sharper than it is."""
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return count // step * step if down else -(-count // step) * step


def _both(words: Words) -> Mapping[str, str]:
    return {"en": words.en, "zh": words.zh}
