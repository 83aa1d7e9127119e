"""Made-up rows say the same with slips of the kinds asked for, the same ones whenever they are made, and no others."""

from __future__ import annotations

import random

import polars as pl
import pytest

from zhinan.contract import AUGMENTATIONS, parse
from zhinan.core import Column, Dataset, UserError
from zhinan.data.augment import copies_facts, made_up
from zhinan.data.slips import HALF, SLIPS
from zhinan.evaluate.disturb import disturb

ENGLISH = "Where is my refund, please? Call me on [PHONE] or write to the shop. Thanks!"
CHINESE = "请问退款什么时候到账？请打[PHONE]联系我，谢谢。"


def train(*texts: str | None) -> Dataset:
    frame = pl.DataFrame({
        "_row": [f"r{i}" for i in range(len(texts))], "message": texts, "channel": ["app"] * len(texts),
        "label": [f"class {i % 3}" for i in range(len(texts))],
    }, schema=dict.fromkeys(("_row", "message", "channel", "label"), pl.String))  # fmt: skip
    inputs = Column("message", "text", ""), Column("channel", "category", "")
    return Dataset(frame, inputs, Column("label", "category", ""), None, None, "f")


@pytest.mark.parametrize("kind", AUGMENTATIONS)
def test_each_kind_changes_only_what_it_names_and_never_a_placeholder(kind: str) -> None:
    same = {
        "case": str.casefold,
        "width": lambda text: "".join(HALF.get(sign, sign) for sign in text),
        "punctuation": lambda text: "".join(letter for letter in text if letter.isalnum() or letter in " []"),
        "whitespace": lambda text: text.replace(" ", ""),
    }
    tokens = "my order is [ORDER_NO2] and my card is [BANK_CARD:bcdfghjklmnpqrst] please"
    made = [SLIPS[kind](tokens, random.Random(seed)) for seed in range(40)]
    assert all("[ORDER_NO2]" in one and "[BANK_CARD:bcdfghjklmnpqrst]" in one for one in made)
    for text in (ENGLISH, CHINESE):
        made = [SLIPS[kind](text, random.Random(seed)) for seed in range(40)]
        assert all("[PHONE]" in one for one in made)
        if kind in same:
            assert {same[kind](one) for one in made} == {same[kind](text)}
        if kind == "words":
            assert all(set(one.split()) <= set(text.split()) for one in made)
            assert (min(map(len, made)) < len(text)) == (" " in text), "words are what spaces part"
        if kind == "characters":
            assert all(len(text) - 4 <= len(one) <= len(text) for one in made)
            assert (min(map(len, made)) < len(text)) == (text is CHINESE)
    assert SLIPS[kind](ENGLISH + CHINESE, random.Random(1)) != ENGLISH + CHINESE


def test_a_row_gets_one_copy_with_its_answer_or_none_that_would_change_nothing() -> None:
    real = train(ENGLISH, "退款", None, "hello there my friend")
    copies = made_up(real, ["words"])
    assert copies is not None
    assert [copies.values(name) for name in ("_row", "label")] == [["r0", "r3"], ["class 0", "class 0"]]
    assert all(text not in real.values("message") for text in copies.values("message"))
    assert copies.values("channel") == ["app", "app"]
    assert copies_facts(["words"], copies) == {"kinds": ["words"], "rows": 2}
    assert made_up(train("退款", None), ["case"]) is None
    assert copies_facts([], None) is None


def test_copies_follow_from_the_text_alone_and_are_not_those_of_the_test() -> None:
    texts = [f"{ENGLISH} {i}" for i in range(60)]
    one, other = made_up(train(*texts), ["typos", "case"]), made_up(train(*texts[::-1]), ["case", "typos"])
    assert one is not None
    assert other is not None
    assert one.values("message") == other.values("message")[::-1]
    assert one.fingerprint != other.fingerprint, "other rows are other features"
    typos = made_up(train(*texts), ["typos"])
    tested = disturb({"message": texts}, {"message": "text"}, "typos")["message"]
    assert typos is not None
    assert not set(typos.values("message")) & set(tested), "what is tested was learned"


def test_kinds_are_refused_where_they_stand_with_the_nearest_word() -> None:
    text = "product: p\ndata: a.csv\ntarget: y\ntrain:\n  augment: [case, typoes]\nmust: [accuracy >= 50%]\n"
    with pytest.raises(UserError, match="typoes") as error:
        parse(text)
    assert (error.value.code, error.value.where[-4:]) == ("E052", "5:19")
    assert "typos" in str(error.value)
    assert parse(text.replace("typoes", "typos")).train.augment == ("case", "typos")
