"""What the engineering page shows of the build: recipes, forecast, cost, data and the sealed set's ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from zhinan.core import Words
from zhinan.evaluate import charts, plots
from zhinan.evaluate.figures import NOTHING, amount, bytes_, count, duration, general, share
from zhinan.evaluate.report_lines import Code, Said, asked_of, scale_of, shown, subject_of, unit_of, words_of
from zhinan.evaluate.report_summary import error_rate, joined, money, when

__all__ = ["costs", "curve", "data", "feasible", "ledger", "loose", "pareto", "recipes"]


def recipes(rows: Iterable[Mapping[str, Any]], targets: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was tried, cheapest first, with its dev metrics."""
    given = list(rows)
    if not given:
        return None
    keys = list(dict.fromkeys(key for row in given for key in row.get("dev") or ()))
    units = {key: unit_of(key, targets) for key in keys}
    shares = [key for key in keys if units[key] == "%"]
    of_lines = {subject_of(line) for line in targets}
    metric = next((key for key in shares if subject_of(key) in of_lines), shares[0] if shares else None)
    points = [
        (str(at), float(row["cpu_seconds"]), float(row["dev"][metric]), bool(row.get("chosen")))
        for at, row in enumerate(given, 1)
        if metric and row.get("cpu_seconds") is not None and (row.get("dev") or {}).get(metric) is not None
    ]
    listed = [
        {"number": at, "level": row.get("level"), "name": row.get("recipe"), "chosen": row.get("chosen"),
         "encoder": " + ".join(joined(row, "encoder")), "skipped": words_of(row.get("skipped")),
         "seconds": duration(row.get("seconds")), "cpu": duration(row.get("cpu_seconds")),
         "energy": NOTHING if row.get("energy_wh") is None else amount(row["energy_wh"], "Wh"),
         "dev": [shown((row.get("dev") or {}).get(key), units[key]) for key in keys]}
        for at, row in enumerate(given, 1)
    ]  # fmt: skip
    target = asked_of(subject_of(metric), targets) if metric else None
    subjects = [subject_of(key) for key in keys]
    names = [own if subjects.count(own) == 1 else key for key, own in zip(keys, subjects, strict=True)]
    return {
        "rows": listed, "keys": names, "metric": metric and subject_of(metric), "plot": charts.scatter(points, target),
        "target": amount(target, "%"), "energy": any(row.get("energy_wh") is not None for row in given),
    }  # fmt: skip


def curve(given: Mapping[str, Any] | None, own: str = "") -> dict[str, Any] | None:
    """The learning curve with what it foretells, or why it does not. Args: own: the unit of a target of numbers."""
    given = given or {}
    sizes, errors = list(given.get("sizes") or ()), list(given.get("errors") or ())
    band = [row for row in given.get("band") or () if row.get("n") is not None]
    target, unit = given.get("target"), given.get("unit", "%")
    if not unit and scale_of(str(given.get("line"))) == "target":
        unit = own
    told = share if unit == "%" else partial(amount, unit=unit)
    plot = plots.learning(sizes, errors, band, target, unit)
    said: list[Said] = []
    ahead = max(band, key=lambda row: float(row["n"]), default=None)
    if plot and ahead and ahead.get("low") is not None and ahead.get("high") is not None:
        said.append(("curve_ahead", {"n": count(ahead["n"]), "low": told(ahead["low"]), "high": told(ahead["high"])}))
    needed = given.get("needed") or {}
    if needed.get("low") is not None and needed.get("high") is not None and target is not None:
        ends = {end: count(needed[end]) for end in ("low", "high")}
        said.append(("curve_needed", {"target": amount(target, unit), **ends}))
    if refused := words_of(given.get("refused")):
        said.append(("said", {"text": refused}))
    if not plot and not said:
        return None
    line = given.get("line")
    ends_at = sorted(zip(sizes, errors, strict=False))
    values = {"few": count(ends_at[0][0]), "first": told(ends_at[0][1]), "many": count(ends_at[-1][0]),
              "last": told(ends_at[-1][1])} if plot else {}  # fmt: skip
    note: Said = ("curve_note", {"line": Code(line)}) if line else ("curve_note_bare", {})
    return {"plot": plot, "said": said, "target": amount(target, unit), "note": note, "values": values}


def feasible(given: Mapping[str, Any] | None) -> list[Said]:
    """Whether the labels or the recipe are the limit, as an estimate."""
    given = given or {}
    if given.get("floor") is None or given.get("target") is None:
        return []
    floor, target = amount(given["floor"], "%"), amount(given["target"], "%")
    encoder = Code(given["encoder"]) if given.get("encoder") else NOTHING
    found: list[Said] = [("feasible_floor", {"encoder": encoder, "floor": floor, "target": target})]
    if given.get("says") in ("recipe", "labels"):
        found.append((f"feasible_{given['says']}", {}))
    return found


