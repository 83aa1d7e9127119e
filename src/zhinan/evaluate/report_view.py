"""What the report shows, decided before it is drawn: facts in, sentences, rows and drawings out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhinan.core import UserError, find
from zhinan.evaluate import charts
from zhinan.evaluate.figures import GAP, NOTHING, amount, bytes_, count, duration, general, share

__all__ = ["Code", "view"]

ORDER = ("REFUTED", "UNDECIDED", "PROVED")
MACHINE = ("processor", "machine", "cpu", "platform", "cores", "threads", "libraries", "python", "numpy", "onnxruntime")
EXCERPT = 400

Said = tuple[str, dict[str, Any]]


class Code(str):
    """A value set in the type of code: a must line, a command, the name of a class."""

    __slots__ = ()


def view(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the templates print, by name; what there is nothing to say about is None or empty."""
    build = facts["build"]
    targets = facts.get("targets") or {}
    verdicts = [_verdict(row, targets) for row in build.get("verdicts") or ()]
    version = facts.get("version") if facts.get("version") is not None else build.get("version")
    confidence = facts.get("confidence")
    shown: dict[str, Any] = {
        "product": facts["product"], "goal": facts.get("goal"), "version": version, "made": _when(facts.get("created")),
        "zhinan": facts.get("zhinan") or "", "stage": build.get("stage"), "outcome": build["outcome"],
        "confidence": None if confidence is None else amount(confidence, "%"), "verdicts": verdicts,
        "should": [_verdict(row, targets) for row in facts.get("should") or ()],
        "undecided": any(v["verdict"] == "UNDECIDED" for v in verdicts),
        "sentences": _sentences(build, verdicts, confidence), "tiles": _tiles(build, facts.get("costs") or {}),
        "next": _next(build, targets), "limits": _limits(facts, build, confidence),
        "slices": _table(facts.get("slices") or (build.get("offer") or {}).get("weak_slices")),
        "pareto": _table((build.get("offer") or {}).get("pareto")),
        "recipes": _recipes(build.get("recipes") or (), targets), "confusion": _confusion(facts.get("confusion")),
        "classes": _classes(facts.get("classes") or ()), "errors": _errors(facts.get("errors") or ()),
        "data": _data(build.get("data") or {}, facts), "costs": _costs(facts.get("costs") or {}, targets),
        "environment": facts.get("environment") or {}, "ledger": _ledger(build, facts.get("openings") or ()),
        "contract": facts["contract"], "licences": facts.get("licences") or {},
    }  # fmt: skip
    always = ("verdict", "outcome", "next", "limits")
    names = (
        "recipes", "confusion", "classes", "errors", "data", "costs", "environment", "ledger", "contract", "licences",
    )  # fmt: skip
    shown["sections"] = [*always, *(name for name in names if shown[name])]
    return shown


def _when(created: str | None) -> str | None:
    """An ISO time to the minute."""
    return created[:16].replace("T", " ") if created else None


def _verdict(row: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, Any]:
    line, verdict = row["line"], row["verdict"]
    value, bound = row.get("value"), row.get("bound")
    asked = targets.get(line)
    unit = asked["unit"] if asked else _unit(line, targets)
    lower = bound is not None and value is not None and bound < value
    side = None if bound is None or value is None else "exact" if bound == value else "least" if lower else "most"
    on = row.get("on") or "sealed"
    drawn = None
    if asked and value is not None:
        drawn = charts.interval(value, bound, asked["target"], asked["op"], unit)
    subject = _subject(line)
    return {
        "subject": subject, "rest": line[len(subject) :].strip(), "line": line, "about": _about(line),
        "verdict": verdict, "why": row.get("why"), "on": "exact" if on == "measured" and side == "exact" else on,
        "n": count(row.get("n")), "value": amount(value, unit), "drawn": drawn, "side": side,
        "bound": amount(bound, unit, "down" if lower else "up"),
        "decide": _decide(verdict, on, row.get("to_decide") or {}),
    }  # fmt: skip


