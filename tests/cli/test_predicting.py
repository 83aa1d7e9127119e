"""`zhinan predict` on a file: every row has its place in the output, and those without an answer are counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.sealing import seal

from zhinan.core import Candidate, Column, StepSpec
from zhinan.package import draft, open_version
from zhinan.serve.openapi import document
from zhinan.serve.settings import Limits

Zhinan = Callable[..., Any]


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version that answers a tenth of `amount`."""
    from onnx import TensorProto, helper, numpy_helper

    folder = tmp_path_factory.mktemp("version")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["features", "weights"], ["scores"])],
        "head",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 2])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(np.array([[1000], [0]], np.float32), "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    amount = {"kind": "number", "fill": 0.0, "center": 0.0, "scale": 10_000.0, "knots": []}
    steps = (
        StepSpec("table", ("amount",), ("features",), {"columns": [amount]}),
        StepSpec("onnx", ("features",), ("scores",), {}, {"graph": "head.onnx"}),
        StepSpec("value", ("scores",), ("value", "low", "high"), {"margins": [1.0, 2.0], "level": 0.9, "unit": "CNY"}),
    )
    files = {"head.onnx": model.SerializeToString()}
    made = draft(
        folder=folder / "drafts", product="fees", inputs=(Column("amount", "number"),), masks=(), facts={},
        candidate=Candidate("linear", "shallow", (), steps, files, (), np.zeros((0, 1), np.float32), task="regress"),
        contract=b"product: fees\n",
    )  # fmt: skip
    return seal(made, into=folder, number=1, proof={"outcome": "PROVED", "verdicts": []}, report={}).path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    lines = [str(10 * i) for i in range(300)]
    lines[4], lines[280] = "many", "1,2"
    path.write_text("amount\n" + "\n".join(lines) + "\n")
    return path


def test_a_bad_row_is_told_and_counted_and_all_others_are_answered(
    version: Path, rows: Path, tmp_path: Path, zhinan: Zhinan
) -> None:
    target = tmp_path / "answers.jsonl"
    said = zhinan("predict", version, "--input", rows, "--output", target)
    assert said.code == 3
    assert said.out == f"298 → {target}\n"
    for words in ("2 of 300 rows have no answer", "amount 1", "unreadable 1", f"{rows}:6", f"{rows}:282"):
        assert words in said.err, words
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    assert [round(answer["value"]) if "value" in answer else None for answer in answers] == [
        None if i in (4, 280) else i for i in range(300)
    ]
    chinese = zhinan("predict", version, "--input", rows, "--output", target, "--lang", "zh")
    assert "300 行中有 2 行没有回答" in chinese.err
    assert "“amount”" in json.loads(target.read_text("utf-8").splitlines()[4])["error"]["what"]


def test_the_count_of_bad_rows_stands_in_the_json(version: Path, rows: Path, tmp_path: Path, zhinan: Zhinan) -> None:
    target = tmp_path / "answers.csv"
    said = zhinan("predict", version, "--input", rows, "--output", target, "--json")
    assert (said.code, said.json) == (3, {"rows": 300, "errors": 2, "output": str(target)})
    whole = zhinan("predict", version, "--input", rows, "--json")
    assert (whole.code, whole.json["rows"], whole.json["errors"]) == (3, 300, 2)
    assert [i for i, answer in enumerate(whole.json["outputs"]) if "error" in answer] == [4, 280]
    lines = zhinan("predict", version, "--input", rows)
    assert (lines.code, len(lines.out.splitlines())) == (3, 300)


def test_strictly_the_first_bad_row_ends_it(version: Path, rows: Path, tmp_path: Path, zhinan: Zhinan) -> None:
    target = tmp_path / "answers.csv"
    rows.write_text(rows.read_text().replace("1,2\n", "1\n"))
    said = zhinan("predict", version, "--input", rows, "--output", target, "--strict", "--json")
    assert (said.code, said.json["error"]["code"], said.json["error"]["where"]) == (3, "E371", f"{rows}:6")
    assert not target.exists()
    rows.write_text("amount\n10\n")
    assert zhinan("predict", version, "--input", rows, "--output", target, "--strict").code == 0
    assert target.read_text().splitlines()[0] == "value,low,high,unit"


def test_a_number_is_told_with_its_unit_where_the_version_knows_it(version: Path, rows: Path, zhinan: Zhinan) -> None:
    assert zhinan("predict", version, "amount=20").out == "2 CNY  [1, 4]\n"
    assert zhinan("predict", version, "amount=20", "--json").json["unit"] == "CNY"
    first = json.loads(zhinan("predict", version, "--input", rows).out.splitlines()[0])
    assert first["unit"] == "CNY"
    described = document(open_version(version), Limits(), False)
    schema = described["paths"]["/predict"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    one = schema["properties"]["outputs"]["items"]
    assert (one["properties"]["unit"]["enum"], "unit" in one["required"]) == (["CNY"], True)
