"""What the engineering page shows of the answers: how they err, for whom, how sure they are and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhinan.core import Words
from zhinan.evaluate import charts, plots
from zhinan.evaluate.figures import NOTHING, amount, count, general, share
from zhinan.evaluate.report_lines import Code, Said, shown, unit_of, words_of
from zhinan.evaluate.wording import TEXTS

__all__ = [
    "areas", "classes", "confusion", "decisions", "errors", "explanations", "fairness", "numbers", "reliability",
    "robustness", "suspects", "weak_slices",
]  # fmt: skip

EXCERPT = 400
SUSPECTS = 25
TOKENS = 80
STRENGTHS = 4
LEAST = 0.02
"""A weight under this share of the heaviest is drawn as none."""


def decisions(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What happens between a probability and an answer."""
    given = given or {}
    sets = given.get("sets") or {}
    found: list[tuple[str, str]] = []
    if given.get("calibrate"):
        found.append(("calibrate", str(given["calibrate"])))
    if given.get("temperature") is not None:
        found.append(("temperature", general(float(given["temperature"]))))
    found += [
        (name, share(given[key]))
        for name, key in (("abstain", "abstain"), ("auto_rate", "auto_rate"), ("precision_auto", "precision"))
        if given.get(key) is not None
    ]
    if sets.get("coverage") is not None:
        found.append(("sets_coverage", share(sets["coverage"])))
    if sets.get("size") is not None:
        found.append(("sets_size", general(float(sets["size"]))))
    if given.get("least") is not None:
        found.append(("least_labels", general(int(given["least"]))))
    each = _by_class(given)
    return {"facts": found, "each": each} if found or each else None


