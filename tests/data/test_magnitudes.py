"""B, m and T multiply a number where its column shows it; where nobody can say, the column is no number."""

from __future__ import annotations

import polars as pl
import pytest

from zhinan.core import Column, UserError
from zhinan.data.kinds import convert, explicit, infer
from zhinan.data.reasons import reason
from zhinan.package.inputs import columns


def read(values: list[str]) -> tuple[Column, list[object]]:
    column = infer(pl.DataFrame({"size": values}))[0]
    return column, convert(pl.Series("size", values), column)[0].to_list()


@pytest.mark.parametrize(
    ("values", "numbers", "notation"),
    [
        (["262M", "950K", "3.2B"], [262e6, 950e3, 3.2e9], {"scales": "B"}),
        (["889m", "2.2bn", "5m"], [889e6, 2.2e9, 5e6], {"scales": "m"}),
        (["950k", "1.2m", "30k"], [950e3, 1.2e6, 30e3], {"scales": "m"}),
        (["262M", "850.5B", "2.9T"], [262e6, 850.5e9, 2.9e12], {"scales": "B T"}),
        (["$450M", "$6.2B", "$1.1T"], [450e6, 6.2e9, 1.1e12], {"unit": "USD"}),
        (["€5m", "1.2bn €", "3B"], [5e6, 1.2e9, 3e9], {"unit": "EUR"}),
        (["1,2 Mrd €", "3 €"], None, None),
        (["512 B", "12 B", "7"], [512.0, 12.0, 7.0], {"unit": "B"}),
        (["889 m", "3 m", "1.5 m"], [889.0, 3.0, 1.5], {"unit": "m"}),
        (["3 million", "2.5 billion", "7"], [3e6, 2.5e9, 7.0], {}),
    ],
)
def test_letters_multiply_where_the_scales_before_them_end(
    values: list[str], numbers: list[float] | None, notation: dict[str, str] | None
) -> None:
    column, found = read(values * 20)
    if numbers is None:
        assert column.kind != "number"
        return
    assert (column.kind, column.notation, found[: len(values)]) == ("number", notation, numbers)
    asked = columns({"size": "number"}, {"size": values}, {"size": column.notation})[0]["size"]
    assert asked == numbers


@pytest.mark.parametrize("values", [["512B", "4.0K", "300M"], ["800m", "1.5k"], ["40M", "3.2B"]])
def test_what_may_be_a_unit_or_a_scale_is_no_number_and_that_is_said(values: list[str]) -> None:
    column, _ = read(values * 20)
    assert (column.kind, column.notation["units"]) == ("category", "mixed")
    with pytest.raises(UserError) as caught:
        explicit(pl.Series("size", values * 20), "number", reason("said"))
    assert caught.value.code == "E170"


def test_letters_of_codes_multiply_nothing() -> None:
    assert read([f"{i}b" for i in range(60)])[0].kind != "number"
    assert read(["12T", "7b", "3"] * 20)[0].kind != "number"
