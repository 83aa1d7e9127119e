"""What a build finds out after it has certified, in the time that is left: about labels, slices, costs, next steps."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhinan.contract import Contract
from zhinan.core import Candidate, Dataset, find
from zhinan.engine.climb import Rung, Tried, rungs, unfit
from zhinan.engine.curve import Learned, aim_of, feasible_facts, in_parts, learned
from zhinan.engine.next_steps import (
    Step,
    clean_labels,
    label_test_rows,
    larger_recipe,
    more_data,
    ranked,
    relaxed,
)
from zhinan.engine.offer import relaxations
from zhinan.engine.refits import Refits
from zhinan.engine.suspects import Doubts, doubted, suspects
from zhinan.engine.weakness import weak_slices
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.costs import Costs, rough_costs

if TYPE_CHECKING:
    from zhinan.data import Split
    from zhinan.engine.encode import Encoding

__all__ = ["Outlook", "look_ahead"]

ROWS = 50
"""Dev rows that rough costs are measured on."""

LOAD = 3.0
"""Seconds that must be left before a candidate's files are loaded once more."""

PROVED_SHARE = 0.2
"""After a proof nothing is missing: of what the build took so far, only this share goes into the report's extras."""

OPEN_SHARE, OPEN_LEAST = 1.0, 30.0
"""Without a proof the way forward is worth as long again as the build took so far, and half a minute at least."""


@dataclass(frozen=True)
class Outlook:
    """What was found out; None or empty where there was no time or nothing to find.

    Args:
        costs: place among the tried → rough figures. parts: train, dev and sealed, for the report's examples.
    """

    learned: Learned | None = None
    feasible: Mapping[str, Any] | None = None
    doubts: Doubts | None = None
    slices: Sequence[Mapping[str, Any]] | None = None
    steps: Sequence[Step] = ()
    costs: Mapping[int, Costs] = field(default_factory=dict)
    parts: Mapping[str, Dataset] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """The keys of the report: curve, feasible, suspects, weak_slices, next."""
        return {
            "curve": None if self.learned is None else self.learned.facts(),
            "feasible": self.feasible,
            "suspects": None if self.doubts is None else self.doubts.facts(self.parts),
            "weak_slices": self.slices,
            "next": [step.to_dict() for step in self.steps],
        }

    def offered(self) -> dict[str, Any]:
        """The keys of the offer: labels, suspect_labels, weak_slices, next."""
        looked = self.doubts is not None and (self.doubts.views is not None or self.doubts.sealed is not None)
        return {
            "labels": None if self.learned is None else self.learned.labels(),
            "suspect_labels": len(self.doubts.rows) if self.doubts is not None and looked else None,
            "weak_slices": self.slices,
            "next": [step.to_dict() for step in self.steps],
        }

    def relabel(self) -> list[dict[str, Any]]:
        """Every doubted label, for relabelling: row, part, given, suggested, probability."""
        return [] if self.doubts is None else suspects(self.doubts)


