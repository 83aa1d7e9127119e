"""The JSON Schema and the page of keys say what `load` accepts: they are made from the same table and checked here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhinan.contract import parse, schema
from zhinan.contract.keys import KEYS
from zhinan.contract.schema import key_table
from zhinan.core import UserError

KEYWORDS = {
    "$schema", "title", "type", "properties", "required", "additionalProperties", "anyOf", "oneOf", "not", "items",
    "description", "default", "examples", "enum", "pattern", "minimum", "maximum", "minProperties", "minItems",
    "maxItems", "maxLength", "uniqueItems",
}  # fmt: skip
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float),
}  # fmt: skip

ACCEPTED = [
    "product: x\ndata: messages.csv\ntarget: intent\nmust:\n  - accuracy >= 90%\n",
    "product: x\ndata: photos\nmust:\n  - accuracy >= 90%\n",
    "product: 客服\ndata: {source: a.csv, target: y, inputs: {m: text}, mask: [邮箱]}\n"
    "must: [准确率 ≥ 90%]\nbudget: 1 h\n",
    "product: x\ndata: {source: a.csv, test: t.csv, target: y, person: p, time: t, slices: [c]}\nmust: [size <= 9 MB]\n"
    "task: classify\nshould: [size <= 5 MB]\nconfidence: 99.9 %\nproof: {openings: 3}\n"
    "serve: {keep_inputs: none}\ngoal: good\n",
    "product: x\ndata: {source: a.csv, target: y, unlabeled: u.csv, current: llm}\n"
    "must: [accuracy >= current - 1 pt, cost <= 20% of current]\nproof: {margin: 0.5 pt}\n"
    'cost: {price: 0.10 USD, watts: 65, matrix: {a: {b: 5, "1": 0.5}}, current: 3 USD}\n'
    "train: {calibrate: isotonic, sets: 90%, monotone: {income: up, age: 'down[b]'}}\n",
    "product: x\ndata: a.csv\ntarget: y\nmust: [accuracy >= 90%]\ncost: {watts: 65 W}\n",
]
REFUSED = [
    "product: x\ndata: messages.csv\nmust:\n  - accuracy >= 90%\n",
    "product: x\ndata: messages.csv\ntarget: y\n",
    "product: x\ndata: messages.csv\ntarget: y\nmust: []\n",
    "product: x\ndata: messages.csv\ntarget: y\nmust: [accuracy]\n",
    "product: x\ndata: messages.csv\ntarget: y\nmust: [accuracy >= 90%]\nbugdet: 1 h\n",
    "product: x\ndata: messages.csv\ntarget: y\nmust: [accuracy >= 90%]\ntrain: {balance: classes}\n",
    "product: x\ndata: {source: a.csv, target: y, inputs: {m: txt}}\nmust: [accuracy >= 90%]\n",
    "product: x\ndata: {source: a.csv, target: y, mask: [fone]}\nmust: [accuracy >= 90%]\n",
    "product: x y\ndata: messages.csv\ntarget: y\nmust: [accuracy >= 90%]\n",
    "product: x\ndata: messages.csv\ntarget: y\nmust: [accuracy >= 90%]\nconfidence: 0.9\n",
    "product: x\ndata: messages.csv\ntarget: y\nmust: [accuracy >= 90%]\nbudget: 600\n",
    *(
        f"product: x\ndata: messages.csv\ntarget: y\nmust: [accuracy >= 90%]\n{more}\n"
        for more in (
            "train: {monotone: {income: upwards}}",
            "train: {monotone: {}}",
            "cost: {price: 0.1}",
            "cost: {price: 1 EUR}",
            "cost: {watts: -1}",
            "cost: {matrix: {a: 1}}",
            "cost: {matrix: {a: {b: -1}}}",
            "cost: {matrix: {}}",
            "proof: {margin: 1}",
            "proof: {margin: 1%}",
            "train: {calibrate: platt}",
            "train: {sets: 0.9}",
            "train: {folds: 1}",
            "train: {folds: 5.0}",
        )
    ),
]


def accepts(rule: dict[str, Any], value: Any) -> bool:
    """The part of JSON Schema that ours uses."""
    assert rule.keys() <= KEYWORDS, rule.keys() - KEYWORDS
    checks = [
        "not" not in rule or not accepts(rule["not"], value),
        "enum" not in rule or value in rule["enum"],
        "anyOf" not in rule or any(accepts(other, value) for other in rule["anyOf"]),
        "oneOf" not in rule or sum(accepts(other, value) for other in rule["oneOf"]) == 1,
    ]
    if "type" in rule:
        checks.append(
            isinstance(value, TYPES[rule["type"]])
            and (rule["type"] not in ("integer", "number") or not isinstance(value, bool))
        )
    if isinstance(value, dict):
        known = rule.get("properties", {})
        rest = rule.get("additionalProperties", True)
        checks += [set(rule.get("required", ())) <= value.keys(), len(value) >= rule.get("minProperties", 0)]
        checks += [accepts(known[k], v) for k, v in value.items() if k in known]
        checks += [rest is True or (rest is not False and accepts(rest, v)) for k, v in value.items() if k not in known]
    if isinstance(value, list):
        checks += [accepts(rule["items"], item) for item in value] if "items" in rule else []
        checks += [rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value))]
    if isinstance(value, str):
        checks += [
            re.search(rule.get("pattern", ""), value) is not None,
            len(value) <= rule.get("maxLength", len(value)),
        ]
    if isinstance(value, int | float):
        checks += [rule.get("minimum", value) <= value <= rule.get("maximum", value)]
    return all(checks)


@pytest.mark.parametrize("text", ACCEPTED)
def test_the_schema_accepts_what_load_accepts(text: str) -> None:
    parse(text)
    assert accepts(schema(), yaml.safe_load(text))


@pytest.mark.parametrize("text", REFUSED)
def test_the_schema_underlines_what_load_refuses(text: str) -> None:
    with pytest.raises(UserError):
        parse(text)
    assert not accepts(schema(), yaml.safe_load(text))


def test_the_schema_describes_every_key_and_is_json() -> None:
    text = json.dumps(schema(), ensure_ascii=False)
    assert schema()["$schema"].endswith("draft/2020-12/schema")
    for key in KEYS:
        assert key.about in text, key.name
        assert key.about_zh in text, key.name


@pytest.mark.parametrize("key", [key for key in KEYS if not key.later], ids=lambda key: key.name)
def test_every_example_of_the_table_is_accepted(key: Any) -> None:
    lines = {
        "product": "product: x", "data": "data: {source: a.csv, target: y}", "must": "must: [accuracy >= 70%]",
    }  # fmt: skip
    top, _, leaf = key.name.partition(".")
    if top == "data" and leaf:
        section, _, inner = leaf.partition(".")
        known = {"source": "a.csv", "target": "y", section: f"{{{inner}: {key.example}}}" if inner else key.example}
        lines["data"] = f"data: {{{', '.join(f'{k}: {v}' for k, v in known.items())}}}"
    else:
        lines[top] = f"{top}: {{{leaf}: {key.example}}}" if leaf else f"{top}: {key.example}"
    if key.name == "data":
        lines["target"] = "target: y"
    parse("\n".join(lines.values()))


def test_the_page_of_keys_is_the_table(root: Path) -> None:
    assert key_table() in (root / "docs" / "contract.md").read_text(encoding="utf-8")


def test_what_the_page_shows_is_accepted(root: Path) -> None:
    page = (root / "docs" / "contract.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert [parse(block).product for block in blocks] == [
        "support-router", "returns", "homes", "tickets", "shop-assistant",
    ]  # fmt: skip
