"""How the report speaks of one must line: its verdict as figures, and the same in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zhinan.core import UserError, Words, find
from zhinan.evaluate import charts
from zhinan.evaluate.figures import amount, count, share
from zhinan.evaluate.wording import TEXTS

__all__ = ["Code", "Said", "about", "asked_of", "scale_of", "shown", "subject_of", "unit_of", "verdict_row", "words_of"]

Said = tuple[str, dict[str, Any]]
"""The name of a sentence and its values: text, `Code`, or `Words` that differ by language."""

RELATIVE = re.compile(r"(?:>=|<=)\s*(?P<of>[^>=<]*%\s*of\s+)?current\b")


class Code(str):
    """A value set in the type of code: a must line, a command, the name of a class."""

    __slots__ = ()


def verdict_row(
    row: Mapping[str, Any], targets: Mapping[str, Any], confidence: str | None, overridden: bool = False
) -> dict[str, Any]:
    """One verdict, as the tables and the summary show it.

    Args:
        row: what `--json` prints of a verdict. targets: line → op, target and unit. confidence: as written.
        overridden: whether the seal was opened outside the ledger, so that only what was proved before has a bound.
    """
    line, verdict = row["line"], row.get("verdict") or "UNDECIDED"
    on = row.get("on") or "sealed"
    seen = overridden and on == "sealed" and verdict != "PROVED"
    value, bound = row.get("value"), None if seen else row.get("bound")
    asked = targets.get(line)
    unit = asked["unit"] if asked else unit_of(line, targets)
    side = _side(
        value, bound, on, row.get("n"), (asked["op"] if asked else ">=" if ">=" in line else "<=") == ">=", verdict
    )
    drawn = None
    if asked and value is not None:
        drawn = charts.interval(value, bound, asked["target"], asked["op"], unit)
    subject = subject_of(line)
    found = {
        "subject": subject, "rest": line[len(subject) :].strip(), "line": line, "about": about(line),
        "verdict": verdict, "why": words_of(row.get("why")), "n": count(row.get("n")),
        "on": "exact" if on == "measured" and side == "exact" else on, "value": amount(value, unit), "drawn": drawn,
        "side": side, "bound": amount(bound, unit, "down" if side == "least" else "up"),
        "decide": _needed("decide", verdict, on, row.get("to_decide") or {}),
        "open": _needed("open", verdict, on, row.get("to_decide") or {}),
    }  # fmt: skip
    return found | _plain(found, asked, confidence)


def _side(value: float | None, bound: float | None, on: str, n: int | None, higher: bool, verdict: str) -> str | None:
    """Whether the bound is a least, a most or the exact value; one that a sample meets is still a bound.

    The worst of several runs (energy, money, memory, throughput) is neither: it holds for the runs that were seen.
    """
    if value is None or bound is None:
        return None
    if bound == value:
        if on == "measured":
            return "exact" if n == 1 else None
        return "least" if higher != (verdict == "REFUTED") else "most"
    return "least" if bound < value else "most"


def _needed(kind: str, verdict: str, on: str, need: Mapping[str, int | None]) -> Said | None:
    """What would decide an open line; None for one that is decided."""
    if verdict != "UNDECIDED":
        return None
    for thing in ("examples", "requests", "people", "minutes"):
        if need.get(thing) is not None:
            return f"{kind}_{thing}", {"n": count(need[thing])}
    return f"{kind}_{'sealed' if on == 'dev' else 'unknown'}", {}


def _plain(row: Mapping[str, Any], asked: Mapping[str, Any] | None, confidence: str | None) -> dict[str, Any]:
    """The row as sentences: what is true at which confidence, and what was asked."""
    key, values, under = _claim(row["line"])
    bound, bounded = _how_much(row, confidence)
    if bound is None:
        what = values.get("what") or _capital(_what(row["line"]))
        claim: Said = ("plain_nothing", {"what": what})
    else:
        starts = TEXTS[key].en.startswith("{bound}")
        claim = (key, {**values, "bound": _capital(bound) if starts else bound})
    target = None
    if asked:
        target = (
            f"asked_{'least' if asked['op'] == '>=' else 'most'}",
            {"target": amount(asked["target"], asked["unit"])},
        )
    known = f"under_{under}" in TEXTS
    tail = _tail(row, bounded, confidence) if bound else ("tail_bare", {})
    return {"claim": claim, "under": (f"under_{under}", {}) if known else None, "tail": tail, "asked": target}


def _how_much(row: Mapping[str, Any], confidence: str | None) -> tuple[Words | None, bool]:
    """`at least 91.2 %`, and whether that is a bound and not just what was seen."""
    side, on = row["side"], row["on"]
    if on == "exact":
        return _worded("exactly", value=row["value"]), True
    if side in ("least", "most") and confidence and (on != "dev" or row["verdict"] == "REFUTED"):
        return _worded(side, bound=row["bound"]), True
    return (None if row["value"] == "–" else _worded("about", value=row["value"])), False


def _tail(row: Mapping[str, Any], bounded: bool, confidence: str | None) -> Said:
    on, values = row["on"], {"n": row["n"], "confidence": confidence}
    if on == "exact":
        return "tail_exact", {}
    if on == "dev" and not bounded:
        return "tail_dev", values
    if not bounded:
        return f"tail_seen_{'measured' if on == 'measured' else 'sealed'}", values
    return {"dev": "tail_refuted_dev", "measured": "tail_measured"}.get(on, "tail_sealed"), values


def _claim(line: str) -> tuple[str, dict[str, Any], str | None]:
    """The sentence for what a line measures, its values without the bound, and the disturbance it is measured under."""
    parsed = _parsed(line)
    relative = RELATIVE.search(line)
    what = _capital(_what(line))
    if parsed is None:
        return ("plain_other", {"what": what}, None)
    part = parsed.part
    under = getattr(part, "under", None)
    rows = Words(TEXTS["all_rows"].en, TEXTS["all_rows"].zh)
    if part and part.column is not None:
        rows = _worded("those_rows", column=part.column, value=part.value)
    if relative:
        return (f"plain_{'ratio' if relative['of'] else 'difference'}", {"what": _of_part(what, part, rows)}, under)
    key = f"plain_{parsed.metric}"
    fields = TEXTS[key].en if key in TEXTS and parsed.k is None else ""
    fits = bool(fields) and ("{part}" in fields) == bool(part and part.label is not None)
    fits = fits and ("{rows}" in fields or not (part and part.column is not None))
    if not fits:
        if part and part.label is not None:
            return ("plain_other_part", {"what": what, "part": Code(part.label)}, under)
        if part and part.column is not None:
            return ("plain_other_rows", {"what": what, "rows": rows}, under)
        return ("plain_other", {"what": what}, under)
    values: dict[str, Any] = {"rows": rows} if "{rows}" in fields else {}
    if "{part}" in fields:
        values["part"] = Code(part.label)
    if "{condition}" in fields:
        values["condition"] = Code(parsed.args.get("condition", ""))
    if "{by}" in fields:
        values |= {"by": Code(parsed.args.get("by", "")), "of": _capital(_name(str(parsed.args.get("of", "accuracy"))))}
    return (key, values, under)


def _of_part(what: Words, part: Any, rows: Words) -> Words:
    if part and part.label is not None:
        return Words(f"{what.en} ({part.label})", f"{what.zh}（{part.label}）")
    return Words(f"{what.en} ({rows.en})", f"{what.zh}（{rows.zh}）") if part and part.column is not None else what


def _parsed(line: str) -> Any:
    """The line as the contract reads it; None for one from elsewhere."""
    from zhinan.contract import parse_line

    try:
        return parse_line(line)
    except UserError:
        return None


def _what(line: str) -> Words:
    found = about(line)
    return Words(*found) if found else Words(subject_of(line), subject_of(line))


def _name(metric: str) -> Words:
    entry = _metric(metric)
    return Words(metric.replace("_", " "), (entry.facts.get("zh") or (metric,))[0] if entry else metric)


def _worded(key: str, **values: Any) -> Words:
    text = TEXTS[key]
    return Words(text.en.format(**values), text.zh.format(**values))


def _capital(words: Words) -> Words:
    return Words(words.en[:1].upper() + words.en[1:], words.zh)


def words_of(value: Any) -> Words | None:
    """A fact that may be text or a pair of texts, as a pair; None for nothing."""
    if isinstance(value, Mapping):
        en, zh = value.get("en"), value.get("zh")
        return Words(str(en or zh), str(zh or en)) if en or zh else None
    return None if value is None or value == "" else Words(str(value), str(value))


def about(line: str) -> tuple[str, str] | None:
    """What the metric of a line means: its docstring's definition, and its name in 中文."""
    entry = _metric(line)
    if entry is None:
        return None
    _, colon, said = entry.summary.partition(": ")
    said = re.split(r"\. |\.$", said if colon else entry.summary, maxsplit=1)[0]
    return (said, (entry.facts.get("zh") or (entry.name,))[0])


