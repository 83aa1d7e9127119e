"""The n-gram encoder: any text, alone or in company, here or packaged, gives the same features of length one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import Plan
from zhinan.encoders.ngrams import FittedNGrams, NGrams
from zhinan.steps import Program

TRAIN = [
    "lost my card",
    "我的卡丢了",
    "card not here",
    "卡还没到",
    "Où est ma carte?",
    "",
    "refund 退款 please",
    "退款",
] * 4
AWKWARD = [
    None,
    "",
    "   ",
    "\n\t",
    "😀👍🏽",
    "x" * 50_000,
    "卡" * 20_000,
    "\x00",
    "ＡＢＣ１２３",
    "ß ﬁ İ",
    "never seen before",
]


def fitted() -> FittedNGrams:
    return NGrams().fit({"message": TRAIN})


def dense(one: FittedNGrams, texts: list[str | None]) -> np.ndarray:
    return np.asarray(one.encode({"message": texts}).toarray())


def packaged(plan: Plan, rows: dict[str, list[str | None]]) -> np.ndarray:
    written = Program(plan.steps, plan.files).run(rows)
    indices, weights = (written[name] for name in plan.writes)
    found = np.zeros((len(indices), plan.width), np.float32)
    np.add.at(found, (np.arange(len(indices))[:, None], indices), weights)
    return found


def test_a_batch_of_many_is_many_batches_of_one_and_what_is_packaged() -> None:
    one, texts = fitted(), [*TRAIN[:8], *AWKWARD]
    together = dense(one, texts)
    assert np.array_equal(together, np.concatenate([dense(one, [text]) for text in texts]))
    assert np.abs(together - packaged(one.plan("ngrams"), {"message": texts})).max() == 0
    assert np.isfinite(together).all()


def test_every_text_with_a_known_ngram_has_length_one() -> None:
    length = np.linalg.norm(dense(fitted(), TRAIN), axis=1)
    assert np.allclose(length, 1, atol=1e-5)
    assert np.abs(dense(fitted(), ["彁彁彁"])).max() <= 1  # nothing known but its spaces


@given(st.text(st.characters(), max_size=60))
def test_any_text_even_half_a_surrogate_pair_is_packaged_as_it_was_trained(text: str) -> None:
    one = fitted()
    assert np.abs(dense(one, [text]) - packaged(one.plan("p"), {"message": [text]})).max() == 0


def test_width_case_and_form_of_letters_do_not_matter() -> None:
    one = fitted()
    assert np.array_equal(dense(one, ["ＬＯＳＴ my　CARD"]), dense(one, ["lost my card"]))


def test_several_text_columns_are_read_together_and_no_word_runs_over_their_border() -> None:
    one = NGrams(chars=(0, 0), words=(1, 1), least=1).fit({"title": ["lost", "late"], "body": ["card", "parcel"]})
    assert len(one.kept) == 4
    glued = one.encode({"title": ["lostcard"], "body": [None]})
    assert glued.nnz == 0


def test_columns_given_in_another_order_or_besides_change_nothing() -> None:
    one = NGrams().fit({"title": ["a b", "c"], "body": ["d", "e f"]})
    first = one.encode({"title": ["a b"], "body": ["d"]}).toarray()
    second = one.encode({"other": ["z"], "body": ["d"], "title": ["a b"]}).toarray()
    assert np.array_equal(first, second)


def test_rare_ngrams_are_dropped_but_a_handful_of_rows_keeps_all() -> None:
    few = NGrams(chars=(0, 0), words=(1, 1)).fit({"m": ["alpha beta", "alpha"]})
    many = NGrams(chars=(0, 0), words=(1, 1)).fit({"m": ["alpha beta"] + ["alpha"] * 30})
    assert len(few.kept) == 2
    assert len(many.kept) == 1


def test_a_rarer_word_weighs_more() -> None:
    one = NGrams(chars=(0, 0), words=(1, 1), least=1).fit({"m": ["card lost"] + ["card"] * 30})
    weights = one.encode({"m": ["card lost"]})
    assert sorted(weights.data)[1] == weights.toarray().max() > 0
    assert one.idf.max() > 2 * one.idf.min()


def test_the_same_rows_give_the_same_bytes() -> None:
    assert fitted().plan("p").files == fitted().plan("p").files
