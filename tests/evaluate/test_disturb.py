"""Disturbed inputs are what the world sends: changed by the row's content alone, never emptied, never half a batch."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhinan.contract import DISTURBANCES, parse
from zhinan.core import Column, Dataset, UserError
from zhinan.data.slips import MISTAKEN
from zhinan.evaluate.disturb import AFFECTS, check_disturbances, disturb, disturbed, sample
from zhinan.evaluate.robustness import robustness

KINDS = {"message": "text", "channel": "category", "amount": "number"}
ENGLISH = "I lost my card in the city yesterday. Please send me a new one to the address you have. Thank you very much!"
CHINESE = "我的快递昨天还没到，请问现在在哪里？钱已经付了。麻烦你们尽快查一下，谢谢。"
CELLS = st.one_of(st.none(), st.text("abcdXYZ 退款快递。.!?[PHONE]，12", min_size=1, max_size=40).filter(str.strip))


def one(how: str, text: str, seed: int = 0) -> Any:
    return disturb({"message": [text]}, KINDS, how, seed)["message"][0]


def rows(n: int = 300) -> dict[str, list[Any]]:
    texts = [f"{ENGLISH} {i}" if i % 2 else f"{CHINESE}{i}" for i in range(n)]
    return {"message": texts, "channel": ["app"] * n, "amount": [float(i + 1) for i in range(n)]}


def edits(one: str, two: str) -> int:
    """Levenshtein distance."""
    last = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        here = [i]
        for j, b in enumerate(two, 1):
            here.append(min(last[j] + 1, here[-1] + 1, last[j - 1] + (a != b)))
        last = here
    return last[-1]


@pytest.mark.parametrize("how", DISTURBANCES)
@given(st.lists(st.tuples(CELLS, st.none() | st.sampled_from(["a", "b"]), st.none() | st.floats(-1e9, 1e9))), st.data())
@settings(max_examples=40)
def test_a_row_is_disturbed_alike_in_every_batch(how: str, lines: list[Any], data: Any) -> None:
    whole = disturb(dict(zip(KINDS, map(list, zip(*lines, strict=True)), strict=False)) if lines else {}, KINDS, how)
    order = data.draw(st.permutations(range(len(lines))))
    for place in order[:5]:
        alone = disturb({name: [value] for name, value in zip(KINDS, lines[place], strict=True)}, KINDS, how)
        assert {name: values[place] for name, values in whole.items()} == {name: v[0] for name, v in alone.items()}
    for before, after in zip(lines, zip(*whole.values(), strict=True), strict=True):
        assert all(new is None for new in after) == all(old is None for old in before), "a row lost its last value"
        assert all(new is None for old, new in zip(before, after, strict=True) if old is None)
        assert all(new != "" for new in after)
        kept = [name for name in KINDS if KINDS[name] not in AFFECTS[how]]
        assert all(before[list(KINDS).index(name)] == after[list(KINDS).index(name)] for name in kept)


@pytest.mark.parametrize("how", DISTURBANCES)
def test_every_disturbance_changes_texts_of_both_alphabets_and_another_seed_changes_them_elsewhere(how: str) -> None:
    given = rows()["message"]
    first, again = (disturb({"message": given}, KINDS, how, seed)["message"] for seed in (0, 1))
    changed = [old != new for old, new in zip(given, first, strict=True)]
    assert all(changed[1::2])
    assert all(changed[0::2]) or how == "case", "汉字 have no case"
    assert first != again


def test_typos_are_one_slip_in_twenty_letters_and_of_both_alphabets() -> None:
    for text in (ENGLISH, CHINESE):
        letters = sum(letter.isalpha() for letter in text)
        away = [edits(text, one("typos", text, seed)) for seed in range(60)]
        assert all(1 <= distance <= 2 * (letters // 20) for distance in away)
    slips = {letter for seed in range(200) for letter in set(one("typos", CHINESE, seed)) - set(CHINESE)}
    assert slips, "no 汉字 was ever mistaken for another"
    assert all(any(slip in MISTAKEN[letter] for letter in CHINESE if letter in MISTAKEN) for slip in slips)


@pytest.mark.parametrize("text", ["退", "a", "aa", "退款", "[PHONE] a", "12"])
def test_a_short_text_gets_its_slip_and_stays_a_text(text: str) -> None:
    seen = {one("typos", text, seed) for seed in range(40)}
    assert "" not in seen
    assert text not in seen or not any(letter.isalpha() for letter in text)


@pytest.mark.parametrize("how", ["typos", "case", "noise"])
def test_what_a_mask_left_stays_as_it_is(how: str) -> None:
    for seed in range(50):
        assert "[PHONE]" in one(how, "Call me at [PHONE] or come by tonight.", seed)


def test_case_is_another_case_and_nothing_else() -> None:
    seen = {one("case", "Lost my Card", seed) for seed in range(40)}
    assert seen == {"LOST MY CARD", "lost my card", "lOST MY cARD"}
    assert one("case", CHINESE) == CHINESE


def test_truncation_keeps_a_beginning_of_half_to_nine_tenths() -> None:
    for seed in range(50):
        cut = one("truncation", ENGLISH, seed)
        assert ENGLISH.startswith(cut)
        assert 0.45 * len(ENGLISH) < len(cut) <= 0.9 * len(ENGLISH)


def test_noise_moves_numbers_by_five_per_cent_and_adds_to_texts() -> None:
    noisy = disturb(rows(2000), KINDS, "noise")
    away = [new / old - 1 for new, old in zip(noisy["amount"], rows(2000)["amount"], strict=True)]
    spread = math.sqrt(sum(a * a for a in away) / len(away))
    assert spread == pytest.approx(0.05, abs=4 * 0.05 / math.sqrt(2 * len(away)))
    assert abs(sum(away) / len(away)) < 4 * 0.05 / math.sqrt(len(away))
    assert disturb({"amount": [0.0, None]}, KINDS, "noise") == {"amount": [0.0, None]}
    assert all(len(new) > len(old) for new, old in zip(noisy["message"], rows(2000)["message"], strict=True))


def test_missing_takes_three_cells_in_ten_and_a_sentence_or_a_fifth_of_the_words() -> None:
    holes = disturb(rows(2000), KINDS, "missing")
    for name in ("channel", "amount"):
        gone = sum(value is None for value in holes[name]) / 2000
        assert gone == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / 2000))
    assert all(0 < len(text) < len(old) for text, old in zip(holes["message"], rows(2000)["message"], strict=True))
    sentences = [part.strip() for part in ENGLISH.replace("!", ".").split(".") if part.strip()]
    assert sum(sentence in one("missing", ENGLISH) for sentence in sentences) == len(sentences) - 1
    words = "one two three four five six seven eight nine ten"
    assert len(one("missing", words).split()) == 8


def test_a_disturbance_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="typos, case"):
        disturb({"message": ["a"]}, KINDS, "typo")


def test_a_line_under_a_disturbance_that_touches_no_input_is_refused() -> None:
    given = parse("product: x\ndata: a.csv\ntarget: y\nmust:\n  - accuracy[under typos] >= 80%\n")
    check_disturbances(given, [Column("message", "text")])
    with pytest.raises(UserError) as error:
        check_disturbances(given, [Column("amount", "number"), Column("channel", "category")])
    assert (error.value.code, error.value.where) == ("E280", "product.yaml:5:5")


def part(n: int) -> Dataset:
    labels = ["refund" if i % 2 else "card" for i in range(n)]
    texts = [f"please {label} my order number {i}" for i, label in enumerate(labels)]
    frame = pl.DataFrame({"message": texts, "intent": labels, "_row": [f"{i * 7919 % n:05}" for i in range(n)]})
    return Dataset(frame, (Column("message", "text"),), Column("intent", "category"), None, None, f"{n} rows")


def test_a_sample_is_the_same_rows_in_any_order_under_a_name_of_its_own() -> None:
    whole = part(800)
    shuffled = Dataset(whole.frame.reverse(), whole.inputs, whole.target, None, None, whole.fingerprint)
    one, two = sample(whole), sample(shuffled)
    assert len(one) == 500
    assert one.frame.equals(two.frame)
    assert one.fingerprint != whole.fingerprint, "answers to a sample would be taken for answers to all rows"
    assert sample(part(20)).fingerprint == "20 rows"
    assert disturbed(whole, None) == whole.rows()


def test_the_table_of_robustness_says_what_each_disturbance_costs_on_the_same_rows() -> None:
    def run(values: dict[str, list[Any]]) -> dict[str, Any]:
        assert len(values["message"]) <= 256
        right = [("refund" if "refund" in text else "card") for text in values["message"]]
        return {"label": right, "probabilities": [[0.5, 0.5]] * len(right), "handover": [False] * len(right)}

    table = robustness(run, part(800), ("card", "refund"))
    assert [row["under"] for row in table] == list(DISTURBANCES)
    assert {row["n"] for row in table} == {500}
    by = {row["under"]: row for row in table}
    assert all(row["value"] + row["drop"] == pytest.approx(1.0) for row in table)
    assert by["case"]["drop"] > by["noise"]["drop"] >= 0, "a keyword in small letters dies with its case"
    assert {row["metric"] for row in table} == {"accuracy"}
