"""The tagger behind the rules fills what no rule finds, in many texts as in one, by the weights of a version."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from zhinan.core import MaskSpec
from zhinan.steps.mask import TAGGER, Mask, armed, hide, tagger_helps
from zhinan.steps.masks import _tagger, _tagger_features
from zhinan.steps.masks._name_edges import without_edges
from zhinan.steps.masks._spans import narrow
from zhinan.steps.masks._tagged import WORTH, weights
from zhinan.steps.masks._tagger import LABELS, Tagger, packed
from zhinan.steps.masks._tagger_features import column, keyed

from .pii_scoring import FOLDER, rows

ROOT = Path(__file__).parents[2]
NOTHING = [[0] * len(LABELS)] * len(LABELS)


def knows(word: str, label: str, weight: int = 640) -> dict[int, list[int]]:
    """Weights that know one word."""
    return {keyed(f"w={word}", 0): [weight * (one == label) for one in LABELS]}


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Ask O'Neill-Kay, he's 42.", ["Ask", "O'Neill-Kay", ",", "he", "'", "s", "42", "."]),
        ("找王小明，3号楼", ["找", "王", "小", "明", "，", "3", "号", "楼"]),
        ("\ud800x 𠮷", ["\ud800", "x", "𠮷"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_characters_words_numbers_and_signs(text: str, tokens: list[str]) -> None:
    seen = column([text, text])
    assert [text[a:b] for a, b in zip(seen.start, seen.end, strict=True)] == tokens * 2


def test_features_have_the_same_numbers_together_as_alone() -> None:
    names = ["w=王", "x", "", "\ud800" * 3, "y" * 500]
    alone = [[_tagger_features.keyed(name, offset) for offset in _tagger_features.OFFSETS] for name in names]
    assert _tagger_features.all_keyed(names).tolist() == alone


def test_a_word_that_the_weights_know_is_found_and_no_other() -> None:
    tagger = Tagger(packed(knows("zorblax", "BN"), NOTHING))
    assert tagger.of("person_name", ["ask Zorblax now", "ask Zerblax"]) == [[(4, 11)], []]
    assert tagger.of("postal_address", ["ask Zorblax now"]) == [[]]


def test_weights_are_read_as_they_were_written() -> None:
    many = {
        number * 2_654_435_761 % (1 << 32): [0, number % 251 - 125, *[0] * (len(LABELS) - 3), -number]
        for number in range(1, 3000)
    }
    tagger = Tagger(packed(many, NOTHING))
    for key in list(many)[::100]:
        (place,) = tagger._look(column_of(key))
        assert tagger._rows[place].tolist() == many[key]
    assert tagger._look(column_of(8)).tolist() == [0]


def column_of(key: int):  # type: ignore[no-untyped-def]
    import numpy as np

    return np.array([key], np.uint32)


def test_texts_together_have_the_finds_that_each_has_alone() -> None:
    texts = [narrow(row["text"]) for row in rows(FOLDER / "test.jsonl")[::40]]
    tagger = Tagger(weights())
    assert tagger.finds(texts) == [tagger.finds([text])[0] for text in texts]
    assert any(tagger.finds(texts))


def test_finds_are_remembered_and_the_texts_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = Tagger(packed(knows("zorblax", "BN"), NOTHING))
    texts = ["ask Zorblax now", "nobody", "ask Zorblax now"]
    wanted = [[(4, 11)], [], [(4, 11)]]
    assert tagger.of("person_name", texts) == wanted
    assert not any(isinstance(kept, str) for kept in tagger._known)
    monkeypatch.setattr(tagger, "finds", lambda texts: pytest.fail("read again"))
    assert tagger.of("person_name", texts) == wanted


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_does_not_wait_for_what_a_thread_of_its_parent_was_doing() -> None:
    with _tagger._ONE_AT_A_TIME:
        child = os.fork()
        if not child:
            os._exit(_tagger._ONE_AT_A_TIME.locked())
    assert os.waitpid(child, 0)[1] == 0


def test_tokens_are_forgotten_when_they_become_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [narrow(row["text"]) for row in rows(FOLDER / "test.jsonl")[::80]]
    tagger = Tagger(weights())
    wanted = [tagger.finds([text]) for text in texts]
    monkeypatch.setattr(_tagger_features, "_MOST_KINDS", 20)
    assert [tagger.finds([text]) for text in texts] == wanted


@pytest.mark.parametrize("content", [b"", b"x" * 99, weights()[:-9], packed({}, NOTHING)[:-9]])
def test_damaged_weights_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"weights|packed"):
        Tagger(content)


def test_the_weights_are_small() -> None:
    assert len(weights()) < 200_000


_LEARNS = f"""
import runpy
tool = runpy.run_path({str(ROOT / "tools/tagger.py")!r})
print(*tool["sentences"](["ask Zorblax now", "找王小明"], [[{{"start": 4, "end": 11, "kind": "person_name"}}], []]))
"""


def test_what_is_learned_from_has_one_order_in_every_process(capsys: pytest.CaptureFixture[str]) -> None:
    """The order of a set is another one in each process; nothing learned from may follow it."""
    exec(_LEARNS, {})
    here = capsys.readouterr().out
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    there = subprocess.run(
        [sys.executable, "-c", _LEARNS], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
    )
    assert there.stdout.decode() == here
    assert "BN" in here


def test_weights_have_one_form_whatever_order_they_were_learned_in() -> None:
    tool = runpy.run_path(str(ROOT / "tools/tagger.py"))
    states = {(f"{number * 2_654_435_761 % (1 << 32):x}", "BN"): number / 100 for number in range(1, 300)}
    moves = {("O", "BN"): 0.5, ("BN", "IN"): -0.25}
    backwards = dict(reversed(states.items())), dict(reversed(moves.items()))
    assert tool["whole"](states, moves) == tool["whole"](*backwards)
    assert tool["STRANGERS"] == {"set22", "set23"}


def test_a_rules_find_stays_and_the_tagger_fills_what_is_left() -> None:
    content = packed(knows("mail", "BN") | knows("zorblax", "BN"), NOTHING)
    masks = armed(["email", "person_name"], tagger=content)
    assert hide("Zorblax has mail@example.com", masks) == "[PERSON_NAME] has [EMAIL]"


def test_the_rest_of_a_name_is_hidden_and_of_a_number_is_not() -> None:
    name = armed([MaskSpec("other", pattern="zor"), "person_name"], tagger=packed(knows("zorb", "BN"), NOTHING))
    assert hide("see zorb here", name) == "see [OTHER][PERSON_NAME] here"
    four_digits = {keyed("digits4", 0): [640 * (label == "P") for label in LABELS]}
    plate = [MaskSpec("other", pattern="471"), "plate"]
    assert hide("see 4711 and 5822 here", armed(plate, tagger=packed(four_digits, NOTHING))) == (
        "see [OTHER]1 and [PLATE] here"
    )


def test_a_step_finds_what_the_weights_in_its_files_say_and_without_them_what_rules_do() -> None:
    content = packed(knows("zorblax", "BN"), NOTHING)
    text = {"text": ["hello Zorblax and Peter Miller"]}
    with_it = Mask(("text",), ("text",), {TAGGER: content}, masks={"person_name": "mask"})
    without = Mask(("text",), ("text",), {}, masks={"person_name": "mask"})
    assert with_it.run(text)["text"] == ["hello [PERSON_NAME] and [PERSON_NAME]"]
    assert without.run(text)["text"] == ["hello Zorblax and [PERSON_NAME]"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我和巫女士是同乡", "我和[PERSON_NAME]女士是同乡"),
        ("哎雯雯你来", "哎[PERSON_NAME]你来"),
        ("家父呂金水於昨日辭世", "家父[PERSON_NAME]於昨日辭世"),
        ("我姓淳于，双姓", "我姓[PERSON_NAME]，双姓"),
        ("我是淳于，双姓", "我是[PERSON_NAME]，双姓"),
        ("班主任，晏清和，教语文", "班主任，[PERSON_NAME][PERSON_NAME]，教语文"),
        ("跟郝叔说", "跟[PERSON_NAME]叔说"),
    ],
)
def test_what_stands_at_the_edges_of_a_name_is_none(text: str, wanted: str) -> None:
    assert hide(text, armed(["person_name"])) == wanted


def test_the_edges_of_a_very_long_find_cost_no_more_than_those_of_a_short_one() -> None:
    text = "王" + "女士和" * 20_000 + "刘"
    assert without_edges(text, (0, len(text))) == (0, len(text))
    assert without_edges(text, (0, len(text) - 1)) < (0, len(text) - 1)


@pytest.mark.parametrize(
    "text",
    [
        "Call 0800 028 1234 for the quit-smoking line.",
        "The meeting ID is 843 2210 9917 and there's no passcode.",
        "会议ID：843 2210 9917",
        "保单生效日2026年3月1日。",
    ],
)
def test_a_public_line_a_meeting_and_another_day_are_none_for_the_tagger(text: str) -> None:
    assert hide(text, armed(["phone", "date_of_birth"])) == text


def test_only_masks_that_it_learned_are_helped() -> None:
    assert {name for name in ("email", "plate", "person_name", "iban", "phone") if tagger_helps(name)} < set(WORTH)
    assert not tagger_helps("email")
    assert not tagger_helps(MaskSpec("person_name", pipeline="/some/folder"))


@pytest.mark.parametrize(
    "text",
    ["Hong Kong dollars", "Christian Louboutin heels", "李宁的鞋质量不错，王老吉也好喝", "Dr Pepper or Caesar salad"],
)
def test_what_the_rules_know_as_no_name_is_none_for_the_tagger(text: str) -> None:
    assert Tagger(weights()).of("person_name", [text]) == [[]]
