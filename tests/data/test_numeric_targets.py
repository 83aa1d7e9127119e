"""A target of numbers is looked at as inputs are, and so is what gives it away."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.data import Finding, check, load

Product = Callable[..., Contract]
WORDS = ("late", "parcel", "refund", "card", "login", "broken", "app", "slow", "where", "order", "money", "thanks")


def found(product: Product, table: list[dict[str, Any]]) -> dict[str, Finding]:
    contract = product({"rows.csv": pl.DataFrame(table).write_csv()}, ("mae <= 10",), target="y")
    return {finding.code: finding for finding in check(contract, load(contract))}


def rows(count: int = 400) -> list[dict[str, Any]]:
    draw = random.Random(3)
    return [
        {"text": " ".join(draw.choices(WORDS, k=9)), "c": draw.choice("xz"), "y": f"{draw.gauss(500, 60):.1f}"}
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("code", "every", "slip", "count"),
    [
        ("stand_ins", 20, lambda _: "-999", 20),
        ("stand_ins", 4, lambda _: "0", 100),
        ("other_units", 33, lambda y: f"{float(y) * 1000:.0f}", 13),
        ("outliers", 400, lambda _: "99999999", 1),
    ],
)
def test_slips_in_a_target_of_numbers_are_said(
    product: Product, code: str, every: int, slip: Callable[[str], str], count: int
) -> None:
    table = rows()
    assert not found(product, table).keys() & {"stand_ins", "other_units", "outliers"}
    slipped = [{**row, "y": slip(row["y"]) if i % every == 0 else row["y"]} for i, row in enumerate(table)]
    said = found(product, slipped)[code]
    assert (said.count, "y" in said.examples[0]) == (count, True)
