"""What the report shows of a version made to replace another: what it learned, and what got better or worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.evaluate.figures import NOTHING, amount, count, general, share
from zhinan.evaluate.report_lines import Code, Said, unit_of, words_of

__all__ = ["improved"]

CLAIMS = {"superior": "improved_superior", "non-inferior": "improved_alike"}


def improved(given: Mapping[str, Any] | None, targets: Mapping[str, Any]) -> dict[str, Any] | None:
    """Sentences, tables and a drawing; None for a version that replaces none."""
    if not given:
        return None
    champion = general(given.get("champion"))
    said: list[Said] = [("improved_taught", {"rows": count(given.get("rows")), "used": count(given.get("used"))})]
    if judged := given.get("judged"):
        shown = {key: count(judged.get(key)) for key in ("words", "against")}
        said.append(("improved_judged", {**shown, "on_dev": share(judged.get("on_dev"))}))
    said += _paired(given.get("paired"), targets)
    slices = [_slice(row) for row in given.get("slices") or () if None not in (row.get("before"), row.get("after"))]
    return {
        "champion": f"@{champion}", "said": said, "slices": slices, "decided": _decided(given.get("decision")),
        "aside": [{"why": words_of(row.get("why")) or NOTHING, "n": count(row.get("n"))}
                  for row in given.get("quarantined") or ()],
        "named": [{"who": Code(general(row.get("code"))), "why": words_of(row.get("why")) or NOTHING,
                   **{key: count(row.get(key)) for key in ("words", "used")}} for row in given.get("named") or ()],
        "grown": [{"name": general(row.get("class")), "n": count(row.get("n")), "found": share(row.get("found"))}
                  for row in given.get("new_classes") or ()],
        "proposals": [{"name": general(row.get("name")), "rows": count(row.get("rows")), "by": f"improved_by_{by}"}
                      for row in given.get("proposals") or () if (by := row.get("by")) in ("traffic", "words")],
        "examples": _examples(given.get("examples") or ()),
        "skipped": [words_of(one) or NOTHING for one in given.get("skipped") or ()],
    }  # fmt: skip


def _decided(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What follows from the proof, and why; None where nothing was decided."""
    if not given:
        return None
    key = "improved_replaces" if given.get("promote") is True else "improved_stays"
    return {"key": key, "why": words_of(given.get("why")) or NOTHING}


def _paired(given: Mapping[str, Any] | None, targets: Mapping[str, Any]) -> list[Said]:
    """How both answered the same sealed rows."""
    if not given:
        return [("improved_closed", {})]
    line = str(given.get("line"))
    unit = unit_of(line, targets)
    unit = "pt" if unit == "%" else unit
    values = {
        "line": Code(line), "n": count(given.get("n")), "value": amount(given.get("value"), unit),
        "bound": amount(given.get("bound"), unit, "down"), "margin": amount(given.get("margin"), unit),
    }  # fmt: skip
    found: list[Said] = [(CLAIMS.get(str(given.get("claim")), "improved_undecided"), values)]
    if given.get("wins") is not None and given.get("losses") is not None:
        found.append(("improved_wins", {key: count(given[key]) for key in ("wins", "losses")}))
    return found


def _slice(row: Mapping[str, Any]) -> dict[str, Any]:
    """A class or group of dev, with where it was and is along a line of 160."""
    before, after = float(row["before"]), float(row["after"])
    ends = [round(6 + 148 * max(0.0, min(1.0, value)), 1) for value in (before, after)]
    return {
        "name": general(row.get("slice")), "n": count(row.get("n")), "before": share(before), "after": share(after),
        "better": after > before, "from": ends[0], "to": ends[1],
    }  # fmt: skip


def _examples(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of dev answered otherwise; none where their inputs may not be shown."""
    return [
        {"input": " · ".join(str(value) for value in row["input"].values() if value is not None),
         **{key: general(row.get(key)) for key in ("before", "after", "right")}}
        for row in rows
        if isinstance(row.get("input"), Mapping)
    ]  # fmt: skip
