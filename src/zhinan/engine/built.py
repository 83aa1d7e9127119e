"""What a build gave, for people and for other code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from zhinan.core import Dataset
from zhinan.evaluate.certify import Findings

__all__ = ["Build"]

HELD = ("findings", "certified", "dev")
"""Attributes of a build that are for other code, and in no JSON."""


@dataclass(frozen=True)
class Build:
    """What a build gave; the attributes are the keys of `zhinan build --json`.

    Args:
        version: its number, None when the seal stayed closed on request and nothing was packaged. path: its folder.
        outcome: PROVED, REFUTED or UNDECIDED. report: path of report.html.
        diff: what became of each must line since the latest version; empty for the first one.
        interval: of numbers how often it held the truth of sealed rows, as `interval_proof`; the key is left out of
            labels' JSON, and so is widths: what each line about coverage costs, as `evaluate.conformal.widths`.
        unit: of numbers that of the target, as the data write it; left out where there is none.
        findings, certified, dev: of the data, of the certification with the rows it judged, and the rows that
            candidates were compared on; no part of the JSON.
    """

    product: str
    version: int | None
    path: str | None
    stage: str | None
    outcome: str
    verdicts: tuple[Mapping[str, Any], ...]
    recipes: tuple[Mapping[str, Any], ...]
    data: Mapping[str, Any]
    ledger: Mapping[str, Any]
    offer: Mapping[str, Any] | None
    seconds: float
    report: str | None
    diff: tuple[Mapping[str, Any], ...] = ()
    interval: Mapping[str, Any] | None = None
    widths: tuple[Mapping[str, Any], ...] = ()
    unit: str = ""
    findings: tuple[Any, ...] = field(default=(), repr=False)
    certified: Findings | None = field(default=None, repr=False)
    dev: Dataset | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        told = {"interval": self.interval is not None, "widths": bool(self.widths), "unit": bool(self.unit)}
        told |= dict.fromkeys(HELD, False)
        shown = replace(self, findings=(), certified=None, dev=None)
        return {key: value for key, value in asdict(shown).items() if told.get(key, True)}
