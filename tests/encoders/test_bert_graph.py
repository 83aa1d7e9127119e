"""The written graph computes what the plain forward pass computes, for any company a text is in."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhinan.core import UserError
from zhinan.encoders import _bert, _bert_graph, _int8
from zhinan.steps.onnx import Onnx

from .made_up_bert import WORDS, written

DRAW = np.random.default_rng(1)
ROWS = [[2, *DRAW.integers(4, len(WORDS), n).tolist(), 3] for n in DRAW.integers(0, 20, 60)]


def padded(rows: list[list[int]]) -> np.ndarray:
    ids = np.full((len(rows), max(map(len, rows))), -1, np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
    return ids


def run(graph: bytes, rows: list[list[int]], batch: str = "bucketed") -> np.ndarray:
    return Onnx(("ids",), ("embedding",), {"graph": graph}, batch=batch).compute([padded(rows)])[0]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> _bert.Bert:
    return _bert.read(written(tmp_path_factory.mktemp("bert")), "made-up")


@pytest.fixture(scope="module")
def graph(bert: _bert.Bert) -> bytes:
    return _bert_graph.write(bert, ROWS)


def test_the_float_graph_is_the_plain_forward_pass(bert: _bert.Bert) -> None:
    step = np.abs(bert.words).max(1, keepdims=True) / 127
    coarse = dataclasses.replace(bert, words=(np.rint(bert.words / step) * step).astype(np.float32))
    made = run(_bert_graph.write(bert, ROWS, int8=False), ROWS)
    assert np.abs(made - _bert.embed(coarse, ROWS)).max() < 1e-5
    assert (made * _bert.embed(bert, ROWS)).sum(1).min() > 0.99


def test_int8_stays_close_to_float(bert: _bert.Bert, graph: bytes) -> None:
    cosine = (run(graph, ROWS) * _bert.embed(bert, ROWS)).sum(1)
    assert cosine.min() > 0.98
    assert cosine.mean() > 0.995


def test_every_embedding_has_length_one(graph: bytes) -> None:
    assert np.linalg.norm(run(graph, ROWS), axis=1) == pytest.approx(1, abs=1e-5)


@pytest.fixture(scope="module")
def opened(graph: bytes) -> Onnx:
    return Onnx(("ids",), ("embedding",), {"graph": graph}, batch="bucketed")


@given(chosen=st.lists(st.integers(0, len(ROWS) - 1), min_size=1, max_size=12))
def test_no_text_feels_its_batch_mates(opened: Onnx, chosen: list[int]) -> None:
    together = opened.compute([padded([ROWS[i] for i in chosen])])[0]
    alone = [opened.compute([padded([ROWS[i]])])[0][0] for i in chosen]
    assert np.array_equal(together, np.array(alone))


def test_padding_changes_nothing(graph: bytes) -> None:
    assert np.abs(run(graph, ROWS, "rows") - run(graph, ROWS, "one")).max() < 1e-5


def test_a_graph_is_written_to_the_same_bytes_each_time(bert: _bert.Bert, graph: bytes) -> None:
    assert _bert_graph.write(bert, ROWS) == graph


def test_smoothing_saves_the_channels_beside_an_outlier() -> None:
    draw = np.random.default_rng(0)
    x, weight = draw.normal(size=(200, 64)), draw.normal(size=(64, 8))
    x[:, 3] *= 60
    made = _int8.quantize(x, weight)
    steps = np.clip(np.rint(x * made.smooth / made.scale) + made.zero, 0, 255) - made.zero.astype(float)
    smoothed = steps @ made.weight * made.scale * made.columns
    step = (x.max() - x.min()) / 255
    plain = np.rint(x / step) * step @ weight  # and that with exact weights
    assert np.abs(smoothed - x @ weight).mean() < np.abs(plain - x @ weight).mean() / 2


@given(st.integers(0, 2**32 - 1))
def test_int8_products_of_two_never_overflow_sixteen_bits(seed: int) -> None:
    draw = np.random.default_rng(seed)
    made = _int8.quantize(draw.normal(size=(20, 6)), draw.standard_cauchy(size=(6, 4)))
    assert 2 * 255 * int(np.abs(made.weight.astype(int)).max()) <= 2**15 - 1


def test_ranges_do_not_hang_on_the_last_bits_of_a_product() -> None:
    draw = np.random.default_rng(0)
    x, weight = draw.normal(size=(200, 16)).astype(np.float32), draw.normal(size=(16, 8)).astype(np.float32)
    one, other = (_int8.quantize(seen, weight) for seen in (x, np.nextafter(x, np.float32(9))))
    assert one.scale == other.scale
    assert np.array_equal(one.smooth, other.smooth)
    assert np.array_equal(one.weight, other.weight)


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    folder = written(tmp_path)
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match="E203") as caught:
        _bert.read(folder, "minilm-l6-en")
    assert "minilm-l6-en" in caught.value.what()


def test_an_encoder_with_another_activation_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    config = (folder / "config.json").read_text("utf-8")
    (folder / "config.json").write_text(config.replace('"gelu"', '"relu"'), "utf-8")
    with pytest.raises(UserError, match="relu"):
        _bert.read(folder, "made-up")
