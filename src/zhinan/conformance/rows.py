"""Made-up rows of every kind, plain and awkward, for the checks of encoders and recipes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zhinan.steps.values.lists import written_list

__all__ = ["Rows", "awkward", "labelled", "plain", "taken"]

Rows = Mapping[str, Sequence[Any]]

WORDS = {
    "card": (
        "my card is gone",
        "lost the card",
        "card stolen yesterday",
        "我的卡丢了",
        "银行卡被偷了",
        "block this card",
    ),
    "fee": (
        "why this fee",
        "charged a fee twice",
        "refund the fee please",
        "为什么收手续费",
        "手续费太高",
        "fee is wrong",
    ),
    "login": (
        "cannot log in",
        "password is refused",
        "login code never came",
        "登录不了",
        "密码错误",
        "app logs me out",
    ),
}
DAY = datetime.datetime(2024, 2, 28, 22, 30)


def labelled(n: int, kinds: Sequence[str], seed: int = 0) -> tuple[dict[str, list[Any]], np.ndarray]:
    """n rows with a column of each kind that all tell the class, and the class codes (n,) of three classes."""
    draw = np.random.default_rng(seed)
    target = np.arange(n) % len(WORDS)
    phrases = list(WORDS.values())
    made: dict[str, list[Any]] = {
        "text": [f"{phrases[c][draw.integers(6)]} {draw.integers(1000)}" for c in target],
        "number": [float(4 * c + draw.normal()) for c in target],
        "category": [f"group {c}" if draw.random() < 0.9 else "other" for c in target],
        "flag": [bool(c == 1) for c in target],
        "time": [DAY + datetime.timedelta(days=float(40 * c + draw.normal())) for c in target],
        "list": [written_list([f"tag {c}", f"tag {draw.integers(6)}"]) for c in target],
        "id": [f"id-{c}-{i}" for i, c in enumerate(target)],
    }
    return {f"a {kind}": made[kind] for kind in kinds}, target


def plain(n: int, kinds: Sequence[str], seed: int = 0) -> dict[str, list[Any]]:
    """The rows of `labelled` without their classes."""
    return labelled(n, kinds, seed)[0]


def awkward(kinds: Sequence[str]) -> dict[str, list[Any]]:
    """Ten rows of what people really send: nothing, only signs, emoji, far too long, out of any range."""
    texts = [
        None,
        "",
        " ",
        "🙂🙃👩‍👩‍👧",
        "!?!?…",
        "a" * 3000,
        "卡" * 3000,
        "word " * 2000,
        "e\u0301\u202e\u200b",
        "\ud7ff\x00\t\n",
    ]
    made: dict[str, list[Any]] = {
        "text": texts,
        "number": [None, 0.0, -0.0, 1e300, -1e300, 1e-300, float("nan"), float("inf"), -1.0, 7.0],
        "category": texts,
        "flag": [None, True, False, None, True, False, True, False, None, None],
        "time": [None, DAY, datetime.datetime(1900, 1, 1), datetime.datetime(2262, 1, 1), *[DAY] * 6],
        "list": [
            "[]",
            None,
            *map(written_list, (["卡"], ["a" * 3000], ["tag 0", "tag 1"], [""], ["[", "]"])),
            *["[]"] * 3,
        ],
        "id": texts,
    }
    return {f"a {kind}": made[kind] for kind in kinds}


def taken(rows: Rows, places: Sequence[int]) -> dict[str, list[Any]]:
    """Some rows."""
    return {name: [values[i] for i in places] for name, values in rows.items()}
