"""What every kind of evidence can do: bound a value from below and above, and say how much more of it would decide."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Literal

from zhinan.proof.samples import count_size, scaled_power, scaled_size

__all__ = ["Evidence", "Op", "holds"]

Op = Literal[">=", "<="]


def holds(value: float, op: Op, target: float) -> bool:
    """Whether `value op target`; NaN never does.

    Raises:
        ValueError: another operator.
    """
    if op not in (">=", "<="):
        raise ValueError(f"a line compares with >= or <=, not {op!r}")
    return value >= target if op == ">=" else value <= target


class Evidence(ABC):
    """A value with a bound on either side. `value`: in the metric's base unit; `n`: examples (or requests, runs)."""

    value: float
    n: int

    @abstractmethod
    def lower(self, delta: float) -> float:
        """The truth is above this, wrong with probability at most δ; NaN or −inf where nothing can be said."""

    @abstractmethod
    def upper(self, delta: float) -> float:
        """The truth is below this, wrong with probability at most δ; NaN or inf where nothing can be said."""

    def margin(self, op: Op, target: float, delta: float) -> float:
        """Distance of the value to the bound that would decide the line: the proving one, else the refuting one."""
        proving = holds(self.value, op, target)
        bound = self.lower(delta) if proving == (op == ">=") else self.upper(delta)
        return abs(self.value - bound)

    def deciding_margin(self, op: Op, target: float, delta: float) -> float:
        """The margin where `margin` is a rough one that candidates are compared by."""
        return self.margin(op, target, delta)

    def needed(self, op: Op, target: float, delta: float, power: float) -> int | None:
        """Examples that prove the line with that power if the value seen is the truth, or refute it where it fails."""
        margin = self.deciding_margin(op, target, delta)
        if math.isfinite(margin) and margin > 0:
            return scaled_size(self.n, self.value, target, margin, delta, power)
        return self._as_if_counted(op, target, delta, power)

    def chance(self, n: float, op: Op, target: float, delta: float) -> float:
        """Probability that n examples prove (or refute) the line if the value seen is the truth."""
        return scaled_power(n, self.n, self.value, target, self.deciding_margin(op, target, delta), delta)

    def everywhere(self, op: Op, target: float) -> bool:
        """Whether the line holds in every block of the measurement, taken alone."""
        return False

    def _as_if_counted(self, op: Op, target: float, delta: float, power: float) -> int | None:
        # a score in [0, 1] whose spread is unknown spreads no more than a rate does
        value = self.value if self.n else float(op == ">=")
        if not (0 <= value <= 1 and 0 <= target <= 1):
            return None
        rate, wanted = (value, target) if op == ">=" else (1 - value, 1 - target)
        if rate < wanted:
            rate, wanted = 1 - rate, 1 - wanted
        size = count_size(rate, wanted, delta, power)
        return None if size is None else size.stays