def data(given: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the examples are: counts, splits, columns and what was found in them."""
    numbers = ("rows", "accepted", "rejected", "unlabeled", "duplicates", "masked", "aside")
    parts = {name: given[name] for name in ("train", "dev", "sealed") if given.get(name) is not None}
    found = {
        "counts": [(key, count(given[key])) for key in numbers if given.get(key) is not None],
        "fingerprint": given.get("fingerprint"), "splits": charts.splits(parts),
        "columns": [{"name": row.get("name"), "kind": row.get("kind"), "why": _both(row, "why")}
                    for row in facts.get("columns") or ()],
        "findings": [{"what": _both(row, "what"), "count": count(row.get("count"))}
                     for row in facts.get("findings") or () if row.get("what")],
    }  # fmt: skip
    return found if any(found.values()) else None


def _both(row: Mapping[str, Any], key: str) -> Words | None:
    """A text and its translation under `key` and `key_zh`."""
    value = row.get(key)
    return words_of({"en": value, "zh": row.get(f"{key}_zh")} if isinstance(value, str) else value)


def costs(given: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, Any] | None:
    """What one answer costs on this machine."""
    latency = given.get("latency_ms") or {}
    rows = [(key, amount(latency[key] / 1000, "ms")) for key in ("p50", "p95", "p99") if latency.get(key) is not None]
    if given.get("throughput_rps") is not None:
        rows.append(("throughput", amount(given["throughput_rps"], "rps")))
    sizes = {key: given.get(f"{key}_bytes") for key in ("size", "memory")}
    rows += [(key, bytes_(value)) for key, value in sizes.items() if value is not None]
    if given.get("energy_wh_per_1k") is not None:
        rows.append(("energy_answers", amount(given["energy_wh_per_1k"], "Wh")))
    if (price := money(given.get("money_per_1k"), given.get("currency"))) is not None:
        rows.append(("money_answers", price))
    limit = asked_of("latency_p95", targets)
    plot = charts.blocks(latency.get("blocks") or (), limit)
    if not rows and not plot:
        return None
    return {"rows": rows, "plot": plot, "target": amount(limit, "ms"), "estimated": bool(given.get("energy_estimated"))}


def ledger(
    build: Mapping[str, Any], openings: Sequence[Mapping[str, Any]], committed: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Every look at the sealed set, what is left, and what was committed to before training."""
    now = build.get("ledger") or {}
    rows = [
        {"t": row.get("t"), "delta": error_rate(row.get("delta")), "when": when(row.get("at")) or NOTHING,
         "outcome": row.get("outcome")}
        for row in openings
    ]  # fmt: skip
    promise = _committed(committed or {})
    if not rows and not now and not promise:
        return None
    state = [("opening", general(now.get("opening"))), ("delta", error_rate(now.get("delta")))]
    state.append(("left", general(now.get("left"))))
    return {
        "facts": state if now else [],
        "rows": rows,
        "opened": now.get("opening") is not None,
        "commitment": promise,
    }


def _committed(given: Mapping[str, Any]) -> dict[str, Any] | None:
    if not given.get("root"):
        return None
    said = None
    if given.get("rows") is not None and given.get("at"):
        said = ("commitment", {"rows": count(given["rows"]), "when": when(given["at"])})
    audit = given.get("audit")
    return {"root": given["root"], "said": said, "audit": None if audit is None else general(audit)}


def pareto(rows: Sequence[Mapping[str, Any]] | None, targets: Mapping[str, Any]) -> dict[str, Any] | None:
    """What nothing else beats in quality, latency, size and energy at once; a column that nobody fills is left out."""
    given = list(rows or ())
    if not given:
        return None
    measured: dict[str, tuple[str, Callable[[float], str]]] = {
        "latency": ("latency_ms", lambda ms: amount(ms / 1000, "ms")), "size": ("size_bytes", bytes_),
        "energy_answers": ("energy_wh_per_1k", lambda wh: amount(wh, "Wh")), "cpu": ("cpu_seconds", duration),
    }  # fmt: skip
    costs = {head: how for head, how in measured.items() if any(row.get(how[0]) is not None for row in given)}
    keys = list(dict.fromkeys(key for row in given for key in row.get("dev") or ()))
    units = {key: unit_of(key, targets) for key in keys}
    return {
        "keys": keys, "heads": list(costs),
        "rows": [
            {"recipe": row.get("recipe"), "encoder": " + ".join(joined(row, "encoder")),
             "dev": [shown((row.get("dev") or {}).get(key), units[key]) for key in keys],
             "costs": [NOTHING if row.get(name) is None else write(row[name]) for name, write in costs.values()]}
            for row in given
        ],
    }  # fmt: skip


def loose(items: Sequence[Any] | None) -> dict[str, Any] | None:
    """Objects of any shape as a table: the union of their keys, then a row each; plain values have one column."""
    if not items:
        return None
    rows = [item if isinstance(item, Mapping) else {"": item} for item in items]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    units = {key: unit_of(key, {}) for key in keys}
    return {"keys": keys, "rows": [[_inline(row.get(key), units[key]) for key in keys] for row in rows]}


def _inline(value: Any, unit: str = "") -> str:
    if unit and isinstance(value, int | float):
        return shown(value, unit)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_inline(inner, unit_of(key, {}))}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_inline, value))
    return general(value)
