"""What the summary shows whoever decides: the outcome, what it costs, what changed, what to do, what was not proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from zhinan.core import Words
from zhinan.evaluate.figures import GAP, NOTHING, amount, bytes_, count, duration, general
from zhinan.evaluate.in_use import before_launch
from zhinan.evaluate.report_lines import Code, Said, unit_of, words_of
from zhinan.evaluate.wording import TEXTS

__all__ = [
    "changed", "error_rate", "joined", "limits", "money", "next_steps", "overridden", "ranked", "sentences", "tiles",
    "when",
]  # fmt: skip

ORDER = ("REFUTED", "UNDECIDED", "PROVED")
CHANGES = ("added", "tightened", "loosened", "removed", "same")
MACHINE = ("processor", "machine", "cpu", "platform", "cores", "threads", "libraries", "python", "numpy", "onnxruntime")


def sentences(build: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]], confidence: str) -> list[Said]:
    """How many lines hold, and why the seal stayed closed where it did."""
    late, verdicts = [v for v in verdicts if v["on"] == "production"], before_launch(verdicts)
    tally = {name.lower(): sum(v["verdict"] == name for v in verdicts) for name in ORDER}
    values = {"m": len(verdicts), "confidence": confidence, **tally}
    found: list[Said] = [(f"outcome_{build['outcome']}" if verdicts else "outcome_none", values)]
    if any(v["on"] == "dev" for v in verdicts):
        refuted = [v["on"] for v in verdicts if v["verdict"] == "REFUTED"]
        because = "" if not refuted else "_dev" if refuted[0] == "dev" else "_measured"
        found.append((f"seal_closed{because}", {}))
    if late:
        found.append(("in_use", {"n": count(len(late))}))
    return found


def overridden(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who opened a spent sealed set, when and why."""
    if not given:
        return None
    unknown = Words(*TEXTS["unknown"])
    who, reason = given.get("who") or unknown, words_of(given.get("reason")) or unknown
    return {"who": who, "when": when(given.get("at")) or unknown, "reason": reason}


def when(moment: str | float | None) -> str | None:
    """An ISO time, or seconds since 1970 (UTC), to the minute."""
    if isinstance(moment, int | float):
        moment = datetime.fromtimestamp(moment, UTC).isoformat()
    return moment[:16].replace("T", " ") if moment else None