def look_ahead(
    contract: Contract,
    found: Findings,
    climbed: tuple[Sequence[Tried], Tried],
    encoding: Encoding,
    parts: Split,
    *,
    until: float,
    spent: float,
) -> Outlook:
    """Everything that follows certification and needs no opening, cheapest first; each is forecast before it begins.

    With folds, which rows once seen cannot tell what more of them would bring: the chosen settings are fitted on train
    once more, and what needs rows apart from those learned from is told from that fit's answers to dev.

    Args:
        climbed: all that was tried and the chosen one. until: `time.perf_counter()` at which it must be over.
        spent: seconds of the build so far. As many are spent at most, and only a fifth of them on a proved contract.
    """
    tried, chosen = climbed
    candidate = chosen.candidate
    proved = found.outcome == "PROVED"
    worth = max(1.0, PROVED_SHARE * spent) if proved else max(OPEN_LEAST, OPEN_SHARE * spent)
    until = min(until, time.perf_counter() + worth)
    data = {"train": parts.train, "dev": parts.dev, "sealed": parts.sealed}
    if candidate is None or time.perf_counter() > until:
        return Outlook(steps=_without_looking(contract, found), parts=data)
    answered = encoding.answered
    slices = weak_slices(contract, candidate, (parts.train, answered, parts.sealed), found, until=_share(until, 0.25))
    train, dev = encoding.parts(chosen.rung.encoders)
    key = f"{parts.train.fingerprint} {parts.dev.fingerprint}"
    refits = Refits(candidate, train, dev, encoding.kept, until, key, sum(one.seconds for one in tried))
    aim = aim_of(contract, found, chosen, answered)
    if encoding.folding is not None and aim is not None:
        refits, aim = in_parts(refits, aim, parts.dev, contract)
    curve, feasible, doubts, costs = None, None, None, {}
    if refits.left > 0 and aim is not None and _learns(candidate):
        curve = learned(refits, aim, parts.train, parts.dev, contract)
    left = _left(contract, tried, encoding)
    known = sorted({name for one in tried if one.candidate is not None for name in one.rung.encoders})
    if refits.left > 0 and aim is not None and not proved:
        more = any(name not in known for rung in left for name in rung.encoders)
        feasible = feasible_facts(encoding, aim, tried, _share(until, 0.3), more=more)
    if refits.left > 0 and _learns(candidate) and (judges := _judges(known)):
        seen = encoding.parts(judges)
        doubts = doubted(refits, seen, (parts.train, parts.dev), found, contract)
    steps: Sequence[Step] = ()
    if not proved:
        clean = None if aim is None else clean_labels(refits, aim, doubts, (parts.train, parts.dev), contract)
        larger = None if aim is None else larger_recipe(aim, feasible, left, known)
        gains = [clean, more_data(curve), larger, label_test_rows(contract, found)]
        steps = ranked([*gains, *relaxed(*relaxations(contract, found))])
        costs = _costs(contract, tried, parts.dev, until)
    return Outlook(curve, feasible, doubts, slices, steps, costs, data)


def _without_looking(contract: Contract, found: Findings) -> Sequence[Step]:
    """The steps that follow from the verdicts alone."""
    if found.outcome == "PROVED":
        return ()
    return ranked([label_test_rows(contract, found), *relaxed(*relaxations(contract, found))])


def _learns(candidate: Candidate) -> bool:
    """Whether more rows could change what it answers: the prior looks at no input."""
    return bool(candidate.params)


def _judges(known: Sequence[str]) -> tuple[str, ...]:
    """The encoders that judge labels, each by itself: those that read text, or all where none does.

    Heads judge, so what only trees can read does not count.
    """
    facts = {name: find("encoder", name).facts for name in known}
    straight = [name for name in known if not facts[name].get("gaps")]
    texts = [name for name in straight if "text" in facts[name]["kinds"]]
    return tuple(sorted(texts or straight))


def _left(contract: Contract, tried: Sequence[Tried], encoding: Encoding) -> list[Rung]:
    """The rungs of the ladder that gave no candidate or were never reached, and that read the language of the texts."""
    done = {one.rung for one in tried if one.candidate is not None}
    every = rungs(encoding.task, encoding.train.inputs)
    return [rung for rung in every if rung not in done and not unfit(rung, encoding.train, encoding.monotone)]


def _costs(contract: Contract, tried: Sequence[Tried], dev: Dataset, until: float) -> dict[int, Costs]:
    """Rough figures of every candidate, as long as there is time to load it."""
    rows = {name: values[:ROWS] for name, values in dev.rows().items()}
    found: dict[int, Costs] = {}
    for place, one in enumerate(tried):
        if one.candidate is not None and until - time.perf_counter() > LOAD:
            found[place] = rough_costs(one.candidate, rows, contract.cost)
    return found


def _share(until: float, share: float) -> float:
    now = time.perf_counter()
    return now + max(until - now, 0.0) * share
