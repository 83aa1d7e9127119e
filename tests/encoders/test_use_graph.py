"""The multilingual encoder's graph and tokenizer compute what the published ones compute."""

from __future__ import annotations

import json
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.encoders import _sentencepiece, _use_graph
from zhinan.steps.onnx import Onnx
from zhinan.steps.tokenize import Tokenize

from .plain_use import embed, made_up

ARRAYS = made_up()
DRAW = np.random.default_rng(2)
ROWS = [DRAW.integers(0, 85, n).tolist() for n in (1, 2, 3, 4, 7, 7, 12, 1)]


def padded(rows: list[list[int]]) -> np.ndarray:
    ids = np.full((len(rows), max(map(len, rows))), -1, np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
    return ids


@pytest.fixture(scope="module")
def graph() -> bytes:
    return _use_graph.write(ARRAYS)


@pytest.mark.parametrize("batch", ["bucketed", "rows"])
def test_the_graph_is_the_plain_forward_pass_also_when_padded(graph: bytes, batch: str) -> None:
    step = Onnx(("ids",), ("embedding",), {"graph": graph}, batch=batch)  # type: ignore[arg-type]
    assert np.abs(step.compute([padded(ROWS)])[0] - embed(ARRAYS, ROWS)).max() < 1e-5


def test_no_text_feels_its_batch_mates(graph: bytes) -> None:
    step = Onnx(("ids",), ("embedding",), {"graph": graph}, batch="bucketed")
    alone = [step.compute([padded([row])])[0][0] for row in ROWS]
    assert np.abs(step.compute([padded(ROWS)])[0] - alone).max() <= 1e-6


def test_a_graph_is_written_to_the_same_bytes_each_time(graph: bytes) -> None:
    assert _use_graph.write(made_up()) == graph


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_narrow_table_loses_nothing(seed: int, calm: bool) -> None:
    draw = np.random.default_rng(seed)
    levels = draw.integers(20, 36 if calm else 64, (12, 8)).astype(np.uint8)
    table = _use_graph._narrowed(levels)
    for i, row in enumerate(levels):
        place = table.place[i]
        if place < 0:
            assert table.wide[-1 - place].tolist() == row.tolist()
        else:
            pairs = np.stack(np.divmod(table.narrow[place], 16), axis=1).reshape(-1) + table.low[i]
            assert pairs.tolist() == row.tolist()


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


PIECES = {
    "<unk>": 0.0, "<s>": 0.0, "</s>": 0.0, "\u2581": -3.0, "\u2581my": -2.0, "\u2581card": -2.5, "卡": -3.0, "丢": -3.5,
    "了": -3.0, "丢了": -4.0, "\u2581我": -3.0, "的": -2.0,
}  # fmt: skip


def model(pieces: dict[str, float] = PIECES) -> bytes:
    """A sentencepiece model without a normaliser table, with fields the reader does not know."""
    content = b"".join(
        field(1, field(1, piece.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18\x01")
        for piece, score in pieces.items()
    )
    return content + field(2, b"trainer settings") + field(3, field(1, b"identity")) + b"\x51" + bytes(8)


def pieces_of(*texts: str) -> list[list[str]]:
    step = Tokenize(("t",), ("ids",), {"tokenizer": _sentencepiece.converted(model())})
    names = list(PIECES)
    return [[names[i] for i in row if i >= 0] for row in step.run({"t": list(texts)})["ids"]]


def test_a_sentencepiece_model_splits_as_its_scores_say() -> None:
    assert pieces_of("my card", "我的卡丢了", "卡") == [
        ["<s>", "\u2581my", "\u2581card", "</s>"],
        ["<s>", "\u2581我", "的", "卡", "丢了", "</s>"],
        ["<s>", "\u2581", "卡", "</s>"],
    ]


def test_outer_and_double_spaces_do_not_count() -> None:
    assert pieces_of("  my   card ") == pieces_of("my card")


def test_a_run_of_unknown_characters_is_one_unknown() -> None:
    assert pieces_of("my 屮艸") == [["<s>", "\u2581my", "\u2581", "<unk>", "</s>"]]


def test_the_tokenizer_is_packed_json() -> None:
    held = json.loads(zlib.decompress(_sentencepiece.converted(model())))
    assert [piece for piece, _ in held["model"]["vocab"]] == list(PIECES)


@pytest.mark.parametrize("broken", [model()[:-3], b"\x0a\xff", b"\x0b", field(1, field(1, b"my")), b""])
def test_what_is_no_such_model_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"ends early|unknown kind|not a unigram"):
        _sentencepiece.converted(broken)