def _decide(verdict: str, on: str | None, need: Mapping[str, int | None]) -> Said | None:
    """What would decide an open line; None for one that is decided."""
    if verdict != "UNDECIDED":
        return None
    for kind in ("examples", "requests"):
        if need.get(kind) is not None:
            return f"decide_{kind}", {"n": count(need[kind])}
    return ("decide_sealed" if on == "dev" else "decide_unknown"), {}


def _about(line: str) -> tuple[str, str] | None:
    """What the metric of a line means: its docstring's definition, and its name in 中文."""
    entry = _metric(line)
    if entry is None:
        return None
    _, colon, said = entry.summary.partition(": ")
    said = re.split(r"\. |\.$", said, maxsplit=1)[0]
    return (said if colon else entry.name, (entry.facts.get("zh") or (entry.name,))[0])


def _metric(line: str) -> Any:
    """The registered metric that a line or a metric's key begins with; None for one from elsewhere."""
    name = re.match(r"(\w+)(?=$|[@\[(]|\s*[<>]=)", line)
    try:
        return find("metric", name[1]) if name else None
    except UserError:
        return None


def _unit(key: str, targets: Mapping[str, Any]) -> str:
    """The unit to show a metric in: as some line asks for it, else the metric's own."""
    for line, asked in targets.items():
        if _subject(line) == _subject(key):
            return str(asked["unit"])
    entry = _metric(key)
    return str(entry.facts.get("unit", "")) if entry else ""


def _subject(line: str) -> str:
    return re.split(r"\s*(?:>=|<=)\s*", line, maxsplit=1)[0]


def _sentences(build: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]], confidence: float | None) -> list[Said]:
    tally = {name.lower(): sum(v["verdict"] == name for v in verdicts) for name in ORDER}
    values = {"m": len(verdicts), "confidence": amount(confidence, "%"), **tally}
    found: list[Said] = [(f"outcome_{build['outcome']}", values)]
    if any(v["on"] == "dev" for v in verdicts):
        refuted = [v["on"] for v in verdicts if v["verdict"] == "REFUTED"]
        because = "" if not refuted else "_dev" if refuted[0] == "dev" else "_measured"
        found.append((f"seal_closed{because}", {}))
    return found


def _tiles(build: Mapping[str, Any], costs: Mapping[str, Any]) -> list[tuple[str, str]]:
    chosen = next((r for r in build.get("recipes") or () if r.get("chosen")), None)
    p95 = (costs.get("latency_ms") or {}).get("p95")
    accepted = (build.get("data") or {}).get("accepted")
    tiles = [
        ("tile_recipe", " · ".join(_words(chosen, "recipe", "encoder")) if chosen else None),
        ("tile_examples", None if accepted is None else count(accepted - (build["data"].get("unlabeled") or 0))),
        ("tile_built", None if build.get("seconds") is None else duration(build["seconds"])),
        ("tile_latency", None if p95 is None else amount(p95 / 1000, "ms")),
        ("tile_size", None if costs.get("size_bytes") is None else bytes_(costs["size_bytes"])),
    ]
    return [(key, value) for key, value in tiles if value]


def _words(row: Mapping[str, Any], *keys: str) -> list[str]:
    found = [row.get(key) for key in keys]
    return [" + ".join(map(str, v)) if isinstance(v, list) else str(v) for v in found if v]


def _next(build: Mapping[str, Any], targets: Mapping[str, Any]) -> list[Said]:
    """What a person can do now, most useful first."""
    if build["outcome"] == "PROVED":
        return [("next_serve", {"command": Code("zhinan serve")})]
    found: list[Said] = []
    verdicts = build.get("verdicts") or ()
    for kind in ("examples", "requests"):
        needs = [need for row in verdicts if (need := (row.get("to_decide") or {}).get(kind))]
        if needs:
            found.append((f"next_{kind}", {"n": count(max(needs))}))
    if not found and build["outcome"] == "UNDECIDED" and any(row.get("on") == "dev" for row in verdicts):
        found.append(("next_draft", {"option": Code("--draft")}))
    offer = build.get("offer") or {}
    if relax := offer.get("relax"):
        unit = _unit(relax["line"], targets)
        to = relax["to"] if isinstance(relax["to"], str) else amount(relax["to"], unit)
        found.append(("next_relax", {"line": Code(relax["line"]), "to": Code(to)}))
    if labels := offer.get("labels"):
        found.append(("next_labels", {"low": count(labels["low"]), "high": count(labels["high"])}))
    if offer.get("suspect_labels"):
        found.append(("next_suspect", {"n": count(offer["suspect_labels"])}))
    return found or [(f"next_{build['outcome'].lower()}", {})]


