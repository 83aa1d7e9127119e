"""Exports of surveys name their columns in two or three rows: none of these is an example."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from zhinan.contract import Contract
from zhinan.data import Loaded, load

Product = Callable[..., Contract]

ASKED = '"Which do you use? (all that apply)"'


def loaded_of(product: Product, head: list[str], rows: list[str], target: str) -> Loaded:
    return load(product({"rows.csv": "\n".join([*head, *rows]) + "\n"}, target=target))


def said(loaded: Loaded, code: str) -> list[int]:
    return [found.count for found in loaded.findings if found.code == code]


def test_options_of_a_question_are_named_in_a_second_row(product: Product) -> None:
    head = [f"Respondent ID,IP,{ASKED},,,Why?,Again?", ",,Search,Export,API,Open-Ended Response,Response"]
    rows = [f"1180{i:05},84.1.2.{i},Search,{'Export' if i % 3 else ''},,because {i} of it,{'Yes' if i % 2 else 'No'}"
            for i in range(40)]  # fmt: skip
    loaded = loaded_of(product, head, rows, "Again?")
    asked = ASKED.strip('"')
    assert [column.name for column in loaded.columns] == [
        "Respondent ID", "IP", f"{asked} / Search", f"{asked} / Export", f"{asked} / API", "Why?", "Again?",
    ]  # fmt: skip
    assert (loaded.classes, loaded.rows, said(loaded, "more_names")) == (("No", "Yes"), 40, [1])
    assert said(loaded, "unnamed_columns") == []


def test_questions_and_ids_below_the_names_are_no_rows(product: Product) -> None:
    ids = ",".join('"' + json.dumps({"ImportId": f"QID{i}"}).replace('"', '""') + '"' for i in range(3))
    head = ["Q1,Q2,Q3", "How old are you?,Why?,Would you come again?", ids]
    rows = [f"{20 + i},because {i} of it,{'Yes' if i % 2 else 'No'}" for i in range(40)]
    loaded = loaded_of(product, head, rows, "Q3")
    assert [(column.name, column.kind) for column in loaded.columns][:1] == [("Q1", "number")]
    assert (loaded.classes, loaded.rows, said(loaded, "more_names")) == (("No", "Yes"), 40, [2])


def test_a_row_beside_columns_without_a_name_stays_one(product: Product) -> None:
    rows = [f"m {i} of mine,x{i % 3},{i % 5},{'ab'[i % 2]}" for i in range(30)]
    rows[0] = ",x0,0,a"
    loaded = loaded_of(product, ["text,,n,label"], rows, "label")
    assert (loaded.rows, said(loaded, "more_names")) == (30, [])


@pytest.mark.parametrize(
    ("head", "first", "row"),
    [
        (",text,label", "row_a,hello there,", "row_b{i},m {i} of mine,{label}"),
        ("text,,label", "hello world,de,", "m {i} of mine,en,{label}"),
        ("text,,label", "hello world,de,", "m {i} of mine,de,{label}"),
        ("id,,text,label", "x1,Ann,,a", "x{i},Bo{i},m {i} of mine,{label}"),
    ],
)
def test_a_row_that_lacks_a_value_beside_one_column_without_a_name_stays_one(
    product: Product, head: str, first: str, row: str
) -> None:
    rows = [first, *(row.format(i=i, label="ab"[i % 2]) for i in range(2, 32))]
    loaded = loaded_of(product, [head], rows, "label")
    assert (loaded.rows, said(loaded, "more_names")) == (31, [])
    assert {"text", "label"} <= {column.name for column in loaded.columns}


def test_two_options_of_which_rows_choose_are_named(product: Product) -> None:
    head = ["Respondent ID,Which?,,Again?", ",Search,Export,Response"]
    rows = [f"1180{i:05},{'Search' if i % 2 else ''},{'' if i % 2 and i % 3 else 'Export'},{'Yes' if i % 5 else 'No'}"
            for i in range(40)]  # fmt: skip
    loaded = loaded_of(product, head, rows, "Again?")
    assert [column.name for column in loaded.columns][1:3] == ["Which? / Search", "Which? / Export"]
