"""A first line that is a row names no columns: it is said, and nobody's details are printed as names of columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import check, load

Product = Callable[..., Contract]

ROWS = "".join(f"a parcel that is late {i},{'ab'[i % 2]}\n" for i in range(60))


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        ("call me 13800138000 or mail bob@x.com,a", True),
        ("a parcel that is late 7,a", True),
        ("message,team", False),
        ("Jan,Feb", False),
    ],
)
def test_a_missing_column_is_no_reason_to_print_the_first_row(product: Product, first: str, hint: bool) -> None:
    with pytest.raises(UserError) as caught:
        load(product({"rows.csv": f"{first}\n{ROWS}"}, target="label"))
    fix = caught.value.fix()
    assert caught.value.code == "E050"
    assert ("the first line looks like a row" in fix) is hint
    assert "13800138000" not in fix
    assert "bob@" not in fix
    assert ("team" in fix) is (first == "message,team")


def test_a_header_that_repeats_a_number_of_somebodys_does_not_print_it(product: Product) -> None:
    with pytest.raises(UserError) as caught:
        load(product({"rows.csv": f"13800138000,13800138000,label\n{ROWS}"}, target="label"))
    assert caught.value.code == "E105"
    assert "13800138000" not in str(caught.value)


def test_a_first_row_that_is_read_as_names_is_said(product: Product) -> None:
    def said(first: str) -> list[tuple[str, ...]]:
        contract = product({"rows.csv": f"{first},label\n{ROWS.replace(',', ',x,')}"}, target="label")
        return [one.examples for one in check(contract, load(contract)) if one.code == "row_as_names"]

    assert said("bob@x.com,x") == [("[EMAIL]",)]
    assert said("a parcel that is late 7,x") == [("a parcel that is late 7", "x")]
    assert said("message,x") == []
