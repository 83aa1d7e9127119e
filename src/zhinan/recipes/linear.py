"""Regularised linear heads on any encoders, alone or stacked: the recipe that most products should ship."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

from zhinan.core import Candidate, Encoded, Search, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from zhinan.recipes._heads import Head

__all__ = ["heads_of", "left_out", "linear", "unseen"]

STRENGTHS = {
    "sparse": (0.3, 1.0, 3.0, 10.0), "sparse, several": (0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
    "dense": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
}  # fmt: skip
FIRST = {"sparse": 1.0, "sparse, several": 0.1, "dense": 0.1}
FIRST_OF_FEW = 3.0

CROSSED = 8000
"""Rows times classes below which dense heads are fitted in turn on all rows of train but some: a dev part of so few
rows would choose by chance."""

TURNS = 5

SEARCHED = 2500
"""Rows for each class that tell the strength of a dense head: how strong it should be does not hang on their number."""


SEVERAL = 1e-4
"""Seconds a row and label, the search included, that heads of several labels a row take on n-grams."""


@register(
    "recipe", "linear", level="frozen", tasks=("classify", "regress", "tag"), monotone=True, made_up=True,
    several=SEVERAL,
)  # fmt: skip
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
    from zhinan.recipes import _heads

    if not train.classes:
        from zhinan.recipes._ridge import ridge

        chosen = {"l2": l2, "mix": mix, "scale": scale, "monotone": monotone}
        return ridge(train, dev, time.perf_counter() + budget, chosen)
    heads = heads_of(train, dev, until=time.perf_counter() + budget, l2=l2, monotone=monotone)
    logits = [head.logits(block.values) for head, block in zip(heads, dev.blocks, strict=True)]
    weights = mix
    if weights is None:
        crossed = left_out(train, [head.l2 for head in heads], monotone)
        weights = _heads.mixing(*unseen(train, dev, logits, crossed))
    params: dict[str, tuple[object, ...]] = {"l2": tuple(head.l2 for head in heads), "mix": tuple(weights)}
    params |= {"monotone": tuple(monotone)} if monotone else {}
    return _heads.assemble("linear", "frozen", train, heads, weights, dev=_heads.mixed(logits, weights), params=params)


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
    heads = []
    for i, block in enumerate(train.blocks):
        fit = _Fit(train, i, monotone)
        if l2 is None and "linear" not in block.heads:
            block.heads["linear"] = fit.search(dev, until)
        heads.append(block.heads["linear"] if l2 is None else fit.at(l2[i]))
    return heads


def left_out(train: Encoded, l2: Sequence[float], monotone: Sequence[tuple[str, int]]) -> list[np.ndarray] | None:
    """Logits (n, classes) of each head for rows of train by fits that did not see them; None where those are dear."""
    fits = [_Fit(train, i, monotone) for i in range(len(train.blocks))]
    if not all(fit.cheap for fit in fits):
        return None
    return [fit.crossed(one) for fit, one in zip(fits, l2, strict=True)]


def unseen(
    train: Encoded, dev: Encoded, logits: Sequence[np.ndarray], crossed: Sequence[np.ndarray] | None
) -> tuple[list[np.ndarray], np.ndarray]:
    """Scores and target of dev's rows and, where there are scores of them, of train's."""
    import numpy as np

    target, scores = dev.target, list(logits)
    if crossed is not None:
        target = np.concatenate([target, train.target])
        scores = [np.concatenate(pair) for pair in zip(scores, crossed, strict=True)]
    known: np.ndarray = np.ones(len(target), bool)
    if not train.several:
        known = np.isin(target, train.target)  # no weight can make the others right, so none is chosen by them
    for one in scores:
        known &= np.isfinite(one).all(axis=1)
    return [one[known] for one in scores], target[known]


class _Fit:
    """Heads of one encoder at different strengths, each fitted once."""

    def __init__(self, train: Encoded, i: int, monotone: Sequence[tuple[str, int]]) -> None:
        import scipy.sparse as sp

        self._train, self._block, self._monotone = train, train.blocks[i], list(monotone)
        self._form = "sparse" if sp.issparse(self._block.values) else "dense"
        self._grid = "sparse, several" if self._form == "sparse" and train.several else self._form
        fitted = self._block.fitted
        self._ways = [(fitted.rising(name), way) for name, way in monotone if hasattr(fitted, "rising")]
        self.cheap = self._form == "dense" and len(train) * len(train.classes) < CROSSED

    def at(self, l2: float, rows: np.ndarray | slice = slice(None)) -> Head:
        """The head at one strength, of all rows or of some."""
        from zhinan.recipes._heads import fit_bounded, fit_head

        values, target = self._block.values[rows], self._train.target[rows]
        if self._ways:
            return fit_bounded(values, target, l2, self._ways)
        return fit_head(values, target, len(self._train.classes), l2)

    def crossed(self, l2: float) -> np.ndarray:
        """Logits (n, classes) of train, each row's by a head that did not see it."""
        import numpy as np

        from zhinan.recipes._folds import folds

        key = f"left out {l2} {self._monotone}"
        if key not in self._block.heads:
            fold = folds(self._train.target, TURNS, self._train.units)
            scores: np.ndarray = np.full((len(fold), len(self._train.classes)), np.nan)
            for k in range(int(fold.max(initial=0)) + 1):
                asked = np.flatnonzero(fold == k)
                taught = np.flatnonzero(fold != k)
                if _held(self._train.target[taught]) == _held(self._train.target):
                    scores[asked] = self.at(l2, taught).logits(self._block.values[asked])
            self._block.heads[key] = scores
        found: np.ndarray = self._block.heads[key]
        return found

    def search(self, dev: Encoded, until: float) -> Head:
        """Walks from the usual strength downhill in log loss of rows left out, one neighbour at a time."""
        from zhinan.recipes._heads import log_loss, mixing

        grid = STRENGTHS[self._grid]
        values = next(block.values for block in dev.blocks if block.encoder == self._block.encoder)
        tried: dict[int, tuple[float, Head]] = {}
        some = self._some()

        def loss(place: int) -> float:
            if place not in tried:
                head = self.at(grid[place], slice(None) if some is None else some)
                crossed = [self.crossed(grid[place])] if self.cheap else None
                (logits,), target = unseen(self._train, dev, [head.logits(values)], crossed)
                tried[place] = log_loss(mixing([logits], target)[0] * logits, target), head
            return tried[place][0]

        best = grid.index(FIRST_OF_FEW if self.cheap else FIRST[self._grid])
        start = time.perf_counter()
        loss(best)
        until -= 2.5 * (time.perf_counter() - start)  # of the next fit, and of the last one of all rows
        for direction in (-1, 1):
            while 0 <= best + direction < len(grid) and time.perf_counter() < until:
                if loss(best + direction) >= loss(best):
                    break
                best += direction
        return tried[best][1] if some is None else self.at(grid[best])

    def _some(self) -> np.ndarray | None:
        """Rows to search on; None for all."""
        import numpy as np

        from zhinan.recipes._folds import folds

        shares = -(-len(self._train) // (SEARCHED * max(len(self._train.classes), 1)))
        if self._form == "sparse" or shares < 2:
            return None
        return np.flatnonzero(folds(self._train.target, shares, self._train.units) == 0)


def _held(target: np.ndarray) -> int:
    """How many classes, or labels, there are rows of."""
    import numpy as np

    return int(target.any(axis=0).sum()) if target.ndim == 2 else len(np.unique(target))