def _metric(line: str) -> Any:
    """The registered metric that a line or a metric's key begins with; None for one from elsewhere."""
    name = re.match(r"(\w+)(?=$|[@\[(]|\s*[<>]=)", line)
    try:
        return find("metric", name[1]) if name else None
    except UserError:
        return None


def unit_of(key: str, targets: Mapping[str, Any]) -> str:
    """The unit to show a metric in: as some line asks for it, else the metric's own."""
    for line, asked in targets.items():
        if subject_of(line) == subject_of(key):
            return str(asked["unit"])
    entry = _metric(key)
    return str(entry.facts.get("unit", "")) if entry else ""


def scale_of(line: str) -> str:
    """In whose unit the line's metric measures: "target", or "" for its own."""
    entry = _metric(line)
    return str(entry.facts.get("scale", "")) if entry else ""


def subject_of(line: str) -> str:
    """What a line measures, without what it asks."""
    return re.split(r"\s*(?:>=|<=)\s*", line, maxsplit=1)[0]


def asked_of(metric: str, targets: Mapping[str, Any]) -> float | None:
    """The target of the first line about exactly this metric."""
    return next((asked["target"] for line, asked in targets.items() if subject_of(line) == metric), None)


def shown(value: float | None, unit: str) -> str:
    """A metric's value: shares with one decimal, since it is only from dev."""
    return share(value) if unit == "%" else amount(value, unit)
