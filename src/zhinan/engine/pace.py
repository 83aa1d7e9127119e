"""What the stages of a build took, and whether what is still to be done fits into its budget."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from zhinan.contract import Contract
from zhinan.core import UserError, Words
from zhinan.store import Store

__all__ = ["CERTIFICATION", "STAGES", "Pace", "key_of"]

CERTIFICATION = 12.0
"""Seconds kept for packaging, certifying and the report, besides answering the sealed rows; more where it took more."""

STAGES: Mapping[str, Words] = {
    "data": Words("reading the data", "读取数据"),
    "check": Words("splitting and checking them", "划分与检查数据"),
    "fit": Words("the last fit", "最后一次训练"),
    "certify": Words("packaging and the proof", "打包与证明"),
}
"""What takes its time whatever is tried, in order."""


def key_of(contract: Contract) -> str:
    """The key of the runs in which builds of a contract are on record."""
    return f"build-{contract.hash}"


@dataclass
class Pace:
    """One build's stages: what each took, and what each took when the contract was last built.

    Args:
        until: `time.perf_counter()` at which all must be over. before: stage → seconds of the last build that ended,
            "rows" among them; empty where nobody knows.
    """

    until: float
    before: Mapping[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    _since: float = field(init=False)
    _scale: float = field(init=False, default=1.0)

    def __post_init__(self) -> None:
        self._since = time.perf_counter()

    @classmethod
    def of(cls, contract: Contract, store: Store, until: float) -> Pace:
        """A build that begins now."""
        last = store.last_run(contract.product, key_of(contract), finished=True)
        return cls(until, {} if last is None or last.result is None else last.result.get("took", {}))

    @property
    def left(self) -> float:
        """Seconds that may still be spent."""
        return self.until - time.perf_counter()

    @property
    def reserve(self) -> float:
        """Seconds kept for what follows the last fit."""
        return max(CERTIFICATION, self.forecast("certify"))

    def passed(self, stage: str) -> None:
        """Says that a stage is over."""
        now = time.perf_counter()
        self.took[stage], self._since = round(now - self._since, 3), now

    def counted(self, rows: int, *, read: bool) -> None:
        """Says that the data are there. Args: rows: how many. read: whether this build read them."""
        self.passed("data")
        self._scale = rows / self.before["rows"] if self.before.get("rows") else 1.0
        self.took["rows"] = rows
        if not read:
            self.took["data"] = round(self.forecast("data"), 3)

    def forecast(self, *stages: str) -> float:
        """Seconds that stages will take, by what they took before for as many rows; 0 where nobody knows."""
        return self._scale * sum(self.before.get(stage, 0.0) for stage in stages)

    def demand(self, *stages: str) -> None:
        """Refuses to begin what would not be over in time.

        Raises: UserError E329.
        """
        needed, left = self.forecast(*stages), max(self.left, 0.0)
        if needed > left:
            told = [STAGES[stage] for stage in stages if self.before.get(stage)]
            named = Words(", ".join(one.en for one in told), "、".join(one.zh for one in told))
            raise UserError("E329", "--budget", stages=named, needed=f"{needed:.1f}", left=f"{left:.1f}")
