"""What the store gives back, as frozen values: versions, stages, audit, openings, runs and events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = [
    "AuditRow", "Commitment", "Event", "EventOutcome", "Job", "Opening", "Run", "Stage", "Stages", "VersionRow",
    "suspects_of",
]  # fmt: skip

Stage = Literal["ready", "live", "retired"]
"""Where a version stands: packaged, answering, or once live."""

EventOutcome = Literal["new", "repeat", "conflict"]
"""What became of an event: stored, stored before (or sent by somebody forgotten: not stored), or refused because its id
belongs to other content."""


@dataclass(frozen=True)
class VersionRow:
    """One sealed version. `at`: seconds since 1970. `path`: where it stands now."""

    product: str
    number: int
    digest: str
    path: str
    parent: int | None
    outcome: str
    summary: Mapping[str, Any]
    at: float


@dataclass(frozen=True)
class Stages:
    """Which version of a product answers, and which did before. `revision` counts the changes and guards the next."""

    live: int | None
    previous: int | None
    revision: int


@dataclass(frozen=True)
class AuditRow:
    """One thing done to a product: a change of stages, or a note (commit, override, prove) that leaves them alone.

    `hash` covers the row and `previous`, the hash of the row before it ("" for the first).
    """

    product: str
    seq: int
    at: float
    who: str
    action: str
    number: int
    why: str
    stages: Stages
    previous: str
    hash: str


@dataclass(frozen=True)
class Commitment:
    """The Merkle root of a sealed set, put on record before training. `entry`: the row of the audit that holds it.

    Args: contract: hash of the contract that was then in force.
    """

    root: str
    rows: int
    contract: str
    entry: AuditRow


@dataclass(frozen=True)
class Opening:
    """One opening of a sealed set. `fresh`: charged by this call; `result` is None until it is closed."""

    id: int
    t: int
    delta: float
    fresh: bool
    result: Mapping[str, Any] | None
    product: str
    key: str
    lines: Mapping[str, Any]
    rows: int
    at: float


@dataclass(frozen=True)
class Run:
    """One build: its plan, how far it came, and what it gave. `result` and `finished` are None until it is done."""

    id: int
    product: str
    key: str
    plan: Mapping[str, Any]
    state: Mapping[str, Any]
    result: Mapping[str, Any] | None
    started: float
    updated: float
    finished: float | None


@dataclass(frozen=True)
class Event:
    """A prediction made, a feedback received, a label given, or what a minute of traffic took.

    `event_id` is the client's, so that a retry is known; `seq` is the store's.
    Two events are the same when kind, payload and person agree: a retry carries another `at`.
    `person`: for whom it was answered, or who speaks.
    """

    event_id: str
    kind: Literal["prediction", "feedback", "label", "traffic"]
    payload: Mapping[str, Any]
    at: float
    person: str | None = None
    seq: int = field(default=0, compare=False)

    @property
    def whose(self) -> str | None:
        """Whose the input is: whoever speaks may speak of somebody else's, who is then the payload's `whose`."""
        return self.payload.get("whose") or self.person


@dataclass(frozen=True)
class Job:
    """Many rows to be answered when there is time. `done`: rows answered, of `rows`. `at`: when it was sent.
    `owner`: what it was begun with.

    `status` is receiving until all rows are in, then queued, running, and done or failed.
    """

    id: str
    product: str
    owner: str
    options: Mapping[str, Any]
    status: Literal["receiving", "queued", "running", "done", "failed"]
    rows: int
    done: int
    at: float


def suspects_of(product: str, number: int) -> str:
    """The name under which a version's doubts about labels are remembered. No cache: nothing computes them again."""
    return f"suspects-{product}-{number}"
