"""The floor: what is right without looking at the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import Candidate, Encoded, register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["prior"]


@register("recipe", "prior", level="prior", tasks=("classify", "regress", "tag"), monotone=True, fit=0.0)
def prior(train: Encoded, dev: Encoded, *, budget: float) -> Candidate:
    """Answers with what is usual in train, whatever the input. Choose it to know what any recipe must beat.

    Of classes, or of each of several labels, their shares; of numbers the mean or, where absolute errors count, the
    median.
    """
    from dataclasses import replace

    import numpy as np

    from zhinan.recipes import _heads

    block = train.blocks[0]
    if not train.classes:
        return _constant(train, dev)
    if train.several:
        from zhinan.recipes._several import log_odds

        bias = log_odds(train.target).astype(np.float32)
    else:
        counts = np.bincount(train.target, minlength=len(train.classes)) + 1.0
        bias = np.log(counts / counts.sum()).astype(np.float32)
    weight: np.ndarray = np.zeros((block.values.shape[1], len(bias)), np.float32)
    logits = np.tile(bias, (len(dev), 1))
    return _heads.assemble(
        "prior", "prior", replace(train, blocks=(block,)), [_heads.Head(weight, bias, 0.0)], [1.0],
        dev=logits, params={},
    )  # fmt: skip


def _constant(train: Encoded, dev: Encoded) -> Candidate:
    import numpy as np

    from zhinan.recipes import _heads, _numbers

    block, scale = train.blocks[0], _numbers.Scale.of(train.target, "straight", train.loss)
    nothing: np.ndarray = np.zeros((block.values.shape[1], 1), np.float32)
    head = _heads.Head(nothing, np.zeros(1, np.float32), 0.0)
    return _numbers.assemble("prior", "prior", [block], [head], scale.options(train.target), dev=dev, params={})
