"""Gathers what the report shows of a build: the facts, as plain JSON, from the rooms that know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

import zhinan
from zhinan.contract import Contract
from zhinan.core import Candidate, Dataset, Words
from zhinan.data import Finding, Loaded, Split
from zhinan.engine.auditing import ml_test_score
from zhinan.engine.climb import Tried
from zhinan.engine.tagged import label_row, tag_facts
from zhinan.evaluate.answers import said_of
from zhinan.evaluate.certify import Findings
from zhinan.evaluate.costs import Costs, energy_wh, per_thousand
from zhinan.evaluate.figures import told_in
from zhinan.evaluate.in_time import series_facts
from zhinan.evaluate.measure import judge_dataset
from zhinan.evaluate.numbers import number_facts
from zhinan.proof import Tagged, Valued
from zhinan.steps.values.written import part_of

if TYPE_CHECKING:
    from zhinan.engine.built import Build

__all__ = ["facts", "recipe_row", "without_inputs"]

ERRORS = 25
"""Wrong dev answers shown, the most certain ones first."""


HIDDEN = "not shown, as the store is encrypted · 存储已加密，不显示"


def facts(
    build: Build,
    contract: Contract,
    chosen: Tried,
    data: tuple[Loaded, Split, Sequence[Finding]],
    found: Findings,
    costs: Costs,
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """The argument of `evaluate.report.render`. Errors and confusion are from dev, never from sealed.

    Args:
        more: keys that others know: openings, commitment, hashes, and what was found out beyond certification.
    """
    loaded, parts, findings = data
    candidate = chosen.candidate
    if candidate is None:
        raise ValueError("a report needs a candidate")
    shown = {
        "product": contract.product,
        "goal": contract.goal or None,
        "version": build.version,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "zhinan": zhinan.__version__,
        "confidence": contract.confidence,
        "build": {**build.to_dict(), "stage": None},  # stages change, a report does not
        "contract": contract.text,
        "targets": {
            line.text: {"op": line.op, "target": line.target, "unit": told_in(line, build.unit)}
            for line in (*contract.must, *contract.in_use, *contract.should)
        },
        **_on_dev(contract, candidate, parts, found),
        "slices": _slices(contract.data.slices, candidate, parts.dev),
        "columns": [{"name": c.name, "kind": c.kind, "why": {"en": c.why.en, "zh": c.why.zh}} for c in loaded.columns],
        "findings": [{"code": f.code, "what": f.what.en, "what_zh": f.what.zh, "count": f.count} for f in findings],
        "costs": _costs(costs),
        "environment": {**costs.machine, "seed": "0"},
        "licences": dict(candidate.licences),
        "should": [v.as_dict() for v in found.shoulds],
        "override": found.ledger.get("override"),
        "series": series_facts(found.measured, {line: at.delta for line, at in found.looks.items()}),
        "diff": [dict(change) for change in build.diff],
        **more,
    }
    return {**shown, "audit": ml_test_score(shown)}


def without_inputs(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts with no example's input: what an encrypted store keeps must not stand in a report that ships."""
    doubts = shown.get("suspects")
    return {
        **shown,
        "errors": [{**row, "input": HIDDEN} for row in shown["errors"]],
        "suspects": doubts and {**doubts, "rows": [{**row, "input": HIDDEN} for row in doubts["rows"]]},
        "explanations": [],
    }


def _on_dev(contract: Contract, candidate: Candidate, parts: Split, found: Findings) -> dict[str, Any]:
    if not candidate.classes:
        numbers = number_facts(contract, candidate, parts.dev, found)
        return {"numbers": numbers, "errors": _farthest(parts.dev, candidate)}
    if candidate.task == "tag":
        judged = judge_dataset(parts.dev, said_of(candidate), candidate.classes)
        inputs = [_inputs(parts.dev, i) for i in range(len(parts.dev))]
        return tag_facts(judged, parts, inputs, ERRORS) if isinstance(judged, Tagged) else {}
    classes, probability, answer = candidate.classes, candidate.dev, candidate.answers
    truth = _codes(parts.dev, classes)
    size = len(classes)
    counts = np.bincount(truth * size + answer, minlength=size * size).reshape(size, size)
    return {
        "confusion": {"classes": list(classes), "counts": counts.tolist()},
        "classes": _classes(counts, classes, parts),
        "errors": _errors(parts.dev, truth, answer, probability, classes),
    }


