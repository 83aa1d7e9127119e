"""The word that stands behind nearly all numbers of a column is their unit; codes stay what they are."""

from __future__ import annotations

import random
from collections.abc import Callable

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import load
from zhinan.data.kinds import convert, explicit, infer
from zhinan.data.reasons import reason
from zhinan.package.inputs import columns
from zhinan.steps.values.numbers import read_number

Product = Callable[..., Contract]


def some(form: str, count: int = 60) -> list[str]:
    """Values with a whole number ("#") or one with a fraction ("#.#", "#,##") in a form."""
    draw = random.Random(form)
    if "#.#" in form:
        return [form.replace("#.#", f"{draw.uniform(1, 90):.1f}") for _ in range(count)]
    if "#,##" in form:
        return [form.replace("#,##", f"{draw.randint(1, 90)},{draw.randint(10, 99)}") for _ in range(count)]
    return [form.replace("#", str(draw.randint(1, 900))) for _ in range(count)]


@pytest.mark.parametrize(
    ("form", "unit", "asked", "number"),
    [
        ("# kr", "kr", "1 882 kr", 1882.0),
        ("# hp", "hp", "299", 299.0),
        ("#px", "px", "1,011 px", 1011.0),
        ("#.# GHz", "GHz", "1.5GHz", 1.5),
        ("#.# l/100km", "l/100km", "5.6 l/100km", 5.6),
        ("# sq ft", "sq ft", "1,661 sq ft", 1661.0),
        ("#°", "°", "-21°", -21.0),
        ('#"', '"', '21"', 21.0),
        ("# /day", "/day", "31/day", 31.0),
        ("# €/month", "€/month", "3,400 €/month", 3400.0),
        ("$#/mo", "USD/mo", "$1,200/mo", 1200.0),
        ("#.# out of 5", "out of 5", "3.2 out of 5", 3.2),
        ("#层", "层", "12 层", 12.0),
        ("#PS", "PS", "107 PS", 107.0),
        ("#,## Kčs", "Kčs", "43,50 Kčs", 43.5),
        ("#k views", "views", "1.2M views", 1.2e6),
        ("# followers", "followers", "1 follower", 1.0),
    ],
)
def test_the_same_word_behind_every_number_is_its_unit(form: str, unit: str, asked: str, number: float) -> None:
    values = pl.Series("power", some(form))
    column = infer(values.to_frame())[0]
    typed, unfit = convert(values, column)
    assert (column.kind, column.notation["unit"], int(unfit.sum()), typed.null_count()) == ("number", unit, 0, 0)
    assert explicit(values, "number", reason("said")).notation == column.notation
    notations = {"power": column.notation}
    assert columns({"power": "number"}, {"power": [asked]}, notations)[0]["power"] == [number]
    for other in ("5 qqq", "5 kg", "qqq"):
        with pytest.raises(UserError) as caught:
            columns({"power": "number"}, {"power": [other]}, notations)
        assert caught.value.code == "E371"


def test_money_and_about_are_read_wherever_they_stand() -> None:
    for text, value, unit in (("R$ 38.50", 38.5, "BRL"), ("A$90", 90.0, "AUD"), ("Rs. 93/-", 93.0, "INR"),
                              ("~31", 31.0, ""), ("CAD 172", 172.0, "CAD"), ("43.50 zł", 43.5, "PLN")):  # fmt: skip
        read = read_number(text)
        assert read is not None
        assert (read.value, read.unit) == (value, unit)


@pytest.mark.parametrize(
    "values",
    [
        some("SKU-#"), some("A#"), some("#A"), some("#b")[:9] + some("#a"), some("第#章"), some("Room #"), some("v#.#"),
        [f"{i}-K" for i in range(60)], [f"{i}XL" for i in range(2, 9)] * 9, [f"{i}EU" for i in range(36, 50)] * 4,
        [f"{4000 + i}ab" for i in range(60)], ["4G", "5G", "3G"] * 20, [f"{i}th" for i in range(4, 21)] * 4,
        [f"{i % 12 + 1} {'ap'[i % 2]}m" for i in range(60)], [f"{i}.jpg" for i in range(60)], some("#@example.com"),
        [f"10.0.0.{i}/24" for i in range(60)], [f"{i % 9}.{i % 7}.{i}-beta" for i in range(60)], some("#x14x58"),
        [f"{i}-" for i in range(100, 160)], [f"0{i} kr" for i in range(10, 70)],
        ["none", *some("# hp", 3)] * 9, [f"{i} {['High', 'Mill', 'Park', 'Oak'][i % 4]} Street" for i in range(60)],
    ],
    ids=lambda values: values[1],
)  # fmt: skip
def test_codes_sizes_versions_and_addresses_have_no_unit(values: list[str]) -> None:
    assert infer(pl.DataFrame({"name": values}))[0].kind != "number"
    assert infer(pl.DataFrame({"order_id": some("# hp")}))[0].kind != "number"


def test_a_unit_that_ends_like_another_is_another() -> None:
    for other in ("5 kmph", "5khp", "5 mph/s"):
        with pytest.raises(UserError):
            columns({"x": "number"}, {"x": [other]}, {"x": {"unit": "mph" if "h/" in other or "m" in other else "hp"}})


def test_a_few_slips_and_other_units_cost_their_rows_and_many_are_said() -> None:
    values = pl.Series("power", [*some("# hp", 400), "5 kg", "7"])
    column = infer(values.to_frame())[0]
    typed, unfit = convert(values, column)
    assert (column.notation, int(unfit.sum()), typed[-1]) == ({"unit": "hp"}, 1, 7.0)
    mixed = pl.Series("power", some("# hp") + some("# PS"))
    column = infer(mixed.to_frame())[0]
    assert (column.kind, column.notation["units"], "hp 5" in column.why.en) == ("category", "mixed", True)
    with pytest.raises(UserError) as caught:
        explicit(mixed, "number", reason("said"))
    assert caught.value.code == "E170"


def test_a_target_in_a_unit_of_its_own_is_a_number(product: Product) -> None:
    table = "size,price\n" + "".join(f"{i % 7},{price}\n" for i, price in enumerate(some("# quid", 80)))
    loaded = load(product({"rows.csv": table}, ("mae <= 100",), target="price"))
    assert (loaded.task, loaded.dataset.target and loaded.dataset.target.notation) == ("regress", {"unit": "quid"})
