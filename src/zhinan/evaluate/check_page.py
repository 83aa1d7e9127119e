"""The page of `zhinan check`: one file that shows what a contract's data are, what is wrong and what will be done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from zhinan.core import Words
from zhinan.data.profiles import figure
from zhinan.evaluate.charts import splits
from zhinan.evaluate.figures import bytes_, count, duration, share
from zhinan.evaluate.pages import clean, html, ours, part, policy_hash, templates
from zhinan.proof import clopper_pearson

__all__ = ["render_check"]

CLASSES, RAREST = 30, 10
"""Classes listed, and how many of these are the rarest where there are more; those between are one row."""

SEEN = 0.001
"""Share of the rows from which on a value is worth showing."""

BADGES = ("stops", "severe", "open", "costly", "perhaps_open", "minor")
"""What a finding does, the gravest first."""

WIDE, HIGH = 240.0, 56.0


def render_check(facts: Mapping[str, Any]) -> bytes:
    """The page as UTF-8, the same bytes for the same facts.

    Args:
        facts: `product`, `made` (text), `lines` [{"line", "have", "need", "provable", "buy"}], `findings` [{"code",
            "what", "do", "overrule" (as `Words`), "count", "damage", "examples"}], `data`, `columns`, `classes`,
            `forecast` and `copied` as `engine.Check` has them, `people` (whether rows belong to some), `zhinan` (its
            version). User text is masked already.
    """
    shown = clean(facts)
    style = ours(f"{part('report.css')}{part('check.css')}")
    script = part("language.js")
    page = templates(html).get_template("check.html.j2")
    return page.render(
        _view(shown), style=style, script=script, style_hash=policy_hash(style), script_hash=policy_hash(script)
    ).encode()


def _view(facts: Mapping[str, Any]) -> dict[str, Any]:
    unprovable = sum(line["provable"] is False for line in facts["lines"])
    findings = [{**f, "badge": _badge(f)} for f in facts["findings"]]
    counts = Counter(f["badge"] for f in findings)
    worst = max((f["damage"] for f in findings), default=0)
    data = facts["data"]
    state = "REFUTED" if worst == 3 else "UNDECIDED" if unprovable or worst == 2 else "PROVED"
    parts = {name: int(data[name]) for name in ("train", "dev", "sealed")}
    tiles = ["rows", "accepted", "rejected", "unlabeled", "train", "dev", "sealed", "duplicates", "masked", "aside"]
    return {
        "people": facts["people"], "copied": facts["copied"],
        "product": facts["product"], "made": facts["made"], "zhinan": facts["zhinan"], "state": state,
        "unprovable": unprovable,
        "counts": [(name, count(counts[name])) for name in BADGES if counts[name]],
        "grave": worst == 3,
        "lines": [_line(line) for line in facts["lines"]],
        "findings": findings,
        "parts": splits(parts), "tiles": [(name, count(data[name])) for name in tiles if name in data],
        "classes": _classes(facts["classes"]),
        "columns": [_column(column, bool(facts["classes"])) for column in facts["columns"]],
        "forecast": [
            {**row, "seconds": duration(row["seconds"]), "memory": bytes_(row["memory"])} for row in facts["forecast"]
        ],
    }  # fmt: skip


def _badge(found: Mapping[str, Any]) -> str:
    """What a finding does, one of BADGES."""
    if found["code"] == "unread_inputs":
        return "stops"
    if found["damage"] > 1 and found["code"].startswith("personal_"):
        return "open" if found["damage"] == 3 else "perhaps_open"
    return {3: "severe", 2: "costly", 1: "minor"}[found["damage"]]


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "line": line["line"], "provable": line["provable"], "measured": line["have"] is None,
        "in_use": line.get("on") == "production",
        "have": count(line["have"]), "need": count(line["need"]), "buy": count(line["buy"]) if line["buy"] else None,
    }  # fmt: skip


def _classes(classes: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if not classes:
        return None
    sizes = [row["train"] + row["dev"] + row["sealed"] for row in classes]
    total, most = max(sum(sizes), 1), max(sizes)
    rows = [
        {"class": row["class"], "width": round(88 * size / most, 1), "share": share(size / total),
         "counts": [count(row[part]) for part in ("train", "dev", "sealed")]}
        for row, size in zip(classes, sizes, strict=True)
    ]  # fmt: skip
    if len(rows) <= CLASSES:
        return {"rows": rows, "rest": None, "last": []}
    between = sizes[CLASSES - RAREST : -RAREST]
    rest = {"n": count(len(between)), "rows": count(sum(between))}
    return {"rows": rows[: CLASSES - RAREST], "rest": rest, "last": rows[-RAREST:]}


def _column(column: Mapping[str, Any], listed: bool) -> dict[str, Any]:
    """A column's card. listed: whether the classes, the values of the target, have a table of their own."""
    used = "rows" in column
    years = (column.get("histogram") or {}).get("of") == "year"
    rows = max(column.get("rows", 0), 1)
    groups = (column.get("target") or {}).get("groups") or []
    return {
        "name": column["name"], "kind": column["kind"], "role": column["role"].replace(" ", "_"),
        "why": Words(**column["why"]),
        "missing": f"{count(column['missing'])} ({share(column['missing'] / rows)})" if used else None,
        "distinct": count(column["distinct"]) if used else None,
        "middle": figure(column["middle"], years) if column.get("middle") is not None else None,
        "histogram": _histogram(column["histogram"]) if column.get("histogram") else None,
        "top": _top(column["top"], rows) if column.get("top") and not (listed and column["role"] == "target") else None,
        "rate": {"class": column["target"]["class"], "groups": _rates(groups)} if len(groups) > 1 else None,
    }  # fmt: skip


