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


def test_a_text_that_holds_its_own_number_is_said_and_numbers_by_chance_are_not(product: Product) -> None:
    table = [{**row, "y": 100_000 + 137 * i} for i, row in enumerate(rows())]
    told = [{**row, "text": f"{row['text']} sold for ${row['y']:,}"} for row in table]
    said = found(product, told)["number_in_text"]
    assert 250 < said.count < 400, "none of them is sealed"
    assert "sold for" in said.examples[0]
    few = [{**row, "text": f"{row['text']} {i % 5} times", "y": i * 7 % 5 + i / 1000} for i, row in enumerate(rows())]
    by_chance = [{**row, "y": int(row["y"]) + 100 * (i > 395)} for i, row in enumerate(few)]
    for other in (table, few, by_chance):
        assert "number_in_text" not in found(product, other)


def test_equal_inputs_with_far_other_numbers_are_said(product: Product) -> None:
    table, draw = rows(200), random.Random(5)
    near = [{**row, "y": f"{float(row['y']) + draw.gauss(0, 2):.1f}"} for row in table]
    far = [{**row, "y": f"{float(row['y']) + 200:.1f}"} for row in table[:20]]
    assert "number_conflicts" not in found(product, table + near)
    said = found(product, table + far)["number_conflicts"]
    assert said.count == 40


def test_gaps_that_tell_a_number_are_said(product: Product) -> None:
    table = [{**row, "c": None if float(row["y"]) > 500 else row["c"]} for row in rows()]
    assert "100%" in found(product, table)["missing_tells"].examples[0]
    chance = [{**row, "c": None if i % 2 else row["c"]} for i, row in enumerate(rows())]
    assert "missing_tells" not in found(product, chance)
