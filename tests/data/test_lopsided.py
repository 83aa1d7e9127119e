"""A split of few people that comes out lopsided says so, with what came out."""

from __future__ import annotations

import re
from collections.abc import Callable

from zhinan.contract import Contract
from zhinan.data import load, split

Product = Callable[..., Contract]


def said(product: Product, people: int, rows: int, heavy: bool) -> list[tuple[int, str]]:
    lines = (f"m{i} hello {i * 7} of mine,p{i % people if i < rows / 2 or not heavy else 0},{'ab'[i % 2]}\n"
             for i in range(rows))  # fmt: skip
    contract = product({"rows.csv": "text,who,label\n" + "".join(lines)}, target="label", person="who")
    return [(f.count, f.what.en) for f in split(contract, load(contract)).findings if f.code == "lopsided_split"]


def test_few_people_of_whom_one_has_most_rows_make_a_lopsided_split(product: Product) -> None:
    ((count, told),) = said(product, 4, 30, heavy=True)
    assert count == 30
    assert re.search(r"of 30 rows train \d+, dev \d+, sealed \d+: whole people", told)


def test_many_people_make_an_even_one(product: Product) -> None:
    assert said(product, 100, 400, heavy=False) == []
