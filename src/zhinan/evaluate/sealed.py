"""Which sealed rows are judged together, and what the ledger still allows them: known before anybody answers them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import Dataset, UserError, find
from zhinan.evaluate.answers import Answers, Said, Tags, Values
from zhinan.evaluate.kinds import needs_of
from zhinan.evaluate.measure import answers_of, is_cost, judge_dataset, measure_known, numeric
from zhinan.proof import Measurement, Stake, could_prove, count_power, next_opening, opening_delta
from zhinan.proof import Opening as Granted
from zhinan.proof.combined import F1, overlap_of
from zhinan.proof.counts import Count
from zhinan.proof.evidence import Evidence
from zhinan.proof.gap import Gap
from zhinan.steps.values.lists import items_of
from zhinan.store import Opening, Store

__all__ = ["SPENT", "Part", "Standing", "choose", "grant", "parts", "stakes_of", "standing", "table"]

SPENT = frozenset({"E030", "E035"})
"""Errors that say that a sealed set may not be opened again."""


@dataclass(frozen=True, eq=False)
class Part:
    """Sealed rows to be judged together.

    Args:
        rows: they. ids: what the ledger counts of them. before: the most openings any of them has had.
        of: how many sealed rows there are in all; more than `rows` when only the least opened ones are judged.
        plans: the numbers of openings that were declared when some of them were opened.
    """

    rows: Dataset
    ids: tuple[str, ...]
    before: int
    of: int
    plans: frozenset[int | None] = frozenset()

    @property
    def refreshed(self) -> bool:
        """Whether rows that were opened more often are left out."""
        return len(self.rows) < self.of


@dataclass(frozen=True, eq=False)
class Standing:
    """What the next opening would be allowed.

    Args:
        part: the rows it would be of. number: its t. delta, left: its δ and how many more could follow; None and 0
            when the set is spent. spent: why.
        planning: the δ to plan with: of the next opening or, when the set is spent, what it would be by the rule.
        openings: those that any of the rows has had, oldest first.
    """

    part: Part
    number: int
    delta: float | None
    left: int
    planning: float
    plan: int | None
    spent: UserError | None
    openings: tuple[Opening, ...]

    def to_dict(self) -> dict[str, Any]:
        """The object under "ledger" of `check --json` and `status --json`."""
        return {
            "opening": None if self.spent else self.number, "delta": self.delta,
            "left": 0 if self.spent else self.left + 1, "plan": self.plan, "rows": len(self.part.rows),
            "of": self.part.of, "openings": table(self.openings),
        }  # fmt: skip


def parts(sealed: Dataset, store: Store | None) -> tuple[Part, ...]:
    """The whole sealed set and, where some rows were opened less often than others, the least opened of them alone.

    Rows labelled later refresh a set: they have had no opening. A row counts as opened with every row of its person,
    or else every row that nearly repeats it, and with every row of the same inputs, so that neither a corrected label
    nor a new column makes an old row fresh. Where equal inputs do not mean the same example, there is the whole set
    only.
    """
    ids, same = _ids(sealed)
    opened = {} if store is None else store.opened([one for row in ids for one in row])
    counts = np.array([max(opened.get(one, 0) for one in row) for row in ids])
    clusters = sealed.clusters()
    if clusters is not None:
        counts = _most_of_cluster(counts, clusters)
    masks = [np.ones(len(sealed), bool)]
    if same and counts.min() < counts.max():
        masks.append(counts == counts.min())
    return tuple(_part(sealed, ids, mask, counts, store) for mask in masks)


def choose(contract: Contract, several: Sequence[Part]) -> Part:
    """The part to open next: the one that has the better chance to prove the contract, the whole set when both do.

    The chance is the least over the lines, each if its truth lies half way from its target to perfect. It depends on
    the rows' labels and on the ledger, never on an answer: rows cannot be chosen for how they were answered.
    """
    if len(several) == 1:
        return several[0]
    return max(several, key=lambda part: (_chance(contract, part), part.of == len(part.rows)))


def grant(contract: Contract, part: Part, lines: Sequence[Line] | None = None, number: int | None = None) -> Granted:
    """The next opening of these rows, or why there is none.

    Args:
        lines: must lines that it is for; default all. number: of another opening, to see what it was allowed.

    Raises:
        UserError: E030 and E035 for a spent set, E323 when the plan is not the one declared at the first opening.
    """
    plan, before = contract.proof.openings, part.before if number is None else number - 1
    other = [declared for declared in part.plans if declared != plan]
    if other:
        raise UserError("E323", contract.where.get("proof.openings", ""), now=_shown(plan), declared=_shown(other[0]))
    stakes = stakes_of(contract, part)
    texts = {line.text for line in (contract.must if lines is None else lines)}
    granted = next_opening([before], contract.delta, [stake for stake in stakes if stake.line in texts], plan)
    return replace(granted, left=_left(contract, granted, stakes))


def standing(contract: Contract, sealed: Dataset, store: Store | None) -> Standing:
    """What the next opening of a contract's sealed set would be allowed, and the openings so far.

    Raises:
        UserError: E323 when the plan was changed.
    """
    part = choose(contract, parts(sealed, store))
    openings = () if store is None else store.openings_of(part.ids)
    plan, number = contract.proof.openings, part.before + 1
    planning = opening_delta(min(number, plan or number), contract.delta, plan)
    try:
        granted = grant(contract, part)
    except UserError as error:
        if error.code not in SPENT:
            raise
        return Standing(part, number, None, 0, planning, plan, error, openings)
    return Standing(part, number, granted.delta, granted.left, planning, plan, None, openings)


def table(openings: Sequence[Opening]) -> list[dict[str, Any]]:
    """The ledger's rows for people: t, delta, at, outcome, lines, and the override of a look outside the ledger."""
    rows = []
    for opening in openings:
        result = opening.result or {}
        rows.append(
            {
                "t": opening.t, "delta": opening.delta, "outcome": result.get("outcome") or _worst(result),
                "at": datetime.fromtimestamp(opening.at, UTC).isoformat(timespec="seconds"),
                "lines": list(opening.lines.get("lines", ())), "override": opening.lines.get("override"),
            }
        )  # fmt: skip
    return rows