def _by_class(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is decided for each class: from which probability it is given, or by how much its score is shifted."""
    if given.get("thresholds"):
        ordered = sorted(given["thresholds"].items(), key=lambda pair: pair[1])
        return {"of": "thresholds", "head": "threshold", "rows": [(name, share(value)) for name, value in ordered]}
    moved = sorted((given.get("offsets") or {}).items(), key=lambda pair: -abs(pair[1] or 0))
    rows = [(name, _signed(value)) for name, value in moved if value]
    return {"of": "offsets", "head": "offset", "rows": rows} if rows else None


def numbers(given: Mapping[str, Any] | None, widths: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any] | None:
    """How far off numbers are, and what is known of their intervals. Args: widths: as of the build."""
    if not given or not given.get("points"):
        return None
    points = [(float(p[0]), float(p[1]), bool(p[2])) for p in given["points"]]
    rows = [
        {"range": f"{general(float(b['from']))} – {general(float(b['to']))}", "rows": count(b["rows"]),
         "bias": _signed(float(b["bias"])), "mae": general(float(b["mae"])), "coverage": share(b["coverage"]),
         "width": general(float(b["width"]))}
        for b in given.get("bands") or ()
    ]  # fmt: skip
    off = [("quantile_off", {"share": share(q), "value": general(float(v))}) for q, v in given.get("errors") or ()]
    return {
        "note": ("numbers_note", {"target": Code(given.get("target") or NOTHING)}), "said": _interval(given, widths),
        "plot": plots.cloud(points, diagonal=True), "n": count(len(points)), "rows": rows, "off": off,
        "errors": plots.cloud([(a, a - t, on) for t, a, on in points], diagonal=False),
    }  # fmt: skip


def _interval(given: Mapping[str, Any], widths: Sequence[Mapping[str, Any]]) -> list[Said]:
    """What the interval is meant to do, and what was proved of it."""
    seen, proved = given.get("interval") or {}, given.get("proved")
    if seen.get("level") is None:
        return []
    form = Words(*TEXTS["form_local" if seen.get("form") == "local" else "form_alike"])
    said: list[Said] = [("interval_promise", {"level": share(seen["level"]), "form": form}), *_widths(widths)]
    if lacks := seen.get("lacks"):
        said = [("interval_lacks", {"level": share(lacks["level"]), **{k: count(lacks[k]) for k in ("have", "need")}})]
    if proved is None:
        said.append(("interval_closed", {"n": count(seen.get("n")), "value": share(seen.get("coverage"))}))
        return said
    values = {"n": count(proved["n"]), "value": share(proved["value"])}
    if proved.get("bound") is None:
        return [*said, ("interval_few", values)]
    bound = amount(proved["bound"], "%", "down")
    return [*said, ("interval_proved", {**values, "bound": bound, "delta": amount(proved["delta"], "%", "up")})]


def _widths(found: Sequence[Mapping[str, Any]]) -> list[Said]:
    """What each line about coverage makes the interval cost."""
    usual, *others = found or [{}]
    return [
        ("interval_cost", {
            "line": Code(one["line"]), "level": share(one["level"]), "width": general(float(one["width"])),
            "usual": share(usual["level"]), "less": general(float(usual["width"])),
        })
        for one in others
    ]  # fmt: skip


def _signed(value: float) -> str:
    return ("+" if value > 0 else "\N{MINUS SIGN}") + general(abs(float(value)))


def confusion(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The confusion matrix, summarised where there are many classes."""
    if not given or not given.get("counts") or not given.get("classes"):
        return None
    found = charts.heat(given["classes"], given["counts"])
    return {
        **found,
        "rest": found["rest"] and {key: count(n) for key, n in found["rest"].items()},
        "examples": count(found["examples"]),
        "pairs": [{**pair, "share": share(pair["share"])} for pair in found["pairs"]],
        "accuracy": share(found["right"] / found["examples"]) if found["examples"] else NOTHING,
    }


def reliability(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Whether answers given with 80 % are right 80 % of the time."""
    given = given or {}
    bins = [b for b in given.get("bins") or () if b.get("mean") is not None and b.get("right") is not None]
    plot = plots.reliability(bins)
    if plot is None:
        return None
    rows = [(share(b["mean"]), share(b["right"]), count(b.get("n"))) for b in bins]
    return {"plot": plot, "error": None if given.get("error") is None else amount(given["error"], "%"), "rows": rows}


def areas(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ROC and the precision–recall curve of a class, where there are any."""
    found = []
    for kind in ("roc", "pr"):
        given = facts.get(kind) or ()
        for one in [given] if isinstance(given, Mapping) else given:
            plot = plots.area(one.get("points") or (), diagonal=kind == "roc")
            if plot:
                size = NOTHING if one.get("area") is None else f"{one['area']:.3f}"
                label = Words(*TEXTS["all_labels"]) if one.get("label") is None else one["label"] or NOTHING
                found.append({"kind": kind, "label": label, "area": size, "plot": plot})
    return found


def classes(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each class with its dev metrics, the weakest first."""
    ordered = sorted(rows, key=lambda row: (row.get("f1") is None, row.get("f1") or 0.0))
    return [
        {"label": row.get("label"), "meter": None if row.get("f1") is None else round(100 * row["f1"], 1),
         **{key: count(row.get(key)) for key in ("train", "dev", "sealed")},
         **{key: share(row.get(key)) for key in ("precision", "recall", "f1")}}
        for row in ordered
    ]  # fmt: skip


def weak_slices(rows: Sequence[Any] | None) -> list[dict[str, Any]]:
    """Parts of the data that err more than the whole, with the one test on sealed examples."""
    found = []
    for row in rows or ():
        if not isinstance(row, Mapping) or not row.get("slice") or row.get("rate") is None:
            continue
        sealed = row.get("sealed") or {}
        found.append({
            "slice": row["slice"], "rows": count(row.get("rows")), "rate": share(row["rate"]),
            "overall": share(row.get("overall")), "p": _p(row.get("p")),
            "sealed": {"rows": count(sealed.get("rows")), "rate": share(sealed["rate"]), "p": _p(sealed.get("p"))}
            if sealed.get("rate") is not None else None,
        })  # fmt: skip
    return found


def _p(value: float | None) -> str:
    return NOTHING if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"


def errors(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Wrong answers with their input, shortened."""
    return [
        {"input": _excerpt(row.get("input")), "truth": row.get("truth"), "answer": row.get("answer"),
         "sure": share(row.get("probability"))}
        for row in rows
    ]  # fmt: skip


def _excerpt(given: Any) -> str:
    parts = [f"{k}: {general(v)}" for k, v in given.items()] if isinstance(given, Mapping) else [general(given)]
    text = " · ".join(parts)
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def explanations(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Answers with each token's weight as a sign and one of four strengths."""
    found = []
    for row in rows:
        tokens = [t for t in row.get("tokens") or () if t.get("text")]
        if not tokens:
            continue
        top = max(abs(t.get("weight") or 0.0) for t in tokens)
        found.append({
            "tokens": [_token(t["text"], t.get("weight") or 0.0, top) for t in tokens[:TOKENS]],
            "more": count(len(tokens) - TOKENS) if len(tokens) > TOKENS else None,
            "truth": row.get("truth"), "answer": row.get("answer"), "against": row.get("against"),
        })  # fmt: skip
    return found


def _token(text: str, weight: float, top: float) -> dict[str, Any]:
    heavy = abs(weight) / top if top else 0.0
    strength = 0 if not heavy >= LEAST else min(STRENGTHS, 1 + int(heavy * STRENGTHS))
    return {"text": text[:EXCERPT], "sign": "" if not strength else "+" if weight > 0 else "\N{MINUS SIGN}",
            "mark": f"{'pos' if weight > 0 else 'neg'}{strength}" if strength else ""}  # fmt: skip


def suspects(given: Mapping[str, Any] | None, verdicts: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Labels that are probably wrong, and the verdicts without them."""
    given = given or {}
    if not given.get("count") and not given.get("rows"):
        return None
    values = {"count": count(given.get("count") or len(given["rows"])), "expected": count(given.get("expected"))}
    rows = [
        {"row": general(row.get("row")), "part": _named(row.get("part")), "input": _excerpt(row.get("input")),
         "given": row.get("given"), "suggested": row.get("suggested"), "sure": share(row.get("probability"))}
        for row in (given.get("rows") or ())[:SUSPECTS]
    ]  # fmt: skip
    note: Said = ("suspects_note" if given.get("expected") is not None else "suspects_note_bare", values)
    return {"note": note, "rows": rows, "without": verdicts}


def _named(key: Any) -> Words | None:
    """A word of ours in both languages where it is one: train, typos."""
    return Words(*TEXTS[key]) if isinstance(key, str) and key in TEXTS else words_of(key)


def robustness(rows: Iterable[Mapping[str, Any]], targets: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What each disturbance of the input costs."""
    found = []
    for row in rows:
        if not row.get("under") or row.get("value") is None:
            continue
        metric, drop = str(row.get("metric") or "accuracy"), row.get("drop")
        unit = unit_of(metric, targets)
        found.append({
            "under": _named(row["under"]), "metric": metric, "value": shown(row["value"], unit),
            "drop": NOTHING if drop is None else amount(drop, "pt" if unit == "%" else unit), "n": count(row.get("n")),
            "meter": round(min(100.0, max(0.0, 400 * drop)), 1) if drop is not None and unit == "%" else None,
        })  # fmt: skip
    return found


def fairness(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each metric by group, with intervals along one axis."""
    found = []
    for row in rows:
        groups = [g for g in row.get("groups") or () if g.get("group") is not None]
        if not groups:
            continue
        known = [g[key] for g in groups for key in ("value", "low", "high") if g.get(key) is not None]
        write = share if all(0 <= v <= 1 for v in known) else general
        said: list[Said] = []
        if row.get("gap") is not None:
            gap = amount(row["gap"], "pt") if write is share else general(row["gap"])
            said.append(("fairness_gap", {"gap": gap}))
        if row.get("ratio") is not None:
            said.append(("fairness_ratio", {"ratio": f"{row['ratio']:.2f}"}))
        title: Said = ("fairness_by", {key: Code(row.get(key) or NOTHING) for key in ("metric", "by")})
        drawings = zip(groups, plots.forest(groups), strict=True)
        found.append({"title": title, "said": said, "groups": [_group(g, drawn, write) for g, drawn in drawings]})
    return found


def _group(given: Mapping[str, Any], drawn: dict[str, Any] | None, write: Any) -> dict[str, Any]:
    both = given.get("low") is not None and given.get("high") is not None
    return {
        "name": given["group"], "n": count(given.get("n")), "value": write(given.get("value")), "drawn": drawn,
        "interval": ("interval_of", {end: write(given[end]) for end in ("low", "high")}) if both else None,
    }  # fmt: skip
