"""Masking a column is masking each of its texts, whatever the mask, and personal details are told by kind."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhinan.conformance.masks import TEXTS
from zhinan.core import MaskSpec, entries
from zhinan.core.keys import new_key
from zhinan.data.masking import found_in, masked, personal_numbers
from zhinan.steps.mask import armed, kept_person, person_secret, pseudonym, redact

LETTERS = st.sampled_from("0123456789 -()+@.:/=１３（）．：汉路号王伟axXK\n[]")
PIECES = st.sampled_from(
    [
        *TEXTS, "电话", "passport ", "token=", "密码是Abc123", "born on ", "Mr. ", "ſk-aaaaaaaaaaaaaaaaaa1",
        "1.2.3.4", "京A12345", "AKIAIOSFODNN7EXAMPLE", "K", "ı", "E12345678",
    ]
)  # fmt: skip
TEXT = st.lists(st.text(LETTERS, max_size=12) | PIECES, max_size=5).map("".join)


@given(st.lists(st.none() | TEXT, min_size=1, max_size=6))
@example(["x＠axa.ax", None, "（０１０）１２３４ ５６７８"])
def test_masking_a_column_is_masking_each_text(texts: list[str | None]) -> None:
    names = tuple(entries("mask"))
    frame = pl.DataFrame({"x": pl.Series(texts, dtype=pl.String)})
    hidden, _ = masked(frame, {"x": "text"}, names, target=None, person=None)
    assert hidden["x"].to_list() == [None if text is None else redact(text, names) for text in texts]


def test_somebody_elses_answers_name_classes_where_the_target_does_and_are_masked_elsewhere() -> None:
    frame = pl.DataFrame({"label": ["a@b.com", "x", None], "rule": ["a@b.com", "anna@b.com", None]})
    done, counts = masked(frame, {}, ("email",), target="label", person=None, current="rule")
    assert done["rule"].to_list() == ["a@b.com", "[EMAIL]", None]
    assert counts == {"rule": {"email": 1}}


def test_personal_details_are_told_by_kind_and_shown_masked() -> None:
    column = pl.Series(["call 13812345678", None, "a@b.com or 13912345678", "nothing"])
    assert found_in(column) == {"phone": (2, "call [PHONE]"), "email": (1, "[EMAIL] or [PHONE]")}
    assert found_in(column, ["email"]) == {"email": (1, "[EMAIL] or [PHONE]")}


def test_an_example_is_masked_by_what_the_whole_text_says() -> None:
    """What a mask knows from words far before a find is known of the piece that is shown, too."""
    text = "my passport, which I had to renew in a hurry, is 123456789 and mail a@b.com"
    found = found_in(pl.Series([text]))
    assert found["passport"][1] == "enew in a hurry, is [PASSPORT] and mail [EMAIL]"
    assert found["email"][1] == "[PASSPORT] and mail [EMAIL]"


def test_a_person_is_kept_under_a_pseudonym_or_the_token_that_the_contract_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guessed = pseudonym("13812345678", person_secret())
    monkeypatch.setenv("ZHINAN_KEY", new_key().text)
    secret = person_secret()
    assert kept_person("anna", armed(("phone",)), secret) == "anna"
    assert kept_person("13812345678", armed(("phone",)), secret) == pseudonym("13812345678", secret) != guessed
    token = kept_person("13812345678", armed((MaskSpec("phone", "hash"),)), secret)
    assert token.startswith("[PHONE:")
    frame = pl.DataFrame({"who": ["13812345678", "anna"]})
    hidden, count = masked(frame, {"who": "id"}, (MaskSpec("phone", "hash"),), target=None, person="who")
    assert (hidden["who"].to_list(), count) == ([token, "anna"], {"who": {"phone": 1}})


def test_telephone_numbers_are_noticed_among_ids_as_long_and_ids_alone_are_none() -> None:
    draw = random.Random(3)
    ids = [str(draw.randrange(10**10, 10**11)) for _ in range(1_000)]
    phones = [f"1{draw.choice('3589')}{draw.randrange(10**9):09}" for _ in range(300)]
    found = personal_numbers(pl.Series(ids[:700] + phones), among=True)
    assert found["phone"][0] >= len(phones)
    assert personal_numbers(pl.Series(ids), among=True) == {}
