"""A long run of hex is hidden as a whole or not at all: chance writes names and numbers in it that are none."""

from __future__ import annotations

import random

import pytest

from zhinan.core import MaskSpec
from zhinan.steps.mask import armed, hide, hide_all, redact
from zhinan.steps.masks._digests import digests, undivided

DRAWN = random.Random(5)
HEX = [f"{DRAWN.getrandbits(4 * size):0{size}x}" for size in (32, 40, 64, 128) for _ in range(75)]
OF_CONTENT = [
    "127.0.0.1/rows.csv: sha256 {}",
    "fixed in commit {} on Tuesday",
    "MD5: {}",
    "image shop@sha256:{} was pulled",
    'ETag: "{}"',
    "the checksum of the file is {}.",
    "文件的哈希值是{}",
    "校验和 {}，请核对",
    "指纹：{}",
]
DIGEST = "13812345678ada4c" * 4
UUID = "13812345-678a-4ada-9abe-138123456789"


@pytest.mark.parametrize("said", OF_CONTENT)
def test_a_digest_that_words_call_one_of_content_stays(said: str) -> None:
    texts = [said.format(digest) for digest in HEX]
    assert hide_all(texts, armed()) == texts


@pytest.mark.parametrize("said", ["{}", "row {} of the table was wrong", "表里的{}这一行", "{}  setup.exe"])
def test_a_digest_is_hidden_as_a_whole_or_not_at_all(said: str) -> None:
    texts = [said.format(digest) for digest in [*HEX, *map(str.upper, HEX)]]
    whole = said.format("[URL_SECRET]")
    assert all(hidden in (text, whole) for text, hidden in zip(texts, hide_all(texts, armed()), strict=True))


@pytest.mark.parametrize("run", [DIGEST, DIGEST.upper(), UUID])
def test_no_number_and_no_name_is_found_in_a_run_of_hex(run: str) -> None:
    assert redact(f"see {run} there") == f"see {run} there"
    assert redact(f"Peter Miller {run} 13812345678") == f"[PERSON_NAME] {run} [PHONE]"


@pytest.mark.parametrize(
    "text",
    [
        f"token {DIGEST}",
        f"api_key={DIGEST}",
        f"我的密钥是{DIGEST}",
        f"password hash: {DIGEST}",
        f"webhook {DIGEST[:32]}",
    ],
)
def test_a_digest_that_opens_something_is_hidden(text: str) -> None:
    assert DIGEST[:8] not in redact(text)


@pytest.mark.parametrize("text", [f"{DIGEST}g", f"x{DIGEST}", DIGEST[:31], "1" * 40, "ab" * 20])
def test_what_is_no_run_of_hex_or_a_short_one_is_no_digest(text: str) -> None:
    assert digests(text) == []


def test_a_contracts_own_pattern_finds_what_it_says() -> None:
    assert hide(f"id {DIGEST}", armed([MaskSpec("own", pattern="13812345678")])) == "id " + "[OWN]ada4c" * 4


def test_of_a_find_that_has_a_part_of_a_digest_the_rest_stays_a_find() -> None:
    text = f"Ada Fox, {DIGEST}, Bo"
    runs = digests(text)
    (run,) = runs
    assert undivided(text, (0, 12), runs) == (0, 9)
    assert undivided(text, (20, len(text)), runs) == (run[1], len(text))
    assert undivided(text, (0, len(text)), runs) == (0, len(text))
    assert undivided(text, (7, 30), runs) is None
