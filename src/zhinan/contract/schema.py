"""The contract described for people and editors: a JSON Schema and the table of keys in docs/contract.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhinan.contract.keys import KEYS, Key, children
from zhinan.contract.masks import MODES
from zhinan.contract.values import KINDS
from zhinan.core import entries
from zhinan.core.patterns import LONGEST

__all__ = ["key_table", "schema"]

TIME = r"^\s*[0-9]+(\.[0-9]+)?\s*(s|min|h|d|days?)\s*$"


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of product.yaml, for completion and red underlines in an editor.

    It is a little wider than the contract: what a must line means is checked by `load` only.
    """
    top = _section("")
    top["anyOf"] = [
        {"required": ["target"]},
        {"properties": {"data": {"type": "object", "required": ["target"]}}},
        {"properties": {"data": {"pattern": r"^[^.]+$"}}},
        {"properties": {"data": {"type": "object", "properties": {"source": {"pattern": r"^[^.]+$"}}}}},
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Zhinan contract (product.yaml)", **top}


def key_table() -> str:
    """The table of keys in docs/contract.md, as Markdown."""
    rows = ["| key | what it says | example | left out |", "|-|-|-|-|"]
    for key in KEYS:
        default = "refused" if key.required else key.default or "—"
        about = f"{key.about} **Not yet: refused.**" if key.later else key.about
        rows.append(f"| `{key.name}` | {about} | `{key.example}` | {'—' if key.later else default} |")
    return "\n".join(rows)


def _section(parent: str) -> dict[str, Any]:
    known = children(parent)
    return {
        "type": "object",
        "properties": {word: _described(key) for word, key in known.items()},
        "required": [key.leaf for key in KEYS if key.parent == parent and key.required and key.name != "data.target"],
        "additionalProperties": False,
    }


def _described(key: Key) -> dict[str, Any]:
    about = {"description": f"{key.about} {key.about_zh}"}
    if key.later:
        return {"not": {}, "description": f"Not yet. {about['description']}"}
    if key.name == "data":
        return {"oneOf": [_text(), _section(key.name)], **about}
    if key.choices:
        one: dict[str, Any] = {"enum": list(key.choices)}
        described = one if key.shape == "choice" else _each(one)
    else:
        described = _section(key.name) if key.shape == "section" else SHAPES[key.shape]()
    return {**described, **about, **({"default": key.default} if key.default else {}), "examples": [key.example]}


def _text(pattern: str = r"\S") -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _each(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "uniqueItems": True}


def _named(kind: str) -> dict[str, Any]:
    known = entries(kind)
    return {"enum": [*known, *(alias for entry in known.values() for alias in entry.facts.get("zh", ()))]}


def _line() -> dict[str, Any]:
    return {
        "type": "string",
        "pattern": "(>=|<=|≥|≤)",
        "maxLength": 500,
        "description": f"metric[part](args) >= number unit. Metrics: {', '.join(entries('metric'))}.",
        "examples": [
            "accuracy >= 90%",
            "recall[refund] >= 85%",
            "gap(recall, by=channel) <= 15 pt",
            "size <= 60 MB",
            "accuracy[under typos] >= 80%",
            "accuracy >= current - 1 pt",
        ],
    }


def _masks() -> dict[str, Any]:
    mode = {"enum": list(MODES)}
    own = {
        "type": "object",
        "properties": {"pattern": {**_text(), "maxLength": LONGEST}, "presidio": _text(), "mode": mode},
        "oneOf": [{"required": ["pattern"]}, {"required": ["presidio"]}],
        "additionalProperties": False,
    }
    known = dict.fromkeys(_named("mask")["enum"], mode)
    mapping = {"type": "object", "properties": known, "additionalProperties": own, "minProperties": 1}
    return {"anyOf": [_each(_named("mask")), mapping]}


def _place() -> dict[str, Any]:
    """A source: text, or an object for a sheet, an encoding or a query."""
    query = {"query": _text(), "dsn": _text(r"^[A-Za-z_]\w*$"), "params": {"type": "object"}}
    file = {"path": _text(), "sheet": _text(), "encoding": _text()}
    made = [(file, ["path"]), (query, ["query", "dsn"])]
    return {
        "anyOf": [
            _text(),
            *({"type": "object", "properties": p, "required": r, "additionalProperties": False} for p, r in made),
        ]
    }


def _matrix() -> dict[str, Any]:
    row = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1e9}}
    return {"type": "object", "additionalProperties": {**row, "minProperties": 1}, "minProperties": 1}


SHAPES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "column": _text,
    "columns": lambda: _each(_text()),
    "confidence": lambda: _text(r"^\s*[5-9][0-9](\.[0-9]+)?\s*%\s*$"),
    "count": lambda: {"type": "integer", "minimum": 1, "maximum": 1000},
    "directions": lambda: {
        "type": "object",
        "additionalProperties": _text(r"^\s*(up|down)(\[[^\[\]]+\])?\s*$"),
        "minProperties": 1,
    },
    "duration": lambda: _text(TIME),
    "folds": lambda: {"type": "integer", "minimum": 2, "maximum": 20},
    "kinds": lambda: {
        "type": "object",
        "additionalProperties": {"enum": list(KINDS)},
        "minProperties": 1,
    },
    "lines": lambda: {**_each(_line()), "minItems": 1, "maxItems": 200},
    "masks": _masks,
    "matrix": _matrix,
    "money": lambda: _text(r"^\s*[0-9]+(\.[0-9]+)?\s*(USD|CNY)\s*$"),
    "name": lambda: _text(r"^\w[\w.-]{0,63}$"),
    "hosts": lambda: _each(_text(r"^[\w.:\[\]-]+$")),
    "points": lambda: _text(r"^\s*[0-9]+(\.[0-9]+)?\s*pt\s*$"),
    "sources": lambda: {"anyOf": [_place(), {"type": "array", "items": _place(), "minItems": 1, "maxItems": 1000}]},
    "size": lambda: _text(r"^\s*[0-9]+(\.[0-9]+)?\s*(MB|GB)\s*$"),
    "share": lambda: _text(r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$"),
    "task": lambda: _named("task"),
    "text": _text,
    "zone": _text,
    "watts": lambda: {"anyOf": [{"type": "number", "minimum": 0}, _text(r"^\s*[0-9]+(\.[0-9]+)?\s*W?\s*$")]},
}
"""Shape of a key (values.py) → its JSON Schema."""
