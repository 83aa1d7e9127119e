"""A log that is written otherwise from some row on is said to be: other names, another unit."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from zhinan.contract import Contract
from zhinan.data import check, load

Product = Callable[..., Contract]


def said(product: Product, rows: list[dict[str, object]]) -> list[tuple[str, ...]]:
    contract = product({"rows.jsonl": "".join(json.dumps(row) + "\n" for row in rows)}, target="label")
    return [one.examples for one in check(contract, load(contract)) if one.code == "changed_midway"]


def row(i: int, **more: object) -> dict[str, object]:
    return {"topic": f"t{i % 7}", **more, "label": "ab"[i % 2]}


def test_columns_that_end_where_others_begin_are_said(product: Product) -> None:
    rows = [row(i, msg=f"hello {i} of mine") if i < 70 else row(i, message=f"hello {i} of mine") for i in range(120)]
    assert said(product, rows) == [("rows.jsonl:71  msg → message",)]


@pytest.mark.parametrize(("later", "told"), [(1000, "1,000"), (0.001, "1/1,000")])
def test_numbers_of_another_unit_from_a_row_on_are_said(product: Product, later: float, told: str) -> None:
    rows = [row(i, latency=(0.2 + i % 10 / 20) * (later if i >= 60 else 1)) for i in range(120)]
    assert said(product, rows) == [(f"rows.jsonl:61  latency: about {told} times as large from here on",)]


def test_what_is_mixed_throughout_or_sometimes_missing_is_no_change(product: Product) -> None:
    rows = [row(i, n=(1.5 if i % 3 else 1500) + i % 5, note=f"n {i}" if i % 4 else None) for i in range(120)]
    assert said(product, rows) == []
