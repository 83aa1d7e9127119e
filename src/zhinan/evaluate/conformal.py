"""Intervals of numbers that hold the truth as often as they say, fitted on dev: split conformal prediction.

How far off the recipe was on dev's rows, which it did not learn from, is how far off it will be on rows like them.
Whatever is fitted here is packaged as fitted on all of dev; the ends that the search and the report see are
cross-fitted, so that no row's interval was made by looking at that row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import Candidate, Dataset
from zhinan.evaluate.calibration import folds, held_out
from zhinan.evaluate.measure import numeric, persons
from zhinan.proof import Stake, clopper_pearson, could_prove, opening_delta
from zhinan.proof.clusters import design
from zhinan.steps.value import Value, ahead, scored
from zhinan.steps.values.written import part_of

__all__ = ["FITTED", "USUAL", "Look", "aims", "decide_value", "interval_facts", "lacking", "margin", "wanted", "widths"]

USUAL = 0.9
"""How often an interval holds the truth where the contract does not say."""
FITTED = frozenset({"margins", "local", "level", "smear", "unit"})
"""Options of the step that stay those of the compared candidate when its recipe is trained again on dev too."""
POWER = 0.9
"""The chance that sealed rows are to prove a line about coverage."""
CLOSEST = 0.1
"""Of the misses that a line allows, the share that the interval is aimed at when no margin of dev gives that chance."""
MANY = 300
"""Rows from which a long tail may get a margin of its own."""
UNEVEN = 1.5
"""How many times as far off one way as the other, at the 80 % quantile, errors must be before tails are told apart."""
WHOLE = 1e9
"""A margin that leaves only the ends that no interval passes: so few rows promise nothing narrower."""


class Look(NamedTuple):
    """The opening that will judge a candidate: how many sealed rows, at which δ."""

    rows: int
    delta: float


def decide_value(candidate: Candidate, dev: Dataset, contract: Contract, seal: Look | None = None) -> Candidate:
    """The candidate with the margins of its interval and the unit of the target, and value, low and high of dev's rows.

    Args: seal: who will judge it; None for a first opening of as many rows as of dev.

    Source: Lei, G'Sell, Rinaldo, Tibshirani & Wasserman, JASA 113 (2018); one margin a tail as in Romano, Patterson &
        Candès (NeurIPS 2019).
    """
    return _decided(candidate, dev, wanted(contract, dev, seal))


def _decided(candidate: Candidate, dev: Dataset, level: float) -> Candidate:
    """The candidate with an interval aimed at a level."""
    truth, person, scores, options = _given(candidate, dev)
    off = scored(truth, options) - scores[:, 0]
    fold = folds(np.zeros(len(truth), np.int64), person)
    parts = list(held_out(fold)) if len(np.unique(fold)) > 1 else [(fold >= 0, fold >= 0)]
    fewest = min(len(np.unique(np.arange(len(truth))[fit] if person is None else person[fit])) for fit, _ in parts)
    local, tails = _form(off, scores, fewest >= _needed((1 + level) / 2))
    unsure = off / ahead(scores, local)

    def fitted(rows: np.ndarray) -> dict[str, Any]:
        who = None if person is None else person[rows]
        return {"local": local, "margins": _margins(unsure[rows], level, who, tails=tails), "level": level}

    ends = np.empty((len(truth), 3))
    for fit, apply in parts:
        ends[apply] = _run({**options, **fitted(fit)}, scores[apply])
    *before, last = candidate.steps
    unit = "" if dev.target is None else dev.target.notation.get("unit", "")
    told = {"unit": unit} if unit else {}
    steps = (*before, replace(last, options={**last.options, **fitted(fold >= 0), **told}))
    return replace(candidate, steps=steps, decided=ends)


def _form(off: np.ndarray, scores: np.ndarray, enough: bool) -> tuple[bool, bool]:
    """Whether margins are wider for rows that are unsure, and whether each tail has its own.

    Args: enough: whether rows, or persons, are enough for a margin of each tail.

    The first is the recipe's choice, made on train: it says how unsure rows are or it does not. Tails are told apart
    only where many rows show a long one, by the bulk of the errors. A form chosen by the rows that its margins are then
    read from would hold the truth less often than it says, 0.8 points less on 60 rows.

    Source: Yang & Kuchibhotla, JASA 120 (2025), on what choosing costs.
    """
    local = scores.shape[1] > 1
    if len(off) < MANY or not enough:
        return local, False
    low, high = np.quantile(off / ahead(scores, local), [0.2, 0.8])
    return local, bool(max(high, -low) > UNEVEN * max(min(high, -low), 0.0))


def wanted(contract: Contract, dev: Dataset, seal: Look | None = None) -> float:
    """How often the interval is to hold the truth: what the contract says, more where a must line has to be proved."""
    return max(_usual(contract), *aims(contract, dev, seal).values(), 0.0)


def _usual(contract: Contract) -> float:
    return contract.train.interval or USUAL


def aims(contract: Contract, dev: Dataset, seal: Look | None = None) -> dict[str, float]:
    """The must lines about coverage that make the interval wider, and the level at which each has it aimed.

    Args: seal: as of `decide_value`.
    """
    delta = opening_delta(1, contract.delta, contract.proof.openings) if seal is None else seal.delta
    levels = {}
    for line in contract.must:
        if line.metric == "coverage" and line.op == ">=" and line.relative is None and line.target < 1:
            known, alike, flawless = _worth(line, dev, delta)
            grown = 1.0 if seal is None else seal.rows / max(len(dev), 1)
            could = could_prove(Stake(line.text, ">=", line.target, flawless * grown), delta)
            judged = round(known * grown) if could else 0
            levels[line.text] = _aimed(line.target, int(known / alike), int(judged / alike), delta)
    return {line: level for line, level in levels.items() if level > _usual(contract)}


def widths(
    candidate: Candidate | None, dev: Dataset, contract: Contract, seal: Look | None = None
) -> tuple[dict[str, Any], ...]:
    """What each must line about coverage costs: how wide the interval is on average with it, and without any.

    Args: seal: as of `decide_value`.
    Returns: [{"line", "level", "width"}] from dev, cross-fitted, the first, with line None, without any; nothing where
        no line makes it wider.
    """
    asked = aims(contract, dev, seal)
    if not asked or candidate is None or candidate.steps[-1].step != "value":
        return ()
    return tuple(
        {"line": line, "level": level, "width": interval_facts(_decided(candidate, dev, level), dev)["width"]}
        for line, level in ((None, _usual(contract)), *asked.items())
    )


def _aimed(target: float, known: int, judged: int, delta: float) -> float:
    """The least level at which `judged` rows prove a coverage of `target` with a chance of POWER.

    The margin that is the k-th smallest of n errors misses new rows at a rate that is Beta(n + 1 - k, k), whatever
    their distribution, so misses among sealed rows are beta-binomial. Half a rank less is the same margin, and folds,
    which have fewer rows, still have one at that level.

    Args: known, judged: independent rows of dev and sealed.

    Source: Vovk, Conditional validity of inductive conformal predictors, ACML (2012).
    """
    from scipy.stats import betabinom

    misses = np.arange(math.ceil(judged * (1 - target)) + 1)
    proving = misses[clopper_pearson(judged - misses, judged, delta)[0] >= target] if judged else misses[:0]

    def chance(rank: int) -> float:
        return float(betabinom.cdf(proving[-1], judged, known + 1 - rank, rank))

    if not proving.size or not known or chance(known) < POWER:
        return 1 - CLOSEST * (1 - target)
    low, high = 0, known
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= POWER else (middle, high)
    return (high - 0.5) / (known + 1)


def _worth(line: Line, dev: Dataset, delta: float) -> tuple[int, float, float]:
    """Dev's rows that a line counts, how many of them are worth one independent row, and what all are without a miss.

    Before there are answers, rows that were drawn together are taken to miss alike as far as they lie on the same side
    of the median target; the sealed rows are taken to repeat each other as dev's do.
    """
    if dev.target is None:
        raise ValueError("intervals are fitted on labelled rows")
    mine = np.ones(len(dev), bool)
    if line.part is not None and line.part.column is not None:
        mine = np.array([part_of(value) == line.part.value for value in dev.values(line.part.column)], bool)
    known, clusters = int(mine.sum()), dev.clusters()
    if clusters is None or not known:
        return known, 1.0, float(known)
    truth = numeric(dev.values(dev.target.name))[mine]
    drawn = design(truth > np.median(truth), persons(clusters)[mine])
    return known, drawn.deff, drawn.flawless(delta)


def lacking(dev: Dataset, level: float) -> dict[str, float] | None:
    """{"level", "have", "need"} where dev has fewer independent rows, or persons, than a margin at that level takes:
    every interval is then as wide as can be. None where they are enough."""
    clusters = dev.clusters()
    have, need = len(dev) if clusters is None else len(np.unique(persons(clusters))), _needed(level)
    return {"level": level, "have": have, "need": need} if have < need else None


def _needed(level: float) -> int:
    """The fewest rows, or persons, of which the largest error is a margin at a level: n ≥ level (n + 1)."""
    return math.ceil(round(level / (1 - level), 9))


def margin(off: np.ndarray, level: float, person: np.ndarray | None = None) -> float:
    """The margin that `off` (n,) stays within for a share `level` of new rows, whatever their distribution.

    With persons the larger of two: over rows, and over persons with equal weight, so that neither people with many
    rows nor rows of many people are promised too much.

    Returns: infinity where so few rows, or persons, can promise nothing.

    Source: Lei et al. (2018); of persons Dunn, Wasserman & Ramdas, JASA 118 (2023), two-layer hierarchical models.
    """
    ordered = np.sort(off)
    rank = math.ceil(round((len(off) + 1) * level, 9))
    over_rows = float(ordered[rank - 1]) if rank <= len(off) else math.inf
    if person is None:
        return over_rows
    _, who, size = np.unique(person, return_inverse=True, return_counts=True)
    order = np.argsort(off, kind="stable")
    reached = np.cumsum(1 / size[who[order]])
    place = int(np.searchsorted(reached, round((len(size) + 1) * level, 9) - 1e-9))
    return max(over_rows, float(off[order[place]]) if place < len(off) else math.inf)


def _margins(unit: np.ndarray, level: float, person: np.ndarray | None, *, tails: bool) -> tuple[float, float]:
    """How far to go down and up."""
    if tails:
        share = (1 + level) / 2
        both = margin(-unit, share, person), margin(unit, share, person)
    else:
        both = (margin(np.abs(unit), level, person),) * 2
    return tuple(min(one, WHOLE) for one in both)  # type: ignore[return-value]


def _given(candidate: Candidate, dev: Dataset) -> tuple[np.ndarray, np.ndarray | None, np.ndarray, Mapping[str, Any]]:
    if dev.target is None:
        raise ValueError("intervals are fitted on labelled rows")
    clusters = dev.clusters()
    person = None if clusters is None else persons(clusters)
    scores = np.asarray(candidate.dev, np.float64)
    return numeric(dev.values(dev.target.name)), person, scores, candidate.steps[-1].options


def _run(options: Mapping[str, Any], scores: np.ndarray) -> np.ndarray:
    """Value, low and high (n, 3) by the very step that serves."""
    step = Value(("scores",), ("value", "low", "high"), {}, **options)
    made = step.run({"scores": scores})
    return np.column_stack([made["value"], made["low"], made["high"]])


def interval_facts(candidate: Candidate, dev: Dataset) -> dict[str, Any]:
    """What the report says of the interval, from dev, cross-fitted: {"level", "coverage", "width", "form", "n", "lacks"
    (as `lacking`)}."""
    truth, _, _, options = _given(candidate, dev)
    _, low, high = np.asarray(candidate.answers, np.float64).T
    inside = (low <= truth) & (truth <= high)
    return {
        "level": options.get("level"), "coverage": float(inside.mean()), "width": float((high - low).mean()),
        "form": "local" if options.get("local") else "alike", "n": len(truth),
        "lacks": lacking(dev, options["level"]) if options.get("level") else None,
    }  # fmt: skip
