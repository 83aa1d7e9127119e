"""Made-up rows are learned from and nothing else: not counted, not compared on, not seen by what judges the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhinan.contract import parse
from zhinan.core import UserError
from zhinan.data import load as load_data
from zhinan.data import split
from zhinan.data.augment import made_up
from zhinan.engine import climb as ladder
from zhinan.engine.checking import check
from zhinan.engine.encode import Encoding
from zhinan.store import Store

WORDS = {"refund": "I want my money back now", "parcel": "where is the box that I bought"}
CONTRACT = """product: shop
data: rows.csv
target: label
train: {augment: [typos, words]}
must: [accuracy >= 50%]
"""


def rows(tmp_path: Path, inputs: str = "") -> Path:
    lines = [f"{WORDS[label]} number {i},{i % 7},{label}" for i in range(60) for label in WORDS]
    (tmp_path / "rows.csv").write_text("message,amount,label\n" + "\n".join(lines), "utf-8")
    text = CONTRACT.replace("data: rows.csv", f"data: {{source: rows.csv{inputs}}}")
    (tmp_path / "product.yaml").write_text(text, "utf-8")
    return tmp_path / "product.yaml"


def test_only_recipes_that_hold_nothing_of_train_out_see_made_up_rows(tmp_path: Path) -> None:
    contract = parse(rows(tmp_path).read_text("utf-8"), tmp_path / "product.yaml")
    loaded = load_data(contract)
    parts = split(contract, loaded)
    copies = made_up(parts.train, contract.train.augment)
    assert copies is not None
    with Store(tmp_path / ".zhinan") as store:
        encoding = Encoding(parts.train, parts.dev, loaded.classes, store, made_up=copies)
        plain, dev = encoding.parts(("ngrams",))
        more, same = encoding.taught(("ngrams",), "linear")
        assert (len(plain), len(dev)) == (len(parts.train), len(parts.dev))
        assert len(more) == len(plain) + len(copies)
        assert same.blocks[0] is dev.blocks[0]
        assert (more.blocks[0].values[: len(plain)] != plain.blocks[0].values).nnz == 0
        assert np.array_equal(more.target[len(plain) :], encoding.target(copies))
        assert len(encoding.taught(("ngrams",), "blend")[0]) == len(plain)
        numbers = Encoding(parts.train, parts.dev, (), store, task="regress", made_up=copies)
        numbers.target = lambda part: np.zeros(len(part))  # type: ignore[method-assign]
        assert len(numbers.taught(("ngrams",), "linear")[0]) == len(plain), "errors of rows left out tell how unsure"
        rung = next(rung for rung in ladder.rungs("classify", parts.train.inputs) if rung.recipe == "linear")
        bare = Encoding(parts.train, parts.dev, loaded.classes, store)
        assert ladder._key(encoding, rung) != ladder._key(bare, rung), "a kept candidate that learned other rows"


def test_check_counts_made_up_rows_apart_from_those_of_train(tmp_path: Path) -> None:
    found = check(rows(tmp_path)).to_dict()
    assert found["card"]["augmented"] == {"kinds": ["typos", "words"], "rows": found["data"]["train"]}
    assert found["data"]["accepted"] == 120


def test_a_table_without_a_text_is_refused_where_it_asks_for_slips(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no input is a text") as error:
        check(rows(tmp_path, ", inputs: {amount: number}"))
    assert (error.value.code, error.value.where.rpartition(":")[0][-2:]) == ("E172", ":4")
