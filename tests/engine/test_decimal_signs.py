"""Numbers of a file to answer are read by the decimal sign that the file shows, and that is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from zhinan.data.signs import in_sign
from zhinan.engine.batch import predict_rows
from zhinan.package.inputs import columns
from zhinan.tasks.classify import Classify


class Echo:
    """Answers each row with its amount as it was read."""

    task, unit, hands_over, gives_sets, inputs = Classify(), "", False, False, {"amount": "number"}

    def __init__(self, sign: str) -> None:
        self.manifest = SimpleNamespace(notations={"amount": {"decimal": ","}} if sign == "," else {})

    def check(self, rows: Any) -> dict[str, list[Any]]:
        return columns(self.inputs, rows, self.manifest.notations)[0]

    def notes(self, rows: Any, columns: Any) -> dict[str, Any]:
        return {}

    def answer(self, rows: dict[str, list[Any]]) -> list[dict[str, Any]]:
        return [{"label": str(amount).removesuffix(".0"), "probability": 1.0} for amount in rows["amount"]]


@pytest.mark.parametrize(
    ("sign", "written", "read", "said"),
    [
        (".", ["1.234,5", "1.234", "7"], ["1234.5", "1234", "7"], {"decimal_signs": {"amount": ","}}),
        (",", ["1,234.5", "1,234", "7"], ["1234.5", "1234", "7"], {"decimal_signs": {"amount": "."}}),
        (",", ["12.5", "-.5", "5."], ["12.5", "-0.5", "5"], {"decimal_signs": {"amount": "."}}),
        (
            ".",
            ["12,5", "n.a.", "N.A.", "-,5"],
            ["12.5", "None", "None", "-0.5"],
            {"decimal_signs": {"amount": ","}},
        ),
        (".", ["1,234.5", "1.234", "7"], ["1234.5", "1.234", "7"], None),
        (",", ["12,5", "1.234", "7"], ["12.5", "1234", "7"], None),
        (".", ["1,234", "5,678", "9,012"], ["1234", "5678", "9012"], {"doubted_signs": ["amount"]}),
    ],
)
def test_the_sign_that_a_file_shows_is_taken(
    tmp_path: Path, sign: str, written: list[str], read: list[str], said: dict[str, Any] | None
) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("amount\n" + "".join(f"{one}\n" for one in written))
    told: list[Any] = []
    version: Any = Echo(sign)
    assert [one["label"] for one in predict_rows(version, str(path), noted=told.append)] == read
    assert told == ([] if said is None else [said])


def test_signs_of_words_stay() -> None:
    values = ["12,5", "Fr.1.234,5", "Rs. 5", "Rs.500", "n.a.", 3.5]
    assert in_sign(values, ".") == ["12.5", "Fr.1,234.5", "Rs. 5", "Rs.500", "n.a.", 3.5]


def test_a_file_that_shows_both_signs_is_read_by_the_version_s(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("amount\n1.5\n1.234,5\n2.5\n")
    version: Any = Echo(".")
    first, second, third = predict_rows(version, str(path))
    assert (first["label"], second["error"]["code"], third["label"]) == ("1.5", "E371", "2.5")