def _slices(columns: Sequence[str], candidate: Candidate, dev: Dataset) -> list[dict[str, Any]]:
    """Each group of the contract's slice columns with its dev rows and accuracy, or mean error, the weakest first."""
    judged = judge_dataset(dev, said_of(candidate), candidate.classes)
    name, each = "accuracy", judged.truth == judged.answer
    if isinstance(judged, Tagged):
        each = each.all(axis=1)
    if isinstance(judged, Valued):
        name, each = "mae", np.abs(judged.truth - judged.answer)
    rows = []
    for column in columns:
        values = np.array([part_of(v) for v in dev.values(column)])
        for value in np.unique(values):
            of_group = each[values == value]
            rows.append({"slice": f"{column}={value}", "rows": of_group.size, name: float(of_group.mean())})
    return sorted(rows, key=lambda row: row[name], reverse=name == "mae")


def _classes(counts: np.ndarray, classes: tuple[str, ...], parts: Split) -> list[dict[str, Any]]:
    taught, asked = (Counter(_truth(part)) for part in (parts.train, parts.sealed))
    rows = []
    for i, label in enumerate(classes):
        hit, true, named = int(counts[i, i]), int(counts[i].sum()), int(counts[:, i].sum())
        rows.append(label_row(label, (taught[label], asked[label]), (hit, true, named)))
    return rows


def _errors(
    dev: Dataset, truth: np.ndarray, answer: np.ndarray, probability: np.ndarray, classes: tuple[str, ...]
) -> list[dict[str, Any]]:
    wrong = np.flatnonzero(truth != answer)
    certain = probability[wrong, answer[wrong]]
    shown = []
    for i in wrong[np.argsort(-certain, kind="stable")][:ERRORS].tolist():
        shown.append(
            {
                "input": _inputs(dev, i), "truth": classes[truth[i]], "answer": classes[answer[i]],
                "probability": float(probability[i, answer[i]]),
            }
        )  # fmt: skip
    return shown


def _farthest(dev: Dataset, candidate: Candidate) -> list[dict[str, Any]]:
    """The numbers that are farthest off."""
    judged = judge_dataset(dev, said_of(candidate), ())
    if not isinstance(judged, Valued):
        raise ValueError("only numbers are far off")
    off = np.abs(judged.answer - judged.truth)
    return [
        {
            "input": _inputs(dev, i), "truth": f"{judged.truth[i]:.6g}", "answer": f"{judged.answer[i]:.6g}",
            "probability": None,
        }
        for i in np.argsort(-off, kind="stable")[:ERRORS].tolist()
    ]  # fmt: skip


def _inputs(dev: Dataset, row: int) -> str:
    """The masked inputs of a row as one line of text."""
    given: Mapping[str, Any] = dev.frame.row(row, named=True)
    return " · ".join(str(given[column.name]) for column in dev.inputs if given[column.name] is not None)


def _costs(costs: Costs) -> dict[str, Any]:
    ms = costs.latencies * 1000
    p50, p95, p99 = np.quantile(ms, [0.5, 0.95, 0.99])
    blocks = [float(np.quantile(ms[costs.blocks == b], 0.95)) for b in np.unique(costs.blocks)]
    memory = float(costs.memories.max())
    return {
        "latency_ms": {"p50": float(p50), "p95": float(p95), "p99": float(p99), "blocks": blocks},
        "throughput_rps": float(costs.throughputs.min()),
        "size_bytes": costs.size,
        "memory_bytes": None if np.isnan(memory) else memory,
        **per_thousand(costs),
        "energy_estimated": costs.energy.startswith("estimate"),
    }


def _truth(part: Dataset) -> list[str]:
    return [] if part.target is None else part.values(part.target.name)


def _codes(part: Dataset, classes: tuple[str, ...]) -> np.ndarray:
    place = {label: i for i, label in enumerate(classes)}
    return np.array([place[label] for label in _truth(part)], np.int64)


def recipe_row(one: Tried, chosen: bool, costs: Costs) -> dict[str, Any]:
    """A rung as `zhinan build --json` tells of it.

    `late`: skipped as the budget left had no time for it. `alone`: why it was not trained on dev as well, else None.
    """
    skipped = one.skipped
    return {
        "level": one.rung.level,
        "recipe": one.rung.recipe,
        "encoder": " + ".join(one.rung.encoders),
        "seconds": round(one.seconds, 2),
        "cpu_seconds": round(one.cpu_seconds, 2),
        "energy_wh": energy_wh(one.cpu_seconds, costs),
        "dev": {} if one.standing is None else one.standing.shown(),
        "chosen": chosen,
        "skipped": skipped.en if isinstance(skipped, Words) else None,
        "late": one.late,
        "alone": None if one.alone is None else one.alone.en,
    }
