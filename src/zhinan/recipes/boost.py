"""Boosted trees: the recipe for tables, alone or with the scores of a text beside them."""

from __future__ import annotations

import time
from typing import Annotated

from zhinan.core import Candidate, Encoded, Search, register

__all__ = ["boost"]


@register(
    "recipe", "boost", level="shallow", tasks=("classify", "regress", "tag"), extra="table", monotone=True, fit=2e-4
)
def boost(
    train: Encoded,
    dev: Encoded,
    *,
    budget: float,
    setting: Annotated[str | None, Search("stumps", "loose", "small", "random", "middle", "large")] = None,
    mix: tuple[float, ...] | None = None,
    monotone: tuple[tuple[str, int], ...] = (),
    scale: tuple[float, ...] | None = None,
    derived: tuple[tuple[str, ...], ...] | None = None,
) -> Candidate:
    """Gradient-boosted trees, averaged over folds. Choose it for tables whose columns act together or not in lines.

    Args:
        budget: seconds it may take; the first fold is always grown.
        setting: size and speed of the trees; None lets a few race on rows they did not see.
        mix: one over the temperature, of numbers the weight of the trees and what is added; None chooses by dev loss.
        monotone: column → 1 or −1: as its number rises, the second class may only become more, or less, probable,
            the answered number only higher, or lower. scale: of numbers, as of `linear`.
        derived: of classes, numbers made of others that trees look at, as ("ratio", "bill", "limit"); None takes a
            few where rows that no tree saw gain by them.

    Source: Ke et al., LightGBM (NIPS 2017); Breiman, bagging (1996); a text's scores by stacking, Wolpert (1992).
    """
    chosen = {"setting": setting, "mix": mix, "monotone": monotone}
    if not train.classes:
        from zhinan.recipes._number_trees import number_candidate

        until = time.perf_counter() + budget
        return number_candidate("boost", train, dev, until=until, chosen={**chosen, "scale": scale, "l2": None})
    from zhinan.recipes._alone import trees_alone

    return trees_alone("boost", train, dev, budget=budget, chosen={**chosen, "derived": derived})
