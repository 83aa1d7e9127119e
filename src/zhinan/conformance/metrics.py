"""What a metric promises: a Measurement whose bound is honest whatever the predictions look like."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zhinan.conformance.promises import expect
from zhinan.core import UserError
from zhinan.core.registry import Registered
from zhinan.proof import Judged, Measurement

__all__ = ["PROMISES"]

UNITS = frozenset({"", "%", "pt", "ms", "s", "KB", "MB", "GB", "rps", "Wh", "USD", "CNY"})
CLASSES = ("a", "b", "c")
DELTAS = (0.2, 0.05, 0.01)
N = 300


def _judged(right: float, n: int = N, seed: int = 0) -> Judged:
    """n answers to three classes in two groups, of which the share `right` is right; probabilities to match."""
    draw = np.random.default_rng(seed)
    true = np.arange(n) % len(CLASSES)
    wrong = (true + draw.integers(1, len(CLASSES), n)) % len(CLASSES)
    said = np.where(draw.permutation(n) < round(right * n), true, wrong)
    scores = draw.uniform(0, 1, (n, len(CLASSES)))
    scores[np.arange(n), said] += 2
    names = np.array(CLASSES)
    groups = np.where(np.arange(n) // len(CLASSES) % 2, "left", "right")
    return Judged(names[true], names[said], scores / scores.sum(1, keepdims=True), CLASSES, None, {"group": groups})


def _answering(judged: Judged, said: np.ndarray) -> Judged:
    probability = (said[:, None] == np.array(CLASSES)).astype(float)
    return Judged(judged.truth, said, probability, CLASSES, None, judged.columns)


def _costs(factor: float = 1.0) -> Any:
    from zhinan.evaluate.costs import Costs

    draw = np.random.default_rng(0)
    return Costs(
        latencies=factor * draw.gamma(9, 1e-3, 400),
        blocks=np.arange(400) // 40,
        throughputs=draw.normal(800, 20, 10) / factor,
        memories=factor * draw.normal(2e8, 1e6, 10),
        size=int(factor * 5e6),
    )


def _quality(entry: Registered) -> bool:
    return bool(entry.facts["family"] == "quality")


def _measure(entry: Registered, on: Any, part: str = "a") -> Measurement:
    options: dict[str, Any] = {"by": "group"} if "by" in entry.parameters() else {}
    if _quality(entry) and entry.facts["per_class"]:
        options["part"] = part
    measured = entry.target(on, **options)
    expect(isinstance(measured, Measurement), f"it returned {type(measured).__name__}, not Measurement")
    return measured  # type: ignore[no-any-return]


def _sample(entry: Registered) -> Any:
    return _judged(0.9) if _quality(entry) else _costs()


def _badness(entry: Registered, measured: Measurement) -> float:
    return measured.value if entry.facts["better"] == "lower" else -measured.value


def _facts(entry: Registered) -> None:
    facts = entry.facts
    expect(facts.get("unit") in UNITS, f"unit {facts.get('unit')!r} is not one of {sorted(UNITS)}")
    expect(facts.get("better") in {"higher", "lower"}, f"better is {facts.get('better')!r}")
    expect(facts.get("family") in {"quality", "cost"}, f"family is {facts.get('family')!r}")
    expect(facts.get("per_class") in (True, False, "only"), f"per_class is {facts.get('per_class')!r}")
    if facts["family"] == "quality":
        expect(facts.get("needs") in {"answer", "probability"}, f"needs is {facts.get('needs')!r}")
    if facts["per_class"]:
        expect("part" in entry.parameters(), "per_class, but it has no keyword `part`")


def _bounded(entry: Registered) -> None:
    measured = _measure(entry, _sample(entry))
    expect(math.isfinite(measured.value), f"the value is {measured.value}")
    expect(measured.reason is None, f"nothing can be proved on a plain sample: {measured.reason}")
    if entry.facts["unit"] in {"%", "pt"}:
        expect(0 <= measured.value <= 1, f"the value is {measured.value}: shares are in base units, 0 to 1")
    lower = [measured.lower(delta) for delta in DELTAS]
    upper = [measured.upper(delta) for delta in DELTAS]
    expect(max(lower) <= measured.value + 1e-12 <= min(upper) + 2e-12, f"bounds {lower} {upper} of {measured.value}")
    expect(lower == sorted(lower, reverse=True), f"lower bounds at δ {DELTAS} are {lower}: more certainty, less bound")
    expect(upper == sorted(upper), f"upper bounds at δ {DELTAS} are {upper}: more certainty, less bound")
    expect(measured.n > 0 and measured.bound, f"n is {measured.n}, the bound is named {measured.bound!r}")


def _repeatable(entry: Registered) -> None:
    seen = [_measure(entry, _sample(entry)) for _ in range(2)]
    first, second = ([one.value, one.lower(0.05), one.upper(0.05)] for one in seen)
    expect(first == second, f"{first} and then {second} on the same rows")


def _order(entry: Registered) -> None:
    if not _quality(entry):
        return
    rows = _judged(0.8)
    shuffled = np.random.default_rng(1).permutation(len(rows))
    there, here = _measure(entry, rows), _measure(entry, _reordered(rows, shuffled))
    expect(math.isclose(there.value, here.value, abs_tol=1e-12), f"{there.value} becomes {here.value}")
    room = 0.5 * (there.upper(0.05) - there.lower(0.05)) + 1e-12
    moved = max(abs(there.lower(0.05) - here.lower(0.05)), abs(there.upper(0.05) - here.upper(0.05)))
    expect(moved <= room, f"a bound moves by {moved}")


def _reordered(rows: Judged, order: np.ndarray) -> Judged:
    return Judged(
        rows.truth[order], rows.answer[order], None if rows.probability is None else rows.probability[order],
        rows.classes, None, {name: values[order] for name, values in rows.columns.items()},
    )  # fmt: skip


def _direction(entry: Registered) -> None:
    samples = [_judged(right) for right in (1.0, 0.34)] if _quality(entry) else [_costs(), _costs(2.0)]
    good, bad = (_badness(entry, _measure(entry, sample)) for sample in samples)
    expect(good <= bad, f"better={entry.facts['better']}, yet the better sample measures worse: {good} > {bad}")


def _chance(entry: Registered) -> None:
    """Random answers, one constant answer, and five rows never prove what perfect answers reach."""
    if not _quality(entry):
        return
    perfect = _measure(entry, _judged(1.0))
    rows = _judged(0.34, seed=2)
    constant = _answering(rows, np.full(len(rows), CLASSES[0]))
    for name, sample in {"random answers": rows, "5 rows": _judged(1.0, 5)}.items():
        _unproved(entry, _measure(entry, sample), perfect.value, name)
    _unproved(entry, _measure(entry, constant, part="b"), perfect.value, "a constant answer", tie=True)


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
    if not _quality(entry):
        return
    seen = _measure(entry, _judged(1.0, 60))
    slack = seen.lower(0.05) < seen.value if entry.facts["better"] == "higher" else seen.upper(0.05) > seen.value
    expect(seen.reason is not None or slack, f"60 perfect answers prove {seen.value} exactly")


def _refusals(entry: Registered) -> None:
    if not _quality(entry):
        return
    rows = _judged(0.9)
    if entry.facts["needs"] == "probability":
        _refuses(
            lambda: _measure(entry, Judged(rows.truth, rows.answer, None, CLASSES, None, rows.columns)),
            "no probabilities",
        )
    if entry.facts["per_class"]:
        _refuses(lambda: _measure(entry, rows, part="zebra"), "a class that never occurs")


def _refuses(call: Callable[[], Measurement], what: str) -> None:
    try:
        seen = call()
    except UserError:
        return
    expect(seen.reason is not None, f"{what} give {seen.value} instead of a UserError or a reason")


PROMISES: Mapping[str, Callable[..., None]] = {
    "its facts say unit, direction and family": _facts,
    "its value lies between its bounds, which widen with certainty": _bounded,
    "the same rows give the same value and bounds": _repeatable,
    "the order of rows does not matter": _order,
    "what is better measures better": _direction,
    "random and constant answers and five rows prove nothing": _chance,
    "perfect answers do not prove perfection": _perfect,
    "what cannot be measured is refused or says why": _refusals,
}
