"""From measurements to verdicts: PROVED, REFUTED or UNDECIDED for each line, and the worst of them for the contract."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from zhinan.proof.evidence import Op, holds
from zhinan.proof.measurement import Measurement
from zhinan.proof.series import settled

__all__ = ["Ask", "On", "Outcome", "Verdict", "judge", "judge_on_dev", "needed_in_all", "outcome"]

Outcome = Literal["PROVED", "REFUTED", "UNDECIDED"]
On = Literal["sealed", "dev", "measured", "production"]

_WORST_FIRST: tuple[Outcome, ...] = ("REFUTED", "UNDECIDED", "PROVED")


@dataclass(frozen=True)
class Verdict:
    """What the evidence says about one line.

    Args:
        line: its canonical text. value: as measured; None when it is not a number.
        bound: the one that decided: a proof's for PROVED and UNDECIDED, a refutation's for REFUTED; None when unknown.
        n: examples, requests or runs measured. on: where.
        to_decide: how many *more* examples or requests would decide an UNDECIDED line; None when no number would.
        why: the method, or the reason for being undecided.
    """

    line: str
    verdict: Outcome
    value: float | None
    bound: float | None
    n: int
    on: On
    to_decide: Mapping[str, int] | None
    why: str

    def as_dict(self) -> dict[str, Any]:
        """The keys that `--json` promises."""
        shown = ("line", "verdict", "value", "bound", "n", "on", "to_decide")
        return {key: getattr(self, key) for key in shown}


@dataclass(frozen=True, eq=False)
class Ask:
    """What one line asks of one measurement, for questions about a whole contract."""

    measurement: Measurement
    op: Op
    target: float


def judge(
    line: str,
    op: Op,
    target: float,
    measurement: Measurement,
    *,
    delta: float,
    lines: int,
    on: On,
    later: float | None = None,
) -> Verdict:
    """The verdict on one line.

    PROVED when the line's own bound at δ is on the right side: with every line so proved, the chance that any of them
    is false is at most δ, without correction (intersection–union). REFUTED when the opposite bound at δ/lines is on
    the wrong side, so that a contract whose lines all hold is refuted with chance at most δ.

    Args:
        line: canonical text. op, target: in the metric's base unit. delta: one-sided error, as the ledger grants it.
        lines: number of must lines. later: the δ that more examples would be judged at, when it is another one.

    Source: Berger, Technometrics 24 (1982); Bonferroni for refutations.
    """
    if lines < 1:
        raise ValueError(f"a contract has at least one line, got {lines}")
    measurement = settled(measurement)
    proves, refutes = _bounds(op, measurement, delta, delta / lines)
    verdict: Outcome = "UNDECIDED"
    reason = None if measurement.evidence.everywhere(op, target) else measurement.reason
    bound, why, more = proves, reason or "the evidence lies on both sides of the target", None
    if reason is None:
        if holds(proves, op, target):
            verdict, why = "PROVED", measurement.bound
        elif math.isfinite(refutes) and not holds(refutes, op, target):
            verdict, bound, why = "REFUTED", refutes, measurement.bound
        elif math.isnan(proves):
            why = f"the {measurement.bound} is degenerate here"
    if verdict == "UNDECIDED":
        granted = delta if later is None else later
        at = granted if holds(measurement.value, op, target) or not measurement.n else granted / lines
        more = _more(op, target, measurement, at, known=math.isfinite(proves))
    return Verdict(line, verdict, _known(measurement.value), _known(bound), measurement.n, on, more, why)


def judge_on_dev(line: str, op: Op, target: float, measurement: Measurement, *, delta: float, lines: int) -> Verdict:
    """The verdict that dev data allow: REFUTED, or UNDECIDED because only the sealed set may prove.

    The candidate was chosen on dev, so its dev value is flattering; refuting in spite of that is safe, proving is not.

    Source: candidate selection before the safety test, Thomas et al., Science 366 (2019).
    """
    verdict = judge(line, op, target, measurement, delta=delta, lines=lines, on="dev")
    if verdict.verdict == "REFUTED":
        return verdict
    bound = _known(_bounds(op, measurement, delta, delta)[0])
    return Verdict(line, "UNDECIDED", verdict.value, bound, verdict.n, "dev", None, "only the sealed set can prove it")


def outcome(verdicts: Iterable[Verdict]) -> Outcome:
    """The contract's outcome: its worst line, REFUTED < UNDECIDED < PROVED. Of no line: UNDECIDED."""
    found = {verdict.verdict for verdict in verdicts}
    return next((worst for worst in _WORST_FIRST if worst in found), "UNDECIDED")


def needed_in_all(asks: Sequence[Ask], n: int, delta: float, power: float = 0.8) -> int | None:
    """Test examples in all that decide the whole contract with that power, if the values seen are the truth.

    Each line keeps its share of the examples. With every value on the right side all lines must be proved at once:
    the chances of missing one are added up, which is safe however lines depend on each other. With a value on the
    wrong side the contract is decided as soon as one such line is refuted.

    Args:
        asks: the lines measured on examples (not latency or size). n: test examples now. delta: one-sided error.

    Returns:
        None when no number up to 10 million decides it.
    """
    on_examples = [ask for ask in asks if ask.measurement.counted == "examples"]
    if not on_examples or n < 1:
        return None
    wrong = [ask for ask in on_examples if not holds(ask.measurement.value, ask.op, ask.target) and ask.measurement.n]
    if wrong:
        alone = [_in_all(ask, n, delta / len(asks), power) for ask in wrong]
        return min((size for size in alone if size is not None), default=None)
    each = 1 - (1 - power) / len(on_examples)
    enough = [_in_all(ask, n, delta, each) for ask in on_examples]
    if any(size is None for size in enough):
        return None
    high = max(size for size in enough if size is not None)
    low = max(size or 0 for size in (_in_all(ask, n, delta, power) for ask in on_examples)) - 1
    while high - low > max(1, high // 1000):
        middle = (low + high) // 2
        missed = sum(
            1 - ask.measurement.chance(middle * _share(ask, n), ask.op, ask.target, delta) for ask in on_examples
        )
        low, high = (low, middle) if missed <= 1 - power else (middle, high)
    return high


def _bounds(op: Op, measurement: Measurement, proving: float, refuting: float) -> tuple[float, float]:
    if op == ">=":
        return measurement.lower(proving), measurement.upper(refuting)
    return measurement.upper(proving), measurement.lower(refuting)


def _more(op: Op, target: float, measurement: Measurement, delta: float, *, known: bool) -> Mapping[str, int] | None:
    """Nothing where no bound is known though the rows would do by their number: what lacks is not rows."""
    if measurement.counted == "runs":
        return None
    wanted = measurement.needed(op, target, delta)
    if wanted is not None and wanted <= measurement.n and not known:
        return None
    return None if wanted is None else {measurement.counted: max(wanted - measurement.n, 1)}


def _share(ask: Ask, n: int) -> float:
    return max(ask.measurement.n, 1) / n


def _in_all(ask: Ask, n: int, delta: float, power: float) -> int | None:
    size = ask.measurement.needed(ask.op, ask.target, delta, power)
    return None if size is None else math.ceil(size / _share(ask, n))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
