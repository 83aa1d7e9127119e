"""A file of predictions is judged by the columns it has; a column that is not there is never quietly done without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhinan.core import UserError
from zhinan.evaluate.predictions import prove_file

MUST = ("accuracy >= 90%",)
CONTRACT = """product: shop
data: {source: messages.csv, target: intent, person: who}
must:
  - accuracy >= 80%
  - latency_p95 <= 20 ms
confidence: 99%
"""


def table(folder: Path, name: str = "answers.csv", header: str = "message,label,prediction,who", n: int = 80) -> Path:
    rows = [f"hello {i},{'card' if i % 3 else '退款'},{'card' if i % 3 or i == 3 else '退款'},u{i}" for i in range(n)]
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def code(path: Path, **given: Any) -> UserError:
    with pytest.raises(UserError) as error:
        prove_file(path, **{"must": MUST, **given})
    return error.value


def test_usual_names_are_found_and_others_are_named(tmp_path: Path) -> None:
    found = prove_file(table(tmp_path), must=(*MUST, 'recall["退款"] >= 50%'))
    assert (found.outcome, found.n) == ("PROVED", 80)
    other = table(tmp_path, "other.csv", "message,wahr,gesagt,who")
    assert prove_file(other, must=MUST, truth="wahr", prediction="gesagt").outcome == "PROVED"
    error = code(other, truth="wahr")
    assert error.code == "E259"
    assert "gesagt" in error.fix()


def test_jsonl_is_as_good_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    rows = [{"label": i % 2, "prediction": i % 2, "channel": "app"} for i in range(80)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert prove_file(path, must=(*MUST, "accuracy[channel=app] >= 50%")).outcome == "PROVED"


@pytest.mark.parametrize("option", ["truth", "prediction", "probability", "person"])
def test_a_misspelt_column_is_refused_with_the_nearest_one(tmp_path: Path, option: str) -> None:
    error = code(table(tmp_path), **{option: "labell"})
    assert error.code == "E259"
    assert f"--{option}" in error.what()
    assert "'label'" in error.fix()


def test_the_truth_is_not_its_own_prediction(tmp_path: Path) -> None:
    assert code(table(tmp_path), truth="label", prediction="label").code == "E261"


def test_an_empty_cell_names_its_line_and_counts_as_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("label,prediction\n" + "a,a\n" * 40 + ",\n" + "a,a\n,\na,\n", encoding="utf-8")
    error = code(path)
    assert (error.code, error.where) == ("E260", "answers.csv:45")  # a row of nothing at all is no row
    path.write_text("label,prediction\n" + "a,a\n" * 4 + "a,NaN\n", encoding="utf-8")
    assert prove_file(path, must=MUST).verdicts[0].value == 0.8


def test_a_row_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("label,prediction\n" + "a,a\n" * 40 + "a,a,a\n", encoding="utf-8")
    error = code(path)
    assert (error.code, error.where) == ("E261", "answers.csv:42")


def test_a_probability_that_is_no_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("label,prediction,p\n" + "a,a,.2\nb,b,high\n" * 20, encoding="utf-8")
    assert code(path, must=("auc >= 60%",), probability="p").code == "E261"
    path.write_text("label,prediction,p\n" + "a,a,.2\nb,b,nan\n" * 20, encoding="utf-8")
    assert code(path, must=("auc >= 60%",), probability="p").code == "E033"


def test_a_contract_brings_its_lines_its_confidence_and_its_person(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(CONTRACT, encoding="utf-8")
    path = table(tmp_path, header="message,intent,prediction,who")
    found = prove_file(path, product=tmp_path / "product.yaml")
    assert [v.line for v in found.verdicts] == ["accuracy >= 80%"]
    assert found.confidence == 0.99
    assert prove_file(path, product=tmp_path / "product.yaml", confidence=0.9).confidence == 0.9
    missing = table(tmp_path, header="message,intent,prediction,user")
    assert code(missing, product=tmp_path / "product.yaml").code == "E259"


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    path = table(tmp_path, header="must,label,prediction,confidence")
    assert prove_file(path, must=("accuracy[confidence=u1] >= 1%",)).verdicts[0].n == 1
