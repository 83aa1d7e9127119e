"""One number is one value, however a file writes it; where nobody can say what is meant, that is said."""

from __future__ import annotations

import random
from collections.abc import Callable

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import UserError
from zhinan.data import Finding, check, load
from zhinan.data.kinds import convert, explicit, infer
from zhinan.data.reasons import reason
from zhinan.package.inputs import columns

Product = Callable[..., Contract]


def rows(cells: list[str], name: str = "x") -> str:
    draw = random.Random(len(cells))
    return f"text;{name};label\n" + "".join(
        f"message {i} of {draw.random()};{cell};{'ab'[i % 2]}\n" for i, cell in enumerate(cells)
    )


def found(contract: Contract) -> dict[str, Finding]:
    return {finding.code: finding for finding in check(contract, load(contract))}


def test_a_class_is_the_same_whether_its_number_is_written_1_or_1_0(product: Product) -> None:
    first, second = ("".join(f"message {i}{end},{label}\n" for i in range(40) for label in [pair[i % 2]])
                     for end, pair in (("", "01"), (" again", ("0.0", "1.0"))))  # fmt: skip
    files = {"a.csv": "text,label\n" + first, "b.csv": "text,label\n" + second}
    assert load(product(files, target="label")).classes == ("0", "1")
    contract = product(files, target="label")
    tested = load(contract)
    assert tested.test is not None
    assert set(tested.test.values("label")) == {"0", "1"}
    turned = product({"b.csv": files["b.csv"], "a.csv": files["a.csv"]}, target="label")
    assert load(turned).classes == ("0.0", "1.0")
    both = product({"c.csv": "text,label\n" + first + second}, target="label")
    assert load(both).classes == ("0", "1")


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (["1", "2.0", "2", "x"], ["1", "2", "2", "x"]),
        (["1.0", "2.0", "2.5"], ["1.0", "2.0", "2.5"]),
        (["1.0", "1.1", "1.10"], ["1.0", "1.1", "1.10"]),
        (["1.0.0", "2.0", "3"], ["1.0.0", "2", "3"]),
    ],
)
def test_categories_are_written_as_their_column_writes_them_everywhere(values: list[str], read: list[str]) -> None:
    column = explicit(pl.Series("x", values), "category", reason("said"))
    assert convert(pl.Series("x", values), column)[0].to_list() == read
    assert columns({"x": "category"}, {"x": values}, {"x": column.notation})[0]["x"] == read


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (["358 €", "9.798 €", "71.356 €", "120 €", "6.300 €", "45 €"], [358.0, 9798.0, 71356.0, 120.0, 6300.0, 45.0]),
        (["1.599 €", "1.629 €", "1.719 €", "1.849 €"], [1.599, 1.629, 1.719, 1.849]),
        (["358 €", "9.798 €", "71.35 €", "120 €", "6.300 €", "45 €"], [358.0, 9.798, 71.35, 120.0, 6.3, 45.0]),
        (["358 kg", "9.798 kg", "71.356 kg", "120 kg", "6.300 kg", "45 kg"], [358.0, 9.798, 71.356, 120.0, 6.3, 45.0]),
    ],
)
def test_points_between_the_thousands_of_money_group_them(values: list[str], read: list[float]) -> None:
    column = infer(pl.DataFrame({"x": values}))[0]
    assert convert(pl.Series("x", values), column)[0].to_list() == read
    assert columns({"x": "number"}, {"x": values}, {"x": column.notation})[0]["x"] == read


def test_fractions_beside_percentages_are_no_percentages(product: Product) -> None:
    cells = [f"{i}%" if i % 2 else f"0.{i}" for i in range(10, 90)]
    column = infer(pl.DataFrame({"x": cells}))[0]
    assert (column.kind, column.notation["units"]) == ("category", "mixed")
    with pytest.raises(UserError) as caught:
        explicit(pl.Series("x", cells), "number", reason("said"))
    assert caught.value.code == "E170"
    assert "mixed_values" in found(product({"rows.csv": rows(cells)}, target="label"))
    for others in (["30%", "45", "7.5"] * 9, ["0.2%", "0.5", "0.7%", "0.25", "0.1"] * 9, ["30%", "0", "1", "7%"] * 9):
        assert infer(pl.DataFrame({"x": others}))[0].notation == {"unit": "%"}