def _worst(result: Mapping[str, Any]) -> str | None:
    """Of an opening recorded by an older release."""
    found = set(result.get("verdicts", {}).values())
    return next((one for one in ("REFUTED", "UNDECIDED", "PROVED") if one in found), None)


def _ids(sealed: Dataset) -> tuple[list[tuple[str, ...]], bool]:
    """What the ledger counts of each row, and whether equal inputs mean the same example."""
    from zhinan.data.cleaning import identities
    from zhinan.data.copies import identify_examples

    own = sealed.values("_row")
    if not identify_examples(sealed.frame, sealed.inputs):
        return [(row,) for row in own], False
    names = sorted(column.name for column in sealed.inputs)
    head = hashlib.blake2b("\x1f".join(["inputs", *names]).encode() + b"\x1e", digest_size=16)
    found: list[tuple[str, ...]] = []
    for row, content in zip(own, identities(sealed.frame, names), strict=True):
        inputs = head.copy()
        inputs.update(content.encode())
        found.append((row, f"x{inputs.hexdigest()}"))
    return found, True


def _most_of_cluster(counts: np.ndarray, clusters: Sequence[Any]) -> np.ndarray:
    most: dict[Any, int] = defaultdict(int)
    for who, count in zip(clusters, counts.tolist(), strict=True):
        most[who] = max(most[who], count)
    return np.array(
        [count if who in (None, "") else most[who] for who, count in zip(clusters, counts.tolist(), strict=True)]
    )


def _part(
    sealed: Dataset, ids: Sequence[tuple[str, ...]], mask: np.ndarray, counts: np.ndarray, store: Store | None
) -> Part:
    kept = tuple(one for row, keep in zip(ids, mask.tolist(), strict=True) if keep for one in row)
    before = int(counts[mask].max(initial=0))
    looks = [one.lines for one in store.openings_of(kept)] if store is not None and before else []
    plans = frozenset(look["plan"] for look in looks if "plan" in look and "override" not in look)
    if mask.all():
        return Part(sealed, kept, before, len(sealed), plans)
    import polars as pl

    if sealed.target is None:
        raise ValueError("unlabeled data cannot be judged")
    frame = sealed.frame.filter(pl.Series(mask))
    said = sorted(zip(frame["_row"].to_list(), frame[sealed.target.name].to_list(), strict=True))
    named = hashlib.sha256("\n".join([sealed.target.name, *(f"{row}={label}" for row, label in said)]).encode())
    return Part(replace(sealed, frame=frame, fingerprint=named.hexdigest()), kept, before, len(sealed), plans)


