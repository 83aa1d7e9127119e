"""Hashing of n-grams: whole-array arithmetic equals counting one run after the other, and no run spans two texts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.steps._ngrams import NGrams, Weighted

MULTIPLIER, TOP = 0x9E3779B97F4A7C15, 2**64
TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=25) | st.none(), max_size=6)


def key_of(word: str) -> int:
    key, power = 0, 1
    for letter in word:
        power = power * MULTIPLIER % TOP
        key = (key + (ord(letter) + 1) * power) % TOP
    return key


def buckets_of(units: list[int], span: tuple[int, int], seed: int, shift: int) -> list[int]:
    """The bucket of every run of units, one after the other."""
    found = []
    for start in range(len(units)):
        rolling = 0
        for length, unit in enumerate(units[start : start + span[1]], 1):
            rolling = (rolling ^ unit) * MULTIPLIER % TOP
            rolling ^= rolling >> 29
            if length >= span[0]:
                found.append(((rolling + seed * 64 + length) * MULTIPLIER % TOP) >> shift)
    return found


def slowly(text: str | None, chars: tuple[int, int], words: tuple[int, int], buckets: int) -> Counter[int]:
    shift = 64 - (buckets.bit_length() - 1)
    clean = f" {' '.join(unicodedata.normalize('NFKC', text or '').casefold().split())} "
    letters = [ord(letter) for letter in clean]
    keys = [key_of(word) for word in re.findall(r"[^\W_]+", clean)]
    return Counter(buckets_of(letters, chars, 1, shift) + buckets_of(keys, words, 2, shift))


def counted(ngrams: NGrams, texts: list[str | None]) -> list[Counter[int]]:
    row, bucket, count = ngrams.count(texts)
    found: list[Counter[int]] = [Counter() for _ in texts]
    for r, b, c in zip(row.tolist(), bucket.tolist(), count.tolist(), strict=True):
        found[r][b] += int(c)
    return found


@settings(max_examples=60)
@given(TEXTS, st.sampled_from([(1, 4), (2, 3), (0, 0), (3, 3)]), st.sampled_from([(1, 2), (0, 0), (2, 2)]))
def test_counts_equal_those_of_a_slow_reference(
    texts: list[str | None], chars: tuple[int, int], words: tuple[int, int]
) -> None:
    for buckets in (2**8, 2**24):
        found = counted(NGrams(chars, words, buckets), texts)
        assert found == [slowly(text, chars, words, buckets) for text in texts]


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_no_ngram_spans_two_texts(before: list[str | None], after: list[str | None]) -> None:
    ngrams = NGrams((1, 4), (1, 2), 2**24)
    assert counted(ngrams, [*before, *after]) == counted(ngrams, before) + counted(ngrams, after)


def test_rows_and_buckets_come_in_order_each_once() -> None:
    row, bucket, count = NGrams((1, 4), (1, 2), 2**24).count(["b a b a", None, "卡丢了卡丢了"])
    assert (np.diff(row) >= 0).all()
    pairs = list(zip(row.tolist(), bucket.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert count.dtype == np.float32
    assert count.max() > 1


def test_different_ngrams_of_real_texts_hardly_ever_share_a_bucket() -> None:
    words = [f"{a}{b}" for a in ("card", "卡", "zahl", "paiement") for b in range(800)]
    row, bucket, _ = NGrams((0, 0), (1, 1), 2**24).count(words)
    assert len(row) == len(words)
    assert len(np.unique(bucket)) >= len(words) - 3


def test_the_number_of_buckets_is_a_power_of_two() -> None:
    with pytest.raises(ValueError, match="power of two"):
        NGrams((1, 2), (1, 1), 1000)


def test_padding_has_weight_zero_and_changes_no_other_row() -> None:
    ngrams = NGrams((1, 2), (1, 1), 2**16)
    kept = np.unique(ngrams.count(["lost card", "卡"])[1]).astype(np.uint32)
    weighted = Weighted(ngrams, kept, np.ones(len(kept), np.float32))
    indices, weights = weighted.padded(["lost card", "彁", "卡"])
    assert indices.shape == weights.shape
    assert (weights[indices == 0] >= 0).all()
    alone, lone = weighted.padded(["卡"])
    assert weights[2][: lone.shape[1]].tolist() == lone[0].tolist()
    assert indices[2][: lone.shape[1]].tolist() == alone[0].tolist()
    assert not weights[2][lone.shape[1] :].any()


def test_nothing_known_is_no_feature() -> None:
    empty = Weighted(NGrams((1, 2), (1, 1), 2**16), np.empty(0, np.uint32), np.empty(0, np.float32))
    indices, weights = empty.padded(["a text", ""])
    assert indices.tolist() == [[0], [0]]
    assert not weights.any()
