"""Boosted trees for numbers, alone or added to ridge heads; how unsure a row is as a second score of the same graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhinan.core import Candidate, Encoded, Loss, StepSpec
from zhinan.recipes._boosting import BOOSTED, near_numbers
from zhinan.recipes._forest import Forest
from zhinan.recipes._growing import grow
from zhinan.recipes._heads import Head, mixed
from zhinan.recipes._mixing import packed
from zhinan.recipes._numbers import FEWEST, Scale, fit_number, on_best_scale, stacked, unsure
from zhinan.recipes._ridge import ridge_heads
from zhinan.recipes._trees import STRENGTH, Trees, for_trees, read_by_trees
from zhinan.steps.value import scored

__all__ = ["number_candidate"]


def number_candidate(
    recipe: str,
    train: Encoded,
    dev: Encoded,
    *,
    straight: Sequence[int] = (),
    until: float,
    chosen: Mapping[str, Any],
) -> Candidate:
    """Trees on the scale with the least dev loss, added to ridge heads with weights ≥ 0 chosen by dev.

    Args:
        straight: places of the blocks that get a ridge head of their own. until: `time.perf_counter()` at which to end.
        chosen: setting, l2, mix and scale of an earlier fit, None for what is to be chosen; monotone as of the recipe.
    """
    lines, asked = (replace(part, blocks=tuple(part.blocks[i] for i in straight)) for part in (train, dev))
    ways = chosen["monotone"]

    def fit(scale: Scale) -> tuple[np.ndarray, Any]:
        heads = ridge_heads(lines, asked, scale, until=until, l2=chosen["l2"], monotone=ways)
        grown = _grown(train, scale, until=until, setting=chosen["setting"], monotone=ways)
        said = [head.logits(block.values)[:, 0] for head, block in zip(heads, asked.blocks, strict=True)]
        said.append(grown.trees.logits(dev)[:, 0])
        mix = chosen["mix"] or stacked(said, scored(dev.target, vars(scale)), train.loss)
        scores: np.ndarray = np.sum([w * z for w, z in zip(mix, said, strict=False)], axis=0) + mix[-1]
        return scores, (heads, grown, mix)

    best = on_best_scale(train, dev, until, chosen, fit)
    heads, grown, mix = best.what
    trees = _with_spread(grown, (mix[-2], mix[-1]), until, train.units)
    params: dict[str, Any] = {"setting": trees.setting, "mix": tuple(mix), "scale": best.scale.params}
    params |= {"l2": tuple(head.l2 for head in heads)} if heads else {}
    params |= {"monotone": tuple(ways)} if ways else {}
    named = {block.encoder: _beside(head, len(trees.bias)) for block, head in zip(lines.blocks, heads, strict=True)}
    weights = [*mix[:-2], 1.0]
    said = [*(named[block.encoder].logits(block.values) for block in asked.blocks), trees.logits(dev)]
    last = StepSpec("value", ("scores",), ("value", "low", "high"), dict(best.options))
    answers = mixed(said, weights).astype(np.float32)
    return packed(recipe, train, named, [trees], weights, last=last, dev=answers, params=params)


@dataclass(frozen=True, eq=False)
class _Grown:
    """Trees of one score; what they read of train, and how far off each row was that they did not see."""

    trees: Trees
    features: np.ndarray
    off: np.ndarray


def _grown(
    train: Encoded, scale: Scale, *, until: float, setting: str | None, monotone: Sequence[tuple[str, int]]
) -> _Grown:
    """The trees of these blocks, grown once however often they are mixed."""
    read = for_trees(train.blocks)
    kept = read[0].heads
    key = f"numbers {[block.encoder for block in read]} {scale} {train.loss} {setting} {list(monotone)}"
    if key not in kept:
        target = scored(train.target, vars(scale))
        kept[key] = _grow(train, target, until=until, setting=setting, monotone=monotone)
    found: _Grown = kept[key]
    return found


def _grow(
    train: Encoded, target: np.ndarray, *, until: float, setting: str | None, monotone: Sequence[tuple[str, int]]
) -> _Grown:
    loss: Loss = train.loss
    read = read_by_trees(train, target, lambda values, some: fit_number(values, some, STRENGTH, loss), monotone)
    found = grow(
        BOOSTED, read.features, target, near_numbers(loss, bounded=any(read.directions)), until=until, setting=setting,
        directions=read.directions, units=train.units,
    )  # fmt: skip
    trees = Trees(found.forest, read.dense, read.stacked, np.ones((1, 1)), np.zeros(1), found.setting)
    return _Grown(trees, read.features, target - found.held[:, 0])


def _with_spread(grown: _Grown, mix: tuple[float, float], until: float, units: np.ndarray | None) -> Trees:
    """The trees times their weight, and beside them those that say how unsure a row is, the simplest.

    The size of one error says little: larger trees would learn chance.

    Args: mix: the weight, and what is added.

    Source: as `fit_spread`; the errors are of rows that the trees judging them did not see.
    """
    known = np.isfinite(grown.off)
    trees, (weight, added) = grown.trees, mix
    if int(known.sum()) < FEWEST:
        return replace(trees, matrix=np.array([[weight]]), bias=np.array([added]))
    size = unsure(grown.off[known])
    beside = grow(
        BOOSTED, grown.features[known], size, near_numbers("squared"), until=until,
        setting=next(iter(BOOSTED.settings)), units=None if units is None else units[known],
    ).forest  # fmt: skip
    both = (*trees.forest.trees, *(replace(tree, output=1) for tree in beside.trees))
    return replace(trees, forest=Forest(both, 2), matrix=np.diag([weight, 1.0]), bias=np.array([added, 0.0]))


def _beside(head: Head, columns: int) -> Head:
    """The head with as many columns; of how unsure a row is it says nothing."""
    weight, bias = np.zeros((len(head.weight), columns), np.float32), np.zeros(columns, np.float32)
    weight[:, 0], bias[0] = head.weight[:, 0], head.bias[0]
    return Head(weight, bias, head.l2)
