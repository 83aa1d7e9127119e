"""A column, a text by itself and a plain loop over the rules find the same: what is told beforehand loses nothing."""

from __future__ import annotations

import random
import runpy
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core import entries
from zhinan.data.masking import masked

from .pii_scoring import FOLDER, rows

MASKS = tuple(entries("mask"))
SENTENCES = [row["text"] for part in ("dev", "test") for row in rows(FOLDER / f"{part}.jsonl")]
PIECES = st.sampled_from(
    ["我叫", "张伟", "欧阳娜娜", "小王", "老李", "师傅", "13812345678", "联系人：", "王芳", "，", "的", "李sir", "陈",
     "说", "王女士", "阿里木江", "玛丽·居里", "\n", " ", "Hi ", "Anna", "Dear Mr ", "smith", "thanks,\n", "Wei Zhang",
     "JOHN SMITH", "Smith, John", "12 Mill Lane", "朝阳区建国路88号3单元", "call me ", "from ", "ｊｏｈｎ"]
)  # fmt: skip


@pytest.fixture(scope="module")
def bench() -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).resolve().parents[2] / "benchmarks" / "masking.py"))


def all_ways(bench: dict[str, Any], texts: list[str]) -> tuple[list[str], list[str], list[str]]:
    frame = pl.DataFrame({"x": texts})
    columns, _ = masked(frame, {"x": "text"}, MASKS, target=None, person=None)
    return columns["x"].to_list(), bench["served"](texts, MASKS), bench["looped"](texts, MASKS)


def test_labelled_sentences_are_masked_the_same_in_every_way(bench: dict[str, Any]) -> None:
    columns, served, looped = all_ways(bench, random.Random(3).sample(SENTENCES, 100))
    assert columns == looped
    assert served == looped


@settings(max_examples=12)
@given(texts=st.lists(st.lists(PIECES | st.text(max_size=2), max_size=7).map("".join), max_size=5))
def test_whatever_stands_together_is_masked_the_same_in_every_way(bench: dict[str, Any], texts: list[str]) -> None:
    columns, served, looped = all_ways(bench, texts)
    assert columns == looped
    assert served == looped
