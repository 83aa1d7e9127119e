"""Certifies a version label by label, from fresh rows drawn at random: no seal is opened, every peek is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import Dataset
from zhinan.core.account import by
from zhinan.data import Loaded, Split
from zhinan.engine.labels import opinions, settled
from zhinan.engine.ordered import Frame, frames
from zhinan.engine.queues import open_lines
from zhinan.evaluate.answering import answer_all
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.measure import judge_dataset
from zhinan.evaluate.row_scores import row_scores
from zhinan.package import Version
from zhinan.proof import Certifier, Judged, Tagged, Valued, count_size, opening_delta
from zhinan.store import Store, VersionRow, change_verdicts, promote_first

__all__ = ["Fresh", "Progress", "certify_fresh", "keep_fresh"]

SLOWER = 1.5
"""A test that may be looked at after each label takes about so many times the labels of one that may not."""


@dataclass(frozen=True)
class Progress:
    """How far fresh labels have come with one line.

    Args:
        n: labelled rows it was judged on. value: the share or mean on them, None of nothing. lower, upper: bounds at
            its δ, valid at every peek. evidence: capital won against the line; `needed` = 1/δ proves it.
        more: about how many more rows decide it if the value seen is the truth; None when nothing can be said.
    """

    line: str
    verdict: str
    n: int
    value: float | None
    lower: float
    upper: float
    evidence: float
    needed: float
    more: int | None

    def as_verdict(self) -> dict[str, Any]:
        """As the verdicts of a build are kept; decided on "fresh" rows."""
        decide = None if self.more is None or self.verdict != "UNDECIDED" else {"examples": self.more}
        bound = self.upper if self.verdict == "REFUTED" else self.lower
        return {
            "line": self.line, "verdict": self.verdict, "value": self.value, "bound": bound, "n": self.n,
            "on": "fresh", "to_decide": decide,
        }  # fmt: skip


@dataclass(frozen=True)
class Fresh:
    """What fresh labels say of a version: its open lines that they can decide, and those that need an opening."""

    version: int
    lines: tuple[Progress, ...]
    others: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The object under "fresh" of `zhinan label --json`."""
        return {
            "version": self.version,
            "lines": [dict(line.__dict__) for line in self.lines],
            "needs_opening": list(self.others),
        }


def certify_fresh(
    contract: Contract, store: Store, data: tuple[Loaded, Split], row: VersionRow, version: Version
) -> Fresh | None:
    """Judges a version's open quality lines on the rows of the pool labelled since it was built.

    Each line has its own frame of rows, whose places follow from nothing that anybody answered (`engine.ordered`), and
    only those up to the first without a label count: nobody can choose what is seen. A row that is gone, or that the
    version's build knew, counts against what it would decide. Rows are charged one opening when first looked at: for
    any later sealed set they are no longer fresh. The error is that of a first opening.

    Args:
        data: with all labels known now.

    Returns:
        None without a pool. Lines that are no mean of the rows' own scores (macro_f1, gaps, under a disturbance) are
        in `others`: they are decided by the next build, whose sealed set has the labelled rows.

    Source: PROOF 11; safe testing, Grünwald, de Heide & Koolen, JRSS-B 86 (2024).
    """
    loaded, _ = data
    if loaded.pool is None:
        return None
    pool = _labelled(loaded)
    answers = answer_all(version, pool)
    lines = open_lines(contract, store, row)
    quality = max(len(contract.must), 1)
    delta = opening_delta(1, contract.delta, contract.proof.openings)
    earlier = opinions(store, contract.product, int(version.manifest.facts.get("labels", 0)))
    before = settled(earlier, numbers=not version.classes)
    known = frozenset(loaded.labels) - frozenset(before)  # what it, or the choice of it, may have seen is not fresh
    on = judge_dataset(pool, answers, version.classes, matrix=contract.cost.matrix)
    found, others, seen = [], [], set[str]()
    here = frozenset(pool.values("_row"))
    labels = answers.labels if isinstance(answers, Answers) else None
    for frame in frames(contract, store, data, lines, labels, (row.number, before)):
        if frame.line is None:
            continue
        scores = _scores(contract, frame.line, pool, on, known)
        if scores is None:
            others.append(frame.line.text)
            continue
        units = _prefix(frame, known, before, here)
        seen |= {one for unit, lost in units if not lost for one in unit} - frame.free
        drawn = [(0.0, -len(unit)) if lost else _sum(unit, frame, scores) for unit, lost in units]
        found.append(_progress(frame.line, frame.largest, drawn, (delta, quality)))
    _charge(contract, store, version, sorted(seen), delta)
    others += [line.text for line in lines if line.part is not None and line.part.under is not None]
    return Fresh(row.number, tuple(found), tuple(dict.fromkeys(others)))


def _labelled(loaded: Loaded) -> Dataset:
    """The pool with the labels that are settled; "" or 0 on the rows that have none."""
    import polars as pl

    pool = loaded.pool
    if pool is None or pool.target is None:
        raise ValueError("no pool")
    said = [loaded.labels.get(one, "") for one in pool.values("_row")]
    column = pl.Series(pool.target.name, said, pl.String)
    if pool.target.kind == "number":
        column = pl.Series(pool.target.name, [float(one or "0") for one in said], pl.Float64)
    frame = pool.frame.with_columns(column)
    return Dataset(frame, pool.inputs, pool.target, pool.person, pool.time, pool.fingerprint)


def _prefix(
    frame: Frame, known: Collection[str], before: Collection[str], here: Collection[str]
) -> list[tuple[tuple[str, ...], bool]]:
    """Whole units in their order, up to the first that still waits for a label, and whether each is lost.

    Args: known: rows that count with their labels. before: rows that the build knew. here: rows that there are.
    """
    units = []
    for unit in frame.units[frame.start :]:
        lost = any(one in before or one not in here for one in unit)
        if not lost and not all(one in known or one in frame.free for one in unit):
            break
        units.append((unit, lost))
    return units


