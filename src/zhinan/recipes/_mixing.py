"""Makes a candidate of trees and, where there are any, linear heads beside them: weighed on dev, in one graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zhinan.core import Candidate, Encoded, StepSpec
from zhinan.recipes._boosting import BETTER
from zhinan.recipes._heads import Head, log_loss, mixed, mixing, told
from zhinan.recipes._mixed_graph import mixed_graph
from zhinan.recipes._racing import MANY
from zhinan.recipes._trees import Trees
from zhinan.recipes._written import GRAPH, Written
from zhinan.recipes.linear import left_out, unseen

__all__ = ["LEFT_OUT", "mixed_candidate", "packed"]

LEFT_OUT = "none"
"""The setting of trees that a mixture is as good without."""

ALIKE = 0.5
"""How far few rows' weights are drawn towards a plain mean: what such rows tell of weights is half chance."""


def mixed_candidate(
    recipe: str,
    train: Encoded,
    dev: Encoded,
    *,
    heads: Mapping[str, Head],
    trees: Mapping[str, Trees],
    mix: tuple[float, ...] | None,
    monotone: Sequence[tuple[str, int]],
) -> Candidate:
    """Trees on `train`, added to the heads with weights ≥ 0 chosen by the log loss of rows that neither saw.

    Those are dev's and, where fits are cheap, the rows of train that were left out in turn: few of dev say little.
    Trees beyond the first, and the heads, have to make that loss less: they are rows to explain and time to answer in.
    Of fewer than `MANY` rows, whose word on that is weak, all are kept, at weights drawn towards those of a plain mean.

    Args:
        heads: encoder → the linear head that reads it. trees: the name of their setting → trees.
    """
    values = {block.encoder: block.values for block in dev.blocks}
    straight = [head.logits(values[name]) for name, head in heads.items()]
    grown = {name: one.logits(dev) for name, one in trees.items()}
    params: dict[str, Any] = {name: one.setting for name, one in trees.items()}
    weights = mix
    if weights is None:
        crossed = _crossed(train, heads, monotone)
        few = len(train.target) < MANY
        weights, loss = _weighed(train, dev, straight, trees, grown, crossed=crossed)
        for name in () if few else list(trees)[1:]:
            fewer = {other: one for other, one in trees.items() if other != name}
            without, more = _weighed(train, dev, straight, fewer, grown, crossed=crossed)
            if more <= loss + BETTER:
                trees, weights, loss, params[name] = fewer, without, more, LEFT_OUT
        if heads and not few:
            alone, more = _weighed(train, dev, [], trees, grown, crossed=None if crossed is None else [])
            weights = (*[0.0] * len(heads), *alone) if more <= loss + BETTER else weights
    params["mix"] = tuple(weights)
    params |= {"l2": tuple(head.l2 for head in heads.values())} if heads else {}
    params |= {"monotone": tuple(monotone)} if monotone else {}
    said = [*straight, *(grown[name] for name in trees)]
    last, facts = told(train, mixed(said, weights))
    made = packed(recipe, train, heads, list(trees.values()), weights, last=last, dev=facts["dev"], params=params)
    return replace(made, **facts)


def _crossed(train: Encoded, heads: Mapping[str, Head], monotone: Sequence[tuple[str, int]]) -> list[np.ndarray] | None:
    straight = replace(train, blocks=tuple(block for block in train.blocks if block.encoder in heads))
    return left_out(straight, [head.l2 for head in heads.values()], monotone)


def _weighed(
    train: Encoded,
    dev: Encoded,
    straight: Sequence[np.ndarray],
    trees: Mapping[str, Trees],
    grown: Mapping[str, np.ndarray],
    *,
    crossed: Sequence[np.ndarray] | None,
) -> tuple[tuple[float, ...], float]:
    """Weights of the heads and trees, and the log loss with them of rows that neither saw; grown: logits on dev."""
    said = [*straight, *(grown[name] for name in trees)]
    held = [one.linked(one.held) for one in trees.values() if one.held is not None]
    known = None if crossed is None or len(held) < len(trees) else [*crossed, *held]
    scores, target = unseen(train, dev, said, known)
    weights = mixing(scores, target, ALIKE if len(train.target) < MANY else 0.0)
    return weights, log_loss(mixed(scores, weights), target)


def packed(
    recipe: str,
    train: Encoded,
    heads: Mapping[str, Head],
    trees: Sequence[Trees],
    weights: Sequence[float],
    *,
    last: StepSpec,
    dev: np.ndarray,
    params: Mapping[str, Any],
) -> Candidate:
    """Packs the encoders that heads and trees read, one graph of both, and the step that answers, into a candidate.

    Heads of no weight are left out, and so is what only they read.
    """
    shares = dict(zip(heads, weights, strict=False))
    weights = [*filter(None, shares.values()), *weights[len(heads) :]]
    heads = {name: head for name, head in heads.items() if shares[name]}
    used = {*heads, *(name for one in trees for name in (*one.dense, *one.stacked))}
    plans = {b.encoder: b.fitted.plan(b.encoder) for b in train.blocks if b.encoder in used}
    steps = [step for plan in plans.values() for step in plan.steps]
    reads = tuple(name for plan in plans.values() for name in plan.writes)
    steps += [StepSpec("onnx", reads, last.reads, {}, {"graph": GRAPH}), last]
    files = {name: content for plan in plans.values() for name, content in plan.files.items()}
    return Candidate(
        recipe=recipe,
        level="shallow",
        encoders=tuple(block.encoder for block in train.blocks),
        steps=tuple(steps),
        files=Written(files, lambda: mixed_graph(plans, heads, trees, weights, last.reads[0])),
        classes=train.classes,
        dev=dev,
        params=params,
        licences={name: text for plan in plans.values() for name, text in plan.licences.items()},
        task="classify" if train.classes else "regress",
    )
