"""A direction is said that its column alone surely does not go: a word is a slip, or other columns explain it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from zhinan.contract import parse
from zhinan.core import Column, Dataset
from zhinan.data.opposed import check_opposed


def rows(n: int = 200) -> Dataset:
    draw = np.random.default_rng(0)
    income = draw.normal(20, 4, n)
    paid = income + draw.normal(0, 4, n) > 20
    frame = pl.DataFrame({"income": income, "late": draw.poisson(2, n), "state": np.where(paid, "repaid", "default")})
    inputs = (Column("income", "number"), Column("late", "number"))
    return Dataset(frame, inputs, Column("state", "category"), None, None, "")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("income: 'down[repaid]'", ["income: down[repaid] (+0."]),
        ("income: 'up[default]', late: 'up[default]'", ["income: up[default] (-0."]),
        ("income: 'up[repaid]', late: 'down[repaid]'", []),
    ],
)
def test_what_goes_the_other_way_is_named_and_what_may_be_chance_is_not(asked: str, told: list[str]) -> None:
    contract = parse(f"product: p\ndata: d.csv\ntarget: state\nmust: [auc >= 60%]\ntrain: {{monotone: {{{asked}}}}}\n")
    found = check_opposed(contract, rows())
    assert all(example.startswith(start) for one in found for example, start in zip(one.examples, told, strict=True))
    assert len(found) == bool(told)
    assert not check_opposed(contract, rows(20))
    of_few = replace(rows(), person="who", frame=rows().frame.with_columns(who=pl.int_range(200) % 20))
    assert not check_opposed(contract, of_few)