def _scores(
    contract: Contract, line: Line, pool: Dataset, on: Judged | Tagged | Valued, known: frozenset[str]
) -> dict[str, float] | None:
    """Row → its score on the line, for the labelled rows that count in it; None when the line is no mean of scores."""
    rows = pool.values("_row")
    labelled = np.array([one in known for one in rows], bool)
    if line.relative is not None:
        if line.relative != "difference" or line.metric != "accuracy" or contract.data.current is None:
            return None
        theirs = np.array([str(v) for v in pool.values(contract.data.current)], object) == on.truth
        scores = (on.answer == on.truth).astype(float) - theirs
        return {one: float(scores[i]) for i, one in enumerate(rows) if labelled[i]}
    scored = row_scores(line, on.where(labelled))
    places = np.flatnonzero(labelled)
    return None if scored is None else {str(rows[places[at]]): score for at, score in scored.items()}


def _sum(unit: Sequence[str], frame: Frame, scores: Mapping[str, float]) -> tuple[float, int]:
    """Sum and number of a unit's scores; rows on which two answers agree score 0."""
    given = [0.0 if one in frame.free else scores[one] for one in unit if one in frame.free or one in scores]
    return sum(given), len(given)


def _fed(
    line: Line, largest: int, units: Sequence[tuple[float, int]], asked: tuple[float, int]
) -> tuple[Certifier, Certifier]:
    """Two certifiers fed with the units' scores, each unit as one draw; lost ones count as 0 in one, as 1 in the other.

    A unit of m rows scores Σ(x − target), which lies within ±(largest unit): its mean is ≤ 0 when the line is false,
    however many rows a person has.

    Args:
        units: sum and number of each unit's scores, in order; of a lost one the number below 0. asked: δ, and how many
            lines the contract has.
    """
    delta, lines = asked
    low = -1.0 if line.relative else 0.0
    span = (largest * (low - line.target), largest * (1 - line.target))
    lowest, highest = (Certifier(line.op, 0.0, delta, lines=lines, span=span) for _ in range(2))
    for certifier, lost in ((lowest, low), (highest, 1.0)):
        scores = [(lost * -rows if rows < 0 else scored) - abs(rows) * line.target for scored, rows in units if rows]
        certifier.add(scores)
    return lowest, highest


def _progress(line: Line, largest: int, units: Sequence[tuple[float, int]], asked: tuple[float, int]) -> Progress:
    """Where a line stands after some units, given as to `_fed`."""
    delta, low = asked[0], -1.0 if line.relative else 0.0
    lowest, highest = _fed(line, largest, units, asked)
    against, in_favour = (lowest, highest) if line.op == ">=" else (highest, lowest)
    total, n = sum(scored for scored, rows in units if rows > 0), sum(max(rows, 0) for _, rows in units)
    per_row = max(sum(abs(rows) for _, rows in units) / max(lowest.n, 1), 1e-9)
    lower = line.target + lowest.confidence_sequence()[0] / per_row
    upper = line.target + highest.confidence_sequence()[1] / per_row
    value = total / n if n else None
    verdict = "PROVED" if against.proved else "REFUTED" if in_favour.refuted else "UNDECIDED"
    return Progress(
        line.text, verdict, n, value, max(low, lower), min(1.0, upper),
        float(against.evidence), 1 / delta, _more(line, value, n, delta),
    )  # fmt: skip


def _more(line: Line, value: float | None, n: int, delta: float) -> int | None:
    """Rows that a fixed test would need, times what looking after each label costs, less those there are."""
    if value is None or line.relative or n < 10:
        return None
    rate, target = (value, line.target) if line.op == ">=" else (1 - value, 1 - line.target)
    if rate <= target:
        return None
    size = count_size(min(rate, 1 - 1e-9), target, delta)
    return None if size is None else max(int(SLOWER * size.stays) - n, 1)


def keep_fresh(
    contract: Contract, store: Store, row: VersionRow, found: Fresh, worst: Callable[[Sequence[Mapping[str, Any]]], str]
) -> None:
    """Keeps verdicts that fresh labels decided, and what they make of the version; the first proved one goes live.

    Args: worst: verdicts → the outcome that they make.
    """
    product, number = contract.product, row.number
    decided = {
        line.line: {**line.as_verdict(), "confidence": contract.confidence}
        for line in found.lines
        if line.verdict != "UNDECIDED"
    }
    if not decided:
        return
    rows = change_verdicts(store, product, number, lambda held: [decided.get(one["line"], one) for one in held])
    before, outcome = store.version(product, number).outcome, worst(rows)
    if outcome == before:
        return
    store.set_outcome(product, number, outcome, {}, who=by("label"), why=f"{before} → {outcome} by fresh labels")
    if outcome == "PROVED":
        promote_first(store, product, number, by("label"))


def _charge(contract: Contract, store: Store, version: Version, rows: Sequence[str], delta: float) -> None:
    """Enters rows that were looked at for the first time for this version."""
    charged = {name for opening in store.openings(contract.product) for name in opening.lines.get("fresh_rows", ())}
    new = [one for one in rows if one not in charged]
    if not new:
        return
    key = hashlib.sha256("\n".join(["fresh", version.digest, *new]).encode()).hexdigest()
    lines: Mapping[str, Any] = {"fresh": version.number, "fresh_rows": new}
    opening = store.open_seal(contract.product, key, new, delta=delta, lines=lines)
    if opening.result is None:
        store.close_seal(opening.id, {"fresh": version.number})
