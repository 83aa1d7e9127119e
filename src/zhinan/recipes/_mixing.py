"""Makes a candidate of trees and, where there are any, linear heads beside them: weighed on dev, in one graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from zhinan.core import Candidate, Encoded, StepSpec
from zhinan.recipes._heads import Head, mixed
from zhinan.recipes._mixed_graph import mixed_graph
from zhinan.recipes._trees import Trees, fit_trees, for_trees
from zhinan.recipes.linear import left_out, mixing_of
from zhinan.steps.choose import softmax

__all__ = ["mixed_candidate"]

WRITES = ("label", "probability", "probabilities", "handover", "labels")


def mixed_candidate(
    recipe: str,
    train: Encoded,
    dev: Encoded,
    *,
    heads: Mapping[str, Head],
    until: float,
    setting: str | None,
    mix: tuple[float, ...] | None,
    monotone: Sequence[tuple[str, int]],
) -> Candidate:
    """Trees on `train`, added to the heads with weights ≥ 0 chosen by the log loss of rows that neither saw.

    Those are dev's and, where fits are cheap, the rows of train that were left out in turn: few of dev say little.

    Args:
        heads: encoder → the linear head that reads it. The others as the recipes `boost` and `blend`.
    """
    trees = _trees(train, until, setting, monotone)
    values = {block.encoder: block.values for block in dev.blocks}
    logits = [*(head.logits(values[name]) for name, head in heads.items()), trees.logits(dev)]
    weights = mix or _weights(train, dev, heads, trees, logits, monotone)
    params = {"setting": trees.setting, "mix": tuple(weights)}
    params |= {"l2": tuple(head.l2 for head in heads.values())} if heads else {}
    params |= {"monotone": tuple(monotone)} if monotone else {}
    used = {*heads, *trees.dense, *trees.stacked}
    plans = {b.encoder: b.fitted.plan(b.encoder) for b in train.blocks if b.encoder in used}
    steps = [step for plan in plans.values() for step in plan.steps]
    reads = tuple(name for plan in plans.values() for name in plan.writes)
    steps.append(StepSpec("onnx", reads, ("logits",), {}, {"graph": "head.onnx"}))
    steps.append(StepSpec("choose", ("logits",), WRITES, {"classes": list(train.classes)}))
    files = {name: content for plan in plans.values() for name, content in plan.files.items()}
    return Candidate(
        recipe=recipe,
        level="shallow",
        encoders=tuple(block.encoder for block in train.blocks),
        steps=tuple(steps),
        files={**files, "head.onnx": mixed_graph(plans, heads, trees, weights, "logits")},
        classes=train.classes,
        dev=softmax(mixed(logits, weights)).astype(np.float32),
        params=params,
        licences={name: text for plan in plans.values() for name, text in plan.licences.items()},
    )


def _weights(
    train: Encoded,
    dev: Encoded,
    heads: Mapping[str, Head],
    trees: Trees,
    logits: Sequence[np.ndarray],
    monotone: Sequence[tuple[str, int]],
) -> tuple[float, ...]:
    straight = replace(train, blocks=tuple(block for block in train.blocks if block.encoder in heads))
    crossed = left_out(straight, [head.l2 for head in heads.values()], monotone)
    if crossed is None or trees.held is None:
        return mixing_of(train, dev, logits, None)
    return mixing_of(train, dev, logits, [*crossed, trees.held @ trees.matrix + trees.bias])


def _trees(train: Encoded, until: float, setting: str | None, monotone: Sequence[tuple[str, int]]) -> Trees:
    """The trees of these blocks, grown once however often they are mixed."""
    read = for_trees(train.blocks)
    held, key = read[0].heads, f"trees {[block.encoder for block in read]} {setting} {list(monotone)}"
    if key not in held:
        held[key] = fit_trees(train, until=until, setting=setting, monotone=monotone)
    found: Trees = held[key]
    return found
