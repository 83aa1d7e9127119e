"""Searches, on given rows, what suits some lines: class offsets, thresholds, when a person answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from zhinan.contract import Line, parse_line
from zhinan.core import find
from zhinan.evaluate.measure import is_cost, measure_known
from zhinan.proof import Judged, Tagged
from zhinan.proof.combined import OnCondition
from zhinan.proof.evidence import Evidence, Op
from zhinan.steps.tag import HALF, given

__all__ = [
    "ABSTAINING", "ENOUGH", "PLENTY", "Goal", "Score", "adjustable", "fit_abstain", "fit_offsets", "fit_thresholds",
]  # fmt: skip

ENOUGH = 6.0
"""Beyond so many standard errors more margin is no more worth."""
PLENTY = 4.5
"""Standard errors on dev that promise a proof on about as many sealed rows: beyond, answers are left as they are."""
ABSTAINING = "auto_rate"
PRIORS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of the classes' shares is taken out (Menon et al., ICLR 2021) for lines about every class alike."""
SHARES = np.array([0.002, 0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
"""Shares of rows that may get a class as their answer."""
WIDEST, HALVINGS, SWEEPS = 20.0, 2, 2
KEPT = np.linspace(0, 0.975, 40)

ALIKE = (0.5, 0.4, 0.45, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05, 0.55, 0.6, 0.7, 0.8, 0.9)
"""Thresholds of all labels alike that are tried; of equals the first."""
PARTS = (0.0, 0.5, 1.0)
"""How far labels go from the threshold of all to their own."""
LOWEST = 0.02

Score: TypeAlias = tuple[float, float]
"""The smallest margin over must lines, then over should lines, in tenths of a standard error: less is noise."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What the lines make of answers to some judged rows.

    Args:
        judged: the rows; its answers are replaced by those that are tried.
        names: the class of each code, as an array of text.
    """

    judged: Judged | Tagged
    names: np.ndarray
    must: tuple[Line, ...]
    should: tuple[Line, ...] = ()

    @classmethod
    def of(cls, judged: Judged | Tagged, classes: Sequence[str], must: Sequence[Line], should: Sequence[Line]) -> Goal:
        """Only the lines that answers decide, and of the rows only what their values take: persons are for bounds."""
        kept = [
            tuple(line for line in lines if _decided_by_answers(line) and (not line.relative or judged.current))
            for lines in (must, should)
        ]
        texts = {name for lines in kept for line in lines for name in _columns(line)}
        columns = {name: values for name, values in judged.columns.items() if name in texts}
        current: Any = judged.current and replace(judged.current, person=None)
        shown = replace(judged, probability=None, person=None, columns=columns, current=current)
        return cls(shown, np.array(classes, str), *kept)

    def where(self, rows: np.ndarray) -> Goal:
        """The goal on some rows."""
        return replace(self, judged=self.judged.where(rows))

    def without(self, metric: str) -> Goal:
        """The goal without the lines of a metric, which something else takes care of."""
        must, should = (tuple(one for one in lines if one.metric != metric) for lines in (self.must, self.should))
        return replace(self, must=must, should=should)

    def score(self, codes: np.ndarray, handed: np.ndarray | None = None) -> Score:
        """How far answers, codes (n,) or flags (n, classes), are from the lines in rough standard errors."""
        answer: Any = codes if isinstance(self.judged, Tagged) else self.names[codes]
        judged = replace(self.judged, answer=answer, handover=handed)
        least = [min((_margin(line, judged) for line in lines), default=PLENTY) for lines in (self.must, self.should)]
        return round(least[0], 1), round(least[1], 1)


def adjustable(lines: Sequence[Line], classes: Sequence[str]) -> tuple[tuple[int, ...], bool]:
    """Codes of the classes whose offset some line may need, and whether a line is about every class alike."""
    named, every = set(), False
    for line in filter(_decided_by_answers, lines):
        label = (line.part.label if line.part else None) or line.args.get("part")
        if label in classes:
            named.add(classes.index(label))
        elif label is None and line.metric not in ("accuracy", ABSTAINING) and line.args.get("of") != "accuracy":
            every = True
    return tuple(sorted(named)), every


def fit_offsets(probability: np.ndarray, goal: Goal, named: Sequence[int], *, every: bool) -> tuple[float, ...]:
    """The smallest class offsets with the best score, one coordinate at a time; empty when none is better than none.

    Args:
        probability: (n, classes), calibrated, of the goal's rows. named, every: from `adjustable`.
    """
    logged = np.log(np.maximum(probability, 1e-12))
    shares = np.log(np.maximum(probability.mean(axis=0), 1e-12))
    share, own = 0.0, np.zeros(probability.shape[1])
    for _ in range(SWEEPS if every + len(named) > 1 else 1):
        before = share, own.copy()
        if every:
            share = _best_share(logged + own, shares, goal)
        for code in named:
            own[code] = 0.0
            own[code] = _best_offset(logged - share * shares + own, code, goal)
        if share == before[0] and np.array_equal(own, before[1]):
            break
    return tuple(map(float, own - share * shares)) if share or own.any() else ()


def fit_thresholds(probability: np.ndarray, goal: Goal, named: Sequence[int], *, least: int) -> tuple[float, ...]:
    """The thresholds of labels with the best score; empty when none is better than one half for all.

    All of them lie on a way from one threshold to that with which each label's own F1 is largest: rare labels have few
    rows, so their own best is half chance. Then those of the labels that lines name move one at a time.

    Args:
        probability: (n, classes), of the goal's rows, each label's by itself. named: from `adjustable`. least: labels
            a row has at least.

    Source: of one threshold for all, Lipton, Elkan & Naryanaswamy (ECML PKDD 2014): half the best F1 is the best for
    micro F1, half of each label's own for macro F1.
    """
    held = goal.judged.truth[:, : probability.shape[1]]
    own = _own_thresholds(probability, held)

    def score(thresholds: np.ndarray) -> Score:
        return goal.score(_wide(given(probability, tuple(thresholds), least), goal))

    half = np.full(probability.shape[1], HALF)
    ways = [half, *((1 - part) * alike + part * own for part in PARTS for alike in ALIKE)]
    best = max(ways, key=score)
    for code in named:
        tried = [best, *(np.where(np.arange(len(best)) == code, one, best) for one in ALIKE)]
        best = max(tried, key=score)
    return () if (best == HALF).all() else tuple(map(float, best))


def _wide(flags: np.ndarray, goal: Goal) -> np.ndarray:
    """The flags with a column for each label of the judged rows that no answer has."""
    more = len(goal.judged.classes) - flags.shape[1]
    wide: np.ndarray = np.pad(flags, ((0, 0), (0, more)))
    return wide


def _own_thresholds(probability: np.ndarray, held: np.ndarray) -> np.ndarray:
    """For each label the threshold (classes,) with the largest F1 on these rows, halfway between two of them."""
    order = np.argsort(-probability, axis=0, kind="stable")
    sorted_chances = np.take_along_axis(probability, order, axis=0)
    hits = np.take_along_axis(held, order, axis=0).cumsum(axis=0)
    f1 = 2 * hits / (np.arange(1, len(held) + 1)[:, None] + np.maximum(held.sum(axis=0), 1))
    f1[:-1][sorted_chances[:-1] == sorted_chances[1:]] = -1  # no threshold lies between equals
    last = f1.argmax(axis=0)
    below = np.vstack([sorted_chances[1:], np.zeros((1, held.shape[1]))])
    columns = np.arange(held.shape[1])
    found = (sorted_chances[last, columns] + below[last, columns]) / 2
    return np.where(held.any(axis=0), np.clip(found, LOWEST, 1 - LOWEST), HALF)


def fit_abstain(confidence: np.ndarray, codes: np.ndarray, goal: Goal) -> float | None:
    """The confidence below which rows are handed over, with the best score; None when nothing is gained by it."""
    tried: dict[float | None, Score] = {None: goal.score(codes, np.zeros(len(codes), bool))}
    for threshold in np.unique(np.quantile(confidence, KEPT)):
        tried[float(threshold)] = goal.score(codes, confidence < threshold)
    return max(tried, key=lambda threshold: tried[threshold])  # of equals the first, which hands over least


def _best_share(logged: np.ndarray, shares: np.ndarray, goal: Goal) -> float:
    return _best(PRIORS, lambda share: goal.score((logged - share * shares).argmax(axis=1)))


def _best_offset(logged: np.ndarray, code: int, goal: Goal) -> float:
    """The offset of one class with the best score; of equals the smallest.

    Tried are those that answer the class to certain shares of the rows, whatever the scale of the scores, and then
    the middles around the best.
    """
    others = logged.copy()
    others[:, code] = -np.inf
    rival = others.argmax(axis=1)
    ahead = logged[:, code] - others[np.arange(len(rival)), rival]

    def score(offset: float) -> Score:
        return goal.score(np.where(ahead + offset > 0, code, rival))

    tried = np.unique([0.0, *np.clip(-np.quantile(ahead, 1 - SHARES), -WIDEST, WIDEST)]).tolist()
    best = _best(tried, score)
    for _ in range(HALVINGS):
        place = tried.index(best)
        tried = sorted({best, *((best + near) / 2 for near in tried[max(place - 1, 0) : place + 2])})
        best = _best(tried, score)
    return best


def _best(choices: Sequence[float], score: Callable[[float], Score]) -> float:
    return max(choices, key=lambda choice: (score(choice), -abs(choice)))


def _decided_by_answers(line: Line) -> bool:
    needs = find("metric", line.metric).facts.get("needs", "")
    disturbed = line.part is not None and line.part.under is not None
    return not is_cost(line) and ("answer" in needs or "tags" in needs) and not disturbed


def _columns(line: Line) -> tuple[str, ...]:
    by, condition = str(line.args.get("by") or ""), line.args.get("condition")
    named = [by, *(name.strip() for name in by.split("*")), line.part.column if line.part else None]
    inner = _columns(parse_line(condition)) if condition else ()
    return (*(name for name in named if name), *inner)


def _margin(line: Line, judged: Judged | Tagged) -> float:
    evidence = measure_known(line, judged).evidence
    if isinstance(evidence, OnCondition):
        return min(_away(evidence.rate, line.op, line.target), _away(evidence.inner, evidence.op, evidence.target))
    return _away(evidence, line.op, line.target)


def _away(evidence: Evidence, op: Op, target: float) -> float:
    """Rough standard errors between a value and its target: those of a share at the target, else 5 % of the target."""
    if not math.isfinite(evidence.value):
        return -ENOUGH * 10.0
    distance = (evidence.value - target) * (1 if op == ">=" else -1)
    share = min(max(abs(target), 0.01), 0.99)
    error = math.sqrt(share * (1 - share) / max(evidence.n, 1)) if abs(evidence.value) <= 1 else 0.05 * abs(target)
    return float(np.clip(distance / max(error, 1e-9), -ENOUGH * 10, PLENTY))
