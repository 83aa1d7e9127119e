"""Regularised linear heads on any encoders, alone or stacked: the recipe that most products should ship."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

from zhinan.core import Block, Candidate, Encoded, Search, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import scipy.sparse as sp

    from zhinan.recipes._heads import Head

__all__ = ["heads_of", "linear"]

STRENGTHS = {"sparse": (0.3, 1.0, 3.0, 10.0), "dense": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)}
FIRST = {"sparse": 1.0, "dense": 0.1}


@register("recipe", "linear", level="frozen", tasks=("classify", "regress"), monotone=True, made_up=True)
def linear(
    train: Encoded,
    dev: Encoded,
    *,
    budget: float,
    l2: Annotated[tuple[float, ...] | None, Search(1e-3, 1e1, log=True)] = None,
    mix: tuple[float, ...] | None = None,
    monotone: tuple[tuple[str, int], ...] = (),
    scale: tuple[float, ...] | None = None,
) -> Candidate:
    """A linear head per encoder, added with weights. Choose it before anything that needs a GPU.

    Args:
        budget: seconds it may take; the search over strengths stops when they are spent, after the first fit.
        l2: strength of regularisation of each encoder's head; None chooses them by dev loss.
        mix: weight of each head in the sum, temperature included, of numbers and what is added; None chooses by dev
            loss. scale: of numbers how the target is seen, what is subtracted and divided by and, of logarithms, first
            added; None chooses by dev loss.
        monotone: column → 1 or −1: as its number rises, the second class may only become more, or less, probable,
            the answered number only higher, or lower.

    Source: stacking by a convex sum of logits, Wolpert (1992); temperature, Guo et al. (ICML 2017).
    """
    import numpy as np

    from zhinan.recipes import _heads

    if not train.classes:
        from zhinan.recipes._ridge import ridge

        chosen = {"l2": l2, "mix": mix, "scale": scale, "monotone": monotone}
        return ridge(train, dev, time.perf_counter() + budget, chosen)
    taught = np.isin(dev.target, train.target)  # no weight can make the others right, so none is chosen by them
    heads = heads_of(train, dev, until=time.perf_counter() + budget, l2=l2, monotone=monotone)
    logits = [head.logits(block.values) for head, block in zip(heads, dev.blocks, strict=True)]
    weights = mix or _heads.mixing([z[taught] for z in logits], dev.target[taught])
    params: dict[str, tuple[object, ...]] = {"l2": tuple(head.l2 for head in heads), "mix": tuple(weights)}
    params |= {"monotone": tuple(monotone)} if monotone else {}
    return _heads.assemble(
        "linear", "frozen", train.blocks, heads, weights,
        classes=train.classes, dev=_heads.mixed(logits, weights), params=params,
    )  # fmt: skip


def heads_of(
    train: Encoded,
    dev: Encoded,
    *,
    until: float,
    l2: tuple[float, ...] | None = None,
    monotone: Sequence[tuple[str, int]] = (),
) -> list[Head]:
    """A head for each block, fitted once for all recipes that stack it.

    Args:
        until: `time.perf_counter()` at which the search over strengths stops. l2: the strengths, None to search.
        monotone: as of `linear`.
    """
    import numpy as np

    taught, heads = np.isin(dev.target, train.target), []
    for i, block in enumerate(train.blocks):
        fit = _Fit(block, dev.blocks[i].values[taught], train.target, dev.target[taught], len(train.classes), monotone)
        if l2 is None and "linear" not in block.heads:
            block.heads["linear"] = fit.search(until)
        heads.append(block.heads["linear"] if l2 is None else fit.at(l2[i]))
    return heads


class _Fit:
    """Heads of one encoder at different strengths, each fitted once."""

    def __init__(
        self,
        block: Block,
        dev: np.ndarray | sp.csr_array,
        target: np.ndarray,
        dev_target: np.ndarray,
        classes: int,
        monotone: Sequence[tuple[str, int]],
    ) -> None:
        import scipy.sparse as sp

        self._block, self._dev = block, dev
        self._target, self._dev_target, self._classes = target, dev_target, classes
        self._form = "sparse" if sp.issparse(block.values) else "dense"
        self._ways = [(block.fitted.rising(name), way) for name, way in monotone if hasattr(block.fitted, "rising")]

    def at(self, l2: float) -> Head:
        """The head at one strength."""
        from zhinan.recipes._heads import fit_bounded, fit_head

        if self._ways:
            return fit_bounded(self._block.values, self._target, l2, self._ways)
        return fit_head(self._block.values, self._target, self._classes, l2)

    def search(self, until: float) -> Head:
        """Walks from the usual strength downhill in dev log loss, one neighbour at a time."""
        from zhinan.recipes._heads import log_loss, mixing

        grid = STRENGTHS[self._form]
        tried: dict[int, tuple[float, Head]] = {}

        def loss(place: int) -> float:
            if place not in tried:
                head = self.at(grid[place])
                logits = head.logits(self._dev)
                tried[place] = log_loss(mixing([logits], self._dev_target)[0] * logits, self._dev_target), head
            return tried[place][0]

        best = grid.index(FIRST[self._form])
        loss(best)
        for direction in (-1, 1):
            while 0 <= best + direction < len(grid) and time.perf_counter() < until:
                if loss(best + direction) >= loss(best):
                    break
                best += direction
        return tried[best][1]
