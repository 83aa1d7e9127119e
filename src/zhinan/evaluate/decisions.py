"""Decides on dev how a candidate's scores become answers: calibration, offsets, costs, hand-over, sets of labels.

Whatever is fitted here is packaged as fitted on all of dev; the answers that the search and the report see are
cross-fitted, so that no row's answer was chosen by looking at that row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zhinan.contract import Contract, Line
from zhinan.core import Candidate, Dataset, UserError
from zhinan.evaluate import calibration
from zhinan.evaluate.answers import Answers
from zhinan.evaluate.conformal import FITTED, Look, decide_value
from zhinan.evaluate.deciding_tags import decide_tags
from zhinan.evaluate.measure import judge_dataset
from zhinan.evaluate.thresholds import ABSTAINING, PLENTY, Goal, Score, adjustable, fit_abstain, fit_offsets
from zhinan.proof import Judged
from zhinan.steps.choose import calibrated, decided

__all__ = ["carry", "check_calibration", "decide", "decisions_facts"]

WORTH = 0.25
"""Standard errors by which cross-fitted answers must be ahead before a version departs from the most probable class."""
ENOUGH_ROWS = 10
"""Rows, of either class for a monotone map, below which `auto` leaves probabilities as they are."""


def check_calibration(contract: Contract, classes: Sequence[str]) -> None:
    """Refuses, before anything is trained, a way of calibrating that does not fit the classes.

    Raises:
        UserError: E285 when a monotone map is asked for and there are not two classes.
    """
    if contract.train.calibrate == "isotonic" and len(classes) not in (0, 2):
        raise UserError("E285", contract.where.get("train.calibrate", "train.calibrate"), classes=len(classes))


def decide(candidate: Candidate, dev: Dataset, contract: Contract, seal: Look | None = None) -> Candidate:
    """The candidate with its last step's options set for the contract's lines; as it was where they ask for nothing.

    Args:
        candidate: its `dev` holds the probabilities of dev's rows as its recipe gave them.
        seal: who will judge it, for intervals, as of `decide_value`.

    Raises:
        UserError: E285 when a monotone map is asked for and there are not two classes.
    """
    if candidate.steps[-1].step == "value":
        return decide_value(candidate, dev, contract, seal)
    if candidate.steps[-1].step == "tag":
        return decide_tags(candidate, dev, contract)
    if candidate.steps[-1].step != "choose":
        raise ValueError("the last step of a candidate is the choice")
    truth, person = _truth(dev, candidate.classes), _person(dev)
    fold = calibration.folds(truth, person)
    options, probability = _calibrated(candidate, truth, fold, contract)
    goal = None if _alike(candidate) else _goal(candidate, dev, contract)
    codes = None
    if goal is not None:
        rule, codes = _rule(probability, goal.without(ABSTAINING), fold, contract)
        options.update(rule)
    answers = probability.argmax(axis=1) if codes is None else codes
    handed = None
    if goal is not None and any(line.metric == ABSTAINING for line in (*goal.must, *goal.should)):
        threshold, handed = _abstaining(probability, answers, goal, fold)
        options.update({} if threshold is None else {"abstain": threshold})
    if contract.train.sets is not None:
        options["sets"] = calibration.set_threshold(probability, truth, contract.train.sets)
    if not options:
        return candidate
    return _with(replace(candidate, dev=probability.astype(np.float32), decided=codes, handed=handed), options)


def carry(candidate: Candidate, chosen: Candidate) -> Candidate:
    """A candidate trained again, with the decisions, and the answers on dev, of the one that was compared."""
    own = {"classes"} if candidate.classes else chosen.steps[-1].options.keys() - FITTED
    options = {name: v for name, v in chosen.steps[-1].options.items() if name not in own}
    again = replace(candidate, dev=chosen.dev, decided=chosen.decided, handed=chosen.handed)
    return _with(again, options)


def decisions_facts(candidate: Candidate, dev: Dataset, contract: Contract) -> dict[str, Any]:
    """What stands between a probability and an answer, for the report; measured on dev, cross-fitted."""
    options, truth = candidate.steps[-1].options, _truth(dev, candidate.classes)
    probability = np.asarray(candidate.dev, np.float64)
    right = candidate.answers == truth
    kept = np.ones(len(truth), bool) if candidate.handed is None else ~candidate.handed
    abstains = options.get("abstain") is not None
    offsets = zip(candidate.classes, options.get("offsets", ()), strict=False)
    mix = candidate.params.get("mix")
    return {
        "calibrate": "isotonic" if options.get("isotonic") else _plain(contract),
        "temperature": float(options.get("temperature", 1.0)) / (sum(mix) if mix else 1.0),
        "offsets": {name: round(float(offset), 4) for name, offset in offsets if offset},
        "abstain": options.get("abstain"),
        "auto_rate": float(kept.mean()) if abstains and len(kept) else None,
        "precision": float(right[kept].mean()) if abstains and kept.any() else None,
        "sets": None if options.get("sets") is None else _sets(probability, truth, candidate, dev, contract),
    }


def _plain(contract: Contract) -> str:
    return "none" if contract.train.calibrate == "none" else "temperature"


def _sets(
    probability: np.ndarray, truth: np.ndarray, candidate: Candidate, dev: Dataset, contract: Contract
) -> dict[str, float] | None:
    """Coverage and mean size of the sets, each row's with a threshold fitted on other rows."""
    asked = contract.train.sets
    if asked is None or not len(truth):
        return None
    inside = np.zeros(probability.shape, bool)
    for fit, apply in calibration.held_out(calibration.folds(truth, _person(dev))):
        inside[apply] = probability[apply] >= calibration.set_threshold(probability[fit], truth[fit], asked)
    rows = np.arange(len(truth))
    inside[rows, candidate.answers] = True
    return {"coverage": float(inside[rows, truth].mean()), "size": float(inside.sum(axis=1).mean())}


