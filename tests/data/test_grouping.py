"""What lines and slices group rows by stays what it is to the model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import check, load

Product = Callable[..., Contract]

TABLE = "age,message,city,vip,label\n" + "".join(
    f"{18 + i % 60},message {i} of mine,{('Rome', 'Paris')[i % 2]},{('yes', 'no')[i % 3 % 2]},{'ab'[i % 5 % 2]}\n"
    for i in range(300)
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gap(accuracy, by=age) <= 20 pt", ("age: 60 groups of 300 rows",)),
        ("gap(accuracy, by=message) <= 20 pt", ("message: 300 groups of 300 rows",)),
        ("gap(accuracy, by=city*age) <= 20 pt", ("city*age: 60 groups of 300 rows",)),
        ("gap(accuracy, by=city) <= 20 pt", ()),
        ("accuracy[age=30] >= 50%", ()),
    ],
)
def test_a_column_by_which_rows_are_grouped_keeps_its_kind(product: Product, line: str, said: tuple[str, ...]) -> None:
    contract = product({"rows.csv": TABLE}, (line,), target="label")
    loaded = load(contract)
    kinds = {column.name: column.kind for column in loaded.dataset.inputs}
    assert kinds == {"age": "number", "message": "text", "city": "category", "vip": "flag"}
    assert next((f.examples for f in check(contract, loaded) if f.code == "small_groups"), ()) == said


def test_a_flag_that_a_line_names_by_its_own_word_stays_that_word(product: Product) -> None:
    loaded = load(product({"rows.csv": TABLE}, ("accuracy[vip=yes] >= 50%",), target="label"))
    assert set(loaded.dataset.values("vip")) == {"yes", "no"}


def test_what_a_line_might_have_meant_is_shown_without_personal_values(product: Product) -> None:
    text = "message,phone,label\n" + "".join(f"message {i},139023169{i % 50:02d},{'ab'[i % 2]}\n" for i in range(200))
    text += "message,[PHONE],a\nanother,none,b\n" * 20
    with pytest.raises(UserError) as caught:
        load(product({"rows.csv": text}, ("accuracy[phone=7] >= 50%",), target="label", inputs="{message: text}"))
    assert caught.value.code == "E118"
    assert "139023169" not in str(caught.value)
    assert "none" in str(caught.value)
