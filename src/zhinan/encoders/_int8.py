"""Fixed int8 ranges for a linear layer, with outlier channels smoothed, so that no answer depends on its batch-mates.

Source: Xiao et al., SmoothQuant, ICML 2023: a channel's scale moves from the activation, where a few channels are far
out, into the weight. Here the ranges are fixed beforehand on generic sentences, which costs nothing when serving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["SMOOTHING", "Int8", "quantize"]

Array = np.ndarray

SMOOTHING = 0.9
"""Between 0, where all channels of the weight get one reach, and 1, where all channels of the activation do."""

FLOOR, ROOM = 1.5, 1.05
"""A channel counts as reaching at least FLOOR medians, and the range is ROOM times what was seen: other texts excite
channels that the generic sentences left quiet, and what is cut off costs far more than a slightly coarser step."""

TOP = 63
"""Largest weight. With 7 bits, x86 without VNNI, which adds products in 16 bits, computes what others compute."""


@dataclass(frozen=True, eq=False)
class Int8:
    """A linear layer in int8: round(x · smooth / scale) + zero, times `weight`, times scale · `columns`.

    Args:
        smooth: (in,) float32 factors of the activation's channels.
        scale, zero: of the activation, uint8.
        weight: (in, out) int8. columns: (out,) float32, the scale of each output.
    """

    smooth: Array
    scale: np.float32
    zero: np.uint8
    weight: Array
    columns: Array


def quantize(activation: Array, weight: Array, smoothing: float = SMOOTHING) -> Int8:
    """Chooses the ranges.

    Args:
        activation: (tokens, in), what the layer reads on generic sentences. weight: (in, out).

    Factors and scale are rounded to a coarse geometric grid: the bytes then do not hang on the last bits of a machine's
    matrix products.
    """
    reach = np.abs(activation).max(0)
    reach = np.maximum(reach, max(FLOOR * float(np.median(reach)), 1e-3))
    strong = np.maximum(np.abs(weight).max(1), 1e-5)
    factor = _grid(reach**smoothing / strong ** (1 - smoothing), 4)
    smoothed = activation / factor
    low, high = ROOM * min(float(smoothed.min()), 0.0), ROOM * max(float(smoothed.max()), 0.0)
    scale = np.float32(_grid(np.float64(max(high - low, 1e-6) / 255), 32))
    moved = weight.astype(np.float64) * factor[:, None]
    columns = (np.maximum(np.abs(moved).max(0), 1e-8) / TOP).astype(np.float32)
    return Int8(
        smooth=(1 / factor).astype(np.float32),
        scale=scale,
        zero=np.uint8(np.clip(np.rint(-low / scale), 0, 255)),
        weight=np.rint(moved / columns).clip(-TOP, TOP).astype(np.int8),
        columns=columns,
    )


def _grid(value: Array | np.float64, steps: int) -> Array:
    """The next power of 2^(1/steps) from above."""
    rounded: Array = np.exp2(np.ceil(np.log2(value) * steps - 1e-3) / steps)
    return rounded
