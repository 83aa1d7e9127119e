"""Nearest centroid: each class is the mean of its examples. A whole plugin in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from zhinan.core import Candidate, Encoded, Search, register

if TYPE_CHECKING:
    from zhinan.recipes._heads import Head

__all__ = ["centroid"]


@register("recipe", "centroid", level="frozen", tasks=("classify",))
def centroid(
    train: Encoded, dev: Encoded, *, budget: float, shrink: Annotated[float, Search(0.0, 0.9)] = 0.1
) -> Candidate:
    """Nearest centroid on each encoder, added with weights. Choose it for a handful of examples per class.

    Args:
        shrink: share by which every class mean moves towards the mean of all.

    Source: Tibshirani et al., PNAS 99 (2002), with plain shrinking.
    """
    from zhinan.recipes._heads import assemble, mixed, mixing

    heads = [_head(block.values, train, shrink) for block in train.blocks]
    logits = [head.logits(block.values) for head, block in zip(heads, dev.blocks, strict=True)]
    weights = mixing(logits, dev.target)
    return assemble("centroid", "frozen", train, heads, weights, dev=mixed(logits, weights), params={"shrink": shrink})


def _head(values: Any, train: Encoded, shrink: float) -> Head:
    import numpy as np

    from zhinan.recipes._heads import Head

    member = (train.target[:, None] == np.arange(len(train.classes))).astype(np.float32)
    size = member.sum(0)
    means = np.asarray(values.T @ member) / np.maximum(size, 1)
    means = (1 - shrink) * means + shrink * np.asarray(values.mean(axis=0)).reshape(-1, 1)
    means = means.astype(np.float16).astype(np.float32)  # the graph keeps sparse weights in float16
    bias = np.where(size > 0, -(means**2).sum(0) / 2, -1e4).astype(np.float32)
    return Head(means, bias, 0.0)
