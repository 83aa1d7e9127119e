"""The floor: what is right without looking at the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhinan.core import Candidate, Encoded, register

if TYPE_CHECKING:
    import numpy as np

__all__ = ["prior"]


@register("recipe", "prior", level="prior", tasks=("classify",), monotone=True)
def prior(train: Encoded, dev: Encoded, *, budget: float) -> Candidate:
    """Answers with the classes' shares in train, whatever the input. Choose it to know what any recipe must beat."""
    import numpy as np

    from zhinan.recipes import _heads

    counts = np.bincount(train.target, minlength=len(train.classes)) + 1.0
    bias = np.log(counts / counts.sum()).astype(np.float32)
    block = train.blocks[0]
    weight: np.ndarray = np.zeros((block.values.shape[1], len(bias)), np.float32)
    logits = np.tile(bias, (len(dev), 1))
    return _heads.assemble(
        "prior", "prior", [block], [_heads.Head(weight, bias, 0.0)], [1.0],
        classes=train.classes, dev=logits, params={},
    )  # fmt: skip