def _truth(dev: Dataset, classes: Sequence[str]) -> np.ndarray:
    if dev.target is None:
        raise ValueError("decisions are made on labelled rows")
    place = {label: i for i, label in enumerate(classes)}
    return np.array([place[label] for label in dev.values(dev.target.name)], np.int64)


def _person(dev: Dataset) -> np.ndarray | None:
    if dev.person is None:
        return None
    people = dev.values(dev.person)
    return np.array([f"\x02{i}" if one is None else str(one) for i, one in enumerate(people)])


def _with(candidate: Candidate, options: Mapping[str, Any]) -> Candidate:
    *before, last = candidate.steps
    return replace(candidate, steps=(*before, replace(last, options={**last.options, **options})))


# calibration


def _calibrated(
    candidate: Candidate, truth: np.ndarray, fold: np.ndarray, contract: Contract
) -> tuple[dict[str, Any], np.ndarray]:
    """Options of the choice that calibrate, and dev's probabilities (n, classes) through them, cross-fitted."""
    how, count = contract.train.calibrate, len(candidate.classes)
    probability = np.asarray(candidate.dev, np.float64)
    check_calibration(contract, candidate.classes)
    logits = calibration.logits_of(probability)
    if _alike(candidate):
        return {}, probability
    if how == "none":
        heat = _raw(candidate)
        return ({}, probability) if heat == 1 else ({"temperature": heat}, calibrated(logits, heat))
    options: dict[str, Any] = {}
    taught = probability[np.arange(len(truth)), truth] > calibration.LEAST  # no temperature can make the others right
    heat = calibration.fit_temperature(logits[taught], truth[taught])
    warmed = calibrated(logits, heat)
    if heat != 1 and _sharper(probability[taught], warmed[taught], truth[taught]):
        options, probability = {"temperature": heat}, warmed
    if count != 2 or how == "temperature":
        return options, probability
    mapped = calibration.crossed_isotonic(probability, truth, fold)
    enough = np.bincount(truth, minlength=2).min() >= ENOUGH_ROWS
    if how == "isotonic" or (enough and _sharper(probability, mapped, truth)):
        return {**options, "isotonic": calibration.fit_isotonic(probability, truth)}, mapped
    return options, probability


