"""A text is cut into pieces without losing a letter, and every n-gram is found where it was counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.evaluate._spans import origins, phrases, spread, tokens
from zhinan.steps._ngrams import NGrams, Weighted, cleaned

TEXTS = st.text(st.sampled_from(list("abc cardx 卡丢了登录 Ｃé\u0301ßﬁ\u3000\n[]EMAIL_@.1😀각ｶﾞ’")), max_size=40)


@settings(max_examples=150)
@given(TEXTS | st.text(max_size=30))
def test_the_pieces_of_a_text_are_the_whole_text(text: str) -> None:
    spans = tokens(text)
    assert "".join(text[start:end] for start, end in spans) == text
    merged = phrases(text, spans, [1.0] * len(spans))
    assert "".join(text[start:end] for start, end, _ in merged) == text
    assert sum(weight for *_, weight in merged) == len(spans)


@settings(max_examples=200)
@given(st.text(max_size=25) | TEXTS)
def test_every_normalised_letter_comes_from_the_text_it_stands_for(text: str) -> None:
    clean, origin = cleaned(text), origins(text)
    assert len(clean) == len(origin)
    places = origin[origin >= 0]
    assert np.all(np.diff(places) >= 0)
    assert all((place < 0) == (letter == " ") for letter, place in zip(clean, origin.tolist(), strict=True))


@settings(max_examples=60)
@given(TEXTS, st.sampled_from([(1, 4), (2, 3), (0, 0)]), st.sampled_from([(1, 2), (0, 0), (2, 2)]))
def test_the_places_of_runs_are_those_that_were_counted(
    text: str, chars: tuple[int, int], words: tuple[int, int]
) -> None:
    counter = NGrams(chars, words, 2**20)
    start, end, bucket = counter.places(text)
    _, counted, times = counter.count([text])
    found, repeats = np.unique(bucket, return_counts=True)
    assert np.array_equal(found, counted)
    assert np.array_equal(repeats, times)
    runs: dict[int, set[str]] = {}
    for s, e, b in zip(start.tolist(), end.tolist(), bucket.tolist(), strict=True):
        runs.setdefault(b, set()).add(cleaned(text)[s:e])
    letters = {run for named in runs.values() for run in named}
    if chars != (0, 0) and words == (0, 0):
        assert all(chars[0] <= len(run) <= chars[1] for run in letters)


def test_pieces_are_words_characters_placeholders_and_marks() -> None:
    def pieces(text: str) -> list[str]:
        return [text[start:end].strip() for start, end in tokens(text)]

    assert pieces("Don't mail [EMAIL], 我的卡!") == ["Don't", "mail", "[EMAIL]", ",", "我", "的", "卡", "!"]
    assert pieces("cafe\u0301 नमस्ते") == ["cafe\u0301", "नमस्ते"]
    assert pieces("   ") == [""]


def test_neighbouring_characters_of_one_sign_are_a_phrase_of_at_most_four() -> None:
    text = "我的卡丢了吗"
    found = phrases(text, tokens(text), [-1, -1, 2, 2, 0, 0])
    assert [(text[start:end], weight) for start, end, weight in found] == [("我的", -2), ("卡丢", 4), ("了吗", 0)]
    found = phrases(text, tokens(text), [1.0] * 6)
    assert [text[start:end] for start, end, _ in found] == ["我的卡丢", "了吗"]
    assert len(phrases("a b", tokens("a b"), [1, 1])) == 2


@settings(max_examples=100)
@given(TEXTS, st.integers(0, 99), st.sampled_from([2**4, 2**20]))
def test_what_features_say_is_shared_out_without_loss(text: str, seed: int, buckets: int) -> None:
    counter = NGrams((1, 4), (1, 2), buckets)
    _, kept, _ = counter.count([text, "some other words"])
    kept = np.unique(kept)
    features = Weighted(counter, kept, np.ones(len(kept), np.float32))
    _, index, weight = features.features([text])
    said = np.random.default_rng(seed).normal(size=len(index)) * weight
    found = spread(text, features, index, said)
    assert found.weights.shape == (len(text),)
    assert found.weights.sum() + found.nowhere == pytest.approx(said.sum(), abs=1e-9)
    assert found.nowhere == 0 or not text.strip()


def test_a_word_gets_what_its_own_ngrams_say() -> None:
    counter = NGrams((0, 0), (1, 1), 2**20)
    _, kept, _ = counter.count(["lost card"])
    features = Weighted(counter, kept, np.ones(2, np.float32))
    start, _, bucket = counter.places("lost card")
    order = features.index(bucket)
    found = spread("Lost  card", features, order, np.array([1.0, -3.0]))
    assert found.weights[:4].sum() == pytest.approx(1.0)
    assert found.weights[6:].sum() == pytest.approx(-3.0)
    assert start.tolist() == [1, 6]
