"""The page of a check is one file that loads nothing, shows both languages, and keeps whatever the data hold inert."""

from __future__ import annotations

import re
from typing import Any

from zhinan.core import Words
from zhinan.evaluate.check_page import render_check


def facts(text: str = "app", **more: Any) -> dict[str, Any]:
    """A check with one of each; `text` stands wherever users' words stand."""
    groups = [{"bin": text, "n": 40, "hits": 4}, {"bin": "", "n": 20, "hits": 9}]
    column = {
        "name": text, "kind": "category", "why": text, "role": "input", "rows": 90, "missing": 3, "distinct": 2,
        "top": [{"value": text, "n": 60}, {"value": "web", "n": 27}], "target": {"class": text, "groups": groups},
    }  # fmt: skip
    bars = {"low": 1.0, "high": 900.0, "cut": 30.0, "counts": [3, 0, 9], "of": "value"}
    number = {
        "name": "size", "kind": "number", "why": "", "role": "left out", "rows": 90, "missing": 0, "distinct": 80,
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
        "product": text, "made": "2026-11-27 05:00", "zhinan": "0.3", "data": data, "columns": [column, number],
        "lines": [{"line": "accuracy >= 90%", "have": 20, "need": 36, "provable": False, "buy": 64},
                  {"line": "size <= 60 MB", "have": None, "need": None, "provable": True, "buy": None}],
        "findings": [finding], "classes": classes,
        "forecast": [{"level": "frozen", "recipe": "linear", "encoders": ["minilm"], "seconds": None, "memory": None,
                      "reason": "weights minilm are not fetched yet"}], **more,
    }  # fmt: skip


def test_everything_is_said_in_both_languages() -> None:
    page = render_check(facts()).decode()
    for words in (
        "1 of 2 lines cannot be proved",
        "2 条中有 1 条无法用现有数据证明",
        "about 64 more rows",
        "To have it otherwise",
        "weights minilm are not fetched yet",
        "and 10 more classes with 30 rows",
        "the last bar holds",
    ):
        assert words in page, words


def test_the_page_loads_and_runs_nothing() -> None:
    page = render_check(facts()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy.group(1)
    assert "script" not in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)


def test_whatever_the_data_contain_is_inert_text() -> None:
    page = render_check(facts("<img src=x onerror=alert(1)>\x00\u202e")).decode()
    assert "<img" not in page
    assert "\x00" not in page


def test_a_check_without_anything_to_say_is_a_page_too() -> None:
    page = render_check(facts(findings=[], classes=[], forecast=[], columns=[], lines=[])).decode()
    assert "Nothing is wrong with the data" in page
    assert 'id="check_classes"' not in page
