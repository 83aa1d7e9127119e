"""Files of inputs with their target are labelled from in every shape and kind that the data may have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhinan.contract import Contract
from zhinan.contract import load as read_contract
from zhinan.core import UserError
from zhinan.engine.labelling import Desk
from zhinan.store import Store

CONTRACT = """\
product: shop
data: {source: rows.jsonl, unlabeled: more.jsonl, target: intent, inputs: {message: text, note: text, user.age: number}}
must: [accuracy >= 70%]
"""


def row(i: int, **more: Any) -> dict[str, Any]:
    return {"message": f"question {i} of mine", "note": {"n": i}, "user": {"age": 20 + i % 30}, **more}


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    write(tmp_path / "rows.jsonl", *(row(i, intent=("refund", "login")[i % 2]) for i in range(200)))
    write(tmp_path / "more.jsonl", *(row(i) for i in range(200, 300)))
    (tmp_path / "product.yaml").write_text(CONTRACT, "utf-8")
    return read_contract(tmp_path / "product.yaml")


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    "labelled",
    [
        row(220, intent="refund"),
        {**row(220, intent="refund"), "user": '{"age": 30.0}'},
        {"message": "question 220 of mine", "note": {"n": 220}, "user.age": "30", "intent": "refund"},
    ],
    ids=["objects", "JSON in a cell", "columns"],
)
def test_rows_are_found_whatever_the_shape_of_their_file(
    contract: Contract, tmp_path: Path, labelled: dict[str, Any]
) -> None:
    with Store(tmp_path / ".zhinan") as store:
        taken = Desk(contract, store, "mei").take(write(tmp_path / "labels.jsonl", labelled))
    assert taken == {"new": 1, "changed": 0, "repeat": 0}


def test_a_value_that_does_not_fit_is_no_missing_one(contract: Contract, tmp_path: Path) -> None:
    write(tmp_path / "more.jsonl", {**row(200), "user": {"age": None}}, row(201))
    path = write(tmp_path / "labels.jsonl", {**row(200, intent="refund"), "user": {"age": "twelve apples"}})
    with Store(tmp_path / ".zhinan") as store, pytest.raises(UserError, match="E344"):
        Desk(contract, store, "mei").take(path)