def _limits(facts: Mapping[str, Any], build: Mapping[str, Any], confidence: float | None) -> list[Said]:
    """What a reader must not take for proved."""
    environment = facts.get("environment") or {}
    places = {row.get("on") for row in build.get("verdicts") or ()}
    found: list[Said] = [("limit_where" if "sealed" in places else "limit_sealed_off", {}), ("limit_undeclared", {})]
    if "measured" in places or facts.get("costs"):
        machine = ", ".join(f"{key} {environment[key]}" for key in MACHINE if environment.get(key))
        found.append(("limit_machine", {"machine": machine}) if machine else ("limit_machine_unknown", {}))
    found += [("limit_dev", {}), ("limit_tune", {})]
    ledger = build.get("ledger") or {}
    if ledger.get("opening"):
        left = general(ledger.get("left"))
        found.append(("limit_opening", {"t": ledger["opening"], "delta": _error(ledger.get("delta")), "left": left}))
    if environment.get("seed"):
        found.append(("limit_seed", {"seed": environment["seed"]}))
    if confidence is not None:
        found.append(("limit_chance", {"confidence": amount(confidence, "%"), "risk": amount(1 - confidence, "%")}))
    return found


def _error(delta: float | None) -> str:
    return NOTHING if delta is None else f"{general(float(delta) * 100)}{GAP}%"


def _recipes(rows: Iterable[Mapping[str, Any]], targets: Mapping[str, Any]) -> dict[str, Any] | None:
    given = list(rows)
    if not given:
        return None
    keys = list(dict.fromkeys(key for row in given for key in row.get("dev") or ()))
    units = {key: _unit(key, targets) for key in keys}
    asked = {_subject(line): asked["target"] for line, asked in reversed([*targets.items()])}  # must before should
    shares = [key for key in keys if units[key] == "%"]
    metric = next((subject for subject in map(_subject, targets) if subject in shares), shares[0] if shares else None)
    points = [
        (str(at), float(row["cpu_seconds"]), float(row["dev"][metric]), bool(row.get("chosen")))
        for at, row in enumerate(given, 1)
        if metric and row.get("cpu_seconds") is not None and (row.get("dev") or {}).get(metric) is not None
    ]
    shown = [
        {"number": at, "level": row.get("level"), "name": row.get("recipe"), "chosen": row.get("chosen"),
         "encoder": " + ".join(_words(row, "encoder")), "skipped": row.get("skipped"),
         "seconds": duration(row.get("seconds")), "cpu": duration(row.get("cpu_seconds")),
         "energy": NOTHING if row.get("energy_wh") is None else amount(row["energy_wh"], "Wh"),
         "dev": [_shown((row.get("dev") or {}).get(key), units[key]) for key in keys]}
        for at, row in enumerate(given, 1)
    ]  # fmt: skip
    target = asked.get(metric) if metric else None
    return {
        "rows": shown, "keys": keys, "metric": metric, "plot": charts.scatter(points, target),
        "target": amount(target, "%"), "energy": any(row.get("energy_wh") is not None for row in given),
    }  # fmt: skip


