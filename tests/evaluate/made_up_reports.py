"""Made-up facts of reports, honest and hostile, and a reader of the page's tags, for the tests of report and card."""

from __future__ import annotations

import copy
import json
import random
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from zhinan.evaluate.report import render

SAMPLE = Path(__file__).with_name("report_sample.json")
INTENTS = (
    "refund_request", "lost_or_stolen_card", "delivery_status", "change_address", "cancel_order", "login_problem",
    "invoice_copy", "product_defect", "payment_failed", "opening_hours", "complaint_staff", "other",
)  # fmt: skip
BANK = tuple(
    f"{a}_{b}"
    for a in ("card", "transfer", "top_up", "cash_withdrawal", "exchange", "direct_debit", "identity")
    for b in (
        "not_received", "declined", "fee_charged", "pending", "not_recognised", "limit", "wrong_amount", "arrival_time",
        "cancelled", "reverted", "supported",
    )
)  # fmt: skip


def confusion(classes: tuple[str, ...], each: int, wrong: float, seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    counts = []
    for i in range(len(classes)):
        row = [0] * len(classes)
        for _ in range(each + rng.randint(-each // 3, each // 3)):
            near = (i + rng.choice((1, 1, 1, 11, 22, 5))) % len(classes)
            row[near if rng.random() < wrong * (1 + 2 * (i % 5 == 0)) else i] += 1
        counts.append(row)
    return {"classes": list(classes), "counts": counts}


def per_class(given: dict[str, Any]) -> list[dict[str, Any]]:
    counts, rows = given["counts"], []
    for i, label in enumerate(given["classes"]):
        true, named, hit = sum(counts[i]), sum(row[i] for row in counts), counts[i][i]
        rows.append({"label": label, "train": true * 6, "dev": true, "sealed": true + 3, "recall": hit / true,
                     "precision": hit / named if named else None, "f1": 2 * hit / (true + named)})  # fmt: skip
    return rows


def support() -> dict[str, Any]:
    """A support router of 12 classes, proved."""
    matrix = confusion(INTENTS, 42, 0.04, 1)
    facts = json.loads(SAMPLE.read_text(encoding="utf-8"))["support"]
    return facts | {"confusion": matrix, "classes": per_class(matrix)}


def bank() -> dict[str, Any]:
    """77 classes: lines proved, undecided and refuted, with a counter-offer."""
    matrix, changed = confusion(BANK, 26, 0.05, 2), json.loads(SAMPLE.read_text(encoding="utf-8"))["bank"]
    build = support()["build"] | changed.pop("build")
    return support() | changed | {"build": build, "confusion": matrix, "classes": per_class(matrix)}


class Page(HTMLParser):
    """Tags with their attributes, in order, and the text between them."""

    VOID = frozenset({"meta", "link", "input"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.inside: dict[str, list[str]] = {}
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            self.inside.setdefault(self.open[-1], []).append(data)
        else:
            self.text += data + " "

    def every(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(attributes)) for tag, attributes in self.tags]


def rich() -> dict[str, Any]:
    """Everything a report can show, at once: proved, but by somebody who overrode the ledger."""
    later = bank()
    return support() | {key: later[key] for key in ("next", "override")} | {"improved": replacing()}


def replacing() -> dict[str, Any]:
    """What is told of a version that was made to replace another."""
    return {
        "champion": 2, "rows": 450, "used": 221,
        "quarantined": [{"why": {"en": "are about rows labelled on purpose", "zh": "该行已有专门标注"}, "n": 229}],
        "named": [{"code": "9f31c0de", "words": 30, "used": 0, "reason": "source",
                   "why": {"en": "30 of 30 words go against all others'", "zh": "30 条全部与其他人相悖"}}],
        "decision": {"promote": True, "why": {"en": "better on accuracy >= 90%", "zh": "在 accuracy >= 90% 上更好"}},
        "paired": {"line": "accuracy >= 90%", "claim": "superior", "value": 0.132, "bound": 0.0904, "n": 349,
                   "delta": 0.00625, "margin": 0.01, "wins": 55, "losses": 9, "needed": None},
        "slices": [{"slice": "intent=refund", "n": 40, "before": 0.5, "after": 0.925},
                   {"slice": "channel=web", "n": 61, "before": 0.9, "after": 0.85}],
        "examples": [{"row": "r", "input": {"message": "where is my top-up"}, "before": "card", "after": "topup",
                      "right": "topup"}],
        "new_classes": [{"class": "topup", "n": 40, "found": 0.9}],
        "proposals": [{"name": "loan_rate", "by": "traffic", "rows": 61}, {"name": "loans", "by": "words", "rows": 12}],
    }  # fmt: skip


def page(facts: dict[str, Any]) -> Page:
    return Page(render(facts)["report.html"].decode())


def card(facts: dict[str, Any]) -> str:
    return render(facts)["card.md"].decode()


def bare() -> dict[str, Any]:
    return {"product": "x", "contract": "product: x\n", "build": {"outcome": "UNDECIDED", "verdicts": []}}


def replaced(value: Any, change: Any, kept: frozenset[str] | set[str] = frozenset()) -> Any:
    """A copy whose every leaf is changed, but for those under the keys kept."""
    if isinstance(value, dict):
        return {key: inner if key in kept else replaced(inner, change, kept) for key, inner in value.items()}
    return [replaced(inner, change, kept) for inner in value] if isinstance(value, list) else change(value)


def hostile(facts: dict[str, Any], payload: str) -> dict[str, Any]:
    """The same facts with the payload before every text that a user, a data file or a machine may have written."""
    changed = copy.deepcopy(facts)
    for name in ("product", "goal", "zhinan", "contract"):
        changed[name] = payload + changed[name]
    for name in (
        "errors", "columns", "findings", "environment", "confusion", "classes", "explanations", "fairness", "hashes",
        "weak_slices", "slices", "commitment", "override", "audit", "diff", "next", "improved",
    ):  # fmt: skip
        kept = {"diff": {"change"}, "improved": {"claim", "by"}}.get(name, set())
        changed[name] = replaced(changed[name], lambda text: payload + text if isinstance(text, str) else text, kept)
    changed["suspects"]["rows"] = replaced(
        changed["suspects"]["rows"], lambda text: payload + text if isinstance(text, str) else text, set()
    )
    for name, key in (("roc", "label"), ("pr", "label"), ("curve", "line"), ("feasible", "encoder")):
        changed[name][key] = payload + changed[name][key]
    changed["decisions"]["calibrate"] = payload + changed["decisions"]["calibrate"]
    changed["decisions"]["offsets"] = {payload + name: x for name, x in changed["decisions"]["offsets"].items()}
    for row in changed["robustness"]:
        row |= {"under": payload + row["under"], "metric": payload + row["metric"]}
    changed["licences"] = {payload + name: payload + text for name, text in changed["licences"].items()}
    changed["targets"] = {payload + line: asked for line, asked in changed["targets"].items()}
    build = changed["build"]
    for verdict in build["verdicts"]:
        verdict["line"] = payload + verdict["line"]
    for recipe in build["recipes"]:
        for name in ("level", "recipe", "encoder", "skipped"):
            recipe[name] = payload + recipe[name] if recipe[name] else recipe[name]
        recipe["dev"] = {payload + key: value for key, value in recipe["dev"].items()}
    build["data"]["fingerprint"] = payload + build["data"]["fingerprint"]
    return changed
