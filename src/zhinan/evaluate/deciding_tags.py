"""Decides on dev from which probability a row is given a label: a threshold for each label, as the lines need it.

What is packaged is fitted on all of dev; the answers that the search and the report see are cross-fitted, so that no
row's labels were chosen by looking at that row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhinan.data.tags import labels_in, rarest
from zhinan.evaluate import calibration
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.measure import judge_dataset, persons
from zhinan.evaluate.thresholds import PLENTY, Goal, adjustable, fit_thresholds
from zhinan.proof import Tagged
from zhinan.steps.tag import HALF, given

if TYPE_CHECKING:
    from zhinan.contract import Contract
    from zhinan.core import Candidate, Dataset

__all__ = ["decide_tags", "tag_decisions"]

FOLDS = 3
WORTH = 0.25
"""Standard errors by which cross-fitted answers must be ahead before thresholds depart from one half."""


def decide_tags(candidate: Candidate, dev: Dataset, contract: Contract) -> Candidate:
    """The candidate with its last step's thresholds set for the contract's lines; one half where they ask for nothing.

    A row is given at least one label where every row of dev has one.
    """
    labels = labels_in(dev)
    least = int(bool(labels) and all(labels))
    probability = np.asarray(candidate.dev, np.float64)
    options: dict[str, Any] = {"least": least} if least else {}
    plain = given(probability, (), least)
    judged = judge_dataset(dev, said_of(replace(candidate, decided=plain)), candidate.classes)
    if not isinstance(judged, Tagged):
        raise ValueError("tags are chosen among labels")
    goal = Goal.of(judged, judged.classes, contract.must, contract.should)
    named, every = adjustable((*goal.must, *goal.should), candidate.classes)
    answers = plain
    if (named or every) and min(goal.score(judged.answer)) < PLENTY and not (probability == probability[:1]).all():
        answers, thresholds = _thresholds(probability, goal, named, least, dev)
        options.update({"thresholds": thresholds} if thresholds else {})
    *before, last = candidate.steps
    return replace(candidate, decided=answers, steps=(*before, replace(last, options={**last.options, **options})))


def tag_decisions(candidate: Candidate) -> dict[str, Any]:
    """What stands between probabilities and labels, for the report: each label's threshold, the least a row has."""
    options = candidate.steps[-1].options
    each = options.get("thresholds") or [HALF] * len(candidate.classes)
    thresholds = {name: float(one) for name, one in zip(candidate.classes, each, strict=True)}
    return {"thresholds": thresholds, "least": int(options.get("least", 0))}


def _thresholds(
    probability: np.ndarray, goal: Goal, named: tuple[int, ...], least: int, dev: Dataset
) -> tuple[np.ndarray, tuple[float, ...]]:
    """Dev's labels, cross-fitted, and the thresholds fitted on all of it; empty where they are no better than half."""
    plain = given(probability, (), least)
    who = None if dev.person is None else persons(dev.values(dev.person))
    fold = calibration.folds(rarest(goal.judged.truth), who, FOLDS)
    moved = plain.copy()
    for fit, apply in calibration.held_out(fold):
        found = fit_thresholds(probability[fit], goal.where(fit), named, least=least)
        moved[apply] = given(probability[apply], found, least)
    wide = [np.pad(one, ((0, 0), (0, len(goal.names) - one.shape[1]))) for one in (moved, plain)]
    ours, usual = map(goal.score, wide)
    if ours[0] < usual[0] + WORTH and not (ours[0] >= usual[0] and ours[1] >= usual[1] + WORTH):
        return plain, ()
    thresholds = fit_thresholds(probability, goal, named, least=least)
    return (moved, thresholds) if thresholds else (plain, ())
