"""The linear recipe for numbers: a ridge head per encoder on a scale chosen by dev, stacked, with how unsure it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp

from zhinan.core import Block, Candidate, Encoded, Loss
from zhinan.recipes._heads import Head
from zhinan.recipes._numbers import CURVES, Scale, assemble, fit_number, fit_spread, lost, stacked, worth_a_curve
from zhinan.steps.value import Value, scored

__all__ = ["ridge"]

STRENGTHS = {"sparse": (0.03, 0.1, 0.3, 1.0, 3.0, 10.0), "dense": (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)}
FIRST = {"sparse": 1.0, "dense": 1.0}
SMEARED = (0.5, 3.0)


def ridge(train: Encoded, dev: Encoded, until: float, chosen: Mapping[str, Any]) -> Candidate:
    """Fits the curves worth trying, and packs the one with the least dev loss in the target's own unit.

    Args:
        until: `time.perf_counter()` after which no further strength or curve is tried. chosen: l2, mix and curve of an
            earlier fit, None for what is to be chosen.
    """
    curves = (chosen["curve"],) if chosen["curve"] else CURVES if worth_a_curve(train.target) else CURVES[:1]
    best: tuple[float, str, Scale, list[Head], tuple[float, ...]] | None = None
    for curve in curves:
        if best is not None and time.perf_counter() > until:
            break
        scale = Scale.of(train.target, curve, train.loss)
        heads, mix = _heads(train, dev, scale, curve, until, chosen)
        off = _answered(heads, mix, scale, train, dev) - dev.target
        found = lost(off, train.loss), curve, scale, heads, mix
        best = found if best is None or found[0] < best[0] else best
    if best is None:
        raise ValueError("no curve to fit")
    _, curve, scale, heads, mix = best
    params = {"l2": tuple(head.l2 for head in heads), "mix": mix, "curve": curve}
    options = scale.options(train.target, _smear(heads, mix, scale, train, dev))
    full = _with_spread(train, scale, heads, mix, options)
    return assemble("linear", "frozen", train.blocks, full, options, dev=dev, params=params)


def _heads(
    train: Encoded, dev: Encoded, scale: Scale, curve: str, until: float, chosen: Mapping[str, Any]
) -> tuple[list[Head], tuple[float, ...]]:
    """A head per encoder and the weights of their sum."""
    options = {"center": scale.center, "scale": scale.scale, "shift": scale.shift}
    target, asked = scored(train.target, options), scored(dev.target, options)
    heads = []
    for i, block in enumerate(train.blocks):
        key = f"linear {curve} {train.loss}"
        if chosen["l2"] is None and key not in block.heads:
            l2 = _search(block, dev.blocks[i], target, asked, until)
            block.heads[key] = fit_number(block.values, target, l2, train.loss)
        heads.append(
            block.heads[key] if chosen["l2"] is None else fit_number(block.values, target, chosen["l2"][i], train.loss)
        )
    said = [head.logits(block.values)[:, 0] for head, block in zip(heads, dev.blocks, strict=True)]
    return heads, chosen["mix"] or stacked(said, asked, train.loss)


def _search(block: Block, dev: Block, target: np.ndarray, asked: np.ndarray, until: float) -> float:
    """Walks from the usual strength downhill in squared dev loss, one neighbour at a time."""
    form = "sparse" if sp.issparse(block.values) else "dense"
    grid, tried = STRENGTHS[form], dict[int, float]()

    def loss(place: int) -> float:
        if place not in tried:
            head = fit_number(block.values, target, grid[place])
            tried[place] = lost(head.logits(dev.values)[:, 0] - asked, "squared")
        return tried[place]

    best = grid.index(FIRST[form])
    loss(best)
    for direction in (-1, 1):
        while 0 <= best + direction < len(grid) and time.perf_counter() < until:
            if loss(best + direction) >= loss(best):
                break
            best += direction
    return grid[best]


def _scores(heads: list[Head], mix: tuple[float, ...], part: Encoded) -> np.ndarray:
    said = [head.logits(block.values)[:, 0] for head, block in zip(heads, part.blocks, strict=True)]
    total: np.ndarray = np.sum([w * z for w, z in zip(mix, said, strict=False)], axis=0) + mix[-1]
    return total


def _answered(
    heads: list[Head], mix: tuple[float, ...], scale: Scale, train: Encoded, dev: Encoded, smear: float | None = None
) -> np.ndarray:
    """The numbers (n,) answered to dev, in the target's unit."""
    smear = _smear(heads, mix, scale, train, dev) if smear is None else smear
    step = Value(("scores",), ("value", "low", "high"), {}, **scale.options(train.target, smear))
    made: np.ndarray = step.run({"scores": _scores(heads, mix, dev)[:, None]})["value"]
    return made


def _smear(heads: list[Head], mix: tuple[float, ...], scale: Scale, train: Encoded, dev: Encoded) -> float:
    """What exponentials are multiplied by so that their mean on dev is the truth's; 1 where the median is wanted."""
    loss: Loss = train.loss
    if scale.shift is None or loss != "squared":
        return 1.0
    said = float(_answered(heads, mix, scale, train, dev, 1.0).mean())
    return float(np.clip(dev.target.mean() / said, *SMEARED)) if said > 0 else 1.0


def _with_spread(
    train: Encoded, scale: Scale, heads: list[Head], mix: tuple[float, ...], options: Mapping[str, Any]
) -> list[Head]:
    """The heads with the weights of the sum inside them, and how unsure a row is beside."""
    target = scored(train.target, options)
    beside = fit_spread(train.blocks, target, [head.l2 for head in heads], mix)
    full = []
    for i, (head, weight) in enumerate(zip(heads, mix, strict=False)):
        columns = [head.weight * np.float32(weight)]
        added = [head.bias * np.float32(weight) + np.float32(mix[-1] if i == 0 else 0.0)]
        if beside:
            columns.append(beside[i].weight)
            added.append(beside[i].bias)
        values = np.hstack(columns)
        if sp.issparse(train.blocks[i].values):
            values = values.astype(np.float16).astype(np.float32)
        full.append(Head(values, np.concatenate(added).astype(np.float32), head.l2))
    return full
