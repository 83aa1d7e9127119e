"""The published weights, as they are fetched: close to float, small, and the same for a text in any company."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhinan.core import UserError, find
from zhinan.encoders import _bert, minilm
from zhinan.encoders._weights import cached, locate
from zhinan.steps import Program
from zhinan.steps.tokenize import Tokenize, subwords

from .plain_use import embed

pytestmark = pytest.mark.weights

TEXTS = [
    "My card has not arrived yet, can you help me?",
    "I still haven't got my card",
    "我的卡还没到，能帮我查一下吗？",
    "The film was slow and far too long.",
    "电影又慢又长。",
    "",
    "how much can i top up?",
    "Please read all of this carefully. " * 40,
    "order 12345: 99.90 paid on 2026-01-31 😀",
]


def weights(name: str) -> Path:
    """The folder of the weights; without them and without a network, a skip that says so."""
    try:
        return locate(name, say=lambda _: None)
    except UserError as error:
        if cached(name):
            raise
        pytest.skip(error.text())


def fitted(encoder: str) -> Any:
    weights(find("encoder", encoder).facts["weights"])
    return find("encoder", encoder).target(threads=1).fit({"t": TEXTS})


def test_minilm_in_int8_stays_close_to_float() -> None:
    folder = weights("minilm-l6-en")
    tokenizer = subwords((folder / "tokenizer.json").read_bytes(), 128)
    plain = _bert.embed(_bert.read(folder, "minilm-l6-en"), [tokenizer.encode(text).ids for text in TEXTS])
    cosine = (fitted("minilm").encode({"t": TEXTS}) * plain).sum(1)
    english = [i for i, text in enumerate(TEXTS) if text.isascii()]
    assert cosine[english].mean() > 0.99
    assert cosine[english].min() > 0.975
    assert cosine.min() > 0.95


def test_minilm_finds_the_paraphrase() -> None:
    found = fitted("minilm").encode({"t": TEXTS})
    assert found[0] @ found[1] > 0.6 > 0.3 > found[0] @ found[3]


def test_the_multilingual_encoder_is_its_plain_forward_pass() -> None:
    folder = weights("use-multilingual")
    made = fitted("use_multilingual")
    rows = Tokenize(("t",), ("ids",), {"tokenizer": made.tokenizer}, max_tokens=256).run({"t": TEXTS})["ids"]
    with np.load(folder / "weights.npz", allow_pickle=False) as held:
        plain = embed({name: held[name] for name in held.files}, [[i for i in row if i >= 0] for row in rows])
    assert (made.encode({"t": TEXTS}) * plain).sum(1).min() > 0.9999


def test_the_multilingual_encoder_finds_the_translation() -> None:
    found = fitted("use_multilingual").encode({"t": TEXTS})
    assert found[0] @ found[2] > found[0] @ found[4] + 0.2
    assert found[3] @ found[4] > found[3] @ found[2] + 0.2


def test_the_multilingual_tokenizer_gives_the_ids_recorded_from_the_published_one() -> None:
    made = fitted("use_multilingual")
    texts = ["My card has not arrived yet!", "我的卡丢了，请帮我冻结账户。", "ＡＢＣ　ｃａｒｄ ①", "Où est-il?"]
    rows = Tokenize(("t",), ("ids",), {"tokenizer": made.tokenizer}).run({"t": texts})["ids"]
    assert [[int(i) for i in row if i >= 0] for row in rows] == RECORDED


@pytest.mark.parametrize(("encoder", "megabytes"), [("minilm", 25), ("use_multilingual", 40)])
def test_what_is_packaged_is_small_and_computes_the_same(encoder: str, megabytes: int) -> None:
    made = fitted(encoder)
    plan = made.plan("p")
    assert sum(map(len, plan.files.values())) <= megabytes * 1e6
    packaged = Program(plan.steps, plan.files).run({"t": TEXTS})["p"]
    assert np.array_equal(packaged, made.encode({"t": TEXTS}))


@pytest.mark.parametrize("encoder", ["minilm", "use_multilingual"])
def test_an_embedding_does_not_depend_on_its_mates(encoder: str) -> None:
    made = fitted(encoder)
    many = TEXTS * 7
    together = made.encode({"t": many})
    alone = np.concatenate([made.encode({"t": [text]}) for text in TEXTS])
    assert np.abs(together - np.tile(alone, (7, 1))).max() <= 1e-5


def test_the_graph_is_the_same_bytes_when_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = weights("minilm-l6-en")
    kept = minilm.graph(folder)
    monkeypatch.setenv("ZHINAN_CACHE", str(tmp_path))
    assert minilm.graph(folder) == kept


RECORDED = [
    [1, 909, 3607, 180, 90, 16395, 2041, 42, 2],
    [1, 6, 1372, 789, 31495, 127, 7, 1707, 3266, 113, 47918, 6403, 12917, 5689, 27, 2],
    [1, 13514, 3607, 116, 2],
    [1, 238, 8238, 239, 18, 331, 21, 2],
]
