"""A BERT-like sentence encoder read from its safetensors, and its plain forward pass in numpy.

The forward pass is the reference that graphs are tested against, and gives the activations that int8 ranges come from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhinan.core import UserError

__all__ = ["LINEARS", "Bert", "Norm", "activations", "embed", "read"]

Array = np.ndarray

LINEARS = ("query", "key", "value", "context", "widen", "narrow")
_PLACES = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Norm:
    """Layer normalisation: its gain and shift, shape (width,)."""

    gain: Array
    shift: Array

    def __call__(self, x: Array, epsilon: float) -> Array:
        """Rows of x at mean 0 and variance 1, then gain and shift."""
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + epsilon)
        scaled: Array = centred / spread * self.gain + self.shift
        return scaled


@dataclass(frozen=True, eq=False)
class Bert:
    """The arrays of an encoder.

    Args:
        words: (vocabulary, width). places: (longest, width), with the one token type added.
        first: the norm after the embeddings.
        layers: a layer is {linear of LINEARS: (weight (in, out), bias (out,))}.
        norms: of each layer, after attention and after the wide part.
        heads: attention heads. epsilon: of every norm.
    """

    words: Array
    places: Array
    first: Norm
    layers: tuple[Mapping[str, tuple[Array, Array]], ...]
    norms: tuple[tuple[Norm, Norm], ...]
    heads: int
    epsilon: float

    @property
    def width(self) -> int:
        """Length of an embedding."""
        return int(self.words.shape[1])


def read(folder: Path, name: str) -> Bert:
    """Reads model.safetensors and config.json.

    Raises: UserError E203 when they are damaged or are not those of such an encoder.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        arrays = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
        if config["hidden_act"] != "gelu":
            raise ValueError(f"activation {config['hidden_act']!r}, only gelu is known")
        return _assemble(arrays, config)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise UserError("E203", str(folder), name=name, reason=f"{type(error).__name__}: {error}") from error


def _assemble(arrays: Mapping[str, Array], config: Mapping[str, object]) -> Bert:
    def norm(place: str) -> Norm:
        return Norm(arrays[f"{place}.LayerNorm.weight"], arrays[f"{place}.LayerNorm.bias"])

    def linear(place: str) -> tuple[Array, Array]:
        return np.ascontiguousarray(arrays[f"{place}.weight"].T), arrays[f"{place}.bias"]

    layers, norms = [], []
    for i in range(int(str(config["num_hidden_layers"]))):
        layer = f"encoder.layer.{i}"
        layers.append({key: linear(f"{layer}.{place}") for key, place in zip(LINEARS, _PLACES, strict=True)})
        norms.append((norm(f"{layer}.attention.output"), norm(f"{layer}.output")))
    return Bert(
        words=arrays["embeddings.word_embeddings.weight"],
        places=arrays["embeddings.position_embeddings.weight"] + arrays["embeddings.token_type_embeddings.weight"][0],
        first=norm("embeddings"),
        layers=tuple(layers),
        norms=tuple(norms),
        heads=int(str(config["num_attention_heads"])),
        epsilon=float(str(config["layer_norm_eps"])),
    )


def embed(bert: Bert, rows: Sequence[Sequence[int]]) -> Array:
    """Mean over tokens, then length 1: float32 (n, width)."""
    hidden, _ = _forward(bert, rows)
    ends = np.cumsum([len(row) for row in rows])
    sums = np.add.reduceat(hidden, np.concatenate([[0], ends[:-1]]), axis=0)
    unit: Array = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return unit


def activations(bert: Bert, rows: Sequence[Sequence[int]]) -> dict[tuple[int, str], Array]:
    """What goes into each linear, over all tokens of all rows: (layer, linear) → (tokens, in).

    The three of attention read the same, kept under "query".
    """
    return _forward(bert, rows)[1]


def _forward(bert: Bert, rows: Sequence[Sequence[int]]) -> tuple[Array, dict[tuple[int, str], Array]]:
    from scipy.special import erf

    seen: dict[tuple[int, str], Array] = {}
    lengths = [len(row) for row in rows]
    places = np.concatenate([np.arange(n) for n in lengths])
    x = bert.first(bert.words[np.concatenate(rows)] + bert.places[places], bert.epsilon)
    for i, (layer, (after_attention, after_wide)) in enumerate(zip(bert.layers, bert.norms, strict=True)):

        def apply(linear: str, x: Array, layer: Mapping[str, tuple[Array, Array]] = layer) -> Array:
            weight, bias = layer[linear]
            product: Array = x @ weight + bias
            return product

        seen[i, "query"] = x
        context = _attend(bert.heads, lengths, apply("query", x), apply("key", x), apply("value", x))
        seen[i, "context"] = context
        x = after_attention(apply("context", context) + x, bert.epsilon)
        seen[i, "widen"] = x
        wide = apply("widen", x)
        wide = wide * 0.5 * (1 + erf(wide / np.float32(np.sqrt(2))))
        seen[i, "narrow"] = wide
        x = after_wide(apply("narrow", wide) + x, bert.epsilon)
    return x, seen


def _attend(heads: int, lengths: Sequence[int], query: Array, key: Array, value: Array) -> Array:
    """Scaled dot-product attention inside each row of a flat batch."""
    context = np.empty_like(query)
    size = query.shape[1] // heads
    start = 0
    for length in lengths:
        part = slice(start, start + length)
        q, k, v = (x[part].reshape(length, heads, size).transpose(1, 0, 2) for x in (query, key, value))
        score = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(size))
        score = np.exp(score - score.max(-1, keepdims=True))
        context[part] = (score / score.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(length, -1)
        start += length
    return context