def test_a_file_in_which_the_sign_may_group_is_said_where_others_show_it_to_be_decimal(product: Product) -> None:
    def said(first: list[str], second: list[str]) -> tuple[str, ...]:
        files = {"a.csv": rows(first), "b.csv": rows(second).replace("message", "another")}
        tested = load(product(files, target="label"))
        both = tested, load(product({"a.csv": files["a.csv"]}, target="label", source="[a.csv, b.csv]"))
        told = [[one.examples for one in loaded.findings if one.code == "doubted_signs"] for loaded in both]
        assert told[0] == told[1]
        return told[0][0] if told[0] else ()

    german, american = [f"{i}.857,{i + 5}" for i in range(5, 65)], [f"{i},671" for i in range(1, 61)]
    assert said(german, american) == ("x: · b.csv 1,671 · a.csv 5.857,10",)
    assert said([f"1,857.{i}" for i in range(10, 70)], [f"{i}.290" for i in range(1, 61)])
    assert not said(german, [f"{i}.290" for i in range(1, 61)])
    assert not said([f"{i}.5" for i in range(60)], [f"{i}.25" for i in range(60)])
    assert not said(german, [f"{i},67" for i in range(1, 61)])


@pytest.mark.parametrize(
    ("values", "seconds"),
    [(["5h 16min", "2h", "40 min"], [18960.0, 7200.0, 2400.0]), (["1小时20分钟", "35分钟"], [4800.0, 2100.0]),
     (["1 d 2 hours", "3 hrs 5 m 7.5 s"], [93600.0, 11107.5])],
)  # fmt: skip
def test_hours_and_minutes_are_a_duration(values: list[str], seconds: list[float]) -> None:
    column = infer(pl.DataFrame({"lasted": values * 20}))[0]
    assert (column.kind, column.notation) == ("number", {"unit": "s"})
    assert convert(pl.Series(values), column)[0].to_list() == seconds
    assert columns({"lasted": "number"}, {"lasted": values}, {"lasted": column.notation})[0]["lasted"] == seconds


@pytest.mark.parametrize("form", ["{}/{}", "{}x{}x14", "{}:{}"])
def test_several_numbers_in_a_cell_are_no_codes_and_are_said(product: Product, form: str) -> None:
    draw = random.Random(form)
    cells = [form.format(draw.randint(100, 160), draw.randint(60, 99)) for _ in range(80)]
    contract = product({"rows.csv": rows(cells)}, target="label")
    assert next(column.kind for column in load(contract).columns if column.name == "x") == "text"
    said = found(contract)
    assert (said["paired_numbers"].count, "identifier_columns" in said) == (1, False)
    for codes in ([f"{i}/2024" for i in range(60)], [f"{4000 + i}/{i}" for i in range(60)]):
        assert infer(pl.DataFrame({"case": codes}))[0].kind == "id"


def test_categories_that_differ_in_case_alone_are_said(product: Product) -> None:
    cells = [("Berlin", "berlin", "BERLIN", "Rome")[i % 4] for i in range(80)]
    said = found(product({"rows.csv": rows(cells)}, target="label"))["value_variants"]
    assert said.examples == ("x:  BERLIN (20) · Berlin (20) · berlin (20)",)
    assert "value_variants" not in found(product({"rows.csv": rows(["Rome", "Paris"] * 40)}, target="label"))
    cells = [("PlayStore_Random", "playStore_random")[i % 4 == 0] for i in range(80)]  # no name, beside a count either
    said = found(product({"rows.csv": rows(cells)}, target="label"))["value_variants"]
    assert said.examples == ("x:  PlayStore_Random (60) · playStore_random (20)",)


def test_a_zero_among_names_of_days_stands_for_none(product: Product) -> None:
    days = [("Monday", "Tuesday", "Friday")[i % 3] for i in range(240)]
    said = found(product({"rows.csv": rows([*days, "0"])}, target="label"))["stand_ins"]
    assert (said.count, said.examples) == (1, ("rows.csv:242  0 · x: 1",))
    many = [("none", "1", "2 to 4")[i % 3] for i in range(240)]
    assert "stand_ins" not in found(product({"rows.csv": rows([*many, "0"])}, target="label"))