def _alike(candidate: Candidate) -> bool:
    """Whether nothing tells rows apart, as with the prior: no threshold or temperature is worth fitting then."""
    return bool((candidate.dev == candidate.dev[:1]).all())


def _raw(candidate: Candidate) -> float:
    """The temperature that undoes the recipe's own, so that its scores are taken as they are."""
    mix = candidate.params.get("mix")
    return float(sum(mix)) if mix else 1.0


def _sharper(before: np.ndarray, after: np.ndarray, truth: np.ndarray) -> bool:
    """Whether the log loss is lower by more than its standard error."""
    if len(truth) < ENOUGH_ROWS:
        return False
    gain = calibration.losses(before, truth) - calibration.losses(after, truth)
    return float(gain.mean()) > float(gain.std(ddof=1)) / math.sqrt(len(gain))


# answers


def _goal(candidate: Candidate, dev: Dataset, contract: Contract) -> Goal | None:
    """What the lines make of answers; None when no other answer could matter to any of them."""
    lines = (*contract.must, *contract.should)
    named, every = adjustable(lines, candidate.classes)
    if not named and not every and not any(line.metric == ABSTAINING for line in lines):
        return None
    labels = [candidate.classes[i] for i in candidate.dev.argmax(axis=1)]
    judged = judge_dataset(
        dev, Answers(labels), candidate.classes, matrix=contract.cost.matrix, current=contract.data.current
    )
    if not isinstance(judged, Judged):
        raise ValueError("labels are chosen, numbers are not")
    return Goal.of(judged, candidate.classes, contract.must, contract.should)


def _rule(
    probability: np.ndarray, goal: Goal, fold: np.ndarray, contract: Contract
) -> tuple[dict[str, Any], np.ndarray | None]:
    """The rule with the best cross-fitted answers: most probable, cheapest, or most probable after offsets."""
    plain = probability.argmax(axis=1)
    best: tuple[Score, dict[str, Any], np.ndarray | None] = (goal.score(plain), {}, None)
    if min(best[0]) >= PLENTY:
        return {}, None
    classes = goal.names.tolist()
    if contract.cost.matrix is not None and _asks((*goal.must, *goal.should), "expected_cost"):
        costs = _costs(contract.cost.matrix, classes)
        cheapest = decided(probability, costs=costs)
        best = max(best, (goal.score(cheapest), {"costs": costs}, cheapest), key=lambda one: one[0])
    named, every = adjustable((*goal.must, *goal.should), classes)
    if not named and not every:
        return best[1], best[2]
    moved = plain.copy()
    for fit, apply in calibration.held_out(fold):
        offsets = fit_offsets(probability[fit], goal.where(fit), named, every=every)
        moved[apply] = decided(probability[apply], offsets)
    if _ahead(goal.score(moved), best[0]):
        offsets = fit_offsets(probability, goal, named, every=every)
        if offsets:
            return {"offsets": offsets}, moved
    return best[1], best[2]


def _ahead(one: Score, other: Score) -> bool:
    """By enough on the must lines; or as good on them and by enough on the should lines."""
    return one[0] >= other[0] + WORTH or (one[0] >= other[0] and one[1] >= other[1] + WORTH)


def _asks(lines: Sequence[Line], metric: str) -> bool:
    return any(line.metric == metric for line in lines)


def _costs(matrix: Mapping[str, Mapping[str, float]], classes: Sequence[str]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(matrix.get(t, {}).get(a, t != a)) for a in classes) for t in classes)


def _abstaining(
    probability: np.ndarray, codes: np.ndarray, goal: Goal, fold: np.ndarray
) -> tuple[float | None, np.ndarray | None]:
    """The confidence below which a person answers, and which rows (n,) of dev that are, cross-fitted."""
    sure = probability[np.arange(len(codes)), codes]
    threshold = fit_abstain(sure, codes, goal)
    if threshold is None:
        return None, None
    handed = np.zeros(len(codes), bool)
    for fit, apply in calibration.held_out(fold):
        found = fit_abstain(sure[fit], codes[fit], goal.where(fit))
        handed[apply] = False if found is None else sure[apply] < found
    return threshold, handed
