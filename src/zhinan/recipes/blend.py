"""Trees and linear heads added up: what bends and what is straight, each where it is right."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Annotated

from zhinan.core import Candidate, Encoded, Search, find, register

__all__ = ["blend"]


@register(
    "recipe", "blend", level="shallow", tasks=("classify", "regress", "tag"), extra="table", monotone=True, fit=2e-4
)
def blend(  # noqa: PLR0913
    train: Encoded,
    dev: Encoded,
    *,
    budget: float,
    setting: Annotated[str | None, Search("stumps", "loose", "small", "random", "middle", "large")] = None,
    l2: Annotated[tuple[float, ...] | None, Search(1e-3, 1e1, log=True)] = None,
    extra: Annotated[str | None, Search("none", "plain", "varied", "deep")] = None,
    mix: tuple[float, ...] | None = None,
    monotone: tuple[tuple[str, int], ...] = (),
    scale: tuple[float, ...] | None = None,
) -> Candidate:
    """Boosted and random trees and a linear head per encoder, added up. Choose it when none alone is enough.

    Args:
        budget: seconds it may take; the heads and the first fold of trees are always fitted.
        setting, monotone: as of `boost`. l2, scale: as of `linear`. extra: of classes, setting of `extra_trees`;
            "none" leaves them out, None does where the rest is as good without. mix: weight of each head, then of
            the trees, temperature included, of numbers what is added last; None chooses them by dev loss.

    Source: stacking by a convex sum of logits, Wolpert (1992); Caruana et al., ensemble selection (ICML 2004).
    """
    from zhinan.recipes._mixing import LEFT_OUT, mixed_candidate
    from zhinan.recipes._trees import fit_trees
    from zhinan.recipes.linear import heads_of

    until = time.perf_counter() + budget
    read = [i for i, block in enumerate(train.blocks) if not find("encoder", block.encoder).facts.get("gaps")]
    if not train.classes:
        from zhinan.recipes._number_trees import number_candidate

        chosen = {"setting": setting, "l2": l2, "mix": mix, "monotone": monotone, "scale": scale}
        return number_candidate("blend", train, dev, straight=read, until=until, chosen=chosen)
    straight, held = (replace(part, blocks=tuple(part.blocks[i] for i in read)) for part in (train, dev))
    heads = heads_of(straight, held, until=until, l2=l2, monotone=monotone)
    named = {block.encoder: head for block, head in zip(straight.blocks, heads, strict=True)}
    trees = {
        name: fit_trees(train, kind, until=until, setting=asked, monotone=monotone)
        for name, kind, asked in (("setting", "boost", setting), ("extra", "extra_trees", extra))
        if asked != LEFT_OUT and not (train.several and kind == "extra_trees")
    }  # fmt: skip
    made = mixed_candidate("blend", train, dev, heads=named, trees=trees, mix=mix, monotone=monotone)
    return made if "extra" in trees else replace(made, params={**made.params, "extra": LEFT_OUT})
