"""The linear recipe for numbers: a ridge head per encoder on a scale chosen by dev, stacked, with how unsure it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from zhinan.core import Block, Candidate, Encoded
from zhinan.recipes._heads import Head
from zhinan.recipes._numbers import Scale, assemble, fit_number, fit_spread, lost, on_best_scale, stacked
from zhinan.steps.value import scored

__all__ = ["ridge", "ridge_heads"]

STRENGTHS = {"sparse": (0.03, 0.1, 0.3, 1.0, 3.0, 10.0), "dense": (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)}
FIRST = {"sparse": 1.0, "dense": 1.0}


def ridge(train: Encoded, dev: Encoded, until: float, chosen: Mapping[str, Any]) -> Candidate:
    """Fits the curves worth trying, and packs the one with the least dev loss in the target's own unit.

    Args:
        until: `time.perf_counter()` after which no further strength or curve is tried. chosen: l2, mix and
            scale of an earlier fit, None for what is to be chosen; monotone as of the recipe.
    """

    def fit(scale: Scale) -> tuple[np.ndarray, Any]:
        heads = ridge_heads(train, dev, scale, until=until, l2=chosen["l2"], monotone=chosen["monotone"])
        said = [head.logits(block.values)[:, 0] for head, block in zip(heads, dev.blocks, strict=True)]
        mix = chosen["mix"] or stacked(said, scored(dev.target, vars(scale)), train.loss)
        scores: np.ndarray = np.sum([w * z for w, z in zip(mix, said, strict=False)], axis=0) + mix[-1]
        return scores, (heads, mix)

    best = on_best_scale(train, dev, until, chosen, fit)
    heads, mix = best.what
    params = {"l2": tuple(head.l2 for head in heads), "mix": mix, "scale": best.scale.params}
    params |= {"monotone": tuple(chosen["monotone"])} if chosen["monotone"] else {}
    full = _with_spread(train, heads, mix, best.options, chosen["monotone"])
    return assemble("linear", "frozen", train.blocks, full, best.options, dev=dev, params=params)


def ridge_heads(
    train: Encoded,
    dev: Encoded,
    scale: Scale,
    *,
    until: float,
    l2: Sequence[float] | None = None,
    monotone: Sequence[tuple[str, int]] = (),
) -> list[Head]:
    """A head per encoder, fitted once for all recipes that stack it.

    Args:
        until: `time.perf_counter()` at which the search over strengths stops. l2: the strengths, None to search.
        monotone: column → 1 or −1: as its number rises, the answer may only rise, or fall.
    """
    target, asked = scored(train.target, vars(scale)), scored(dev.target, vars(scale))
    heads = []
    for i, block in enumerate(train.blocks):
        ways = _ways(block, monotone)
        if l2 is not None:
            heads.append(fit_number(block.values, target, l2[i], train.loss, ways))
            continue
        key = f"linear {scale} {train.loss} {list(monotone)}"
        if key not in block.heads:
            strength = _search(block, dev.blocks[i], target, asked, until)
            block.heads[key] = fit_number(block.values, target, strength, train.loss, ways)
        heads.append(block.heads[key])
    return heads


def _ways(block: Block, monotone: Sequence[tuple[str, int]]) -> list[tuple[np.ndarray, int]]:
    return [(block.fitted.rising(name), way) for name, way in monotone if hasattr(block.fitted, "rising")]


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


def _with_spread(
    train: Encoded,
    heads: list[Head],
    mix: tuple[float, ...],
    options: Mapping[str, Any],
    monotone: Sequence[tuple[str, int]],
) -> list[Head]:
    """The heads with the weights of the sum inside them, and how unsure a row is beside."""
    target = scored(train.target, options)
    ways = [_ways(block, monotone) for block in train.blocks]
    beside = fit_spread(train, target, [head.l2 for head in heads], mix, ways)
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
