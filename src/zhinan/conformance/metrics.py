"""What a metric promises: a Measurement whose bound is honest whatever the predictions look like."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zhinan.conformance.promises import expect
from zhinan.conformance.samples import N, constant, kinds, options, reordered, repeated, sample, without
from zhinan.contract.keys import BY_NAME
from zhinan.contract.units import UNITS
from zhinan.core import UserError
from zhinan.core.registry import Registered
from zhinan.evaluate.kinds import needs_of
from zhinan.proof import Measurement

__all__ = ["PROMISES"]

FAMILIES = frozenset({"quality", "cost", "business"})
DELTAS = (0.2, 0.1, 0.05)
NEEDS = frozenset({"answer", "probability", "value", "interval", "tags", "ranking"})


def _costs(factor: float = 1.0) -> Any:
    from zhinan.contract import CostSpec
    from zhinan.evaluate.costs import Costs

    draw = np.random.default_rng(0)
    return Costs(
        latencies=factor * draw.gamma(9, 1e-3, 400),
        blocks=np.arange(400) // 40,
        throughputs=draw.normal(800, 20, 10) / factor,
        memories=factor * draw.normal(2e8, 1e6, 10),
        size=int(factor * 5e6),
        cpu_seconds=factor * draw.normal(1e-3, 1e-5, 10),
        prices=CostSpec(price=0.1, currency="USD", watts=65.0),
    )


def _quality(entry: Registered) -> bool:
    return bool(entry.facts["family"] == "quality")


def _of_use(entry: Registered) -> bool:
    return bool(entry.facts["family"] == "business")


def _measure(entry: Registered, on: Any, part: str = "a") -> Measurement:
    given = options(entry, type(on), part) if _quality(entry) else {}
    measured = entry.target(on, **given)
    expect(isinstance(measured, Measurement), f"it returned {type(measured).__name__}, not Measurement")
    return measured  # type: ignore[no-any-return]


def _samples(entry: Registered, right: float = 0.9, n: int = N) -> list[Any]:
    """Rows of every kind that the metric takes, or costs; none for a measure of use, which takes events."""
    if _of_use(entry):
        return []
    return [sample(kind, right, n) for kind in kinds(entry)] if _quality(entry) else [_costs()]


def _badness(entry: Registered, measured: Measurement) -> float:
    return measured.value if entry.facts["better"] == "lower" else -measured.value


def _facts(entry: Registered) -> None:
    facts = entry.facts
    expect(facts.get("unit") in UNITS, f"unit {facts.get('unit')!r} is not one of {sorted(UNITS)}")
    expect(facts.get("better") in {"higher", "lower"}, f"better is {facts.get('better')!r}")
    expect(facts.get("family") in FAMILIES, f"family is {facts.get('family')!r}")
    unknown = [key for key in facts.get("asks", ()) if key not in BY_NAME or BY_NAME[key].later]
    expect(not unknown, f"asks names {unknown}, no keys of a contract")
    expect(facts.get("per_class") in (True, False, "only"), f"per_class is {facts.get('per_class')!r}")
    if facts["family"] == "quality":
        needs = needs_of(entry)
        expect("needs" in facts and needs and needs <= NEEDS, f"needs is {facts.get('needs')!r}")
    if facts["per_class"]:
        expect("part" in entry.parameters(), "per_class, but it has no keyword `part`")


def _bounded(entry: Registered) -> None:
    for on in _samples(entry):
        measured = _measure(entry, on)
        expect(math.isfinite(measured.value), f"the value is {measured.value}")
        expect(measured.reason is None, f"nothing can be proved on a plain sample: {measured.reason}")
        if entry.facts["unit"] in {"%", "pt"}:
            expect(0 <= measured.value <= 1, f"the value is {measured.value}: shares are in base units, 0 to 1")
        lower = [measured.lower(delta) for delta in DELTAS]
        upper = [measured.upper(delta) for delta in DELTAS]
        expect(
            max(lower) <= measured.value + 1e-12 <= min(upper) + 2e-12, f"bounds {lower} {upper} of {measured.value}"
        )
        expect(
            lower == sorted(lower, reverse=True), f"lower bounds at δ {DELTAS} are {lower}: more certainty, less bound"
        )
        expect(upper == sorted(upper), f"upper bounds at δ {DELTAS} are {upper}: more certainty, less bound")
        expect(measured.n > 0 and measured.bound, f"n is {measured.n}, the bound is named {measured.bound!r}")


def _repeatable(entry: Registered) -> None:
    for rows in zip(_samples(entry), _samples(entry), strict=True):
        seen = [_measure(entry, on) for on in rows]
        first, second = ([one.value, one.lower(0.05), one.upper(0.05)] for one in seen)
        expect(first == second, f"{first} and then {second} on the same rows")


def _order(entry: Registered) -> None:
    for rows in _samples(entry, 0.8) if _quality(entry) else []:
        shuffled = np.random.default_rng(1).permutation(len(rows))
        there, here = _measure(entry, rows), _measure(entry, reordered(rows, shuffled))
        expect(math.isclose(there.value, here.value, abs_tol=1e-12), f"{there.value} becomes {here.value}")
        room = 0.5 * (there.upper(0.05) - there.lower(0.05)) + 1e-12
        moved = max(abs(there.lower(0.05) - here.lower(0.05)), abs(there.upper(0.05) - here.upper(0.05)))
        expect(moved <= room, f"a bound moves by {moved}")


def _persons(entry: Registered) -> None:
    """A hundred people with five equal rows each prove no more than the hundred rows."""
    for rows in _samples(entry, 0.8, 100) if _quality(entry) else []:
        alone, many = _measure(entry, rows), _measure(entry, repeated(rows, 5))
        widths = [seen.upper(0.05) - seen.lower(0.05) for seen in (alone, many)]
        seen = f"5 rows each of 100 people narrow the bounds from {widths[0]} to {widths[1]}"
        expect(not widths[1] < 0.75 * widths[0], seen)


def _direction(entry: Registered) -> None:
    if not entry.facts.get("flawless", True):
        return
    bad_ones = [_costs(2.0)] if entry.facts["family"] == "cost" else _samples(entry, 0.34)
    for good_one, bad_one in zip(_samples(entry, 1.0), bad_ones, strict=True):
        good, bad = (_badness(entry, _measure(entry, on)) for on in (good_one, bad_one))
        expect(good <= bad, f"better={entry.facts['better']}, yet the better sample measures worse: {good} > {bad}")


def _chance(entry: Registered) -> None:
    """Random answers, one constant answer, and five rows never prove what perfect answers reach."""
    if not _quality(entry) or not entry.facts.get("flawless", True):
        return
    for kind in kinds(entry):
        perfect = _measure(entry, sample(kind, 1.0))
        if math.isnan(perfect.value):
            continue
        for name, on in {"random answers": sample(kind, 0.34, seed=2), "5 rows": sample(kind, 1.0, 5)}.items():
            _unproved(entry, _measure(entry, on), perfect.value, name)
        _unproved(entry, _measure(entry, constant(kind), part="b"), perfect.value, "a constant answer", tie=True)


def _unproved(entry: Registered, seen: Measurement, target: float, name: str, tie: bool = False) -> None:
    if seen.reason is not None:
        return
    expect(math.isfinite(seen.value), f"{name}: the value is {seen.value} and no reason is given")
    if tie and seen.value == target:  # such as no gap between groups that get the same answer
        return
    proved = seen.lower(0.05) >= target if entry.facts["better"] == "higher" else seen.upper(0.05) <= target
    expect(not proved, f"{name} prove {target}, what perfect answers reach")


def _perfect(entry: Registered) -> None:
    """Leaked, so perfect, answers on few rows do not prove that no mistake is ever made."""
    for rows in _samples(entry, 1.0, 60) if _quality(entry) else []:
        seen = _measure(entry, rows)
        slack = seen.lower(0.05) < seen.value if entry.facts["better"] == "higher" else seen.upper(0.05) > seen.value
        expect(seen.reason is not None or slack, f"60 perfect answers prove {seen.value} exactly")


def _refusals(entry: Registered) -> None:
    for rows in _samples(entry) if _quality(entry) else []:
        for need in needs_of(entry) & {"probability", "interval"}:
            bare = without(rows, need)
            _refuses(lambda bare=bare: _measure(entry, bare), f"no {need}")  # type: ignore[misc]
        if "part" in options(entry, type(rows)):
            _refuses(lambda rows=rows: _measure(entry, rows, part="zebra"), "a class that never occurs")  # type: ignore[misc]


def _refuses(call: Callable[[], Measurement], what: str) -> None:
    try:
        seen = call()
    except UserError:
        return
    expect(seen.reason is not None, f"{what} give {seen.value} instead of a UserError or a reason")


def _counted(entry: Registered) -> None:
    """A measure of use is read from its options, and bets on the mean of scores in [0, 1]."""
    if not _of_use(entry):
        return
    found, target = entry.target(), 0.5 if entry.facts["unit"] == "%" else 60.0
    op, null = found.bet(target)
    expect(op in (">=", "<=") and 0 < null < 1, f"it bets on a mean {op} {null}")
    for value in (0.0, 1.0, 4.0, 59.0, 61.0, 1e9) if hasattr(found, "score") else ():
        score = found.score(value, target)
        expect(score is None or 0 <= score <= 1, f"{value} scores {score}")
    _refuses_target(found, 1.0 if entry.facts["unit"] == "%" else 0.0)


def _refuses_target(found: Any, target: float) -> None:
    try:
        _, null = found.bet(target)
    except UserError:
        return
    expect(0 < null < 1, f"a target of {target} is bet on, though no scores could show it")


PROMISES: Mapping[str, Callable[..., None]] = {
    "its facts say unit, direction and family": _facts,
    "a measure of use bets on scores that lie in [0, 1]": _counted,
    "its value lies between its bounds, which widen with certainty": _bounded,
    "the same rows give the same value and bounds": _repeatable,
    "the order of rows does not matter": _order,
    "rows of one person count for less than rows of many": _persons,
    "what is better measures better": _direction,
    "random and constant answers and five rows prove nothing": _chance,
    "perfect answers do not prove perfection": _perfect,
    "what cannot be measured is refused or says why": _refusals,
}
