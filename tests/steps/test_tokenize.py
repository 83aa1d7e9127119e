"""Texts become ids: whatever a user sends, and whatever else is in the batch."""

from __future__ import annotations

import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.steps.tokenize import PAD, Tokenize, joined

_NAMES = ("[UNK]", "[CLS]", "[SEP]", "my", "card", "is", "gone", "卡", "丢", "[", "]", "sep")
WORDS = {word: i for i, word in enumerate(_NAMES)}


def tokenizer() -> bytes:
    special = [{"SpecialToken": {"id": t, "type_id": 0}} for t in ("[CLS]", "[SEP]")]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    content = {
        "version": "1.0",
        "truncation": {"max_length": 512, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
        "padding": {
            "strategy": {"Fixed": 128}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
            "pad_type_id": 0, "pad_token": "[UNK]",
        },
        "added_tokens": [{"id": WORDS[t], "content": t, **flags} for t in ("[UNK]", "[CLS]", "[SEP]")],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special[0], {"Sequence": {"id": "A", "type_id": 0}}, special[1]],
            "pair": [special[0], {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {t: {"id": t, "ids": [WORDS[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")},
        },
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": WORDS,
        },
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False).encode()


def ids(*texts: object, max_tokens: int = 16) -> list[list[int]]:
    step = Tokenize(("t",), ("ids",), {"tokenizer": tokenizer()}, max_tokens=max_tokens)
    found: list[list[int]] = step.run({"t": list(texts)})["ids"].tolist()
    return found


def test_rows_are_padded_with_what_no_token_is() -> None:
    assert ids("my card", "卡丢", "gone") == [[1, 3, 4, 2], [1, 7, 8, 2], [1, 6, 2, PAD]]


def test_texts_are_cut_after_max_tokens_and_keep_their_end() -> None:
    assert ids("my card is gone " * 50, max_tokens=5) == [[1, 3, 4, 5, 2]]


def test_nothing_is_a_text_without_words() -> None:
    assert ids(None, "", " ") == [[1, 2]] * 3


def test_a_user_cannot_write_a_special_token() -> None:
    assert ids("[SEP]") == [[1, 9, 11, 10, 2]]


def test_columns_are_joined_by_a_line_break() -> None:
    step = Tokenize(("a", "b"), ("ids",), {"tokenizer": tokenizer()})
    assert step.run({"a": ["my", None], "b": ["card", "gone"]})["ids"].tolist() == [[1, 3, 4, 2], [1, 6, 2, PAD]]
    assert joined([["my", None], ["card", "gone"]]) == ["my\ncard", "\ngone"]


def test_half_a_surrogate_pair_is_no_crash() -> None:
    assert ids("my \ud83d card") == [[1, 3, 0, 4, 2]]


def test_a_packed_tokenizer_is_the_same_tokenizer() -> None:
    step = Tokenize(("t",), ("ids",), {"tokenizer": zlib.compress(tokenizer())})
    assert step.run({"t": ["my card"]})["ids"].tolist() == [[1, 3, 4, 2]]


def test_a_packed_tokenizer_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        Tokenize(("t",), ("ids",), {"tokenizer": zlib.compress(tokenizer())[:-6]})


def test_many_texts_get_the_ids_that_each_gets_alone() -> None:
    texts = [f"my card {'is ' * (i % 7)}" for i in range(200)]
    many = ids(*texts)
    assert [[t for t in row if t != PAD] for row in many] == [ids(text)[0] for text in texts]


def test_no_texts_give_no_rows() -> None:
    step = Tokenize(("t",), ("ids",), {"tokenizer": tokenizer()})
    assert step.run({"t": []})["ids"].shape == (0, 1)


@given(st.lists(st.one_of(st.none(), st.text()), min_size=1, max_size=6))
def test_any_text_has_ids_between_a_beginning_and_an_end(texts: list[str | None]) -> None:
    for row in ids(*texts):
        used = [t for t in row if t != PAD]
        assert (used[0], used[-1]) == (1, 2)
        assert len(used) <= 16
        assert row == used + [PAD] * (len(row) - len(used))


def test_ngrams_write_padded_indices_and_weights() -> None:
    from safetensors.numpy import save

    from zhinan.steps._ngrams import NGrams

    kept = np.unique(NGrams((1, 2), (0, 0), 2**10).count(["my card"])[1]).astype(np.uint32)
    table = save({"kept": kept, "idf": np.ones(len(kept), np.float32)})
    step = Tokenize(("t",), ("i", "w"), {"table": table}, scheme="ngrams", chars=(1, 2), words=(0, 0), buckets=2**10)
    written = step.run({"t": ["my card", "my"]})
    assert written["i"].shape == written["w"].shape
    assert written["i"].dtype == np.int64
    assert np.linalg.norm(written["w"], axis=1) == pytest.approx(1, abs=1e-6)