def _confusion(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not given or not given.get("counts"):
        return None
    found = charts.heat(given["classes"], given["counts"])
    return {
        **found,
        "rest": found["rest"] and {key: count(n) for key, n in found["rest"].items()},
        "examples": count(found["examples"]),
        "pairs": [{**pair, "share": share(pair["share"])} for pair in found["pairs"]],
        "accuracy": share(found["right"] / found["examples"]) if found["examples"] else NOTHING,
    }


def _classes(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(rows, key=lambda row: (row.get("f1") is None, row.get("f1") or 0.0))
    return [
        {"label": row["label"], "meter": None if row.get("f1") is None else round(100 * row["f1"], 1),
         **{key: count(row.get(key)) for key in ("train", "dev", "sealed")},
         **{key: share(row.get(key)) for key in ("precision", "recall", "f1")}}
        for row in ordered
    ]  # fmt: skip


def _errors(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        given = row["input"]
        parts = [f"{k}: {general(v)}" for k, v in given.items()] if isinstance(given, Mapping) else [general(given)]
        text = " · ".join(parts)
        text = text if len(text) <= EXCERPT else text[:EXCERPT] + "…"
        sure = share(row.get("probability"))
        found.append({"input": text, "truth": row.get("truth"), "answer": row.get("answer"), "sure": sure})
    return found


def _data(given: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any] | None:
    numbers = ("rows", "accepted", "rejected", "unlabeled", "duplicates", "masked")
    parts = {name: given[name] for name in ("train", "dev", "sealed") if given.get(name) is not None}
    found = {
        "counts": [(key, count(given[key])) for key in numbers if given.get(key) is not None],
        "fingerprint": given.get("fingerprint"), "splits": charts.splits(parts),
        "columns": _picked(facts.get("columns"), "name", "kind", "why", "why_zh"),
        "findings": [{**row, "count": count(row["count"])}
                     for row in _picked(facts.get("findings"), "what", "what_zh", "count")],
    }  # fmt: skip
    return found if any(found.values()) else None


def _picked(rows: Iterable[Mapping[str, Any]] | None, *keys: str) -> list[dict[str, Any]]:
    return [{key: row.get(key) for key in keys} for row in rows or ()]


def _costs(given: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, Any] | None:
    latency = given.get("latency_ms") or {}
    rows = [(key, amount(latency[key] / 1000, "ms")) for key in ("p50", "p95", "p99") if latency.get(key) is not None]
    if given.get("throughput_rps") is not None:
        rows.append(("throughput", amount(given["throughput_rps"], "rps")))
    sizes = {key: given.get(f"{key}_bytes") for key in ("size", "memory")}
    rows += [(key, bytes_(value)) for key, value in sizes.items() if value is not None]
    asked = next((t for line, t in targets.items() if _subject(line) == "latency_p95"), None)
    limit = asked["target"] if asked else None
    plot = charts.blocks(latency.get("blocks") or (), limit)
    return {"rows": rows, "plot": plot, "target": amount(limit, "ms")} if rows or plot else None


def _ledger(build: Mapping[str, Any], openings: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    now = build.get("ledger") or {}
    rows = [
        {"t": row.get("t"), "delta": _error(row.get("delta")), "when": _when(row.get("at")) or NOTHING,
         "outcome": row.get("outcome")}
        for row in openings
    ]  # fmt: skip
    if not rows and not now:
        return None
    state = {
        "opening": general(now.get("opening")),
        "delta": _error(now.get("delta")),
        "left": general(now.get("left")),
    }
    return {"facts": list(state.items()) if now else [], "rows": rows, "opened": now.get("opening") is not None}


def _table(items: Sequence[Any] | None) -> dict[str, Any] | None:
    """Objects of any shape as a table: the union of their keys, then a row each; plain values have one column."""
    if not items:
        return None
    rows = [item if isinstance(item, Mapping) else {"": item} for item in items]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    units = {key: _unit(key, {}) for key in keys}
    return {"keys": keys, "rows": [[_inline(row.get(key), units[key]) for key in keys] for row in rows]}


def _shown(value: float | None, unit: str) -> str:
    return share(value) if unit == "%" else amount(value, unit)


def _inline(value: Any, unit: str = "") -> str:
    if unit and isinstance(value, int | float):
        return _shown(value, unit)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_inline(inner, _unit(key, {}))}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_inline, value))
    return general(value)