def _chance(contract: Contract, part: Part) -> float:
    try:
        delta = grant(contract, part).delta
    except UserError as error:
        if error.code not in SPENT:
            raise
        return -1.0
    found = [1.0]
    for stake in stakes_of(contract, part):
        target = stake.target if stake.op == ">=" else 1 - stake.target
        rows = stake.rows(delta)
        if isinstance(rows, tuple):
            found.append(float(could_prove(stake, delta)))
        else:
            found.append(count_power(rows, (1 + target) / 2, target, delta))
    return min(found)


def stakes_of(contract: Contract, part: Part) -> list[Stake]:
    """What flawless answers could still prove: each quality must line with the sealed rows it can count on."""
    sealed = part.rows
    if sealed.target is None:
        raise ValueError("unlabeled data cannot be judged")
    truth = sealed.values(sealed.target.name)
    said: Said = Answers(truth)
    if sealed.target.kind == "number":
        said = Values(numeric(truth), numeric(truth), numeric(truth))
    elif sealed.target.kind == "list":
        said = Tags([items_of(text) for text in truth])
    flawless = judge_dataset(sealed, said, tuple(sorted(set(truth))) if isinstance(said, Answers) else ())
    current = contract.data.current
    asked = None if current is None else answers_of(sealed, current)[1]
    compared = flawless if asked is None else flawless.where(asked)
    stakes = []
    for line in contract.must:
        if is_cost(line) or not _countable(line):
            continue
        by, alone = line.args.get("by"), replace(line, relative=None)
        if by is None:
            stakes.append(_stake(line, measure_known(alone, compared if line.relative else flawless)))
        else:
            evidence = measure_known(line, flawless).evidence
            groups = evidence.parts if isinstance(evidence, Gap) else ()  # none where there are no two to compare
            stakes.append(Stake(line.text, line.op, line.target, partial(_worth_each, groups)))
    return stakes


def _stake(line: Line, flawless: Measurement) -> Stake:
    """Of one share, with the rows it is worth; F1 is at stake with the share of hits that it rises with."""
    evidence = flawless.evidence
    if isinstance(evidence, F1):
        return Stake(line.text, line.op, overlap_of(_at_stake(line)), partial(_worth, evidence.overlap))
    return Stake(line.text, line.op, _at_stake(line), partial(_worth, evidence))


def _worth(flawless: Evidence, delta: float) -> float:
    """The independent rows, not whole where some are alike, that flawless ones are worth at one-sided δ."""
    return flawless.design.flawless(delta) if isinstance(flawless, Count) else flawless.n


def _worth_each(groups: Sequence[Evidence], delta: float) -> tuple[float, ...]:
    return tuple(_worth(group, delta) for group in groups)


def _countable(line: Line) -> bool:
    """Whether flawless answers say what is the most that can be proved: a share of rows, or a gap between such."""
    entry = find("metric", line.metric)
    if line.args.get("by") is not None:
        of = find("metric", str(line.args["of"])).facts
        return line.metric == "gap" and line.relative is None and bool(of.get("flawless", True))
    if not needs_of(entry) & {"answer", "value", "interval", "tags"} or entry.facts["better"] != "higher":
        return False
    return entry.facts["unit"] == "%" and bool(entry.facts.get("flawless", True))


def _at_stake(line: Line) -> float:
    """What flawless answers have to prove; of a relative line, against current answers that are flawless too.

    Flawless answers cannot be surpassed: a line that asks for more than them is never provable on that count, and so
    does not close the set.
    """
    best = 1.0 if line.op == ">=" else 0.0
    if line.relative is None:
        return line.target
    return best + line.target if line.relative == "difference" else best * line.target


def _left(contract: Contract, granted: Granted, stakes: Sequence[Stake]) -> int:
    """How many openings after this one could still prove every must line of the contract."""
    try:
        return next_opening([granted.number - 1], contract.delta, stakes, contract.proof.openings).left
    except UserError as error:
        if error.code not in SPENT:
            raise
        return 0


def _shown(plan: int | None) -> str:
    return "–" if plan is None else str(plan)
