"""Made-up rows whose answers are recorded in a version, so that a machine which computes differently is noticed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from zhinan.core import Task, UserError
from zhinan.package.manifest import strict_json

__all__ = ["ELSEWHERE", "GOLDENS", "TOLERANCE", "made_up", "parse", "written"]

GOLDENS = "golden.jsonl"
TOLERANCE = 1e-4
"""How far a probability, or a number as a share of its size, may move where the version was made."""
ELSEWHERE = 2e-2
"""How far on another processor or with other libraries, where the last bit of a float flips int8 rounding."""

_MADE_UP: Mapping[str, tuple[Any, ...]] = {
    "text": (
        "My card has not arrived yet, can you help me?",
        "我的卡丢了，请帮我冻结账户。",
        "",
        "Please read all of this carefully. " * 60,
        "😀 Thank you!! 👍🏽 très bien, où est-il?",
        "Order 12345: 99.90 paid on 2026-01-31, 3 items, code 0042",
        "app 登录不了 login failed, 怎么办?",
        None,
    ),
    "category": ("app", "网页", "", "a value nobody has seen", "ÉTÉ", "7", "web", None),
    "number": (0, 1, -1, 1e9, 3.14, 42, 0.001, None),
    "list": (["app", "网页"], ["app"], [], ["a value nobody has seen"], ["网页", "7"], ["7"], ["app", "app"], None),
    "flag": (True, False, True, False, True, False, True, None),
    "time": (
        "2026-01-31T09:30:00",
        "1999-12-31T23:59:59",
        "2024-02-29T00:00:00",
        "2026-06-15T12:00:00",
        "2025-10-05T18:45:00",
        "1970-01-01T00:00:00",
        "2030-07-04T06:00:00",
        None,
    ),
}


def made_up(inputs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Eight rows for an input schema: English, 中文, empty, long, emoji, numbers, mixed, missing. Never real data."""
    rows = [{name: _MADE_UP.get(kind, _MADE_UP["category"])[i] for name, kind in inputs.items()} for i in range(8)]
    return [row for i, row in enumerate(rows) if row not in rows[:i]]


def written(rows: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]) -> bytes:
    """The content of golden.jsonl: {"input": …, "output": …} a line."""
    pairs = zip(rows, answers, strict=True)
    lines = [json.dumps({"input": row, "output": answer}, ensure_ascii=False) for row, answer in pairs]
    return ("\n".join(lines) + "\n").encode()


def parse(content: bytes, where: str, task: Task) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows and the answers recorded for them.

    Raises: UserError E365.
    """
    rows, answers = [], []
    for line in content.splitlines():
        golden = strict_json(line, where)
        if not isinstance(golden, dict) or golden.keys() != {"input", "output"} or not task.recorded(golden["output"]):
            raise UserError("E365", where, reason=f"{GOLDENS} holds something else than inputs and answers")
        rows.append(golden["input"])
        answers.append(golden["output"])
    return rows, answers
