"""People written in several ways, rows of nobody and one who has most rows are said, and nobody is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhinan.contract import Contract
from zhinan.data import Finding, check, load

Product = Callable[..., Contract]
Said = Callable[..., dict[str, Finding]]


@pytest.fixture
def said(product: Product) -> Said:
    def found(people: list[str], **data: str) -> dict[str, Finding]:
        lines = [f"message number {i},2024-01-{i % 28 + 1:02d},{who},{'ab'[i % 2]}" for i, who in enumerate(people)]
        text = "\n".join(["message,at,who,label", *lines]) + "\n"
        contract = product({"rows.csv": text}, target="label", person="who", inputs="{message: text}", **data)
        codes = {"person_variants", "rows_of_nobody", "heavy_person"}
        return {one.code: one for one in check(contract, load(contract)) if one.code in codes}

    return found


def test_people_whose_names_differ_in_case_or_width_are_told_by_where(
    said: Said,
) -> None:
    made = said([f"u{i % 30}" for i in range(117)] + ["Ｕ0", "U0", "U1"])
    assert list(made) == ["person_variants"]
    assert made["person_variants"].count == 2
    assert made["person_variants"].examples == (
        "rows.csv:2 = rows.csv:119 = rows.csv:120",
        "rows.csv:3 = rows.csv:121",
    )


def test_rows_of_nobody_and_one_who_has_many_are_said(said: Said) -> None:
    assert said([f"u{i % 30}" for i in range(120)]) == {}
    assert said(["" if i % 2 else f"u{i % 30}" for i in range(120)])["rows_of_nobody"].count == 60
    many = ["mallory" if i % 3 else f"u{i % 30}" for i in range(120)]
    made = said(many)["heavy_person"]
    assert (made.count, made.examples) == (80, ("rows.csv:3",))
    assert "80 rows, 67% of all" in made.what.en
    assert "mallory" not in repr(made)
    assert "heavy_person" not in said(many, time="at")
