"""What a contract does not name and its columns suggest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from zhinan.contract import Contract
from zhinan.data import check, load

Product = Callable[..., Contract]
ROWS = 300


def codes(product: Product, header: str, rows: list[str], **data: Any) -> dict[str, tuple[str, ...]]:
    contract = product({"m.csv": "\n".join([header, *rows]) + "\n"}, target="label", **data)
    return {one.code: one.examples for one in check(contract, load(contract))}


def visits(of: int, name: str = "p{}") -> list[str]:
    return [f"note {k * 7919 % 1009} of the visit,{name.format(k % of)},{'ab'[k % of % 2]}" for k in range(ROWS)]


@pytest.mark.parametrize("column", ["patient", "customer_id", "Member No", "客户编号"])
def test_somebody_who_comes_again_and_again_is_said_where_nobody_names_a_person(product: Product, column: str) -> None:
    found = codes(product, f"text,{column},label", visits(30))
    assert found["unnamed_people"] == (f"{column}: 30 in 300 rows",)


def test_numbers_of_customers_are_somebody_too(product: Product) -> None:
    assert "unnamed_people" in codes(product, "text,customer,label", visits(30, "10{}0"))


def test_nobody_is_said_where_the_person_is_named_or_comes_once(product: Product) -> None:
    named = codes(product, "text,patient,label", visits(30), person="patient")
    once = codes(product, "text,patient_id,label", visits(ROWS))
    kinds = codes(product, "text,customer,label", visits(4))
    for found in (named, once, kinds):
        assert not found.keys() & {"unnamed_people", "repeated_ids"}


def test_ids_that_repeat_are_said_by_themselves(product: Product) -> None:
    found = codes(product, "text,order_id,label", visits(100))
    assert found["repeated_ids"] == ("order_id: 100 in 300 rows",)


@pytest.mark.parametrize(("steps", "said"), [("equal", True), ("any", False)])
def test_a_series_in_time_is_said_where_no_time_is_named(product: Product, steps: str, said: bool) -> None:
    first = dt.datetime(2024, 1, 1)
    hours = [24 * k if steps == "equal" else k * k for k in range(ROWS)]
    rows = [f"{first + dt.timedelta(hours=h):%Y-%m-%d %H:%M},{k % 7},{'ab'[k % 2]}" for k, h in enumerate(hours)]
    assert ("unnamed_time" in codes(product, "date,promo,label", rows)) is said
    assert "unnamed_time" not in codes(product, "date,promo,label", rows, time="date")