def _histogram(told: Mapping[str, Any]) -> dict[str, Any]:
    """Bars in a box of WIDE × HIGH."""
    counts = told["counts"]
    step, most = WIDE / len(counts), max(*counts, 1)
    bars = [
        {"x": round(i * step + 0.6, 1), "width": round(max(step - 1.2, 0.8), 1), "n": count(n),
         "y": round(HIGH - 50 * n / most, 1), "height": round(50 * n / most, 1)}
        for i, n in enumerate(counts)
    ]  # fmt: skip
    forms: dict[str, Callable[[float], str]] = {"time": _moment, "year": partial(figure, years=True)}
    say = forms.get(told["of"], figure)
    cut = None if told["cut"] is None else say(told["cut"])
    return {"bars": bars, "of": told["of"], "low": say(told["low"]), "high": say(told["high"]), "cut": cut}


def _moment(seconds: float) -> str:
    return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%d")


def _top(values: Sequence[Mapping[str, Any]], rows: int) -> list[dict[str, Any]]:
    """The most frequent values; none where even those are hardly any of the rows."""
    most = max(value["n"] for value in values)
    if most < SEEN * rows:
        return []
    return [
        {"value": value["value"], "width": round(88 * value["n"] / most, 1), "share": share(value["n"] / rows)}
        for value in values
    ]


def _rates(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each group's share of the class with its Clopper–Pearson interval along one axis of 160 × 14."""
    ends = [clopper_pearson(group["hits"], group["n"], 0.025) for group in groups]
    top = max(*(float(high) for _, high in ends), 0.01)

    def x(value: float) -> float:
        return round(4 + 152 * value / top, 1)

    return [
        {"bin": group["bin"] or None, "n": count(group["n"]), "share": share(group["hits"] / group["n"]),
         "x": x(group["hits"] / group["n"]), "low": x(float(low)), "width": round(x(float(high)) - x(float(low)), 1)}
        for group, (low, high) in zip(groups, ends, strict=True)
    ]  # fmt: skip
