"""How a measure of use is read from events: what is counted once, when it is settled, and what it scores.

Whatever the measure, a person counts once for each version, so that nobody weighs more than anybody else and each
score is a new piece of evidence; what names no person is one of its own. The scores, in the order in which they
settle, are bet on by `proof.Certifier` and `proof.Detector`, which may be looked at after every one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, Protocol

from zhinan.core import Duration, UserError

__all__ = ["AT_ONCE", "DAY", "QUANTILES", "Failed", "Followed", "Measure", "Rated", "Timed"]

AT_ONCE = Duration(0.0)
DAY = Duration(86_400.0)
EVENT = re.compile(r"\w[\w.:-]{0,63}")
UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
QUANTILES = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
STEPS = 1000
"""A mean is taken of values rounded up to this many steps of the longest one: few distinct scores, none flattered."""


class Measure(Protocol):
    """What a metric of the family business returns for its options."""

    @property
    def event(self) -> str:
        """The name of the events that are counted; "" for ratings."""

    def bet(self, target: float) -> tuple[Literal[">=", "<="], float]:
        """What is bet on: whether the mean score is at least, or at most, a number inside (0, 1).

        Raises: UserError E544 where no number of scores could show that.
        """


@dataclass(frozen=True)
class Followed:
    """The share of people whom a version answered and whom an event then follows in time.

    Counted is a person's first answer of the version. It is settled once its time is over.

    Args:
        after, within: when the event has to happen, in seconds from that answer. late: how much later it may arrive.
        persons: whether answers that name no person are left out.
    """

    event: str
    within: float
    after: float = 0.0
    late: float = 0.0
    persons: bool = False

    def __post_init__(self) -> None:
        _named(self.event)
        if self.after >= self.within:
            raise UserError("E536", option="after" if self.after else "within")

    def bet(self, target: float) -> tuple[Literal[">=", "<="], float]:
        """That the share is at least the target."""
        return ">=", _inside(target, 1.0)

    @property
    def settles(self) -> float:
        """Seconds from an answer until it counts."""
        return self.within + self.late


@dataclass(frozen=True)
class Rated:
    """The share of people whose first rating of a version is at least so high, on a scale that ends at `scale`."""

    least: float
    scale: float
    event: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.least <= self.scale <= 100:
            raise UserError("E542", option="least")

    def bet(self, target: float) -> tuple[Literal[">=", "<="], float]:
        """That the share is at least the target."""
        return ">=", _inside(target, 1.0)

    def score(self, value: float, target: float) -> float | None:
        """1 for a rating that is high enough, None for one that is not on the scale."""
        return float(value >= self.least) if 0 <= value <= self.scale else None


@dataclass(frozen=True)
class Timed:
    """How long something took, as events say: the mean or a quantile of each person's first event of a version.

    Args: unit: of the value in the event. take: mean, or a quantile. most: the longest that a mean knows; a longer
        one counts as that long. None for a quantile, which does not ask.
    """

    event: str
    unit: str
    take: str
    most: float | None = None

    def __post_init__(self) -> None:
        _named(self.event)
        if (self.take == "mean") != (self.most is not None):
            raise UserError("E543", option="take" if self.most is None else "most")

    def bet(self, target: float) -> tuple[Literal[">=", "<="], float]:
        """That the mean, as a share of the longest, is at most the target; or that so many took no longer than it."""
        if self.most is None:
            return ">=", QUANTILES[self.take]
        return "<=", _inside(target, self.most)

    def score(self, value: float, target: float) -> float | None:
        """How long it took as a share of the longest, rounded up; or whether it took no longer than the target."""
        took = self.seconds(value)
        if took < 0:
            return None
        if self.most is None:
            return float(took <= target)
        return math.ceil(min(took / self.most, 1.0) * STEPS) / STEPS

    def seconds(self, value: float) -> float:
        """The value of an event in seconds."""
        return value * UNITS[self.unit]


@dataclass(frozen=True)
class Failed:
    """The share of requests that fail in a minute with traffic; what nobody says and the service counts itself."""

    event: str = ""

    def bet(self, target: float) -> tuple[Literal[">=", "<="], float]:
        """That the mean share of a minute is at most the target."""
        return "<=", _inside(target, 1.0)


def _named(event: str) -> None:
    if not EVENT.fullmatch(event):
        raise UserError("E535", option="event", name=event[:40])


def _inside(target: float, most: float) -> float:
    if not 0 < target < most:
        raise UserError("E544", option="target")
    return target / most
