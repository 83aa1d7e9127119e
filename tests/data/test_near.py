"""Near-duplicates: every pair that is alike enough, and no other, in any alphabet; where some may lack, it is said."""

from __future__ import annotations

import random
import unicodedata
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.core import Column, Dataset
from zhinan.data import joins, near
from zhinan.data import shingles as shingles_room
from zhinan.data.copies import look_for_copies
from zhinan.data.near import ALIKE, BYTES, components, near_pairs, normalised, pairs_but_for_numbers

WORDS = ["card", "cards", "lost", "my", "the", "is", "卡丢了", "银行卡", "退款", "refund", "please", "7", "12"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), unique=True, min_size=1, max_size=14
)


def shingles(text: str) -> set[bytes]:
    content = text.encode() + b"\0" * (BYTES - 1)
    return {content[at : at + BYTES] for at in range(len(text.encode()))}


def numbers(text: str) -> list[str]:
    return "".join(c if c in "0123456789" else " " for c in text).split()


def alike(one: str, other: str) -> float:
    """The definition, without any cleverness."""
    if numbers(one) != numbers(other):
        return 0.0
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


def found(texts: list[str]) -> set[tuple[int, int]]:
    made = near_pairs(pl.Series(texts, dtype=pl.String))
    return set(zip(made.first.tolist(), made.second.tolist(), strict=True))


@settings(max_examples=30)
@given(TEXTS)
def test_every_pair_that_is_alike_is_found_and_no_other(texts: list[str]) -> None:
    wanted = {(i, j) for i, j in combinations(range(len(texts)), 2) if alike(texts[i], texts[j]) >= ALIKE}
    assert found(texts) == wanted


@settings(max_examples=30)
@given(TEXTS)
def test_chunks_and_batches_change_nothing(texts: list[str]) -> None:
    whole = found(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shingles_room, "CHUNK", 3)
        for room in (shingles_room, joins):
            patch.setattr(room, "BATCH", 2)
        assert found(texts) == whole


def test_long_texts_in_two_alphabets_with_a_word_changed() -> None:
    english = "i ordered a new card more than two weeks ago and it has still not arrived at my address"
    chinese = "我上个星期在你们店里买的手机到现在还没有收到货请帮我查询一下物流到哪里了谢谢"
    texts = [english, english.replace("more", "over"), chinese, chinese.replace("谢谢", "多谢"), "something else"]
    assert found(texts) == {(0, 1), (2, 3)}


def test_texts_with_other_numbers_are_other_examples() -> None:
    one = "please tell me where my order number {} is, it should have been here"
    assert found([one.format(123), one.format(456)]) == set()
    assert found([one.format(123), one.format(123) + " ok"]) == {(0, 1)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where is MY card?!", "where is my card"),
        ("ＷＨＥＲＥ　ｉｓ　ｍｙ　ｃａｒｄ", "where is my card"),
        ("卡丢了。。。", "卡丢了"),
        ("caf\u00e9", "cafe\u0301"),
    ],
)
def test_width_case_and_punctuation_make_no_difference(one: str, other: str) -> None:
    first, second = normalised(pl.Series([one, other]))
    assert first == second
    assert unicodedata.normalize("NFKC", first) == first


def test_a_text_of_punctuation_alone_stays() -> None:
    assert normalised(pl.Series([":-)", "?!", None])).to_list() == [":-)", "?!", None]


@settings(max_examples=30)
@given(TEXTS)
def test_by_pieces_no_pair_is_found_that_is_not_alike(texts: list[str]) -> None:
    whole = found(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "MOST", -1)
        made = near_pairs(pl.Series(texts))
    assert set(zip(made.first.tolist(), made.second.tolist(), strict=True)) <= whole
    assert made.sought == len(texts)


@pytest.mark.parametrize("words", [8, 200])
def test_by_pieces_copies_with_a_word_more_or_another_are_found(words: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(0)
    plain = [["".join(draw.choices("abcdefgiklmnoprstu", k=5)) for _ in range(words)] for _ in range(100)]
    texts = [" ".join(text) for text in plain]
    texts += [f"{text}s" if draw.random() < 0.5 else f"a{text}" for text in texts]
    wanted = found(texts)
    assert len(wanted) == 100
    monkeypatch.setattr(near, "MOST", 4 << 10)
    made = near_pairs(pl.Series(texts))
    assert made.sought == 200
    assert set(zip(made.first.tolist(), made.second.tolist(), strict=True)) == wanted


def test_where_everything_is_shared_comparing_stays_bounded_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "PAIRS", (1000, 1))
    monkeypatch.setattr(near, "LOOKS", 8)
    same = "always the same long sentence about a parcel that has not been seen by anybody since it left the shop "
    texts = [f"{same}{chr(0x4E00 + i)}" for i in range(200)]
    made = near_pairs(pl.Series(texts))
    assert made.sought == 200
    assert len(made.first) <= 8 * 200
    assert len(set(components(200, made.first, made.second).tolist())) == 1


def test_very_much_text_is_compared_as_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(0)
    long, other = (" ".join("".join(draw.choices("abcdefgh", k=5)) for _ in range(200)) for _ in range(2))
    texts = pl.Series([long, f"{long} please help", other])
    monkeypatch.setattr(near, "MOST", 500)
    made = near_pairs(texts)
    assert (made.first.tolist(), made.second.tolist(), made.sought) == ([0], [1], 3)
    assert made.alike[0] == alike(*texts[:2])


def test_components_are_named_by_their_smallest_row() -> None:
    assert components(6, np.array([4, 1]), np.array([5, 4])).tolist() == [0, 1, 2, 3, 1, 1]
    assert components(0, np.zeros(0, int), np.zeros(0, int)).tolist() == []


@settings(max_examples=50)
@given(st.integers(1, 30).flatmap(lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)))))
def test_rows_are_connected_as_scipy_says(pairs: list[tuple[int, int]]) -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    _, label = connected_components(coo_array((np.ones(len(first)), (first, second)), shape=(30, 30)), directed=False)
    assert components(30, first, second).tolist() == [label.tolist().index(name) for name in label]


def test_a_long_text_stamped_with_other_numbers_is_one_example_and_a_template_is_many() -> None:
    draw = np.random.default_rng(5)
    words = [f"{a}{b}" for a in ("ba", "ke", "lo", "mi", "nu", "ra", "se", "ti") for b in ("lar", "net", "pos", "rif")]

    def text(count: int) -> str:
        return " ".join(draw.choice(words, count))

    long = [text(30) for _ in range(40)]
    stamped = [f"{one} [ticket {draw.integers(10_000, 99_999)}]" for one in long]
    same = [f"{text(30)} order 4711" for _ in range(5)]
    short, template = [f"{text(3)} order" for _ in range(20)], text(30)
    plain = [*long, *stamped, *[f"{one} {n}" for one in short for n in (1, 2)]]
    plain += [f"{template} {n}" for n in range(9)] + same
    frame = pl.DataFrame({"text": plain, "_row": [str(i) for i in range(len(plain))]})
    copies = look_for_copies(Dataset(frame, (Column("text", "text"),), None, None, None, ""))
    assert copies.unit[40:80].tolist() == list(range(40))
    assert len(np.unique(copies.unit)) == len(plain) - 40
    found = pairs_but_for_numbers(normalised(pl.Series(plain)))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(i, 40 + i) for i in range(40)]
    assert (found.alike >= ALIKE).all()
