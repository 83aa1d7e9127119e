"""Columns that say to which part of somebody's split a row belongs are said where nobody named the inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from zhinan.contract import Contract
from zhinan.core import Column
from zhinan.data import Finding, check, load
from zhinan.data.markers import markers

Product = Callable[..., Contract]


@pytest.mark.parametrize("name", ["fold", "k-fold", "fold_2", "split", "data_split", "is_test", "isTrain", "ua_test",
                                  "in_holdout", "train_set", "cv_fold", "是否测试集", "数据集划分", "折"])  # fmt: skip
def test_names_that_speak_of_parts_alone(name: str) -> None:
    assert markers(pl.DataFrame({name: [1, 2, 3]}), [Column(name, "number")]) == [name]
    assert markers(pl.DataFrame({name: range(40)}), [Column(name, "number")]) == []


@pytest.mark.parametrize("name", ["test", "train", "valid", "fold_change", "blood_test", "hiv_test", "stock_split",
                                  "test_result", "device", "training_hours", "折扣", "测试结果"])  # fmt: skip
def test_names_that_speak_of_something_else(name: str) -> None:
    assert markers(pl.DataFrame({name: [1, 2, 3]}), [Column(name, "number")]) == []


def test_columns_that_cut_somebodys_data_are_said_where_nobody_named_the_inputs(product: Product) -> None:
    lines = "".join(f"some words {i} of mine,{i % 5},{i * 7 % 2},{i % 3},{'ab'[i % 2]}\n" for i in range(200))

    def said(**data: Any) -> list[Finding]:
        contract = product({"rows.csv": f"message,fold,ua_test,stress_test,label\n{lines}"}, target="label", **data)
        return [f for f in check(contract, load(contract)) if f.code == "split_columns"]

    (told,) = said()
    assert (told.examples, told.damage) == (("fold", "ua_test"), 2)
    assert said(inputs="{message: text, fold: number}") == []
