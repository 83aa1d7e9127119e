"""What the engineer's page shows of the chosen candidate beyond its errors: all from dev, nothing from sealed."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from zhinan.contract import Contract, Line, Part
from zhinan.contract.frozen import FrozenMap
from zhinan.core import Candidate, Dataset, UserError, find
from zhinan.data.tags import flags_of, has_labels, labels_in
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.costs import Costs
from zhinan.evaluate.curves import pr_facts, reliability_facts, roc_facts
from zhinan.evaluate.deciding_tags import tag_decisions
from zhinan.evaluate.decisions import decisions_facts
from zhinan.evaluate.disturb import SAMPLE
from zhinan.evaluate.explain import explanation_facts
from zhinan.evaluate.measure import judge_dataset, measure
from zhinan.evaluate.robustness import robustness
from zhinan.proof import Judged, Measurement, Tagged, Valued
from zhinan.steps import Program

__all__ = ["dev_facts"]

RUNS = 6
"""Robustness asks the candidate about so many times: once as the rows are, once for each disturbance."""

LINES = 3
"""Most classes whose curves are drawn."""


def dev_facts(contract: Contract, candidate: Candidate, dev: Dataset, costs: Costs, until: float) -> dict[str, Any]:
    """The report's keys decisions, reliability, roc, pr, fairness, robustness and explanations.

    Args:
        candidate: the one compared on dev. costs: of its draft, to forecast what asking it again would take.
        until: `time.perf_counter()` after which nothing that takes long is begun; what was left out is None. So is
            what asks the candidate again where it was trained on these rows, as with folds.
    """
    if dev.target is None:
        raise ValueError("a report is about labelled rows")
    asked = {"robustness": None, "explanations": None} if contract.train.folds else _asked(candidate, dev, costs, until)
    if not candidate.classes:
        return {"fairness": _fairness(contract, candidate, dev), **asked}
    several = has_labels(dev)
    truth = flags_of(labels_in(dev), candidate.classes) if several else _codes(candidate, dev)
    return {
        "decisions": tag_decisions(candidate) if several else decisions_facts(candidate, dev, contract),
        "reliability": reliability_facts(candidate.dev, truth, candidate.classes, candidate.answers),
        **_areas(contract, candidate, truth),
        "fairness": _fairness(contract, candidate, dev),
        **asked,
    }


def _codes(candidate: Candidate, dev: Dataset) -> np.ndarray:
    place = {label: i for i, label in enumerate(candidate.classes)}
    return np.array([place[label] for label in (dev.values(dev.target.name) if dev.target else ())], np.int64)


def _asked(candidate: Candidate, dev: Dataset, costs: Costs, until: float) -> dict[str, Any]:
    """What asks the candidate again."""
    return {
        "robustness": _robustness(candidate, dev, costs, until),
        "explanations": explanation_facts(candidate, dev, until=until),
    }


def _areas(contract: Contract, candidate: Candidate, truth: np.ndarray) -> dict[str, Any]:
    """ROC and precision–recall of the second of two classes, else of the classes that lines name.

    Of several labels a row precision and recall of all of them, too.
    """
    lines = (*contract.must, *contract.should)
    named = list(dict.fromkeys(line.part.label for line in lines if line.part and line.part.label))
    several = truth.ndim == 2
    wanted: list[str | None] = [None] if len(candidate.classes) == 2 and not several else [*named[:LINES]]
    drawn = {}
    for key, facts, labels in (("roc", roc_facts, wanted), ("pr", pr_facts, [*([None] if several else []), *wanted])):
        found = [facts(candidate.dev, truth, candidate.classes, label) for label in labels]
        drawn[key] = [one for one in found if one] or None
    return drawn


def _fairness(contract: Contract, candidate: Candidate, dev: Dataset) -> list[dict[str, Any]] | None:
    """The groups that lines compare, and accuracy by each column the contract wants shown, with intervals."""
    judged = judge_dataset(dev, said_of(candidate), candidate.classes)
    usual = find("task", candidate.task).target().metrics[0]
    compared: dict[tuple[str, str, str | None], None] = {}
    for line in (*contract.must, *contract.should):
        if "by" in line.args:
            compared[str(line.args["by"]), str(line.args.get("of", usual)), line.args.get("part")] = None
    for column in contract.data.slices:
        compared.setdefault((column, usual, None))
    found = [_compared(judged, *one, contract.delta) for one in compared]
    return [one for one in found if one] or None


def _compared(
    judged: Judged | Tagged | Valued, by: str, metric: str, label: str | None, delta: float
) -> dict[str, Any] | None:
    try:
        groups = judged.groups(by)
    except UserError:
        return None
    rows: list[dict[str, Any]] = []
    for name, group in groups.items():
        measured = _of_group(group, metric, label)
        if measured.n and np.isfinite(measured.value):
            bounds = {"low": measured.lower(delta), "high": measured.upper(delta)}
            rows.append({"group": name, "n": measured.n, "value": measured.value, **bounds})
    if len(rows) < 2:
        return None
    values = [float(row["value"]) for row in rows]
    shown = metric if label is None else f"{metric}[{label}]"
    ratio = min(values) / max(values) if max(values) > 0 else None
    return {"by": by, "metric": shown, "groups": rows, "gap": max(values) - min(values), "ratio": ratio}


def _of_group(group: Judged | Tagged | Valued, metric: str, label: str | None) -> Measurement:
    part = None if label is None else Part(label=label)
    try:
        return measure(Line("", metric, None, part, FrozenMap(), ">=", 0.5, "%"), group, bare=True)
    except UserError:  # a group that has none of the class, or none at all of what is counted
        return Measurement.counts(0, 0)


def _robustness(candidate: Candidate, dev: Dataset, costs: Costs, until: float) -> list[dict[str, Any]] | None:
    """None where asking the candidate again would take longer than there is time."""
    forecast = RUNS * min(len(dev), SAMPLE) / max(float(costs.throughputs.min()), 1e-9)
    if time.perf_counter() + forecast > until:
        return None
    program = Program(candidate.steps, candidate.files)
    metric = find("task", candidate.task).target().metrics[0]
    return robustness(program.run, dev, candidate.classes, metric)
