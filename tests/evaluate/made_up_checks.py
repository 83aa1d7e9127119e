"""The facts of a check with one of each thing that its page can show."""

from __future__ import annotations

from typing import Any

from zhinan.core import Words


def facts(text: str = "app", **more: Any) -> dict[str, Any]:
    """A check with one of each; `text` stands wherever users' words stand."""
    groups = [{"bin": text, "n": 40, "hits": 4}, {"bin": "", "n": 20, "hits": 9}]
    column = {
        "name": text, "kind": "category", "why": {"en": text, "zh": text}, "role": "input",
        "rows": 90, "missing": 3, "distinct": 2,
        "top": [{"value": text, "n": 60}, {"value": "web", "n": 27}], "target": {"class": text, "groups": groups},
    }  # fmt: skip
    bars = {"low": 1.0, "high": 900.0, "cut": 30.0, "counts": [3, 0, 9], "of": "value"}
    number = {
        "name": "size", "kind": "number", "why": {"en": "", "zh": "依据"}, "role": "left out",
        "rows": 90, "missing": 0, "distinct": 80,
        "histogram": bars, "middle": 4.0,
    }  # fmt: skip
    finding = {
        "code": "outliers", "what": Words(text, text), "do": Words("kept", "保留"), "count": 1, "damage": 3,
        "overrule": Words("mend it", "请修正"), "examples": [text],
    }  # fmt: skip
    classes = [{"class": f"{text}{i}", "train": 1, "dev": 1, "sealed": 1} for i in range(40)]
    data = dict.fromkeys(("rows", "accepted", "train"), 90) | dict.fromkeys(
        ("rejected", "unlabeled", "dev", "sealed", "duplicates", "masked"), 0
    )
    return {
        "people": False, "copied": False,
        "product": text, "made": "2026-11-27 05:00", "zhinan": "0.3", "data": data, "columns": [column, number],
        "lines": [{"line": "accuracy >= 90%", "have": 20, "need": 36, "provable": False, "buy": 64},
                  {"line": "size <= 60 MB", "have": None, "need": None, "provable": True, "buy": None}],
        "findings": [finding], "classes": classes,
        "forecast": [{"level": "frozen", "recipe": "linear", "encoders": ["minilm"], "seconds": None, "memory": None,
                      "reason": "weights minilm are not fetched yet"}], **more,
    }  # fmt: skip