def tiles(build: Mapping[str, Any], costs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures that a price is made of; what is not known is left out."""
    chosen = next((r for r in build.get("recipes") or () if r.get("chosen")), None)
    p95 = (costs.get("latency_ms") or {}).get("p95")
    data = build.get("data") or {}
    accepted = data.get("accepted")
    spent = [r["energy_wh"] for r in build.get("recipes") or () if r.get("energy_wh") is not None]
    found = [
        ("tile_money", money(costs.get("money_per_1k"), costs.get("currency"))),
        ("tile_money_now", money(costs.get("current_per_1k"), costs.get("currency"))),
        ("tile_latency", None if p95 is None else amount(p95 / 1000, "ms")),
        ("tile_throughput", _if(costs.get("throughput_rps"), lambda v: amount(v, "rps"))),
        ("tile_size", _if(costs.get("size_bytes"), bytes_)),
        ("tile_memory", _if(costs.get("memory_bytes"), bytes_)),
        ("tile_energy", _if(costs.get("energy_wh_per_1k"), lambda v: amount(v, "Wh"))),
        ("tile_energy_built", amount(sum(spent), "Wh") if spent else None),
        ("tile_built", _if(build.get("seconds"), duration)),
        ("tile_examples", None if accepted is None else count(accepted - (data.get("unlabeled") or 0))),
        ("tile_recipe", " · ".join(joined(chosen, "recipe", "encoder")) if chosen else None),
    ]
    return [(key, value) for key, value in found if value and value != NOTHING]


def _if(value: Any, write: Any) -> str | None:
    return None if value is None else str(write(value))


def money(value: float | None, currency: str | None) -> str | None:
    """An amount of money in its currency."""
    return None if value is None else amount(value, currency or "")


def joined(row: Mapping[str, Any], *keys: str) -> list[str]:
    """The named texts of a row, without those it has not; a list is one text."""
    found = [row.get(key) for key in keys]
    return [" + ".join(map(str, v)) if isinstance(v, list) else str(v) for v in found if v]


def changed(rows: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """The contract's lines against the version before, what stayed the same last."""
    known = [row for row in rows or () if row.get("change") in CHANGES and row.get("line")]
    if all(row["change"] == "same" for row in known):
        return []
    ordered = sorted(known, key=lambda row: row["change"] == "same")
    return [
        {"line": row["line"], "change": row["change"], "was": Code(row["was"]) if row.get("was") else None}
        for row in ordered
    ]


def ranked(rows: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """What could be done, by expected gain, each with the evidence for it."""
    found = []
    for row in rows or ():
        if not row.get("do"):
            continue
        key = "do_" + str(row["do"]).replace(" ", "_")
        gain, unit = row.get("gain") or {}, row.get("unit") or ""
        both = gain.get("low") is not None and gain.get("high") is not None
        found.append({
            "do": (key, {}) if key in TEXTS else ("said", {"text": str(row["do"])}),
            "gain": _gain(gain, "pt" if unit == "%" else unit) if both else None,
            "evidence": words_of(row.get("evidence")),
        })  # fmt: skip
    return found


def _gain(gain: Mapping[str, float], unit: str) -> Said:
    if gain["high"] == 0:
        return "gain_none", {}
    return "gain", {end: amount(gain[end], unit) for end in ("low", "high")}


def next_steps(build: Mapping[str, Any], targets: Mapping[str, Any], ranked_: Sequence[Any]) -> list[Said]:
    """What a person can do now, most useful first; advice that the ranked list gives is not given twice."""
    if build["outcome"] == "PROVED":
        return [("next_serve", {"command": Code("zhinan serve")})]
    said = {row["do"][0] for row in ranked_}
    found: list[Said] = []
    verdicts = build.get("verdicts") or ()
    for kind in ("examples", "requests"):
        needs = [need for row in verdicts if (need := (row.get("to_decide") or {}).get(kind))]
        if needs:
            found.append((f"next_{kind}", {"n": count(max(needs))}))
    if not found and build["outcome"] == "UNDECIDED" and any(row.get("on") == "dev" for row in verdicts):
        found.append(("next_draft", {"option": Code("--draft")}))
    offer = build.get("offer") or {}
    relax = offer.get("relax") or {}
    if relax.get("line") and relax.get("to") is not None:
        to = relax["to"] if isinstance(relax["to"], str) else amount(relax["to"], unit_of(relax["line"], targets))
        found.append(("next_relax", {"line": Code(relax["line"]), "to": Code(to)}))
    labels = offer.get("labels") or {}
    if labels.get("low") is not None and labels.get("high") is not None and "do_more_data" not in said:
        found.append(("next_labels", {"low": count(labels["low"]), "high": count(labels["high"])}))
    if offer.get("suspect_labels") and "do_clean_labels" not in said:
        found.append(("next_suspect", {"n": count(offer["suspect_labels"])}))
    return found or ([] if ranked_ else [(f"next_{build['outcome'].lower()}", {})])


def limits(facts: Mapping[str, Any], build: Mapping[str, Any], confidence: float | None) -> list[Said]:
    """What a reader must not take for proved."""
    environment = facts.get("environment") or {}
    places = {row.get("on") for row in build.get("verdicts") or ()}
    found: list[Said] = [("limit_override", {})] if facts.get("override") else []
    found += [("limit_where" if "sealed" in places else "limit_sealed_off", {}), ("limit_undeclared", {})]
    if "measured" in places or facts.get("costs"):
        machine = ", ".join(f"{key} {environment[key]}" for key in MACHINE if environment.get(key))
        found.append(("limit_machine", {"machine": machine}) if machine else ("limit_machine_unknown", {}))
    found += [("limit_dev", {}), ("limit_tune", {})]
    ledger = build.get("ledger") or {}
    if ledger.get("opening"):
        left = general(ledger.get("left"))
        found.append(
            ("limit_opening", {"t": ledger["opening"], "delta": error_rate(ledger.get("delta")), "left": left})
        )
    found += [_in_time(row) for row in facts.get("series") or ()]
    if environment.get("seed"):
        found.append(("limit_seed", {"seed": environment["seed"]}))
    if confidence is not None:
        found.append(("limit_chance", {"confidence": amount(confidence, "%"), "risk": amount(1 - confidence, "%")}))
    return found


def _in_time(row: Mapping[str, Any]) -> Said:
    """How the rows of a line were counted, of which it is known when they were."""
    said = {name: count(row[name]) for name in ("rows", "block", "blocks", "worth")}
    return ("limit_alone" if row["block"] == 1 else "limit_blocks"), {**said, "line": Code(row["line"])}


def error_rate(delta: float | None) -> str:
    """An error allowed, as a share: `2.5 %`."""
    return NOTHING if delta is None else f"{general(float(delta) * 100)}{GAP}%"
