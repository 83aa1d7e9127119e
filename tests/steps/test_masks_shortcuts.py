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
from zhinan.steps.masks import _chinese
from zhinan.steps.masks._chinese_costs import KIN, PETS, families, family_cost, one_cost, ordinary, simplified
from zhinan.steps.masks._chinese_cues import NO_PART
from zhinan.steps.masks._chinese_places import _tables, places_in
from zhinan.steps.masks._chinese_sides import left_of, most_left, most_right, right_of

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


def test_labelled_sentences_are_masked_the_same_in_every_way(
    bench: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_chinese, "_FEW", 0)
    columns, served, looped = all_ways(bench, random.Random(3).sample(SENTENCES, 100))
    assert columns == looped
    assert served == looped


@settings(max_examples=30)
@given(texts=st.lists(st.lists(PIECES | st.text(max_size=2), max_size=7).map("".join), max_size=5))
def test_whatever_stands_together_is_masked_the_same_in_every_way(bench: dict[str, Any], texts: list[str]) -> None:
    columns, served, looped = all_ways(bench, texts)
    assert columns == looped
    assert served == looped


def test_both_sides_of_a_name_speak_no_more_for_it_than_their_characters_allow() -> None:
    for text in SENTENCES[::4]:
        for at in range(len(text) + 1):
            assert left_of(text, at) <= most_left()[text[at - 1 : at] if at else ""]
            assert right_of(text, at) <= most_right()[text[at : at + 1]]


LETTERS = st.sampled_from(
    [*sorted(PETS | KIN), *"王李欧阳司马诸葛张伟芳娜静敏丽强的，。 \n说人叫是方便安全a1", "安妮", "姓名：", "师傅"]
)


@given(st.lists(st.lists(LETTERS, max_size=12).map("".join) | st.sampled_from(SENTENCES), max_size=4))
def test_no_place_where_a_chinese_name_may_begin_is_left_out(texts: list[str]) -> None:
    texts = [simplified(text) for text in texts]
    for text, places in zip(texts, places_in(texts, _chinese._speaks), strict=True):
        assert sorted(_chinese._candidates(text, places)) == sorted(_chinese._candidates(text, None))


def test_characters_cost_the_same_together_as_each_alone() -> None:
    tables = _tables()
    for place, code in enumerate(range(0x4E00, 0x9FA6)):
        char = chr(code)
        if place % 7 == 0 or char in families():
            assert tables.word[place] == ordinary().get(char, 23)
            assert tables.family[place] == (family_cost(char) if char in families() else 999)
            assert tables.one[place] == (999 if char in NO_PART else one_cost(char))
