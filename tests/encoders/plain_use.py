"""The multilingual sentence encoder one sentence at a time, in plain numpy: the reference for its graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

__all__ = ["embed", "made_up"]


def made_up(rows: int = 5, seed: int = 0) -> dict[str, np.ndarray]:
    """Random arrays in the layout of weights.npz, with a few subwords that span many levels."""
    draw = np.random.default_rng(seed)

    def noise(*shape: int, scale: float = 0.05) -> np.ndarray:
        return (scale * draw.normal(size=shape)).astype(np.float16).astype(np.float32)

    arrays: dict[str, np.ndarray] = {
        "lo": -2 - draw.random(17).astype(np.float32),
        "scale": 0.1 + 0.1 * draw.random(17).astype(np.float32),
        "eps": np.array(1e-12),
    }
    for k in range(17):
        levels = draw.integers(20, 35, (rows, 512))
        levels[0, ::7] = draw.integers(0, 64, len(levels[0, ::7]))
        arrays[f"q{k + 1}"] = levels.astype(np.uint8)
    for n in (2, 3, 5):
        arrays |= {f"proj{n}": noise(512, 256), f"proj_b{n}": noise(256), f"b1_{n}": noise(256), f"b2_{n}": noise(256)}
        arrays |= {f"w1_{n}": noise(256 * n, 256), f"w2_{n}": noise(256 * n, 256)}
        arrays |= {f"ln_g{n}": 1 + noise(256), f"ln_b{n}": noise(256)}
    arrays |= {"ln_g": 1 + noise(1280), "ln_b": noise(1280), "cnn_W": noise(1280, 512), "cnn_b": noise(512)}
    arrays |= {"d0": noise(512, 320), "p1": noise(512, 320), "d1": noise(320, 320), "d2": noise(320, 512)}
    arrays |= {"p3": noise(320, 512), "d3": noise(512, 512)}
    return arrays


def embed(arrays: Mapping[str, np.ndarray], rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Embeddings (n, 512) of rows of subword ids."""
    return np.stack([_one(arrays, np.array(row)) for row in rows])


def _norm(x: np.ndarray, gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12) * gain + shift


def _convolved(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, n: int, left: int) -> np.ndarray:
    around = np.concatenate([np.zeros((left, 256)), x, np.zeros((n - 1 - left, 256))])
    seen = np.concatenate([around[i : i + len(x)] for i in range(n)], axis=1)
    return np.maximum(seen @ weight + bias, 0) + x


def _one(a: Mapping[str, np.ndarray], ids: np.ndarray) -> np.ndarray:
    part = ids % 17
    levels = np.stack([a[f"q{k + 1}"][i // 17] for i, k in zip(ids, part, strict=True)]).astype(np.float64)
    words = levels * a["scale"][part, None] + a["lo"][part, None]
    x = np.concatenate([words @ a[f"proj{n}"] + a[f"proj_b{n}"] for n in (2, 3, 5)], axis=1)
    x = _norm(x, *(np.concatenate([a[f"{name}{n}"] for n in (2, 3, 5)]) for name in ("ln_g", "ln_b")))
    grams = []
    for i, (n, left) in enumerate(((2, 0), (3, 1), (5, 2))):
        first = _convolved(x[:, 256 * i : 256 * (i + 1)], a[f"w1_{n}"], a[f"b1_{n}"], n, left)
        grams.append(_convolved(first, a[f"w2_{n}"], a[f"b2_{n}"], n, left))
    features = _norm(np.concatenate([words, *grams], axis=1), a["ln_g"], a["ln_b"])
    mean = (features.sum(0) @ a["cnn_W"] + len(ids) * a["cnn_b"]) / np.sqrt(len(ids))
    second = np.maximum(mean @ a["p1"] + np.maximum(mean @ a["d0"], 0) @ a["d1"], 0)
    last = np.tanh(second @ a["p3"] + np.maximum(second @ a["d2"], 0) @ a["d3"])
    return last / np.linalg.norm(last)
