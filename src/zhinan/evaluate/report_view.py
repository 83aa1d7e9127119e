"""What the report shows, decided before it is drawn: facts in, sentences, rows and drawings out, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhinan.evaluate import report_audit as audit
from zhinan.evaluate import report_engineering as engineering
from zhinan.evaluate import report_quality as quality
from zhinan.evaluate import report_summary as summary
from zhinan.evaluate.figures import amount, count, share
from zhinan.evaluate.report_improved import improved
from zhinan.evaluate.report_lines import verdict_row

__all__ = ["view"]

ENGINEERING = (
    "lines", "recipes", "curve", "decisions", "numbers", "confusion", "reliability", "classes", "slices", "errors",
    "suspects", "robustness", "fairness", "costs", "data", "environment", "ledger", "contract",
)  # fmt: skip
AUDIT = ("tests", "hashes", "verify", "cannot", "licences")


def view(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the templates print, by name; what there is nothing to say about is None or empty."""
    build = facts["build"]
    targets = facts.get("targets") or {}
    version = facts.get("version") if facts.get("version") is not None else build.get("version")
    confidence = None if facts.get("confidence") is None else amount(facts["confidence"], "%")
    beyond = bool(facts.get("override"))
    verdicts = [verdict_row(row, targets, confidence, beyond) for row in build.get("verdicts") or ()]
    without = [
        verdict_row(row, targets, confidence, beyond)
        for row in (facts.get("suspects") or {}).get("without") or ()
        if row.get("line")
    ]
    shown: dict[str, Any] = {
        "product": facts["product"], "goal": facts.get("goal"), "version": version,
        "made": summary.when(facts.get("created")), "zhinan": facts.get("zhinan") or "", "stage": build.get("stage"),
        "outcome": build["outcome"], "confidence": confidence, "verdicts": verdicts,
        "should": [verdict_row(row, targets, confidence, beyond) for row in facts.get("should") or ()],
        "undecided": any(v["verdict"] == "UNDECIDED" for v in verdicts),
        **_summary(facts, verdicts), **_engineering(facts, without), **_audit(facts, verdicts, version),
        "contract": facts["contract"], "environment": _known(facts.get("environment")),
    }  # fmt: skip
    shown["engineering"] = [name for name in ENGINEERING if shown[name]]
    shown["audit"] = [name for name in AUDIT if shown[name]]
    return shown


def _summary(facts: Mapping[str, Any], verdicts: list[dict[str, Any]]) -> dict[str, Any]:
    build, targets, costs = facts["build"], facts.get("targets") or {}, facts.get("costs") or {}
    offer = build.get("offer") or {}
    ranked = summary.ranked(facts.get("next") or offer.get("next"))
    return {
        "sentences": summary.sentences(build, verdicts, amount(facts.get("confidence"), "%")),
        "override": summary.overridden(facts.get("override")), "tiles": summary.tiles(build, costs),
        "estimated": bool(costs.get("energy_estimated")), "diff": summary.changed(facts.get("diff")), "ranked": ranked,
        "improved": improved(facts.get("improved"), targets),
        "next": summary.next_steps(build, targets, ranked), "pareto": engineering.pareto(offer.get("pareto"), targets),
        "limits": summary.limits(facts, build, facts.get("confidence")),
    }  # fmt: skip


def _engineering(facts: Mapping[str, Any], without: list[dict[str, Any]]) -> dict[str, Any]:
    build, targets = facts["build"], facts.get("targets") or {}
    plot = engineering.curve(facts.get("curve"), build.get("unit", ""))
    floor = engineering.feasible(facts.get("feasible"))
    sure, areas = quality.reliability(facts.get("reliability")), quality.areas(facts)
    named = engineering.loose(facts.get("slices"))
    weak = quality.weak_slices(facts.get("weak_slices") or (build.get("offer") or {}).get("weak_slices"))
    wrong, why = quality.errors(facts.get("errors") or ()), quality.explanations(facts.get("explanations") or ())
    return {
        "lines": bool(build.get("verdicts")), "recipes": engineering.recipes(build.get("recipes") or (), targets),
        "curve": {"drawn": plot, "feasible": floor} if plot or floor else None,
        "decisions": quality.decisions(facts.get("decisions")), "confusion": quality.confusion(facts.get("confusion")),
        "numbers": quality.numbers(facts.get("numbers"), build.get("widths") or ()),
        "reliability": {"drawn": sure, "areas": areas} if sure or areas else None,
        "classes": quality.classes(facts.get("classes") or ()),
        "slices": {"named": named, "weak": weak} if named or weak else None,
        "errors": {"rows": wrong, "why": why} if wrong or why else None,
        "suspects": quality.suspects(facts.get("suspects"), without),
        "robustness": quality.robustness(facts.get("robustness") or (), targets),
        "fairness": quality.fairness(facts.get("fairness") or ()),
        "costs": engineering.costs(facts.get("costs") or {}, targets),
        "data": engineering.data(build.get("data") or {}, facts),
        "ledger": engineering.ledger(build, facts.get("openings") or (), facts.get("commitment")),
    }  # fmt: skip


def _audit(facts: Mapping[str, Any], verdicts: list[dict[str, Any]], version: Any) -> dict[str, Any]:
    build = facts["build"]
    return {
        "tests": audit.self_report(facts.get("audit")), "hashes": audit.hashes(facts, build),
        "verify": audit.verify(facts, build, version), "cannot": audit.cannot(verdicts),
        "licences": _known(facts.get("licences")), **_card(facts),
    }  # fmt: skip


def _known(given: Mapping[str, Any] | None) -> dict[str, str]:
    return {key: str(value) for key, value in (given or {}).items() if value is not None}


def _card(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What only the card says: how many details were masked, and how much is answered without a person."""
    masked = (facts["build"].get("data") or {}).get("masked")
    decided = facts.get("decisions") or {}
    rate = decided.get("auto_rate") if decided.get("abstain") is not None else None
    return {"masked": count(masked) if masked else None, "alone": None if rate is None else share(rate)}
