"""Where one must line of the live version stands in production."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal

from zhinan.contract import Line, parse_line
from zhinan.core import UserError, Words

__all__ = ["LIVE", "Monitor", "On", "former"]

On = Literal["feedback", "audit", "requests", "events", "answers", "minutes"]
"""What a line is watched on: what people said or did, labels of a random sample of traffic, requests, minutes of them,
or answers."""

LIVE = ("alarm", "n", "value", "alarmed_at", "on", "period")
"""What of a monitor stands beside the verdict of its line."""

FORMER = 20
"""Lines that the contract no longer has and that are watched on: more than anybody edits while a version is live."""


@dataclass(frozen=True)
class Monitor:
    """One must line of the live version in production.

    Args:
        n: labelled rows or requests that counted, value: the line's on them, None of none. evidence: capital won
            against "the line has held all along"; `needed` sets the alarm off. alarmed_at: how many it took, None
            without an alarm.
        why: why the line has no alarm here; None when it has.
        period: seconds since 1970 of the first and last minute behind `value`; None for labels.
    """

    line: str
    n: int
    value: float | None
    evidence: float
    needed: float
    alarmed_at: int | None
    why: Words | None = None
    on: On = "feedback"
    period: tuple[float, float] | None = None

    @property
    def alarm(self) -> bool:
        """Whether the line no longer holds, wrong with probability at most 1 − confidence over all lines and looks."""
        return self.alarmed_at is not None

    def to_dict(self) -> dict[str, Any]:
        """As JSON: {"line", "alarm", "n", "value", "evidence", "needed", "alarmed_at", "why", "on", "period"}."""
        why = None if self.why is None else {"en": self.why.en, "zh": self.why.zh}
        period = None if self.period is None else list(self.period)
        return {"line": self.line, "alarm": self.alarm, **asdict(self), "why": why, "period": period}

    def live(self) -> dict[str, Any]:
        """What stands beside the verdict of its line."""
        found = self.to_dict()
        return {key: found[key] for key in LIVE}


def former(kept: Collection[str], lines: Iterable[Line]) -> list[Line]:
    """Lines of a kept state that are not among those asked for now: they are watched on, and told nobody.

    Whoever edits a line and takes that back, or looks with another copy of the product file, so takes nothing from
    alarms and from what was heard.
    """
    asked = {line.text for line in lines}
    found = []
    for text in sorted({*kept} - asked)[:FORMER]:
        with suppress(UserError):  # its metric is there no more
            found.append(parse_line(text))
    return found
